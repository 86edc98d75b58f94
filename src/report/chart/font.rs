//! The font of pictures.
//!
//! Whoever lays a text out reads the font's tables for it. One of them, `kern`, is read for each
//! text and then not used, as the table `GPOS` of the same font kerns: a tenth of the time of a run
//! with pictures. The list of tables therefore says that it is empty; a test draws a text with both
//! fonts.

use std::sync::OnceLock;

/// The table that is read and not used.
const UNUSED: &[u8] = b"kern";
/// The list of tables: where it begins, and the length of an entry: tag, checksum, place, length.
const FIRST: usize = 12;
const ENTRY: usize = 16;

/// The face of usual texts.
pub(super) fn regular() -> &'static [u8] {
    static FACE: OnceLock<Vec<u8>> = OnceLock::new();
    FACE.get_or_init(|| without_unused(dejavu::sans::regular()))
}

/// The face of titles.
pub(super) fn bold() -> &'static [u8] {
    static FACE: OnceLock<Vec<u8>> = OnceLock::new();
    FACE.get_or_init(|| without_unused(dejavu::sans::bold()))
}

/// The font with a table that is not used said to be empty.
fn without_unused(font: &[u8]) -> Vec<u8> {
    let mut font = font.to_vec();
    let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
    for entry in font[FIRST..].chunks_exact_mut(ENTRY).take(tables) {
        if entry.starts_with(UNUSED) {
            entry[ENTRY - 4..].fill(0);
        }
    }
    font
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::fontdb::{Database, Source};
    use resvg::usvg::{Options, Tree};
    use std::sync::Arc;

    fn drawn(faces: [&'static [u8]; 2]) -> Vec<u8> {
        let mut fonts = Database::new();
        for face in faces {
            fonts.load_font_source(Source::Binary(Arc::new(face)));
        }
        let options = Options {
            font_family: "DejaVu Sans".into(),
            fontdb: Arc::new(fonts),
            ..Options::default()
        };
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"80\">\
                   <text x=\"2\" y=\"30\" font-size=\"24\">AVATAR To. efficient Größe</text>\
                   <text x=\"2\" y=\"65\" font-size=\"24\" font-weight=\"bold\">Ty AV 7. ≤ µ</text>\
                   </svg>";
        let mut pixels = Pixmap::new(400, 80).expect("some pixels");
        let tree = Tree::from_str(svg, &options).expect("a document");
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.data().to_vec()
    }

    #[test]
    fn a_text_looks_as_in_the_whole_font() {
        let whole = [dejavu::sans::regular(), dejavu::sans::bold()];
        assert!(regular() != whole[0] && bold() != whole[1], "both have a `kern` table");
        let pixels = drawn([regular(), bold()]);
        assert!(pixels.iter().any(|byte| *byte != 0), "something is drawn");
        assert!(pixels == drawn(whole));
    }
}
