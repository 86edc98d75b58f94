//! From pixels to a PNG file.
//!
//! A picture has few colours: its lines', its letters' and the shades at their edges. As a palette
//! of at most 256 they take a byte a pixel, which is packed in a fiftieth of the time that four
//! bytes take. Where there are more, the commonest stay as they are and the shades come in fewer
//! steps: none moves by more than 8 of 255. Where that is not enough, all colours are written as
//! they are.

use super::ChartError;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use std::cmp::Reverse;
use std::collections::HashMap;
use tiny_skia::Pixmap;

/// As many colours as a byte can tell apart.
const MOST: usize = 256;
/// As many of the commonest colours stay as they are.
const EXACT: usize = 64;

type Colour = [u8; 3];

/// The PNG of a picture without transparency.
///
/// # Errors
///
/// [`ChartError::Raster`] if there is no memory for it.
pub(super) fn encode(pixels: &Pixmap) -> Result<Vec<u8>, ChartError> {
    let (all, _) = pixels.data().as_chunks::<4>();
    let colours: Vec<Colour> =
        all.iter().map(|&[red, green, blue, _]| [red, green, blue]).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_depth(BitDepth::Eight);
    let data = match palette(&colours) {
        Some(numbers) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_compression(Compression::Fast);
            encoder.set_filter(Filter::Paeth);
            encoder.set_palette(listed(&numbers));
            let mut data = Vec::with_capacity(colours.len());
            for same in colours.chunk_by(|one, next| one == next) {
                data.resize(data.len() + same.len(), numbers[&same[0]].number);
            }
            data
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            encoder.set_filter(Filter::NoFilter);
            colours.concat()
        }
    };
    let failed = |error: png::EncodingError| ChartError::Raster(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

/// What a colour of the picture is in its palette.
struct Entry {
    number: u8,
    shown: Colour,
}

type Palette = HashMap<Colour, Entry>;

/// The number of each colour; `None` if there are more than a byte can tell apart.
fn palette(colours: &[Colour]) -> Option<Palette> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for same in colours.chunk_by(|one, next| one == next) {
        *counts.entry(same[0]).or_default() += same.len();
    }
    let mut commonest: Vec<(Colour, usize)> = counts.into_iter().collect();
    commonest.sort_unstable_by_key(|&(colour, count)| (Reverse(count), colour));
    (0..=4).find_map(|bits| numbered(&commonest, bits))
}

/// Numbers for colours that lose their last `bits`, but for the commonest.
fn numbered(commonest: &[(Colour, usize)], bits: u32) -> Option<Palette> {
    let mut numbers = HashMap::new();
    let mut palette = Palette::with_capacity(commonest.len());
    for (place, &(colour, _)) in commonest.iter().enumerate() {
        let bits = if place < EXACT { 0 } else { bits };
        let shown = colour.map(|channel| stepped(channel, bits));
        let next = numbers.len();
        let number = u8::try_from(*numbers.entry(shown).or_insert(next)).ok()?;
        palette.insert(colour, Entry { number, shown });
    }
    Some(palette)
}

/// A channel in fewer steps, the darkest and the brightest of which are black and white.
fn stepped(channel: u8, bits: u32) -> u8 {
    let steps = u32::from(u8::MAX >> bits);
    let step = (u32::from(channel) * steps + 127) / 255;
    u8::try_from((step * 255 + steps / 2) / steps).unwrap_or(u8::MAX)
}

/// Red, green and blue of each number.
fn listed(palette: &Palette) -> Vec<u8> {
    let mut shown = vec![[0; 3]; MOST];
    let mut count = 0;
    for entry in palette.values() {
        shown[usize::from(entry.number)] = entry.shown;
        count = count.max(usize::from(entry.number) + 1);
    }
    shown[..count].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pixels of a picture that is a row of colours, after writing and reading.
    fn read_back(colours: &[Colour]) -> (ColorType, Vec<Colour>) {
        let width = u32::try_from(colours.len()).expect("few");
        let mut pixels = Pixmap::new(width, 1).expect("some pixels");
        let bytes = colours.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect::<Vec<u8>>();
        pixels.data_mut().copy_from_slice(&bytes);
        let file = encode(&pixels).expect("a PNG");
        assert_eq!(encode(&pixels), Ok(file.clone()), "the same bytes again");
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::IDENTITY);
        let colour = decoder.read_header_info().expect("a header").color_type;
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().expect("an image");
        let mut data = vec![0; reader.output_buffer_size().expect("it fits")];
        reader.next_frame(&mut data).expect("a frame");
        (colour, data.as_chunks::<3>().0.to_vec())
    }

    /// As many different colours, the first of which is black and the last white.
    fn colours(count: u32) -> Vec<Colour> {
        let channel = |value: u32| u8::try_from(value).expect("a byte");
        let of = |n: u32| [channel(n * 255 / (count - 1)), channel(n % 256), channel(n / 256)];
        let mut all: Vec<Colour> = (0..count).map(of).collect();
        all[0] = [0; 3];
        all[count as usize - 1] = [255; 3];
        all
    }

    #[test]
    fn few_colours_stay_what_they_are() {
        for count in [2, 100, 256] {
            let colours = colours(count);
            assert_eq!(read_back(&colours), (ColorType::Indexed, colours));
        }
    }

    #[test]
    fn shades_move_by_eight_at_most_and_flat_colours_stay() {
        // Paper, ink, and 510 shades of which each is seen once.
        let shades = (0..=254).flat_map(|n: u8| [[n, n, 255], [255, n, n]]);
        let flat = [[255; 3], [0x22; 3]].into_iter().flat_map(|colour| [colour; 50]);
        let colours: Vec<Colour> = flat.chain(shades).collect();
        let (kind, found) = read_back(&colours);
        assert_eq!(kind, ColorType::Indexed);
        assert_eq!(found[..100], colours[..100]);
        for (colour, found) in colours.iter().zip(&found) {
            let moved = colour.iter().zip(found).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(moved <= Some(8), "{colour:?} {found:?}");
        }
    }

    #[test]
    fn too_many_colours_are_written_as_they_are() {
        let colours = colours(5000);
        assert_eq!(read_back(&colours), (ColorType::Rgb, colours));
    }
}
