//! `[provider.NAME.dynamic."CALL"]`: how a usage plan changes, as it stands in the file.

use crate::catalog::Quantity;
use crate::units::{Rate, Span};
use serde::Deserialize;
use toml::Spanned;

/// How a usage plan changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum DynamicWritten {
    Schedule(Spanned<Vec<ChangeWritten>>),
    Walk(Spanned<WalkWritten>),
}

/// A plan from an instant on: a factor of what is published, or figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ChangeWritten {
    pub at: Quantity<Span>,
    #[serde(default)]
    pub factor: Option<f64>,
    #[serde(default)]
    pub rate: Option<Quantity<Rate>>,
    #[serde(default)]
    pub burst: Option<u32>,
}

/// A seeded random walk of the factor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct WalkWritten {
    pub every: Quantity<Span>,
    pub spread: f64,
    #[serde(default)]
    pub least: Option<f64>,
    #[serde(default)]
    pub most: Option<f64>,
}
