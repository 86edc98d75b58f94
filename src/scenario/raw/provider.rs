//! `[provider.NAME]` as it stands in the file: a catalogue, figures of your own, and what an
//! Associates account earns.

use super::plan::RawDynamic;
#[cfg(test)]
use super::schemas;
use super::service::RawService;
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{Fraction, PlanText};
use crate::units::{Money, Rate, Span};
use indexmap::IndexMap;
use serde::Deserialize;

/// `[provider.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, schemars(extend("required" = ["catalog"])))]
pub(in crate::scenario) struct RawProvider {
    /// A catalogue that is part of the program, or the path of one of your own, `./mine.toml`.
    #[cfg_attr(test, schemars(schema_with = "schemas::catalogue"))]
    pub catalog: Option<Spanned<String>>,
    /// One of the catalogue's regions. Default: the first one.
    pub region: Option<Spanned<String>>,
    /// Which endpoints are called. Default: `"live"`.
    #[cfg_attr(test, schemars(with = "Option<crate::catalog::Environment>"))]
    pub environment: Option<Spanned<String>>,
    /// The plan that its accounts have, or shares of several. Default: the catalogue's first one.
    pub plan: Option<Spanned<PlanText>>,
    /// How to interpret what the provider's documentation leaves unclear: the name of a reading and
    /// one of its choices. Default: the catalogue's.
    pub readings: IndexMap<Spanned<String>, Spanned<String>>,
    /// Figures of your own for operations, by name or pattern (`GET /**`). Default: the published
    /// ones.
    pub operation: IndexMap<Spanned<String>, RawFigures>,
    /// How calls of this provider are answered. Default: as `[service]` says.
    pub service: Option<RawService>,
    /// How the figures of limits change, by operation or pattern. Default: not at all.
    pub dynamic: IndexMap<Spanned<String>, RawDynamic>,
    /// The revenue of an Associates account. Default: none.
    pub revenue: Option<RawRevenue>,
}

/// Figures of the user's own for an operation, in the place of what is published.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawFigures {
    /// How fast requests return, for buckets, quotas and queues. Default: as published.
    pub rate: Option<Spanned<Quantity<Rate>>>,
    /// The most requests at once, from 1, for buckets and quotas. Default: as published.
    pub burst: Option<Spanned<u32>>,
    /// Requests in each window or at the same time, from 1, for windows and concurrency. Default:
    /// as published.
    pub limit: Option<Spanned<u32>>,
}

/// The revenue of an Associates account.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawRevenue {
    /// The age of the account at virtual time 0. Default: old enough that its initial quota has
    /// ended.
    pub account_age: Option<Spanned<Quantity<Span>>>,
    /// Shipped revenue of each day. Default: none.
    pub shipped: Option<Spanned<RawShipped>>,
    /// Revenue of each day before virtual time 0. Default: none.
    pub before: Option<Spanned<Quantity<Money>>>,
    /// Revenue that the calls themselves earn. Default: none.
    pub earning: Option<RawEarning>,
}

/// Shipped revenue of each day.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawShipped {
    /// The same every day.
    Constant(Quantity<Money>),
    /// One amount for each day, from day 0.
    Daily(Vec<Quantity<Money>>),
    /// A CSV file with the columns `day,revenue_usd`.
    Csv(String),
    /// A random series.
    Random(RawRandom),
}

/// A random series of daily revenue.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawRandom {
    /// The mean of the first day.
    pub level: Quantity<Money>,
    /// Growth in 30 days as a fraction; 0.1 is 10 %.
    #[serde(default)]
    pub trend: f64,
    /// Seven factors, repeated from day 0 on. Default: `1` for each.
    #[serde(default)]
    pub weekdays: Option<[f64; 7]>,
    /// The standard deviation of the logarithm of a day; 0.1 is about 10 %.
    #[serde(default)]
    pub noise: f64,
}

/// Revenue that calls earn.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawEarning {
    /// The probability that a call leads to a sale.
    pub chance: Fraction,
    /// What a sale earns.
    pub amount: Quantity<Money>,
    /// The time from the sale to its shipping. Default: `"2d"`.
    #[serde(default)]
    pub ships_after: Option<Quantity<Span>>,
}
