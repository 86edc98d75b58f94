//! `[provider.NAME.dynamic."CALL"]`: how a usage plan changes, as it stands in the file.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::units::{Rate, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// How a usage plan changes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum DynamicWritten {
    /// Change by change.
    Schedule(Spanned<Vec<ChangeWritten>>),
    /// By chance.
    Walk(Spanned<WalkWritten>),
}

/// A plan from an instant on: a factor of what is published, or figures.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ChangeWritten {
    /// From when on.
    pub at: Quantity<Span>,
    /// How many times what is published.
    #[serde(default)]
    pub factor: Option<f64>,
    /// The rate, instead of a factor.
    #[serde(default)]
    pub rate: Option<Quantity<Rate>>,
    /// The burst, instead of a factor.
    #[serde(default)]
    pub burst: Option<u32>,
}

/// A seeded random walk of the factor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
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
