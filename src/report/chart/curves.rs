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
use super::canvas::{Anchor, Canvas, Rect};
use super::frame::{Entry, Frame, Swatch};
use super::line::{draw_band, draw_line};
use super::panel::{Panel, gutter};
use super::style::{INK, PANEL, TICK, hue};
use super::{Estimate, Heading, Picture, Series};

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
    pub fn draw(&self) -> Picture {
        let mut legend =
            self.curves.first().map_or_else(Vec::new, |curve| Entry::of(&curve.series));
        let estimates = || self.curves.iter().flat_map(|c| &c.series).flat_map(|s| &s.values);
        legend.extend(estimates().any(|(_, of)| of.is_wide()).then(Entry::band));
        if self.curves.iter().any(|curve| curve.bound.is_some()) {
            legend.push(Entry::new(Swatch::Dashes, "what is expected"));
        }
        let body = ROW * self.curves.len() as f64 + FOOT;
        let empty = estimates().next().is_none();
        let x = Axis::spread(&self.x);
        let y: Vec<Axis> = self.curves.iter().map(Curve::axis).collect();
        let left = y.iter().map(gutter).fold(0.0, f64::max);
        Frame { heading: &self.heading, legend, body, empty }.draw(&|canvas, room| {
            for (nth, (curve, y)) in self.curves.iter().zip(&y).enumerate() {
                let top = room.top + ROW * nth as f64;
                canvas.text_within(&curve.title, (room.left, top + TITLE / 2.0), 600.0, PANEL);
                let plot = Rect {
                    left: room.left + left,
                    top: top + TITLE,
                    right: room.right - 14.0,
                    bottom: top + ROW - 16.0,
                };
                let last = nth + 1 == self.curves.len();
                let panel = Panel::draw(canvas, plot, (&x, last), (y, true));
                self.draw_curve(canvas, &panel, curve);
            }
            let place = (room.right - 14.0, room.bottom - TICK.size / 2.0);
            canvas.text(&self.x.title, place, Anchor::Right, TICK)
        })
    }

    fn draw_curve(&self, canvas: &Canvas, panel: &Panel, curve: &Curve) {
        let sound = |series: &Series<(f64, Estimate)>| {
            let sound = series
                .values
                .iter()
                .filter(|(_, of)| [of.mean, of.low, of.high].iter().all(|value| value.is_finite()));
            sound.copied().collect::<Vec<_>>()
        };
        for series in &curve.series {
            let (place, values) = (series.strategy.place, sound(series));
            let line = |part: fn(&Estimate) -> f64| {
                values.iter().map(|(x, of)| panel.at(*x, part(of))).collect::<Vec<_>>()
            };
            let (low, high) = (line(|of| of.low), line(|of| of.high));
            draw_band(canvas, (&low, &high), place);
            if let ([low], [high]) = (low.as_slice(), high.as_slice()) {
                canvas.path(&[*low, *high], hue(place), 1.5);
            }
        }
        for series in &curve.series {
            let (place, values) = (series.strategy.place, sound(series));
            let points: Vec<_> = values.iter().map(|(x, of)| panel.at(*x, of.mean)).collect();
            draw_line(canvas, &points, place);
            for ((x, value), point) in values.iter().zip(&points) {
                canvas.marker(*point, place);
                let found = format!("{}: {}", curve.title, value.told(curve.measure));
                let at = self.x.name_of(*x).map_or(String::new(), |at| format!("{at}, "));
                canvas.spot_at(*point, &format!("{at}{}: {found}", series.strategy.label));
            }
        }
        if let Some(bound) = curve.bound {
            let y = panel.at(0.0, bound).1;
            canvas.dashes(&[(panel.plot.left, y), (panel.plot.right, y)], INK);
        }
        if let Some((x, name)) = &self.answer {
            let x = panel.at(*x, 0.0).0;
            canvas.dashes(&[(x, panel.plot.top), (x, panel.plot.bottom)], INK);
            let (anchor, x) = match x > (panel.plot.left + panel.plot.right) / 2.0 {
                true => (Anchor::Right, x - 6.0),
                false => (Anchor::Left, x + 6.0),
            };
            canvas.text(name, (x, panel.plot.top + 10.0), anchor, TICK);
        }
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
    use super::super::trial::{check, check_bytes, heading, series, svg};
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
        let drawn = check(curves(&values, true).draw(), &["95 % interval of the mean"]);
        let told = "clients.accounts = 8, strategy 0: throttle rate: 30 % (27 % to 33 %)";
        assert!(svg(&drawn).contains(told), "{}", svg(&drawn));
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
