//! The font of pictures: DejaVu Sans, carried in the program.
//!
//! Pictures are the same bytes on every machine, and nothing has to be installed. Letters stand
//! one after another, each pair as near as the font's table `kern` says. No letters are joined, as
//! Arabic ones and `fi` are by a browser that shows the SVG. Letters that are written from right to
//! left stand in that order, within a line that goes from left to right.

use super::mark::Anchor;
use super::style::Lettering;
use std::borrow::Cow;
use std::sync::OnceLock;
use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{GlyphId, OutlineBuilder};
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

/// From the baseline to the middle of a line \[font sizes\]: SVG's `0.5ex`, whose `ex` is half of a
/// font size.
const MIDDLE: f64 = 0.25;

/// The width of `text` in `lettering` \[px\].
pub(super) fn text_width(text: &str, lettering: Lettering) -> f64 {
    width(text, lettering.bold) * lettering.size
}

/// The width of `text` \[font sizes\].
pub(super) fn width(text: &str, bold: bool) -> f64 {
    Face::of(bold).glyphs(text).last().map_or(0.0, |glyph| glyph.end)
}

/// How far the tallest letters reach from the middle of a line, up and down \[font sizes\].
#[cfg(test)]
pub(super) fn text_reach(bold: bool) -> (f64, f64) {
    let Face { face, em } = Face::of(bold);
    let reach = |units: i16| f64::from(units) / em;
    (reach(face.ascender()) - MIDDLE, MIDDLE - reach(face.descender()))
}

/// The outlines of `text`, `size` high, whose `anchor` is at `x` and whose middle at `middle`.
pub(super) fn outlines(
    text: &str,
    bold: bool,
    size: f64,
    anchor: Anchor,
    (x, middle): (f64, f64),
) -> Vec<Path> {
    let face = Face::of(bold);
    let glyphs: Vec<Glyph> = face.glyphs(text).collect();
    let width = glyphs.last().map_or(0.0, |glyph| glyph.end);
    let left = x - anchor.share_before() * width * size;
    let mut paths = Vec::new();
    for glyph in glyphs {
        let mut outline = Outline(PathBuilder::new());
        face.face.outline_glyph(glyph.id, &mut outline);
        let scale = single(size / face.em);
        let x = single(left + glyph.start * size);
        let place = Transform::from_row(scale, 0.0, 0.0, -scale, x, single(middle + MIDDLE * size));
        paths.extend(outline.0.finish().and_then(|path| path.transform(place)));
    }
    paths
}

/// A number as `f32`, which tiny-skia takes.
#[expect(clippy::cast_possible_truncation)]
pub(super) fn single(number: f64) -> f32 {
    number as f32
}

/// A face, and how many of its units are a font size.
struct Face {
    face: ttf_parser::Face<'static>,
    em: f64,
}

/// A letter as a face draws it, and where it begins and ends on its line \[font sizes\].
struct Glyph {
    id: GlyphId,
    start: f64,
    end: f64,
}

impl Face {
    fn of(bold: bool) -> &'static Self {
        static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
        FACES[usize::from(bold)].get_or_init(|| {
            let font = if bold { dejavu::sans::bold() } else { dejavu::sans::regular() };
            let face = ttf_parser::Face::parse(font, 0).expect("the program carries a font");
            Self { em: f64::from(face.units_per_em()), face }
        })
    }

    /// The letters of a line from left to right. A letter that the font lacks is an empty box.
    fn glyphs(&self, text: &str) -> impl Iterator<Item = Glyph> {
        let glyph = |letter| self.face.glyph_index(printable(letter)).unwrap_or_default();
        let ids: Vec<GlyphId> = left_to_right(text).chars().map(glyph).collect();
        let mut before = None;
        let mut end = 0;
        ids.into_iter().map(move |id| {
            let kerning = before.replace(id).map_or(0, |before| self.kerning(before, id));
            let start = end + i32::from(kerning);
            end = start + i32::from(self.face.glyph_hor_advance(id).unwrap_or(0));
            let place = |units| f64::from(units) / self.em;
            Glyph { id, start: place(start), end: place(end) }
        })
    }

    /// How much farther apart than side by side two letters stand \[units\].
    fn kerning(&self, left: GlyphId, right: GlyphId) -> i16 {
        let tables = self.face.tables().kern.into_iter().flat_map(|kern| kern.subtables);
        let across = tables.filter(|table| table.horizontal && !table.has_cross_stream);
        across.filter_map(|table| table.glyphs_kerning(left, right)).next().unwrap_or(0)
    }
}

/// The letters in the order in which they stand.
fn left_to_right(text: &str) -> Cow<'_, str> {
    if !text.chars().any(turns) {
        return text.into();
    }
    let order = BidiInfo::new(text, Some(Level::ltr()));
    let mut shown = String::new();
    for line in &order.paragraphs {
        let letters: Vec<char> = text[line.range.clone()].chars().collect();
        let levels = order.reordered_levels_per_char(line, line.range.clone());
        let letter = |place: usize| match levels[place].is_rtl() {
            true => mirrored(letters[place]),
            false => letters[place],
        };
        shown.extend(BidiInfo::reorder_visual(&levels).into_iter().map(letter));
    }
    shown.into()
}

/// True of a letter, or a sign for the order of letters, that makes others go from right to left.
fn turns(letter: char) -> bool {
    use BidiClass::{AL, R, RLE, RLI, RLO};
    // None stands before Hebrew's first.
    letter >= '\u{590}' && matches!(bidi_class(letter), AL | R | RLE | RLI | RLO)
}

/// A bracket as it looks among letters that go from right to left.
fn mirrored(letter: char) -> char {
    const PAIRS: [char; 10] = ['(', ')', '[', ']', '{', '}', '<', '>', '«', '»'];
    match PAIRS.iter().position(|bracket| *bracket == letter) {
        Some(place) => PAIRS[place ^ 1],
        None => letter,
    }
}

/// A space in place of a letter that no XML document may hold.
pub(super) fn printable(letter: char) -> char {
    if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') { ' ' } else { letter }
}

/// What takes a letter's outline.
struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
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

    /// The font's units that HarfBuzz's shaper gives the same texts, regular and bold.
    #[test]
    fn pairs_of_letters_stand_as_near_as_a_shaper_puts_them() {
        let shaped = [
            ("95 % interval of the mean", [26_758.0, 29_911.0]),
            ("AVATAR To. Ty", [13_915.0, 15_943.0]),
            ("Yes, P.A. LT", [10_952.0, 12_774.0]),
            ("Größe naïve", [12_432.0, 13_939.0]),
            ("≤ 500 µs ± 10 % – 3 × 2", [25_468.0, 27_342.0]),
        ];
        for (text, units) in shaped {
            let own = [false, true].map(|bold| width(text, bold) * 2048.0);
            assert_eq!(own, units, "{text}");
        }
    }

    #[test]
    fn letters_from_right_to_left_stand_in_their_order() {
        assert_eq!(left_to_right("שלום"), "םולש");
        assert_eq!(left_to_right("retry: שלום"), "retry: םולש");
        assert_eq!(left_to_right("שלום: retry 5"), "םולש: retry 5");
        assert_eq!(left_to_right("שלום (no upper bound)"), "םולש (no upper bound)");
        assert_eq!(left_to_right("(שלום (שלום"), "(םולש) םולש");
        assert_eq!(left_to_right("plain – ≤ 5 µs"), "plain – ≤ 5 µs");
    }

    /// A shaper joins them, and the text is narrower by less than a hundredth: 16,841 units.
    #[test]
    fn ligatures_are_letters_side_by_side() {
        assert_eq!(width("efficient affluent", false) * 2048.0, 16_903.0);
    }

    #[test]
    fn what_cannot_be_shown_is_a_space() {
        assert_eq!(width("a\u{1}b\n", false), width("a b ", false));
    }

    #[test]
    fn a_letter_that_the_font_lacks_is_a_box() {
        for text in ["日本", "\u{e000}"] {
            assert!(text_width(text, LABEL) > 0.0, "{text}");
            assert!(!outlines(text, false, 16.0, Anchor::Left, (0.0, 0.0)).is_empty(), "{text}");
        }
        assert!(outlines("  ", false, 16.0, Anchor::Left, (0.0, 0.0)).is_empty());
    }
}
