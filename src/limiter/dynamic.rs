//! A token bucket whose usage plan changes at stated instants, as dynamic plans do.
//!
//! Source: Amazon, "Usage Plans and Rate Limits" (SP-API): rates and bursts follow an account's
//! business, never the number of its requests.
//!
//! ```text
//!   plan    1/60 s ├──────────────┐            tokens held at a change stay, up to the new burst;
//!          1/182 s ┤              └────────    ticks then come at multiples of the new 1/r since
//!                  0             noon          the clock's origin
//! ```
//!
//! Changes are taken one by one ([`Limit::roll`]); `check` answers alike on a state that has
//! not been rolled.

use super::{Limit, Refusal, TokenBucket, Verdict};
use crate::units::{Instant, Rate, Span};
use std::sync::Arc;

/// A usage plan from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// From when on it holds.
    pub at: Instant,
    /// Its rate.
    pub rate: Rate,
    /// Its burst, at least 1.
    pub burst: u32,
}

/// A token bucket with a plan that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dynamic {
    bucket: TokenBucket,
    /// The rate of the plan at the origin.
    published: Option<Rate>,
    /// In order of time.
    changes: Arc<[Change]>,
    /// The first change that has not come.
    next: usize,
}

impl Dynamic {
    /// A bucket with these changes of its plan, which must be in order of time.
    #[must_use]
    pub fn new(bucket: TokenBucket, changes: Arc<[Change]>) -> Self {
        let published = bucket.published();
        Self { bucket, published, changes, next: 0 }
    }

    /// The rate in force at an instant.
    #[must_use]
    pub fn rate_at(&self, at: Instant) -> Option<Rate> {
        let come = self.changes.partition_point(|change| change.at <= at);
        come.checked_sub(1).map_or(self.published, |last| Some(self.changes[last].rate))
    }

    /// Every change of the plan.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    fn due(&self, now: Instant) -> Option<Change> {
        self.changes.get(self.next).copied().filter(|change| change.at <= now)
    }

    fn rolled(&self, now: Instant) -> Self {
        let mut later = self.clone();
        later.roll(now);
        later
    }
}

impl Limit for Dynamic {
    fn check(&self, now: Instant) -> Verdict {
        if self.due(now).is_some() {
            return self.rolled(now).check(now);
        }
        let verdict = self.bucket.check(now);
        let Verdict::Refuse(Refusal { retry_at: Some(token), .. }) = verdict else {
            return verdict;
        };
        match self.changes.get(self.next) {
            Some(change) if change.at <= token => match self.rolled(change.at).check(change.at) {
                Verdict::Admit => Verdict::Refuse(Refusal::until(change.at)),
                refused => refused,
            },
            _ => verdict,
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.roll(now);
        self.bucket.charge(now)
    }

    fn charge_refused(&mut self, now: Instant) {
        self.roll(now);
        self.bucket.charge_refused(now);
    }

    fn roll(&mut self, now: Instant) {
        while let Some(change) = self.due(now) {
            self.bucket.replan(change.at, (change.rate, change.burst));
            self.next += 1;
        }
    }

    /// The rate of the plan at the origin: what the provider's page says.
    fn published(&self) -> Option<Rate> {
        self.published
    }

    fn level(&self, now: Instant) -> Option<u64> {
        match self.due(now) {
            Some(_) => self.rolled(now).bucket.level(now),
            None => self.bucket.level(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Reason, Refill};

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    /// getOrders: 1/60 s and burst 20, from noon on 0.0055/s: a token in 181.8 s.
    fn orders(refill: Refill) -> Dynamic {
        let rate = |text: &str| text.parse::<Rate>().expect("a rate");
        let noon = Change { at: at(43_200), rate: rate("0.0055/s"), burst: 20 };
        Dynamic::new(TokenBucket::new(rate("1/60s"), 20, refill, 20), [noon].into())
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
        let fewer = Change { at: at(60), rate: Rate::per_second(1).expect("a rate"), burst: 5 };
        let bucket = TokenBucket::new(fewer.rate, 20, Refill::Continuous, 20);
        let limit = Dynamic::new(bucket, [fewer].into());
        assert_eq!((limit.level(at(59)), limit.level(at(60))), (Some(20), Some(5)));
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
}
