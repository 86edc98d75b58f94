//! From marks to pixels, and to a PNG.

use super::mark::{FINE, Mark, Place};
use super::style::Colour;
use super::{ChartError, Picture, font, png};
use font::single;
use tiny_skia::{
    FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};

impl Picture {
    /// The picture as PNG, `width` by `height` pixels.
    ///
    /// # Errors
    ///
    /// [`ChartError::Raster`] if the image cannot be encoded.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        self.png_scaled(1)
    }

    /// The picture as PNG, `scale` times as wide and as high: 2 for a dense screen or for print.
    ///
    /// # Errors
    ///
    /// As [`Picture::png`]; and if `scale` is zero or the image would not fit into memory.
    pub fn png_scaled(&self, scale: u8) -> Result<Vec<u8>, ChartError> {
        png::encode(&self.pixels(scale)?)
    }

    fn pixels(&self, scale: u8) -> Result<Pixmap, ChartError> {
        let times = u32::from(scale);
        let mut pixels = Pixmap::new(self.width * times, self.height * times)
            .ok_or_else(|| ChartError::Raster(format!("no image has {scale} times the size")))?;
        let factor = f32::from(scale) / f32::from(FINE);
        let mut brush = Brush { pixels: &mut pixels, to: Transform::from_scale(factor, factor) };
        for mark in &self.marks {
            brush.draw(mark);
        }
        Ok(pixels)
    }
}

/// What fills pixels.
struct Brush<'a> {
    pixels: &'a mut Pixmap,
    /// From SVG units to pixels.
    to: Transform,
}

impl Brush<'_> {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { points, colour, width, dashes } => {
                let dash = dashes
                    .and_then(|dashes| StrokeDash::new(vec![of(dashes.dash), of(dashes.gap)], 0.0));
                let width = single(f64::from(*width));
                let stroke =
                    Stroke { width, dash, line_join: LineJoin::Round, ..Stroke::default() };
                if let Some(path) = through(points).finish() {
                    self.pixels.stroke_path(&path, &paint(*colour, 1.0), &stroke, self.to, None);
                }
            }
            Mark::Area { outline, colour, seen } => {
                let mut path = through(outline);
                path.close();
                self.fill(path.finish(), &paint(*colour, *seen));
            }
            Mark::Box { corners: [(left, top), (right, bottom)], colour } => {
                let rect = Rect::from_ltrb(of(*left), of(*top), of(*right), of(*bottom));
                self.fill(rect.map(PathBuilder::from_rect), &paint(*colour, 1.0));
            }
            Mark::Disc { centre: (x, y), radius, colour } => {
                let radius = single(f64::from(*radius));
                let circle = PathBuilder::from_circle(of(*x), of(*y), radius);
                self.fill(circle, &paint(*colour, 1.0));
            }
            Mark::Spot { .. } => {}
            Mark::Text { text, place: (x, y), anchor, size, bold, colour } => {
                let place = (f64::from(*x), f64::from(*y));
                for letter in font::outlines(text, *bold, *size, *anchor, place) {
                    self.fill(Some(letter), &paint(*colour, 1.0));
                }
            }
        }
    }

    /// Fills an outline; what has no area is no outline.
    fn fill(&mut self, outline: Option<Path>, paint: &Paint) {
        if let Some(path) = outline {
            self.pixels.fill_path(&path, paint, FillRule::Winding, self.to, None);
        }
    }
}

/// A coordinate as `f32`, which tiny-skia takes.
fn of(units: i32) -> f32 {
    single(f64::from(units))
}

/// The straight lines from each point to the next.
fn through(points: &[Place]) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (nth, &(x, y)) in points.iter().enumerate() {
        match nth {
            0 => path.move_to(of(x), of(y)),
            _ => path.line_to(of(x), of(y)),
        }
    }
    path
}

/// A colour of which a share is seen.
fn paint(Colour { 0: red, 1: green, 2: blue }: Colour, seen: f64) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, u8::MAX);
    paint.shader.apply_opacity(single(seen));
    paint
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Anchor, Canvas, Rect};
    use super::super::style::{ADMITTED, Colour, INK, LABEL, PAPER, THROTTLED};
    use super::*;

    #[test]
    fn a_scaled_png_has_as_many_pixels_and_the_same_bytes_again() {
        let picture = Canvas::draw((30.0, 20.0), "t", &|canvas| {
            canvas.text("≤ µ", (2.0, 10.0), Anchor::Left, LABEL);
        });
        let png = picture.png_scaled(2).expect("a PNG");
        assert_eq!(
            (png[16..20].to_vec(), png[20..24].to_vec()),
            (vec![0, 0, 0, 60], vec![0, 0, 0, 40])
        );
        assert_eq!(picture.png_scaled(2), Ok(png));
        assert!(picture.png_scaled(0).is_err());
    }

    /// One mark of each kind, on a ground of 60 by 30 pixels.
    fn one_of_each() -> Picture {
        Canvas::draw((60.0, 30.0), "t", &|canvas| {
            canvas.rect(Rect { left: 10.0, top: 10.0, right: 0.0, bottom: 0.0 }, THROTTLED);
            canvas.wash(&[(20.0, 0.0), (30.0, 0.0), (30.0, 10.0), (20.0, 10.0)], INK);
            canvas.dot((35.0, 5.0), 3.0, ADMITTED);
            canvas.path(&[(40.0, 5.0), (50.0, 5.0)], INK, 4.0);
            canvas.dashes(&[(0.0, 15.0), (30.0, 15.0)], INK);
            canvas.text("il", (50.0, 22.0), Anchor::Right, LABEL);
            canvas.spot(Rect { left: 50.0, top: 20.0, right: 60.0, bottom: 30.0 }, "told");
        })
    }

    #[test]
    fn each_mark_fills_its_place_at_every_scale() {
        let picture = one_of_each();
        for scale in [1, 2] {
            let pixels = picture.pixels(scale).expect("pixels");
            let times = u32::from(scale);
            let at = |x: u32, y: u32| {
                let pixel = pixels.pixel(x * times, y * times).expect("within the picture");
                Colour { 0: pixel.red(), 1: pixel.green(), 2: pixel.blue() }
            };
            assert_eq!(at(5, 5), THROTTLED, "a box, whichever corner comes first");
            // A fifth of the ink, and four fifths of the paper.
            assert_eq!(at(25, 5), Colour { 0: 211, 1: 211, 2: 211 }, "a wash");
            assert_eq!([at(35, 5), at(39, 9)], [ADMITTED, PAPER], "a disc and its corner");
            assert_eq!([at(45, 5), at(45, 9)], [INK, PAPER], "a line of 4 px");
            assert_ne!(at(3, 15), PAPER, "a dash");
            assert_eq!(at(9, 15), PAPER, "a gap");
            let lettered =
                |from: u32, to: u32| (from..to).any(|x| (16..30).any(|y| at(x, y) != PAPER));
            assert!(lettered(40, 50) && !lettered(30, 40), "a text ends at its place");
            assert!(!lettered(50, 60), "nothing is behind it, and a spot is not seen");
        }
    }
}
