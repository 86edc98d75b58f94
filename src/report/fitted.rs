//! Tables that fit their reader: all columns, the main ones, or as many as a width has room for.
//!
//! ```text
//!   columns ──► all of them               Fit::All
//!           ──► the main ones             Fit::Main
//!           ──► as many as the width has room for: without intervals, then without the columns
//!               that decide least, then with labels of several lines      Fit::Width
//! ```

use super::table::{Medium, estimated};
use crate::metrics::Estimate;
use comfy_table::{ColumnConstraint, ContentArrangement, Width};

/// How much room a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Every column, however wide.
    All,
    /// The columns that decide, however wide.
    Main,
    /// At most so many characters, of at least 40.
    Width(usize),
}

/// How much a column decides: the higher, the sooner it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Always,
    Main,
    IfWide,
    Detail,
}

/// A column: its title, and for each row a cell with and without its interval.
pub(super) struct Column {
    pub title: String,
    pub need: Need,
    pub cells: Vec<[String; 2]>,
}

/// The rows of a table by their labels, below the title of these.
pub(super) struct Rows<'a> {
    pub title: &'a str,
    pub labels: Vec<String>,
}

/// The table that fits.
pub(super) fn table(rows: &Rows<'_>, columns: &[Column], medium: Medium, fit: Fit) -> String {
    let drawn = |need: Need, interval: bool, width: Option<usize>| {
        draw(rows, columns, medium, (need, interval, width))
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
    rows: &Rows<'_>,
    columns: &[Column],
    medium: Medium,
    (need, interval, width): (Need, bool, Option<usize>),
) -> String {
    let columns: Vec<&Column> = columns.iter().filter(|column| column.need <= need).collect();
    let title = |title: &str| match medium {
        Medium::Terminal => title.to_string(),
        Medium::Markdown => title.replace('\n', " "),
    };
    let header: Vec<String> = std::iter::once(title(rows.title))
        .chain(columns.iter().map(|column| title(&column.title)))
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = medium.table(&header);
    for (row, label) in rows.labels.iter().enumerate() {
        let label = std::iter::once(label.clone());
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

/// A title on two lines, its last word on the second; a number stays with its percent sign.
pub(super) fn broken(title: &str) -> String {
    let mut spaces = title.rmatch_indices(' ').map(|(place, _)| place);
    match spaces.find(|place| !title[*place..].starts_with(" %")) {
        Some(place) => format!("{}\n{}", &title[..place], &title[place + 1..]),
        None => title.into(),
    }
}

/// A cell that has no interval.
pub(super) fn plain(cell: String) -> [String; 2] {
    [cell.clone(), cell]
}

/// A cell with and without its interval.
pub(super) fn both(estimate: Option<Estimate>, say: fn(f64) -> String) -> [String; 2] {
    let mean = estimate.map(|estimate| Estimate { ci95: None, ..estimate });
    [estimated(estimate, say), estimated(mean, say)]
}
