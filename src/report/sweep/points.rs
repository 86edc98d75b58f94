//! The table of a sweep's points: their values, and every metric that was asked for.

use super::{Swept, value_of, verdict};
use crate::report::table::Medium;
use crate::report::words;

/// Rows on a terminal without details, and in `sweep.md`, at most; `sweep.csv` has them all.
const FEW: usize = 30;
const MOST: usize = 500;

/// A row for each point and strategy; `all` shows as many as a page holds.
pub(super) fn table(swept: Swept<'_>, medium: Medium, all: bool) -> String {
    let Swept { scenario, grid, sweep } = swept;
    let judged = sweep.points.iter().flat_map(|of| &of.strategies).any(|of| of.verdict.is_some());
    let mut header: Vec<&str> = grid.axes.iter().map(|axis| name(swept, &axis.address)).collect();
    header.push("strategy");
    header.extend(judged.then_some("expectations"));
    let metrics: Vec<String> = grid.metrics.iter().map(|metric| metric.key()).collect();
    header.extend(metrics.iter().map(String::as_str));
    let mut table = medium.table(&header);
    let most = if all { MOST } else { FEW };
    let strategies = scenario.names.strategies.len();
    let rows = sweep.points.len() * strategies;
    let points = sweep.points.iter().flat_map(|of| (0..strategies).map(move |n| (of, n)));
    for (point, strategy) in points.take(most) {
        let mut row: Vec<String> =
            grid.settings(point.point).iter().map(|setting| setting.told()).collect();
        row.push(scenario.names.label(strategy).into());
        row.extend(judged.then(|| verdict(point.strategies[strategy].verdict).into()));
        for metric in &grid.metrics {
            let figure = sweep.figure(point.point, strategy, *metric);
            let mean = figure.and_then(|figure| figure.first().copied());
            row.push(mean.map_or("–".into(), |mean| value_of(*metric, mean)));
        }
        table.add_row(row);
    }
    let table = table.trim_fmt();
    match rows.saturating_sub(most) {
        0 => table,
        more => format!("{table}\n\n{} more rows are in `sweep.csv`.", words::count(more as u64)),
    }
}

/// The last part of an address, if no other axis has the same.
fn name<'a>(swept: Swept<'a>, address: &'a str) -> &'a str {
    let last = |address: &'a str| address.rsplit('.').next().unwrap_or(address);
    let alike = swept.grid.axes.iter().filter(|axis| last(&axis.address) == last(address));
    if alike.count() > 1 { address } else { last(address) }
}
