//! Paths, areas and text at nominal pixels, drawn four times as large.
//!
//! Marks have whole units; at a quarter of a pixel nobody sees it, and whole numbers keep the file
//! the same on every machine:
//!
//! ```text
//!   nominal px ──× 4, rounded──► SVG units ──viewBox──► nominal px again, smooth
//! ```

pub(super) use super::mark::Anchor;

use super::Picture;
use super::font::printable;
use super::lettering::shortened;
use super::mark::{Dashes, FINE, Mark, Place};
use super::style::{Colour, INK, Lettering, MARKER, Marker, PAPER, STROKE, hue, marker};
use std::cell::RefCell;

/// A place \[nominal px from the left, from the top\].
pub(super) type Point = (f64, f64);

/// A rectangle \[nominal px\].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// How high it is.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// Which share of a wash's colour is seen.
const WASH: f64 = 0.2;
/// From the middle of a spot to its edges \[px\].
const SPOT: f64 = 8.0;

/// Nominal pixels in whole SVG units.
#[expect(clippy::cast_possible_truncation)]
fn fine(px: f64) -> i32 {
    (px * f64::from(FINE)).round() as i32
}

/// A size in whole SVG units.
fn size(px: f64) -> u32 {
    u32::try_from(fine(px)).unwrap_or(0)
}

fn at((x, y): Point) -> Place {
    (fine(x), fine(y))
}

/// Upper left and lower right, whichever edges a rectangle calls so.
fn corners(Rect { left, top, right, bottom }: Rect) -> [Place; 2] {
    [at((left.min(right), top.min(bottom))), at((left.max(right), top.max(bottom)))]
}

fn all(points: &[Point]) -> Vec<Place> {
    points.iter().copied().map(at).collect()
}

/// What pictures are drawn on.
#[derive(Default)]
pub(super) struct Canvas {
    marks: RefCell<Vec<Mark>>,
}

impl Canvas {
    /// Draws a picture of a nominal size; the title is also its name for screen readers.
    pub fn draw((width, height): (f64, f64), title: &str, body: &dyn Fn(&Self)) -> Picture {
        let (width, height) = (width.round(), height.round());
        let canvas = Self::default();
        canvas.rect(Rect { left: 0.0, top: 0.0, right: width, bottom: height }, PAPER);
        body(&canvas);
        let nominal = |px: f64| size(px / f64::from(FINE));
        let (marks, title) = (canvas.marks.into_inner(), title.into());
        Picture { title, marks, width: nominal(width), height: nominal(height) }
    }

    fn put(&self, mark: Mark) {
        self.marks.borrow_mut().push(mark);
    }

    /// A solid line through `points`.
    pub fn path(&self, points: &[Point], colour: Colour, width: f64) {
        self.put(Mark::Line { points: all(points), colour, width: size(width), dashes: None });
    }

    /// A dashed line through `points`: something not measured.
    pub fn dashes(&self, points: &[Point], colour: Colour) {
        let dashes = Some(Dashes { dash: fine(7.0), gap: fine(5.0) });
        self.put(Mark::Line { points: all(points), colour, width: size(1.5), dashes });
    }

    /// The area within `outline`.
    pub fn fill(&self, outline: &[Point], colour: Colour) {
        self.put(Mark::Area { outline: all(outline), colour, seen: 1.0 });
    }

    /// The area within `outline`, through which what lies beneath is seen.
    pub fn wash(&self, outline: &[Point], colour: Colour) {
        self.put(Mark::Area { outline: all(outline), colour, seen: WASH });
    }

    /// A place that tells a value to whoever points at it, and shows nothing.
    pub fn spot(&self, rect: Rect, told: &str) {
        self.put(Mark::Spot { corners: corners(rect), told: told.into() });
    }

    /// A spot around a point.
    pub fn spot_at(&self, (x, y): Point, told: &str) {
        let rect = Rect { left: x - SPOT, top: y - SPOT, right: x + SPOT, bottom: y + SPOT };
        self.spot(rect, told);
    }

    /// A filled rectangle.
    pub fn rect(&self, rect: Rect, colour: Colour) {
        self.put(Mark::Box { corners: corners(rect), colour });
    }

    /// A filled circle.
    pub fn dot(&self, centre: Point, radius: f64, colour: Colour) {
        self.put(Mark::Disc { centre: at(centre), radius: size(radius), colour });
    }

    /// The marker of the strategy at `place`, with a rim that parts it from its line.
    pub fn marker(&self, centre: Point, place: usize) {
        for (radius, colour) in [(MARKER + 1.5, PAPER), (MARKER, hue(place))] {
            match marker(place) {
                Marker::Disc => self.dot(centre, radius, colour),
                Marker::Polygon(corners) => {
                    let corner = |(x, y): &Point| (centre.0 + x * radius, centre.1 + y * radius);
                    self.fill(&corners.iter().map(corner).collect::<Vec<_>>(), colour);
                }
            }
        }
    }

    /// An oblique cross with a rim: something that is lost.
    pub fn cross(&self, (x, y): Point, colour: Colour) {
        const ARM: f64 = 5.0;
        for (width, colour) in [(5.5, PAPER), (2.5, colour)] {
            self.path(&[(x - ARM, y - ARM), (x + ARM, y + ARM)], colour, width);
            self.path(&[(x - ARM, y + ARM), (x + ARM, y - ARM)], colour, width);
        }
    }

    /// A short line with the marker of the strategy at `place`, as legends show it.
    pub fn sample(&self, centre: Point, place: usize) {
        let ends = [(centre.0 - 14.0, centre.1), (centre.0 + 14.0, centre.1)];
        self.path(&ends, hue(place), STROKE);
        self.marker(centre, place)
    }

    /// A text whose `anchor` is at `place` and whose middle is at its height.
    pub fn text(
        &self,
        text: &str,
        place: Point,
        anchor: Anchor,
        Lettering { size, bold, colour }: Lettering,
    ) {
        let text = text.chars().map(printable).collect();
        let (place, size) = (at(place), size * f64::from(FINE));
        self.put(Mark::Text { text, place, anchor, size, bold, colour });
    }

    /// A text from `place` to the right, shortened to `room` pixels.
    pub fn text_within(&self, text: &str, place: Point, room: f64, lettering: Lettering) {
        self.text(&shortened(text, lettering, room), place, Anchor::Left, lettering)
    }

    /// An interval along x: a line with a stroke at each end.
    pub fn whisker(&self, (low, high): (f64, f64), y: f64) {
        self.path(&[(low, y), (high, y)], INK, 1.5);
        self.path(&[(low, y - 4.0), (low, y + 4.0)], INK, 1.5);
        self.path(&[(high, y - 4.0), (high, y + 4.0)], INK, 1.5)
    }

    /// A short dashed line, as legends show it.
    pub fn dashed_sample(&self, centre: Point) {
        self.dashes(&[(centre.0 - 14.0, centre.1), (centre.0 + 14.0, centre.1)], INK)
    }
}
