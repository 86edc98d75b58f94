//! How old what a caller sees is: the age of its data, over time.
//!
//! ```text
//!   age ▲      ╱│      ╱│       a view that was true at s and came in at c is c - s old, and grows
//!       │    ╱  │    ╱  │       older until the next comes in; time spent at each age is counted,
//!       │  ╱    │  ╱    │  ╱    and of every interval the greatest age is kept
//!       └───────┴───────┴───►
//! ```
//!
//! For events that are told to the caller, the age is how late each of them is known. Polled at
//! even intervals, the time-weighted age is just that for changes that come at any time, so the two
//! compare. Time is counted in µs, in buckets of 1/128 of an age.

use super::histogram::{beginning_of, bucket_of, rank_of};
use super::timeline::{LADDER, MOST, fold_ratio, width};
use crate::units::{Instant, Share, Span};

/// The ages of the data of one kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Age {
    /// Time spent in each bucket of ages \[µs\].
    spent: Vec<u64>,
    total: u64,
    /// The integral of age over time \[ns·µs\].
    area: u128,
    greatest: Span,
    rung: usize,
    /// The greatest age of each interval \[ns\].
    peaks: Vec<u64>,
}

impl Age {
    /// A view that was true at `as_of` was the latest one from `from` to `to`.
    pub fn grow(&mut self, as_of: Instant, from: Instant, to: Instant) {
        if to <= from {
            return;
        }
        let (young, old) = (from.since(as_of).as_nanos(), to.since(as_of).as_nanos());
        let last = bucket_of(old);
        if last >= self.spent.len() {
            self.spent.resize(last + 1, 0);
        }
        let mut spent = 0;
        for bucket in bucket_of(young)..=last {
            let low = beginning_of(bucket).max(young);
            let high = beginning_of(bucket + 1).min(old);
            // Rounded so that the parts add up to the whole.
            let up_to = (high - young) / 1000;
            self.spent[bucket] += up_to - spent;
            spent = up_to;
            debug_assert!(low <= high);
        }
        self.total += spent;
        self.area += u128::from(young.midpoint(old)) * u128::from(spent);
        self.greatest = self.greatest.max(Span::from_nanos(old));
        self.peak_between(as_of, from, to);
    }

    /// An event was known so late, at `now`; it counts as long as a second of a view.
    pub fn tell(&mut self, now: Instant, late: Span) {
        const WEIGHT: u64 = 1_000_000;
        let bucket = bucket_of(late.as_nanos());
        if bucket >= self.spent.len() {
            self.spent.resize(bucket + 1, 0);
        }
        self.spent[bucket] += WEIGHT;
        self.total += WEIGHT;
        self.area += u128::from(late.as_nanos()) * u128::from(WEIGHT);
        self.greatest = self.greatest.max(late);
        self.peak(now, late.as_nanos());
    }

    /// True if no age was ever counted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The mean age \[s\].
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn mean_s(&self) -> Option<f64> {
        (self.total > 0).then(|| self.area as f64 / self.total as f64 / 1e9)
    }

    /// The age that the data does not exceed for this share of the time.
    #[must_use]
    pub fn quantile(&self, share: Share) -> Option<Span> {
        let rank = rank_of(share, self.total);
        let mut below = 0;
        let bucket = self.spent.iter().position(|spent| {
            below += spent;
            below >= rank
        })?;
        let middle = beginning_of(bucket).midpoint(beginning_of(bucket + 1));
        Some(Span::from_nanos(middle).min(self.greatest))
    }

    /// The greatest age.
    #[must_use]
    pub fn greatest(&self) -> Option<Span> {
        (self.total > 0).then_some(self.greatest)
    }

    /// The greatest age of each interval, and the length of one.
    #[must_use]
    pub fn peaks(&self) -> (Span, Vec<Span>) {
        (width(self.rung), self.peaks.iter().map(|ns| Span::from_nanos(*ns)).collect())
    }

    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        if other.spent.len() > self.spent.len() {
            self.spent.resize(other.spent.len(), 0);
        }
        for (ours, theirs) in self.spent.iter_mut().zip(&other.spent) {
            *ours += theirs;
        }
        self.total += other.total;
        self.area += other.area;
        self.greatest = self.greatest.max(other.greatest);
        let mut other = other.clone();
        while self.rung < other.rung {
            self.fold();
        }
        while other.rung < self.rung {
            other.fold();
        }
        if other.peaks.len() > self.peaks.len() {
            self.peaks.resize(other.peaks.len(), 0);
        }
        for (ours, theirs) in self.peaks.iter_mut().zip(&other.peaks) {
            *ours = (*ours).max(*theirs);
        }
    }

    /// The ages at the end of every interval that the view lasts, and at its own end.
    fn peak_between(&mut self, as_of: Instant, from: Instant, to: Instant) {
        self.peak(to, to.since(as_of).as_nanos());
        let width = width(self.rung).as_nanos();
        let (first, last) = (from.as_nanos() / width, (to.as_nanos() - 1) / width);
        for interval in first..last {
            let end = Instant::from_nanos((interval + 1) * width - 1);
            self.peak(end, end.since(as_of).as_nanos());
        }
    }

    #[expect(clippy::cast_possible_truncation)]
    fn peak(&mut self, at: Instant, age: u64) {
        // An age that ends with an interval belongs to it.
        let at = at.as_nanos().saturating_sub(1);
        let interval = loop {
            let interval = at / width(self.rung).as_nanos();
            if interval < MOST as u64 || self.rung + 1 == LADDER.len() {
                break interval as usize;
            }
            self.fold();
        };
        if interval >= self.peaks.len() {
            self.peaks.resize(interval + 1, 0);
        }
        self.peaks[interval] = self.peaks[interval].max(age);
    }

    fn fold(&mut self) {
        let ratio = fold_ratio(&mut self.rung);
        let greatest = |chunk: &[u64]| chunk.iter().copied().max().unwrap_or(0);
        self.peaks = self.peaks.chunks(ratio).map(greatest).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    fn near(found: Option<Span>, expected: f64) {
        let found = found.expect("an age").as_secs_f64();
        assert!((found / expected - 1.0).abs() < 0.01, "{found} for {expected}");
    }

    /// Polled every 60 s with an answer after 6 s: from 6 to 66 s old, evenly.
    #[test]
    fn a_polled_view_is_between_the_answer_and_a_period_more() {
        let mut age = Age::default();
        for n in 1..=100 {
            age.grow(at(60 * n), at(60 * n + 6), at(60 * n + 66));
        }
        near(age.quantile(Share::from_ppm(500_000)), 36.0);
        near(age.quantile(Share::from_ppm(950_000)), 63.0);
        assert_eq!(age.greatest(), Some(Span::from_secs(66)));
        assert!((age.mean_s().expect("a mean") - 36.0).abs() < 1e-6);
        let (width, peaks) = age.peaks();
        assert_eq!(width, Span::from_secs(30));
        assert!(peaks[10..].iter().all(|peak| *peak >= Span::from_secs(30)), "{peaks:?}");
        assert_eq!(peaks.iter().max(), Some(&Span::from_secs(66)));
    }

    #[test]
    fn merging_is_counting_together() {
        let (mut a, mut b, mut both) = (Age::default(), Age::default(), Age::default());
        a.grow(at(0), at(1), at(5));
        b.tell(at(100_000), Span::from_millis(700));
        both.grow(at(0), at(1), at(5));
        both.tell(at(100_000), Span::from_millis(700));
        a.merge(&b);
        assert_eq!(a, both);
    }
}
