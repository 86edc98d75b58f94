//! Two figures against each other: every point of a sweep, and the line of those that no other
//! beats in both.
//!
//! ```text
//!   job latency │●        ·
//!               │ ╲   ■
//!               │  ●──●      ·
//!               └──────────────── throttle rate        less is better in both
//! ```

use super::Measure;
use super::axis::{Axis, peak};
use super::frame::{Entry, Frame, Swatch};
use super::panel::Panels;
use super::style::{BODY, GREY};
use super::{ChartError, Heading, Picture, Series};

/// A figure that is traded for another.
#[derive(Debug, Clone, PartialEq)]
pub struct Trade {
    /// The metric.
    pub title: String,
    /// What it is measured in.
    pub measure: Measure,
}

/// The picture of a trade-off.
#[derive(Debug, Clone, PartialEq)]
pub struct Front {
    /// Title and subtitle.
    pub heading: Heading,
    /// What is traded for what.
    pub trades: [Trade; 2],
    /// For each strategy its points.
    pub series: Vec<Series<(f64, f64)>>,
    /// The points that no other beats, in ascending order of the first figure.
    pub front: Vec<(f64, f64)>,
}

impl Front {
    /// Draws the picture.
    ///
    /// # Errors
    ///
    /// [`ChartError::Draw`] if the drawing fails; no figures make it fail.
    pub fn draw(&self) -> Result<Picture, ChartError> {
        let points = || self.series.iter().flat_map(|series| &series.values);
        let [x, y] = &self.trades;
        let x = x.axis(peak(points().map(|point| point.0)));
        let y = y.axis(peak(points().map(|point| point.1)));
        let mut legend = Entry::of(&self.series);
        legend.push(Entry::new(Swatch::Line(GREY), "no other beats these in both"));
        let empty = points().next().is_none();
        Frame { heading: &self.heading, legend, body: BODY, empty }.draw(|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y)?;
            let front = panel.points(&self.front);
            if front.len() > 1 {
                canvas.path(&front, GREY, 2.0)?;
            }
            for series in &self.series {
                for point in panel.points(&series.values) {
                    canvas.marker(point, series.strategy.place)?;
                }
            }
            Ok(())
        })
    }
}

impl Trade {
    fn axis(&self, peak: f64) -> Axis {
        match self.measure {
            Measure::Share => Axis::shares(&self.title, peak, 5.0),
            Measure::Seconds => Axis::durations(&self.title, peak, 5.0),
            Measure::PerSecond | Measure::Number => Axis::amounts(&self.title, peak, 5.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn front(values: &[(f64, f64)]) -> Front {
        let trade = |title: &str, measure| Trade { title: title.into(), measure };
        Front {
            heading: heading(),
            trades: [trade("throttle rate", Measure::Share), trade("done", Measure::Seconds)],
            series: series(2, |_| values.to_vec()),
            front: values.to_vec(),
        }
    }

    #[test]
    fn points_and_their_front_are_drawn() {
        let values = [(0.0, 900.0), (0.1, 400.0), (0.5, 60.0)];
        check_bytes(|| front(&values).draw(), &["throttle rate", "done", "50 %"]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        for values in [vec![], vec![(0.0, 0.0)], vec![(f64::NAN, 1.0), (1.0, f64::INFINITY)]] {
            check(front(&values).draw(), &[]);
        }
    }
}
