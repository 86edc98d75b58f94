//! `[workload.NAME]` as it stands in the file: whose work it is, and its steps.

use super::{RawArrivals, RawDistribution};
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{CostText, CountText, Fraction};
use crate::units::Span;
use indexmap::IndexMap;
use serde::Deserialize;
use std::ops::Range;

/// `[workload.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, schemars(extend("required" = ["arrivals"])))]
pub(in crate::scenario) struct RawWorkload {
    /// The provider that it calls. Default: the only one.
    pub provider: Option<Spanned<String>>,
    /// When jobs arrive.
    pub arrivals: Option<Spanned<RawArrivals>>,
    /// Whose arrivals these are. Default: `"account"`.
    pub per: Option<Spanned<RawPer>>,
    /// The numbers of the applications that do this work, from 1. Default: all.
    pub applications: Option<Spanned<Vec<i64>>>,
    /// The numbers of the accounts that do this work, from 1. Default: all.
    pub accounts: Option<Spanned<Vec<i64>>>,
    /// The regions in which this work is done. Default: all.
    pub regions: Option<Spanned<Vec<String>>>,
    /// The one call of each job; either this or `steps`. Default: none.
    pub call: Option<Spanned<String>>,
    /// What that call costs in units that limits count, by unit. Default: the catalogue's.
    pub cost: Costs,
    /// The number of orders, SKUs or ASINs of each job. Default: `1`.
    pub items: Option<Spanned<CountText>>,
    /// The calls of each job, one step after another. Default: none.
    pub steps: Option<Spanned<Vec<RawStep>>>,
    /// What requests ask for, so that a cache can answer. Default: none.
    pub keys: Option<Spanned<RawKeys>>,
    /// Waiting requests with a higher number are sent first. Default: `0`.
    pub priority: Option<Spanned<u8>>,
    /// The share of requests that the work itself makes wrong (status 400). Default: `"0%"`.
    pub bad_request_rate: Option<Spanned<Fraction>>,
    /// What a lost request does to its job. Default: `"drop"`.
    pub on_failure: Option<Spanned<RawOnFailure>>,
    /// The time until a job begins again, with `on_failure = "restart"`. Default: `"1s"`.
    pub restart_after: Option<Spanned<Quantity<Span>>>,
}

/// What requests ask for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawKeys {
    /// The number of different keys.
    pub count: u32,
    /// How unequally keys are asked for: the exponent of Zipf's law.
    #[serde(default)]
    pub zipf: f64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawPer {
    /// Each account has arrivals of its own.
    Account,
    /// One stream of arrivals is divided among the accounts.
    Scenario,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawOnFailure {
    /// It ends the job.
    Drop,
    /// The job goes on.
    Skip,
    /// The job begins again with its first step; its latency counts from its arrival.
    Restart,
    /// The account's work of this kind ends: whatever waits or arrives later is given up.
    Stop,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawStep {
    /// The operation, by its name in the catalogue.
    pub call: Spanned<String>,
    /// The number of requests of this step. Default: `1`.
    #[serde(default)]
    pub count: Option<Spanned<CountText>>,
    /// What requests are made for. Default: `"job"`.
    #[serde(default)]
    pub per: Option<Spanned<RawUnits>>,
    /// Items on a page. Default: the catalogue's.
    #[serde(default)]
    pub page_size: Option<Spanned<u32>>,
    /// Items in a batch. Default: the catalogue's.
    #[serde(default)]
    pub batch: Option<Spanned<u32>>,
    /// The most requests of this step under way at the same time. Default: 1 for pages, otherwise
    /// all.
    #[serde(default)]
    pub at_once: Option<Spanned<u32>>,
    /// The probability that the step is done. Default: `"100%"`.
    #[serde(default)]
    pub probability: Option<Spanned<Fraction>>,
    /// A pause before the step. Default: none.
    #[serde(default)]
    pub after: Option<Spanned<RawDistribution>>,
    /// The number of items of the job from this step on. Default: as before.
    #[serde(default)]
    pub items: Option<Spanned<CountText>>,
    /// The call is repeated until something is ready. Default: none.
    #[serde(default)]
    pub poll: Option<Spanned<RawPoll>>,
    /// What each of its calls costs in units that limits count, by unit. Default: the catalogue's.
    #[serde(default)]
    pub cost: Costs,
}

impl RawWorkload {
    /// Where the items of its jobs are written: in the workload, or as a column of its trace.
    pub fn items_place(&self) -> Option<Range<usize>> {
        let of_rows = match self.arrivals.as_ref().map(Spanned::get_ref) {
            Some(RawArrivals::Trace(trace)) => trace.items.as_ref().map(Spanned::span),
            _ => None,
        };
        self.items.as_ref().map(Spanned::span).or(of_rows)
    }
}

/// Costs by the name of their unit.
pub(in crate::scenario) type Costs = IndexMap<Spanned<String>, Spanned<CostText>>;

impl RawStep {
    /// A single request.
    pub fn of(call: Spanned<String>, cost: Costs) -> Self {
        Self {
            call,
            count: None,
            per: None,
            page_size: None,
            batch: None,
            at_once: None,
            probability: None,
            after: None,
            items: None,
            poll: None,
            cost,
        }
    }
}

/// What a step makes requests for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawUnits {
    /// Once for the job.
    Job,
    /// For each item.
    Item,
    /// For each page of items.
    Page,
    /// For each batch of items.
    Batch,
    /// For each request of the step before.
    Request,
}

/// A call that is repeated until something is ready.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawPoll {
    /// The time from one request to the next.
    pub every: Quantity<Span>,
    /// The time until it is ready.
    pub until: RawDistribution,
}
