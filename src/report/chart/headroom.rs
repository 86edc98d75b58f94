//! The share of each limit in use over virtual time, one panel a limit, one line a strategy: which
//! limit binds, and how near are the others?
//!
//! ```text
//!   one                       another
//!   100 % ┤- -╱▔▔▔╲- -        ┤- - - - - -      at 100 % the next call is refused
//!    50 % ┤▁▁╱     ╲▁▁        ┤  ▁▁▁▁
//!     0 % ┼───────────        ┼──────────
//! ```

use super::axis::Axis;
use super::frame::{Entry, Frame, Swatch};
use super::line::{corners, draw_lines};
use super::panel::{MOST_PANELS, Panels, columns, height};
use super::style::{INK, WIDTH};
use super::{Heading, Picture, Series};
use crate::units::Instant;
use jiff::civil::DateTime;

/// The instants from which shares hold, ascending, with the shares: fractions from 0 to 1.
type Shares = Series<(Instant, f64)>;

/// The picture of the shares of limits in use over time. It shows the first eight limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Headroom {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// For each limit its name, and for each strategy the share in use; each share is drawn until
    /// the next.
    pub limits: Vec<(String, Vec<Shares>)>,
}

impl Headroom {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let limits = &self.limits[..self.limits.len().min(MOST_PANELS)];
        let (shown, all) = (limits.len(), self.limits.len());
        let mut heading = self.heading.clone();
        if shown < all {
            heading.subtitle.push_str(&format!(" · the {shown} of {all} limits most in use"));
        }
        let series = || limits.iter().flat_map(|(_, series)| series);
        let ends = series().filter_map(|one| one.values.last());
        let end = ends.map(|(at, _)| *at).max().unwrap_or_default().since(Instant::ORIGIN);
        let x = Axis::time(end, self.start, WIDTH / columns(shown) as f64);
        let y = Axis::shares("share in use (of a bucket: of its burst)", 1.0, 4.0);
        let mut legend = limits.first().map_or_else(Vec::new, |(_, series)| Entry::of(series));
        legend.push(Entry::new(Swatch::Dashes, "all in use: the next call is refused"));
        let titles = limits.iter().map(|(name, _)| name.as_str()).collect();
        let empty = series().all(|one| one.values.is_empty());
        let frame = Frame { heading: &heading, legend, body: height(shown), empty };
        let grid = Panels { x: &x, y: &y, titles };
        frame.draw(&|canvas, room| {
            let panels = grid.draw(canvas, room);
            for (panel, (_, series)) in panels.iter().zip(limits) {
                let line = |one: &Shares| {
                    let seconds = one.values.iter().map(|(at, share)| (at.as_secs_f64(), *share));
                    let points = panel.points(&seconds.collect::<Vec<_>>());
                    (one.strategy.place, corners(&points))
                };
                draw_lines(canvas, panel.plot, &series.iter().map(line).collect::<Vec<_>>());
                let (left, right, top) = (panel.plot.left, panel.plot.right, panel.plot.top);
                canvas.dashes(&[(left, top), (right, top)], INK);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series, svg};
    use super::*;
    use crate::units::Span;

    fn picture(limits: usize, count: usize, values: &[(u64, f64)]) -> Headroom {
        let at = |(s, share): &(u64, f64)| (Instant::ORIGIN + Span::from_secs(*s), *share);
        let lines = || series(count, |_| values.iter().map(at).collect());
        let limits = (0..limits).map(|n| (format!("limit {n}"), lines())).collect();
        Headroom { heading: heading(), start: None, limits }
    }

    #[test]
    fn shares_are_drawn_limit_by_limit() {
        let saw: Vec<_> = (0..600).map(|s| (s, (s * 7 % 31) as f64 / 30.0)).collect();
        let texts = [
            "limit 0",
            "limit 3",
            "share in use (of a bucket: of its burst)",
            "100 %",
            "50 %",
            "strategy 0",
        ];
        check_bytes(|| picture(4, 2, &saw).draw(), &texts);
        let many = check(picture(9, 1, &saw).draw(), &[]);
        assert!(svg(&many).contains("the 8 of 9 limits most in use"), "{:.900}", svg(&many));
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, 0, &[]).draw(), &["no data"]);
        for values in [vec![], vec![(0, 0.0)], vec![(0, f64::NAN), (9, 2.0), (10, -1.0)]] {
            check(picture(2, 20, &values).draw(), &[]);
        }
    }
}
