//! The rules of limits as a file writes them, one file a rule: its settings, what is wrong with
//! them, the limiter that they make, and how `explain` describes it.
//!
//! ```text
//!   rule.token_bucket   = { rate = "0.5/s", burst = 30, refill = "tick" }
//!   rule.quota          = { burst = 10, restore = "4s" }
//!   rule.leaky_queue    = { rate = "2/s", wait = "5s" }
//!   rule.fixed_window   = { limit = 120, window = "1m" }
//!   rule.fixed_window   = { limit = 5000, window = "1 day", zone = "America/Los_Angeles" }
//!   rule.sliding_window = { limit = 120, window = "1m", method = "log" }
//!   rule.concurrency    = 3
//!   rule.lockout        = { status = 400, count = 500, window = "24h", kind = "fixed" }
//!   rule.lockout        = { status = [403, 429], count = 9, window = "10m", lasts = "1h" }
//!   rule.revenue        = { min_tps = 1, earned = "replaces" }
//! ```
//!
//! A bucket or quota that leaves its figures out takes those that each operation publishes.

mod concurrency;
mod described;
mod fixed_window;
mod leaky_queue;
mod lockout;
mod quota;
mod revenue;
mod sliding_window;
mod token_bucket;

pub use described::{Describe, allowed};
pub use fixed_window::FixedWindowDocument;
pub use leaky_queue::LeakyQueueDocument;
pub use lockout::{LockoutDocument, WindowKind};
pub use quota::{QuotaDocument, RestoreReading};
pub use revenue::{Earned, RevenueDocument};
pub use sliding_window::{SlidingWindowDocument, WindowAdmits, WindowMethod};
pub use token_bucket::{RefillDocument, TokenBucketDocument};

use super::calendar::Calendar;
use super::figures::FiguresDocument;
use super::findings::Findings;
use super::spanned::Spanned;
use super::supplied::{Figure, Supplied};
use crate::limiter::Limiter;
use crate::units::Rate;
use serde::{Deserialize, Serialize};

/// What each rule answers for itself, in its own file.
pub(super) trait Settings {
    /// What it is, with its article.
    fn what(&self) -> &'static str;

    /// What `explain` adds to the description of its limiter.
    fn details(&self) -> Option<String> {
        None
    }

    /// Its limiter; `None` of a rule that lacks `figures`, or that is made for each account.
    fn limiter(&self, figures: Option<Figures>, calendar: Calendar) -> Option<Limiter>;

    /// What is wrong with its settings, and which of them it never reads.
    fn check(&self, found: &mut Findings);

    /// True if it has such a figure, its own or the operation's.
    fn has(&self, figure: Figure) -> bool;

    /// True if it leaves the figure to the operation.
    fn leaves_out(&self, _: Figure) -> bool {
        false
    }

    /// Puts a figure of the scenario's own in the place of the rule's, where it has a place; a
    /// bucket's is left out, so that it takes the call's.
    fn take(&mut self, _: Figure, _: &Supplied) {}

    /// The figures of a rule that may leave them to the operation, its own before those
    /// `published`; nothing for a rule that holds all of its own.
    ///
    /// # Errors
    /// The name of the figure that nobody gives.
    fn figures(&self, _published: &FiguresDocument) -> Result<Option<Figures>, &'static str> {
        Ok(None)
    }

    /// Why `figures` of a limit means nothing to it.
    fn ignores_figures(&self) -> Option<String> {
        Some(format!("{} takes no figures of an operation", self.what()))
    }

    /// Why `count_rejected` of a limit means nothing to it, after [`Self::what`].
    fn ignores_rejected(&self) -> Option<&'static str> {
        None
    }

    /// Why `cool_down` of a limit means nothing to it.
    fn ignores_cool_down(&self) -> Option<&'static str> {
        None
    }

    /// True if it admits at a rate that a header can carry.
    fn has_rate(&self) -> bool {
        true
    }

    /// True if it has a number of requests that are left.
    fn has_remaining(&self) -> bool {
        true
    }

    /// True if a clock says when what it has admitted comes back.
    fn comes_back_by_clock(&self) -> bool {
        self.has_remaining()
    }

    /// True if it can count a unit instead of requests.
    fn counts_units(&self) -> bool {
        false
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident($settings:ty),)*) => {
        /// How a limit decides.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum RuleDocument {
            $($(#[$doc])* $name($settings),)*
        }

        impl RuleDocument {
            /// The rule, whichever it is.
            pub(super) fn settings(&self) -> &dyn Settings {
                match self {
                    $(Self::$name(settings) => settings,)*
                }
            }

            /// The rule, whichever it is, to change.
            pub(super) fn settings_mut(&mut self) -> &mut dyn Settings {
                match self {
                    $(Self::$name(settings) => settings,)*
                }
            }
        }
    };
}

rules! {
    /// Tokens return at a rate, up to a burst.
    TokenBucket(TokenBucketDocument),
    /// A number of requests at once, then one more after each restore.
    Quota(QuotaDocument),
    /// Requests wait in a queue that drains at a rate.
    LeakyQueue(LeakyQueueDocument),
    /// A number of requests in each window of the clock.
    FixedWindow(FixedWindowDocument),
    /// A number of requests in any window that ends now.
    SlidingWindow(SlidingWindowDocument),
    /// A number of requests at the same time, from 1.
    Concurrency(Spanned<u32>),
    /// Nothing more after a number of responses with a status, from whichever limit or the service;
    /// its own refusals do not count.
    Lockout(LockoutDocument),
    /// Requests a day and a second that revenue earns.
    Revenue(RevenueDocument),
}

/// The usage plan that a bucket or quota holds an operation to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Figures {
    /// How fast requests come back.
    pub rate: Rate,
    /// The most requests at once, at least 1.
    pub burst: u32,
}

impl RuleDocument {
    /// What it is, with its article.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.settings().what()
    }

    /// What `explain` adds to the description of its limiter, if anything.
    #[must_use]
    pub fn details(&self) -> Option<String> {
        self.settings().details()
    }

    /// Its limiter; `None` of a bucket or quota without figures, or of a quota that follows
    /// revenue, which is made for each account.
    #[must_use]
    pub fn limiter(&self, figures: Option<Figures>, calendar: Calendar) -> Option<Limiter> {
        self.settings().limiter(figures, calendar)
    }

    /// True if it has figures that can change during a run.
    #[must_use]
    pub fn can_change(&self) -> bool {
        self.settings().has(Figure::Rate) || self.settings().has(Figure::Limit)
    }

    /// The figures of a bucket or quota, its own before those `published` for the operation;
    /// nothing for the other rules, which hold all of theirs.
    ///
    /// # Errors
    /// The name of the figure that nobody gives.
    pub fn figures(&self, published: &FiguresDocument) -> Result<Option<Figures>, &'static str> {
        self.settings().figures(published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn own_figures_come_before_published_ones() {
        let published: FiguresDocument =
            reader::from_text("rate = \"0.5/s\"\nburst = 30").expect("figures");
        for (rule, expected) in [
            ("token_bucket = {}", Ok(Some(("0.5/s", 30)))),
            ("token_bucket = { burst = 2 }", Ok(Some(("0.5/s", 2)))),
            ("token_bucket = { rate = \"1/s\", burst = 2 }", Ok(Some(("1/s", 2)))),
            ("quota = { restore = \"4s\" }", Ok(Some(("1/4s", 30)))),
            ("concurrency = 3", Ok(None)),
        ] {
            let rule: RuleDocument = reader::from_text(rule).expect(rule);
            let expected = expected.map(|figures: Option<(&str, u32)>| {
                figures.map(|(rate, burst)| Figures { rate: rate.parse().expect("a rate"), burst })
            });
            assert_eq!(rule.figures(&published), expected);
        }
        let rule: RuleDocument = reader::from_text("token_bucket = {}").expect("a rule");
        assert_eq!(rule.figures(&FiguresDocument::default()), Err("rate"));
    }
}
