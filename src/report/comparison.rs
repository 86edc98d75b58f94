//! Strategies side by side: a table of at most eight columns that fits its reader, or of all.
//!
//! ```text
//!   columns ──► all of them               Fit::All
//!           ──► the eight that decide     Fit::Main
//!           ──► as many as the width has room for: without intervals, then without the columns
//!               that decide least, then with labels of several lines      Fit::Width
//! ```

use super::table::{Medium, estimated, mean, time};
use super::winner::rankings;
use super::words;
use crate::metrics::Estimate;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::scenario::Scenario;
use crate::study::{Runs, Study};
use comfy_table::{ColumnConstraint, ContentArrangement, Width};

/// How much room a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Every column, however wide.
    All,
    /// The eight columns that decide, however wide.
    Main,
    /// At most so many characters, of at least 40.
    Width(usize),
}

/// How much a column decides: the higher, the sooner it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Always,
    Main,
    IfWide,
    Detail,
}

/// A column: its title, and for each strategy a cell with and without its interval.
struct Column {
    title: &'static str,
    need: Need,
    cells: Vec<[String; 2]>,
}

/// The strategies in the scenario's order. Every figure is the mean of the runs. Times are those
/// within which so many of all jobs were completed: lost work takes longer than any time. Limit use
/// is the largest share of any limit that was in use. Fairness is Jain's index of the share of its
/// requests that each account got done.
#[must_use]
pub fn comparison(scenario: &Scenario, study: &Study, medium: Medium, fit: Fit) -> String {
    let columns = columns(scenario, study);
    let drawn = |need: Need, interval: bool, width: Option<usize>| {
        draw(scenario, study, &columns, medium, (need, interval, width))
    };
    let Fit::Width(width) = fit else {
        let need = if fit == Fit::All { Need::Detail } else { Need::IfWide };
        return drawn(need, true, None);
    };
    let tries = [(Need::IfWide, true), (Need::IfWide, false), (Need::Main, false)];
    let mut tries = tries.into_iter().map(|(need, interval)| drawn(need, interval, None));
    let fits = |table: &String| table.lines().all(|line| line.chars().count() <= width);
    tries.find(fits).unwrap_or_else(|| drawn(Need::Always, false, Some(width)))
}

/// A table of the columns that are needed this much, with or without intervals.
fn draw(
    scenario: &Scenario,
    study: &Study,
    columns: &[Column],
    medium: Medium,
    (need, interval, width): (Need, bool, Option<usize>),
) -> String {
    let columns: Vec<&Column> = columns.iter().filter(|column| column.need <= need).collect();
    let title = |title: &str| match medium {
        Medium::Terminal => title.to_string(),
        Medium::Markdown => title.replace('\n', " "),
    };
    let header: Vec<String> = std::iter::once(title("strategy"))
        .chain(columns.iter().map(|column| title(column.title)))
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = medium.table(&header);
    for (row, runs) in study.strategies.iter().enumerate() {
        let label = std::iter::once(scenario.names.label(runs.strategy).to_string());
        let cells = columns.iter().map(|column| column.cells[row][usize::from(!interval)].clone());
        table.add_row(label.chain(cells).collect::<Vec<String>>());
    }
    if let Some(width) = width {
        let widths = table.column_max_content_widths();
        let others: usize = widths.iter().skip(1).map(|width| usize::from(*width) + 2).sum();
        let room = width.saturating_sub(others + 2).max(LABEL);
        let most = ColumnConstraint::UpperBoundary(Width::Fixed(u16::try_from(room).unwrap_or(80)));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(others + room + 2).unwrap_or(80));
        if let Some(column) = table.column_mut(0) {
            column.set_constraint(most);
        }
    }
    table.trim_fmt()
}

/// The least room that a label gets, however many lines it takes \[characters\].
const LABEL: usize = 12;

fn columns(scenario: &Scenario, study: &Study) -> Vec<Column> {
    let runs = &study.strategies;
    let counts = |runs: &Runs| runs.counts(&scenario.plan, Slice::Whole);
    let whole = |runs: &Runs, metric| runs.estimate(Slice::Whole, metric);
    let number = |total| plain(words::number(mean(scenario, total)));
    let time =
        |runs: &Runs, statistic| plain(time(runs, Slice::Whole, Metric::JobLatency(statistic)));
    let several = runs.len() > 1;
    let aged = runs.iter().any(|runs| !counts(runs).jobs.age.is_empty());
    let fair = scenario.plan.population.accounts > 1;
    let column = |title, need, cell: &dyn Fn(&Runs) -> [String; 2]| Column {
        title,
        need,
        cells: runs.iter().map(cell).collect(),
    };
    let mut columns = Vec::new();
    if several {
        let ranking = rankings(scenario, study).into_iter().next();
        columns.push(column("rank", Need::Always, &|runs| {
            let place = ranking.as_ref().and_then(|of| of.ranked.place(runs.strategy));
            plain(place.map_or(String::new(), |place| place.to_string()))
        }));
    }
    let lost = |runs: &Runs| {
        let jobs = counts(runs).jobs.tally;
        number(jobs.given_up + jobs.unfinished())
    };
    let median = if aged { Need::Detail } else { Need::Main };
    columns.extend([
        column("jobs\ndone", Need::Detail, &|runs| number(counts(runs).jobs.tally.completed)),
        column("jobs\nlost", Need::Always, &lost),
        column("calls\nthrottled", Need::Detail, &|runs| number(counts(runs).attempts.refused())),
        column("throttle\nrate", Need::Always, &|runs| {
            both(whole(runs, Metric::ThrottleRate), words::percent)
        }),
        column("calls per\nsuccess", Need::IfWide, &|runs| {
            both(whole(runs, Metric::CallsPerSuccess), words::digits)
        }),
        column("half\nwithin", median, &|runs| time(runs, Statistic::Quantile(500))),
        column("95 %\nwithin", Need::Always, &|runs| time(runs, Statistic::Quantile(950))),
        column("all\nwithin", Need::Detail, &|runs| time(runs, Statistic::Max)),
        column("finished\nafter", Need::Always, &|runs| finished(runs, &counts(runs).jobs.tally)),
    ]);
    if aged {
        let age = Metric::Age(Statistic::Quantile(950));
        columns.push(column("data age,\n95 %", Need::Always, &|runs| {
            both(whole(runs, age), words::seconds)
        }));
    }
    if !scenario.plan.limits.is_empty() {
        columns.push(column("limit\nuse", Need::Detail, &|runs| {
            both(whole(runs, Metric::LimitUse), words::percent)
        }));
    }
    if fair {
        columns.push(column("fairness", Need::Detail, &|runs| {
            both(whole(runs, Metric::Fairness), words::digits)
        }));
    }
    columns
}

fn finished(runs: &Runs, jobs: &crate::metrics::Tally) -> [String; 2] {
    match runs.estimate(Slice::Whole, Metric::Completion) {
        Some(estimate) => both(Some(estimate), words::seconds),
        None if jobs.arrived == 0 => plain("–".into()),
        None if jobs.unfinished() > 0 => plain("unfinished".into()),
        None => plain("some lost".into()),
    }
}

/// A cell that has no interval.
fn plain(cell: String) -> [String; 2] {
    [cell.clone(), cell]
}

/// A cell with and without its interval.
fn both(estimate: Option<Estimate>, say: fn(f64) -> String) -> [String; 2] {
    let mean = estimate.map(|estimate| Estimate { ci95: None, ..estimate });
    [estimated(estimate, say), estimated(mean, say)]
}
