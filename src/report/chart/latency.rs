//! Latency percentiles, one curve a strategy: what does a user wait, and the unlucky one?
//!
//! Latency is on a logarithm, percentiles on `-log10(1 - p)`: every further nine takes the same
//! room, as in the plots of HdrHistogram. A band around a curve is the interval of its mean over
//! the runs.

use super::axis::Axis;
use super::frame::{Entry, Frame};
use super::line::{draw_band, draw_lines};
use super::panel::Panels;
use super::style::BODY;
use super::{Estimate, Heading, Picture, Series};

/// The picture of latencies by percentile.
#[derive(Debug, Clone, PartialEq)]
pub struct LatencyPercentiles {
    /// Title and subtitle.
    pub heading: Heading,
    /// What was measured, the title of the axis: `"job latency, waiting and retries included"`.
    pub quantity: String,
    /// For each strategy percentiles, as fractions from 0 to below 1 in ascending order, with
    /// their latencies \[s\]. Of 100 % and beyond 99.999 % nothing is drawn.
    pub series: Vec<Series<(f64, Estimate)>>,
}

impl LatencyPercentiles {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let curves: Vec<_> = self.series.iter().map(curve).collect();
        let points = || curves.iter().flatten().map(|(percentile, of)| (*percentile, of.mean));
        let positive = points().map(|(_, latency)| latency).filter(|latency| *latency > 0.0);
        let at_once = points().any(|(_, latency)| latency == 0.0);
        let note = if at_once { "; 0 s lies on the axis" } else { "" };
        let y = Axis::latencies(
            &format!("{}{note}", self.quantity),
            positive.clone().fold(f64::INFINITY, f64::min),
            positive.fold(0.0, f64::max),
        );
        let highest = points().map(|(percentile, _)| percentile).fold(0.0, f64::max);
        let x = Axis::percentiles("percentile", highest);
        let empty = curves.iter().all(Vec::is_empty);
        let mut legend = Entry::of(&self.series);
        let wide = curves.iter().flatten().any(|(_, of)| of.is_wide());
        legend.extend(wide.then(Entry::band));
        let frame = Frame { heading: &self.heading, legend, body: BODY, empty };
        frame.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let lines = |part: fn(&Estimate) -> f64| {
                let line = |curve: &Vec<(f64, Estimate)>| {
                    panel.points(&curve.iter().map(|(at, of)| (*at, part(of))).collect::<Vec<_>>())
                };
                let places = self.series.iter().map(|one| one.strategy.place);
                places.zip(curves.iter().map(line)).collect::<Vec<_>>()
            };
            for ((place, low), (_, high)) in lines(|of| of.low).iter().zip(&lines(|of| of.high)) {
                draw_band(canvas, (low, high), *place);
            }
            draw_lines(canvas, panel.plot, &lines(|of| of.mean))
        })
    }
}

fn curve(series: &Series<(f64, Estimate)>) -> Vec<(f64, Estimate)> {
    let drawn = series.values.iter().filter(|(percentile, of)| {
        (0.0..=0.99999).contains(percentile)
            && [of.mean, of.low, of.high].iter().all(|v| v.is_finite())
    });
    drawn.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;
    use crate::units::Span;

    fn picture(count: usize, values: &[(f64, Span)]) -> LatencyPercentiles {
        let estimate = |(percentile, span): &(f64, Span)| {
            let mean = span.as_secs_f64();
            (*percentile, Estimate { mean, low: mean * 0.9, high: mean * 1.1 })
        };
        let series = series(count, |_| values.iter().map(estimate).collect());
        LatencyPercentiles { heading: heading(), quantity: "job latency".into(), series }
    }

    #[test]
    fn percentiles_are_drawn_with_readable_units() {
        let points = [(0.0, 20), (0.5, 300), (0.9, 4_000), (0.99, 70_000), (0.999, 4_000_000)];
        let points = points.map(|(percentile, ms)| (percentile, Span::from_millis(ms)));
        let texts = [
            "job latency",
            "percentile",
            "99.9 %",
            "100 ms",
            "1 s",
            "1 min",
            "1 h",
            "95 % interval of the mean",
        ];
        check_bytes(|| picture(3, &points).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, &[]).draw(), &[]);
        for values in [
            vec![],
            vec![(0.5, Span::SECOND)],
            vec![(0.0, Span::ZERO), (0.99, Span::ZERO)],
            vec![(0.0, Span::SECOND), (0.99, Span::SECOND)],
            vec![(0.5, Span::from_nanos(1)), (0.99, Span::LONGEST), (1.0, Span::LONGEST)],
            vec![(f64::NAN, Span::SECOND), (-1.0, Span::SECOND), (7.0, Span::SECOND)],
        ] {
            check(picture(2, &values).draw(), &[]);
        }
    }
}
