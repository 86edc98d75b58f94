//! What a picture is made of, in SVG units.
//!
//! Each mark is drawn twice: by plotters into the SVG, and into the pixels of the PNG.

use super::style::Colour;

/// SVG units in a nominal pixel.
pub(super) const FINE: u16 = 4;

/// A place \[SVG units from the left, from the top\].
pub(super) type Place = (i32, i32);

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line through all points.
    Line { points: Vec<Place>, colour: Colour, width: u32, dashes: Option<Dashes> },
    /// The area within an outline, and which share of its colour is seen.
    Area { outline: Vec<Place>, colour: Colour, seen: f64 },
    /// The area between two corners.
    Box { corners: [Place; 2], colour: Colour },
    /// A filled circle.
    Disc { centre: Place, radius: u32, colour: Colour },
    /// A place that tells a value to whoever points at it, and shows nothing.
    Spot { corners: [Place; 2], told: String },
    /// A line of text whose `anchor` is at `place` and whose middle is at its height.
    Text { text: String, place: Place, anchor: Anchor, size: f64, bold: bool, colour: Colour },
}

/// The parts of a dashed line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dashes {
    /// The length of a dash.
    pub dash: i32,
    /// The room between two dashes.
    pub gap: i32,
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

impl Anchor {
    /// How much of a text's width lies left of its place.
    pub fn share_before(self) -> f64 {
        match self {
            Self::Left => 0.0,
            Self::Middle => 0.5,
            Self::Right => 1.0,
        }
    }
}
