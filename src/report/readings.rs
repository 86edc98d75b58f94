//! What is read of a scenario under its providers' readings: whether the answer survives them.

use super::measures::plural;
use super::table::{Medium, estimated};
use super::{notes, safe, words};
use crate::metrics::figures::{Ending, Metric, Slice};
use crate::report::Report;
use crate::scenario::OpenReading;
use crate::study::{Variant, Verdict};
use std::fmt::Write;

/// The choices of a variant: `amazon.refill = continuous`.
fn name(readings: &[OpenReading], variant: &Variant) -> String {
    let one = |(reading, choice): &(usize, usize)| {
        let OpenReading { provider, name, choices, .. } = &readings[*reading];
        format!("{provider}.{name} = {}", choices[*choice])
    };
    let all: Vec<String> = variant.chosen.iter().map(one).collect();
    if all.is_empty() { "as it stands".into() } else { all.join(", ") }
}

/// True if no expectation of the variant fails, and none is in doubt.
fn holds(variant: &Variant) -> bool {
    variant.study.findings.iter().all(|finding| finding.verdict == Verdict::Met)
}

/// Whether the expectations hold under every reading, or who is best.
#[must_use]
pub fn sentence(readings: &[OpenReading], variants: &[Variant]) -> String {
    if readings.is_empty() {
        return "The providers of this scenario leave nothing open.".into();
    }
    let all = variants.len();
    let judged = variants.iter().any(|variant| !variant.study.findings.is_empty());
    let best = |variant: &Variant| Report::new(&variant.scenario, &variant.study).best();
    let (what, held): (String, Vec<bool>) = if judged {
        ("Every expectation is met".into(), variants.iter().map(holds).collect())
    } else if let Some(first) = best(&variants[0]) {
        let label = variants[0].scenario.names.label(first);
        let same = |variant: &Variant| best(variant) == Some(first);
        (format!("“{label}” is best"), variants.iter().map(same).collect())
    } else {
        return "The scenario states no expectation, and no strategy is best beyond chance.".into();
    };
    let number = held.iter().filter(|held| **held).count();
    let noun = plural("reading", &all.to_string());
    let mut text = format!("{what} under {number} of {all} {noun}");
    if number < all {
        let broken = variants.iter().zip(&held).filter(|(_, held)| !**held);
        let names: Vec<String> = broken.map(|(variant, _)| name(readings, variant)).collect();
        let _ = write!(text, "; not under {}", names.join("; "));
    }
    text + "."
}

/// The figures of the table.
const COLUMNS: [Metric; 4] =
    [Metric::ThrottleRate, Metric::LimitUse, Metric::Jobs(Ending::Lost), Metric::Completion];

/// A row for each reading and strategy.
#[must_use]
pub fn table(readings: &[OpenReading], variants: &[Variant], medium: Medium) -> String {
    let titles = COLUMNS.map(Metric::title);
    let titles = titles.iter().map(String::as_str);
    let header: Vec<&str> =
        ["reading", "strategy"].into_iter().chain(titles).chain(["expected", "best"]).collect();
    let mut table = medium.table(&header);
    for variant in variants {
        let scenario = &variant.scenario;
        let best = Report::new(scenario, &variant.study).best();
        for (nth, runs) in variant.study.strategies.iter().enumerate() {
            let figures = COLUMNS.map(|metric| {
                let estimate = runs.estimate(Slice::Whole, metric);
                match (metric, estimate) {
                    (Metric::Completion, None) => "not all done".into(),
                    (Metric::Jobs(_), estimate) => estimated(estimate, words::number),
                    (metric, estimate) => estimated(estimate, words::of(metric.measure())),
                }
            });
            let own = variant.study.findings.iter().filter(|f| f.strategy == runs.strategy);
            let verdict = own.map(|finding| finding.verdict).max();
            let reading = if nth == 0 { name(readings, variant) } else { String::new() };
            let label = scenario.names.label(runs.strategy).to_string();
            let verdict = verdict.map_or("", super::summary::verdict_name).to_string();
            let best = if best == Some(runs.strategy) { "best" } else { "" };
            let row = [reading, label].into_iter().chain(figures);
            table.add_row(row.chain([verdict, best.to_string()]).collect::<Vec<String>>());
        }
    }
    table.trim_fmt()
}

/// What each reading asks.
fn questions(readings: &[OpenReading]) -> String {
    let mut text = String::new();
    for reading in readings {
        let _ = writeln!(
            text,
            "- `{}.{}`: {} {} (here {})",
            reading.provider,
            reading.name,
            reading.question.trim(),
            words::list(&reading.choices),
            reading.choices[reading.chosen]
        );
    }
    text
}

/// What a terminal shows.
#[must_use]
pub fn terminal(readings: &[OpenReading], variants: &[Variant]) -> String {
    let scenario = &variants[0].scenario;
    let first: String = notes::first(scenario).map(|note| note + "\n").collect();
    let question = &scenario.question;
    let table = table(readings, variants, Medium::Terminal);
    let asks = questions(readings);
    let notes = notes::sentences(scenario).map(|note| format!("note: {note}\n"));
    let notes: String = notes.collect();
    format!("{question}\n{first}{}\n{notes}\n{table}\n\n{asks}\n", sentence(readings, variants))
}

/// `readings.md`.
#[must_use]
pub fn page(readings: &[OpenReading], variants: &[Variant]) -> String {
    let scenario = &variants[0].scenario;
    let table = table(readings, variants, Medium::Markdown);
    let mut page = format!("# {}\n\n", scenario.question);
    page += &notes::first_in_markdown(scenario);
    let _ = writeln!(page, "{}\n", sentence(readings, variants));
    page += &notes::markdown(notes::sentences(scenario));
    let _ = writeln!(page, "{table}\n\n## What is open\n\n{}", questions(readings));
    let _ = writeln!(
        page,
        "## To repeat it\n\n`throttlesim readings …/{}.toml --seed {}` with throttlesim {}. \
         Readings that change anything are also run together.",
        scenario.name,
        scenario.plan.seed,
        env!("CARGO_PKG_VERSION"),
    );
    safe::markdown(&page)
}
