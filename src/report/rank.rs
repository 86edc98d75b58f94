//! Which strategy did best: by lost work first, so that a run that lost some never leads by being
//! done early.
//!
//! ```text
//!   fewest jobs lost, then soonest all done, then fewest calls per success
//! ```
//!
//! Ends that lie within 1 % of each other count as the same, so that no second that the dice gave
//! outweighs a hundred calls.

use crate::metrics::figures::{Metric, Slice};
use crate::scenario::Scenario;
use crate::study::Runs;
use std::cmp::Ordering;

/// What a strategy is ranked by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// Jobs given up or unfinished, in the mean of the runs.
    pub lost: f64,
    /// When all was done \[s\]; `None` if it never was.
    pub done: Option<f64>,
    /// Attempts for each success; `None` of none.
    pub calls: Option<f64>,
}

impl Score {
    /// Of all runs of a strategy.
    #[expect(clippy::cast_precision_loss)]
    pub fn of(scenario: &Scenario, runs: &Runs) -> Self {
        let jobs = runs.counts(&scenario.plan, Slice::Whole).jobs.tally;
        let lost = (jobs.given_up + jobs.unfinished()) as f64;
        let mean = |metric| runs.estimate(Slice::Whole, metric).map(|estimate| estimate.mean);
        Self {
            lost: lost / f64::from(scenario.plan.replications),
            done: mean(Metric::Completion),
            calls: mean(Metric::CallsPerSuccess),
        }
    }

    fn end(&self) -> f64 {
        self.done.unwrap_or(f64::INFINITY)
    }

    fn calls(&self) -> f64 {
        self.calls.unwrap_or(f64::INFINITY)
    }
}

/// How far apart two ends may be and still count as the same.
const SAME: f64 = 1.01;

/// For each score, which of the ends that differ it has, from the soonest.
fn ends(scores: &[Score]) -> Vec<usize> {
    let mut sorted: Vec<f64> = scores.iter().map(Score::end).collect();
    sorted.sort_by(f64::total_cmp);
    let mut firsts: Vec<f64> = Vec::new();
    for end in sorted {
        if firsts.last().is_none_or(|first| end > first * SAME) {
            firsts.push(end);
        }
    }
    let of = |score: &Score| firsts.iter().filter(|first| **first <= score.end()).count();
    scores.iter().map(of).collect()
}

/// The place of each, from 1; equals share one.
pub(super) fn places(scores: &[Score]) -> Vec<usize> {
    let all: Vec<(&Score, usize)> = scores.iter().zip(ends(scores)).collect();
    let compare = |(left, sooner): &(&Score, usize), (right, later): &(&Score, usize)| {
        let lost = left.lost.total_cmp(&right.lost);
        lost.then(sooner.cmp(later)).then(left.calls().total_cmp(&right.calls()))
    };
    let before = |of| all.iter().filter(|other| compare(other, of) == Ordering::Less).count();
    all.iter().map(|of| before(of) + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_work_never_leads() {
        let score = |lost, done, calls| Score { lost, done, calls };
        let scores = [
            score(3.0, Some(5.0), Some(1.0)),
            score(0.0, Some(90.0), Some(2.0)),
            score(0.0, Some(90.5), Some(1.5)),
            score(0.0, None, Some(1.0)),
            score(0.0, Some(90.0), Some(1.5)),
            score(0.0, Some(95.0), Some(1.0)),
        ];
        assert_eq!(places(&scores), [6, 3, 1, 5, 1, 4]);
    }
}
