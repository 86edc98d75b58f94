//! Envoy's retry budget: retries under way are at most a share of all attempts under way.
//!
//! ```text
//!   granted while  retries under way < max(least, ⌊percent · attempts under way⌋)
//! ```
//!
//! A retry is under way from its being granted, its back-off included, to its answer. Source:
//! envoyproxy/envoy, `circuit_breaker.proto` (`RetryBudget`: 20 %, 3), `resource_manager_impl.h`,
//! `retry_state_impl.cc`. Whether an attempt that has failed counts as under way is not documented;
//! here it does.

use super::Spend;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::units::{Instant, Share};

/// Retries under way are at most a share of all attempts under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvoyRetries {
    /// Retries to attempts under way.
    pub percent: Share,
    /// Retries that are allowed however few attempts are under way.
    pub least: u32,
    active: u32,
}

impl Default for EnvoyRetries {
    fn default() -> Self {
        Self { percent: Share::from_ppm(200_000), least: 3, active: 0 }
    }
}

impl EnvoyRetries {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        (self.percent == Share::NONE && self.least == 0)
            .then_some(Unsound::new("a budget of no retries", "write a percent or a least above 0"))
    }

    fn most(&self, in_flight: u32) -> u32 {
        let part = u64::from(in_flight) * self.percent.ppm() / Share::WHOLE.ppm();
        u32::try_from(part).unwrap_or(u32::MAX).max(self.least)
    }
}

impl Spend for EnvoyRetries {
    fn learn(&mut self, _: Instant, ended: &Ended) {
        if ended.attempts > 1 {
            self.waive();
        }
    }

    fn grant(&mut self, _: Instant, ended: &Ended) -> bool {
        let has = self.active < self.most(ended.in_flight);
        self.active += u32::from(has);
        has
    }

    fn waive(&mut self) {
        self.active = self.active.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn a_fifth_of_what_is_under_way_and_never_fewer_than_three() {
        for (in_flight, most) in [(1, 3), (19, 3), (20, 4), (25, 5), (104, 20)] {
            let mut budget = EnvoyRetries::default();
            let failed = Ended { in_flight, ..Ended::first(&Response::bare(Status::UNAVAILABLE)) };
            let now = Instant::ORIGIN;
            assert_eq!((0..50).filter(|_| budget.grant(now, &failed)).count(), most);
            budget.learn(now, &Ended { attempts: 2, ..failed });
            assert!(budget.grant(now, &failed), "one has been answered");
            assert!(!budget.grant(now, &failed));
            budget.waive();
            assert!(budget.grant(now, &failed), "one will not be made");
        }
    }
}
