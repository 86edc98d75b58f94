//! `[workload.NAME]` as it stands in the file: whose work it is, and its steps.

use super::{ArrivalsWritten, DistributionWritten};
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{CountText, Fraction};
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[workload.NAME]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["arrivals"]))]
pub(in crate::scenario) struct WorkloadWritten {
    /// Whose calls it makes; needed where there are several providers.
    pub provider: Option<Spanned<String>>,
    /// When jobs arrive.
    pub arrivals: Option<Spanned<ArrivalsWritten>>,
    /// Whose arrivals these are, by default each account's own.
    pub per: Option<Spanned<PerWritten>>,
    /// The applications that do this work, from 1; by default all.
    pub applications: Option<Spanned<Vec<i64>>>,
    /// The accounts that do this work, from 1; by default all.
    pub accounts: Option<Spanned<Vec<i64>>>,
    /// The regions that do this work; by default all.
    pub regions: Option<Spanned<Vec<String>>>,
    /// The one call of a job; or write `steps`.
    pub call: Option<Spanned<String>>,
    /// The orders, SKUs or ASINs of a job, by default 1.
    pub items: Option<Spanned<CountText>>,
    /// The calls of a job, one after another.
    pub steps: Option<Spanned<Vec<StepWritten>>>,
    /// What requests ask for, so that caches can hit.
    pub keys: Option<Spanned<KeysWritten>>,
    /// Requests of a higher one go first, by default 0.
    pub priority: Option<Spanned<u8>>,
    /// The share of bad requests that the work brings, by default none.
    pub bad_request_rate: Option<Spanned<Fraction>>,
    /// What a lost request does to its job, by default `drop`.
    pub on_failure: Option<Spanned<OnFailureWritten>>,
}

/// What requests ask for.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct KeysWritten {
    /// How many different ones there are.
    pub count: u32,
    /// How unequally they are asked for: the exponent of Zipf's law.
    #[serde(default)]
    pub zipf: f64,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum PerWritten {
    /// Each account has the arrivals for itself.
    Account,
    /// One stream, dealt to the accounts in turn.
    Scenario,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum OnFailureWritten {
    /// It ends the job.
    Drop,
    /// The job goes on.
    Skip,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct StepWritten {
    /// The operation, named as its provider does.
    pub call: Spanned<String>,
    /// Requests of this step, by default 1.
    #[serde(default)]
    pub count: Option<Spanned<CountText>>,
    /// What requests are made for, by default the job.
    #[serde(default)]
    pub per: Option<Spanned<UnitsWritten>>,
    /// Items on a page, by default the catalogue's.
    #[serde(default)]
    pub page_size: Option<Spanned<u32>>,
    /// Items in a batch, by default the catalogue's.
    #[serde(default)]
    pub batch: Option<Spanned<u32>>,
    /// Requests of this step under way at once: pages 1 by default, others all.
    #[serde(default)]
    pub at_once: Option<Spanned<u32>>,
    /// The chance that the step is made at all, by default `100%`.
    #[serde(default)]
    pub probability: Option<Spanned<Fraction>>,
    /// A pause before the step, by default none.
    #[serde(default)]
    pub after: Option<Spanned<DistributionWritten>>,
    /// The items of the job from here on.
    #[serde(default)]
    pub items: Option<Spanned<CountText>>,
    /// Asking again and again until something is ready.
    #[serde(default)]
    pub poll: Option<Spanned<PollWritten>>,
}

impl StepWritten {
    /// A single request.
    pub const fn of(call: Spanned<String>) -> Self {
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
        }
    }
}

/// What a step makes requests for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum UnitsWritten {
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

/// Asking again and again until something is ready.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct PollWritten {
    /// From one request to the next.
    pub every: Quantity<Span>,
    /// How long until it is ready.
    pub until: DistributionWritten,
}
