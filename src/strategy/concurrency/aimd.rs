//! Additive increase, multiplicative decrease of the attempts under way.
//!
//! ```text
//!   dropped, or round trip > timeout     bound = bound·backoff, rounded down
//!   2·under way ≥ bound                  bound = bound + 1
//!   then kept within least and most
//! ```
//!
//! Source: Netflix/concurrency-limits, commit 78a74b9, `AIMDLimit.java`: from 20, within 20 and
//! 200, ×0.9, timeout 5 s.

use super::Adapt;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Share, Span};

/// One more for a success, a share of it for a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aimd {
    /// At first.
    pub initial: u32,
    /// At least, 1 or more.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// What is kept after a drop.
    pub backoff: Share,
    /// A longer round trip counts as a drop.
    pub timeout: Span,
    /// Where it stands, once it has moved.
    bound: Option<u32>,
}

impl Default for Aimd {
    fn default() -> Self {
        Self {
            initial: 20,
            least: 20,
            most: 200,
            backoff: Share::from_ppm(900_000),
            timeout: Span::from_secs(5),
            bound: None,
        }
    }
}

impl Aimd {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.least == 0 || self.least > self.most {
            return Some(Unsound::new("bounds that leave no attempt", "write 1 <= least <= most"));
        }
        (self.backoff >= Share::WHOLE)
            .then_some(Unsound::new("a back-off that keeps everything", "write a share below 100%"))
    }
}

impl Adapt for Aimd {
    fn bound(&mut self) -> u32 {
        self.bound.unwrap_or(self.initial).max(1)
    }

    fn learn(&mut self, _: Instant, ended: &Ended) {
        let bound = self.bound();
        let dropped = matches!(ended.answer, Answer::Throttled | Answer::Failed);
        let moved = if dropped || ended.round_trip > self.timeout {
            let kept = u64::from(bound) * self.backoff.ppm() / Share::WHOLE.ppm();
            u32::try_from(kept).unwrap_or(bound)
        } else if u64::from(ended.in_flight) * 2 >= u64::from(bound) {
            bound.saturating_add(1)
        } else {
            bound
        };
        self.bound = Some(moved.min(self.most).max(self.least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn it_creeps_up_and_falls_by_a_tenth() {
        let mut aimd = Aimd { initial: 30, ..Aimd::default() };
        let ended =
            |status, in_flight| Ended { in_flight, ..Ended::first(&Response::bare(status)) };
        let mut learn = |ended: Ended| {
            aimd.learn(Instant::ORIGIN, &ended);
            aimd.bound()
        };
        assert_eq!(learn(ended(Status::OK, 14)), 30, "2·14 < 30: it was not the bound that held");
        assert_eq!(learn(ended(Status::OK, 15)), 31);
        assert_eq!(learn(ended(Status::TOO_MANY_REQUESTS, 31)), 27, "27.9");
        let slow = Ended { round_trip: Span::from_millis(5_001), ..ended(Status::OK, 27) };
        assert_eq!(learn(slow), 24, "24.3");
        for _ in 0..10 {
            learn(ended(Status::UNAVAILABLE, 20));
        }
        assert_eq!(learn(ended(Status::UNAVAILABLE, 20)), 20, "never below the least");
    }
}
