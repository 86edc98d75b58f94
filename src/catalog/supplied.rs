//! Figures of a scenario's own for some calls, and the limits that take them.
//!
//! ```text
//!   rate, burst ──► the limits that leave theirs to the operation, else the only one that has any
//!   limit       ──► the only window or concurrency
//! ```
//!
//! Where no limit can take a figure, or several could, the figure is a problem: nothing is guessed.

use super::figures::FiguresDocument;
use super::quantity::Quantity;
use super::rule::RuleDocument;
use super::spanned::Spanned;
use crate::units::Rate;

/// Figures of a scenario's own for a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supplied {
    /// How fast requests come back.
    pub rate: Option<Spanned<Quantity<Rate>>>,
    /// The most requests at once, at least 1.
    pub burst: Option<Spanned<u32>>,
    /// Requests in each window, or at the same time; at least 1.
    pub limit: Option<Spanned<u32>>,
}

/// One of the figures that a limit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Rate,
    Burst,
    Limit,
}

/// Why it is not known which limit is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear<'a> {
    /// No limit of the call is of the right kind.
    None,
    /// These all are.
    Several(Vec<&'a str>),
}

impl Supplied {
    pub(super) fn given(&self) -> impl Iterator<Item = (Figure, std::ops::Range<usize>)> {
        let all = [
            (Figure::Rate, self.rate.as_ref().map(Spanned::span)),
            (Figure::Burst, self.burst.as_ref().map(Spanned::span)),
            (Figure::Limit, self.limit.as_ref().map(Spanned::span)),
        ];
        all.into_iter().filter_map(|(figure, place)| Some((figure, place?)))
    }

    /// What is published, with these figures before it.
    pub(super) fn over(&self, published: FiguresDocument) -> FiguresDocument {
        let rate = self.rate.as_ref().map(|rate| *rate.get_ref());
        FiguresDocument {
            rate: rate.or(published.rate),
            burst: self.burst.clone().or(published.burst),
            // A rate of one's own stands in the place of a published restore too.
            restore: published.restore.filter(|_| rate.is_none()),
            application_rate: published.application_rate,
            application_burst: published.application_burst,
        }
    }
}

impl RuleDocument {
    /// True if it leaves the figure to the operation.
    pub(super) fn leaves_out(&self, figure: Figure) -> bool {
        match (self, figure) {
            (Self::TokenBucket(rule), Figure::Rate) => rule.rate.is_none(),
            (Self::TokenBucket(rule), Figure::Burst) => rule.burst.is_none(),
            (Self::Quota(rule), Figure::Rate) => rule.restore.is_none(),
            (Self::Quota(rule), Figure::Burst) => rule.burst.is_none(),
            _ => false,
        }
    }

    /// True if it has such a figure, its own or the operation's.
    pub(super) const fn has(&self, figure: Figure) -> bool {
        match self {
            Self::TokenBucket(_) | Self::Quota(_) => !matches!(figure, Figure::Limit),
            Self::LeakyQueue(_) => matches!(figure, Figure::Rate),
            Self::FixedWindow(_) | Self::SlidingWindow(_) | Self::Concurrency(_) => {
                matches!(figure, Figure::Limit)
            }
            Self::Lockout(_) | Self::Revenue(_) => false,
        }
    }

    /// True if it has figures that can change during a run.
    #[must_use]
    pub const fn can_change(&self) -> bool {
        self.has(Figure::Rate) || self.has(Figure::Limit)
    }

    /// Puts a figure of the scenario's own in the place of the rule's, where it has a place; a
    /// bucket's is left out, so that it takes the call's.
    pub(super) fn take(&mut self, figure: Figure, own: &Supplied) {
        match (self, figure) {
            (Self::TokenBucket(rule), Figure::Rate) => rule.rate = None,
            (Self::TokenBucket(rule), Figure::Burst) => rule.burst = None,
            (Self::Quota(rule), Figure::Rate) => rule.restore = None,
            (Self::Quota(rule), Figure::Burst) => rule.burst = None,
            (Self::LeakyQueue(rule), Figure::Rate) => {
                rule.rate = own.rate.as_ref().map_or(rule.rate, |rate| *rate.get_ref());
            }
            (Self::FixedWindow(rule), Figure::Limit) => put(&mut rule.limit, own),
            (Self::SlidingWindow(rule), Figure::Limit) => put(&mut rule.limit, own),
            (Self::Concurrency(most), Figure::Limit) => put(most, own),
            _ => {}
        }
    }
}

fn put(limit: &mut Spanned<u32>, own: &Supplied) {
    if let Some(own) = &own.limit {
        limit.clone_from(own);
    }
}

impl Figure {
    /// As scenarios write it.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Burst => "burst",
            Self::Limit => "limit",
        }
    }
}
