//! A limit whose figures change at stated instants, as dynamic plans do.
//!
//! Source: Amazon, "Usage Plans and Rate Limits" (SP-API): rates and bursts follow an account's
//! business, never the number of its requests.
//!
//! ```text
//!   plan    1/60 s ├──────────────┐            tokens held at a change stay, up to the new burst;
//!          1/182 s ┤              └────────    ticks then come at multiples of the new 1/r since
//!                  0             noon          the clock's origin
//!   window    60/m ├──────────────┐            calls that a window has counted stay counted; a
//!             20/m ┤              └────────    lower limit that they exceed admits none
//! ```
//!
//! Changes are taken one by one ([`Limit::roll`]); `check` answers alike on a state that has
//! not been rolled. Where no clock can tell when a refusal ends, a change to come tells it neither.

use crate::limiter::{Facts, Limit, Limiter, Outcome, Reason, Refusal, Terms, Usage, Verdict};
use crate::units::{Instant, Rate, Span};
use std::borrow::Cow;
use std::sync::Arc;

/// What a limit allows from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// From when on.
    pub at: Instant,
    /// What.
    pub terms: Terms,
}

/// A limit whose figures change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dynamic {
    limit: Limiter,
    /// The rate at the origin.
    published: Option<Rate>,
    /// In order of time.
    changes: Arc<[Change]>,
    /// The first change that has not come.
    next: usize,
    /// The largest share in use before the last change.
    before: Option<Usage>,
}

impl Dynamic {
    /// A limit with these changes, which must be in order of time and of its own kind.
    #[must_use]
    pub fn new(mut limit: Limiter, changes: Arc<[Change]>) -> Self {
        changes.iter().for_each(|change| limit.remember(change.terms));
        let published = limit.published();
        Self { limit, published, changes, next: 0, before: None }
    }

    /// The limit as it is at present.
    #[must_use]
    pub const fn limit(&self) -> &Limiter {
        &self.limit
    }

    /// The rate in force at an instant.
    #[must_use]
    pub fn rate_at(&self, at: Instant) -> Option<Rate> {
        let come = self.changes.partition_point(|change| change.at <= at);
        match come.checked_sub(1) {
            None => self.published,
            Some(last) => self.limit.published_for(self.changes[last].terms),
        }
    }

    /// Every change of the plan.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    fn due(&self, now: Instant) -> Option<Change> {
        self.changes.get(self.next).copied().filter(|change| change.at <= now)
    }

    /// The part of it that one of so many nodes holds.
    pub(super) fn split(self, nodes: u32) -> Self {
        let part = |of: &Change| Change { terms: of.terms.part_of(nodes), ..*of };
        let changes = self.changes.iter().map(part).collect();
        Self::new(self.limit.split(nodes), changes)
    }

    /// As it is at `now`.
    fn as_of(&self, now: Instant) -> Cow<'_, Self> {
        match self.due(now) {
            None => Cow::Borrowed(self),
            Some(_) => Cow::Owned(self.rolled(now)),
        }
    }

    fn rolled(&self, now: Instant) -> Self {
        let mut later = self.clone();
        later.roll(now);
        later
    }

    /// A refusal as the changes to come alter it: they may admit sooner, or only later.
    fn foreseen(&self, mut refusal: Refusal, units: u64) -> Refusal {
        let mut later: Option<Limiter> = None;
        for change in &self.changes[self.next..] {
            if refusal.retry_at.is_none_or(|at| at < change.at) {
                break;
            }
            let limit = later.get_or_insert_with(|| self.limit.clone());
            limit.change(change.at, change.terms);
            match limit.check_units(change.at, units) {
                Verdict::Admit => return Refusal::until(change.at),
                Verdict::Refuse(then) => refusal = then,
            }
        }
        refusal
    }
}

impl Limit for Dynamic {
    fn check(&self, now: Instant) -> Verdict {
        self.check_units(now, 1)
    }

    fn check_units(&self, now: Instant, units: u64) -> Verdict {
        if self.due(now).is_some() {
            return self.rolled(now).check_units(now, units);
        }
        match self.limit.check_units(now, units) {
            Verdict::Admit => Verdict::Admit,
            Verdict::Refuse(refusal) => Verdict::Refuse(self.foreseen(refusal, units)),
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.roll(now);
        self.limit.charge(now)
    }

    fn charge_units(&mut self, now: Instant, units: u64) -> Span {
        self.roll(now);
        self.limit.charge_units(now, units)
    }

    fn correct(&mut self, now: Instant, back: u64, more: u64) {
        self.roll(now);
        self.limit.correct(now, back, more);
    }

    /// As `check` and `charge`, without working out when a refusal ends.
    #[inline(never)]
    fn admit(&mut self, now: Instant) -> Result<Span, Reason> {
        self.roll(now);
        self.limit.admit(now)
    }

    fn settle(&mut self, now: Instant, outcome: Outcome) {
        self.limit.settle(now, outcome);
    }

    fn charge_refused(&mut self, now: Instant) {
        self.roll(now);
        self.limit.charge_refused(now);
    }

    fn roll(&mut self, now: Instant) {
        while let Some(change) = self.due(now) {
            self.before = self.usage(Reason::Limit);
            self.limit.change(change.at, change.terms);
            self.limit.forget_usage();
            self.next += 1;
        }
    }

    /// The rate of the plan at the origin: what the provider's page says.
    fn published(&self) -> Option<Rate> {
        self.published
    }

    fn level(&self, now: Instant) -> Option<u64> {
        match self.due(now) {
            Some(_) => self.rolled(now).limit.level(now),
            None => self.limit.level(now),
        }
    }

    fn ran_out(&mut self, now: Instant, part: Reason) {
        self.roll(now);
        self.limit.ran_out(now, part);
    }

    fn usage(&self, part: Reason) -> Option<Usage> {
        Usage::larger(self.before, self.limit.usage(part))
    }

    fn forget_usage(&mut self) {
        self.before = None;
        self.limit.forget_usage();
    }
}

/// The facts of its limit as it is at the time; only its own plan changes it.
impl Facts for Dynamic {
    fn inner(&self) -> Option<&Limiter> {
        Some(&self.limit)
    }

    fn terms(&self) -> Option<Terms> {
        self.limit.terms()
    }

    fn change(&mut self, _: Instant, _: Terms) {}

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        self.as_of(now).limit.has_at(now, left)
    }

    fn most_at(&self, now: Instant) -> Option<u64> {
        self.as_of(now).limit.most_at(now)
    }

    fn resets_at(&self, now: Instant) -> Option<Instant> {
        self.as_of(now).limit.resets_at(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Concurrency, FixedWindow, Quota, Refill, SlidingLog, TokenBucket};

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    fn rate(text: &str) -> Rate {
        text.parse().expect("a rate")
    }

    /// getOrders: 1/60 s and burst 20, from noon on 0.0055/s: a token in 181.8 s.
    fn orders(refill: Refill) -> Dynamic {
        let terms = Terms::Rate { rate: rate("0.0055/s"), burst: 20 };
        let bucket = Limiter::TokenBucket(TokenBucket::new(rate("1/60s"), 20, refill, 20));
        Dynamic::new(bucket, [Change { at: at(43_200), terms }].into())
    }

    /// A limit that allows so many from these seconds on.
    fn numbers(limit: Limiter, changes: &[(u64, u32)]) -> Dynamic {
        let change =
            |(s, number): &(u64, u32)| Change { at: at(*s), terms: Terms::Number(*number) };
        Dynamic::new(limit, changes.iter().map(change).collect())
    }

    fn admitted(mut limit: Dynamic, from: u64, to: u64) -> usize {
        let mut count = 0;
        for s in from..to {
            if limit.admit(at(s)).is_ok() {
                count += 1;
            }
        }
        count
    }

    #[test]
    fn the_plan_falls_at_noon() {
        for refill in [Refill::Tick, Refill::Continuous] {
            let limit = orders(refill);
            assert_eq!(limit.rate_at(at(43_199)), limit.published());
            assert_eq!(limit.rate_at(at(43_200)).map(|r| r.to_string()), Some("0.0055/s".into()));
            // Twenty at once, then 720 by noon, one of them at noon itself.
            let morning = admitted(limit.clone(), 0, 43_200);
            assert_eq!(morning, 20 + 719, "{refill:?}");
            // From noon to midnight 43 200 s · 0.0055/s = 237.6 tokens, 238 ticks.
            let day = admitted(limit, 0, 86_400);
            assert!((977..=978).contains(&day), "{refill:?}: {day}");
        }
    }

    #[test]
    fn tokens_held_stay_up_to_the_new_burst() {
        let terms = Terms::Rate { rate: rate("1/s"), burst: 5 };
        for limit in [
            Limiter::TokenBucket(TokenBucket::new(rate("1/s"), 20, Refill::Continuous, 20)),
            Limiter::Quota(Quota::new(rate("1/s"), 20)),
        ] {
            let limit = Dynamic::new(limit, [Change { at: at(60), terms }].into());
            assert_eq!((limit.level(at(59)), limit.level(at(60))), (Some(20), Some(5)));
        }
    }

    #[test]
    fn a_retry_across_a_change_is_told_by_the_new_plan() {
        let mut limit = orders(Refill::Continuous);
        for s in 0..=43_199 {
            let _ = limit.admit(at(s));
        }
        assert_eq!(limit.admit(at(43_200)), Ok(Span::ZERO), "the last token of the old plan");
        assert_eq!(limit.admit(at(43_200)), Err(Reason::Limit));
        let Verdict::Refuse(Refusal { retry_at: Some(then), .. }) = limit.check(at(43_200)) else {
            panic!("the bucket is empty")
        };
        assert_eq!(then.since(at(43_200)), Span::from_nanos(181_818_181_819));
        assert_eq!(limit.check(then), Verdict::Admit);
    }
    /// 60 a minute, from an hour on 20: 40 of a minute that began under the old limit count.
    #[test]
    fn a_window_keeps_what_it_has_counted() {
        let window = Limiter::FixedWindow(FixedWindow::new(60, Span::MINUTE, Span::from_secs(30)));
        let mut limit = numbers(window, &[(3_600, 20)]);
        assert_eq!(limit.rate_at(at(3_600)), Some(rate("20/min")));
        for _ in 0..40 {
            assert_eq!(limit.admit(at(3_599)), Ok(Span::ZERO));
        }
        assert_eq!(limit.level(at(3_600)), Some(0));
        assert_eq!(limit.check(at(3_600)), Verdict::Refuse(Refusal::until(at(3_630))));
        assert_eq!(admitted(limit, 3_600, 3_690), 20, "none, then 20 of the next minute");
    }

    #[test]
    fn a_refusal_ends_when_a_higher_limit_comes() {
        let log = Limiter::SlidingLog(SlidingLog::new(2, Span::MINUTE));
        let mut limit = numbers(log, &[(10, 3), (20, 1), (90, 4)]);
        assert_eq!((limit.admit(at(0)), limit.admit(at(0))), (Ok(Span::ZERO), Ok(Span::ZERO)));
        assert_eq!(limit.check(at(0)), Verdict::Refuse(Refusal::until(at(10))));
        assert_eq!(limit.admit(at(10)), Ok(Span::ZERO));
        assert_eq!(limit.check(at(20)), Verdict::Refuse(Refusal::until(at(70))));
        // Those of 0 s are forgotten at 60 s, the one of 10 s at 70 s.
        assert_eq!((limit.check(at(70)), limit.level(at(90))), (Verdict::Admit, Some(4)));
    }

    #[test]
    fn fewer_may_run_than_do() {
        let mut limit = numbers(Limiter::Concurrency(Concurrency::new(3)), &[(5, 1)]);
        (0..3).for_each(|_| assert_eq!(limit.admit(at(0)), Ok(Span::ZERO)));
        let ends = Outcome { status: crate::wire::Status::OK, earned: crate::units::Money::ZERO };
        assert_eq!(limit.level(at(5)), Some(0));
        limit.settle(at(5), ends);
        limit.settle(at(5), ends);
        assert_eq!(limit.admit(at(6)), Err(Reason::Limit), "one still runs");
        limit.settle(at(7), ends);
        assert_eq!(limit.admit(at(7)), Ok(Span::ZERO));
    }
}
