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

    /// Puts the limit of its own in the place of a rule's, if that is the figure.
    pub(super) fn put(&self, figure: Figure, limit: &mut Spanned<u32>) {
        if let (Figure::Limit, Some(own)) = (figure, &self.limit) {
            limit.clone_from(own);
        }
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
