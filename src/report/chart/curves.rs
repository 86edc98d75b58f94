//! Figures against one parameter: a panel for each metric, a curve for each strategy, with the 95 %
//! interval of every point.
//!
//! ```text
//!   throttle rate │        ╱┃     ┊          - - what is expected, and the answer
//!                 │▁▁▁▂▂▃▃╱ ┃     ┊
//!                 └───────────────────  clients.accounts
//! ```

use super::Measure;
use super::axis::{Axis, Spread, peak};
use super::canvas::{Canvas, Rect};
use super::frame::{Entry, Frame, Swatch};
use super::line::draw_line;
use super::panel::{Panel, gutter};
use super::style::{INK, PANEL, TICK, hue};
use super::{ChartError, Estimate, Heading, Picture, Series};
use crate::report::chart::canvas::Anchor;

/// A metric's curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The metric.
    pub title: String,
    /// What it is measured in.
    pub measure: Measure,
    /// For each strategy what was found at each place.
    pub series: Vec<Series<(f64, Estimate)>>,
    /// The value that is expected, if one is.
    pub bound: Option<f64>,
}

/// The picture of figures against a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Title and subtitle.
    pub heading: Heading,
    /// The parameter.
    pub x: Spread,
    /// The panels.
    pub curves: Vec<Curve>,
    /// A place that answers a question, with its name.
    pub answer: Option<(f64, String)>,
}

const ROW: f64 = 250.0;
const TITLE: f64 = 36.0;
const FOOT: f64 = 48.0;

impl Curves {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// [`ChartError::Draw`] if the drawing fails; no figures make it fail.
    pub fn draw(&self) -> Result<Picture, ChartError> {
        let mut legend =
            self.curves.first().map_or_else(Vec::new, |curve| Entry::of(&curve.series));
        let estimates = || self.curves.iter().flat_map(|c| &c.series).flat_map(|s| &s.values);
        if estimates().any(|(_, estimate)| estimate.low < estimate.high) {
            legend.push(Entry::new(Swatch::Interval, "95 % interval of the mean"));
        }
        if self.curves.iter().any(|curve| curve.bound.is_some()) {
            legend.push(Entry::new(Swatch::Dashes, "what is expected"));
        }
        let body = ROW * self.curves.len() as f64 + FOOT;
        let empty = estimates().next().is_none();
        let x = Axis::spread(&self.x);
        let y: Vec<Axis> = self.curves.iter().map(Curve::axis).collect();
        let left = y.iter().map(gutter).fold(0.0, f64::max);
        Frame { heading: &self.heading, legend, body, empty }.draw(|canvas, room| {
            for (nth, (curve, y)) in self.curves.iter().zip(&y).enumerate() {
                let top = room.top + ROW * nth as f64;
                canvas.text_within(&curve.title, (room.left, top + TITLE / 2.0), 600.0, PANEL)?;
                let plot = Rect {
                    left: room.left + left,
                    top: top + TITLE,
                    right: room.right - 14.0,
                    bottom: top + ROW - 16.0,
                };
                let last = nth + 1 == self.curves.len();
                let panel = Panel::draw(canvas, plot, (&x, last), (y, true))?;
                self.draw_curve(canvas, &panel, curve)?;
            }
            let place = (room.right - 14.0, room.bottom - TICK.size / 2.0);
            canvas.text(&self.x.title, place, Anchor::Right, TICK)
        })
    }

    fn draw_curve(&self, canvas: &Canvas, panel: &Panel, curve: &Curve) -> Result<(), ChartError> {
        for series in &curve.series {
            let place = series.strategy.place;
            let sound = series.values.iter().filter(|(_, value)| value.mean.is_finite());
            let points: Vec<_> = sound.clone().map(|(x, value)| panel.at(*x, value.mean)).collect();
            draw_line(canvas, &points, place)?;
            for ((x, value), point) in sound.zip(&points) {
                if value.low < value.high {
                    let ends = [panel.at(*x, value.low), panel.at(*x, value.high)];
                    canvas.path(&ends, hue(place), 1.5)?;
                }
                canvas.marker(*point, place)?;
            }
        }
        if let Some(bound) = curve.bound {
            let y = panel.at(0.0, bound).1;
            canvas.dashes(&[(panel.plot.left, y), (panel.plot.right, y)], INK)?;
        }
        if let Some((x, name)) = &self.answer {
            let x = panel.at(*x, 0.0).0;
            canvas.dashes(&[(x, panel.plot.top), (x, panel.plot.bottom)], INK)?;
            let (anchor, x) = match x > (panel.plot.left + panel.plot.right) / 2.0 {
                true => (Anchor::Right, x - 6.0),
                false => (Anchor::Left, x + 6.0),
            };
            canvas.text(name, (x, panel.plot.top + 10.0), anchor, TICK)?;
        }
        Ok(())
    }
}

impl Curve {
    fn axis(&self) -> Axis {
        let values = self.series.iter().flat_map(|series| &series.values);
        let highs = values.map(|(_, value)| value.high.max(value.mean));
        let peak = peak(highs.chain(self.bound));
        match self.measure {
            Measure::Share => Axis::shares("", peak, 4.0),
            Measure::Seconds => Axis::durations("", peak, 4.0),
            Measure::PerSecond | Measure::Number => Axis::amounts("", peak, 4.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn curves(values: &[(f64, Estimate)], logarithmic: bool) -> Curves {
        let places = values.iter().map(|(x, _)| (*x, format!("{x}"))).collect();
        let curve = |title: &str, measure| Curve {
            title: title.into(),
            measure,
            series: series(2, |_| values.to_vec()),
            bound: Some(0.01),
        };
        Curves {
            heading: heading(),
            x: Spread { title: "clients.accounts".into(), values: places, logarithmic },
            curves: vec![
                curve("throttle rate", Measure::Share),
                curve("completion", Measure::Seconds),
            ],
            answer: Some((2.0, "41".into())),
        }
    }

    #[test]
    fn metrics_stand_above_one_another_over_one_parameter() {
        let estimate = |mean| Estimate { mean, low: mean * 0.9, high: mean * 1.1 };
        let values = [(1.0, estimate(0.0)), (2.0, estimate(0.02)), (8.0, estimate(0.3))];
        let texts = ["throttle rate", "completion", "clients.accounts", "41", "8"];
        check_bytes(|| curves(&values, true).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        let odd = Estimate { mean: f64::NAN, low: 0.0, high: f64::INFINITY };
        for values in [vec![], vec![(0.0, odd)], vec![(1.0, odd), (1.0, odd)]] {
            check(curves(&values, false).draw(), &[]);
            check(curves(&values, true).draw(), &[]);
        }
    }
}
