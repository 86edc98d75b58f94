//! The AWS SDKs' retry quota: a bucket that every retry takes from, and only successes refill.
//!
//! ```text
//!   retry of a throttled attempt: −throttled, of another failure: −failed; not below 0
//!   success at once: +1; after retries: + what the last of them cost; up to capacity
//! ```
//!
//! Source: botocore 1.43.11, `retries/quota.py` and `retries/standard.py`: 500, 5, 5 (10 for
//! timeouts, which do not occur here), +1; under the rules that come with `AWS_NEW_RETRIES_2026`
//! 500, 5, 14. smithy-rs, commit 56ee88c, `token_bucket.rs`, has the same figures.

use super::Spend;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::Instant;

/// A bucket that every retry takes from, and only successes refill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsQuota {
    /// Tokens at first and at most.
    pub capacity: u32,
    /// What the retry of a throttled attempt costs.
    pub throttled: u32,
    /// What the retry of another failure costs.
    pub failed: u32,
    /// Tokens that are out.
    taken: u32,
}

impl Default for AwsQuota {
    fn default() -> Self {
        Self { capacity: 500, throttled: 5, failed: 5, taken: 0 }
    }
}

impl AwsQuota {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        (self.capacity < self.throttled.min(self.failed)).then_some(Unsound::new(
            "a quota that no retry fits into",
            "write a capacity above the costs",
        ))
    }

    /// Tokens that are left.
    #[must_use]
    pub const fn left(&self) -> u32 {
        self.capacity - self.taken
    }

    const fn cost(&self, of: Answer) -> u32 {
        match of {
            Answer::Throttled => self.throttled,
            Answer::Success | Answer::Failed | Answer::Rejected => self.failed,
        }
    }
}

impl Spend for AwsQuota {
    fn learn(&mut self, _: Instant, ended: &Ended) {
        if ended.answer == Answer::Success {
            let back = ended.before.map_or(1, |before| self.cost(before));
            self.taken = self.taken.saturating_sub(back);
        }
    }

    fn grant(&mut self, _: Instant, ended: &Ended) -> bool {
        let cost = self.cost(ended.answer);
        let has = cost <= self.left();
        self.taken += if has { cost } else { 0 };
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    fn ended(status: Status, before: Option<Answer>) -> Ended {
        Ended { before, ..Ended::first(&Response::bare(status)) }
    }

    #[test]
    fn a_hundred_retries_and_no_more_until_something_succeeds() {
        let mut quota = AwsQuota::default();
        let throttled = ended(Status::TOO_MANY_REQUESTS, None);
        let granted = (0..200).filter(|_| quota.grant(Instant::ORIGIN, &throttled)).count();
        assert_eq!((granted, quota.left()), (100, 0));
        for (before, left) in [(None, 1), (Some(Answer::Throttled), 6), (None, 7)] {
            quota.learn(Instant::ORIGIN, &ended(Status::OK, before));
            assert_eq!(quota.left(), left);
        }
    }

    /// Two retries that cost 14 and 5, then success: the last cost comes back.
    #[test]
    fn a_success_gives_back_what_the_last_retry_cost() {
        let mut quota = AwsQuota { failed: 14, ..AwsQuota::default() };
        let now = Instant::ORIGIN;
        assert!(quota.grant(now, &ended(Status::UNAVAILABLE, None)));
        let second = ended(Status::TOO_MANY_REQUESTS, Some(Answer::Failed));
        assert!(quota.grant(now, &second));
        assert_eq!(quota.left(), 481);
        quota.learn(now, &ended(Status::OK, Some(Answer::Throttled)));
        assert_eq!(quota.left(), 486);
    }
}
