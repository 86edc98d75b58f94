//! Marks as elements of an SVG, which plotters writes.
//!
//! A viewer without the font of pictures falls back to Verdana, which has nearly the same widths.

use super::font::printable;
use super::mark::{Anchor, FINE, Mark, Place};
use super::{ChartError, Picture};
use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, IntoFont, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, ShapeStyle, TextStyle};

/// The fonts of every text, the first that a viewer has.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// The backend divides every font size by this.
const FONT_DIVISOR: f64 = 1.24;

impl Picture {
    /// The whole SVG document, which opens at the nominal size.
    ///
    /// # Errors
    ///
    /// [`ChartError::Draw`] if a mark cannot be drawn.
    pub fn svg(&self) -> Result<String, ChartError> {
        let Self { title, marks, width, height } = self;
        let [wide, high] = [width, height].map(|px| px * u32::from(FINE));
        let mut drawn = String::new();
        let area = SVGBackend::with_string(&mut drawn, (wide, high)).into_drawing_area();
        let mut spots = String::new();
        for mark in marks {
            draw(mark, &area, &mut spots)?;
        }
        area.present()?;
        drop(area);
        let (_, elements) = drawn.split_once('>').unwrap_or_default();
        let elements = elements.trim_end().trim_end_matches("</svg>");
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {wide} {high}\" stroke-linejoin=\"round\" role=\"img\">\n\
             <title>{}</title>{elements}{spots}</svg>\n",
            escaped(title),
        ))
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws a mark above all others, but for spots, which lie above everything.
fn draw(mark: &Mark, area: &Area<'_>, spots: &mut String) -> Result<(), ChartError> {
    match mark {
        Mark::Line { points, colour, width, dashes } => {
            let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: *width };
            let points = points.clone();
            match dashes {
                None => area.draw(&PathElement::new(points, style))?,
                Some(dashes) => {
                    area.draw(&DashedPathElement::new(points, dashes.dash, dashes.gap, style))?;
                }
            }
        }
        Mark::Area { outline, colour, seen } => {
            area.draw(&Polygon::new(outline.clone(), colour.mix(*seen).filled()))?;
        }
        Mark::Box { corners, colour } => {
            area.draw(&Rectangle::new(*corners, colour.filled()))?;
        }
        Mark::Disc { centre, radius, colour } => {
            area.draw(&Circle::new(*centre, *radius, colour.filled()))?;
        }
        Mark::Spot { corners, told } => spots.push_str(&spot(*corners, told)),
        Mark::Text { text, place, anchor, size, bold, colour } => {
            let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
            let side = match anchor {
                Anchor::Left => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::Right => HPos::Right,
            };
            let font = (FAMILY, size * FONT_DIVISOR, weight).into_font();
            let style = TextStyle::from(font).color(colour).pos(Pos::new(side, VPos::Center));
            area.draw(&Text::new(text.as_str(), *place, style))?;
        }
    }
    Ok(())
}

/// The element that tells a value.
fn spot([(left, top), (right, bottom)]: [Place; 2], told: &str) -> String {
    format!(
        "<rect class=\"spot\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" \
         fill=\"none\" pointer-events=\"all\"><title>\n{}\n</title></rect>\n",
        right - left,
        bottom - top,
        escaped(told)
    )
}

/// `text` as the content of an element.
fn escaped(text: &str) -> String {
    let text: String = text.chars().map(printable).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
