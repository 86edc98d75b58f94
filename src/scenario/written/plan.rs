//! `[provider.NAME.dynamic."CALL"]`: how a usage plan changes, as it stands in the file.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::units::{Rate, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// How a usage plan changes: change by change, or by chance.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct DynamicWritten {
    /// The limits of the call that change, by name: by default those that take the call's own
    /// figures, or else the only one whose figures can change.
    pub limits: Option<Spanned<Vec<Spanned<String>>>>,
    /// Change by change, in order of time.
    pub schedule: Option<Spanned<Vec<ChangeWritten>>>,
    /// By chance.
    pub walk: Option<Spanned<WalkWritten>>,
}

/// What holds from an instant on: a factor of what is published, or figures.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ChangeWritten {
    /// From when on.
    pub at: Quantity<Span>,
    /// How many times what is published: the rate, or the number of a window or of concurrent
    /// calls, to the nearest whole number.
    #[serde(default)]
    pub factor: Option<Spanned<f64>>,
    /// The rate, instead of a factor; for buckets, quotas and queues.
    #[serde(default)]
    pub rate: Option<Spanned<Quantity<Rate>>>,
    /// The burst, by default as published; for buckets and quotas.
    #[serde(default)]
    pub burst: Option<Spanned<u32>>,
    /// Requests in each window or at the same time, instead of a factor; for windows and
    /// concurrency.
    #[serde(default)]
    pub limit: Option<Spanned<u32>>,
}

/// A seeded random walk of the factor.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct WalkWritten {
    /// From one change to the next.
    pub every: Quantity<Span>,
    /// How far a change goes: 0.1 is about a tenth either way.
    pub spread: f64,
    /// The least factor, by default 0.1.
    #[serde(default)]
    pub least: Option<f64>,
    /// The greatest factor, by default 10.
    #[serde(default)]
    pub most: Option<f64>,
}
