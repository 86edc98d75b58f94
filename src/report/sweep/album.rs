//! The pictures of a sweep: curves over one parameter, maps over two, more as small multiples, and
//! what is traded for what.

use super::{Swept, settings, value_of};
use crate::metrics::figures::Metric;
use crate::report::chart::{
    ChartError, Curve, Curves, Estimate, Front, Heading, Heat, HeatMaps, MOST_MAPS, Series, Spread,
    Strategy, Trade,
};
use crate::report::pictures::Named;
use crate::report::table::Medium;
use crate::scenario::Axis;
use crate::study::Verdict;

pub(super) fn all(swept: Swept<'_>) -> Result<Vec<Named>, ChartError> {
    let mut pictures = Vec::new();
    match swept.grid.axes.as_slice() {
        [] => {}
        [axis] => pictures.push(curves(swept, axis)?),
        _ => {
            for metric in &swept.grid.metrics {
                pictures.push(maps(swept, *metric)?);
            }
        }
    }
    if let [first, second, ..] = swept.grid.metrics.as_slice() {
        pictures.push(front(swept, [*first, *second])?);
    }
    Ok(pictures)
}

fn heading(swept: Swept<'_>, title: &str) -> Heading {
    let scenario = swept.scenario;
    let subtitle =
        format!("{} · {}, seed {}", scenario.question, scenario.name, scenario.plan.seed);
    Heading { title: title.into(), subtitle }
}

/// Where the values of an address lie: by their amounts, or one after the other.
fn spread(axis: &Axis) -> Spread {
    let amounts: Option<Vec<f64>> =
        axis.settings.iter().map(|s| s.amount.as_ref().map(|amount| amount.number)).collect();
    let ordered = amounts.filter(|all| all.windows(2).all(|pair| pair[0] < pair[1]));
    let places = ordered.unwrap_or_else(|| (0..axis.settings.len()).map(|n| n as f64).collect());
    // Values that double again and again are read on a logarithm.
    let ratios: Vec<f64> = places.windows(2).map(|pair| pair[1] / pair[0]).collect();
    let wide = places.first().is_some_and(|first| *first > 0.0)
        && ratios.len() > 1
        && (ratios.iter().product::<f64>() >= 50.0 || ratios.iter().all(|ratio| *ratio >= 1.9));
    let names = axis.settings.iter().map(crate::scenario::Setting::shown);
    Spread {
        title: axis.address.clone(),
        values: places.into_iter().zip(names).collect(),
        logarithmic: axis.logarithmic || wide,
    }
}

fn strategies(swept: Swept<'_>) -> Vec<Strategy> {
    let number = swept.scenario.names.strategies.len();
    let label = |place| swept.scenario.names.label(place).to_string();
    (0..number).map(|place| Strategy { place, label: label(place) }).collect()
}

fn estimate(figure: &[f64]) -> Estimate {
    let mean = figure[0];
    let end = |n: usize| figure.get(n).copied().unwrap_or(mean);
    Estimate { mean, low: end(1), high: end(2) }
}

/// The value that an expectation of the whole bounds a metric by, if only one does.
fn bound(swept: Swept<'_>, metric: Metric) -> Option<f64> {
    let mut bounds = swept.scenario.expectations.iter().filter(|e| e.metric == metric);
    let first = bounds.next()?.value;
    bounds.all(|other| (other.value - first).abs() <= f64::EPSILON).then_some(first)
}

fn curves(swept: Swept<'_>, axis: &Axis) -> Result<Named, ChartError> {
    let x = spread(axis);
    let curve = |metric: &Metric| Curve {
        title: metric.key(),
        measure: metric.measure(),
        series: strategies(swept)
            .into_iter()
            .map(|strategy| {
                let found = |(point, (at, _)): (usize, &(f64, String))| {
                    Some((*at, estimate(swept.sweep.figure(point, strategy.place, *metric)?)))
                };
                let values = x.values.iter().enumerate().filter_map(found).collect();
                Series { strategy, values }
            })
            .collect(),
        bound: bound(swept, *metric),
    };
    let curves = swept.grid.metrics.iter().map(curve).collect();
    let title = format!("What {} decides", axis.address);
    let heading = heading(swept, &title);
    let picture = Curves { heading, x, curves, answer: None }.draw()?;
    Ok(Named { title, file: "sweep".into(), picture })
}

/// Maps over the two addresses with the most values, one for each strategy and for each setting of
/// the others.
fn maps(swept: Swept<'_>, metric: Metric) -> Result<Named, ChartError> {
    let name = metric.key();
    let axes = &swept.grid.axes;
    let mut by_size: Vec<usize> = (0..axes.len()).collect();
    by_size.sort_by_key(|axis| std::cmp::Reverse(axes[*axis].settings.len()));
    let (across, up) = (by_size[0].min(by_size[1]), by_size[0].max(by_size[1]));
    let (columns, rows) = (axes[across].settings.len(), axes[up].settings.len());
    let mut maps: Vec<(String, Vec<Heat>)> = Vec::new();
    for point in 0..swept.grid.len() {
        let place = swept.grid.place(point);
        let settings = swept.grid.settings(point);
        let others = (0..axes.len()).filter(|axis| ![across, up].contains(axis));
        let others: Vec<String> = others
            .map(|axis| format!("{} = {}", axes[axis].address, settings[axis].shown()))
            .collect();
        for strategy in strategies(swept) {
            let title = std::iter::once(strategy.label).chain(others.iter().cloned());
            let title = title.collect::<Vec<_>>().join(", ");
            let known = maps.iter().position(|(known, _)| *known == title);
            let map = known.unwrap_or_else(|| {
                maps.push((title, vec![Heat::default(); columns * rows]));
                maps.len() - 1
            });
            let figure = swept.sweep.figure(point, strategy.place, metric);
            let findings = swept.sweep.points.get(point).map(|p| &p.strategies[strategy.place]);
            maps[map].1[place[up] * columns + place[across]] = Heat {
                value: figure.map(|figure| figure[0]),
                met: findings.and_then(|f| f.verdict).map(|verdict| verdict == Verdict::Met),
            };
        }
    }
    let title = format!("{name} over {} and {}", axes[across].address, axes[up].address);
    let mut heading = heading(swept, &title);
    let values = maps.iter().flat_map(|(_, cells)| cells).filter_map(|cell| cell.value);
    if let Some(most) = values.max_by(f64::total_cmp) {
        heading.subtitle.push_str(&format!(" · darkest: {}", value_of(metric, most)));
    }
    if maps.len() > MOST_MAPS {
        heading.subtitle.push_str(&format!(" · the first {MOST_MAPS} of {} maps", maps.len()));
    }
    let (x, y) = (spread(&axes[across]), spread(&axes[up]));
    let picture = HeatMaps { heading, measure: metric.measure(), x, y, maps }.draw()?;
    Ok(Named { title, file: format!("sweep-{}", name.replace(['.', '_'], "-")), picture })
}

/// A point and strategy with both figures, each such that less is better.
struct Traded {
    point: usize,
    strategy: usize,
    figures: [f64; 2],
}

fn traded(swept: Swept<'_>, metrics: [Metric; 2]) -> Vec<Traded> {
    let mut all = Vec::new();
    for point in 0..swept.sweep.points.len() {
        for strategy in 0..swept.scenario.names.strategies.len() {
            let figure = |metric| swept.sweep.figure(point, strategy, metric).map(|f| f[0]);
            if let [Some(a), Some(b)] = metrics.map(figure) {
                all.push(Traded { point, strategy, figures: [a, b] });
            }
        }
    }
    all
}

/// Those that no other beats in both, in ascending order of the first figure.
fn unbeaten(all: &[Traded], metrics: [Metric; 2]) -> Vec<&Traded> {
    let cost = |traded: &Traded| {
        let sign = |n: usize| if metrics[n].more_is_better() { -1.0 } else { 1.0 };
        [traded.figures[0] * sign(0), traded.figures[1] * sign(1)]
    };
    let beats = |a: [f64; 2], b: [f64; 2]| a[0] <= b[0] && a[1] <= b[1] && a != b;
    let unbeaten = |one: &&Traded| !all.iter().any(|other| beats(cost(other), cost(one)));
    let mut front: Vec<&Traded> = all.iter().filter(unbeaten).collect();
    front.sort_by(|a, b| a.figures[0].total_cmp(&b.figures[0]));
    front
}

fn front(swept: Swept<'_>, metrics: [Metric; 2]) -> Result<Named, ChartError> {
    let all = traded(swept, metrics);
    let trade = |metric: Metric| Trade { title: metric.key(), measure: metric.measure() };
    let pair = |traded: &Traded| (traded.figures[0], traded.figures[1]);
    let series = strategies(swept).into_iter().map(|strategy| {
        let own = all.iter().filter(|traded| traded.strategy == strategy.place);
        Series { values: own.map(pair).collect(), strategy }
    });
    let title = format!("{} against {}", metrics[1].key(), metrics[0].key());
    let picture = Front {
        heading: heading(swept, &title),
        trades: metrics.map(trade),
        series: series.collect(),
        front: unbeaten(&all, metrics).into_iter().map(pair).collect(),
    }
    .draw()?;
    Ok(Named { title, file: "trade-off".into(), picture })
}

/// Rows of the front's table at most.
const MOST_ROWS: usize = 40;

/// The points of the front, with their settings.
pub(super) fn front_table(swept: Swept<'_>) -> String {
    let [first, second, ..] = swept.grid.metrics.as_slice() else {
        return "One metric alone is traded for nothing.".into();
    };
    let metrics = [*first, *second];
    let [first, second] = metrics.map(Metric::key);
    let all = traded(swept, metrics);
    let mut table = Medium::Markdown.table(&["strategy", &first, &second, "at"]);
    for traded in unbeaten(&all, metrics).into_iter().take(MOST_ROWS) {
        table.add_row([
            swept.scenario.names.label(traded.strategy).to_string(),
            value_of(metrics[0], traded.figures[0]),
            value_of(metrics[1], traded.figures[1]),
            settings(swept.grid, traded.point),
        ]);
    }
    table.trim_fmt()
}
