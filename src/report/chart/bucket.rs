//! Requests or units that a limit has left over virtual time, one panel a strategy: is burst used,
//! or idle?
//!
//! ```text
//!   burst ┤- - - - - - - - -
//!         ┤▔▔╲▁      ╱▔▔        a step line: the level holds until the next change
//!       0 ┼────▔▔▔▔▔▔──────
//! ```

use super::axis::{Axis, peak};
use super::band::{draw_steps, extents, is_wide};
use super::frame::{Entry, Frame, Swatch};
use super::line::{corners, draw_line};
use super::panel::{MOST_PANELS, Panels, columns, height};
use super::style::{INK, WIDTH};
use super::{Heading, Picture, Series};
use crate::units::quantity::count;
use crate::units::{Instant, Span};
use jiff::civil::DateTime;

/// The picture of a bucket's level over time. It shows the first eight strategies.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketLevel {
    /// Title and subtitle.
    pub heading: Heading,
    /// What virtual time 0 is on the calendar, if the scenario says so.
    pub start: Option<DateTime>,
    /// What the bucket holds at most.
    pub burst: u32,
    /// What it counts: `requests`.
    pub unit: String,
    /// For each strategy the instants at which intervals begin, ascending, with the fewest and the
    /// most that were left in each; they are drawn until the next.
    pub series: Vec<Series<(Instant, f64, f64)>>,
}

impl BucketLevel {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let shown = self.series.len().min(MOST_PANELS);
        let series = &self.series[..shown];
        let heading = self.heading.of_first(shown, self.series.len());
        let ends = series.iter().filter_map(|one| one.values.last());
        let end = ends.map(|(at, ..)| at.since(Instant::ORIGIN)).max().unwrap_or(Span::ZERO);
        let burst = f64::from(self.burst);
        let levels = series.iter().flat_map(|one| one.values.iter().map(|(.., most)| *most));
        let x = Axis::time(end, self.start, WIDTH / columns(shown) as f64);
        let y = Axis::counts(&format!("{} left", self.unit), peak(levels).max(burst));
        let titles = series.iter().map(|one| one.strategy.label.as_str()).collect();
        let mut legend =
            vec![Entry::new(Swatch::Dashes, &format!("most: {}", count(self.burst.into())))];
        legend.extend(series.iter().any(|one| is_wide(&one.values)).then(extents));
        let empty = series.iter().all(|one| one.values.is_empty());
        let frame = Frame { heading: &heading, legend, body: height(shown), empty };
        let grid = Panels { x: &x, y: &y, titles };
        frame.draw(&|canvas, room| {
            let panels = grid.draw(canvas, room);
            for (panel, one) in panels.iter().zip(series) {
                draw_steps(canvas, panel, &one.values, one.strategy.place);
                let seconds = one.values.iter().map(|(at, least, _)| (at.as_secs_f64(), *least));
                let levels = corners(&panel.points(&seconds.collect::<Vec<_>>()));
                draw_line(canvas, &levels, one.strategy.place);
                let level = panel.at(0.0, burst).1;
                canvas.dashes(&[(panel.plot.left, level), (panel.plot.right, level)], INK);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading, series};
    use super::*;

    fn picture(count: usize, burst: u32, values: &[(u64, f64)]) -> BucketLevel {
        let at = |(s, level): &(u64, f64)| {
            (Instant::ORIGIN + Span::from_secs(*s), *level, level + level.rem_euclid(2.0))
        };
        let series = series(count, |_| values.iter().map(at).collect());
        BucketLevel { heading: heading(), start: None, burst, unit: "points".into(), series }
    }

    #[test]
    fn levels_are_drawn_under_the_burst() {
        let levels: Vec<_> = (0..600).map(|s| (s, (s * 7 % 31) as f64)).collect();
        let band = "range within each interval";
        let texts = ["points left", "30", "most: 30", band, "virtual time", "2 min"];
        check_bytes(|| picture(3, 30, &levels).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(0, 0, &[]).draw(), &[]);
        check(
            picture(20, 1_000_000_000, &[(0, 1.0), (9, 1e9)]).draw(),
            &["1 G", "most: 1,000,000,000"],
        );
        for values in [
            vec![],
            vec![(0, 0.0)],
            vec![(5, 3.0)],
            vec![(0, 0.0), (9, 0.0)],
            vec![(0, 1e9), (9, f64::NAN), (10, -1.0)],
        ] {
            check(picture(2, 1, &values).draw(), &[]);
        }
    }
}
