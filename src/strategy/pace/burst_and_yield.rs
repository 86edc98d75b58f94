//! Burst and yield: a whole burst at once, then nothing until the provider's bucket is full again.
//!
//! ```text
//!   turns 1 … burst at once from t;  the next burst at t + burst/rate, or when there is work
//! ```
//!
//! It wastes nothing where the quota is all the client's, and keeps its calls together, which suits
//! a job that wakes, works, and yields the machine.

use super::Turn;
use crate::strategy::Ended;
use crate::units::{Instant, Rate};

/// A whole burst at once, then nothing until the bucket is full again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurstAndYield {
    /// How fast the bucket fills.
    pub rate: Rate,
    /// How many go at once, at least 1.
    pub burst: u32,
    /// When the burst under way began \[ns/count\], and its turns so far.
    began: u128,
    taken: u32,
}

impl BurstAndYield {
    /// Bursts of so many, refilled at a rate.
    #[must_use]
    pub const fn new(rate: Rate, burst: u32) -> Self {
        Self { rate, burst, began: 0, taken: 0 }
    }

    /// When the next burst begins \[ns/count\].
    fn next(&self) -> u128 {
        self.began + u128::from(self.burst) * u128::from(self.rate.per().as_nanos())
    }
}

impl Turn for BurstAndYield {
    fn ready_at(&mut self, now: Instant) -> Instant {
        if self.taken < self.burst {
            return now;
        }
        let next = self.next().div_ceil(u128::from(self.rate.count()));
        now.max(Instant::from_nanos(u64::try_from(next).unwrap_or(u64::MAX)))
    }

    fn take(&mut self, now: Instant) {
        let count = u128::from(self.rate.count());
        let now = u128::from(now.as_nanos()) * count;
        let fresh = self.taken == 0;
        // A burst between two nanoseconds begins at the later; the next counts from the former.
        let over = now + (count - 1) >= self.next();
        if fresh || over {
            let exact = !fresh && now < self.next() + count;
            self.began = if exact { self.next() } else { now };
            self.taken = 0;
        }
        self.taken += 1;
    }

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    fn turns(rate: &str, burst: u32, at: &[u64]) -> Vec<u64> {
        let mut lane = BurstAndYield::new(rate.parse().expect("a rate"), burst);
        let mut now = Instant::ORIGIN;
        let turn = |s: &u64| {
            now = lane.ready_at(now.max(Instant::ORIGIN + Span::from_secs(*s)));
            lane.take(now);
            now.as_nanos().div_ceil(1_000_000_000)
        };
        at.iter().map(turn).collect()
    }

    #[test]
    fn bursts_begin_when_the_bucket_is_full_again() {
        assert_eq!(turns("1/4s", 3, &[0; 7]), [0, 0, 0, 12, 12, 12, 24]);
        assert_eq!(turns("1/4s", 2, &[5, 6, 7, 20, 20, 20]), [5, 6, 13, 20, 21, 21]);
        let many = turns("3/s", 2, &[0; 3_001]);
        assert_eq!(many[3_000], 1_000, "1 500 bursts of 2/3 s, without drift");
    }
}
