//! The rules of limits as a file writes them, one variant an algorithm.
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

use super::figures::FiguresDocument;
use super::one_or_many::OneOrMany;
use super::quantity::Quantity;
use super::revenue::RevenueDocument;
use super::spanned::Spanned;
use crate::units::{Period, Rate, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a limit decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleDocument {
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

/// A token bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBucketDocument {
    /// How fast tokens return. Default: the operation's.
    pub rate: Option<Quantity<Rate>>,
    /// The size of the bucket, from 1. Default: the operation's.
    pub burst: Option<Spanned<u32>>,
    /// When tokens return.
    #[serde(default)]
    pub refill: RefillDocument,
    /// Tokens at the start, up to the burst. Default: the burst.
    pub initial: Option<Spanned<u32>>,
}

/// When tokens return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefillDocument {
    /// One at every multiple of 1/rate on the clock.
    Tick,
    /// In proportion to the time that has passed.
    #[default]
    Continuous,
}

/// A quota with restore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaDocument {
    /// The restore as published. Default: the operation's.
    pub restore: Option<Spanned<Quantity<Span>>>,
    /// The most requests at once, from 1. Default: the operation's.
    pub burst: Option<Spanned<u32>>,
    /// What the published restore means.
    #[serde(default)]
    pub reading: Spanned<RestoreReading>,
}

/// What a published restore of `"4s"` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestoreReading {
    /// One request every 4 seconds.
    #[default]
    SecondsPerRequest,
    /// 4 requests every second.
    RequestsPerSecond,
}

impl RestoreReading {
    /// The rate that a restore stands for; `None` for a restore of nothing.
    #[must_use]
    pub fn rate(self, restore: Span) -> Option<Rate> {
        match self {
            Self::SecondsPerRequest => Rate::one_every(restore),
            // Nanoseconds a thousand million seconds are seconds a second.
            Self::RequestsPerSecond => {
                Rate::new(restore.as_nanos(), Span::from_secs(1_000_000_000))
            }
        }
    }
}

/// A queue that drains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakyQueueDocument {
    /// How fast it drains.
    pub rate: Quantity<Rate>,
    /// The longest time that a request may wait; otherwise it is refused.
    pub wait: Quantity<Span>,
}

/// A window of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedWindowDocument {
    /// Requests in each window, from 1.
    pub limit: Spanned<u32>,
    /// The length of a window: a duration, or `1 day`, `1 week` (from Monday) or `1 month` of the
    /// calendar.
    pub window: Spanned<Quantity<Period>>,
    /// The time zone of a window of the calendar, such as `America/Los_Angeles`, whose days have 23
    /// or 25 hours when clocks change. Default: UTC.
    pub zone: Option<Spanned<String>>,
    /// How long after midnight, the week's first midnight or the month's a window begins; of a
    /// duration, how long after its multiples since 1970 UTC. Default: at once.
    pub offset: Option<Spanned<Quantity<Span>>>,
}

/// A window that ends now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlidingWindowDocument {
    /// Requests in any window, from 1.
    pub limit: Spanned<u32>,
    /// The length of the window.
    pub window: Spanned<Quantity<Span>>,
    /// How the window is counted.
    #[serde(default)]
    pub method: WindowMethod,
    /// What an estimate from two windows must leave room for, for the method `two-bucket`. Default:
    /// `"whole-call"`.
    pub admits: Option<Spanned<WindowAdmits>>,
}

/// How a sliding window is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WindowMethod {
    /// Exactly.
    #[default]
    Log,
    /// Estimated from two windows of the clock: this window's calls, plus the last window's calls ×
    /// the part of it that is still within the sliding window.
    TwoBucket,
}

/// What an estimate must leave room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WindowAdmits {
    /// A whole call: estimate + 1 <= limit.
    #[default]
    WholeCall,
    /// Any part of a call: estimate < limit.
    AnyRoom,
}

/// A lockout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LockoutDocument {
    /// The status that counts, from whichever limit, or a list of several.
    pub status: Spanned<OneOrMany<u16>>,
    /// The number of such responses that locks a caller out, from 1.
    pub count: Spanned<u32>,
    /// The period in which they are counted.
    pub window: Spanned<Quantity<Span>>,
    /// Where that period begins.
    #[serde(default)]
    pub kind: WindowKind,
    /// How long it refuses; then the count begins at 0. Default: until fewer are in the period.
    pub lasts: Option<Spanned<Quantity<Span>>>,
    /// `true`: each call that it refuses starts that time again.
    #[serde(default)]
    pub extends: Spanned<bool>,
}

/// Where a window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WindowKind {
    /// At every multiple of its length on the clock.
    #[default]
    Fixed,
    /// Its length before now, at every instant.
    Sliding,
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
    /// What it is, in a sentence.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::TokenBucket(_) => "a token bucket",
            Self::Quota(_) => "a quota with restore",
            Self::LeakyQueue(_) => "a leaky queue",
            Self::FixedWindow(_) => "a fixed window",
            Self::SlidingWindow(_) => "a sliding window",
            Self::Concurrency(_) => "a concurrency limit",
            Self::Lockout(_) => "a lockout",
            Self::Revenue(_) => "a quota that follows revenue",
        }
    }

    /// True if it admits at a rate that a header can carry.
    #[must_use]
    pub const fn has_rate(&self) -> bool {
        !matches!(self, Self::Concurrency(_) | Self::Lockout(_) | Self::Revenue(_))
    }

    /// The figures of a bucket or quota, its own before those `published` for the operation;
    /// nothing for the other rules, which hold all of theirs.
    ///
    /// # Errors
    /// The name of the figure that nobody gives.
    pub fn figures(&self, published: &FiguresDocument) -> Result<Option<Figures>, &'static str> {
        let (rate, burst) = match self {
            Self::TokenBucket(bucket) => {
                let rate = bucket.rate.or(published.rate).ok_or("rate")?;
                (rate.0, &bucket.burst)
            }
            Self::Quota(quota) => {
                let restore = quota.restore.as_ref().or(published.restore.as_ref());
                let restored =
                    restore.and_then(|span| quota.reading.get_ref().rate(span.get_ref().0));
                let rate = restored.or(published.rate.map(|rate| rate.0)).ok_or("restore")?;
                (rate, &quota.burst)
            }
            _ => return Ok(None),
        };
        let burst = burst.as_ref().or(published.burst.as_ref()).ok_or("burst")?;
        Ok(Some(Figures { rate, burst: *burst.get_ref() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_charge_restores_as_the_page_says() {
        let four = "4s".parse().expect("a span");
        for (reading, rate) in [
            (RestoreReading::SecondsPerRequest, "1/4s"),
            (RestoreReading::RequestsPerSecond, "4/s"),
        ] {
            assert_eq!(reading.rate(four), rate.parse().ok());
            assert_eq!(reading.rate(Span::ZERO), None);
        }
    }

    #[test]
    fn own_figures_come_before_published_ones() {
        let published: FiguresDocument =
            toml::from_str("rate = \"0.5/s\"\nburst = 30").expect("figures");
        for (rule, expected) in [
            ("token_bucket = {}", Ok(Some(("0.5/s", 30)))),
            ("token_bucket = { burst = 2 }", Ok(Some(("0.5/s", 2)))),
            ("token_bucket = { rate = \"1/s\", burst = 2 }", Ok(Some(("1/s", 2)))),
            ("quota = { restore = \"4s\" }", Ok(Some(("1/4s", 30)))),
            ("concurrency = 3", Ok(None)),
        ] {
            let rule: RuleDocument = toml::from_str(rule).expect(rule);
            let expected = expected.map(|figures: Option<(&str, u32)>| {
                figures.map(|(rate, burst)| Figures { rate: rate.parse().expect("a rate"), burst })
            });
            assert_eq!(rule.figures(&published), expected);
        }
        let rule: RuleDocument = toml::from_str("token_bucket = {}").expect("a rule");
        assert_eq!(rule.figures(&FiguresDocument::default()), Err("rate"));
    }
}
