//! Scenarios, their strategies and earlier results side by side, with the paired differences of
//! those that met the same arrivals.

use super::chart::{self, Comparison, Heading, Measure};
use super::distrust::{self, Distrust};
use super::measures;
use super::table::{Medium, estimated};
use super::words;
use super::{File, ReportError, pictures, safe};
use crate::metrics::Estimate;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::scenario::Scenario;
use crate::study::{Runs, Study};
use serde_json::Value;
use std::fmt::Write;

/// What is compared, in the table, the picture and the sentences.
const COMPARED: [Metric; 5] = [
    Metric::ThrottleRate,
    Metric::CallsPerSuccess,
    Metric::LossRate,
    Metric::JobLatency(Statistic::Quantile(950)),
    Metric::Completion,
];

/// Something that is compared: a run, or an earlier one of which the `summary.json` is left.
#[derive(Debug)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// One for each strategy.
    rows: Vec<Row>,
    /// The run itself, if it was run now.
    run: Option<(Scenario, Study)>,
}

/// A strategy by its label, and its figures.
#[derive(Debug)]
struct Row {
    label: String,
    figures: [Option<Estimate>; COMPARED.len()],
}

impl Side {
    /// A run.
    #[must_use]
    pub fn of(scenario: Scenario, study: Study) -> Self {
        let row = |runs: &Runs| Row {
            label: scenario.names.label(runs.strategy).to_string(),
            figures: COMPARED.map(|metric| runs.estimate(Slice::Whole, metric)),
        };
        let rows = study.strategies.iter().map(row).collect();
        Self { name: scenario.name.clone(), rows, run: Some((scenario, study)) }
    }

    /// An earlier run, from its `summary.json`.
    ///
    /// # Errors
    /// It is not a summary, or has figures that cannot be.
    pub fn earlier(summary: &Value) -> Result<Self, Distrust> {
        if let Some(wrong) = distrust::wrong(summary) {
            return Err(wrong);
        }
        let strategies = summary["strategies"].as_array().into_iter().flatten();
        let row = |strategy: &Value| {
            let label = strategy["label"].as_str().or(strategy["name"].as_str()).unwrap_or("?");
            let figures = COMPARED.map(|metric| distrust::figure(strategy, metric));
            Row { label: label.into(), figures }
        };
        let name = format!("{} (earlier)", summary["scenario"].as_str().unwrap_or_default());
        Ok(Self { name, rows: strategies.map(row).collect(), run: None })
    }
}

/// Every strategy of every side: its name and figures.
fn rows(sides: &[Side]) -> impl Iterator<Item = (String, &Row)> {
    let name = move |side: &Side, row: &Row| match sides.len() {
        1 => row.label.clone(),
        _ => format!("{}: {}", side.name, row.label),
    };
    sides.iter().flat_map(move |side| side.rows.iter().map(move |row| (name(side, row), row)))
}

/// Every side's strategies in one table.
#[must_use]
pub fn table(sides: &[Side], medium: Medium) -> String {
    let titles = COMPARED.map(Metric::title);
    let header: Vec<&str> =
        std::iter::once("strategy").chain(titles.iter().map(String::as_str)).collect();
    let mut table = medium.table(&header);
    for (name, row) in rows(sides) {
        let figures = row.figures.iter().zip(COMPARED);
        let figures = figures.map(|(figure, metric)| match figure {
            None if metric == Metric::Completion => "not all done".into(),
            None if metric.measure() == Measure::Seconds => "some lost".into(),
            figure => estimated(*figure, words::of(metric.measure())),
        });
        table.add_row(std::iter::once(name).chain(figures));
    }
    table.trim_fmt()
}

/// What differs beyond chance between sides that met the same arrivals, a sentence each.
#[must_use]
pub fn differences(sides: &[Side]) -> Vec<String> {
    let mut sentences = Vec::new();
    let Some((first, others)) = sides.split_first() else { return sentences };
    let Some((scenario, study)) = &first.run else { return sentences };
    for side in others {
        let Some((other, theirs)) = &side.run else { continue };
        let alike =
            scenario.plan.seed == other.plan.seed && study.replications == theirs.replications;
        if !alike {
            let name = &side.name;
            sentences.push(format!(
                "{name} has another seed or number of runs than {}: no pairs to compare.",
                first.name
            ));
            continue;
        }
        for runs in &study.strategies {
            let own = &scenario.names.strategies[runs.strategy].0;
            let same = theirs
                .strategies
                .iter()
                .find(|runs| other.names.strategies[runs.strategy].0 == *own);
            if let Some(same) = same {
                let label = scenario.names.label(runs.strategy);
                sentences.push(difference((&side.name, same), (&first.name, runs), label));
            }
        }
    }
    sentences
}

fn difference((name, runs): (&str, &Runs), (first, base): (&str, &Runs), label: &str) -> String {
    let parts: Vec<String> =
        COMPARED.into_iter().filter_map(|metric| change(metric, runs, base)).collect();
    match (parts.is_empty(), base.replications()) {
        (true, 1) => format!("“{label}”: {name} does not differ from {first} in this one run."),
        (true, _) => format!("“{label}”: {name} does not differ from {first} beyond chance."),
        (false, 1) => {
            let parts = parts.join("; ");
            format!("“{label}”: in this one run {name} has, against {first}, {parts}.")
        }
        (false, count) => format!(
            "“{label}”: {name} has, against {first}, {} (95 % intervals of {count} paired runs).",
            parts.join("; ")
        ),
    }
}

/// How a figure has changed: `throttle_rate 16.7 percentage points lower (84.3 % to 67.6 %)`;
/// `None` if it has not, beyond chance.
fn change(metric: Metric, runs: &Runs, base: &Runs) -> Option<String> {
    let name = metric.key();
    let mean = |of: &Runs| of.estimate(Slice::Whole, metric).map(|estimate| estimate.mean);
    let shown = |value| words::of(metric.measure())(value);
    let (old, new) = match (mean(base), mean(runs)) {
        (Some(old), Some(new)) => (old, new),
        (Some(old), None) => {
            return Some(format!("no {name}, as work was lost (it was {})", shown(old)));
        }
        (None, Some(new)) => return Some(format!("{name} {} (there was none)", shown(new))),
        (None, None) => return None,
    };
    let found = runs.difference(base, Slice::Whole, metric)?;
    let beyond = found.half().map_or(found.mean != 0.0, |half| found.mean.abs() > half);
    if !beyond {
        return None;
    }
    let more = if found.mean > 0.0 { "higher" } else { "lower" };
    let size = measures::estimated_difference(metric.measure(), found);
    Some(format!("{name} {size} {more} ({} to {})", shown(old), shown(new)))
}

/// Every file of a comparison, by name.
///
/// # Errors
/// The picture cannot be made.
pub fn files(sides: &[Side]) -> Result<Vec<File>, ReportError> {
    let names: Vec<String> = sides.iter().map(|side| side.name.clone()).collect();
    let title = "Side by side".to_string();
    let heading = Heading { title, subtitle: words::list(&names) };
    let metrics = COMPARED.iter().enumerate().map(|(column, metric)| chart::Metric {
        title: metric.title(),
        measure: metric.measure(),
        values: rows(sides).map(|(_, row)| row.figures[column].map(pictures::drawn)).collect(),
        expectation: None,
    });
    let strategies = rows(sides).enumerate();
    let strategies =
        strategies.map(|(place, (label, _))| chart::Strategy { place, label }).collect();
    let picture = Comparison { heading, strategies, metrics: metrics.collect() }.draw();
    let [png, svg] = pictures::both("comparison", &picture)?;
    let mut page = format!("# {}\n\n", words::list(&names));
    for sentence in differences(sides) {
        let _ = writeln!(page, "- {sentence}");
    }
    let table = table(sides, Medium::Markdown);
    let _ = writeln!(page, "\n{table}\n\n![Side by side](comparison.png)");
    Ok(vec![("compare.md".into(), safe::markdown(&page).into_bytes()), png, svg])
}
