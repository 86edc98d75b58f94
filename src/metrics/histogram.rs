//! A histogram of spans with a relative error of at most 0.8 %.
//!
//! Buckets are logarithmic by powers of two and linear within: 128 to each power, exact below
//! 128 ns. With `e = ⌊log₂ v⌋ ≥ 7`, `bucket = (e-6)·128 + ⌊v/2^(e-7)⌋ - 128`; each bucket also
//! adds up how far its spans are above its beginning, and a quantile is reported as the mean of its
//! bucket: off by less than 1/128 of itself, and not at all where the spans of a bucket are equal.
//! The idea is that of `HdrHistogram` (G. Tene). Merging adds counts and is exact.

use super::tick;
use crate::units::{Share, Span};

const LINEAR_BITS: u32 = 7;
const LINEAR: u64 = 1 << LINEAR_BITS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bucket {
    count: u64,
    /// The sum of what its spans are above its beginning \[ns\].
    above: u64,
}

/// Counts of spans, by size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    /// Buckets up to the last one that was ever used.
    buckets: Vec<Bucket>,
    count: u64,
    /// The exact sum \[ns\].
    sum: u128,
    greatest: Span,
}

impl Histogram {
    /// Counts one span.
    #[inline(always)]
    pub fn record(&mut self, span: Span) {
        let (number, above) = place_of(span.as_nanos());
        let bucket = match self.buckets.get_mut(number) {
            Some(bucket) => bucket,
            None => return self.record_beyond(span),
        };
        tick(&mut bucket.count, true);
        bucket.above = bucket.above.saturating_add(above);
        tick(&mut self.count, true);
        self.sum += u128::from(span.as_nanos());
        self.greatest = self.greatest.max(span);
    }

    /// As `record`, of a span for which there is no bucket yet.
    #[cold]
    fn record_beyond(&mut self, span: Span) {
        self.buckets.resize(bucket_of(span.as_nanos()) + 1, Bucket::default());
        self.record(span);
    }

    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        if other.buckets.len() > self.buckets.len() {
            self.buckets.resize(other.buckets.len(), Bucket::default());
        }
        for (ours, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            ours.count += theirs.count;
            ours.above = ours.above.saturating_add(theirs.above);
        }
        self.count += other.count;
        self.sum += other.sum;
        self.greatest = self.greatest.max(other.greatest);
    }

    /// How many were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The greatest, exactly; `None` of nothing.
    #[must_use]
    pub fn greatest(&self) -> Option<Span> {
        (self.count > 0).then_some(self.greatest)
    }

    /// The mean \[s\]; `None` of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn mean_s(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64 / 1e9)
    }

    /// The span of this rank (from 1, the shortest), to 0.8 %; `None` beyond the last.
    #[must_use]
    pub fn ranked(&self, rank: u64) -> Option<Span> {
        let mut below = 0;
        let number = self.buckets.iter().position(|bucket| {
            below += bucket.count;
            below >= rank.max(1)
        })?;
        let Bucket { count, above } = self.buckets[number];
        Some(Span::from_nanos(beginning_of(number) + above / count))
    }

    /// The spans that were counted, ascending, each to 0.8 %, with the number of those that do not
    /// exceed it.
    pub fn steps(&self) -> impl Iterator<Item = (Span, u64)> {
        let mut below = 0;
        let used = self.buckets.iter().enumerate().filter(|(_, bucket)| bucket.count > 0);
        used.map(move |(number, bucket)| {
            below += bucket.count;
            (Span::from_nanos(beginning_of(number) + bucket.above / bucket.count), below)
        })
    }

    /// The shortest span that at least this share of all do not exceed, to 0.8 %; `None` of
    /// nothing.
    #[must_use]
    pub fn quantile(&self, share: Share) -> Option<Span> {
        self.ranked(rank_of(share, self.count))
    }
}

/// The rank (from 1) of a quantile among `number` things in ascending order: the first that at
/// least `share` of them do not exceed, `⌈share · number⌉`, in integers.
#[must_use]
pub(super) fn rank_of(share: Share, number: u64) -> u64 {
    let parts = u128::from(share.ppm()) * u128::from(number);
    u64::try_from(parts.div_ceil(u128::from(Share::WHOLE.ppm()))).unwrap_or(u64::MAX).max(1)
}

#[inline]
pub(super) const fn bucket_of(nanos: u64) -> usize {
    place_of(nanos).0
}

/// The bucket of a span, and how far the span is above its beginning.
#[inline]
#[expect(clippy::cast_possible_truncation)]
const fn place_of(nanos: u64) -> (usize, u64) {
    let shift = u64::BITS - 1 - LINEAR_BITS - (nanos | LINEAR).leading_zeros();
    let steps = nanos >> shift;
    // Unchecked: a bucket is below 58 · 128, and what the steps make up is no more than the span.
    let bucket = (shift as u64 * LINEAR).wrapping_add(steps);
    (bucket as usize, nanos.wrapping_sub(steps << shift))
}

pub(super) const fn beginning_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * LINEAR {
        return bucket;
    }
    (bucket % LINEAR + LINEAR) << (bucket / LINEAR - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(nanos: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        nanos.iter().for_each(|ns| histogram.record(Span::from_nanos(*ns)));
        histogram
    }

    #[test]
    fn small_numbers_are_exact() {
        let histogram = of(&[1, 2, 3, 4, 100]);
        let quantile = |q| histogram.quantile(Share::from_fraction(q)).map(Span::as_nanos);
        assert_eq!([0.0, 0.2, 0.5, 0.8, 1.0].map(quantile), [1, 1, 3, 4, 100].map(Some));
        assert_eq!(histogram.mean_s(), Some(22e-9));
        let equal = of(&[800_000_000, 800_000_000, 1_600_000_000]);
        assert_eq!(equal.ranked(2), Some(Span::from_millis(800)), "equals are exact");
        assert_eq!(Histogram::default().quantile(Share::WHOLE), None);
        assert_eq!(Histogram::default().mean_s(), None);
    }

    proptest! {
        #[test]
        fn quantiles_are_within_the_stated_error(
            mut nanos in prop::collection::vec(0u64..1 << 62, 1..200), ppm in 0u64..=1_000_000,
        ) {
            let found = of(&nanos).quantile(Share::from_ppm(ppm)).expect("not empty");
            let found = found.as_nanos() as f64;
            nanos.sort_unstable();
            let held = |rank: &usize| *rank as u64 * 1_000_000 >= ppm * nanos.len() as u64;
            let rank = (1..=nanos.len()).find(held).expect("all of them");
            let exact = nanos[rank - 1] as f64;
            prop_assert!((found - exact).abs() <= exact / 128.0, "{found} for {exact}");
        }

        #[test]
        fn merging_is_counting_together(
            a in prop::collection::vec(0u64..1 << 40, 0..50),
            b in prop::collection::vec(0u64..1 << 62, 0..50),
        ) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            prop_assert_eq!(merged, of(&[a, b].concat()));
        }

        #[test]
        fn buckets_are_in_order_and_begin_with_their_beginnings(ns in 0u64..1 << 62) {
            prop_assert!(beginning_of(bucket_of(ns)) <= ns);
            prop_assert_eq!(bucket_of(beginning_of(bucket_of(ns))), bucket_of(ns));
            prop_assert!(bucket_of(ns) <= bucket_of(ns + 1));
        }
    }
}
