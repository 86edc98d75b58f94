//! gRPC's retry throttling: failures take a token each, successes give back a part of one, and
//! below half of the tokens nothing is retried.
//!
//! ```text
//!   failure: tokens − 1, not below 0;  success: tokens + ratio, up to the maximum
//!   granted while tokens > maximum/2
//! ```
//!
//! Source: grpc/proposal, commit 1fd061a, `A6-client-retries.md` (example: 10, 0.1); the order,
//! first the token, then the test, from grpc/grpc-go, commit 4793ad0, `stream.go`.

use super::Spend;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Share};

/// Below half of the tokens nothing is retried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrpcThrottling {
    /// Tokens at first and at most.
    pub max_tokens: u32,
    /// What of a token a success gives back.
    pub ratio: Share,
    /// Tokens that are out \[ppm\].
    missing: u64,
}

impl Default for GrpcThrottling {
    fn default() -> Self {
        Self { max_tokens: 10, ratio: Share::from_ppm(100_000), missing: 0 }
    }
}

impl GrpcThrottling {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        (self.max_tokens == 0)
            .then_some(Unsound::new("no tokens", "write max_tokens from 1 to 1000"))
    }

    fn whole(&self) -> u64 {
        u64::from(self.max_tokens) * Share::WHOLE.ppm()
    }
}

impl Spend for GrpcThrottling {
    fn learn(&mut self, _: Instant, ended: &Ended) {
        match ended.answer {
            Answer::Success => self.missing = self.missing.saturating_sub(self.ratio.ppm()),
            Answer::Throttled | Answer::Failed => {
                self.missing = (self.missing + Share::WHOLE.ppm()).min(self.whole());
            }
            Answer::Rejected => {}
        }
    }

    fn grant(&mut self, _: Instant, _: &Ended) -> bool {
        2 * (self.whole() - self.missing) > self.whole()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn the_fifth_failure_in_a_row_is_not_retried_and_ten_successes_mend_one() {
        let mut budget = GrpcThrottling::default();
        let now = Instant::ORIGIN;
        let ok = Ended::first(&Response::bare(Status::OK));
        let failed = Ended::first(&Response::bare(Status::UNAVAILABLE));
        let fails = |budget: &mut GrpcThrottling| {
            budget.learn(now, &failed);
            budget.grant(now, &failed)
        };
        let granted: Vec<bool> = (0..6).map(|_| fails(&mut budget)).collect();
        assert_eq!(granted, [true, true, true, true, false, false]);
        (0..10).for_each(|_| budget.learn(now, &ok));
        assert!(!fails(&mut budget), "4 + 1 - 1 tokens are not above 5");
        (0..21).for_each(|_| budget.learn(now, &ok));
        assert!(fails(&mut budget), "4 + 2.1 - 1 are");
    }
}
