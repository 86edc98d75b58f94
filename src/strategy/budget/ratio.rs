//! A per-client retry ratio: retries are at most a share of the requests of a while.
//!
//! ```text
//!   granted while  retries + 1 ≤ percent · requests, both of the last window
//! ```
//!
//! Source: Google, "Site Reliability Engineering", chapter 21 "Handling overload": 10 %. The book
//! names no window: two minutes, as it has for client-side throttling, are assumed.

use super::Spend;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::strategy::slots::Slots;
use crate::units::{Instant, Share, Span};

/// Retries are at most a share of the requests of a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratio {
    /// Retries to requests.
    pub percent: Share,
    /// How long both count.
    pub window: Span,
    /// Requests, retries.
    slots: Slots,
}

const SLOTS: usize = 120;

impl Default for Ratio {
    fn default() -> Self {
        let (percent, window) = (Share::from_ppm(100_000), Span::from_secs(120));
        Self { percent, window, slots: Slots::default() }
    }
}

impl Ratio {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.percent == Share::NONE {
            return Some(Unsound::new(
                "a ratio of no retries",
                "write a percent above 0, or attempts = 1",
            ));
        }
        self.window.is_zero().then_some(Unsound::new("a window of no length", "write one above 0"))
    }

    fn slot(&self) -> (usize, Span) {
        (SLOTS, self.window.divided_by(SLOTS as u64))
    }
}

impl Spend for Ratio {
    fn learn(&mut self, now: Instant, ended: &Ended) {
        if ended.attempts == 1 {
            self.slots.add(now, self.slot(), 0, 1);
        }
    }

    fn grant(&mut self, now: Instant, _: &Ended) -> bool {
        let (count, width) = self.slot();
        let [requests, retries] = self.slots.sums(now, count, width);
        let most = i128::from(requests) * i128::from(self.percent.ppm()) / 1_000_000;
        let has = i128::from(retries) < most;
        if has {
            self.slots.add(now, self.slot(), 1, 1);
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn one_retry_for_ten_requests_of_the_last_two_minutes() {
        let mut budget = Ratio::default();
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let failed = Ended::first(&Response::bare(Status::UNAVAILABLE));
        let granted: Vec<usize> = (1..=30)
            .filter(|_| {
                budget.learn(at(0), &failed);
                budget.grant(at(0), &failed)
            })
            .collect();
        assert_eq!(granted, [10, 20, 30]);
        budget.learn(at(121), &failed);
        assert!(!budget.grant(at(121), &failed), "the others are forgotten");
    }
}
