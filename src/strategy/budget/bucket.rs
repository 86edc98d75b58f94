//! A bucket that successes fill and retries empty: each first success earns `fill` of a retry.
//!
//! ```text
//!   success: level = min(size, level + fill)      retry: level ≥ 1, level = level - 1
//! ```
//!
//! Source: M. Brooker, "Fixing retries with token buckets and circuit breakers", 2022, and its
//! simulator (mbrooker/simulator_example, commit bbfe394): fill 0.1, size 5, full at first.

use super::Spend;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Share};

/// A bucket that successes fill and retries empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Retries that it holds at most, and at first; at least 1.
    pub size: u32,
    /// What of a retry a success earns.
    pub fill: Share,
    /// What is missing to a full bucket \[ppm of a retry\].
    missing: u64,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { size: 5, fill: Share::from_ppm(100_000), missing: 0 }
    }
}

impl Bucket {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        (self.size == 0).then_some(Unsound::new(
            "a bucket of size 0 grants no retry",
            "write a size of 1 or more",
        ))
    }
}

impl Spend for Bucket {
    fn learn(&mut self, _: Instant, ended: &Ended) {
        if ended.answer == Answer::Success {
            self.missing = self.missing.saturating_sub(self.fill.ppm());
        }
    }

    fn grant(&mut self, _: Instant, _: &Ended) -> bool {
        let after = self.missing + Share::WHOLE.ppm();
        let left = after <= u64::from(self.size) * Share::WHOLE.ppm();
        if left {
            self.missing = after;
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn five_retries_at_first_then_one_for_ten_successes() {
        let mut bucket = Bucket::default();
        let now = Instant::ORIGIN;
        let failed = Ended::first(&Response::bare(Status::UNAVAILABLE));
        let granted = |bucket: &mut Bucket| (0..10).filter(|_| bucket.grant(now, &failed)).count();
        assert_eq!(granted(&mut bucket), 5);
        for successes in [9, 10, 1_000] {
            for _ in 0..successes {
                bucket.learn(now, &Ended::first(&Response::bare(Status::OK)));
            }
            let expected = match successes {
                9 => 0,
                10 => 1,
                _ => 5,
            };
            assert_eq!(granted(&mut bucket), expected, "after {successes}");
        }
    }
}
