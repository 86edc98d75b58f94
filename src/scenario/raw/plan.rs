//! `[provider.NAME.dynamic."CALL"]`: how a usage plan changes, as it stands in the file.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::units::{Rate, Span};
use serde::Deserialize;

/// How the figures of a limit change: by a schedule, or at random.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawDynamic {
    /// The names of the operation's limits that change. Default: those that take the operation's
    /// own figures, otherwise the only one whose figures can change.
    pub limits: Option<Spanned<Vec<Spanned<String>>>>,
    /// Changes in order of time. Default: none.
    pub schedule: Option<Spanned<Vec<RawChange>>>,
    /// Random changes. Default: none.
    pub walk: Option<Spanned<RawWalk>>,
}

/// What holds from an instant on: a factor of what is published, or figures.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawChange {
    /// The instant, in virtual time.
    pub at: Quantity<Span>,
    /// A factor of what is published: of the rate, or of the number of a window or of concurrent
    /// calls, rounded to a whole number. Default: none.
    #[serde(default)]
    pub factor: Option<Spanned<f64>>,
    /// The rate instead of a factor, for buckets, quotas and queues. Default: none.
    #[serde(default)]
    pub rate: Option<Spanned<Quantity<Rate>>>,
    /// The burst, for buckets and quotas. Default: as published.
    #[serde(default)]
    pub burst: Option<Spanned<u32>>,
    /// Requests in each window or at the same time instead of a factor, for windows and
    /// concurrency. Default: none.
    #[serde(default)]
    pub limit: Option<Spanned<u32>>,
}

/// A random walk of the factor.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawWalk {
    /// The time from one change to the next.
    pub every: Quantity<Span>,
    /// The standard deviation of the logarithm of a change; 0.1 is about 10 % up or down.
    pub spread: f64,
    /// The least factor. Default: `0.1`.
    #[serde(default)]
    pub least: Option<f64>,
    /// The greatest factor. Default: `10`.
    #[serde(default)]
    pub most: Option<f64>,
}
