//! Paths, areas and text at nominal pixels, drawn four times as large.
//!
//! The backend rounds to whole units; at a quarter of a pixel nobody sees it, and whole numbers
//! keep the file the same on every machine:
//!
//! ```text
//!   nominal px ──× 4, rounded──► SVG units ──viewBox──► nominal px again, smooth
//! ```

use super::lettering::shortened;
use super::render::{FAMILY, escaped, printable};
use super::style::{Colour, INK, Lettering, MARKER, Marker, PAPER, STROKE, hue, marker};
use super::{ChartError, Picture};
use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, IntoFont, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, ShapeStyle, TextStyle};
use std::cell::RefCell;
use std::fmt::Write;

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

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

/// SVG units in a nominal pixel.
const FINE: f64 = 4.0;
/// How much of a wash's colour is seen.
const WASH: f64 = 0.2;
/// From the middle of a spot to its edges \[px\].
const SPOT: f64 = 8.0;
/// The backend divides every font size by this.
const FONT_DIVISOR: f64 = 1.24;

/// Nominal pixels in whole SVG units.
#[expect(clippy::cast_possible_truncation)]
fn fine(px: f64) -> i32 {
    (px * FINE).round() as i32
}

/// A size in whole SVG units.
fn size(px: f64) -> u32 {
    u32::try_from(fine(px)).unwrap_or(0)
}

fn at((x, y): Point) -> (i32, i32) {
    (fine(x), fine(y))
}

/// What pictures are drawn on.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Elements that lie above all others and are not seen.
    spots: RefCell<String>,
}

impl Canvas<'_> {
    /// Draws a picture of a nominal size; the title is also its name for screen readers.
    pub fn draw(
        (width, height): (f64, f64),
        title: &str,
        body: impl FnOnce(&Canvas) -> Result<(), ChartError>,
    ) -> Result<Picture, ChartError> {
        let (width, height) = (width.round(), height.round());
        let mut drawn = String::new();
        let spots = {
            let backend = SVGBackend::with_string(&mut drawn, (size(width), size(height)));
            let canvas = Canvas { area: backend.into_drawing_area(), spots: RefCell::default() };
            canvas.area.fill(&PAPER)?;
            body(&canvas)?;
            canvas.area.present()?;
            canvas.spots.into_inner()
        };
        let (_, elements) = drawn.split_once('>').unwrap_or_default();
        let elements = elements.trim_end().trim_end_matches("</svg>");
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {} {}\" stroke-linejoin=\"round\" role=\"img\">\n\
             <title>{}</title>{elements}{spots}</svg>\n",
            size(width),
            size(height),
            escaped(title)
        );
        let nominal = |px: f64| size(px / FINE);
        Ok(Picture { svg, width: nominal(width), height: nominal(height) })
    }

    /// A solid line through `points`.
    pub fn path(&self, points: &[Point], colour: Colour, width: f64) -> Result<(), ChartError> {
        let points: Vec<_> = points.iter().copied().map(at).collect();
        Ok(self.area.draw(&PathElement::new(points, stroke(colour, width)))?)
    }

    /// A dashed line through `points`: something not measured.
    pub fn dashes(&self, points: &[Point], colour: Colour) -> Result<(), ChartError> {
        let points: Vec<_> = points.iter().copied().map(at).collect();
        let style = stroke(colour, 1.5);
        Ok(self.area.draw(&DashedPathElement::new(points, fine(7.0), fine(5.0), style))?)
    }

    /// The area within `outline`.
    pub fn fill(&self, outline: &[Point], colour: Colour) -> Result<(), ChartError> {
        let outline: Vec<_> = outline.iter().copied().map(at).collect();
        Ok(self.area.draw(&Polygon::new(outline, colour.filled()))?)
    }

    /// The area within `outline`, through which what lies beneath is seen.
    pub fn wash(&self, outline: &[Point], colour: Colour) -> Result<(), ChartError> {
        let outline: Vec<_> = outline.iter().copied().map(at).collect();
        Ok(self.area.draw(&Polygon::new(outline, colour.mix(WASH).filled()))?)
    }

    /// A place that tells a value to whoever points at it, and shows nothing.
    pub fn spot(&self, rect: Rect, told: &str) {
        let ((left, top), (right, bottom)) =
            (at((rect.left, rect.top)), at((rect.right, rect.bottom)));
        let _ = write!(
            self.spots.borrow_mut(),
            "<rect class=\"spot\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" \
             fill=\"none\" pointer-events=\"all\"><title>\n{}\n</title></rect>\n",
            right - left,
            bottom - top,
            escaped(told)
        );
    }

    /// A spot around a point.
    pub fn spot_at(&self, (x, y): Point, told: &str) {
        let rect = Rect { left: x - SPOT, top: y - SPOT, right: x + SPOT, bottom: y + SPOT };
        self.spot(rect, told);
    }

    /// A filled rectangle.
    pub fn rect(&self, rect: Rect, colour: Colour) -> Result<(), ChartError> {
        let corners = [at((rect.left, rect.top)), at((rect.right, rect.bottom))];
        Ok(self.area.draw(&Rectangle::new(corners, colour.filled()))?)
    }

    /// A filled circle.
    pub fn dot(&self, centre: Point, radius: f64, colour: Colour) -> Result<(), ChartError> {
        Ok(self.area.draw(&Circle::new(at(centre), size(radius), colour.filled()))?)
    }

    /// The marker of the strategy at `place`, with a rim that parts it from its line.
    pub fn marker(&self, centre: Point, place: usize) -> Result<(), ChartError> {
        for (radius, colour) in [(MARKER + 1.5, PAPER), (MARKER, hue(place))] {
            match marker(place) {
                Marker::Disc => self.dot(centre, radius, colour)?,
                Marker::Polygon(corners) => {
                    let corner = |(x, y): &Point| (centre.0 + x * radius, centre.1 + y * radius);
                    self.fill(&corners.iter().map(corner).collect::<Vec<_>>(), colour)?;
                }
            }
        }
        Ok(())
    }

    /// An oblique cross with a rim: something that is lost.
    pub fn cross(&self, (x, y): Point, colour: Colour) -> Result<(), ChartError> {
        const ARM: f64 = 5.0;
        for (width, colour) in [(5.5, PAPER), (2.5, colour)] {
            self.path(&[(x - ARM, y - ARM), (x + ARM, y + ARM)], colour, width)?;
            self.path(&[(x - ARM, y + ARM), (x + ARM, y - ARM)], colour, width)?;
        }
        Ok(())
    }

    /// A short line with the marker of the strategy at `place`, as legends show it.
    pub fn sample(&self, centre: Point, place: usize) -> Result<(), ChartError> {
        let ends = [(centre.0 - 14.0, centre.1), (centre.0 + 14.0, centre.1)];
        self.path(&ends, hue(place), STROKE)?;
        self.marker(centre, place)
    }

    /// A text whose `anchor` is at `place` and whose middle is at its height.
    pub fn text(
        &self,
        text: &str,
        place: Point,
        anchor: Anchor,
        lettering: Lettering,
    ) -> Result<(), ChartError> {
        let weight = if lettering.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FAMILY, lettering.size * FINE * FONT_DIVISOR, weight).into_font();
        let side = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let style =
            TextStyle::from(font).color(&lettering.colour).pos(Pos::new(side, VPos::Center));
        Ok(self.area.draw(&Text::new(printable(text), at(place), style))?)
    }

    /// A text from `place` to the right, shortened to `room` pixels.
    pub fn text_within(
        &self,
        text: &str,
        place: Point,
        room: f64,
        lettering: Lettering,
    ) -> Result<(), ChartError> {
        self.text(&shortened(text, lettering, room), place, Anchor::Left, lettering)
    }

    /// An interval along x: a line with a stroke at each end.
    pub fn whisker(&self, (low, high): (f64, f64), y: f64) -> Result<(), ChartError> {
        self.path(&[(low, y), (high, y)], INK, 1.5)?;
        self.path(&[(low, y - 4.0), (low, y + 4.0)], INK, 1.5)?;
        self.path(&[(high, y - 4.0), (high, y + 4.0)], INK, 1.5)
    }

    /// A short dashed line, as legends show it.
    pub fn dashed_sample(&self, centre: Point) -> Result<(), ChartError> {
        self.dashes(&[(centre.0 - 14.0, centre.1), (centre.0 + 14.0, centre.1)], INK)
    }
}

fn stroke(colour: Colour, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: size(width) }
}
