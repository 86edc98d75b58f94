//! What is traded for what: at each load the points that no other beats in both of the first two
//! metrics.
//!
//! Settings of strategies are chosen; all others are the load, which nobody chooses. Points of
//! different loads are not compared.

use super::album::{heading, strategies};
use super::{Swept, settings, value_of};
use crate::metrics::figures::Metric;
use crate::report::chart::{Front, Load, Series, Trade, TradePoint};
use crate::report::pictures::Named;
use crate::report::table::Medium;

/// A point and strategy with both figures.
struct Traded {
    point: usize,
    strategy: usize,
    figures: [f64; 2],
}

/// The points of one load.
struct Group {
    /// The values of what is not a strategy's, by address.
    load: Vec<(String, String)>,
    all: Vec<Traded>,
}

impl Group {
    /// Those that no other beats in both, in ascending order of the first figure; of those that
    /// are equal in both the first.
    fn unbeaten(&self, metrics: [Metric; 2]) -> Vec<&Traded> {
        let cost = |traded: &Traded| {
            let sign = |n: usize| if metrics[n].more_is_better() { -1.0 } else { 1.0 };
            [traded.figures[0] * sign(0), traded.figures[1] * sign(1)]
        };
        let beats = |a: [f64; 2], b: [f64; 2]| a[0] <= b[0] && a[1] <= b[1] && a != b;
        let unbeaten = |one: &&Traded| !self.all.iter().any(|of| beats(cost(of), cost(one)));
        let mut front: Vec<&Traded> = self.all.iter().filter(unbeaten).collect();
        front.sort_by(|a, b| a.figures[0].total_cmp(&b.figures[0]));
        front.dedup_by(|a, b| a.figures == b.figures && a.strategy == b.strategy);
        front
    }
}

/// True of an address that a strategy has.
fn is_chosen(address: &str) -> bool {
    address.starts_with("strategy.")
}

/// The points of each load, in the order of the sweep.
fn groups(swept: Swept<'_>, metrics: [Metric; 2]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for point in 0..swept.sweep.points.len() {
        let values = swept.grid.axes.iter().zip(swept.grid.settings(point));
        let load: Vec<(String, String)> = values
            .filter(|(axis, _)| !is_chosen(&axis.address))
            .map(|(axis, setting)| (axis.address.clone(), setting.told()))
            .collect();
        let known = groups.iter().position(|group| group.load == load);
        let place = known.unwrap_or_else(|| {
            groups.push(Group { load, all: Vec::new() });
            groups.len() - 1
        });
        for strategy in 0..swept.scenario.names.strategies.len() {
            let figure = |metric| swept.sweep.figure(point, strategy, metric).map(|f| f[0]);
            if let [Some(a), Some(b)] = metrics.map(figure) {
                groups[place].all.push(Traded { point, strategy, figures: [a, b] });
            }
        }
    }
    groups
}

/// The picture; nothing where no load has two points to choose from.
pub(super) fn picture(swept: Swept<'_>) -> Option<Named> {
    let [first, second, ..] = swept.grid.metrics.as_slice() else { return None };
    let metrics = [*first, *second];
    let groups = groups(swept, metrics);
    if groups.iter().all(|group| group.all.len() < 2) {
        return None;
    }
    let trade = |metric: Metric| Trade { title: metric.key(), measure: metric.measure() };
    let loads = groups.iter().map(|group| load(swept, group, metrics));
    let title = format!("{} against {}", metrics[1].key(), metrics[0].key());
    let picture = Front {
        heading: heading(swept, &title),
        trades: metrics.map(trade),
        loads: loads.collect(),
    }
    .draw();
    Some(Named { title, file: "trade-off".into(), picture })
}

/// What a picture shows of a load.
fn load(swept: Swept<'_>, group: &Group, metrics: [Metric; 2]) -> Load {
    let front = group.unbeaten(metrics);
    let point = |traded: &Traded| {
        let told = metrics.iter().zip(traded.figures);
        let told: Vec<String> =
            told.map(|(of, value)| format!("{} {}", of.key(), value_of(*of, value))).collect();
        let label = swept.scenario.names.label(traded.strategy);
        let on_front = front.iter().any(|other| std::ptr::eq(*other, traded));
        TradePoint {
            at: (traded.figures[0], traded.figures[1]),
            told: format!("{label}, {}: {}", settings(swept.grid, traded.point), told.join(", ")),
            label: on_front.then(|| chosen(swept, traded)).filter(|label| !label.is_empty()),
        }
    };
    let series = strategies(swept).into_iter().map(|strategy| {
        let own = group.all.iter().filter(|traded| traded.strategy == strategy.place);
        Series { values: own.map(point).collect(), strategy }
    });
    let name = |(address, value): &(String, String)| format!("{address} = {value}");
    Load {
        title: group.load.iter().map(name).collect::<Vec<_>>().join(", "),
        series: series.collect(),
        front: front.iter().map(|traded| (traded.figures[0], traded.figures[1])).collect(),
    }
}

/// The values of a strategy's own addresses at a point.
fn chosen(swept: Swept<'_>, traded: &Traded) -> String {
    let own = format!("strategy.{}.", swept.scenario.names.strategies[traded.strategy].0);
    let values = swept.grid.axes.iter().zip(swept.grid.settings(traded.point));
    let values = values.filter(|(axis, _)| axis.address.starts_with(&own));
    values.map(|(_, setting)| setting.told()).collect::<Vec<_>>().join(", ")
}

/// Rows of the table at most.
const MOST_ROWS: usize = 40;

/// The points that no other of their load beats, with their settings.
pub(super) fn table(swept: Swept<'_>) -> String {
    let [first, second, ..] = swept.grid.metrics.as_slice() else {
        return "One metric alone is traded for nothing.".into();
    };
    let metrics = [*first, *second];
    let [first, second] = metrics.map(Metric::key);
    let mut table = Medium::Markdown.table(&["strategy", &first, &second, "at"]);
    let groups = groups(swept, metrics);
    let rows: Vec<&Traded> = groups.iter().flat_map(|group| group.unbeaten(metrics)).collect();
    for traded in rows.iter().take(MOST_ROWS) {
        table.add_row([
            swept.scenario.names.label(traded.strategy).to_string(),
            value_of(metrics[0], traded.figures[0]),
            value_of(metrics[1], traded.figures[1]),
            settings(swept.grid, traded.point),
        ]);
    }
    let table = table.trim_fmt();
    match rows.len().saturating_sub(MOST_ROWS) {
        0 => table,
        more => format!("{table}\n\n{more} more are in `sweep.csv`."),
    }
}
