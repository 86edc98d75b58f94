//! Tables for programs: `strategies.csv`, `timeline.csv`, and `quota.csv` where a quota follows
//! revenue. Seconds as numbers, one header line, one row a record.

use super::safe;
use crate::metrics::figures::{Metric, Slice, rounded};
use crate::metrics::{Channel, Estimate};
use crate::report::Report;
use csv::{Error, Writer};

/// A file's name and its bytes.
pub type Named = (&'static str, Vec<u8>);

impl Report<'_> {
    /// Every table of a study; a league of hundreds has no timeline.
    ///
    /// # Errors
    /// If a writer fails, which memory does not.
    pub fn tables(self) -> Result<Vec<Named>, Error> {
        let Report { scenario, study } = self;
        let mut files = vec![("strategies.csv", strategies(self)?)];
        if scenario.league.is_none() {
            files.push(("timeline.csv", timeline(self)?));
        }
        if study.strategies.iter().any(|runs| !runs.total.days.is_empty()) {
            files.push(("quota.csv", quota(self)?));
        }
        Ok(files)
    }

    /// The table of strategies for standard output: each row begins with the scenario's name, so
    /// that those of several scenarios follow one another under one `header`.
    ///
    /// # Errors
    /// If a writer fails, which memory does not.
    pub fn csv(self, header: bool) -> Result<String, Error> {
        let scenario = self.scenario;
        let table = String::from_utf8_lossy(&strategies(self)?).into_owned();
        let mut csv = Writer::from_writer(Vec::new());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        for (number, record) in reader.records().enumerate().skip(usize::from(!header)) {
            let first = if number == 0 { "scenario" } else { scenario.name.as_str() };
            csv.write_record(std::iter::once(first).chain(&record?))?;
        }
        Ok(String::from_utf8_lossy(&finish(csv)?).into_owned())
    }
}

/// One row a strategy, one column a metric; means over the replications.
fn strategies(report: Report<'_>) -> Result<Vec<u8>, Error> {
    let Report { scenario, study } = report;
    let mut csv = Writer::from_writer(Vec::new());
    let columns: Vec<Metric> = Metric::all().into_iter().filter(|of| of.is_in_csv()).collect();
    let names = columns.iter().map(|metric| metric.column());
    csv.write_record(std::iter::once("strategy".to_string()).chain(names))?;
    for runs in &study.strategies {
        let mut record = vec![safe::csv(&scenario.names.strategies[runs.strategy].0)];
        record.extend(columns.iter().map(|metric| {
            let estimate = runs.estimate(Slice::Whole, *metric);
            estimate.map_or(String::new(), |e| rounded(e.mean).to_string())
        }));
        csv.write_record(record)?;
    }
    finish(csv)
}

/// One row a strategy and interval; totals over the replications, and the 95 % intervals of the
/// throttle rate and of the mean backlog, where there are several.
fn timeline(report: Report<'_>) -> Result<Vec<u8>, Error> {
    let Report { scenario, study } = report;
    let mut csv = Writer::from_writer(Vec::new());
    csv.write_record([
        "strategy",
        "from_s",
        "length_s",
        "arrived",
        "ended",
        "admitted",
        "throttled",
        "failed",
        "backlog_at_end",
        "throttle_rate_low",
        "throttle_rate_high",
        "backlog_low",
        "backlog_high",
    ])?;
    for runs in &study.strategies {
        let timeline = &runs.total.timeline;
        let width = timeline.width().as_secs_f64();
        let channels = [Channel::Arrived, Channel::Ended, Channel::Admitted, Channel::Failed];
        let [arrived, ended, admitted, failed] =
            channels.map(|channel| timeline.channel(channel).collect::<Vec<_>>());
        let throttled: Vec<u64> = timeline.throttled().collect();
        let backlog: Vec<u64> = timeline.backlog().collect();
        let rates = runs.throttle_rate_over_time(timeline);
        let waiting = runs.backlog_over_time(timeline);
        let ends = |of: Option<Estimate>| match of.and_then(|of| of.ci95) {
            Some(ends) => ends.map(|end| rounded(end).to_string()),
            None => [const { String::new() }; 2],
        };
        for n in 0..timeline.len() {
            let counts = [arrived[n], ended[n], admitted[n], throttled[n], failed[n], backlog[n]];
            let name = safe::csv(&scenario.names.strategies[runs.strategy].0);
            #[expect(clippy::cast_precision_loss)]
            let from = rounded(n as f64 * width);
            let mut record = vec![name, from.to_string(), width.to_string()];
            record.extend(counts.map(|count| count.to_string()));
            record.extend(ends(rates.get(n).copied().flatten()));
            record.extend(ends(waiting.get(n).copied()));
            csv.write_record(record)?;
        }
    }
    finish(csv)
}

/// One row a strategy and day, for the first account.
fn quota(report: Report<'_>) -> Result<Vec<u8>, Error> {
    let Report { scenario, study } = report;
    let mut csv = Writer::from_writer(Vec::new());
    csv.write_record(["strategy", "day", "phase", "revenue_usd", "per_day", "per_second", "used"])?;
    for runs in &study.strategies {
        for day in &runs.total.days {
            let per_second = day.per_second.map_or(0.0, |rate| rate.per_second_f64());
            csv.write_record([
                safe::csv(&scenario.names.strategies[runs.strategy].0),
                day.day.to_string(),
                day.phase.name().to_string(),
                day.revenue.dollars().to_string(),
                day.per_day.to_string(),
                rounded(per_second).to_string(),
                day.used.to_string(),
            ])?;
        }
    }
    finish(csv)
}

fn finish(csv: Writer<Vec<u8>>) -> Result<Vec<u8>, Error> {
    csv.into_inner().map_err(|error| error.into_error().into())
}
