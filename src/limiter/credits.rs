//! A clock that counts credits instead of time, so that no rate is ever divided.
//!
//! ```text
//!   earned(t) = count·t  [credits]     one request costs  per  [credits]
//!   earned(t) ≥ c   ⇔   t ≥ ceil(c / count)
//! ```
//!
//! A rate is `count` requests per `per` nanoseconds. Comparing credits needs one multiplication;
//! only the way back, from credits to an instant, divides.

use crate::units::{Instant, Rate};

/// 128 bits in two words: as one number they would make every limit that holds one sixteen bytes
/// longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Credits {
    high: u64,
    low: u64,
}

impl Credits {
    pub const NONE: Self = Self::of(0);

    #[inline]
    #[expect(clippy::cast_possible_truncation)]
    pub const fn of(credits: u128) -> Self {
        Self { high: (credits >> 64) as u64, low: credits as u64 }
    }

    #[inline]
    pub const fn get(self) -> u128 {
        (self.high as u128) << 64 | self.low as u128
    }
}

/// What `rate` earns from the origin to `now` \[credits\].
#[inline]
pub(super) fn earned_by(rate: Rate, now: Instant) -> u128 {
    u128::from(now.as_nanos()) * u128::from(rate.count())
}

/// What one request costs at `rate` \[credits\].
#[inline]
pub(super) fn price(rate: Rate) -> u128 {
    u128::from(rate.per().as_nanos())
}

/// The first instant by which `rate` has earned so many `credits` since the origin, or the end of
/// time if it has not by then.
#[inline]
pub(super) fn earned_at(rate: Rate, credits: u128) -> Instant {
    // Credits are wide in theory and nearly always narrow; a narrow division is far cheaper.
    let nanos = match u64::try_from(credits) {
        Ok(credits) => credits.div_ceil(rate.count()),
        Err(_) => {
            let nanos = credits.div_ceil(u128::from(rate.count()));
            u64::try_from(nanos).unwrap_or(u64::MAX)
        }
    };
    Instant::from_nanos(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use proptest::prelude::*;

    #[test]
    fn three_a_second_do_not_drift() {
        let rate = Rate::per_second(3).expect("not zero");
        for (requests, nanos) in [(1, 333_333_334), (2, 666_666_667), (3, 1_000_000_000)] {
            let at = earned_at(rate, requests * price(rate));
            assert_eq!(at, Instant::from_nanos(nanos));
        }
    }

    proptest! {
        #[test]
        fn earned_at_is_the_first_such_instant(
            count in 1u64..1_000_000,
            per in 1u64..1_000_000_000_000,
            credits in 1u128..1_000_000_000_000_000_000,
        ) {
            let rate = Rate::new(count, Span::from_nanos(per)).expect("not zero");
            let at = earned_at(rate, credits);
            prop_assert!(earned_by(rate, at) >= credits);
            prop_assert!(earned_by(rate, Instant::from_nanos(at.as_nanos() - 1)) < credits);
        }
    }
}
