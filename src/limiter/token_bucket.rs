//! The token bucket of the Selling Partner API: rate `r`, burst `b`, in two refills.
//!
//! Source: Amazon, "Usage Plans and Rate Limits" (SP-API), "Rate-limiting algorithm".
//!
//! ```text
//!            tick: a token at every multiple of 1/r since the clock's origin, never above b
//!   tokens 2 ┤▀▀▄     ▄▀▀▀▀▀      continuous: r·dt accrues from the last call on
//!          1 ┤   ▀▄ ▄▀
//!          0 ┼─────▀───┴────► s   a call takes one whole token
//! ```
//!
//! Exactness: `ticks(t) = floor(t·count/per)`; continuous credits grow by `count` a nanosecond, a
//! token costs `per` of them, and `full = b·per`. Nothing rounds.

use super::{Limit, Refusal, Verdict};
use crate::units::{Instant, Rate, Span};

/// When tokens come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refill {
    /// One token at every multiple of 1/r since the clock's origin.
    Tick,
    /// r·dt accrues between calls; a call needs one whole token.
    Continuous,
}

/// A token bucket: its usage plan and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBucket {
    rate: Rate,
    burst: u32,
    refill: Refill,
    /// Credits at `at`; a token is worth [`TokenBucket::price`] of them.
    credits: u128,
    at: Instant,
}

impl TokenBucket {
    /// A bucket of `burst` tokens (at least one) refilled at `rate`, holding `initial` of them.
    #[must_use]
    pub fn new(rate: Rate, burst: u32, refill: Refill, initial: u32) -> Self {
        let mut bucket = Self { rate, burst, refill, credits: 0, at: Instant::ORIGIN };
        bucket.credits = u128::from(initial.min(burst)) * bucket.price();
        bucket
    }

    /// Changes the plan at `now`. What the bucket holds stays, up to the new burst and rounded down
    /// to a credit.
    pub fn replan(&mut self, now: Instant, (rate, burst): (Rate, u32)) {
        let (held, old_price) = (self.credits_at(now), self.price());
        (self.rate, self.burst, self.at) = (rate, burst, now);
        let full = u128::from(burst) * self.price();
        self.credits = (held * self.price() / old_price).min(full);
    }

    /// What one token costs \[credits\].
    fn price(&self) -> u128 {
        match self.refill {
            Refill::Tick => 1,
            Refill::Continuous => u128::from(self.rate.per().as_nanos()),
        }
    }

    /// What has been earned by `now` since the origin \[credits\].
    fn earned_by(&self, now: Instant) -> u128 {
        let earned = u128::from(now.as_nanos()) * u128::from(self.rate.count());
        match self.refill {
            Refill::Tick => match (u64::try_from(earned), self.rate.per().as_nanos()) {
                (Ok(earned), per) => u128::from(earned / per),
                (Err(_), per) => earned / u128::from(per),
            },
            Refill::Continuous => earned,
        }
    }

    #[inline]
    fn credits_at(&self, now: Instant) -> u128 {
        let earned = match self.refill {
            Refill::Tick => self.earned_by(now) - self.earned_by(self.at),
            Refill::Continuous => {
                u128::from(now.since(self.at).as_nanos()) * u128::from(self.rate.count())
            }
        };
        (self.credits + earned).min(u128::from(self.burst) * self.price())
    }

    /// The first instant after `now` at which the bucket holds a whole token.
    #[inline]
    fn next_token(&self, now: Instant, credits: u128) -> Instant {
        let (count, per) = (u128::from(self.rate.count()), u128::from(self.rate.per().as_nanos()));
        match self.refill {
            Refill::Tick => at_nanos(div_ceil((self.earned_by(now) + 1) * per, count)),
            Refill::Continuous => {
                let wait = div_ceil(self.price() - credits, count);
                at_nanos(u128::from(now.as_nanos()) + wait)
            }
        }
    }
}

/// Division of numbers that are wide in theory and nearly always narrow.
#[inline]
fn div_ceil(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a.div_ceil(b)),
        _ => a.div_ceil(b),
    }
}

fn at_nanos(nanos: u128) -> Instant {
    Instant::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

impl Limit for TokenBucket {
    #[inline]
    fn check(&self, now: Instant) -> Verdict {
        let credits = self.credits_at(now);
        if credits >= self.price() {
            Verdict::Admit
        } else {
            Verdict::Refuse(Refusal::until(self.next_token(now, credits)))
        }
    }

    #[inline]
    fn charge(&mut self, now: Instant) -> Span {
        self.credits = self.credits_at(now) - self.price();
        self.at = now;
        Span::ZERO
    }

    fn charge_refused(&mut self, now: Instant) {
        self.credits = self.credits_at(now).saturating_sub(self.price());
        self.at = now;
    }

    fn published(&self) -> Option<Rate> {
        Some(self.rate)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        u64::try_from(self.credits_at(now) / self.price()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tenths: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(tenths * 100)
    }

    /// Admissions of calls at these tenths of a second, by a bucket of rate 1/s and burst 2.
    fn admitted(refill: Refill, calls: &[u64]) -> Vec<bool> {
        let mut bucket = TokenBucket::new("1/s".parse().expect("a rate"), 2, refill, 2);
        let mut call = |tenths: &u64| {
            let admitted = bucket.check(at(*tenths)) == Verdict::Admit;
            if admitted {
                bucket.charge(at(*tenths));
            }
            admitted
        };
        calls.iter().map(&mut call).collect()
    }

    #[test]
    fn the_worked_example_of_the_source() {
        for (refill, calls, expected) in [
            (Refill::Tick, [1, 2, 3, 10], [true, true, false, true]),
            (Refill::Continuous, [1, 2, 3, 10], [true, true, false, false]),
            (Refill::Tick, [1, 2, 3, 11], [true, true, false, true]),
            (Refill::Continuous, [1, 2, 3, 11], [true, true, false, true]),
        ] {
            assert_eq!(admitted(refill, &calls), expected, "{refill:?} {calls:?}");
        }
    }

    #[test]
    fn the_bucket_never_holds_more_than_its_burst() {
        for refill in [Refill::Tick, Refill::Continuous] {
            let mut bucket = TokenBucket::new("1/s".parse().expect("a rate"), 2, refill, 2);
            bucket.charge(at(1));
            bucket.charge(at(2));
            let levels: Vec<_> = [3, 12, 20, 22, 30].map(|t| bucket.level(at(t))).to_vec();
            let second = if refill == Refill::Tick { 2 } else { 1 };
            assert_eq!(levels, [Some(0), Some(1), Some(second), Some(2), Some(2)], "{refill:?}");
        }
    }

    #[test]
    fn a_changed_plan_keeps_what_the_bucket_holds() {
        let rate = |text: &str| text.parse::<Rate>().expect("a rate");
        let mut bucket = TokenBucket::new(rate("1/s"), 10, Refill::Continuous, 4);
        bucket.replan(at(0), (rate("1/60s"), 20));
        assert_eq!(bucket.level(at(0)), Some(4));
        bucket.replan(at(0), (rate("3/s"), 3));
        assert_eq!(bucket.level(at(0)), Some(3));
    }
}
