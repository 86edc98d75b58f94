//! A figure that holds from one event to the next, as the lowest and the highest of each interval,
//! in a bounded number of intervals.
//!
//! ```text
//!   begin(level) ──► a new interval ──► see(level), see(level), … ──► begin(level) …
//! ```
//!
//! Intervals have the lengths of the timeline's ladder, and are folded when a run outgrows them.

use super::timeline::{LADDER, MOST, fold_ratio, width};
use crate::units::{Instant, Span};

/// What a figure was in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The least.
    pub lowest: u64,
    /// The most.
    pub highest: u64,
}

impl Extent {
    /// Of a figure that does not change.
    const fn of(value: u64) -> Self {
        Self { lowest: value, highest: value }
    }

    /// Of two intervals together.
    fn and(self, other: Self) -> Self {
        let lowest = self.lowest.min(other.lowest);
        Self { lowest, highest: self.highest.max(other.highest) }
    }
}

/// The lowest and the highest of each interval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extremes {
    rung: usize,
    extents: Vec<Extent>,
}

impl Extremes {
    /// The instant at which the next interval begins.
    #[must_use]
    pub fn next(&self) -> Instant {
        Instant::from_nanos(self.extents.len() as u64 * self.width().as_nanos())
    }

    /// The length of an interval.
    #[must_use]
    pub const fn width(&self) -> Span {
        width(self.rung)
    }

    /// The interval from [`Extremes::next`] on begins with this value.
    pub fn begin(&mut self, value: u64) {
        self.extents.push(Extent::of(value));
        if self.extents.len() == MOST && self.rung + 1 < LADDER.len() {
            let ratio = fold_ratio(&mut self.rung);
            let fold = |few: &[Extent]| few.iter().copied().reduce(Extent::and);
            self.extents = self.extents.chunks(ratio).filter_map(fold).collect();
        }
    }

    /// The interval that began last takes this value, too.
    #[inline]
    pub fn see(&mut self, value: u64) {
        if let Some(last) = self.extents.last_mut() {
            *last = last.and(Extent::of(value));
        }
    }

    /// What each interval holds, from the origin on.
    #[must_use]
    pub fn extents(&self) -> &[Extent] {
        &self.extents
    }

    /// The least of all; `None` of no interval.
    #[must_use]
    pub fn lowest(&self) -> Option<u64> {
        self.extents.iter().map(|of| of.lowest).min()
    }

    /// The most of all; `None` of no interval.
    #[must_use]
    pub fn highest(&self) -> Option<u64> {
        self.extents.iter().map(|of| of.highest).max()
    }

    /// What each interval holds, with the instant at which it begins.
    pub fn points(&self) -> impl Iterator<Item = (Instant, Extent)> + '_ {
        let width = self.width();
        let begins = (0u64..).map(move |n| Instant::ORIGIN + width.times(n));
        begins.zip(self.extents.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is kept of steps (instant \[ms\], value), each of which holds until the next.
    fn watched(steps: &[(u64, u64)]) -> Extremes {
        let mut extremes = Extremes::default();
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
        let kept = watched(&steps);
        assert_eq!(kept.width(), Span::from_millis(5));
        assert_eq!(kept.extents()[140], Extent { lowest: 1, highest: 9 });
        assert!(kept.extents()[1..140].iter().all(|of| *of == Extent::of(9)));
        assert_eq!((kept.lowest(), kept.highest()), (Some(0), Some(9)), "0 before the first step");
    }

    proptest! {
        #[test]
        fn each_interval_keeps_the_extremes_of_what_held_in_it(
            mut steps in prop::collection::vec((0u64..2_000_000, 0u64..50), 1..60),
        ) {
            steps.sort_unstable();
            let kept = watched(&steps);
            let last = steps[steps.len() - 1].0;
            for (from, extent) in kept.points() {
                let from = from.as_nanos() / 1_000_000;
                let to = from + kept.width().as_nanos() / 1_000_000;
                let before = steps.iter().rev().find(|(at, _)| *at < from).map_or(0, |s| s.1);
                let within = steps.iter().filter(|(at, _)| (from..to).contains(at));
                let all: Vec<u64> = within.map(|(_, value)| *value).chain([before]).collect();
                let expected = (all.iter().min().copied(), all.iter().max().copied());
                let found = (Some(extent.lowest), Some(extent.highest));
                prop_assert!(found == expected || last < from, "{from}: {found:?} {expected:?}");
            }
        }
    }
}
