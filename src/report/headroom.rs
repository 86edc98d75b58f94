//! Which share of each limit a strategy used at most: what is left of it is the headroom.
//!
//! ```text
//!   “paced” uses up to 97 % of the burst of `getOrderItems` (account 12, at 3 h 14 min) and 8 % of
//!   `daily`
//! ```
//!
//! A share is the mean over the runs of the largest at any moment, over all accounts; the account
//! and the minute are those of the run in which it was largest. What counts as used is defined in
//! `limiter::usage`: of a bucket, tokens of its burst, so that a client that is paced at its rate
//! uses little.

use super::table::{Medium, estimated, mean};
use super::words;
use crate::limiter::Scope;
use crate::metrics::figures::Slice;
use crate::metrics::{Estimate, Peak};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::simulation::Meter;
use crate::study::Runs;
use crate::units::Instant;
use crate::wire::Caller;

/// Strategies that are told one by one; of more, the best alone.
const STRATEGIES: usize = 4;
/// Limits that a sentence names.
const LIMITS: usize = 3;

/// A limit that a strategy used.
pub(super) struct Used {
    /// The limit, by the name that its refusals count under.
    pub limit: String,
    /// Its calls, if the name alone could be another limit's.
    pub call: Option<String>,
    /// What a sentence calls it.
    short: String,
    /// The largest share in use.
    pub share: Estimate,
    /// Refusals over all runs.
    pub refused: u64,
    /// Whose share it was, if accounts do not share the limit.
    pub account: Option<String>,
    /// The beginning of the minute in which it was in use first.
    pub at: Instant,
}

impl Used {
    /// The limit with its calls.
    pub fn name(&self) -> String {
        let of = self.call.as_ref().map_or(String::new(), |call| format!(" of {call}"));
        format!("{}{of}", self.limit)
    }

    /// Whose it was, where there are several, and when.
    fn place(&self, scenario: &Scenario) -> String {
        let of = &scenario.plan.population;
        let several = of.applications > 1 || of.accounts > 1 || of.regions > 1;
        let whose = self.account.as_ref().filter(|_| several);
        let whose = whose.map_or(String::new(), |account| format!("{account}, "));
        format!("{whose}at {}", words::moment(self.at))
    }
}

/// The limits that a strategy used in any run, in the order of the plan.
pub(super) fn used(scenario: &Scenario, runs: &Runs) -> Vec<Used> {
    let meters = scenario.plan.meters();
    let one = |(number, meter): (usize, &Meter)| {
        let (share, peak) = runs.usage(number)?;
        Some(of(scenario, runs, (&meters, meter), (share, peak)))
    };
    meters.iter().enumerate().filter_map(one).collect()
}

fn of(
    scenario: &Scenario,
    runs: &Runs,
    (meters, meter): (&[Meter], &Meter),
    (share, peak): (Estimate, Peak),
) -> Used {
    let rule = &scenario.plan.limits[meter.limit].rule;
    let held: Vec<String> = match meter.operation {
        Some(operation) => vec![scenario.names.calls[usize::from(operation.0)].clone()],
        None => {
            let calls = rule.operations.iter();
            calls.map(|of| scenario.names.calls[usize::from(of.0)].clone()).collect()
        }
    };
    let twins = meters.iter().filter(|other| other.cause == meter.cause).count();
    let call = (meter.operation.is_some() || twins > 1).then(|| words::list(&held));
    let limit = scenario.names.causes[usize::from(meter.cause)].clone();
    // A call that only one limit tells apart stands for it.
    let alone = meter.operation.is_some()
        && meters.iter().filter(|other| other.operation == meter.operation).count() == 1;
    let short = match &call {
        Some(call) if alone => format!("`{call}`"),
        Some(call) => format!("`{limit}` of `{call}`"),
        None => format!("`{limit}`"),
    };
    let short = if rule.limiter.is_bucket() { format!("the burst of {short}") } else { short };
    let owner = owner(scenario, rule.scope, peak.caller);
    let account = Some(owner).filter(|owner| !owner.is_empty());
    let refused = refused(scenario, runs, meter);
    Used { limit, call, short, share, refused, account, at: peak.usage.at() }
}

/// Whose instance of a limit it is, by as much of the caller as the limit tells apart.
fn owner(scenario: &Scenario, scope: Scope, caller: Caller) -> String {
    let of = &scenario.plan.population;
    let told = (scope.application || of.applications == 1) && (scope.region || of.regions == 1);
    let account = || scenario.slice_name(Slice::Account(caller.account)).unwrap_or_default();
    let account = || if told { scenario.caller_name(caller) } else { account() };
    let account = scope.account.then(account);
    let process = scope.process.then(|| format!("process {}", caller.process + 1));
    let key = scope.key.then(|| format!("key {}", caller.key + 1));
    let parts: Vec<String> = [account, process, key].into_iter().flatten().collect();
    parts.join(", ")
}

/// Refusals by a part of a limit, over all runs.
fn refused(scenario: &Scenario, runs: &Runs, meter: &Meter) -> u64 {
    let rule = &scenario.plan.limits[meter.limit].rule;
    let cells = runs.total.cells.iter().zip(scenario.plan.cell_names());
    let own = cells.filter(|(_, (_, operation))| match meter.operation {
        Some(of) => of == *operation,
        None => rule.operations.contains(operation),
    });
    own.filter_map(|(cell, _)| cell.attempts.throttled.get(usize::from(meter.cause))).sum()
}

/// What strategies use of the limits at most, a sentence each; of many strategies the best alone.
pub(super) fn sentences(report: Report<'_>) -> Vec<String> {
    let Report { scenario, study } = report;
    let best = match study.strategies.len() {
        0..=STRATEGIES => None,
        _ if scenario.league.is_some() => return Vec::new(),
        _ => report.best(),
    };
    let many = study.strategies.len() > STRATEGIES;
    let told = study.strategies.iter().filter(|runs| !many || best == Some(runs.strategy));
    told.filter_map(|runs| sentence(scenario, runs)).collect()
}

pub(super) fn sentence(scenario: &Scenario, runs: &Runs) -> Option<String> {
    let mut used = used(scenario, runs);
    used.sort_by(|a, b| b.share.mean.total_cmp(&a.share.mean));
    let share = |used: &Used| words::percent(used.share.mean);
    let shown = used.iter().take(LIMITS);
    let told =
        |used: &Used| format!("{} of {} ({})", share(used), used.short, used.place(scenario));
    let mut parts: Vec<String> = shown.map(told).collect();
    if let Some(next) = used.get(LIMITS) {
        let more = used.len() - LIMITS;
        let limits = words::plural("limit", &more.to_string());
        parts.push(format!("at most {} of {more} more {limits}", share(next)));
    }
    let label = scenario.names.label(runs.strategy);
    (!parts.is_empty()).then(|| format!("“{label}” uses up to {}.", words::list(&parts)))
}

/// The sentences as a Markdown list with an empty line after it; empty if there are none.
pub(super) fn markdown(report: Report<'_>) -> String {
    let lines = sentences(report).into_iter();
    let mut lines: Vec<String> = lines.map(|line| format!("- **Headroom:** {line}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}

/// Every limit that each strategy used; `None` if there is none.
pub(super) fn table(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
    let header = [
        "strategy",
        "limit",
        "call",
        "largest share used",
        "calls refused",
        "account",
        "in the minute from",
    ];
    let mut table = medium.table(&header);
    for runs in &study.strategies {
        for used in used(scenario, runs) {
            table.add_row([
                scenario.names.label(runs.strategy).to_string(),
                used.limit,
                used.call.unwrap_or_else(|| "–".into()),
                estimated(Some(used.share), words::percent),
                words::number(mean(study, used.refused)),
                used.account.unwrap_or_else(|| "–".into()),
                words::moment(used.at),
            ]);
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}
