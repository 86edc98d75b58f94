//! A figure that holds from one event to the next, as the lowest or highest of each interval, in a
//! bounded number of intervals.
//!
//! ```text
//!   begin(level) ──► a new interval ──► see(level), see(level), … ──► begin(level) …
//! ```
//!
//! Intervals have the lengths of the timeline's ladder, and are folded when a run outgrows them.

use super::timeline::{LADDER, MOST, fold_ratio, width};
use crate::units::{Instant, Span};

/// Which of an interval's values is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
}

impl Keep {
    fn of(self, one: u64, other: u64) -> u64 {
        match self {
            Self::Lowest => one.min(other),
            Self::Highest => one.max(other),
        }
    }
}

/// The lowest or highest of each interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extremes {
    keep: Keep,
    rung: usize,
    values: Vec<u64>,
}

impl Extremes {
    /// No interval yet.
    #[must_use]
    pub const fn new(keep: Keep) -> Self {
        Self { keep, rung: 0, values: Vec::new() }
    }

    /// The instant at which the next interval begins.
    #[must_use]
    pub fn next(&self) -> Instant {
        Instant::from_nanos(self.values.len() as u64 * self.width().as_nanos())
    }

    /// The length of an interval.
    #[must_use]
    pub const fn width(&self) -> Span {
        width(self.rung)
    }

    /// The interval from [`Extremes::next`] on begins with this value.
    pub fn begin(&mut self, value: u64) {
        self.values.push(value);
        if self.values.len() == MOST && self.rung + 1 < LADDER.len() {
            let ratio = fold_ratio(&mut self.rung);
            let keep = self.keep;
            let fold = |few: &[u64]| few.iter().copied().reduce(|a, b| keep.of(a, b)).unwrap_or(0);
            self.values = self.values.chunks(ratio).map(fold).collect();
        }
    }

    /// The interval that began last takes this value, too.
    #[inline]
    pub fn see(&mut self, value: u64) {
        if let Some(last) = self.values.last_mut() {
            *last = self.keep.of(*last, value);
        }
    }

    /// The lowest or highest of each interval, from the origin on.
    #[must_use]
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// The value of each interval with the instant at which it begins.
    pub fn points(&self) -> impl Iterator<Item = (Instant, u64)> + '_ {
        let width = self.width();
        let begins = (0u64..).map(move |n| Instant::ORIGIN + width.times(n));
        begins.zip(self.values.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `keep` keeps of steps (instant \[ms\], value), each of which holds until the next.
    fn watched(keep: Keep, steps: &[(u64, u64)]) -> Extremes {
        let mut extremes = Extremes::new(keep);
        let mut value = 0;
        for (ms, next) in steps {
            let now = Instant::ORIGIN + Span::from_millis(*ms);
            while extremes.next() <= now {
                extremes.begin(value);
            }
            value = *next;
            extremes.see(value);
        }
        extremes
    }

    #[test]
    fn a_dip_between_two_readings_is_kept() {
        let steps = [(0, 9), (700, 1), (701, 9), (2_000, 9)];
        let lowest = watched(Keep::Lowest, &steps);
        assert_eq!(lowest.width(), Span::from_millis(5));
        assert_eq!(lowest.values()[140], 1);
        assert!(lowest.values()[1..140].iter().all(|level| *level == 9));
    }

    proptest! {
        #[test]
        fn each_interval_keeps_the_extreme_of_what_held_in_it(
            mut steps in prop::collection::vec((0u64..2_000_000, 0u64..50), 1..60),
        ) {
            steps.sort_unstable();
            for keep in [Keep::Lowest, Keep::Highest] {
                let kept = watched(keep, &steps);
                let last = steps[steps.len() - 1].0;
                for (from, value) in kept.points() {
                    let from = from.as_nanos() / 1_000_000;
                    let to = from + kept.width().as_nanos() / 1_000_000;
                    let before = steps.iter().rev().find(|(at, _)| *at < from).map_or(0, |s| s.1);
                    let within = steps.iter().filter(|(at, _)| (from..to).contains(at));
                    let all = within.map(|(_, value)| *value).chain([before]);
                    let expected = all.reduce(|a, b| keep.of(a, b)).expect("one at least");
                    prop_assert!(value == expected || last < from, "{from}: {value} {expected}");
                }
            }
        }
    }
}
