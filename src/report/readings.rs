//! What is read of a scenario under its providers' readings: whether the answer survives them.

use super::fitted::{self, Column, Fit, Need, Rows, both, broken, plain};
use super::table::Medium;
use super::{notes, safe, words};
use crate::metrics::figures::{Ending, Metric, Slice};
use crate::report::Report;
use crate::scenario::OpenReading;
use crate::study::{Runs, Variant, Verdict};
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
    let among = words::counted(all as u64, "reading");
    let mut text = format!("{what} under {number} of {among}");
    if number < all {
        let broken = variants.iter().zip(&held).filter(|(_, held)| !**held);
        let names: Vec<String> = broken.map(|(variant, _)| name(readings, variant)).collect();
        let _ = write!(text, "; not under {}", names.join("; "));
    }
    text + "."
}

/// The figures of the table.
const COLUMNS: [(Metric, Need); 4] = [
    (Metric::ThrottleRate, Need::Always),
    (Metric::LimitUse, Need::IfWide),
    (Metric::Jobs(Ending::Lost), Need::Always),
    (Metric::Completion, Need::Always),
];

/// A row for each reading and strategy.
#[must_use]
pub fn table(readings: &[OpenReading], variants: &[Variant], medium: Medium, fit: Fit) -> String {
    let rows = variants.iter().flat_map(|variant| {
        variant.study.strategies.iter().enumerate().map(move |(nth, runs)| (variant, nth, runs))
    });
    let column = |title: &str, need, cell: &dyn Fn(&Variant, &Runs) -> [String; 2]| Column {
        title: broken(title),
        need,
        cells: rows.clone().map(|(variant, _, runs)| cell(variant, runs)).collect(),
    };
    let label = |variant: &Variant, runs: &Runs| {
        plain(variant.scenario.names.label(runs.strategy).to_string())
    };
    // Where there is little room, the strategy shares a column with the reading.
    let is_narrow = matches!(fit, Fit::Width(_));
    let mut columns = Vec::new();
    if !is_narrow {
        columns.push(column("strategy", Need::Always, &label));
    }
    for (metric, need) in COLUMNS {
        columns.push(column(&metric.title(), need, &|_, runs| figure(runs, metric)));
    }
    let verdict = |variant: &Variant, runs: &Runs| {
        let own = variant.study.findings.iter().filter(|f| f.strategy == runs.strategy);
        let verdict = own.map(|finding| finding.verdict).max();
        plain(verdict.map_or("", super::summary::verdict_name).to_string())
    };
    columns.push(column("expected", Need::Main, &verdict));
    let best = |variant: &Variant, runs: &Runs| {
        let best = Report::new(&variant.scenario, &variant.study).best() == Some(runs.strategy);
        plain(if best { "best" } else { "" }.into())
    };
    columns.push(column("best", Need::Main, &best));
    let labels = rows.clone().map(|(variant, nth, runs)| {
        let label = variant.scenario.names.label(runs.strategy);
        match (is_narrow, nth) {
            (true, _) => format!("{}: {label}", name(readings, variant)),
            (false, 0) => name(readings, variant),
            (false, _) => String::new(),
        }
    });
    let labels = labels.collect();
    let title = if is_narrow { "reading: strategy" } else { "reading" };
    fitted::table(&Rows { title, labels }, &columns, medium, fit)
}

fn figure(runs: &Runs, metric: Metric) -> [String; 2] {
    match (metric, runs.estimate(Slice::Whole, metric)) {
        (Metric::Completion, None) => plain("not all done".into()),
        (Metric::Jobs(_), estimate) => both(estimate, words::number),
        (metric, estimate) => both(estimate, words::of(metric.measure())),
    }
}

/// What each reading asks.
fn questions(readings: &[OpenReading]) -> Vec<String> {
    let question = |reading: &OpenReading| {
        format!(
            "- `{}.{}`: {} {} (here {})",
            reading.provider,
            reading.name,
            reading.question.trim(),
            words::list(&reading.choices),
            reading.choices[reading.chosen]
        )
    };
    readings.iter().map(question).collect()
}

/// What a terminal shows.
#[must_use]
pub fn terminal(readings: &[OpenReading], variants: &[Variant], width: usize) -> String {
    let scenario = &variants[0].scenario;
    let mut page = words::clipped(&scenario.question, width) + "\n";
    for note in notes::first(scenario) {
        page += &words::wrapped(&note, width, "  ");
    }
    page += &words::wrapped(&sentence(readings, variants), width, "");
    for note in notes::sentences(scenario) {
        page += &words::wrapped(&format!("note: {note}"), width, "  ");
    }
    let table = table(readings, variants, Medium::Terminal, Fit::Width(width));
    let _ = writeln!(page, "\n{table}");
    for line in questions(readings) {
        page += &words::wrapped(&line, width, "  ");
    }
    page + "\n"
}

/// `readings.md`.
#[must_use]
pub fn page(readings: &[OpenReading], variants: &[Variant]) -> String {
    let scenario = &variants[0].scenario;
    let table = table(readings, variants, Medium::Markdown, Fit::All);
    let mut page = format!("# {}\n\n", scenario.question);
    page += &notes::first_in_markdown(scenario);
    let _ = writeln!(page, "{}\n", sentence(readings, variants));
    page += &notes::markdown(notes::sentences(scenario));
    let questions = questions(readings).join("\n");
    let _ = writeln!(page, "{table}\n\n## What is open\n\n{questions}\n");
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
