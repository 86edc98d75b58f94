//! From SVG to PNG, with a font of its own.
//!
//! The font is DejaVu Sans, carried in the program, so that pictures are the same bytes on every
//! machine and nothing has to be installed. A viewer of the SVG without that font falls back to
//! Verdana, which has nearly the same widths.

use super::font;
use super::{ChartError, Picture, png};
use resvg::usvg::fontdb::Source;
use resvg::usvg::{Options, Tree};
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, OnceLock};

/// The fonts of every text, the first that a viewer has.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

impl Picture {
    /// The picture as PNG, `width` by `height` pixels.
    ///
    /// # Errors
    ///
    /// [`ChartError::Raster`] if the SVG cannot be read or the image not be encoded.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        self.png_scaled(1)
    }

    /// The picture as PNG, `scale` times as wide and as high: 2 for a dense screen or for print.
    ///
    /// # Errors
    ///
    /// As [`Picture::png`]; and if `scale` is zero or the image would not fit into memory.
    pub fn png_scaled(&self, scale: u8) -> Result<Vec<u8>, ChartError> {
        let tree = Tree::from_str(&self.svg, options())
            .map_err(|error| ChartError::Raster(error.to_string()))?;
        let (times, factor) = (u32::from(scale), f32::from(scale));
        let mut pixels = tiny_skia::Pixmap::new(self.width * times, self.height * times)
            .ok_or_else(|| ChartError::Raster(format!("no image has {scale} times the size")))?;
        let transform = tiny_skia::Transform::from_scale(factor, factor);
        resvg::render(&tree, transform, &mut pixels.as_mut());
        png::encode(&pixels)
    }
}

/// `text` as the content of an element.
pub(super) fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `text` without the characters that no XML document may hold.
pub(super) fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'), " ")
}

/// The fonts, and nothing of the machine.
pub(super) fn options() -> &'static Options<'static> {
    static OPTIONS: OnceLock<Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        for face in [font::regular(), font::bold()] {
            fonts.load_font_source(Source::Binary(Arc::new(face)));
        }
        fonts.set_sans_serif_family("DejaVu Sans");
        Options { font_family: "DejaVu Sans".into(), fontdb: Arc::new(fonts), ..Options::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scaled_png_has_as_many_pixels_and_the_same_bytes_again() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\">\
                   <text x=\"2\" y=\"15\">≤ µ</text></svg>";
        let picture = Picture { svg: svg.into(), width: 30, height: 20 };
        let png = picture.png_scaled(2).expect("a PNG");
        assert_eq!(
            (png[16..20].to_vec(), png[20..24].to_vec()),
            (vec![0, 0, 0, 60], vec![0, 0, 0, 40])
        );
        assert_eq!(picture.png_scaled(2), Ok(png));
        assert!(picture.png_scaled(0).is_err());
    }

    #[test]
    fn what_is_no_svg_is_an_error() {
        let broken = Picture { svg: "<svg".into(), width: 10, height: 10 };
        assert!(matches!(broken.png(), Err(ChartError::Raster(_))));
    }
}
