//! The token bucket with continuous refill: rate r, burst b.
//!
//! ```text
//!   deficit d: tokens missing from full; falls at r, never below 0; a counted call adds its cost
//!   accepted call, cost c:  d + c ≤ b   every window of surely accepted calls bounds r from below
//!   refused call,  cost c:  d + c > b   the greatest possible deficit bounds r from above
//! ```
//!
//! For a block of bursts [a, z], the least rate comes from z and the greatest from a, both by
//! Newton steps whose every step is a proof of its own: two calls and a fraction.
//! A quota with restore is the same limiter with another name.

use super::blocks::{Cell, Found, Pair, Trial, UNBOUNDED, search};
pub use super::bucket_pass::Rule;
use super::bucket_pass::{Pass, accepted, refused};
use super::ratio::Ratio;
use super::rows::Start;
use super::series::{Edge, Series};

/// Bounds of a rate, and the line of the call that proves the lower one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// No lower rate explains the accepted calls.
    pub low: Ratio,
    /// No higher rate explains the refused calls.
    pub high: Ratio,
    /// The accepted call that proves `low`, and the first call of its window.
    pub low_lines: Option<(u32, u32)>,
    /// The refused call that proves `high`.
    pub high_line: Option<u32>,
}

impl Rates {
    /// Every rate.
    pub const ALL: Self =
        Self { low: Ratio::ZERO, high: Ratio::INFINITE, low_lines: None, high_line: None };
}

/// Edges that are read for the least period of ticks.
const EDGES: usize = 16_000;
const ROWS_FIRST: usize = 4096;
const GROWTH: usize = 8;
/// Cuts of blocks at first, and with each further part of the log.
const BUDGET: [usize; 2] = [64, 6];
/// Newton steps likewise: bounds are narrow already, and each step is a pass.
const STEPS: [usize; 2] = [40, 3];

/// All bursts, each with its bounds of the rate, that may explain `series`.
#[must_use]
pub fn fit(series: &Series, rule: Rule) -> Found<Rates> {
    let all = Cell { least: series.needed, most: UNBOUNDED, figures: Rates::ALL };
    fit_within(series, rule, vec![all])
}

/// As [`fit`], within what is known already.
#[must_use]
pub fn fit_within(series: &Series, rule: Rule, todo: Vec<Cell<Rates>>) -> Found<Rates> {
    fit_nodes(series, rule, 1, todo)
}

/// As [`fit_within`], of a bucket that is split over so many nodes: bursts and rates are those of
/// one of them.
#[must_use]
pub fn fit_nodes(series: &Series, rule: Rule, nodes: i64, todo: Vec<Cell<Rates>>) -> Found<Rates> {
    let enough = series.may.iter().map(|edge| i64::from(edge.weight)).sum::<i64>() + 1;
    let mut found = Found { cells: todo, refuted: Vec::new() };
    let mut rows = ROWS_FIRST;
    loop {
        let until = series.may.get(rows).map(|edge| edge.at);
        let cut = |edges: &[Edge]| {
            until.map_or(edges.len(), |at| edges.partition_point(|edge| edge.at <= at))
        };
        let sure = &series.sure[..cut(&series.sure)];
        let may = &series.may[..cut(&series.may)];
        let later = usize::from(rows > ROWS_FIRST);
        let pass = Pass { series, rule, sure, may, slack: 0, nodes, steps: STEPS[later] };
        let trial = |a, z, known: &Rates| pass.trial(a, z, *known);
        let next = search(found.cells, enough, BUDGET[later], trial);
        found.refuted.extend(next.refuted);
        found.cells = next.cells;
        if until.is_none() || found.cells.is_empty() {
            return found;
        }
        rows *= GROWTH;
    }
}

/// The least rate that a bucket of `burst` needs for what was accepted. In a series without
/// refusals it holds even if calls are missing, others use the limit, or there are several limits.
/// `known` is what a greater burst needs.
#[must_use]
pub fn at_least(series: &Series, burst: i64, known: Ratio) -> Ratio {
    let rule = Rule { start: Start::Unknown, counts_refused: false };
    let sure = &series.sure;
    let pass = Pass { series, rule, sure, may: &[], slack: 0, nodes: 1, steps: STEPS[0] };
    let mut rates = Rates { low: known, ..Rates::ALL };
    pass.raise(burst, &mut rates);
    rates.low
}

/// The shortest period \[ns\] at which ticks of `size` tokens can explain the refusals: a bucket
/// with ticks holds at most one tick less than one with continuous refill.
#[must_use]
pub fn least_period(series: &Series, start: Start, size: i64) -> i64 {
    let rule = Rule { start, counts_refused: false };
    let may = &series.may[..series.may.len().min(EDGES)];
    let pass = Pass { series, rule, sure: &[], may, slack: size, nodes: 1, steps: STEPS[0] };
    let mut rates = Rates::ALL;
    if pass.lower(size + 1, &mut rates).is_some() || rates.high.is_infinite() {
        return 0;
    }
    (size as f64 * 1e9 / rates.high.per_second() * (1.0 - 1e-9)) as i64
}

impl Pass<'_> {
    fn trial(&self, least: i64, most: i64, known: Rates) -> Trial<Rates> {
        let mut rates = known;
        if let Some(pair) = self.raise(most, &mut rates) {
            return Trial::Empty(pair);
        }
        match self.lower(least, &mut rates) {
            Some(pair) => Trial::Empty(pair),
            None => Trial::Holds(rates),
        }
    }

    /// Raises the least rate to what the accepted calls need of a bucket of `burst`.
    fn raise(&self, burst: i64, rates: &mut Rates) -> Option<Pair> {
        for _ in 0..self.steps {
            let step = accepted(self, burst, rates.low)?;
            if step.rate <= rates.low {
                return None;
            }
            (rates.low, rates.low_lines) = (step.rate, Some(step.lines));
            if step.rate.is_infinite() || step.rate > rates.high {
                let refused = rates.high_line.unwrap_or(step.lines.0);
                return Some(Pair { accepted: step.lines.1, refused });
            }
        }
        None
    }

    /// Lowers the greatest rate to what the refused calls allow a bucket of `burst`.
    fn lower(&self, burst: i64, rates: &mut Rates) -> Option<Pair> {
        let mut fits = rates.low;
        let mut root = match refused(self, burst, fits) {
            Ok(root) => root,
            Err(line) => {
                let accepted = rates.low_lines.map_or(line, |lines| lines.1);
                return Some(Pair { accepted, refused: line });
            }
        };
        let mut probed = false;
        for _ in 0..self.steps {
            let (low, high) = (fits.per_second(), rates.high.per_second());
            let edge = Ratio::near(high * (1.0 - 1e-6) / 1e9);
            let next = match (root > fits && root < rates.high, rates.high.is_infinite()) {
                (true, _) => root,
                (false, true) => return None,
                (false, false) if probed => Ratio::between(fits, rates.high),
                (false, false) => edge,
            };
            if (high.is_finite() && high - low <= high * 2e-6) || next <= fits || next >= rates.high
            {
                return None;
            }
            let probing = next == edge;
            match refused(self, burst, next) {
                Ok(_) if probing => return None,
                Ok(further) => (fits, root, probed) = (next, further, false),
                Err(line) => {
                    (rates.high, rates.high_line) = (next, Some(line));
                    (root, probed) = (Ratio::INFINITE, probing);
                }
            }
        }
        None
    }
}
