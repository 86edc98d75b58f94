//! Attempts per interval by outcome, stacked, one panel a strategy: how much is waste?
//!
//! ```text
//!   failed            grey
//!   throttled by …    one shade of vermilion a cause      - - published rate
//!   admitted          green
//! ```

use super::axis::{Axis, peak};
use super::canvas::{Canvas, Point};
use super::frame::{Entry, Frame, Swatch};
use super::panel::{MOST_PANELS, Panel, Panels, columns, height};
use super::style::{ADMITTED, Colour, FAILED, INK, WIDTH, cause};
use super::{Heading, Picture, Series};
use crate::units::Span;
use crate::units::quantity::digits as number;
use jiff::civil::DateTime;

/// The attempts of one interval, counts or means of counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attempts {
    /// Those that were admitted and did not fail.
    pub admitted: f64,
    /// Those that were throttled, by cause, in the order of [`Outcomes::causes`].
    pub throttled: Vec<f64>,
    /// Those that were admitted or lost on the way, and failed.
    pub failed: f64,
}

/// The picture of attempts by outcome over time. It shows the first eight strategies.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// The length of an interval; the first begins at time 0.
    pub bin: Span,
    /// The names of the limits that throttled.
    pub causes: Vec<String>,
    /// The published rate over all accounts \[1/s\], if there is one.
    pub published: Option<f64>,
    /// For each strategy the attempts of each interval.
    pub series: Vec<Series<Attempts>>,
}

/// The unit in which attempts are counted, and its seconds.
const UNITS: [(&str, f64); 4] =
    [("second", 1.0), ("minute", 60.0), ("hour", 3_600.0), ("day", 86_400.0)];

impl Outcomes {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let shown = self.series.len().min(MOST_PANELS);
        let series = &self.series[..shown];
        let heading = self.heading.of_first(shown, self.series.len());
        let bins = series.iter().map(|one| one.values.len()).max().unwrap_or(0);
        let end = self.bin.times(bins.try_into().unwrap_or(u64::MAX));
        let per_second = 1.0 / self.bin.as_secs_f64().max(1e-9);
        let all = series.iter().flat_map(|one| &one.values);
        let peak = peak(all.map(|at| self.layers(at).last().copied().unwrap_or(0.0) * per_second));
        let unit = UNITS.iter().find(|(_, seconds)| peak * seconds >= 1.0).unwrap_or(&UNITS[0]);
        let published = self.published.filter(|rate| *rate <= 4.0 * peak);
        let top = published.unwrap_or(0.0).max(peak) * unit.1;
        let x = Axis::time(end, self.start, WIDTH / columns(shown) as f64);
        let y = Axis::amounts(&format!("attempts per {}", unit.0), top, 4.0);
        let titles = series.iter().map(|one| one.strategy.label.as_str()).collect();
        let empty = bins == 0;
        let frame = Frame {
            heading: &heading,
            legend: self.legend(unit, published.is_some()),
            body: height(shown),
            empty,
        };
        let grid = Panels { x: &x, y: &y, titles };
        frame.draw(&|canvas, room| {
            let panels = grid.draw(canvas, room);
            for (panel, one) in panels.iter().zip(series) {
                self.stack(canvas, panel, &one.values, per_second * unit.1);
                if let Some(rate) = published {
                    let level = panel.at(0.0, rate * unit.1).1;
                    let ends = [(panel.plot.left, level), (panel.plot.right, level)];
                    canvas.dashes(&ends, INK);
                }
            }
        })
    }

    fn legend(&self, (unit, seconds): &(&str, f64), drawn: bool) -> Vec<Entry> {
        let mut legend = vec![Entry::new(Swatch::Area(ADMITTED), "admitted")];
        for (nth, name) in self.causes.iter().enumerate() {
            legend.push(Entry::new(Swatch::Area(cause(nth)), &format!("throttled: {name}")));
        }
        legend.push(Entry::new(Swatch::Area(FAILED), "failed"));
        if let Some(rate) = self.published {
            let place = if drawn { "" } else { " (above the plot)" };
            let label = format!("published rate: {} per {unit}{place}", number(rate * seconds));
            legend.push(Entry::new(Swatch::Dashes, &label));
        }
        legend
    }

    /// The upper edges of the layers of one interval, from the lowest.
    fn layers(&self, at: &Attempts) -> Vec<f64> {
        let causes = (0..self.causes.len()).map(|n| at.throttled.get(n).copied().unwrap_or(0.0));
        let parts = std::iter::once(at.admitted).chain(causes).chain([at.failed]);
        let sound = parts.map(|part| if part.is_finite() { part.max(0.0) } else { 0.0 });
        let sums = sound.scan(0.0, |sum, part| {
            *sum += part;
            Some(*sum)
        });
        sums.collect()
    }

    /// Draws the layers, the highest first and each down to the base, so that no seam shows.
    fn stack(&self, canvas: &Canvas, panel: &Panel, values: &[Attempts], scale: f64) {
        let edges: Vec<_> = values.iter().map(|at| self.layers(at)).collect();
        for (layer, colour) in self.colours().into_iter().enumerate().rev() {
            let top = |nth: usize| edges[nth][layer] * scale;
            if (0..edges.len()).all(|nth| edges[nth][layer] == 0.0) {
                continue;
            }
            let bin = self.bin.as_secs_f64();
            let mut outline: Vec<Point> = vec![panel.at(0.0, 0.0)];
            for nth in 0..edges.len() {
                outline.push(panel.at(nth as f64 * bin, top(nth)));
                outline.push(panel.at((nth as f64 + 1.0) * bin, top(nth)));
            }
            outline.push(panel.at(edges.len() as f64 * bin, 0.0));
            canvas.fill(&outline, colour);
        }
    }

    fn colours(&self) -> Vec<Colour> {
        let causes = (0..self.causes.len()).map(cause);
        std::iter::once(ADMITTED).chain(causes).chain([FAILED]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn picture(count: usize, published: f64, values: &[Attempts]) -> Outcomes {
        let causes = vec!["per-second".into(), "per-day".into()];
        let series = series(count, |_| values.to_vec());
        let bin = Span::MINUTE.times(10);
        Outcomes {
            heading: heading(),
            start: None,
            bin,
            causes,
            published: Some(published),
            series,
        }
    }

    fn attempts(admitted: f64, throttled: [f64; 2], failed: f64) -> Attempts {
        Attempts { admitted, throttled: throttled.to_vec(), failed }
    }

    #[test]
    fn outcomes_are_stacked_in_the_unit_that_fits() {
        let chart = picture(3, 0.5, &vec![attempts(240.0, [60.0, 30.0], 5.0); 144]);
        let layers = chart.layers(&attempts(240.0, [60.0, 30.0], 5.0));
        assert_eq!(layers, [240.0, 300.0, 330.0, 335.0]);
        let texts = ["attempts per minute", "throttled: per-day", "published rate: 30 per minute"];
        check_bytes(|| chart.draw(), &texts);
    }

    #[test]
    fn a_published_rate_far_above_all_attempts_is_only_named() {
        let chart = picture(1, 100.0, &[attempts(600.0, [0.0, 0.0], 0.0)]);
        check(chart.draw(), &["published rate: 100 per second (above the plot)"]);
    }

    #[test]
    fn more_than_eight_strategies_are_said_to_be_left_out() {
        let chart = picture(20, 1.0, &[attempts(600.0, [9.0, 0.0], 0.0)]);
        let subtitle = "nightly-sync · seed 42 · 20 replications · the first 8 of 20 strategies";
        check(chart.draw(), &[subtitle]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        let missing = Attempts { throttled: vec![], ..attempts(1.0, [0.0, 0.0], 0.0) };
        for value in [
            attempts(0.0, [0.0, 0.0], 0.0),
            attempts(1e9, [1e9, 1e9], 1e9),
            attempts(f64::NAN, [-5.0, f64::INFINITY], 1.0),
            missing,
        ] {
            for (count, bins) in [(0, 0), (1, 0), (2, 1)] {
                check(picture(count, 0.5, &vec![value.clone(); bins]).draw(), &[]);
            }
        }
    }
}
