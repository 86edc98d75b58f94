//! Strategies side by side: a table of at most eight columns that fits its reader, or of all.

use super::fitted::{self, Column, Fit, Need, Rows, both, broken, plain};
use super::table::{Medium, time};
use super::words;
use crate::metrics::Estimate;
use crate::metrics::figures::{Answer, Ending, Metric, Part, Slice, Statistic};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::Runs;
use crate::workload::OnFailure;

impl Report<'_> {
    /// The strategies in the scenario's order. Every figure is the mean of the runs. Times are
    /// those within which so many of all jobs were completed: lost work takes longer than any time.
    /// Limit use is the largest share of any limit that was in use. Fairness is Jain's index of the
    /// share of its requests that each account got done.
    #[must_use]
    pub fn comparison(self, medium: Medium, fit: Fit) -> String {
        let label = |runs: &Runs| self.scenario.names.label(runs.strategy).to_string();
        let labels = self.study.strategies.iter().map(label).collect();
        let rows = Rows { title: "strategy", labels };
        fitted::table(&rows, &columns(self), medium, fit)
    }
}

fn columns(report: Report<'_>) -> Vec<Column> {
    let Report { scenario, study } = report;
    let runs = &study.strategies;
    let counts = |runs: &Runs| runs.counts(&scenario.plan, Slice::Whole);
    let several = runs.len() > 1;
    let aged = runs.iter().any(|runs| !counts(runs).jobs.age.is_empty());
    let fair = scenario.plan.population.accounts > 1;
    let column = |title: &str, need, cell: &dyn Fn(&Runs) -> [String; 2]| Column {
        title: title.into(),
        need,
        cells: runs.iter().map(cell).collect(),
    };
    let mut columns = Vec::new();
    if several {
        let ranking = report.rankings().into_iter().next();
        columns.push(column("rank", Need::Always, &|runs| {
            let place = ranking.as_ref().and_then(|of| of.ranked.place(runs.strategy));
            plain(place.map_or(String::new(), |place| place.to_string()))
        }));
    }
    let age = aged.then_some((Metric::Age(Statistic::Quantile(950)), Need::Always));
    let limits = !scenario.plan.limits.is_empty();
    let limits = limits.then_some((Metric::LimitUse, Need::Detail));
    let fair = fair.then_some((Metric::Fairness, Need::Detail));
    let median = if aged { Need::Detail } else { Need::Main };
    let lost = [
        (Metric::Jobs(Ending::Completed), Need::Detail),
        (Metric::Jobs(Ending::Lost), Need::Always),
    ];
    let skipping = scenario.plan.workloads.iter().any(|work| work.on_failure == OnFailure::Skip);
    let skipped = skipping.then_some((Metric::SkippedRate, Need::Always));
    let others = [
        (Metric::Attempts(Answer::Throttled), Need::Detail),
        (Metric::ThrottleRate, Need::Always),
        (Metric::CallsPerSuccess, Need::IfWide),
        (Metric::JobLatency(Statistic::Quantile(500)), median),
        (Metric::JobLatency(Statistic::Quantile(950)), Need::Always),
        (Metric::JobLatency(Statistic::Max), Need::Detail),
        (Metric::Completion, Need::Always),
    ];
    for (metric, need) in
        lost.into_iter().chain(skipped).chain(others).chain(age).chain(limits).chain(fair)
    {
        let title = broken(&metric.title());
        columns.push(column(&title, need, &|runs| cell(scenario, runs, metric)));
    }
    columns
}

/// A metric of a strategy.
fn cell(scenario: &Scenario, runs: &Runs, metric: Metric) -> [String; 2] {
    let estimate = runs.estimate(Slice::Whole, metric);
    let is_count = matches!(metric.part(), Some(Part::Ending(_) | Part::Answer(_)));
    if is_count {
        plain(estimate.map_or("–".into(), |estimate| words::number(estimate.mean)))
    } else if metric == Metric::Completion {
        finished(estimate, &runs.counts(&scenario.plan, Slice::Whole).jobs.tally)
    } else if matches!(metric, Metric::JobLatency(_)) {
        plain(time(runs, Slice::Whole, metric))
    } else {
        both(estimate, words::of(metric.measure()))
    }
}

fn finished(estimate: Option<Estimate>, jobs: &crate::metrics::Tally) -> [String; 2] {
    match estimate {
        Some(estimate) => both(Some(estimate), words::seconds),
        None if jobs.arrived == 0 => plain("–".into()),
        None if jobs.unfinished() > 0 => plain("unfinished".into()),
        None => plain("some lost".into()),
    }
}
