//! So many calls at the same time.
//!
//! Source: Ecomdash, "API Throttling Rules": three simultaneous calls for each account and API
//! operation; a refused one may be repeated as soon as another of the calls completes.
//!
//! ```text
//!   admit while running < limit;   charge: running + 1;   settle: running - 1
//! ```
//!
//! No clock can tell when a call will end, so a refusal has no `retry_at`.

use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Outcome, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};

/// A limit on calls that run at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    limit: u32,
    running: u32,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl Concurrency {
    /// At most `limit` calls at the same time.
    #[must_use]
    pub const fn new(limit: u32) -> Self {
        Self { limit, running: 0, ebb: Ebb::NONE }
    }

    /// How many it allows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }
}

impl Limit for Concurrency {
    fn check(&self, _: Instant) -> Verdict {
        if self.running < self.limit {
            Verdict::Admit
        } else {
            Verdict::Refuse(Refusal { reason: Reason::Limit, retry_at: None })
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.running += 1;
        self.ebb.see(self.limit.saturating_sub(self.running), now);
        Span::ZERO
    }

    fn settle(&mut self, _: Instant, _: Outcome) {
        self.running -= 1;
    }

    fn published(&self) -> Option<Rate> {
        None
    }

    fn level(&self, _: Instant) -> Option<u64> {
        Some(u64::from(self.limit.saturating_sub(self.running)))
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.limit.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

impl Facts for Concurrency {
    fn terms(&self) -> Option<Terms> {
        Some(Terms::Number(self.limit))
    }

    fn change(&mut self, _: Instant, terms: Terms) {
        if let Terms::Number(limit) = terms {
            self.limit = limit;
        }
    }

    /// Another call must end first.
    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        (self.level(now) >= Some(left)).then_some(now)
    }

    fn learns(&self) -> bool {
        true
    }

    fn comes_back_by_clock(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Money;
    use crate::wire::Status;

    #[test]
    fn three_of_six_simultaneous_calls_are_admitted() {
        let mut limit = Concurrency::new(3);
        let now = Instant::ORIGIN;
        let call = |limit: &mut Concurrency| {
            let admitted = limit.check(now) == Verdict::Admit;
            if admitted {
                limit.charge(now);
            }
            admitted
        };
        let admitted: Vec<bool> = (0..6).map(|_| call(&mut limit)).collect();
        assert_eq!(admitted, [true, true, true, false, false, false]);
        limit.settle(now, Outcome { status: Status::OK, earned: Money::ZERO });
        assert!(call(&mut limit), "as soon as one has ended");
    }
}
