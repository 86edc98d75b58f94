//! Scenarios, their strategies and earlier results side by side, with the paired differences of
//! those that met the same arrivals.

use super::chart::{self, Comparison, Heading, Measure};
use super::measures;
use super::table::{Medium, estimated};
use super::words;
use super::{pictures, safe};
use crate::metrics::Estimate;
use crate::metrics::figures::{Ending, Metric, Slice, Statistic};
use crate::scenario::{Scenario, metric_name};
use crate::study::{Runs, Study};
use serde_json::Value;
use std::fmt::Write;

/// Something that is compared: a run, or the `summary.json` of an earlier one.
#[derive(Debug)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// The summary, as JSON.
    pub summary: Value,
    /// The run itself, if it was run now.
    pub run: Option<(Scenario, Study)>,
}

/// What is compared: title, unit, and where a summary holds it.
const COLUMNS: [(&str, Measure, &str); 5] = [
    ("throttle rate", Measure::Share, "/throttle_rate"),
    ("calls per success", Measure::Number, "/calls_per_success"),
    ("jobs lost", Measure::Share, "/loss_rate"),
    ("95 % are done within", Measure::Seconds, "/job_latency_s/p95"),
    ("all done after", Measure::Seconds, "/completion_s"),
];

/// What pairs are compared by.
fn paired_metrics() -> [Metric; 5] {
    [
        Metric::ThrottleRate,
        Metric::CallsPerSuccess,
        Metric::Jobs(Ending::Lost),
        Metric::JobLatency(Statistic::Quantile(950)),
        Metric::Completion,
    ]
}

/// A strategy of a side, and its figures.
struct Row {
    name: String,
    figures: Vec<Option<Estimate>>,
}

/// A figure of a summary: a number, or a mean with its interval.
fn figure(value: &Value) -> Option<Estimate> {
    if let Some(mean) = value.as_f64() {
        return Some(Estimate { mean, ci95: None });
    }
    let mean = value.get("mean")?.as_f64()?;
    let end = |n: usize| value.get("ci95")?.get(n)?.as_f64();
    Some(Estimate { mean, ci95: end(0).zip(end(1)).map(|(low, high)| [low, high]) })
}

fn rows(sides: &[Side]) -> Vec<Row> {
    let mut rows = Vec::new();
    for side in sides {
        for strategy in side.summary["strategies"].as_array().into_iter().flatten() {
            let text = |key: &str| strategy[key].as_str();
            let label = text("label").or(text("name")).unwrap_or("?");
            let figures = COLUMNS.iter();
            let figures = figures.map(|(_, _, pointer)| strategy.pointer(pointer).and_then(figure));
            let name = match sides.len() {
                1 => label.to_string(),
                _ => format!("{}: {label}", side.name),
            };
            rows.push(Row { name, figures: figures.collect() });
        }
    }
    rows
}

/// Every side's strategies in one table.
#[must_use]
pub fn table(sides: &[Side], medium: Medium) -> String {
    let mut header = vec!["strategy"];
    header.extend(COLUMNS.iter().map(|(title, ..)| *title));
    let mut table = medium.table(&header);
    for row in rows(sides) {
        let figures = row.figures.iter().zip(COLUMNS);
        let figures = figures.map(|(figure, (title, measure, _))| match figure {
            None if title == "all done after" => "not all done".into(),
            None if measure == Measure::Seconds => "some lost".into(),
            figure => estimated(*figure, words::of(measure)),
        });
        table.add_row(std::iter::once(row.name).chain(figures));
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
        let alike = scenario.plan.seed == other.plan.seed
            && scenario.plan.replications == other.plan.replications;
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
        paired_metrics().into_iter().filter_map(|metric| change(metric, runs, base)).collect();
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
    let name = metric_name(metric);
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
/// A sentence, if the picture cannot be made.
pub fn files(sides: &[Side]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let names: Vec<String> = sides.iter().map(|side| side.name.clone()).collect();
    let title = "Side by side".to_string();
    let heading = Heading { title, subtitle: words::list(&names) };
    let rows = rows(sides);
    let metrics = COLUMNS.iter().enumerate().map(|(column, (title, measure, _))| chart::Metric {
        title: (*title).into(),
        measure: *measure,
        values: rows.iter().map(|row| row.figures[column].map(pictures::drawn)).collect(),
        expectation: None,
    });
    let strategies = rows.iter().enumerate();
    let strategies =
        strategies.map(|(place, row)| chart::Strategy { place, label: row.name.clone() }).collect();
    let picture = Comparison { heading, strategies, metrics: metrics.collect() }.draw();
    let picture = picture.map_err(|error| error.to_string())?;
    let [png, svg] = pictures::both("comparison", picture)?;
    let mut page = format!("# {}\n\n", words::list(&names));
    for sentence in differences(sides) {
        let _ = writeln!(page, "- {sentence}");
    }
    let table = table(sides, Medium::Markdown);
    let _ = writeln!(page, "\n{table}\n\n![Side by side](comparison.png)");
    Ok(vec![("compare.md".into(), safe::markdown(&page).into_bytes()), png, svg])
}
