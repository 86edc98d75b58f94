//! What is read of a sweep: a table of every point, and pictures over one parameter or two.

mod album;
mod front;
mod points;

use super::table::Medium;
use super::{File, ReportError, pictures, safe, words};
use crate::metrics::figures::Metric;
use crate::scenario::{Grid, Scenario};
use crate::study::{Sweep, Verdict};
use csv::Writer;
use serde::Serialize;
use std::fmt::Write;

/// A sweep of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Swept<'a> {
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// Its points.
    pub grid: &'a Grid,
    /// What was found.
    pub sweep: &'a Sweep,
}

/// Every file of a sweep, by name.
///
/// # Errors
/// A picture or a table cannot be made.
pub fn files(swept: Swept<'_>) -> Result<Vec<File>, ReportError> {
    let mut pictures = album::all(swept);
    pictures.extend(front::picture(swept));
    let titles: Vec<(String, String)> =
        pictures.iter().map(|p| (p.title.clone(), format!("{}.png", p.file))).collect();
    let mut files = vec![
        ("sweep.csv".to_string(), table(swept)?),
        ("sweep.json".to_string(), json(swept).into_bytes()),
        ("sweep.md".to_string(), safe::markdown(&page(swept, &titles)).into_bytes()),
    ];
    for named in pictures {
        files.extend(pictures::both(&named.file, &named.picture)?);
    }
    Ok(files)
}

/// The word for a strategy's verdict, nothing if it has no expectation.
fn verdict(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("", super::summary::verdict_name)
}

/// One row a point and strategy.
fn table(swept: Swept<'_>) -> Result<Vec<u8>, csv::Error> {
    let Swept { scenario, grid, sweep } = swept;
    let mut csv = Writer::from_writer(Vec::new());
    let mut header = vec!["point".to_string()];
    header.extend(grid.axes.iter().map(|axis| axis.address.clone()));
    header.extend(["strategy".to_string(), "verdict".into()]);
    for metric in &sweep.metrics {
        let name = metric.key().replace('.', "_");
        header.extend([name.clone(), format!("{name}_low"), format!("{name}_high")]);
    }
    csv.write_record(&header)?;
    for point in &sweep.points {
        for (strategy, findings) in point.strategies.iter().enumerate() {
            let mut row = vec![point.point.to_string()];
            row.extend(
                grid.settings(point.point).iter().map(|setting| safe::csv(&setting.shown())),
            );
            row.push(safe::csv(&scenario.names.strategies[strategy].0));
            row.push(verdict(findings.verdict).into());
            for figure in &findings.figures {
                let part = |n: usize| figure.as_ref().and_then(|figure| figure.get(n));
                row.extend((0..3).map(|n| part(n).map_or(String::new(), f64::to_string)));
            }
            csv.write_record(&row)?;
        }
    }
    csv.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

#[derive(Serialize)]
struct Json<'a> {
    schema: u32,
    scenario: &'a str,
    question: &'a str,
    seed: u64,
    version: &'static str,
    assumptions: &'a [String],
    strategies: Vec<&'a str>,
    metrics: Vec<String>,
    axes: Vec<JsonAxis<'a>>,
    points: &'a [crate::study::PointFindings],
}

#[derive(Serialize)]
struct JsonAxis<'a> {
    address: &'a str,
    values: Vec<String>,
}

/// Everything, for programs.
fn json(swept: Swept<'_>) -> String {
    let Swept { scenario, grid, sweep } = swept;
    let json = Json {
        schema: super::summary::SCHEMA,
        scenario: &scenario.name,
        question: &scenario.question,
        seed: scenario.plan.seed,
        version: env!("CARGO_PKG_VERSION"),
        assumptions: &scenario.assumptions,
        strategies: scenario.names.strategies.iter().map(|(name, _)| name.as_str()).collect(),
        metrics: sweep.metrics.iter().map(|metric| metric.key()).collect(),
        axes: grid
            .axes
            .iter()
            .map(|axis| JsonAxis {
                address: &axis.address,
                values: axis.settings.iter().map(crate::scenario::Setting::shown).collect(),
            })
            .collect(),
        points: &sweep.points,
    };
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}

/// A sentence for each strategy: at how many points its expectations are met, and the lowest and
/// highest value of each metric that was asked for, with the point of each.
#[must_use]
pub fn sentences(swept: Swept<'_>) -> Vec<String> {
    let Swept { scenario, grid, sweep } = swept;
    let sentence = |strategy: usize| {
        let label = scenario.names.label(strategy);
        let verdicts = sweep.points.iter().filter_map(|p| p.strategies.get(strategy)?.verdict);
        let (judged, met) =
            verdicts.fold((0, 0), |(all, met), v| (all + 1, met + usize::from(v == Verdict::Met)));
        let held =
            (judged > 0).then(|| format!("all expectations are met at {met} of {judged} points"));
        let ranges = grid.metrics.iter().filter_map(|of| range(swept, strategy, *of));
        let parts: Vec<String> = held.into_iter().chain(ranges).collect();
        (!parts.is_empty()).then(|| format!("{label}: {}.", parts.join("; ")))
    };
    (0..scenario.names.strategies.len()).filter_map(sentence).collect()
}

/// From where to where a metric of a strategy goes, over the points at which it has a value.
fn range(swept: Swept<'_>, strategy: usize, metric: Metric) -> Option<String> {
    let Swept { grid, sweep, .. } = swept;
    let name = metric.key();
    let found = |point: usize| Some((point, *sweep.figure(point, strategy, metric)?.first()?));
    let figures: Vec<(usize, f64)> = (0..sweep.points.len()).filter_map(found).collect();
    let least = figures.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let most = figures.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let end = |(point, value): &(usize, f64)| {
        format!("{} ({})", value_of(metric, *value), settings(grid, *point))
    };
    let without = match sweep.points.len() - figures.len() {
        0 => String::new(),
        n => format!(", no value at {} of {} points", n, sweep.points.len()),
    };
    Some(match (least.1 < most.1, without.is_empty()) {
        (true, _) => format!("{name} from {} to {}{without}", end(least), end(most)),
        (false, true) => format!("{name} is {} at every point", value_of(metric, least.1)),
        (false, false) => format!("{name} is {}{without}", value_of(metric, least.1)),
    })
}

/// The points on a terminal; more of them with details.
#[must_use]
pub fn points(swept: Swept<'_>, verbose: bool) -> String {
    points::table(swept, Medium::Terminal, verbose)
}

/// A point's values, for people.
fn settings(grid: &Grid, point: usize) -> String {
    let settings = grid.settings(point);
    let pairs = grid.axes.iter().zip(settings);
    let pairs: Vec<String> =
        pairs.map(|(axis, setting)| format!("{} = {}", axis.address, setting.told())).collect();
    pairs.join(", ")
}

/// A figure as people read it.
#[must_use]
pub fn value_of(metric: Metric, value: f64) -> String {
    words::of(metric.measure())(value)
}

/// `sweep.md`.
fn page(swept: Swept<'_>, pictures: &[(String, String)]) -> String {
    let Swept { scenario, grid, sweep } = swept;
    let mut page = format!("# {}\n\n", scenario.question);
    let axes: Vec<String> = grid
        .axes
        .iter()
        .map(|axis| format!("{} values of `{}`", axis.settings.len(), axis.address))
        .collect();
    let _ = writeln!(page, "{} points: {}.\n", grid.len(), axes.join(" × "));
    page += &super::notes::first_in_markdown(scenario);
    for sentence in sentences(swept) {
        let _ = writeln!(page, "- {sentence}");
    }
    page += &super::notes::markdown(super::notes::sentences(scenario));
    page.push('\n');
    for (title, file) in pictures {
        let _ = writeln!(page, "![{title}]({file})\n");
    }
    let all = points::table(swept, Medium::Markdown, true);
    let _ = writeln!(page, "## All points\n\n{all}\n");
    let _ = writeln!(
        page,
        "## Which points no other beats at the same load\n\n{}\n",
        front::table(swept)
    );
    let _ = writeln!(page, "## Assumptions\n");
    if scenario.assumptions.is_empty() {
        page.push_str("None.\n");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(page, "- {assumption}");
    }
    let kept: Vec<String> = sweep.metrics.iter().map(|metric| metric.key()).collect();
    let _ = writeln!(
        page,
        "\n## To repeat it\n\n`throttlesim sweep …/{}.toml --seed {}` with throttlesim {}. Every \
         point is in `sweep.csv` and `sweep.json`, with {}, each as mean and 95 % interval.",
        scenario.name,
        scenario.plan.seed,
        env!("CARGO_PKG_VERSION"),
        kept.join(", "),
    );
    page
}
