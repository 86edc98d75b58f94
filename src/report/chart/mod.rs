//! Pictures: one a file, in one style, each readable without the file that made it.
//!
//! ```text
//!   plain figures ──► the picture's file: axes, ──► canvas ──► marks ─┬► svg: plotters
//!                       │ frame: heading and legend   (4 ×)           └► render: pixels, PNG
//!                       └ panel, axis, line                               font: DejaVu Sans
//! ```
//!
//! The same input gives the same bytes: coordinates are whole numbers, fonts come with the
//! program, and no clock is read. A picture takes plain figures and never fails on their account:
//! nothing at all, a single point, all zeros and values that are no number give a picture that
//! shows as much.

mod accounts;
mod age;
mod axis;
mod backlog;
mod band;
mod bucket;
mod canvas;
mod clock;
mod comparison;
mod curves;
mod deficit;
mod figures;
mod font;
mod frame;
mod front;
mod headroom;
mod heat;
mod latency;
mod lateness;
mod lettering;
mod line;
mod mark;
mod outcomes;
mod panel;
mod png;
mod region;
mod render;
mod revenue;
mod standings;
mod steps;
mod style;
mod svg;
mod throttle_rate;
#[cfg(test)]
mod trial;

pub use crate::metrics::Measure;
pub use accounts::Accounts;
pub use age::AgeOfData;
pub use axis::Spread;
pub use backlog::Backlog;
pub use band::{Band, Bands};
pub use bucket::BucketLevel;
pub use comparison::{Comparison, Expectation, Metric};
pub use curves::{Curve, Curves};
pub use deficit::{Decision, Deficit};
pub use front::{Front, Load, Trade, TradePoint};
pub use headroom::Headroom;
pub use heat::{Heat, HeatMaps, MOST_MAPS};
pub use latency::LatencyPercentiles;
pub use lateness::Lateness;
pub use outcomes::{Attempts, Outcomes};
pub use region::{Area, Kind, Region};
pub use revenue::{Phase, QuotaDay, RevenueQuota};
pub use standings::{Standing, Standings};
pub use steps::{Bar, Stage, Steps};
pub use throttle_rate::ThrottleRate;

/// The colour of the strategy at `place` in its file, as pages write it: `#0072b2`.
#[must_use]
pub fn hue_of(place: usize) -> String {
    let style::Colour { 0: red, 1: green, 2: blue } = style::hue(place);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

use super::words;
use plotters::drawing::DrawingAreaErrorKind;
use std::fmt;
use std::io;

/// What a picture says above its plot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// What the picture shows; two lines at most.
    pub title: String,
    /// Scenario, seed, replications: what a reader needs to make it again; two lines at most.
    pub subtitle: String,
}

impl Heading {
    /// The heading of a picture that has room for the first `shown` of `all` strategies only.
    fn of_first(&self, shown: usize, all: usize) -> Self {
        let mut heading = self.clone();
        if shown < all {
            heading.subtitle.push_str(&format!(" · the first {shown} of {all} strategies"));
        }
        heading
    }
}

/// A strategy as pictures know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strategy {
    /// Its place in the scenario's file, from 0; it chooses colour and marker, in every picture.
    pub place: usize,
    /// Its name for people.
    pub label: String,
}

/// What was measured of one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Series<T> {
    /// Of which strategy.
    pub strategy: Strategy,
    /// The values, in ascending order where they have one.
    pub values: Vec<T>,
}

/// A mean and its 95 % interval, in the unit of its metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean over the replications.
    pub mean: f64,
    /// The interval's low end; the mean itself if there is no interval.
    pub low: f64,
    /// The interval's high end.
    pub high: f64,
}

impl Estimate {
    /// True if it has an interval.
    fn is_wide(&self) -> bool {
        self.low < self.high
    }

    /// What tells it to people: `12.6 % (11.9 % to 13.1 %)`.
    fn told(&self, measure: Measure) -> String {
        let text = words::of(measure);
        match self.is_wide() {
            // Nothing that is measured is below zero.
            true => {
                let (low, high) = (text(self.low.max(0.0)), text(self.high));
                format!("{} ({low} to {high})", text(self.mean))
            }
            false => text(self.mean),
        }
    }
}

/// A finished picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Its name for screen readers.
    title: String,
    /// What is drawn in it, the lowest first.
    marks: Vec<mark::Mark>,
    /// The nominal width \[px\].
    pub width: u32,
    /// The nominal height \[px\].
    pub height: u32,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartError {
    /// The drawing failed.
    Draw(String),
    /// The drawing could not become pixels.
    Raster(String),
}

impl fmt::Display for ChartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draw(why) => write!(out, "the picture cannot be drawn: {why}"),
            Self::Raster(why) => write!(out, "the picture cannot become a PNG: {why}"),
        }
    }
}

impl std::error::Error for ChartError {}

impl From<DrawingAreaErrorKind<io::Error>> for ChartError {
    fn from(error: DrawingAreaErrorKind<io::Error>) -> Self {
        Self::Draw(error.to_string())
    }
}
