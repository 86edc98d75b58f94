//! The pictures of a sweep: curves over one parameter, maps over two, more as small multiples.

use super::{Swept, value_of};
use crate::metrics::figures::Metric;
use crate::report::chart::{
    Curve, Curves, Estimate, Heading, Heat, HeatMaps, MOST_MAPS, Series, Spread, Strategy,
};
use crate::report::pictures::Named;
use crate::scenario::Axis;
use crate::study::Verdict;

pub(super) fn all(swept: Swept<'_>) -> Vec<Named> {
    let mut pictures = Vec::new();
    match swept.grid.axes.as_slice() {
        [] => {}
        [axis] => pictures.push(curves(swept, axis)),
        _ => {
            for metric in &swept.grid.metrics {
                pictures.push(maps(swept, *metric));
            }
        }
    }
    pictures
}

pub(super) fn heading(swept: Swept<'_>, title: &str) -> Heading {
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
    let names = axis.settings.iter().map(crate::scenario::Setting::told);
    Spread {
        title: axis.address.clone(),
        values: places.into_iter().zip(names).collect(),
        logarithmic: axis.logarithmic || wide,
    }
}

pub(super) fn strategies(swept: Swept<'_>) -> Vec<Strategy> {
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

fn curves(swept: Swept<'_>, axis: &Axis) -> Named {
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
    let picture = Curves { heading, x, curves, answer: None }.draw();
    Named { title, file: "sweep".into(), picture }
}

/// Maps over the two addresses with the most values, one for each strategy and for each setting of
/// the others.
fn maps(swept: Swept<'_>, metric: Metric) -> Named {
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
            .map(|axis| format!("{} = {}", axes[axis].address, settings[axis].told()))
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
                value: figure.map(estimate),
                met: findings.and_then(|f| f.verdict).map(|verdict| verdict == Verdict::Met),
            };
        }
    }
    let title = format!("{name} over {} and {}", axes[across].address, axes[up].address);
    let mut heading = heading(swept, &title);
    let values = maps.iter().flat_map(|(_, cells)| cells).filter_map(|cell| Some(cell.value?.mean));
    if let Some(most) = values.max_by(f64::total_cmp) {
        heading.subtitle.push_str(&format!(" · darkest: {}", value_of(metric, most)));
    }
    if maps.len() > MOST_MAPS {
        heading.subtitle.push_str(&format!(" · the first {MOST_MAPS} of {} maps", maps.len()));
    }
    let (x, y) = (spread(&axes[across]), spread(&axes[up]));
    let picture = HeatMaps { heading, measure: metric.measure(), x, y, maps }.draw();
    Named { title, file: format!("sweep-{}", name.replace(['.', '_'], "-")), picture }
}
