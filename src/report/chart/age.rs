//! Age of the data over virtual time, one line a strategy: how old is what the caller sees?
//!
//! Of every interval the greatest age is drawn, on a logarithm: what one strategy has in seconds
//! another has in hours.

use super::axis::Axis;
use super::frame::{Entry, Frame};
use super::line::draw_lines;
use super::panel::Panels;
use super::style::{BODY, WIDTH};
use super::{Heading, Picture, Series};
use crate::units::{Instant, Span};
use jiff::civil::DateTime;

/// The picture of the age of data over time.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeOfData {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// For each strategy the ends of intervals, ascending, with the greatest age of each.
    pub series: Vec<Series<(Instant, Span)>>,
}

impl AgeOfData {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let curves: Vec<Vec<(f64, f64)>> = self.series.iter().map(curve).collect();
        let points = || curves.iter().flatten().copied();
        let end = self.series.iter().flat_map(|one| &one.values).map(|(at, _)| *at).max();
        let end = end.unwrap_or_default().since(Instant::ORIGIN);
        let ages = points().map(|(_, age)| age);
        let least = ages.clone().fold(f64::INFINITY, f64::min);
        let x = Axis::time(end, self.start, WIDTH);
        let y = Axis::latencies("greatest age in each interval", least, ages.fold(0.0, f64::max));
        let empty = points().next().is_none();
        let legend = Entry::of(&self.series);
        let frame = Frame { heading: &self.heading, legend, body: BODY, empty };
        frame.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let lines = self.series.iter().zip(&curves);
            let lines = lines.map(|(one, curve)| (one.strategy.place, panel.points(curve)));
            draw_lines(canvas, panel.plot, &lines.collect::<Vec<_>>())
        })
    }
}

/// Intervals in which nothing was looked at have no age.
fn curve(series: &Series<(Instant, Span)>) -> Vec<(f64, f64)> {
    let seen = series.values.iter().filter(|(_, age)| !age.is_zero());
    seen.map(|(at, age)| (at.as_secs_f64(), age.as_secs_f64())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn picture(count: usize, values: &[(u64, u64)]) -> AgeOfData {
        let at = |s: u64| Instant::ORIGIN + Span::from_secs(s);
        let ages = values.iter().map(|(s, age)| (at(*s), Span::from_secs(*age)));
        let ages: Vec<_> = ages.collect();
        AgeOfData { heading: heading(), start: None, series: series(count, |_| ages.clone()) }
    }

    #[test]
    fn ages_are_drawn_over_time() {
        let saw: Vec<_> = (0..100).map(|n| (n * 60, 6 + n % 10 * 60)).collect();
        check_bytes(|| picture(2, &saw).draw(), &["greatest age in each interval", "90 min"]);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        for values in [vec![], vec![(0, 0)], vec![(5, 3)], vec![(0, 7), (1_000_000_000, 7)]] {
            check(picture(2, &values).draw(), &[]);
        }
        check(picture(0, &[]).draw(), &[]);
    }
}
