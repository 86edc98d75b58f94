//! When jobs are done, against a deadline, one line a strategy: how many are late, and how late?
//!
//! ```text
//!   100 % ┤        ┊  ___●        a line ends below 100 % where jobs are lost
//!    50 % ┤     _╱─┊─╱
//!     0 % ┼────────┊───────
//!        1 s   1 min   1 h        from arrival to end, on a logarithm
//! ```

use super::axis::Axis;
use super::frame::{Entry, Frame};
use super::line::{corners, draw_lines};
use super::panel::Panels;
use super::style::BODY;
use super::{Heading, Picture, Series};
use crate::units::Span;
use crate::units::quantity::span;

/// The picture of when jobs are done.
#[derive(Debug, Clone, PartialEq)]
pub struct Lateness {
    /// Title and subtitle.
    pub heading: Heading,
    /// How long a job may take.
    pub deadline: Span,
    /// For each strategy how long jobs take, ascending, with the share of all that are done within
    /// it, a fraction from 0 to 1.
    pub series: Vec<Series<(Span, f64)>>,
}

impl Lateness {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let deadline = self.deadline.as_secs_f64();
        let times = self.series.iter().flat_map(|one| &one.values);
        let times = times.map(|(time, _)| time.as_secs_f64()).filter(|time| *time > 0.0);
        let x = Axis::latencies(
            "from arrival to end",
            times.clone().fold(deadline, f64::min),
            times.fold(deadline, f64::max),
        );
        let y = Axis::shares("jobs done", 1.0, 5.0);
        let empty = self.series.iter().all(|one| one.values.is_empty());
        let legend = Entry::of(&self.series);
        let frame = Frame { heading: &self.heading, legend, body: BODY, empty };
        frame.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            let line = |one: &Series<(Span, f64)>| {
                let points = one.values.iter().map(|(time, done)| (time.as_secs_f64(), *done));
                let mut points: Vec<(f64, f64)> = points.collect();
                // All lines begin with nothing done.
                if let Some((first, _)) = points.first().copied() {
                    points.insert(0, (first, 0.0));
                }
                (one.strategy.place, corners(&panel.points(&points)))
            };
            let lines: Vec<_> = self.series.iter().map(line).collect();
            draw_lines(canvas, panel.plot, &lines);
            panel.mark(canvas, deadline, &format!("deadline: {}", span(self.deadline)), &y.title)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn picture(count: usize, deadline: u64, values: &[(u64, f64)]) -> Lateness {
        let values: Vec<_> = values.iter().map(|(s, f)| (Span::from_secs(*s), *f)).collect();
        let series = series(count, |_| values.clone());
        Lateness { heading: heading(), deadline: Span::from_secs(deadline), series }
    }

    #[test]
    fn the_deadline_is_marked_among_what_is_done() {
        let values = [(1, 0.2), (30, 0.5), (90, 0.8), (4_000, 0.95)];
        let texts = ["jobs done", "100 %", "deadline: 2 min", "from arrival to end", "1 h"];
        check_bytes(|| picture(2, 120, &values).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, 60, &[]).draw(), &["no data"]);
        for values in [vec![], vec![(0, 1.0)], vec![(7, f64::NAN)], vec![(1_000_000_000, 1.0)]] {
            check(picture(2, 0, &values).draw(), &[]);
            check(picture(20, 1_000_000, &values).draw(), &[]);
        }
    }
}
