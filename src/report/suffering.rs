//! Which accounts suffer most: those that lose most work, then those that are throttled most, then
//! those that wait longest.

use super::table::{Medium, mean};
use super::words;
use crate::metrics::Account;
use crate::metrics::figures::{Slice, rounded};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::Runs;
use serde::Serialize;
use std::cmp::Reverse;

/// Accounts that are listed.
const WORST: usize = 10;

/// An account that suffers, for `summary.json`. Counts are totals over the replications.
#[derive(Debug, Serialize)]
pub(super) struct Sufferer {
    name: String,
    account: u32,
    requests_arrived: u64,
    requests_lost: u64,
    throttled: u64,
    throttle_rate: Option<f64>,
    longest_latency_s: f64,
}

/// The ten accounts of a strategy that suffer most, the worst first; empty of a single account.
pub(super) fn sufferers(scenario: &Scenario, runs: &Runs) -> Vec<Sufferer> {
    worst(scenario, runs)
        .into_iter()
        .map(|(number, account)| Sufferer {
            name: name(scenario, number),
            account: number + 1,
            requests_arrived: account.arrived,
            requests_lost: account.lost(),
            throttled: account.throttled,
            throttle_rate: account.throttle_rate().map(rounded),
            longest_latency_s: rounded(account.longest.as_secs_f64()),
        })
        .collect()
}

/// A table of the accounts that suffer most under each strategy; `None` of a single account, or if
/// none loses work or is throttled.
pub(super) fn table(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
    let mut table = medium.table(&[
        "strategy",
        "account",
        "requests",
        "lost",
        "throttled",
        "throttle rate",
        if study.replications > 1 { "longest latency in any run" } else { "longest latency" },
    ]);
    let number = |total| words::number(mean(study, total));
    for runs in &study.strategies {
        let suffers = |of: &Account| of.lost() > 0 || of.throttled > 0;
        for (place, account) in worst(scenario, runs).into_iter().filter(|(_, of)| suffers(of)) {
            table.add_row(vec![
                scenario.names.label(runs.strategy).to_string(),
                name(scenario, place),
                number(account.arrived),
                number(account.lost()),
                number(account.throttled),
                account.throttle_rate().map_or("–".into(), words::percent),
                words::seconds(account.longest.as_secs_f64()),
            ]);
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// Accounts by number from 0, the worst first; of equals the first.
fn worst<'a>(scenario: &Scenario, runs: &'a Runs) -> Vec<(u32, &'a Account)> {
    if scenario.plan.population.accounts < 2 {
        return Vec::new();
    }
    let mut all: Vec<(u32, &Account)> = (0..).zip(&runs.total.accounts).collect();
    all.retain(|(_, account)| account.arrived > 0);
    // Shares of parts per million compare without rounding errors of their own.
    let throttled = |of: &Account| (of.throttled * 1_000_000).checked_div(of.sent());
    all.sort_by_key(|(place, of)| {
        (Reverse(of.lost()), Reverse(throttled(of)), Reverse(of.longest), *place)
    });
    all.truncate(WORST);
    all
}

fn name(scenario: &Scenario, account: u32) -> String {
    scenario.slice_name(Slice::Account(account)).unwrap_or_default()
}
