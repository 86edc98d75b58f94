//! Backlog over virtual time, one line a strategy: is the work done before the deadline?
//!
//! Backlog counts the requests that have arrived and not yet ended. A dashed line may show what
//! no strategy can beat (the published rate, used to the full), an upright one the deadline. A
//! request that is given up leaves the backlog, too: crosses stand where that happens.

use super::axis::{Axis, peak};
use super::band::{Bands, draw_steps};
use super::canvas::Canvas;
use super::frame::{Entry, Frame, Swatch};
use super::line::{corners, draw_lines};
use super::panel::{Panel, Panels};
use super::style::{BODY, INK, WIDTH, hue};
use super::{Heading, Picture, Series};
use crate::units::Instant;
use crate::units::quantity::number;
use jiff::civil::DateTime;

/// The picture of the backlog over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Backlog {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// For each strategy the instants at which the backlog changed or was read, ascending, and
    /// the requests waiting; each value is drawn until the next, and the line ends with them.
    pub series: Vec<Series<(Instant, f64)>>,
    /// Around each strategy's line.
    pub bands: Bands,
    /// For each strategy the instants at which requests were given up, ascending, and how many.
    pub lost: Vec<Series<(Instant, f64)>>,
    /// The best that any strategy could do, by straight lines; empty if unknown.
    pub ideal: Vec<(Instant, f64)>,
    /// When the work should be done, if it should.
    pub deadline: Option<Instant>,
}

impl Backlog {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let points = || self.series.iter().flat_map(|one| &one.values).chain(&self.ideal);
        let drawn = self.series.iter().flat_map(unended).chain(&self.ideal).map(|(at, _)| *at);
        let end = drawn.chain(self.deadline).max().unwrap_or_default().since(Instant::ORIGIN);
        let x = Axis::time(end, self.start, WIDTH);
        let peak = peak(points().map(|(_, waiting)| *waiting));
        let y = Axis::counts("requests arrived and not yet ended", peak);
        let mut legend = self.entries();
        if !self.ideal.is_empty() {
            legend.push(Entry::new(Swatch::Dashes, "ideal"));
        }
        legend.extend(self.bands.entry());
        let empty = points().next().is_none();
        let frame = Frame { heading: &self.heading, legend, body: BODY, empty };
        frame.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            for (one, band) in self.series.iter().zip(self.bands.of_strategies()) {
                let drawn = &band[..band.len().min(unended(one).len())];
                draw_steps(canvas, &panel, drawn, one.strategy.place);
            }
            let lines = self
                .series
                .iter()
                .map(|one| (one.strategy.place, corners(&panel.points(&seconds(unended(one))))));
            draw_lines(canvas, panel.plot, &lines.collect::<Vec<_>>());
            for (one, lost) in self.series.iter().zip(&self.lost) {
                mark_lost(canvas, &panel, unended(one), lost);
            }
            canvas.dashes(&panel.points(&seconds(&self.ideal)), INK);
            let at = self.deadline.map(Instant::as_secs_f64);
            if let Some(at) = at {
                panel.mark(canvas, at, "deadline", &y.title);
            }
        })
    }
}

impl Backlog {
    /// The strategies, and what crosses mean if there are any.
    fn entries(&self) -> Vec<Entry> {
        let mut entries = Entry::of(&self.series);
        for (entry, lost) in entries.iter_mut().zip(&self.lost) {
            let lost: f64 = lost.values.iter().map(|(_, count)| count).sum();
            if lost > 0.0 {
                entry.label += &format!(": {} given up", number(lost));
            }
        }
        if self.lost.iter().any(|lost| !lost.values.is_empty()) {
            entries.push(Entry::new(Swatch::Cross, "requests given up"));
        }
        entries
    }
}

/// From one cross to the next at least \[px\].
const CROSSES_APART: f64 = 14.0;

/// Crosses on a strategy's line where requests leave it because they were given up.
fn mark_lost(
    canvas: &Canvas,
    panel: &Panel,
    values: &[(Instant, f64)],
    lost: &Series<(Instant, f64)>,
) {
    let mut free = f64::NEG_INFINITY;
    for (at, _) in &lost.values {
        let held = values.partition_point(|(from, _)| from <= at).checked_sub(1);
        let waiting = held.map_or(0.0, |held| values[held].1);
        let place = panel.at(at.as_secs_f64(), waiting);
        if waiting.is_finite() && place.0 >= free {
            canvas.cross(place, hue(lost.strategy.place));
            free = place.0 + CROSSES_APART;
        }
    }
}

/// The values until nothing waits for good.
fn unended(series: &Series<(Instant, f64)>) -> &[(Instant, f64)] {
    let last = series.values.iter().rposition(|(_, waiting)| *waiting > 0.0);
    let end = last.map_or(1, |last| last + 2).min(series.values.len());
    &series.values[..end]
}

fn seconds(points: &[(Instant, f64)]) -> Vec<(f64, f64)> {
    points.iter().map(|(at, waiting)| (at.as_secs_f64(), *waiting)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series, svg};
    use super::*;
    use crate::units::Span;

    fn picture(count: usize, values: &[(u64, f64)], deadline: Option<u64>) -> Backlog {
        let at = |s: u64| Instant::ORIGIN + Span::from_secs(s);
        let series = series(count, |_| values.iter().map(|(s, n)| (at(*s), *n)).collect());
        let ideal = values.iter().take(2).map(|(s, n)| (at(*s), *n)).collect();
        let lost = series.iter().map(|one| Series { values: vec![], ..one.clone() }).collect();
        let deadline = deadline.map(at);
        let band = || values.iter().map(|(s, n)| (at(*s), n * 0.9, n * 1.1)).collect();
        let bands = Bands::Intervals(series.iter().map(|_| band()).collect());
        Backlog { heading: heading(), start: None, series, bands, lost, ideal, deadline }
    }

    #[test]
    fn the_backlog_is_drawn_with_ideal_and_deadline() {
        let waiting: Vec<_> = (0..100).map(|n| (n * 60, (14_000 - n * 140) as f64)).collect();
        let texts = [
            "requests arrived and not yet ended",
            "15 k",
            "ideal",
            "deadline",
            "90 min",
            "95 % interval of the mean",
        ];
        check_bytes(|| picture(3, &waiting, Some(5_400)).draw(), &texts);
    }

    #[test]
    fn a_line_ends_when_nothing_waits_for_good() {
        let chart = picture(1, &[(0, 5.0), (1, 0.0), (2, 3.0), (3, 0.0), (4, 0.0)], None);
        assert_eq!(unended(&chart.series[0]).len(), 4);
        let never = picture(1, &[(0, 0.0), (1, 0.0)], None);
        assert_eq!(unended(&never.series[0]).len(), 1);
    }

    #[test]
    fn crosses_stand_where_requests_are_given_up() {
        let mut chart = picture(2, &[(0, 50.0), (60, 30.0), (120, 0.0)], None);
        chart.lost[0].values = vec![(Instant::ORIGIN + Span::from_secs(70), 20.0)];
        let texts = ["strategy 0: 20 given up", "requests given up"];
        let drawn = check(chart.draw(), &texts);
        let without = check(picture(2, &[(0, 50.0), (60, 30.0), (120, 0.0)], None).draw(), &[]);
        assert!(svg(&drawn).len() > svg(&without).len());
        assert!(!svg(&without).contains("given up"));
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, &[], None).draw(), &[]);
        check(picture(20, &[(0, 1e9), (9, 1.0)], Some(1_000_000_000)).draw(), &["1 G"]);
        for values in [
            vec![],
            vec![(0, 0.0)],
            vec![(5, 3.0)],
            vec![(0, 7.0), (9, 7.0)],
            vec![(0, 1e9), (9, f64::NAN), (10, -1.0)],
        ] {
            check(picture(2, &values, Some(0)).draw(), &[]);
        }
    }
}
