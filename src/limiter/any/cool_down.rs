//! Nothing for a while after a refusal.
//!
//! Source: Airtable, "Rate limits": 5 requests a second for each base; a client that goes beyond
//! them is answered 429, and must wait 30 seconds until its requests succeed again.
//!
//! ```text
//!   rule refuses at t ──► nothing until t + lasts ──► the rule again
//!                         calls refused meanwhile do not make it longer
//! ```

use crate::limiter::{Facts, Limit, Limiter, Outcome, Reason, Refusal, Terms, Usage, Verdict};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;

/// A limit that admits nothing for a while after it has refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoolDown {
    limit: Limiter,
    lasts: Span,
    /// Until when it admits nothing.
    until: Instant,
}

impl CoolDown {
    /// This limit, which then admits nothing for `lasts` after each refusal.
    #[must_use]
    pub const fn new(limit: Limiter, lasts: Span) -> Self {
        Self { limit, lasts, until: Instant::ORIGIN }
    }

    /// The limit itself.
    #[must_use]
    pub const fn limit(&self) -> &Limiter {
        &self.limit
    }

    /// How long it admits nothing.
    #[must_use]
    pub const fn lasts(&self) -> Span {
        self.lasts
    }
}

impl Limit for CoolDown {
    fn check(&self, now: Instant) -> Verdict {
        self.check_units(now, 1)
    }

    fn check_units(&self, now: Instant, units: u64) -> Verdict {
        if now >= self.until {
            return self.limit.check_units(now, units);
        }
        match self.limit.check_units(self.until, units) {
            Verdict::Admit => Verdict::Refuse(Refusal::until(self.until)),
            later @ Verdict::Refuse(_) => later,
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.limit.charge(now)
    }

    fn charge_units(&mut self, now: Instant, units: u64) -> Span {
        self.limit.charge_units(now, units)
    }

    fn correct(&mut self, now: Instant, back: u64, more: u64) {
        self.limit.correct(now, back, more);
    }

    fn settle(&mut self, now: Instant, outcome: Outcome) {
        self.limit.settle(now, outcome);
    }

    fn roll(&mut self, now: Instant) {
        self.limit.roll(now);
    }

    fn refused(&mut self, now: Instant, status: Status) {
        self.limit.refused(now, status);
    }

    fn charge_refused(&mut self, now: Instant) {
        self.limit.charge_refused(now);
    }

    fn published(&self) -> Option<Rate> {
        self.limit.published()
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let level = self.limit.level(now)?;
        Some(if now < self.until { 0 } else { level })
    }

    fn ran_out(&mut self, now: Instant, part: Reason) {
        self.limit.ran_out(now, part);
        if now >= self.until {
            self.until = now + self.lasts;
        }
    }

    fn usage(&self, part: Reason) -> Option<Usage> {
        self.limit.usage(part)
    }

    fn forget_usage(&mut self) {
        self.limit.forget_usage();
    }
}

/// The facts of its limit, which holds nothing until it is open again.
impl Facts for CoolDown {
    fn inner(&self) -> Option<&Limiter> {
        Some(&self.limit)
    }

    fn terms(&self) -> Option<Terms> {
        self.limit.terms()
    }

    fn change(&mut self, now: Instant, terms: Terms) {
        self.limit.change(now, terms);
    }

    fn remember(&mut self, terms: Terms) {
        self.limit.remember(terms);
    }

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        self.limit.has_at(now.max(self.until), left)
    }

    fn most_at(&self, now: Instant) -> Option<u64> {
        self.limit.most_at(now)
    }

    fn resets_at(&self, now: Instant) -> Option<Instant> {
        self.limit.resets_at(now.max(self.until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Concurrency, Refill, TokenBucket};
    use crate::units::Money;

    fn at(ms: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(ms)
    }

    /// Airtable: five at once and five a second; the sixth call shuts the base for 30 s.
    #[test]
    fn a_refusal_is_followed_by_thirty_seconds_of_nothing() {
        let rate = "5/s".parse().expect("a rate");
        let bucket = Limiter::TokenBucket(TokenBucket::new(rate, 5, Refill::Continuous, 5));
        let mut base = CoolDown::new(bucket, Span::from_secs(30));
        assert!((0..5).all(|_| base.admit(at(0)).is_ok()));
        assert_eq!(base.check(at(100)), Verdict::Refuse(Refusal::until(at(200))), "not sent yet");
        assert_eq!(base.admit(at(100)), Err(Reason::Limit));
        assert_eq!(base.check(at(100)), Verdict::Refuse(Refusal::until(at(30_100))));
        assert_eq!(base.admit(at(20_000)), Err(Reason::Limit), "which makes it no longer");
        assert_eq!((base.level(at(30_099)), base.level(at(30_100))), (Some(0), Some(5)));
        assert_eq!(base.admit(at(30_100)), Ok(Span::ZERO));
    }

    /// Where no clock can tell when the rule admits again, none can tell after it either.
    #[test]
    fn what_holds_after_it_is_the_rule() {
        let one = Limiter::Concurrency(Concurrency::new(1));
        let mut limit = CoolDown::new(one, Span::from_secs(1));
        assert_eq!(limit.admit(at(0)), Ok(Span::ZERO));
        assert_eq!(limit.admit(at(1)), Err(Reason::Limit));
        let told = |limit: &CoolDown| match limit.check(at(2)) {
            Verdict::Refuse(refusal) => refusal.retry_at,
            Verdict::Admit => panic!("it cools down"),
        };
        assert_eq!(told(&limit), None);
        limit.settle(at(2), Outcome { status: Status::OK, earned: Money::ZERO });
        assert_eq!(told(&limit), Some(at(1_001)));
    }
}
