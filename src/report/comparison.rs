//! Strategies side by side: a table of at most eight columns that fits its reader, or of all.
//!
//! ```text
//!   columns ──► all of them               Fit::All
//!           ──► the eight that decide     Fit::Main
//!           ──► as many as the width has room for: without intervals, then without the columns
//!               that decide least, then with labels of several lines      Fit::Width
//! ```

use super::table::{Medium, estimated, time};
use super::words;
use crate::metrics::Estimate;
use crate::metrics::figures::{Answer, Ending, Metric, Part, Slice, Statistic};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::Runs;
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
    title: String,
    need: Need,
    cells: Vec<[String; 2]>,
}

impl Report<'_> {
    /// The strategies in the scenario's order. Every figure is the mean of the runs. Times are
    /// those within which so many of all jobs were completed: lost work takes longer than any time.
    /// Limit use is the largest share of any limit that was in use. Fairness is Jain's index of the
    /// share of its requests that each account got done.
    #[must_use]
    pub fn comparison(self, medium: Medium, fit: Fit) -> String {
        let columns = columns(self);
        let drawn = |need: Need, interval: bool, width: Option<usize>| {
            draw(self, &columns, medium, (need, interval, width))
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
}

/// A table of the columns that are needed this much, with or without intervals.
fn draw(
    report: Report<'_>,
    columns: &[Column],
    medium: Medium,
    (need, interval, width): (Need, bool, Option<usize>),
) -> String {
    let Report { scenario, study } = report;
    let columns: Vec<&Column> = columns.iter().filter(|column| column.need <= need).collect();
    let title = |title: &str| match medium {
        Medium::Terminal => title.to_string(),
        Medium::Markdown => title.replace('\n', " "),
    };
    let header: Vec<String> = std::iter::once(title("strategy"))
        .chain(columns.iter().map(|column| title(&column.title)))
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
    let metrics = [
        (Metric::Jobs(Ending::Completed), Need::Detail),
        (Metric::Jobs(Ending::Lost), Need::Always),
        (Metric::Attempts(Answer::Throttled), Need::Detail),
        (Metric::ThrottleRate, Need::Always),
        (Metric::CallsPerSuccess, Need::IfWide),
        (Metric::JobLatency(Statistic::Quantile(500)), median),
        (Metric::JobLatency(Statistic::Quantile(950)), Need::Always),
        (Metric::JobLatency(Statistic::Max), Need::Detail),
        (Metric::Completion, Need::Always),
    ];
    for (metric, need) in metrics.into_iter().chain(age).chain(limits).chain(fair) {
        let title = broken(&metric.title());
        columns.push(column(&title, need, &|runs| cell(scenario, runs, metric)));
    }
    columns
}

/// A title on two lines, its last word on the second; a number stays with its percent sign.
fn broken(title: &str) -> String {
    let mut spaces = title.rmatch_indices(' ').map(|(place, _)| place);
    match spaces.find(|place| !title[*place..].starts_with(" %")) {
        Some(place) => format!("{}\n{}", &title[..place], &title[place + 1..]),
        None => title.into(),
    }
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

/// A cell that has no interval.
fn plain(cell: String) -> [String; 2] {
    [cell.clone(), cell]
}

/// A cell with and without its interval.
fn both(estimate: Option<Estimate>, say: fn(f64) -> String) -> [String; 2] {
    let mean = estimate.map(|estimate| Estimate { ci95: None, ..estimate });
    [estimated(estimate, say), estimated(mean, say)]
}
