//! What the tables of a study share: where they are read, and how their cells are written.

use super::{safe, words};
use crate::metrics::Estimate;
use crate::metrics::figures::{Metric, Slice};
use crate::study::{Runs, Study};
use comfy_table::{CellAlignment, ContentArrangement, Table, TableStyle, presets};
use std::ops::{Deref, DerefMut};

/// Where a table will be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// On a terminal.
    Terminal,
    /// In a Markdown file.
    Markdown,
}

/// Three horizontal lines, as in a book.
const TERMINAL: TableStyle =
    presets::UTF8_HORIZONTAL_ONLY.row_separator(presets::NOTHING.row_separator);

impl Medium {
    /// An empty table for this medium; all columns but the first are aligned to the right.
    #[must_use]
    pub fn table(self, header: &[&str]) -> SafeTable {
        let mut table = Table::new();
        table.load_style(match self {
            Self::Terminal => TERMINAL,
            Self::Markdown => presets::ASCII_MARKDOWN,
        });
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header.iter().map(|title| self.cell(title)).collect::<Vec<_>>());
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        SafeTable { medium: self, table }
    }

    /// A cell's text, safe for this medium; a terminal shows several lines.
    fn cell(self, text: &str) -> String {
        match self {
            Self::Terminal => safe::terminal(text),
            Self::Markdown => safe::cell(text),
        }
    }
}

/// A table whose cells may hold any text.
#[derive(Debug)]
pub struct SafeTable {
    medium: Medium,
    table: Table,
}

impl SafeTable {
    /// Adds a row of texts.
    pub fn add_row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Self {
        let medium = self.medium;
        let cells = cells.into_iter().map(|text| medium.cell(text.as_ref()));
        self.table.add_row(cells.collect::<Vec<_>>());
        self
    }
}

impl Deref for SafeTable {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl DerefMut for SafeTable {
    fn deref_mut(&mut self) -> &mut Table {
        &mut self.table
    }
}

/// A count over all replications as the mean of one.
#[expect(clippy::cast_precision_loss)]
pub(super) fn mean(study: &Study, total: u64) -> f64 {
    total as f64 / f64::from(study.replications)
}

/// A time within which so much was done, as the mean of the runs; in words, if some run lost too
/// much to have it.
pub(super) fn time(runs: &Runs, slice: Slice, metric: Metric) -> String {
    match runs.estimate(slice, metric) {
        Some(estimate) => words::seconds(estimate.mean),
        None if runs.estimate(slice, Metric::LossRate).is_none() => "–".into(),
        None => "some lost".into(),
    }
}

/// A mean and half of its interval, if that is more than a rounding error.
pub(super) fn estimated(estimate: Option<Estimate>, say: impl Fn(f64) -> String) -> String {
    let Some(estimate) = estimate else { return "–".into() };
    let mean = say(estimate.mean);
    match estimate.half().map(&say) {
        Some(half) if half != say(0.0) => format!("{mean} ± {half}"),
        _ => mean,
    }
}
