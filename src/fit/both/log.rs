//! What a search for two limits reads, and the cells into which it cuts their figures.

use super::super::bucket::Rule;
use super::super::ratio::Ratio;
use super::super::rows::{Call, Start, Status};
use super::super::series::Series;
use super::super::sliding_pass::Reader;
use super::super::ticks::Ticking;
use super::bits::Bits;

/// The calls of one limit, or of two.
pub(super) struct Log<'a> {
    pub calls: &'a [&'a Call],
    pub series: &'a Series,
    /// The calls that may have been counted, without refusals.
    pub counted: Series,
    pub start: Start,
    pub reader: Reader,
    /// No burst or limit above this is looked at.
    enough: i64,
}

/// Bounds of the figures beside the capacity.
#[derive(Debug, Clone, Copy)]
pub(super) enum Figure {
    None,
    Rates(Ratio, Ratio),
    /// A window of any length that accepted calls allow.
    Window,
    Clock(Ticking),
}

/// A part of the figures that one limit may have.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub capacity: (i64, i64),
    pub figure: Figure,
    /// The refusals that some of its figures explain, each by itself.
    pub explains: Bits,
}

impl<'a> Log<'a> {
    pub fn new(calls: &'a [&'a Call], series: &'a Series, start: Start) -> Self {
        let is_counted = |call: &&&Call| call.status != Status::Refused && call.cost > 0;
        let counted: Vec<&Call> = calls.iter().filter(is_counted).copied().collect();
        let counted = Series::since(series.origin, &counted);
        let mut reader = Reader::new(series, Rule { start, counts_refused: false });
        reader.read(usize::MAX);
        let enough = counted.may.iter().map(|edge| i64::from(edge.weight)).sum::<i64>() / 2;
        Self { calls, series, counted, start, reader, enough }
    }

    /// The greatest capacity that is looked at.
    pub const fn enough(&self) -> i64 {
        self.enough
    }

    /// Every refusal.
    pub fn all(&self) -> Bits {
        Bits::of(self.series.refusals.len(), |_| true)
    }
}
