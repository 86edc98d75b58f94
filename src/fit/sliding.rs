//! So many calls in any window that ends now: a log of when they were.
//!
//! ```text
//!   accepted: calls surely in a window that cost more than the limit     window ≤ y - x
//!             calls that cost more than k limits                       k windows ≤ y - x
//!   refused:  the youngest calls that may fill the limit                 window > y - x
//! ```
//!
//! Each limit goes with windows of its own, and a block of limits can hardly be refuted as a whole.
//! So limits are tried alone. The two calls that bound the window of one limit most are then held
//! against all others, and mostly refute its neighbours too.

use super::blocks::{Cell, Found, Pair, UNBOUNDED};
use super::bucket::Rule;
use super::rows::Start;
use super::series::Series;
pub use super::sliding_pass::Windows;
use super::sliding_pass::{Hints, Reader, Witness};

/// What is left, and whether more work could refute more.
#[derive(Debug, Clone)]
pub struct Slid {
    /// Limits that may explain the log.
    pub found: Found<Windows>,
    /// Whether limits were left untried.
    pub rough: bool,
}

/// Accepted calls that are read first, and how many times more with each further part of the log.
const CALLS_FIRST: usize = 4096;
const GROWTH: usize = 8;
/// Limits that are tried alone with each part of the log: so many that about as many calls are
/// read, and between these bounds.
const READ: usize = 1 << 22;
const TRIALS: (usize, usize) = (64, 1024);
/// Limits that are left when tried alone, until the log is said to leave many.
const MANY: usize = 48;
/// Blocks in which a row of limits that are left is given, at most.
const BLOCKS: usize = 64;

/// All limits, each with its bounds of the window, that may explain `series`. Limits that need a
/// window longer than `longest` \[ns\] are not tried.
#[must_use]
pub fn fit(series: &Series, rule: Rule, longest: i64) -> Slid {
    let mut reader = Reader::new(series, rule);
    let mut search = Search { reach: series.needed - 1, ..Search::default() };
    let mut calls = CALLS_FIRST;
    loop {
        search.extend(reader.read(calls));
        search.narrow(&reader, longest);
        if reader.is_whole() || (search.closed && search.open.is_empty()) {
            let rough = search.open[..search.worth(longest)].iter().any(|open| !open.tried);
            let found = Found { cells: search.cells(), refuted: search.refuted };
            return Slid { found, rough };
        }
        calls = calls.saturating_mul(GROWTH);
    }
}

/// The shortest window that explains the refused calls if only one call has to be in it \[ns\].
#[must_use]
pub fn shortest_of_one(series: &Series, start: Start) -> i64 {
    let mut reader = Reader::new(series, Rule { start, counts_refused: false });
    reader.read(usize::MAX);
    reader.windows(1).0.low
}

/// A limit that nothing has refuted.
#[derive(Clone, Copy)]
struct Open {
    limit: i64,
    windows: Windows,
    tried: bool,
}

#[derive(Default)]
struct Search {
    /// In order of their limits.
    open: Vec<Open>,
    /// The greatest limit taken in, or refuted by a single call. It stands for all greater ones
    /// too.
    reach: i64,
    /// Whether those are refuted.
    closed: bool,
    refuted: Vec<(i64, i64, Pair)>,
}

impl Search {
    /// Takes in limits up to `enough`, for a further part of the log.
    fn extend(&mut self, enough: i64) {
        self.open.iter_mut().for_each(|open| open.tried = false);
        if !self.closed && enough > self.reach {
            // A refused call that needs a window for one limit needs it for every greater one.
            let least = self.open.last().map_or(Windows::ALL, |last| last.windows);
            let windows = Windows { low: least.low, low_line: least.low_line, ..Windows::ALL };
            let open = |limit| Open { limit, windows, tried: false };
            self.open.extend((self.reach + 1..=enough).map(open));
            self.reach = enough;
        }
    }

    /// How many limits are worth a trial: the first.
    fn worth(&self, longest: i64) -> usize {
        self.open.partition_point(|open| open.windows.low <= longest)
    }

    /// Tries limits alone, as long as there are some and they are worth it.
    fn narrow(&mut self, reader: &Reader, longest: i64) {
        let mut left = 0;
        let trials = (READ / reader.calls().max(1)).clamp(TRIALS.0, TRIALS.1);
        for _ in 0..trials {
            let worth = self.worth(longest);
            let Some(place) = next(&self.open[..worth]).filter(|_| left < MANY) else { return };
            let limit = self.open[place].limit;
            let (windows, witness) = reader.windows(limit);
            (self.open[place].windows, self.open[place].tried) = (windows, true);
            left += usize::from(windows.low < windows.high);
            self.confront(reader, witness);
        }
    }

    /// Holds two calls against every limit.
    fn confront(&mut self, reader: &Reader, witness: Witness) {
        let (mut hints, mut hint) = (Hints::default(), 0);
        let mut refuted = std::mem::take(&mut self.refuted);
        let (reach, closed) = (self.reach, &mut self.closed);
        self.open.retain_mut(|Open { limit, windows, .. }| {
            if let Some(event) = witness.event {
                reader.shorten(windows, event, *limit, &mut hints);
            }
            if let Some(asked) = witness.asked {
                reader.lengthen(windows, asked, *limit, &mut hint);
            }
            let holds = windows.low < windows.high;
            if !holds {
                let pair = Pair { accepted: windows.high_lines.1, refused: windows.low_line };
                *closed |= *limit == reach;
                let most = if *limit == reach { UNBOUNDED } else { *limit };
                match refuted.last_mut().filter(|last| last.1 + 1 == *limit && last.2 == pair) {
                    Some(last) => last.1 = most,
                    None => refuted.push((*limit, most, pair)),
                }
            }
            holds
        });
        self.refuted = refuted;
    }

    /// What is left as blocks: limits that were tried alone, and rows of others.
    fn cells(&self) -> Vec<Cell<Windows>> {
        let joined = |a: &Open, b: &Open| !a.tried && !b.tried && a.limit + 1 == b.limit;
        let rows = self.open.chunk_by(joined);
        let blocks = rows.flat_map(|row| row.chunks(row.len().div_ceil(BLOCKS)));
        let cell = |block: &[Open]| {
            let (first, last) = (&block[0], &block[block.len() - 1]);
            let most = if last.limit == self.reach { UNBOUNDED } else { last.limit };
            let Windows { high, high_lines, .. } = last.windows;
            let figures = Windows { high, high_lines, ..first.windows };
            Cell { least: first.limit, most, figures }
        };
        blocks.map(cell).collect()
    }
}

/// The limit to try next: the first, the last, then the middle of the longest row of untried ones.
fn next(open: &[Open]) -> Option<usize> {
    let last = open.len().checked_sub(1)?;
    if let Some(end) = [0, last].into_iter().find(|end| !open[*end].tried) {
        return Some(end);
    }
    let (mut from, mut best) = (0, 0..0);
    for (place, one) in open.iter().enumerate() {
        if one.tried {
            from = place + 1;
        } else if place + 1 - from > best.len() {
            best = from..place + 1;
        }
    }
    (!best.is_empty()).then(|| best.start + best.len() / 2)
}
