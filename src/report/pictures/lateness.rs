//! The picture of when jobs are done, where the scenario says until when they must be.

use super::{Album, Named, Pictures};
use crate::metrics::figures::{Metric, Slice};
use crate::report::chart::{Lateness, Series};
use crate::report::words;
use crate::study::Runs;
use crate::units::Span;

const TITLE: &str = "When jobs are done, against their deadline";

impl Album<'_> {
    /// The picture against the first bound on the latency of jobs that the scenario expects.
    pub(super) fn lateness(&self, pictures: &mut Pictures) {
        let Some((slice, deadline)) = self.deadline() else { return };
        let done: Vec<Vec<(Span, f64)>> =
            self.report.study.strategies.iter().map(|runs| self.done(runs, slice)).collect();
        let in_time: Vec<Option<f64>> = done.iter().map(|line| within(line, deadline)).collect();
        let least = in_time.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        if least >= 1.0 {
            let of = words::span(deadline);
            let why = match in_time.iter().any(Option::is_some) {
                true => format!("every job is done within {of}, with each strategy"),
                false => "there are no jobs".into(),
            };
            pictures.left_out.push(format!("{TITLE}: {why}"));
            return;
        }
        let finding = self.late(&in_time, deadline);
        let part = match self.report.scenario.slice_name(slice) {
            Some(name) => format!("{TITLE}, of {name}"),
            None => TITLE.into(),
        };
        let heading = self.heading(&finding, &part);
        let series = self.report.study.strategies.iter().zip(done);
        let series = series.map(|(runs, values)| Series { strategy: self.strategy(runs), values });
        let picture = Lateness { heading, deadline, series: series.collect() }.draw();
        pictures.drawn.push(Named { title: finding, file: "lateness".into(), picture });
    }

    /// How long jobs may take, and which jobs; `None` where the scenario does not say.
    fn deadline(&self) -> Option<(Slice, Span)> {
        let bound = self.report.scenario.expectations.iter().find(|expected| {
            matches!(expected.metric, Metric::JobLatency(_))
                && matches!(expected.slice, Slice::Whole | Slice::Workload(_))
                && expected.comparison.bounds_above()
        })?;
        Some((bound.slice, Span::from_secs_f64(bound.value)))
    }

    /// How long jobs take, ascending, and the share of all that are done within it.
    #[expect(clippy::cast_precision_loss)]
    fn done(&self, runs: &Runs, slice: Slice) -> Vec<(Span, f64)> {
        let jobs = runs.counts(&self.report.scenario.plan, slice).jobs;
        let all = jobs.tally.arrived as f64;
        let share = |(time, done): (Span, u64)| (time, done as f64 / all);
        match (jobs.latency.count(), jobs.tally.arrived) {
            (_, 0) => Vec::new(),
            (0, _) => vec![(Span::ZERO, 0.0)],
            _ => jobs.latency.steps().map(share).collect(),
        }
    }

    /// How many jobs of the worst and the best strategy are late or lost, `shares` being what each
    /// completes in time.
    fn late(&self, shares: &[Option<f64>], deadline: Span) -> String {
        let late = |(nth, share): (usize, &Option<f64>)| Some((nth, 1.0 - (*share)?));
        let mut known: Vec<(usize, f64)> = shares.iter().enumerate().filter_map(late).collect();
        known.sort_by(|a, b| b.1.total_cmp(&a.1));
        let not_done = format!("not done within {}", words::span(deadline));
        let name = |nth: usize| self.name(self.report.study.strategies[nth].strategy);
        let percent = words::percent;
        match known.as_slice() {
            [] => String::new(),
            [(_, only)] => format!("{} of the jobs are {not_done}", percent(*only)),
            [(worst, most), .., (best, least)] if most > least => format!(
                "{} of the jobs of {} are {not_done}, {} of those of {}",
                percent(*most),
                name(*worst),
                percent(*least),
                name(*best)
            ),
            [(_, share), ..] => {
                format!("With each strategy {} of the jobs are {not_done}", percent(*share))
            }
        }
    }
}

/// The share of jobs that are done within a time; `None` without jobs.
fn within(line: &[(Span, f64)], time: Span) -> Option<f64> {
    let after = line.partition_point(|(taken, _)| *taken <= time);
    let (_, share) = after
        .checked_sub(1)
        .map(|last| line[last])
        .or_else(|| line.first().map(|(taken, _)| (*taken, 0.0)))?;
    Some(share)
}
