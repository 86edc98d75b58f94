//! The calls of one limit as two sorted streams of edges, which every model reads in one pass.
//!
//! ```text
//!   k-th call in true order:  starts[k] ≤ T(k) ≤ ends[k]     both sorted on their own
//!   surely in [x, y]:   at least  weight(ends ≤ y) - weight(starts < x)
//!   possibly in [x, y]: at most   weight(starts ≤ y) - weight(ends < x)
//! ```
//!
//! Sorting both edges on their own loses which end belongs to which start. Nothing but the count
//! matters to a limit, and the bounds above stay true: a call with `end < x` has `start ≤ y` too,
//! and a call that is wrongly taken away covers all of [x, y].

use super::rows::{Call, Status, Within};

/// What happens at an edge. The order is that at one instant: starts count before anything is
/// asked, and ends last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A counted call may have been decided from here on.
    Start,
    /// A refusal may have happened from here on.
    Open,
    /// A refusal has happened by now.
    Close,
    /// A counted call has been decided by now.
    End,
}

/// One edge of a call's bounds.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// When \[ns since the series' origin\].
    pub at: i64,
    /// What the call costs.
    pub weight: u32,
    /// The line of a counted call, or the index of a refusal.
    pub id: u32,
    /// Which edge.
    pub kind: Kind,
}

/// A refused call, and how many counted calls may have gone before it.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// When it was refused \[ns since the series' origin\].
    pub within: Within,
    /// What it would have cost.
    pub cost: u32,
    /// Its line.
    pub line: u32,
    /// Sure starts at or before `within.lo`, and at or before `within.hi`.
    pub starts: (u32, u32),
}

/// The calls of one limit, sorted.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// What is subtracted from every time \[ns\].
    pub origin: i64,
    /// Accepted calls and refusals: what has surely been counted.
    pub sure: Vec<Edge>,
    /// Accepted calls, calls that nobody knows of, and refusals: what may have been counted.
    pub may: Vec<Edge>,
    /// Refusals in order of their `hi`.
    pub refusals: Vec<Refusal>,
    /// For each refusal, the least `lo` of it and all later ones \[ns\].
    pub oldest: Vec<i64>,
    /// Starts of accepted calls, sorted, with the weight of all before each.
    pub starts: Vec<(i64, i64)>,
    /// Weight of all accepted calls.
    pub accepted_weight: i64,
    /// The greatest cost of an accepted call, at least 1: a smaller limit admits no such call.
    pub needed: i64,
    /// The widest bounds of a call \[ns\]. A log that begins in the middle may lack calls that were
    /// sent before it and decided so long after its first.
    pub widest: i64,
    /// How many calls: accepted, refused, unknown.
    pub counts: [usize; 3],
}

fn edges(calls: &[&Call], origin: i64, known: bool) -> Vec<Edge> {
    let mut edges = Vec::with_capacity(calls.len() * 2);
    for call in calls.iter().filter(|call| match call.status {
        Status::Accepted => true,
        Status::Other => !known,
        Status::Refused => false,
    }) {
        let edge = |at, kind| Edge { at: at - origin, weight: call.cost, id: call.line, kind };
        edges.push(edge(call.decided.lo, Kind::Start));
        edges.push(edge(call.decided.hi, Kind::End));
    }
    edges
}

impl Series {
    /// Sorts the edges of `calls`. A call of cost 0 takes nothing from a limit and is left out.
    #[must_use]
    pub fn new<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Self {
        let calls: Vec<&Call> = calls.into_iter().filter(|call| call.cost > 0).collect();
        let origin = calls.iter().map(|call| call.decided.lo).min().unwrap_or(0);
        Self::since(origin, &calls)
    }

    /// Sorts the edges of `calls`, which cost something and were decided after `origin`
    /// \[ns since the log's origin\].
    #[must_use]
    pub fn since(origin: i64, calls: &[&Call]) -> Self {
        let count = |status| calls.iter().filter(|call| call.status == status).count();
        let counts = [Status::Accepted, Status::Refused, Status::Other].map(count);
        let widest = calls.iter().map(|call| call.decided.hi - call.decided.lo).max().unwrap_or(0);
        let mut series = Self { origin, widest, counts, ..Self::default() };
        let mut sure = edges(calls, origin, true);
        series.starts = weighed(&sure);
        series.accepted_weight = sure.iter().map(|edge| i64::from(edge.weight)).sum::<i64>() / 2;
        series.needed = sure.iter().map(|edge| i64::from(edge.weight)).max().unwrap_or(1);
        series.refusals = series.refusals_of(calls);
        let mut oldest = i64::MAX;
        series.oldest = series
            .refusals
            .iter()
            .rev()
            .map(|refusal| {
                oldest = oldest.min(refusal.within.lo);
                oldest
            })
            .collect();
        series.oldest.reverse();
        let mut may = if counts[2] > 0 { edges(calls, origin, false) } else { sure.clone() };
        for (index, refusal) in (0u32..).zip(&series.refusals) {
            let edge = |at, kind| Edge { at, weight: refusal.cost, id: index, kind };
            sure.push(edge(refusal.within.hi, Kind::Close));
            may.push(edge(refusal.within.lo, Kind::Open));
            may.push(edge(refusal.within.hi, Kind::Close));
        }
        sure.sort_unstable_by_key(|edge| (edge.at, edge.kind, edge.id));
        may.sort_unstable_by_key(|edge| (edge.at, edge.kind, edge.id));
        (series.sure, series.may) = (sure, may);
        series
    }

    fn refusals_of(&self, calls: &[&Call]) -> Vec<Refusal> {
        let refused = calls.iter().filter(|call| call.status == Status::Refused);
        let until = |at: i64| self.starts.partition_point(|start| start.0 <= at) as u32;
        let mut refusals: Vec<Refusal> = refused
            .map(|call| {
                let within =
                    Within { lo: call.decided.lo - self.origin, hi: call.decided.hi - self.origin };
                let starts = (until(within.lo), until(within.hi));
                Refusal { within, cost: call.cost, line: call.line, starts }
            })
            .collect();
        refusals.sort_unstable_by_key(|refusal| (refusal.within.hi, refusal.line));
        refusals
    }

    /// Accepted calls by their start: bounds, cost and line. Which end belongs to which start is
    /// known here only by the line.
    #[must_use]
    pub fn accepted(&self) -> Vec<(i64, i64, i64, u32)> {
        let mut ends: Vec<(u32, i64)> = self
            .sure
            .iter()
            .filter(|edge| edge.kind == Kind::End)
            .map(|edge| (edge.id, edge.at))
            .collect();
        ends.sort_unstable();
        let end = |line| ends[ends.partition_point(|end| end.0 < line)].1;
        let starts = self.sure.iter().filter(|edge| edge.kind == Kind::Start);
        starts.map(|edge| (edge.at, end(edge.id), i64::from(edge.weight), edge.id)).collect()
    }

    /// Weight of the first `count` starts of accepted calls.
    #[must_use]
    pub fn weight_before(&self, count: usize) -> i64 {
        self.starts.get(count).map_or(self.accepted_weight, |start| start.1)
    }

    /// When the last edge is \[ns since the origin\].
    #[must_use]
    pub fn length(&self) -> i64 {
        self.may.last().map_or(0, |edge| edge.at)
    }
}

fn weighed(edges: &[Edge]) -> Vec<(i64, i64)> {
    let starts = edges.iter().filter(|edge| edge.kind == Kind::Start);
    let mut starts: Vec<(i64, i64)> = starts.map(|e| (e.at, i64::from(e.weight))).collect();
    starts.sort_unstable();
    let mut before = 0;
    for start in &mut starts {
        (start.1, before) = (before, before + start.1);
    }
    starts
}
