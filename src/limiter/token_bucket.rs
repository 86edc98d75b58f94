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
//! `tokens(t) = min(b, floor((earned(t) − spent) / price))` for both refills, in the credits of a
//! [clock without division](super::credits). They differ in what an overfull bucket lets run over:
//! all that is above the brim, or whole ticks of it. Nothing rounds.

use super::credits::{Credits, earned_at, earned_by, price};
use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};

/// When tokens come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refill {
    /// One token at every multiple of 1/r since the clock's origin.
    Tick,
    /// r·dt accrues between calls; a call needs one whole token.
    Continuous,
}

/// A token bucket: its usage plan and what has been taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBucket {
    rate: Rate,
    burst: u32,
    refill: Refill,
    /// Taken or run over since the origin, less what was held at the origin \[credits\].
    spent: Credits,
    /// Who finds so much leaves no less than was left before \[credits\]. Comparing with this in
    /// place of the price of a token, a request that changes nothing pays nothing.
    enough: Credits,
    ebb: Ebb,
}

/// More than any bucket holds \[credits\].
const UNTOUCHED: Credits = Credits::of(i128::MAX.cast_unsigned());

impl TokenBucket {
    /// A bucket of `burst` tokens (at least one) refilled at `rate`, holding `initial` of them.
    #[must_use]
    pub fn new(rate: Rate, burst: u32, refill: Refill, initial: u32) -> Self {
        let burst = burst.max(1);
        let held = u128::from(initial.min(burst)) * price(rate);
        let spent = Credits::of(held.wrapping_neg());
        Self { rate, burst, refill, spent, enough: UNTOUCHED, ebb: Ebb::NONE }
    }

    /// When its tokens come back.
    #[must_use]
    pub const fn refill(&self) -> Refill {
        self.refill
    }

    /// Its rate and burst.
    #[must_use]
    pub const fn plan(&self) -> (Rate, u32) {
        (self.rate, self.burst)
    }

    /// Changes the usage plan at `now`, as dynamic plans do. What the bucket holds stays, up to
    /// the new burst: whole tokens for ticks, else rounded down to a credit of the new rate. Which
    /// share of the old plan was in use is forgotten.
    pub fn replan(&mut self, now: Instant, (rate, burst): (Rate, u32)) {
        self.run_over(now);
        let (held, old_price) = (self.unspent(now).unsigned_abs(), price(self.rate));
        (self.rate, self.burst) = (rate, burst.max(1));
        let (earned, price) = (earned_by(rate, now), price(rate));
        let tokens = held / old_price * price;
        let (from, held) = match self.refill {
            Refill::Tick => (earned - earned % price, tokens),
            Refill::Continuous => (earned, tokens + held % old_price * price / old_price),
        };
        let full = u128::from(self.burst) * price;
        self.spent = Credits::of(from.wrapping_sub(held.min(full)));
        self.forget_usage();
    }

    #[inline(always)]
    fn price(&self) -> i128 {
        price(self.rate).cast_signed()
    }

    /// Earned and not spent, as if the bucket had no brim \[credits\].
    #[inline(always)]
    fn unspent(&self, now: Instant) -> i128 {
        earned_by(self.rate, now).cast_signed() - self.spent()
    }

    /// When the next token comes, if the bucket holds none.
    #[inline]
    fn next_token(&self) -> Instant {
        earned_at(self.rate, (self.spent() + self.price()).unsigned_abs())
    }

    #[inline(always)]
    const fn spent(&self) -> i128 {
        self.spent.get().cast_signed()
    }

    #[inline(always)]
    fn spend(&mut self, credits: i128) {
        self.spent = Credits::of((self.spent() + credits).cast_unsigned());
    }

    #[inline(always)]
    const fn enough(&self) -> i128 {
        self.enough.get().cast_signed()
    }

    /// A request finds fewer tokens than any before; none leave it refused.
    #[cold]
    #[inline(never)]
    fn fall(&mut self, now: Instant, unspent: i128) {
        // Credits are wide in theory and nearly always narrow; a narrow division is far cheaper.
        let tokens = match u64::try_from(unspent) {
            Ok(unspent) => i128::from(unspent / self.rate.per().as_nanos()),
            Err(_) => unspent / self.price(),
        };
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX).min(self.burst);
        let left = tokens.saturating_sub(1);
        self.ebb.see(left, now);
        self.enough = Credits::of(u128::from(left + 1) * price(self.rate));
    }

    /// Spends what the bucket cannot hold.
    #[inline(always)]
    fn run_over(&mut self, now: Instant) {
        self.spend(self.excess(self.unspent(now)));
    }

    /// What the bucket cannot hold of so much.
    #[inline(always)]
    fn excess(&self, unspent: i128) -> i128 {
        let full = (u128::from(self.burst) * price(self.rate)).cast_signed();
        let excess = unspent - full;
        if excess <= 0 {
            return 0;
        }
        match self.refill {
            Refill::Continuous => excess,
            // A tick in part stays in the pipe, where it becomes a token at its own time.
            Refill::Tick => excess - excess % self.price(),
        }
    }
}

impl Limit for TokenBucket {
    #[inline]
    fn check(&self, now: Instant) -> Verdict {
        if self.unspent(now) >= self.price() {
            Verdict::Admit
        } else {
            Verdict::Refuse(Refusal::until(self.next_token()))
        }
    }

    #[inline]
    fn charge(&mut self, now: Instant) -> Span {
        let unspent = self.unspent(now);
        if unspent < self.enough() && self.ebb.left() > 0 {
            self.fall(now, unspent);
        }
        self.run_over(now);
        self.spend(self.price());
        Span::ZERO
    }

    /// As `check` and `charge`, with each product worked out once.
    #[inline(always)]
    fn admit(&mut self, now: Instant) -> Result<Span, Reason> {
        let unspent = self.unspent(now);
        if unspent < self.enough() {
            if self.ebb.left() == 0 {
                return Err(Reason::Limit);
            }
            self.fall(now, unspent);
            if unspent < self.price() {
                return Err(Reason::Limit);
            }
        }
        self.spend(self.price() + self.excess(unspent));
        Ok(Span::ZERO)
    }

    fn charge_refused(&mut self, now: Instant) {
        if self.unspent(now) >= self.price() {
            self.charge(now);
        } else if self.refill == Refill::Continuous {
            self.spend(self.unspent(now));
        }
    }

    fn published(&self) -> Option<Rate> {
        Some(self.rate)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let tokens = u64::try_from(self.unspent(now) / self.price()).unwrap_or(u64::MAX);
        Some(tokens.min(u64::from(self.burst)))
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        if self.ebb.left() > 0 {
            self.fall(now, 0);
        }
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.burst.into())
    }

    fn forget_usage(&mut self) {
        (self.enough, self.ebb) = (UNTOUCHED, Ebb::NONE);
    }
}

impl Facts for TokenBucket {
    fn terms(&self) -> Option<Terms> {
        let (rate, burst) = self.plan();
        Some(Terms::Rate { rate, burst })
    }

    fn change(&mut self, now: Instant, terms: Terms) {
        if let Terms::Rate { rate, burst } = terms {
            self.replan(now, (rate, burst));
        }
    }

    fn has_at(&self, now: Instant, tokens: u64) -> Option<Instant> {
        let wanted = (u128::from(tokens) * price(self.rate)).cast_signed() + self.spent();
        let at = earned_at(self.rate, wanted.max(0).unsigned_abs());
        (tokens <= u64::from(self.burst)).then_some(at.max(now))
    }

    fn is_bucket(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(ms)
    }

    fn bucket(refill: Refill) -> TokenBucket {
        TokenBucket::new(Rate::per_second(1).expect("not zero"), 2, refill, 2)
    }

    /// Calls at `ms` and tells whether it was admitted.
    fn call(bucket: &mut TokenBucket, ms: u64) -> bool {
        let admitted = bucket.check(at(ms)) == Verdict::Admit;
        if admitted {
            assert_eq!(bucket.charge(at(ms)), Span::ZERO);
        }
        admitted
    }

    #[test]
    fn the_worked_example_of_the_usage_plans() {
        // time in ms, admitted by tick, admitted by continuous
        for last in [(300, false, false), (1000, true, false), (1100, true, true)] {
            let (mut tick, mut flow) = (bucket(Refill::Tick), bucket(Refill::Continuous));
            for (ms, by_tick, by_flow) in [(100, true, true), (200, true, true), last] {
                assert_eq!(call(&mut tick, ms), by_tick, "tick at {ms} ms");
                assert_eq!(call(&mut flow, ms), by_flow, "continuous at {ms} ms");
            }
        }
    }

    #[test]
    fn the_burst_is_the_most_it_holds() {
        // time in ms, tokens by tick, tokens by continuous, after calls at 100 and 200 ms
        let levels = [
            (300, 0, 0),
            (1000, 1, 0),
            (1100, 1, 1),
            (2000, 2, 1),
            (2100, 2, 2),
            (3000, 2, 2),
            (90_000, 2, 2),
        ];
        let (mut tick, mut flow) = (bucket(Refill::Tick), bucket(Refill::Continuous));
        for bucket in [&mut tick, &mut flow] {
            assert!(call(bucket, 100) && call(bucket, 200));
        }
        for (ms, by_tick, by_flow) in levels {
            assert_eq!(tick.level(at(ms)), Some(by_tick), "tick at {ms} ms");
            assert_eq!(flow.level(at(ms)), Some(by_flow), "continuous at {ms} ms");
        }
    }

    #[test]
    fn a_full_bucket_keeps_to_the_ticks() {
        let mut bucket = bucket(Refill::Tick);
        assert!(call(&mut bucket, 5_700) && call(&mut bucket, 5_700));
        assert_eq!(bucket.check(at(5_700)), Verdict::Refuse(Refusal::until(at(6_000))));
    }

    #[test]
    fn a_counted_refusal_empties_the_bucket() {
        let (mut tick, mut flow) = (bucket(Refill::Tick), bucket(Refill::Continuous));
        for bucket in [&mut tick, &mut flow] {
            assert!(call(bucket, 0) && call(bucket, 0));
            bucket.charge_refused(at(900));
        }
        assert_eq!(tick.check(at(900)), Verdict::Refuse(Refusal::until(at(1_000))));
        assert_eq!(flow.check(at(900)), Verdict::Refuse(Refusal::until(at(1_900))));
    }

    #[test]
    fn a_new_plan_keeps_what_is_held() {
        let plan = |rate: &str, burst| (rate.parse().expect("a rate"), burst);
        // time and plan, then time and level, by tick and by continuous, from 0 tokens at 0.2 s
        let cases = [
            ((1_800, plan("1/2s", 9)), [(1_900, 1, 1), (2_200, 2, 1), (6_000, 4, 3)]),
            ((9_000, plan("1/s", 1)), [(9_000, 1, 1), (9_999, 1, 1), (60_000, 1, 1)]),
            ((9_000, plan("2/s", 5)), [(9_000, 2, 2), (9_500, 3, 3), (60_000, 5, 5)]),
        ];
        for ((ms, plan), levels) in cases {
            let (mut tick, mut flow) = (bucket(Refill::Tick), bucket(Refill::Continuous));
            for bucket in [&mut tick, &mut flow] {
                assert!(call(bucket, 200) && call(bucket, 200));
                bucket.replan(at(ms), plan);
            }
            for (ms, by_tick, by_flow) in levels {
                assert_eq!(tick.level(at(ms)), Some(by_tick), "tick at {ms} ms");
                assert_eq!(flow.level(at(ms)), Some(by_flow), "continuous at {ms} ms");
            }
        }
    }

    #[test]
    fn a_bucket_may_start_empty() {
        let rate = "3/s".parse().expect("a rate");
        let bucket = TokenBucket::new(rate, 5, Refill::Continuous, 0);
        let first = Instant::from_nanos(333_333_334);
        assert_eq!(bucket.check(Instant::ORIGIN), Verdict::Refuse(Refusal::until(first)));
        assert_eq!(bucket.check(first), Verdict::Admit);
    }
}
