//! One style for all pictures: colours, markers, letter sizes, margins.
//!
//! The hues are those of Okabe and Ito ("Color Universal Design", 2008), which people with any
//! common colour blindness can tell apart. Two of them keep one meaning in every picture, green
//! for admitted and vermilion for throttled; strategies take the rest in the order of the file,
//! then three of Tol ("Colour Schemes", 2021, muted). Eight hues and six markers go in step, so
//! that the first twenty-four differ in one or the other:
//!
//! ```text
//!   place  0 blue disc · 1 orange square · 2 purple triangle · 3 sky diamond · 4 dark wedge
//!          5 wine cross · 6 olive disc · 7 indigo square · 8 blue triangle · …
//! ```
//!
//! Lines of strategies are solid. A dashed line is never measured: it is a limit, an ideal, a
//! deadline or an expectation.

use plotters::style::RGBColor;

/// A colour, without transparency, so that what lies above hides what lies below.
pub(super) type Colour = RGBColor;

/// Text that is read first, and dashed lines.
pub(super) const INK: Colour = RGBColor(0x22, 0x22, 0x22);
/// Text that explains: subtitles, titles of axes.
pub(super) const GREY: Colour = RGBColor(0x5F, 0x5F, 0x5F);
/// The line on which a plot stands.
pub(super) const BASE: Colour = RGBColor(0x8A, 0x8A, 0x8A);
/// Lines that only help the eye.
pub(super) const GRID: Colour = RGBColor(0xE4, 0xE4, 0xE4);
/// The ground of a picture.
pub(super) const PAPER: Colour = RGBColor(0xFF, 0xFF, 0xFF);

/// Attempts that were admitted.
pub(super) const ADMITTED: Colour = RGBColor(0x00, 0x9E, 0x73);
/// Attempts that were throttled.
pub(super) const THROTTLED: Colour = RGBColor(0xD5, 0x5E, 0x00);
/// Attempts that failed for another reason.
pub(super) const FAILED: Colour = RGBColor(0x9A, 0x9A, 0x9A);

/// Intervals of any strategy, in legends.
pub(super) const INTERVAL: Colour = RGBColor(0xCF, 0xCF, 0xCF);

/// What is granted or earned: quotas and revenue.
pub(super) const GRANTED: Colour = RGBColor(0x00, 0x72, 0xB2);

/// The grounds of an account's phases: not active, initial quota, earned quota, access lost.
pub(super) const PHASES: [Colour; 4] = [
    RGBColor(0xE9, 0xE9, 0xE9),
    RGBColor(0xDF, 0xEE, 0xF9),
    RGBColor(0xE0, 0xF3, 0xEB),
    RGBColor(0xFB, 0xE3, 0xD3),
];

const CAUSES: [Colour; 5] = [
    THROTTLED,
    RGBColor(0xF2, 0xA6, 0x6A),
    RGBColor(0x8C, 0x3A, 0x00),
    RGBColor(0xFA, 0xD3, 0xB5),
    RGBColor(0x54, 0x24, 0x04),
];

const HUES: [Colour; 8] = [
    GRANTED,
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0x56, 0xB4, 0xE9),
    RGBColor(0x3C, 0x3C, 0x3C),
    RGBColor(0x88, 0x22, 0x55),
    RGBColor(0x99, 0x99, 0x33),
    RGBColor(0x33, 0x22, 0x88),
];

/// The shape that marks a strategy's line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Marker {
    /// A filled circle.
    Disc,
    /// A polygon, its corners in units of the marker's radius.
    Polygon(&'static [(f64, f64)]),
}

const MARKERS: [Marker; 6] = [
    Marker::Disc,
    Marker::Polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
    Marker::Polygon(&[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)]),
    Marker::Polygon(&[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)]),
    Marker::Polygon(&[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)]),
    Marker::Polygon(&[
        (-0.4, -1.25),
        (0.4, -1.25),
        (0.4, -0.4),
        (1.25, -0.4),
        (1.25, 0.4),
        (0.4, 0.4),
        (0.4, 1.25),
        (-0.4, 1.25),
        (-0.4, 0.4),
        (-1.25, 0.4),
        (-1.25, -0.4),
        (-0.4, -0.4),
    ]),
];

/// The hue of the strategy at `place` in its file.
pub(super) fn hue(place: usize) -> Colour {
    HUES[place % HUES.len()]
}

/// The marker of the strategy at `place` in its file.
pub(super) fn marker(place: usize) -> Marker {
    MARKERS[place % MARKERS.len()]
}

/// The shade of the `nth` cause of throttling.
pub(super) fn cause(nth: usize) -> Colour {
    CAUSES[nth % CAUSES.len()]
}

/// The nominal width of a picture \[px\].
pub(super) const WIDTH: f64 = 1000.0;
/// The room at each edge of a picture \[px\].
pub(super) const MARGIN: f64 = 24.0;
/// The height of the part beneath heading and legend, in a picture of one panel \[px\].
pub(super) const BODY: f64 = 440.0;
/// The width of a line of data \[px\].
pub(super) const STROKE: f64 = 2.25;
/// The radius of a marker \[px\].
pub(super) const MARKER: f64 = 4.5;

/// How a text looks: its size \[px\], weight and colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lettering {
    /// The font size \[px\].
    pub size: f64,
    /// Bold, not regular.
    pub bold: bool,
    /// The colour.
    pub colour: Colour,
}

/// The picture's title.
pub(super) const TITLE: Lettering = Lettering { size: 22.0, bold: true, colour: INK };
/// The line beneath it.
pub(super) const SUBTITLE: Lettering = Lettering { size: 16.0, bold: false, colour: GREY };
/// A panel's own title.
pub(super) const PANEL: Lettering = Lettering { size: 16.0, bold: true, colour: INK };
/// Legend entries, labels and values.
pub(super) const LABEL: Lettering = Lettering { size: 16.0, bold: false, colour: INK };
/// Labels of ticks and titles of axes.
pub(super) const TICK: Lettering = Lettering { size: 14.5, bold: false, colour: GREY };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_strategies_look_different() {
        let looks: Vec<_> = (0..20).map(|place| (hue(place), marker(place))).collect();
        for (place, look) in looks.iter().enumerate() {
            assert!(!looks[..place].contains(look), "{place}");
        }
    }

    #[test]
    fn fixed_meanings_are_no_strategys_hue() {
        for place in 0..HUES.len() {
            assert!(![ADMITTED, THROTTLED, FAILED].contains(&hue(place)));
        }
    }
}
