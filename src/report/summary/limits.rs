//! The headroom in `summary.json`: the largest share of each limit that a strategy used.

use super::Mean;
use crate::metrics::figures::rounded;
use crate::report::headroom::{Used, used};
use crate::scenario::Scenario;
use crate::study::Runs;
use serde::Serialize;

/// The largest share of a limit that was in use.
#[derive(Debug, Serialize)]
pub(super) struct LimitSummary {
    /// The limit, with its calls if they tell it from others.
    name: String,
    limit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    share: Mean,
    /// Attempts that it refused.
    refused: u64,
    /// Whose share it was; none of a limit that accounts share.
    account: Option<String>,
    /// The beginning of the minute in which it was in use first.
    at_s: f64,
}

/// An entry for each limit that a strategy used.
pub(super) fn all(scenario: &Scenario, runs: &Runs) -> Vec<LimitSummary> {
    let summary = |used: Used| LimitSummary {
        name: used.name(),
        limit: used.limit,
        call: used.call,
        share: Mean::of(used.share),
        refused: used.refused,
        account: used.account,
        at_s: rounded(used.at.as_secs_f64()),
    };
    used(scenario, runs).into_iter().map(summary).collect()
}
