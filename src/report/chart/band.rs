//! What lies around a line in steps: the interval of a mean, or the least and the most of a time.
//!
//! ```text
//!   ▒▒▒▁▁▒▒▒        high   each pair of ends holds until the next
//!   ▒▒▒▒▒▒▒▒
//!   ▔▔▔▔▒▒▒▒        low
//! ```

use super::canvas::Canvas;
use super::frame::{Entry, Swatch};
use super::line::{corners, draw_band};
use super::panel::Panel;
use super::style::INTERVAL;
use crate::units::Instant;

/// Instants, ascending, each with the low and the high end that hold until the next.
pub type Band = Vec<(Instant, f64, f64)>;

/// What lies around lines, one for each strategy.
#[derive(Debug, Clone, PartialEq)]
pub enum Bands {
    /// The 95 % intervals of means; empty of a single run.
    Intervals(Vec<Band>),
    /// The lowest and the highest of each interval of time.
    Extents(Vec<Band>),
}

impl Bands {
    /// The band of each strategy.
    pub(super) fn of_strategies(&self) -> &[Band] {
        let (Self::Intervals(bands) | Self::Extents(bands)) = self;
        bands
    }

    /// What the legend says of them, if any of them is wider than a line.
    pub(super) fn entry(&self) -> Option<Entry> {
        self.of_strategies().iter().any(|band| is_wide(band)).then(|| match self {
            Self::Intervals(_) => Entry::band(),
            Self::Extents(_) => extents(),
        })
    }
}

/// True if a band is wider than a line anywhere.
pub(super) fn is_wide(band: &[(Instant, f64, f64)]) -> bool {
    band.iter().any(|(_, low, high)| low < high)
}

/// The entry of bands between the lowest and the highest of each interval of time.
pub(super) fn extents() -> Entry {
    Entry::new(Swatch::Area(INTERVAL), "range within each interval")
}

/// The band of the strategy at `place`, in steps.
pub(super) fn draw_steps(
    canvas: &Canvas,
    panel: &Panel,
    band: &[(Instant, f64, f64)],
    place: usize,
) {
    let end = |part: fn(&(Instant, f64, f64)) -> f64| {
        let line = band.iter().map(|of| (of.0.as_secs_f64(), part(of)));
        corners(&panel.points(&line.collect::<Vec<_>>()))
    };
    draw_band(canvas, (&end(|of| of.1), &end(|of| of.2)), place)
}
