//! Throttle rate over virtual time, one line a strategy: when does it hurt?
//!
//! `rate of a bin = throttled attempts / attempts`. A bin without attempts has no rate and breaks
//! the line; a bin alone between two such is a dot. A band around a line is the interval of its
//! mean over the runs.

use super::axis::{Axis, peak};
use super::canvas::Point;
use super::frame::{Entry, Frame};
use super::line::{draw_band, draw_lines};
use super::panel::{Panel, Panels};
use super::style::{BODY, WIDTH};
use super::{Estimate, Heading, Picture, Series};
use crate::units::Span;
use jiff::civil::DateTime;

/// The picture of throttle rates over time.
#[derive(Debug, Clone, PartialEq)]
pub struct ThrottleRate {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// The length of a bin; the first begins at time 0.
    pub bin: Span,
    /// For each strategy the throttle rate of each bin, a fraction from 0 to 1; `None` where the
    /// bin has no attempts.
    pub series: Vec<Series<Option<Estimate>>>,
}

impl ThrottleRate {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let bins = self.series.iter().map(|one| one.values.len()).max().unwrap_or(0);
        let end = self.bin.times(bins.try_into().unwrap_or(u64::MAX));
        let x = Axis::time(end, self.start, WIDTH);
        let rates = || self.series.iter().flat_map(|one| one.values.iter().flatten());
        let y = Axis::shares("throttled attempts / attempts", peak(rates().map(|of| of.mean)), 5.0);
        let empty = rates().next().is_none();
        let mut legend = Entry::of(&self.series);
        legend.extend(rates().any(Estimate::is_wide).then(Entry::band));
        let frame = Frame { heading: &self.heading, legend, body: BODY, empty };
        frame.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let lines = |part: fn(&Estimate) -> f64| -> Vec<(usize, Vec<Point>)> {
                self.series.iter().flat_map(|one| self.runs(&panel, one, part)).collect()
            };
            for ((place, low), (_, high)) in lines(|of| of.low).iter().zip(&lines(|of| of.high)) {
                draw_band(canvas, (low, high), *place);
            }
            draw_lines(canvas, panel.plot, &lines(|of| of.mean))
        })
    }

    /// The runs of bins with attempts, each at the middle of its bin.
    fn runs(
        &self,
        panel: &Panel,
        series: &Series<Option<Estimate>>,
        part: fn(&Estimate) -> f64,
    ) -> Vec<(usize, Vec<Point>)> {
        let middle = |nth: usize| (nth as f64 + 0.5) * self.bin.as_secs_f64();
        let rates = series.values.iter().enumerate();
        let rates: Vec<_> =
            rates.map(|(nth, rate)| rate.map(|rate| (middle(nth), part(&rate)))).collect();
        let runs = rates.split(Option::is_none).map(|run| {
            let run: Vec<_> = run.iter().copied().flatten().collect();
            (series.strategy.place, panel.points(&run))
        });
        runs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series, svg};
    use super::*;

    fn picture(series: Vec<Series<Option<f64>>>) -> ThrottleRate {
        let estimate = |mean: f64| Estimate { mean, low: mean * 0.9, high: mean * 1.1 };
        let estimates = |one: Series<Option<f64>>| Series {
            values: one.values.into_iter().map(|rate| rate.map(estimate)).collect(),
            strategy: one.strategy,
        };
        let series = series.into_iter().map(estimates).collect();
        let start = Some("2026-11-27T20:00:00".parse().expect("a date"));
        ThrottleRate { heading: heading(), start, bin: Span::MINUTE.times(15), series }
    }

    #[test]
    fn rates_are_drawn_over_the_clock() {
        let rates =
            |place: usize| (0..96).map(move |n| Some((n * (place + 1) % 40) as f64 / 100.0));
        let chart = picture(series(3, |place| rates(place).collect()));
        let texts = [
            "throttled attempts / attempts",
            "40 %",
            "Nov 28",
            "strategy 0",
            "95 % interval of the mean",
        ];
        check_bytes(|| chart.draw(), &texts);
    }

    #[test]
    fn bins_without_attempts_break_the_line_and_leave_dots() {
        let gap = vec![Some(0.1), Some(0.2), None, Some(0.3), None, Some(0.1), Some(0.1)];
        let drawn = check(picture(series(1, |_| gap.clone())).draw(), &[]);
        let drawn = svg(&drawn);
        let line = |line: &&str| line.starts_with("<polyline") && line.contains("\"#0072B2\"");
        let lines = drawn.lines().filter(line);
        assert_eq!(lines.count(), 1 + 2, "one in the legend, two in the plot");
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(vec![]).draw(), &[]);
        check(picture(series(20, |_| vec![Some(0.3); 5])).draw(), &["strategy 16"]);
        for values in [
            vec![],
            vec![None],
            vec![Some(0.5)],
            vec![Some(0.0); 9],
            vec![Some(1.0); 9],
            vec![Some(f64::NAN), Some(f64::INFINITY), Some(0.2), Some(-1.0)],
        ] {
            check(picture(series(2, |_| values.clone())).draw(), &[]);
        }
    }
}
