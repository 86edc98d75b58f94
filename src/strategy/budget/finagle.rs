//! Finagle's retry budget: so many retries a second for nothing, and a share of what succeeds.
//!
//! ```text
//!   success: +1;  retry: −1/percent;  a retry is granted while
//!   Σ over the last ttl + reserve ≥ 1/percent,  reserve = ttl·min per second/percent
//! ```
//!
//! Deposits and withdrawals are forgotten after `ttl`, in ten slots. Source: twitter/finagle,
//! commit 4feb34c, `RetryBudget.scala`: 10 s, 10/s, 20 %; a deposit is made when a call has
//! succeeded, and the reserve is a constant of the window, so that 100 retries may go at once.
//! tower-rs/tower, commit 8358ee7, `tps_budget.rs`, keeps the same sums for one second more.

use super::Spend;
use crate::strategy::Unsound;
use crate::strategy::slots::Slots;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Share, Span};

/// So many retries a second for nothing, and a share of what succeeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finagle {
    /// How long deposits and withdrawals count.
    pub ttl: Span,
    /// Retries to the calls that succeed.
    pub percent: Share,
    /// Retries a second that need no success.
    pub min_per_second: u32,
    /// Deposits less withdrawals \[thousandths of a call\].
    slots: Slots,
}

/// A deposit \[thousandths of a call\].
const DEPOSIT: i64 = 1_000;
const SLOTS: usize = 10;

impl Default for Finagle {
    fn default() -> Self {
        Self {
            ttl: Span::from_secs(10),
            percent: Share::from_ppm(200_000),
            min_per_second: 10,
            slots: Slots::default(),
        }
    }
}

impl Finagle {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.ttl.is_zero() {
            return Some(Unsound::new("a budget that forgets at once", "write a ttl above 0"));
        }
        (self.percent == Share::NONE).then_some(Unsound::new(
            "a share of no retries",
            "write a percent above 0, or no budget",
        ))
    }

    fn withdrawal(&self) -> i64 {
        let ppm = self.percent.ppm().max(1);
        i64::try_from(1_000_000_000 / ppm).unwrap_or(i64::MAX)
    }

    #[expect(clippy::cast_possible_truncation)]
    fn reserve(&self) -> i64 {
        (self.ttl.as_secs_f64() * f64::from(self.min_per_second)) as i64 * self.withdrawal()
    }

    /// Retries that it would grant at once.
    pub fn balance(&mut self, now: Instant) -> i64 {
        let [sum, _] = self.slots.sums(now, SLOTS, self.ttl.divided_by(SLOTS as u64));
        (sum + self.reserve()).max(0) / self.withdrawal()
    }

    fn add(&mut self, now: Instant, n: i64) {
        self.slots.add(now, (SLOTS, self.ttl.divided_by(SLOTS as u64)), 0, n);
    }
}

impl Spend for Finagle {
    fn learn(&mut self, now: Instant, ended: &Ended) {
        if ended.answer == Answer::Success {
            self.add(now, DEPOSIT);
        }
    }

    fn grant(&mut self, now: Instant, _: &Ended) -> bool {
        let has = self.balance(now) > 0;
        if has {
            self.add(now, -self.withdrawal());
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    /// The source's own arithmetic: 100 at first, 110 after 50 successes, none after 100 retries,
    /// and all of them again when ten slots have passed.
    #[test]
    fn a_hundred_retries_in_ten_seconds_and_one_for_five_successes() {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let ok = Ended::first(&Response::bare(Status::OK));
        let failed = Ended::first(&Response::bare(Status::UNAVAILABLE));
        let mut budget = Finagle::default();
        assert_eq!(budget.balance(at(0)), 100);
        (0..50).for_each(|_| budget.learn(at(0), &ok));
        assert_eq!(budget.balance(at(0)), 110);
        let mut budget = Finagle::default();
        (0..12).for_each(|s| budget.learn(at(s), &ok));
        assert_eq!(budget.balance(at(11)), 102, "one success a second");
        let mut budget = Finagle::default();
        assert_eq!((0..150).filter(|_| budget.grant(at(0), &failed)).count(), 100);
        for (s, balance) in [(1, 0), (9, 0), (10, 100)] {
            assert_eq!(budget.balance(at(s)), balance, "{s} s");
        }
    }
}
