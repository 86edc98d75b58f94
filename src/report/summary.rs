//! `summary.json`: everything that a run found, so that nobody scrapes a table.
//!
//! Versioned, `snake_case`, seconds as numbers, rates as fractions. Counts are totals over the
//! replications; figures with `ci95` are means over them. Numbers are rounded to nine significant
//! digits, which hides the last bits of a platform's logarithm.

mod limits;
mod ranking;

use super::suffering::{Sufferer, sufferers};
use super::trace::TraceSummary;
use crate::metrics::figures::{Counts, Metric, Part, Scope, Slice, Statistic, rounded};
use crate::metrics::{Attempts, Estimate, Tally};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::{Judgement, Runs, Verdict};
use crate::wire::Operation;
use indexmap::IndexMap;
use limits::LimitSummary;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format.
pub const SCHEMA: u32 = 2;

/// All that a scenario's runs found.
#[derive(Debug, Serialize)]
pub struct Summary {
    schema: u32,
    scenario: String,
    question: String,
    answer: String,
    seed: u64,
    replications: u32,
    engine: Engine,
    notes: Vec<String>,
    assumptions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    traces: Vec<TraceSummary>,
    /// One for each strategy.
    pub strategies: Vec<StrategySummary>,
    /// One for all strategies, or for each workload of a league; none of a single strategy.
    ranking: Vec<ranking::RankingSummary>,
    expectations: Vec<ExpectationSummary>,
}

#[derive(Debug, Serialize)]
struct Engine {
    version: &'static str,
}

/// All that one strategy's runs found.
#[derive(Debug, Serialize)]
pub struct StrategySummary {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    jobs: Ends,
    #[serde(flatten)]
    whole: SliceSummary,
    job_latency_s: Means,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_s: Option<Means>,
    /// The metrics that do not exist for calls, in alphabetical order.
    #[serde(flatten)]
    of_the_whole: BTreeMap<String, Option<Mean>>,
    /// One for each limit that was used.
    headroom: Vec<LimitSummary>,
    by_call: Vec<Named>,
    by_workload: Vec<Named>,
    by_account: Option<Accounts>,
}

#[derive(Debug, Serialize)]
struct Named {
    name: String,
    #[serde(flatten)]
    slice: SliceSummary,
}

#[derive(Debug, Serialize)]
struct SliceSummary {
    requests: Ends,
    attempts: Sent,
    #[serde(skip_serializing_if = "Option::is_none")]
    spared: Option<SparedSummary>,
    /// The metrics that exist for such a part.
    #[serde(flatten)]
    figures: Means,
    latency_s: Means,
    throttled_by: IndexMap<String, u64>,
    statuses: IndexMap<String, u64>,
}

#[derive(Debug, Serialize)]
struct Ends {
    arrived: u64,
    completed: u64,
    given_up: u64,
    unfinished: u64,
}

/// What the client spared the provider, if anything.
#[derive(Debug, Serialize)]
struct SparedSummary {
    refused: u64,
    cached: u64,
    batched: u64,
}

#[derive(Debug, Serialize)]
struct Sent {
    sent: u64,
    admitted: u64,
    throttled: u64,
    failed: u64,
}

#[derive(Debug, Serialize)]
struct Mean {
    mean: f64,
    ci95: Option<[f64; 2]>,
}

/// Figures by name; `None` where there is nothing to take one from.
type Means = IndexMap<String, Option<Mean>>;

#[derive(Debug, Serialize)]
struct Accounts {
    worst: AccountSummary,
    best: AccountSummary,
    /// The ten that suffer most, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    most_affected: Vec<Sufferer>,
}

#[derive(Debug, Serialize)]
struct AccountSummary {
    account: usize,
    throttle_rate: Option<f64>,
    requests_arrived: u64,
    requests_completed: u64,
}

#[derive(Debug, Serialize)]
struct ExpectationSummary {
    that: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    strategy: String,
    value: Option<f64>,
    ci95: Option<[f64; 2]>,
    verdict: &'static str,
    /// Replications that would settle it, if these do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_by: Option<u32>,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Summary {
    /// The summary of a study.
    #[must_use]
    pub fn new(report: Report<'_>) -> Self {
        let Report { scenario, study } = report;
        Self {
            schema: SCHEMA,
            scenario: scenario.name.clone(),
            question: scenario.question.clone(),
            answer: report.answer(),
            seed: scenario.plan.seed,
            replications: study.replications,
            engine: Engine { version: env!("CARGO_PKG_VERSION") },
            notes: report.every_note().collect(),
            assumptions: scenario.assumptions.clone(),
            traces: scenario.traces.iter().map(TraceSummary::new).collect(),
            strategies: study.strategies.iter().map(|runs| strategy(scenario, runs)).collect(),
            ranking: ranking::all(report),
            expectations: expectations(report),
        }
    }

    /// The text of `summary.json`.
    ///
    /// # Panics
    /// Never: it holds nothing that JSON cannot.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a summary is plain JSON") + "\n"
    }
}

fn strategy(scenario: &Scenario, runs: &Runs) -> StrategySummary {
    let (name, label) = scenario.names.strategies[runs.strategy].clone();
    let counts = runs.counts(&scenario.plan, Slice::Whole);
    let calls = scenario.names.calls.iter().zip(0..).map(|(n, i)| (n, Slice::Call(Operation(i))));
    let workloads = scenario.names.workloads.iter().zip(0..).map(|(n, i)| (n, Slice::Workload(i)));
    let named = |(name, of): (&String, Slice)| {
        let slice = slice(scenario, runs, of);
        (slice.requests.arrived > 0).then(|| Named { name: name.clone(), slice })
    };
    StrategySummary {
        name,
        label,
        jobs: ends(&counts.jobs.tally),
        whole: slice(scenario, runs, Slice::Whole),
        job_latency_s: latencies(runs, Slice::Whole, Metric::JobLatency),
        age_s: (!counts.jobs.age.is_empty()).then(|| latencies(runs, Slice::Whole, Metric::Age)),
        of_the_whole: means(runs, Slice::Whole, |scope| scope < Scope::Call).collect(),
        headroom: limits::all(scenario, runs),
        by_call: calls.filter_map(named).collect(),
        by_workload: workloads.filter_map(named).collect(),
        by_account: accounts(scenario, runs),
    }
}

fn slice(scenario: &Scenario, runs: &Runs, of: Slice) -> SliceSummary {
    let counts = runs.counts(&scenario.plan, of);
    SliceSummary {
        requests: ends(&counts.requests),
        attempts: sent(&counts.attempts),
        spared: (!counts.spared.is_nothing()).then_some(SparedSummary {
            refused: counts.spared.refused,
            cached: counts.spared.cached,
            batched: counts.spared.batched,
        }),
        figures: means(
            runs,
            of,
            match of {
                Slice::Workload(_) => |scope| scope >= Scope::Workload,
                _ => |scope| scope >= Scope::Call,
            },
        )
        .collect(),
        latency_s: latencies(runs, of, Metric::Latency),
        throttled_by: throttled_by(scenario, &counts),
        statuses: statuses(scenario, &counts),
    }
}

/// Refusals by the name of their cause; causes that share a name count together.
pub(super) fn throttled_by(scenario: &Scenario, counts: &Counts) -> IndexMap<String, u64> {
    let mut causes = IndexMap::new();
    for (name, count) in scenario.names.causes.iter().zip(&counts.attempts.throttled) {
        if *count > 0 {
            *causes.entry(name.clone()).or_insert(0) += count;
        }
    }
    causes
}

/// What clients were answered, by status; attempts without an answer when time was over are under
/// way.
fn statuses(scenario: &Scenario, counts: &Counts) -> IndexMap<String, u64> {
    let attempts = &counts.attempts;
    let [success, bad, failed, unavailable] = attempts.under_way.fates;
    let mut statuses = vec![
        (200, attempts.admitted - attempts.bad_requests - success),
        (400, attempts.bad_requests - bad),
        (500, attempts.failed - attempts.unavailable - failed),
        (503, attempts.unavailable - unavailable),
    ];
    let told = attempts.throttled.iter().zip(&attempts.under_way.throttled).map(|(all, o)| all - o);
    let causes = scenario.plan.causes.iter().zip(told);
    statuses.extend(causes.map(|(cause, count)| (cause.status.0, count)));
    statuses.sort_by_key(|(status, _)| *status);
    let mut named = IndexMap::new();
    for (status, count) in statuses.into_iter().filter(|(_, count)| *count > 0) {
        *named.entry(status.to_string()).or_insert(0) += count;
    }
    let under_way = attempts.under_way.count();
    if under_way > 0 {
        named.insert("under way".into(), under_way);
    }
    named
}

fn accounts(scenario: &Scenario, runs: &Runs) -> Option<Accounts> {
    let all = || runs.total.accounts.iter().enumerate();
    let used = || all().filter(|(_, account)| account.sent() > 0);
    let of = |(number, account): (usize, &crate::metrics::Account)| AccountSummary {
        account: number + 1,
        throttle_rate: account.throttle_rate().map(rounded),
        requests_arrived: account.arrived,
        requests_completed: account.completed,
    };
    let rate = |account: &crate::metrics::Account| account.throttle_rate().unwrap_or(0.0);
    // The first of equals, both times, so that the choice does not depend on the iteration.
    let worst = used().rev().max_by(|a, b| rate(a.1).total_cmp(&rate(b.1)))?;
    let best = used().min_by(|a, b| rate(a.1).total_cmp(&rate(b.1)))?;
    let most_affected = sufferers(scenario, runs);
    Some(Accounts { worst: of(worst), best: of(best), most_affected })
}

fn expectations(report: Report<'_>) -> Vec<ExpectationSummary> {
    let Report { scenario, study } = report;
    let summary = |finding: &crate::study::Finding| {
        let expectation = &scenario.expectations[finding.expectation];
        let estimate = match finding.judgement {
            Judgement::Value(estimate) => Some(estimate),
            Judgement::NoValue => None,
        };
        ExpectationSummary {
            that: expectation.text.clone(),
            of: scenario.slice_name(expectation.slice),
            strategy: scenario.names.strategies[finding.strategy].0.clone(),
            value: estimate.map(|estimate| rounded(estimate.mean)),
            ci95: estimate.and_then(|estimate| estimate.ci95).map(|ci| ci.map(rounded)),
            verdict: verdict_name(finding.verdict),
            settled_by: finding.settled_by,
            line: expectation.line,
            why: expectation.why.clone(),
        }
    };
    study.findings.iter().map(summary).collect()
}

/// The word for a verdict.
#[must_use]
pub const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Failed => "failed",
    }
}

impl Mean {
    fn of(estimate: Estimate) -> Self {
        Self { mean: rounded(estimate.mean), ci95: estimate.ci95.map(|ci| ci.map(rounded)) }
    }
}

fn ends(tally: &Tally) -> Ends {
    Ends {
        arrived: tally.arrived,
        completed: tally.completed,
        given_up: tally.given_up,
        unfinished: tally.unfinished(),
    }
}

fn sent(attempts: &Attempts) -> Sent {
    Sent {
        sent: attempts.sent(),
        admitted: attempts.admitted,
        throttled: attempts.refused(),
        failed: attempts.failed,
    }
}

/// The metrics without parts that have such a scope, by name.
fn means(
    runs: &Runs,
    of: Slice,
    has: fn(Scope) -> bool,
) -> impl Iterator<Item = (String, Option<Mean>)> {
    let plain = Metric::all()
        .into_iter()
        .filter(move |metric| metric.part().is_none() && has(metric.scope()));
    plain.map(move |metric| (place(metric), runs.estimate(of, metric).map(Mean::of)))
}

/// Every statistic of a family of times; each is the mean of what it is in each run.
fn latencies(runs: &Runs, of: Slice, family: fn(Statistic) -> Metric) -> Means {
    let family = family(Statistic::Mean).family();
    let parts = Metric::all().into_iter().filter(|metric| metric.family() == family);
    let mean = |metric: Metric| {
        let name = metric.part().map_or(String::new(), Part::key);
        (name, runs.estimate(of, metric).map(Mean::of))
    };
    parts.map(mean).collect()
}

/// Where a strategy's summary has a metric with its interval: `goodput_per_s`, `latency_s.p95`.
#[must_use]
pub(super) fn place(metric: Metric) -> String {
    let name = format!("{}{}", metric.family(), metric.measure().suffix());
    metric.part().map_or(name.clone(), |part| format!("{name}.{}", part.key()))
}
