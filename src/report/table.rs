//! The tables of a study, for a terminal and for Markdown: strategies side by side, expectations,
//! and, of a small run, every attempt.

use super::rank::{Score, places};
use super::summary::verdict_name;
use super::words;
use crate::limiter::Limit;
use crate::metrics::Estimate;
use crate::metrics::figures::{Counts, Metric, Slice, Statistic};
use crate::scenario::Scenario;
use crate::simulation::{Attempt, Next};
use crate::study::{Finding, Judgement, Runs, Study};
use crate::wire::Operation;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableStyle, presets};

/// Where a table will be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// On a terminal.
    Terminal,
    /// In a Markdown file.
    Markdown,
}

/// Three horizontal lines, as in a book.
const TERMINAL: TableStyle =
    presets::UTF8_HORIZONTAL_ONLY.row_separator(presets::NOTHING.row_separator);

impl Medium {
    /// An empty table for this medium; all columns but the first are aligned to the right.
    #[must_use]
    pub fn table(self, header: &[&str]) -> Table {
        let mut table = Table::new();
        table.load_style(match self {
            Self::Terminal => TERMINAL,
            Self::Markdown => presets::ASCII_MARKDOWN,
        });
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header.to_vec());
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}

/// Strategies side by side: what they got, what it cost, how late, and when all of it was done.
///
/// The times are those within which so many of all jobs were completed; what is lost never is, and
/// a strategy that lost work comes after all that did not. Fairness is Jain's index of the share
/// of its requests that each account got done.
#[must_use]
pub fn comparison(scenario: &Scenario, study: &Study, medium: Medium) -> String {
    let aged = study
        .strategies
        .iter()
        .any(|runs| !runs.counts(&scenario.plan, Slice::Whole).jobs.age.is_empty());
    let several = study.strategies.len() > 1;
    let fair = scenario.plan.population.accounts > 1;
    let mut header = vec![
        "strategy",
        "jobs done",
        "jobs lost",
        "throttled",
        "throttle rate",
        "calls/success",
        "half within",
        "95 % within",
        "all within",
        "all done after",
    ];
    header.extend(fair.then_some("fairness"));
    header.extend(aged.then_some("data age, 95 %"));
    header.extend(several.then_some("place"));
    let mut table = medium.table(&header);
    let scores: Vec<Score> =
        study.strategies.iter().map(|runs| Score::of(scenario, runs)).collect();
    for (runs, place) in study.strategies.iter().zip(places(&scores)) {
        let mut row = comparison_row(scenario, runs);
        if fair {
            row.push(runs.total.fairness().map_or("–".into(), words::digits));
        }
        if aged {
            let p95 = runs.estimate(Slice::Whole, Metric::Age(Statistic::Quantile(950)));
            row.push(estimated(p95, words::seconds));
        }
        if several {
            row.push(place.to_string());
        }
        table.add_row(row);
    }
    table.trim_fmt()
}

fn comparison_row(scenario: &Scenario, runs: &Runs) -> Vec<String> {
    let counts = runs.counts(&scenario.plan, Slice::Whole);
    let number = |total| words::number(mean(scenario, total));
    let time = |statistic| within(&counts, Metric::JobLatency(statistic));
    let jobs = &counts.jobs.tally;
    let whole = |metric| runs.estimate(Slice::Whole, metric);
    vec![
        scenario.names.label(runs.strategy).to_string(),
        number(jobs.completed),
        number(jobs.given_up + jobs.unfinished()),
        number(counts.attempts.refused()),
        estimated(whole(Metric::ThrottleRate), words::percent),
        estimated(whole(Metric::CallsPerSuccess), words::digits),
        time(Statistic::Quantile(500)),
        time(Statistic::Quantile(950)),
        time(Statistic::Max),
        match whole(Metric::Completion) {
            Some(estimate) => estimated(Some(estimate), words::seconds),
            None if jobs.arrived == 0 => "–".into(),
            None => "not all done".into(),
        },
    ]
}

/// Workload by workload, where a strategy runs several.
#[must_use]
pub fn workloads(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let slices: Vec<(Slice, &str)> =
        (0u16..).zip(&scenario.names.workloads).map(|(n, w)| (Slice::Workload(n), &**w)).collect();
    parts(scenario, study, medium, ("workload", &slices, Metric::JobLatency))
}

/// Call by call, where a strategy makes several.
#[must_use]
pub fn calls(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let calls = (0u16..).zip(&scenario.names.calls);
    let slices: Vec<(Slice, &str)> =
        calls.map(|(n, call)| (Slice::Call(Operation(n)), &**call)).collect();
    parts(scenario, study, medium, ("call", &slices, Metric::Latency))
}

/// What the parts are, which there are, and the latency that matters for them.
type Parts<'a> = (&'a str, &'a [(Slice, &'a str)], fn(Statistic) -> Metric);

fn parts(
    scenario: &Scenario,
    study: &Study,
    medium: Medium,
    (what, slices, latency): Parts<'_>,
) -> Option<String> {
    let header = [
        "strategy",
        what,
        "done",
        "lost",
        "throttled",
        "throttle rate",
        "half within",
        "95 % within",
        "99 % within",
        "all within",
        "all done after",
    ];
    let mut table = medium.table(&header);
    let mut several = false;
    for runs in &study.strategies {
        let row = |(slice, name): &(Slice, &str)| part(scenario, runs, (*slice, name), latency);
        let rows: Vec<Vec<String>> = slices.iter().filter_map(row).collect();
        several |= rows.len() > 1;
        rows.into_iter().for_each(|row| {
            table.add_row(row);
        });
    }
    several.then(|| table.trim_fmt())
}

fn part(
    scenario: &Scenario,
    runs: &Runs,
    (slice, name): (Slice, &str),
    latency: fn(Statistic) -> Metric,
) -> Option<Vec<String>> {
    let counts = runs.counts(&scenario.plan, slice);
    let jobs = &counts.jobs.tally;
    let tally = if jobs.arrived > 0 { jobs } else { &counts.requests };
    let number = |total| words::number(mean(scenario, total));
    let time = |statistic| within(&counts, latency(statistic));
    let completion = runs.estimate(slice, Metric::Completion);
    (tally.arrived > 0).then(|| {
        vec![
            scenario.names.label(runs.strategy).to_string(),
            name.to_string(),
            number(tally.completed),
            number(tally.given_up + tally.unfinished()),
            number(counts.attempts.refused()),
            estimated(runs.estimate(slice, Metric::ThrottleRate), words::percent),
            time(Statistic::Quantile(500)),
            time(Statistic::Quantile(950)),
            time(Statistic::Quantile(990)),
            time(Statistic::Max),
            completion.map_or("not all done".into(), |e| estimated(Some(e), words::seconds)),
        ]
    })
}

/// A count over all replications as the mean of one.
#[expect(clippy::cast_precision_loss)]
fn mean(scenario: &Scenario, total: u64) -> f64 {
    total as f64 / f64::from(scenario.plan.replications)
}

/// A time within which so much was done, if it ever was.
pub(super) fn within(counts: &Counts, metric: Metric) -> String {
    match counts.value(metric) {
        Some(seconds) => words::seconds(seconds),
        None if counts.requests.arrived == 0 => "–".into(),
        None => "never".into(),
    }
}

/// A mean and half of its interval.
pub(super) fn estimated(estimate: Option<Estimate>, say: impl Fn(f64) -> String) -> String {
    let Some(estimate) = estimate else { return "–".into() };
    match estimate.half() {
        Some(half) if half > 0.0 => format!("{} ± {}", say(estimate.mean), say(half)),
        _ => say(estimate.mean),
    }
}

/// What strategies spared the provider, for those that did.
#[must_use]
pub fn spared(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let mut table = medium.table(&[
        "strategy",
        "refused by itself",
        "answered from its cache",
        "in another's call",
    ]);
    for runs in &study.strategies {
        let spared = runs.counts(&scenario.plan, Slice::Whole).spared;
        if !spared.is_nothing() {
            let counts = [spared.refused, spared.cached, spared.batched];
            let label = scenario.names.label(runs.strategy).to_string();
            let counts = counts.map(|count| words::number(mean(scenario, count)));
            table.add_row(std::iter::once(label).chain(counts).collect::<Vec<String>>());
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// Refusals by cause, for strategies that were refused.
#[must_use]
pub fn causes(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let mut table = medium.table(&["strategy", "throttled by", "attempts"]);
    for runs in &study.strategies {
        let counts = runs.counts(&scenario.plan, Slice::Whole);
        for (cause, count) in super::summary::throttled_by(scenario, &counts) {
            let label = scenario.names.label(runs.strategy).to_string();
            table.add_row(vec![label, cause, words::number(mean(scenario, count))]);
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// For each backlog, the soonest that any client could be done.
#[must_use]
pub fn ideal(scenario: &Scenario, medium: Medium) -> Option<String> {
    let mut table =
        medium.table(&["workload", "nobody can be done before", "because", "takes longest"]);
    let ideals = super::ideal::ideals(scenario);
    for ideal in ideals.into_iter().filter(|ideal| ideal.seconds() > 0.0) {
        let name = scenario.names.workloads[ideal.workload].clone();
        let many = if ideal.instances > 1.0 { " each" } else { "" };
        let limit = &scenario.plan.limits[ideal.limit].rule;
        let (n, burst) = (words::number(ideal.requests), words::number(ideal.burst));
        let rate = limit.limiter.published().map_or(String::new(), |rate| rate.to_string());
        let because = format!("{n} requests{many}, {burst} at once, then {rate}");
        let calls = limit.operations.iter().map(|of| &scenario.names.calls[usize::from(of.0)]);
        let calls: Vec<&str> = calls.map(String::as_str).collect();
        table.add_row(vec![name, words::seconds(ideal.seconds()), because, calls.join(", ")]);
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// Expectations and whether they came true.
#[must_use]
pub fn expectations(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let mut table = medium.table(&["expectation", "of", "strategy", "found", "verdict"]);
    for finding in &study.findings {
        let expectation = &scenario.expectations[finding.expectation];
        table.add_row(vec![
            expectation.text.clone(),
            scenario.slice_name(expectation.slice).unwrap_or_else(|| "the whole".into()),
            scenario.names.label(finding.strategy).to_string(),
            found(scenario, finding),
            verdict_of(finding),
        ]);
    }
    (!study.findings.is_empty()).then(|| table.trim_fmt())
}

fn found(scenario: &Scenario, finding: &Finding) -> String {
    let Judgement::Value(estimate) = finding.judgement else { return "no value".into() };
    let say = match scenario.expectations[finding.expectation].metric {
        Metric::ThrottleRate | Metric::FirstTryThrottleRate => words::percent,
        Metric::Completion | Metric::Latency(_) | Metric::JobLatency(_) | Metric::Age(_) => {
            words::seconds
        }
        _ => words::digits,
    };
    estimated(Some(estimate), say)
}

/// Every attempt of a small run, in the order in which they were sent.
#[must_use]
pub fn attempts(scenario: &Scenario, study: &Study, medium: Medium) -> Option<String> {
    let mut table = medium.table(&[
        "strategy", "sent at", "workload", "call", "caller", "attempt", "status", "cause", "next",
    ]);
    for runs in &study.strategies {
        for attempt in &runs.attempts {
            table.add_row(attempt_row(scenario, runs.strategy, attempt));
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

fn attempt_row(scenario: &Scenario, strategy: usize, attempt: &Attempt) -> Vec<String> {
    let names = &scenario.names;
    vec![
        names.label(strategy).to_string(),
        words::moment(attempt.sent),
        names.workloads[usize::from(attempt.workload)].clone(),
        names.calls[usize::from(attempt.operation.0)].clone(),
        scenario.caller_name(attempt.caller),
        attempt.attempt.to_string(),
        attempt.status.to_string(),
        attempt.cause.map_or(String::new(), |cause| names.causes[usize::from(cause)].clone()),
        match attempt.next {
            Next::Done => "done".into(),
            Next::GivenUp => "given up".into(),
            Next::Nothing => "nothing: another attempt counts".into(),
            Next::After(wait) if wait.is_zero() => "again at once".into(),
            Next::After(wait) => format!("again after {}", words::span(wait)),
        },
    ]
}

/// The word for a verdict, and how many runs would settle a doubt.
fn verdict_of(finding: &Finding) -> String {
    let word = verdict_name(finding.verdict);
    let runs = finding
        .settled_by
        .map(|runs| format!("{word}: about {} runs would tell", words::count(runs.into())));
    runs.unwrap_or_else(|| word.into())
}
