//! So many calls in any window that ends now: a log of when they were.
//!
//! ```text
//!   accepted: calls surely in a window that cost more than the limit     window ≤ y - x
//!   refused:  the youngest calls that may fill the limit                 window > y - x
//! ```
//!
//! For a block of limits [a, z] one pass gives the exact bounds of the window: the greatest comes
//! from z, the least from a.

use super::blocks::{Cell, Found, Pair, Trial, UNBOUNDED, search};
use super::bucket::Rule;
use super::rows::Start;
use super::series::{Kind, Series};

/// Bounds of a window \[ns\], both included, and the lines that prove them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The shortest that explains the refused calls.
    pub low: i64,
    /// The longest that explains the accepted calls; `i64::MAX` if any does.
    pub high: i64,
    /// The refused call that proves `low`.
    pub low_line: u32,
    /// The first and the last call of the window that proves `high`.
    pub high_lines: (u32, u32),
}

const BUDGET: usize = 96;

/// Sorted edges of counted calls, and for each how much is counted before it.
pub(super) struct Marks {
    pub at: Vec<i64>,
    pub before: Vec<i64>,
    /// Weight times instant, of all before each.
    pub moment: Vec<i128>,
    pub line: Vec<u32>,
}

impl Marks {
    fn of(mut edges: Vec<(i64, u32, u32)>) -> Self {
        edges.sort_unstable();
        let mut total = 0;
        let mut sum = 0;
        let mut before = Vec::with_capacity(edges.len() + 1);
        let mut moment = Vec::with_capacity(edges.len() + 1);
        for edge in &edges {
            before.push(total);
            moment.push(sum);
            total += i64::from(edge.1);
            sum += i128::from(edge.1) * i128::from(edge.0);
        }
        before.push(total);
        moment.push(sum);
        let at = edges.iter().map(|edge| edge.0).collect();
        Self { at, before, moment, line: edges.iter().map(|edge| edge.2).collect() }
    }
}

impl Marks {
    /// How much is before `at`.
    pub fn before(&self, at: i64) -> i64 {
        self.before[self.at.partition_point(|mark| *mark < at)]
    }

    /// How much is at or before `at`.
    pub fn until(&self, at: i64) -> i64 {
        self.before[self.at.partition_point(|mark| *mark <= at)]
    }
}

/// All that a window may count, as marks.
pub(super) struct Counted {
    pub sure: (Marks, Marks),
    pub may: (Marks, Marks),
    /// Accepted calls where refused ones count too: bounds, cost and line, by `lo`.
    accepted: Vec<(i64, i64, i64, u32)>,
}

/// All limits, each with its bounds of the window, that may explain `series`.
#[must_use]
pub fn fit(series: &Series, rule: Rule) -> Found<Windows> {
    let counted = counted(series, rule.counts_refused);
    let enough = counted.may.0.before.last().copied().unwrap_or(0) + 1;
    let figures = Windows { low: 0, high: i64::MAX, low_line: 0, high_lines: (0, 0) };
    let all = Cell { least: 1, most: UNBOUNDED, figures };
    search(vec![all], enough, BUDGET, |least, most, _| {
        let (high, high_lines) = longest(&counted, rule.counts_refused, most);
        let (low, low_line) = shortest(series, &counted, rule, least);
        match low < high {
            true => Trial::Holds(Windows { low, high, low_line, high_lines }),
            false => Trial::Empty(Pair { accepted: high_lines.1, refused: low_line }),
        }
    })
}

/// The shortest window that explains the refused calls if only one call has to be in it \[ns\].
#[must_use]
pub fn shortest_of_one(series: &Series, start: Start) -> i64 {
    let rule = Rule { start, counts_refused: false };
    shortest(series, &counted(series, false), rule, 1).0
}

pub(super) fn counted(series: &Series, refused: bool) -> Counted {
    let marks = |edges: &[super::series::Edge], kind| {
        let counted = edges.iter().filter(|edge| edge.kind == kind);
        let mut marks: Vec<_> = counted.map(|edge| (edge.at, edge.weight, edge.id)).collect();
        if refused {
            let at = |within: super::rows::Within| match kind {
                Kind::Start => within.lo,
                _ => within.hi,
            };
            marks.extend(series.refusals.iter().map(|r| (at(r.within), r.cost, r.line)));
        }
        Marks::of(marks)
    };
    let accepted = if refused { series.accepted() } else { Vec::new() };
    Counted {
        sure: (marks(&series.sure, Kind::Start), marks(&series.sure, Kind::End)),
        may: (marks(&series.may, Kind::Start), marks(&series.may, Kind::End)),
        accepted,
    }
}

/// The longest window with which a limit of `limit` admits what was accepted.
fn longest(counted: &Counted, refused: bool, limit: i64) -> (i64, (u32, u32)) {
    let (starts, ends) = &counted.sure;
    let mut best = (i64::MAX, (0, 0));
    let mut first = 0;
    let mut offer = |done: i64, at: i64, line: u32, first: &mut usize| {
        // The latest start from which on too much is counted.
        while *first < starts.at.len() && done - starts.before[*first + 1] > limit {
            *first += 1;
        }
        let over = starts.at.get(*first).filter(|_| done - starts.before[*first] > limit);
        if let Some(x) = over.filter(|x| at - **x < best.0) {
            best = ((at - x).max(0), (starts.line[*first], line));
        }
    };
    if refused {
        let mut behind = 0;
        for (lo, hi, cost, line) in &counted.accepted {
            while behind < ends.at.len() && ends.at[behind] < *lo {
                behind += 1;
            }
            // Costs differ, so a later call may need an earlier start.
            let mut from = first_over(starts, ends.before[behind] + cost, limit);
            offer(ends.before[behind] + cost, *hi, *line, &mut from);
        }
    } else {
        for (k, at) in ends.at.iter().enumerate() {
            offer(ends.before[k + 1], *at, ends.line[k], &mut first);
        }
    }
    best
}

fn first_over(starts: &Marks, done: i64, limit: i64) -> usize {
    starts.before.partition_point(|before| done - before > limit).saturating_sub(1)
}

/// The shortest window with which a limit of `limit` refuses what was refused.
fn shortest(series: &Series, counted: &Counted, rule: Rule, limit: i64) -> (i64, u32) {
    let (starts, ends) = &counted.may;
    let mut most = (0, 0);
    let (mut by_lo, mut order): (usize, Vec<&super::series::Refusal>) =
        (0, series.refusals.iter().collect());
    order.sort_unstable_by_key(|refusal| refusal.within.lo);
    for refusal in order {
        let cost = i64::from(refusal.cost);
        let own = if rule.counts_refused { cost } else { 0 };
        let (lo, hi) = (refusal.within.lo, refusal.within.hi);
        while by_lo < starts.at.len() && starts.at[by_lo] <= lo {
            by_lo += 1;
        }
        let need = |y: i64, begun: i64| {
            // The latest x with begun - own - weight(ends < x) above limit - cost.
            let spare = begun - own - (limit - cost);
            if limit < cost {
                return 0;
            }
            let place = ends.before.partition_point(|before| *before < spare);
            match place.checked_sub(1) {
                Some(place) => (y - ends.at[place]).max(0),
                None if rule.start == Start::Full => i64::MAX,
                None => (y - series.widest).max(0),
            }
        };
        let by_hi = by_lo + starts.at[by_lo..].partition_point(|at| *at <= hi);
        let least = match by_hi - by_lo {
            0..64 => (by_lo..by_hi)
                .map(|next| need(starts.at[next], starts.before[next + 1]))
                .fold(need(lo, starts.before[by_lo]), i64::min),
            _ => need(lo, starts.before[by_hi]),
        };
        if least > most.0 {
            most = (least, refusal.line);
        }
    }
    most
}
