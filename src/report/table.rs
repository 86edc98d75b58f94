//! What the tables of a study share: where they are read, and how their cells are written.

use super::words;
use crate::metrics::Estimate;
use crate::metrics::figures::{Metric, Slice};
use crate::scenario::Scenario;
use crate::study::Runs;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableStyle, presets};

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
    pub fn table(self, header: &[&str]) -> Table {
        let mut table = Table::new();
        table.load_style(match self {
            Self::Terminal => TERMINAL,
            Self::Markdown => presets::ASCII_MARKDOWN,
        });
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header.to_vec());
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}

/// A count over all replications as the mean of one.
#[expect(clippy::cast_precision_loss)]
pub(super) fn mean(scenario: &Scenario, total: u64) -> f64 {
    total as f64 / f64::from(scenario.plan.replications)
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
        Some(half) if half != "0" && !half.starts_with("0 ") => format!("{mean} ± {half}"),
        _ => mean,
    }
}
