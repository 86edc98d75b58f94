//! What has surely been counted before an instant, and what may have been.

use super::rows::Within;
use super::series::{Edge, Kind, Series};

/// Sorted edges of counted calls, and for each how much is counted before it.
pub(super) struct Marks {
    pub at: Vec<i64>,
    pub before: Vec<i64>,
    /// Weight times instant, of all before each.
    pub moment: Vec<i128>,
    pub line: Vec<u32>,
}

/// All that a window may count, as starts and ends.
pub(super) struct Counted {
    pub sure: (Marks, Marks),
    pub may: (Marks, Marks),
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

    /// How much is before `at`.
    pub fn before(&self, at: i64) -> i64 {
        self.before[self.at.partition_point(|mark| *mark < at)]
    }

    /// How much is at or before `at`.
    pub fn until(&self, at: i64) -> i64 {
        self.before[self.at.partition_point(|mark| *mark <= at)]
    }
}

impl Counted {
    /// Of a series, where refused calls count too if `refused`.
    pub fn of(series: &Series, refused: bool) -> Self {
        Self { sure: Self::sure(series, refused), may: Self::may(series, refused) }
    }

    /// What has surely been counted.
    pub fn sure(series: &Series, refused: bool) -> (Marks, Marks) {
        marks(&series.sure, series, refused)
    }

    /// What may have been counted.
    pub fn may(series: &Series, refused: bool) -> (Marks, Marks) {
        marks(&series.may, series, refused)
    }
}

/// The starts and ends of counted calls.
fn marks(edges: &[Edge], series: &Series, refused: bool) -> (Marks, Marks) {
    let of = |kind, at: fn(Within) -> i64| {
        let counted = edges.iter().filter(|edge| edge.kind == kind);
        let mut marks: Vec<_> = counted.map(|edge| (edge.at, edge.weight, edge.id)).collect();
        if refused {
            marks.extend(series.refusals.iter().map(|r| (at(r.within), r.cost, r.line)));
        }
        Marks::of(marks)
    };
    (of(Kind::Start, |within| within.lo), of(Kind::End, |within| within.hi))
}
