//! From marks to pixels, and to a PNG.

use super::mark::{FINE, Mark, Place, WASH};
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
        let times = u32::from(scale);
        let mut pixels = Pixmap::new(self.width * times, self.height * times)
            .ok_or_else(|| ChartError::Raster(format!("no image has {scale} times the size")))?;
        let factor = f32::from(scale) / f32::from(FINE);
        let mut brush = Brush { pixels: &mut pixels, to: Transform::from_scale(factor, factor) };
        for mark in &self.marks {
            brush.draw(mark);
        }
        png::encode(&pixels)
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
            Mark::Area { outline, colour, wash } => {
                let mut path = through(outline);
                path.close();
                let seen = if *wash { WASH } else { 1.0 };
                self.fill(path.finish(), &paint(*colour, seen));
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
                let before = anchor.share_before() * font::width(text, *bold) * size;
                let place = (f64::from(*x) - before, f64::from(*y));
                for letter in font::outlines(text, *bold, *size, place) {
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

/// A coordinate as whoever fills pixels counts.
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
    use super::super::canvas::{Anchor, Canvas};
    use super::super::style::LABEL;

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
}
