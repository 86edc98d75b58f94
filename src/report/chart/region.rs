//! The figures that explain a log: which rates go with which bursts, or windows with limits.
//!
//! ```text
//!   burst 11 ┤     ┌────┐       the simplest kind of limit lies on the others, whose outlines
//!         10 ┤  ▆▆▆▆▆▆▒▒│       show how far they reach beneath it
//!          9 ┤     └────┘       an area without an end goes on to the edge of the plot
//!            └─┬─────┬─────
//!           0.49/s  0.5/s
//! ```

use super::axis::Axis;
use super::canvas::Rect;
use super::frame::{Entry, Frame, Swatch};
use super::panel::{Panel, Panels};
use super::style::{BODY, hue};
use super::{Heading, Picture};

/// Figures that go together; an upper end that is missing is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Rate \[1/s\] or window \[s\].
    pub across: (f64, Option<f64>),
    /// Burst or limit: whole numbers, both included.
    pub up: (f64, Option<f64>),
}

/// A kind of limit and all of its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// What it is called.
    pub label: String,
    /// Its figures.
    pub areas: Vec<Area>,
}

/// The picture of the figures that explain a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Title and subtitle.
    pub heading: Heading,
    /// What lies across, and what follows its numbers: `("rate", "/s")`.
    pub across: (String, String),
    /// What lies up: burst or limit.
    pub up: String,
    /// The kinds of limits, the simplest first.
    pub kinds: Vec<Kind>,
}

/// Nothing is narrower or lower than this \[px\].
const LEAST: f64 = 4.0;

impl Region {
    /// Draws the picture.
    pub fn draw(&self) -> Picture {
        let areas = || self.kinds.iter().flat_map(|kind| &kind.areas);
        let across = ends(&areas().map(|area| area.across).collect::<Vec<_>>());
        let (low, high) = across.unwrap_or((0.0, 1.0));
        let spare = if high > low { (high - low) * 0.25 } else { high.abs().max(1e-9) * 0.05 };
        let (title, unit) = &self.across;
        let x = Axis::part(title, ((low - spare).max(0.0), high + spare), 6.0, unit);
        let (least, most) =
            ends(&areas().map(|area| area.up).collect::<Vec<_>>()).unwrap_or((0.0, 1.0));
        let spare = ((most - least) * 0.15).ceil().max(2.0);
        let mut y = Axis::part(&self.up, ((least - spare).max(0.0), most + spare), 6.0, "");
        y.ticks.retain(|(value, _)| value.fract().abs() < 1e-6);
        let legend = self.legend();
        let empty = areas().next().is_none();
        Frame { heading: &self.heading, legend, body: BODY, empty }.draw(&|canvas, room| {
            let panel = Panels::one(canvas, room, &x, &y);
            for (place, kind) in self.kinds.iter().enumerate().rev() {
                for area in &kind.areas {
                    canvas.rect(area.within(&panel), hue(place));
                }
            }
            for (place, kind) in self.kinds.iter().enumerate().skip(1) {
                if let Some(Rect { left, top, right, bottom }) = kind.reach(&panel) {
                    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
                    canvas.path(&[&corners[..], &corners[..1]].concat(), hue(place), 1.5);
                }
            }
        })
    }

    fn legend(&self) -> Vec<Entry> {
        let entry = |(place, kind): (usize, &Kind)| {
            let open = |area: &Area| area.across.1.is_none() || area.up.1.is_none();
            let end = if kind.areas.iter().any(open) { " (no upper bound)" } else { "" };
            Entry::new(Swatch::Area(hue(place)), &format!("{}{end}", kind.label))
        };
        self.kinds.iter().enumerate().map(entry).collect()
    }
}

impl Kind {
    /// The rectangle that holds all of its areas.
    fn reach(&self, panel: &Panel<'_>) -> Option<Rect> {
        let areas = self.areas.iter().map(|area| area.within(panel));
        areas.reduce(|a, b| Rect {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        })
    }
}

impl Area {
    /// Where it lies.
    fn within(&self, panel: &Panel<'_>) -> Rect {
        let plot = panel.plot;
        // A whole number is a band of height 1 around it.
        let (left, bottom) = panel.at(self.across.0, self.up.0 - 0.5);
        let right = self.across.1.map_or(plot.right, |high| panel.at(high, 0.0).0);
        let top = self.up.1.map_or(plot.top, |most| panel.at(0.0, most + 0.5).1);
        let ((left, right), (top, bottom)) = (widened(left, right), widened(top, bottom));
        Rect { left, top, right, bottom }
    }
}

/// The same ends, apart by at least what can be seen.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let (middle, half) = ((low + high) / 2.0, ((high - low) / 2.0).max(LEAST / 2.0));
    (middle - half, middle + half)
}

/// The lowest and the highest end that is a number; without an upper end twice the lower one.
fn ends(bounds: &[(f64, Option<f64>)]) -> Option<(f64, f64)> {
    let known = bounds.iter().flat_map(|(low, high)| [Some(*low), *high]).flatten();
    let known: Vec<f64> = known.filter(|end| end.is_finite()).collect();
    let low = known.iter().copied().reduce(f64::min)?;
    let high = known.iter().copied().reduce(f64::max)?;
    let open = bounds.iter().any(|(_, high)| high.is_none());
    Some((low, if open && high <= low * 1.5 { high * 2.0 } else { high }))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{check, check_bytes, heading};
    use super::*;

    fn picture(kinds: &[&[Area]]) -> Region {
        let kind = |(nth, areas): (usize, &&[Area])| Kind {
            label: format!("kind {nth}"),
            areas: areas.to_vec(),
        };
        Region {
            heading: heading(),
            across: ("rate".into(), "/s".into()),
            up: "burst".into(),
            kinds: kinds.iter().enumerate().map(kind).collect(),
        }
    }

    const fn area(across: (f64, Option<f64>), up: (f64, Option<f64>)) -> Area {
        Area { across, up }
    }

    #[test]
    fn areas_stand_on_their_axes() {
        let one = [area((0.49, Some(0.51)), (10.0, Some(10.0)))];
        let other = [area((0.47, Some(0.5)), (9.0, Some(11.0))), area((0.4, None), (12.0, None))];
        let texts = ["0.6/s", "10", "rate", "burst", "kind 0", "kind 1 (no upper bound)"];
        check_bytes(|| picture(&[&one, &other]).draw(), &texts);
    }

    #[test]
    fn awkward_figures_give_a_picture() {
        check(picture(&[]).draw(), &["no data"]);
        for areas in [
            vec![area((0.0, None), (1.0, None))],
            vec![area((0.5, Some(0.5)), (1.0, Some(1.0)))],
            vec![area((1e-9, Some(1e9)), (1.0, Some(1e12)))],
            vec![area((f64::NAN, Some(f64::INFINITY)), (f64::NAN, Some(-3.0)))],
        ] {
            check(picture(&[&areas, &areas]).draw(), &[]);
        }
    }
}
