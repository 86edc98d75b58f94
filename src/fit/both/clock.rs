//! A fixed window of a usual length beside another limit: cells of its phase.
//!
//! ```text
//!   length 1 s, 10 s, … 1 day, 1 week, each with the phase cut until it is as fine as the log
//! ```

use super::super::model::{Piece, longest, of_ticked_box};
use super::super::series::Series;
use super::super::ticks::{self, Grid, Size, Ticking, explained, finest};
use super::bits::Bits;
use super::log::{Cell, Figure, Log};

const S: i64 = 1_000_000_000;
/// The lengths that are tried \[ns\].
const LENGTHS: [i64; 13] = [
    S,
    2 * S,
    5 * S,
    10 * S,
    30 * S,
    60 * S,
    300 * S,
    600 * S,
    900 * S,
    1800 * S,
    3600 * S,
    86_400 * S,
    604_800 * S,
];
/// Phases of a length at first.
const PHASES: i64 = 16;
/// A window is at least so many times as long as a call is uncertain: else each of its boundaries
/// explains what it likes.
const SHORTEST: i64 = 8;

/// The cells that a search begins with.
pub(super) fn cells(log: &Log<'_>) -> Vec<Cell> {
    let (low, high) = (finest(log.series).saturating_mul(SHORTEST), longest(log.series, log.start));
    let lengths = LENGTHS.into_iter().filter(|length| (low..=high).contains(length));
    let phases = lengths.flat_map(|length| {
        (0..PHASES).map(move |n| (length, (length / PHASES * n, length / PHASES * (n + 1))))
    });
    phases.filter_map(|(length, first)| cell(log, length, first)).collect()
}

/// The halves of a cell; `None` if it is as fine as calls are known.
pub(super) fn cut(log: &Log<'_>, ticking: &Ticking) -> Option<Vec<Cell>> {
    let (length, first) = (ticking.period.0, ticking.first);
    if first.1 - first.0 <= (finest(log.series) / 4).max(length / 4096) {
        return None;
    }
    let middle = first.0 + (first.1 - first.0) / 2;
    let halves = [(first.0, middle), (middle, first.1)];
    Some(halves.into_iter().filter_map(|first| cell(log, length, first)).collect())
}

fn cell(log: &Log<'_>, length: i64, first: (i64, i64)) -> Option<Cell> {
    let capacity = (1, log.enough());
    let ticking = Ticking { size: Size::All, period: (length, length), first, capacity };
    let explained = explained((log.series, &log.counted), log.start, &grid(&ticking))?;
    let explains = Bits::of(explained.len(), |place| explained[place]);
    (explains.count() > 0).then_some(Cell { capacity, figure: Figure::Clock(ticking), explains })
}

fn grid(ticking: &Ticking) -> Grid {
    Grid {
        size: ticking.size,
        period: ticking.period,
        first: ticking.first,
        capacity: ticking.capacity,
        until: i64::MAX,
        edges: 0,
        work: std::cell::Cell::new(0),
    }
}

/// What is left of a cell that explains all refusals of `series`.
pub(super) fn piece(log: &Log<'_>, series: &Series, ticking: Ticking) -> Option<Piece> {
    let capacity = ticks::check(series, log.start, &grid(&ticking)).ok()?;
    Some(of_ticked_box(&Ticking { capacity, ..ticking }, series))
}
