//! Tables of details: by workload, by call, by cause, what was spared, and every attempt.

use super::table::{Medium, estimated, mean, time};
use super::words;
use crate::limiter::Limit;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::simulation::{Attempt, Next};
use crate::study::Runs;
use crate::wire::Operation;

/// Workload by workload, where a strategy runs several.
#[must_use]
pub fn workloads(report: Report<'_>, medium: Medium) -> Option<String> {
    let scenario = report.scenario;
    let slices: Vec<(Slice, &str)> =
        (0u16..).zip(&scenario.names.workloads).map(|(n, w)| (Slice::Workload(n), &**w)).collect();
    parts(report, medium, ("workload", &slices, Metric::JobLatency))
}

/// Call by call, where a strategy makes several.
#[must_use]
pub fn calls(report: Report<'_>, medium: Medium) -> Option<String> {
    let scenario = report.scenario;
    let calls = (0u16..).zip(&scenario.names.calls);
    let slices: Vec<(Slice, &str)> =
        calls.map(|(n, call)| (Slice::Call(Operation(n)), &**call)).collect();
    parts(report, medium, ("call", &slices, Metric::Latency))
}

/// What the parts are, which there are, and the latency that matters for them.
type Parts<'a> = (&'a str, &'a [(Slice, &'a str)], fn(Statistic) -> Metric);

fn parts(report: Report<'_>, medium: Medium, (what, slices, latency): Parts<'_>) -> Option<String> {
    let study = report.study;
    let within = [500, 950, 990].map(Statistic::Quantile).into_iter().chain([Statistic::Max]);
    let titles = std::iter::once(Metric::ThrottleRate)
        .chain(within.map(Metric::JobLatency))
        .chain([Metric::Completion])
        .map(Metric::title);
    let counts = ["strategy", what, "done", "lost", "throttled"].map(String::from);
    let header: Vec<String> = counts.into_iter().chain(titles).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = medium.table(&header);
    let mut several = false;
    for runs in &study.strategies {
        let row = |(slice, name): &(Slice, &str)| part(report, runs, (*slice, name), latency);
        let rows: Vec<Vec<String>> = slices.iter().filter_map(row).collect();
        several |= rows.len() > 1;
        rows.into_iter().for_each(|row| {
            table.add_row(row);
        });
    }
    several.then(|| table.trim_fmt())
}

fn part(
    report: Report<'_>,
    runs: &Runs,
    (slice, name): (Slice, &str),
    latency: fn(Statistic) -> Metric,
) -> Option<Vec<String>> {
    let Report { scenario, study } = report;
    let counts = runs.counts(&scenario.plan, slice);
    let jobs = &counts.jobs.tally;
    let tally = if jobs.arrived > 0 { jobs } else { &counts.requests };
    let number = |total| words::number(mean(study, total));
    let time = |statistic| time(runs, slice, latency(statistic));
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

/// What strategies spared the provider, for those that did.
#[must_use]
pub fn spared(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
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
            let counts = counts.map(|count| words::number(mean(study, count)));
            table.add_row(std::iter::once(label).chain(counts).collect::<Vec<String>>());
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// Refusals by cause, for strategies that were refused.
#[must_use]
pub fn causes(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
    let mut table = medium.table(&["strategy", "throttled by", "attempts"]);
    for runs in &study.strategies {
        let counts = runs.counts(&scenario.plan, Slice::Whole);
        for (cause, count) in super::summary::throttled_by(scenario, &counts) {
            let label = scenario.names.label(runs.strategy).to_string();
            table.add_row(vec![label, cause, words::number(mean(study, count))]);
        }
    }
    (table.row_iter().count() > 0).then(|| table.trim_fmt())
}

/// For each backlog, the soonest that any client could be done.
#[must_use]
pub fn ideal(scenario: &Scenario, medium: Medium) -> Option<String> {
    let mut table =
        medium.table(&["workload", "nobody can be done before", "because", "takes longest"]);
    let ideals = crate::study::ideals(scenario);
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

/// Every attempt of a small run, in the order in which they were sent.
#[must_use]
pub fn attempts(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
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
        attempt.status.map_or("none".into(), |status| status.to_string()),
        attempt.cause.map_or(String::new(), |cause| names.causes[usize::from(cause)].clone()),
        match attempt.next {
            Next::Done => "done".into(),
            Next::GivenUp => "given up".into(),
            Next::Nothing => "nothing: another attempt counts".into(),
            Next::UnderWay => "under way when time was over".into(),
            Next::After(wait) if wait.is_zero() => "again at once".into(),
            Next::After(wait) => format!("again after {}", words::span(wait)),
        },
    ]
}
