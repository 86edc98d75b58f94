//! `[advise]` as it stands: what the best strategy is to reach, and what may be tried for it.

use super::Named;
#[cfg(test)]
use super::schemas;
use crate::catalog::OneOrMany;
use crate::catalog::Spanned;
use serde::Deserialize;

/// `[advise]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawAdvise {
    /// The metric that decides which strategy is best, or a list of metrics, of which the first
    /// decides. `calls_per_success` comes last where it is not named. Default: as for the whole
    /// scenario.
    #[cfg_attr(test, schemars(schema_with = "schemas::goal"))]
    pub goal: Option<Spanned<OneOrMany<String>>>,
    /// Conditions that the strategy must meet. Default: the scenario's expectations, except those
    /// of a named strategy that ask for a bad figure.
    #[cfg_attr(test, schemars(schema_with = "schemas::expectations"))]
    pub must: Option<Spanned<Vec<Spanned<String>>>>,
    /// Differences up to this do not matter: a share of the better figure, or a duration. Default:
    /// as for the whole scenario.
    #[cfg_attr(test, schemars(schema_with = "schemas::worth"))]
    pub worth: Option<Spanned<String>>,
    /// The most runs that the search may take. Default: 16 for each candidate.
    pub budget: Option<Spanned<u32>>,
    /// What may be chosen. Default: everything.
    pub may: Option<Spanned<Vec<RawFreedom>>>,
    /// Values to try, by the key of a strategy such as `"pace.rate"`. Default: from the scenario
    /// and the catalogue.
    #[cfg_attr(test, schemars(schema_with = "schemas::ranges"))]
    pub range: Option<Named<Spanned<toml::Value>>>,
    /// Lists of workloads, of which one list is enough. Default: the lists of the strategies, if
    /// every strategy names one and none is a part of another; otherwise all workloads together,
    /// with polled and notified workloads as alternatives.
    pub routes: Option<Spanned<Vec<Vec<Spanned<String>>>>>,
    /// The presets of your client, by name. Default: those of the strategies.
    #[cfg_attr(test, schemars(schema_with = "schemas::clients"))]
    pub client: Option<Spanned<OneOrMany<String>>>,
}

/// What may be chosen for a strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawFreedom {
    /// The number of workers.
    Workers,
    /// The rate and burst of its own pace.
    Pace,
    /// Attempts and back-off.
    Retry,
    /// How long requests wait to travel together.
    Batch,
    /// How long answers are kept.
    Cache,
    /// Whether processes share or split pace and workers.
    Processes,
    /// How far the starts of callers are apart.
    Spread,
    /// Notifications instead of polling.
    Notifications,
}
