//! The width of a text, as the renderer of pictures lays it out.
//!
//! A font's tables are read once for each weight. Texts of letters that stand side by side from
//! left to right are measured by the shaper alone; all others are laid out as a document of their
//! own.

use super::font;
use super::render::{FAMILY, escaped, options};
use super::style::Lettering;
use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use resvg::usvg::{Node, Tree};
use std::sync::OnceLock;

/// The width of `text` in `lettering` \[px\].
pub(super) fn text_width(text: &str, lettering: Lettering) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    shaped(text, lettering).unwrap_or_else(|| laid_out(text, lettering))
}

/// A face of the font, with what shaping needs of its tables.
struct Face {
    font: FontRef<'static>,
    data: ShaperData,
}

impl Face {
    fn of(lettering: Lettering) -> &'static Self {
        static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
        FACES[usize::from(lettering.bold)].get_or_init(|| {
            let sans = if lettering.bold { font::bold() } else { font::regular() };
            let font = FontRef::new(sans).expect("the program carries a font");
            Self { data: ShaperData::new(&font), font }
        })
    }
}

/// The sum of the advances; `None` of what needs more than one face or direction, or whose spaces
/// a document would not keep.
fn shaped(text: &str, lettering: Lettering) -> Option<f64> {
    let is_simple = |c: char| c < '\u{300}' && !c.is_control() || ('–'..='≥').contains(&c);
    if !text.chars().all(is_simple) || text.trim() != text || text.contains("  ") {
        return None;
    }
    let face = Face::of(lettering);
    let shaper = face.data.shaper(&face.font).build();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(Direction::LeftToRight);
    buffer.guess_segment_properties();
    let glyphs = shaper.shape(buffer, ShapeOptions::new());
    if glyphs.glyph_infos().iter().any(|glyph| glyph.glyph_id == 0) {
        return None;
    }
    let advance: i32 = glyphs.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
    Some(f64::from(advance) * lettering.size / f64::from(shaper.units_per_em()))
}

/// The width of the box around it, in a document that has nothing else.
fn laid_out(text: &str, lettering: Lettering) -> f64 {
    let weight = if lettering.bold { "bold" } else { "normal" };
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\">\
         <text font-family=\"{FAMILY}\" font-size=\"{}\" font-weight=\"{weight}\">{}</text></svg>",
        lettering.size,
        escaped(text)
    );
    let Ok(tree) = Tree::from_str(&svg, options()) else { return 0.0 };
    let widths = tree.root().children().iter().map(|node| match node {
        Node::Text(text) => f64::from(text.bounding_box().width()),
        _ => 0.0,
    });
    widths.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::style::{LABEL, TITLE};
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        let (one, ten) = (text_width("m", LABEL), text_width("mmmmmmmmmm", LABEL));
        assert!((one / LABEL.size - 0.974).abs() < 0.002, "DejaVu Sans: m is 1995/2048 em, {one}");
        assert!((ten - 10.0 * one).abs() < 0.1);
        assert!(text_width("ill", LABEL) < text_width("mmm", LABEL) / 2.0);
        assert!(text_width("title", TITLE) > text_width("title", LABEL));
        assert_eq!(text_width("", LABEL), 0.0);
    }

    /// Kerning (`AV`), ligatures (`ffi`), accents, signs and dashes: the shaper's sum is the box
    /// that the renderer draws.
    #[test]
    fn a_shaped_text_is_as_wide_as_one_that_is_laid_out() {
        let texts =
            ["AVATAR To. Ty", "efficient affluent", "Größe naïve", "≤ 500 µs ± 10 % – 3 × 2"];
        for (text, lettering) in texts.iter().flat_map(|text| [(text, LABEL), (text, TITLE)]) {
            let shaped = shaped(text, lettering).expect("one face, one direction");
            let drawn = laid_out(text, lettering);
            assert!((shaped - drawn).abs() < 0.01, "{text}: {shaped} and {drawn}");
        }
    }

    #[test]
    fn what_is_not_simple_is_laid_out() {
        for text in ["two  spaces", " before", "שלום", "tab\tstop", "日本"] {
            assert_eq!(shaped(text, LABEL), None, "{text}");
            assert!(text_width(text, LABEL) > 0.0, "{text}");
        }
    }
}
