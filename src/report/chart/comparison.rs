//! Strategies side by side, one column of bars a metric: which one?
//!
//! ```text
//!              throttle rate          p95 latency
//!              expected < 1 %
//!   naive      ████████├┤┊   12 %     ████├─┤     4.5 min
//!   paced      ├┤        ┊  0.2 %     ██├┤        2.1 min
//!              0 %   5 %  10 %        0   2 min   4 min
//! ```
//!
//! Bars lie on their side, so that names of strategies have room; each ends at the mean, a
//! whisker spans the interval, and the mean is printed at the right.

use super::Measure;
use super::axis::{Axis, peak};
use super::canvas::{Anchor, Canvas, Rect};
use super::font::text_width;
use super::frame::{Entry, Frame, Swatch};
use super::panel::draw_x_ticks;
use super::style::{BASE, GRID, INK, LABEL, PANEL, TICK, hue};
use super::{Estimate, Heading, Picture, Strategy};
use crate::report::words;

/// What a metric should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The bound, in the metric's unit.
    pub bound: f64,
    /// How the scenario says it: `"< 1 %"`.
    pub label: String,
}

/// One column: a metric of every strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name.
    pub title: String,
    /// What its numbers are.
    pub measure: Measure,
    /// One value a strategy, in the order of [`Comparison::strategies`]; `None` where there is
    /// none, as of a completion that never came.
    pub values: Vec<Option<Estimate>>,
    /// What it should be, if the scenario expects anything.
    pub expectation: Option<Expectation>,
}

/// The picture of strategies side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Title and subtitle.
    pub heading: Heading,
    /// The strategies, a row each.
    pub strategies: Vec<Strategy>,
    /// The metrics, a column each, three columns abreast.
    pub metrics: Vec<Metric>,
}

const ABREAST: usize = 3;
const ROW: f64 = 27.0;
const BAR: f64 = 16.0;
const COLUMN_GAP: f64 = 30.0;
/// From the top of a band to its first row: title and expectation.
const HEAD: f64 = 46.0;
/// From the last row of a band to the next band: labels of ticks.
const FOOT: f64 = 48.0;
/// Between the longest bar and the printed values.
const VALUE_GAP: f64 = 16.0;
const LONGEST_NAME: f64 = 315.0;

impl Comparison {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let bands = self.metrics.len().div_ceil(ABREAST).max(1);
        let abreast = self.metrics.len().div_ceil(bands).max(1);
        let band = HEAD + ROW * self.strategies.len() as f64 + FOOT;
        let body = band * bands as f64 - FOOT / 2.0;
        let empty = self.strategies.is_empty() || self.metrics.is_empty();
        let frame = Frame { heading: &self.heading, legend: self.legend(), body, empty };
        let names = self.strategies.iter().map(|one| text_width(&one.label, LABEL));
        let names = names.fold(0.0, f64::max).min(LONGEST_NAME);
        frame.draw(&|canvas, room| {
            let left = room.left + names + 14.0;
            let width = (room.right - left + COLUMN_GAP) / abreast as f64;
            for (nth, metrics) in self.metrics.chunks(abreast).enumerate() {
                let top = room.top + nth as f64 * band;
                self.draw_names(canvas, Rect { top: top + HEAD, ..room }, names);
                for (column, metric) in metrics.iter().enumerate() {
                    let left = left + column as f64 * width;
                    let right = left + width - COLUMN_GAP;
                    let rect = Rect { left, top, right, bottom: top + band - FOOT };
                    self.draw_metric(canvas, rect, metric);
                }
            }
        })
    }

    fn legend(&self) -> Vec<Entry> {
        let mut values = self.metrics.iter().flat_map(|metric| metric.values.iter().flatten());
        let mut legend = Vec::new();
        if values.any(|value| value.low < value.high) {
            legend.push(Entry::new(Swatch::Interval, "95 % interval of the mean"));
        }
        if self.metrics.iter().any(|metric| metric.expectation.is_some()) {
            legend.push(Entry::new(Swatch::Dashes, "expected"));
        }
        legend
    }

    fn draw_names(&self, canvas: &Canvas, rows: Rect, width: f64) {
        for (nth, strategy) in self.strategies.iter().enumerate() {
            let y = rows.top + ROW * (nth as f64 + 0.5);
            canvas.text_within(&strategy.label, (rows.left, y), width, LABEL);
            let line = rows.top + ROW * nth as f64;
            canvas.path(&[(rows.left, line), (rows.right, line)], GRID, 1.0);
        }
    }

    fn draw_metric(&self, canvas: &Canvas, rect: Rect, metric: &Metric) {
        canvas.text_within(&metric.title, (rect.left, rect.top + 10.0), rect.width(), PANEL);
        let texts: Vec<String> = metric.values.iter().map(|value| metric.text(*value)).collect();
        let widest = texts.iter().map(|text| text_width(text, LABEL)).fold(0.0, f64::max);
        let right = rect.right - widest - VALUE_GAP;
        let bars = Rect { top: rect.top + HEAD, right, ..rect };
        let axis = metric.axis();
        let across = |value: f64| bars.left + axis.place(value) * bars.width();
        draw_x_ticks(canvas, bars, &axis, true);
        for (nth, (strategy, text)) in self.strategies.iter().zip(&texts).enumerate() {
            let y = bars.top + ROW * (nth as f64 + 0.5);
            canvas.text(text, (rect.right, y), Anchor::Right, LABEL);
            let Some(Estimate { mean, low, high }) = metric.values[nth] else { continue };
            let (top, bottom) = (y - BAR / 2.0, y + BAR / 2.0);
            canvas.rect(Rect { right: across(mean), top, bottom, ..bars }, hue(strategy.place));
            if low < high {
                canvas.whisker((across(low), across(high)), y);
            }
        }
        canvas.path(&[(bars.left, bars.top), (bars.left, bars.bottom)], BASE, 1.25);
        let Some(Expectation { bound, label }) = &metric.expectation else { return };
        let x = across(*bound);
        canvas.dashes(&[(x, bars.top - 4.0), (x, bars.bottom)], INK);
        let place = (rect.left, rect.top + 31.0);
        canvas.text_within(&format!("expected {label}"), place, rect.width(), TICK)
    }
}

impl Metric {
    /// From zero to the longest whisker or the expectation.
    fn axis(&self) -> Axis {
        let highs = self.values.iter().flatten().map(|value| value.high.max(value.mean));
        let bound = self.expectation.as_ref().map_or(0.0, |expectation| expectation.bound);
        let peak = peak(highs).max(bound);
        let axis = match self.measure {
            Measure::Share => Axis::shares("", peak, 4.0),
            Measure::Seconds => Axis::durations("", peak, 4.0),
            Measure::PerSecond | Measure::Number => Axis::amounts("", peak, 4.0),
        };
        axis.cut_at(peak)
    }

    fn text(&self, value: Option<Estimate>) -> String {
        let mean = value.map(|value| value.mean).filter(|mean| mean.is_finite());
        mean.map_or_else(|| "–".into(), words::of(self.measure))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, strategies};
    use super::*;

    fn metric(title: &str, measure: Measure, values: Vec<Option<Estimate>>) -> Metric {
        Metric { title: title.into(), measure, values, expectation: None }
    }

    fn estimate(mean: f64, margin: f64) -> Option<Estimate> {
        Some(Estimate { mean, low: mean - margin, high: mean + margin })
    }

    #[test]
    fn a_figure_reads_as_in_tables() {
        for (measure, value, text) in [
            (Measure::Seconds, 80.0, "1 min 20 s"),
            (Measure::Share, 0.126, "12.6 %"),
            (Measure::Number, 11_362.0, "11,362"),
            (Measure::PerSecond, 0.5, "0.5/s"),
        ] {
            let metric = metric("", measure, Vec::new());
            let estimate = Estimate { mean: value, low: value, high: value };
            assert_eq!(metric.text(Some(estimate)), text);
        }
    }

    #[test]
    fn means_are_drawn_and_printed() {
        let mut rates = metric(
            "throttle rate",
            Measure::Share,
            vec![estimate(0.12, 0.01), estimate(0.002, 0.0)],
        );
        rates.expectation = Some(Expectation { bound: 0.01, label: "< 1 %".into() });
        let metrics = vec![
            rates,
            metric(
                "p95 latency",
                Measure::Seconds,
                vec![estimate(270.0, 9.0), estimate(0.35, 0.0)],
            ),
            metric("calls per success", Measure::Number, vec![estimate(1.5, 0.1), None]),
            metric("completion", Measure::Seconds, vec![estimate(14_400.0, 60.0), None]),
        ];
        let chart = Comparison { heading: heading(), strategies: strategies(2), metrics };
        let mut texts =
            vec!["throttle rate", "12 %", "0.2 %", "4 min 30 s", "350 ms", "1.5", "4 h"];
        texts.extend(["–", "expected &lt; 1 %", "95 % interval of the mean"]);
        check_bytes(|| chart.draw(), &texts);
    }

    #[test]
    fn twenty_strategies_find_room() {
        let metrics = vec![metric("lost work", Measure::Share, vec![estimate(0.5, 0.1); 20]); 2];
        let chart = Comparison { heading: heading(), strategies: strategies(20), metrics };
        check(chart.draw(), &["strategy 0", "strategy 16"]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        for value in [None, estimate(0.0, 0.0), estimate(1e9, 1e9), estimate(f64::NAN, 1.0)] {
            for (count, columns) in [(0, 0), (0, 1), (1, 0), (1, 1), (5, 4)] {
                let measures = [Measure::Share, Measure::Seconds, Measure::Number, Measure::Share];
                let column = |of: &Measure| metric("a metric", *of, vec![value; count]);
                let metrics = measures[..columns].iter().map(column).collect();
                let strategies = strategies(count);
                let chart = Comparison { heading: heading(), strategies, metrics };
                check(chart.draw(), &[]);
            }
        }
    }
}
