//! The quota with restore of Amazon Pay: a leaky bucket as a meter.
//!
//! Source: Amazon Pay, "API throttling limits".
//!
//! ```text
//!   each request pours 1/rate of water in; it leaks out at 1 s a second
//!   level │▄▄      admit while level + 1/rate ≤ burst/rate
//!         │  ▀▀▄▄
//!         └──────► s   restored: one request every 1/rate
//! ```
//!
//! The meter is one number, the instant at which it will be dry, in units of 1/count ns:
//! `dry ← max(dry, now) + per`, admit while `dry + per ≤ now + burst·per`. Nothing rounds.

use super::credits::Credits;
use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};

/// A quota of requests that is restored one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    restore: Rate,
    burst: u32,
    /// When the meter is dry \[ns/count\].
    dry: Credits,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl Quota {
    /// `burst` requests at once (at least one), restored at `restore`.
    #[must_use]
    pub const fn new(restore: Rate, burst: u32) -> Self {
        Self { restore, burst, dry: Credits::NONE, ebb: Ebb::NONE }
    }

    /// Its rate and burst.
    #[must_use]
    pub const fn plan(&self) -> (Rate, u32) {
        (self.restore, self.burst)
    }

    /// Changes what it allows at `now`. The requests that it would admit stay, up to the new
    /// burst, rounded down to a credit of the new rate.
    fn replan(&mut self, now: Instant, (restore, burst): (Rate, u32)) {
        let water = self.dry.get().saturating_sub(self.scaled(now)).min(self.room());
        let (left, old) = (self.room() - water, self.price());
        (self.restore, self.burst) = (restore, burst.max(1));
        let price = self.price();
        let left = left / old * price + left % old * price / old;
        let room = self.room();
        self.dry = Credits::of(self.scaled(now) + room - left.min(room));
    }

    /// Notes how many are left if they are fewer than before, without a division if not.
    #[inline]
    fn look(&mut self, now: Instant) {
        let water = self.dry.get().saturating_sub(self.scaled(now)).min(self.room());
        if self.room() - water < u128::from(self.ebb.left()) * self.price() {
            self.ebb.see_level(self.level(now), now);
        }
    }

    fn scaled(&self, now: Instant) -> u128 {
        u128::from(now.as_nanos()) * u128::from(self.restore.count())
    }

    const fn price(&self) -> u128 {
        self.restore.per().as_nanos() as u128
    }

    const fn room(&self) -> u128 {
        self.burst as u128 * self.price()
    }
}

impl Limit for Quota {
    #[inline]
    fn check(&self, now: Instant) -> Verdict {
        let full_at = self.dry.get() + self.price();
        if full_at <= self.scaled(now) + self.room() {
            return Verdict::Admit;
        }
        let nanos = (full_at - self.room()).div_ceil(u128::from(self.restore.count()));
        let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
        Verdict::Refuse(Refusal::until(Instant::from_nanos(nanos)))
    }

    #[inline]
    fn charge(&mut self, now: Instant) -> Span {
        self.dry = Credits::of(self.dry.get().max(self.scaled(now)) + self.price());
        self.look(now);
        Span::ZERO
    }

    fn charge_refused(&mut self, now: Instant) {
        let full = self.scaled(now) + self.room();
        self.dry = Credits::of((self.dry.get().max(self.scaled(now)) + self.price()).min(full));
        self.look(now);
    }

    fn published(&self) -> Option<Rate> {
        Some(self.restore)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let water = self.dry.get().saturating_sub(self.scaled(now));
        u64::try_from((self.room() - water.min(self.room())) / self.price()).ok()
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.burst.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

impl Facts for Quota {
    fn terms(&self) -> Option<Terms> {
        let (rate, burst) = self.plan();
        Some(Terms::Rate { rate, burst })
    }

    fn change(&mut self, now: Instant, terms: Terms) {
        if let Terms::Rate { rate, burst } = terms {
            self.replan(now, (rate, burst));
        }
    }

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        let full_at = self.dry.get() + u128::from(left) * self.price();
        let nanos = full_at.saturating_sub(self.room()).div_ceil(u128::from(self.restore.count()));
        let at = Instant::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        (left <= u64::from(self.burst)).then_some(at.max(now))
    }

    fn is_bucket(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(quota: &mut Quota, at_s: u64, count: u32) -> u32 {
        let now = Instant::ORIGIN + Span::from_secs(at_s);
        (0..count)
            .filter(|_| {
                let admitted = quota.check(now) == Verdict::Admit;
                if admitted {
                    quota.charge(now);
                }
                admitted
            })
            .count() as u32
    }

    fn create_charge() -> Quota {
        Quota::new("1/4s".parse().expect("a rate"), 10)
    }

    #[test]
    fn thirty_charges_at_once_take_until_80_s() {
        let mut quota = create_charge();
        let admitted = [(0, 30), (40, 20), (80, 10)].map(|(at, n)| send(&mut quota, at, n));
        assert_eq!(admitted, [10, 10, 10]);
    }

    #[test]
    fn what_is_restored_is_capped_at_the_burst() {
        let mut quota = create_charge();
        let admitted = [(0, 10), (60, 11), (100, 10)].map(|(at, n)| send(&mut quota, at, n));
        assert_eq!(admitted, [10, 10, 10], "60 s restore 15, but 10 is the cap");
        assert_eq!(quota.level(Instant::ORIGIN + Span::from_secs(108)), Some(2));
    }
}
