//! The quota that an Amazon Associates account earns: requests a day and a second from revenue.
//!
//! Source: Amazon, "API Rates" (Product Advertising API 5.0), as quoted by Lasso, "You have no more
//! Amazon Associates API credits".
//!
//! ```text
//!   sign-up ─► initial: 1/s, 8640 a day ─30 days─► earned from R ─no sale for 30 days─► lost
//!     activation                                       ▲                             │
//!                                                      └── 2 days after a sale ships ┘
//!   a day = ⌊R / 0.05 USD⌋     a second = R / 4320 USD, from min_tps to max_tps
//!   R = revenue shipped in the 30 whole days before today, evaluated anew as each day begins
//! ```
//!
//! The requests of a second are a continuous token bucket whose rate changes with the day. Days are
//! rolled one by one ([`Limit::roll`]); `check` gives the same answer on a state that has not been.

mod account;
mod income;
mod rule;

pub use account::{DailyQuota, Phase};
pub use income::{Beyond, Income};
pub use rule::{Earned, RevenueRule};

use super::{Facts, Limit, Outcome, Reason, Refusal, Terms, TokenBucket, Usage, Verdict};
use crate::units::{Instant, Rate, Span};
use account::Account;
use std::sync::Arc;

/// A revenue-derived quota of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue {
    rule: Arc<RevenueRule>,
    account: Account,
    bucket: TokenBucket,
    /// Requests that the day has used.
    used: u64,
    /// The beginning of the next day on which anything is admitted, if a clock can tell.
    reopens: Option<Instant>,
    /// The largest share in use of the requests of a day.
    of_a_day: Option<Usage>,
    /// The same of those of a second, on the days before.
    of_a_second: Option<Usage>,
}

impl Revenue {
    /// The quota of an account with this income, at the origin.
    #[must_use]
    pub fn new(rule: Arc<RevenueRule>, income: Income) -> Self {
        let account = Account::new(&rule, income);
        let bucket = rule.bucket(account.quota().per_second);
        let (used, reopens, of_a_day, of_a_second) = (0, None, None, None);
        let mut revenue = Self { rule, account, bucket, used, reopens, of_a_day, of_a_second };
        revenue.reopens = revenue.next_opening();
        revenue
    }

    /// The figures of the quota.
    #[must_use]
    pub fn rule(&self) -> &RevenueRule {
        &self.rule
    }

    /// Today's quota and what it has used, on a state rolled to `now`.
    #[must_use]
    pub fn quota(&self, now: Instant) -> DailyQuota {
        if self.account.day() < self.rule.day_of(now) {
            return self.rolled(now).quota(now);
        }
        let quota = self.account.quota();
        if now < self.rule.active_at() {
            return DailyQuota { phase: Phase::NotActive, per_day: 0, per_second: None, ..quota };
        }
        DailyQuota { used: self.used, ..quota }
    }

    /// The instant at which the day of `now` ends.
    #[must_use]
    pub fn day_end(&self, now: Instant) -> Instant {
        self.rule.beginning(self.rule.day_of(now) + 1)
    }

    fn rolled(&self, now: Instant) -> Self {
        let mut later = self.clone();
        later.roll(now);
        later
    }

    fn next_opening(&self) -> Option<Instant> {
        let mut account = self.account.clone();
        for _ in 0..account.foreseeable(&self.rule) {
            account.next_day(&self.rule);
            if account.quota().per_day > 0 {
                return Some(self.rule.beginning(account.day()));
            }
        }
        None
    }

    /// The first instant from `start` on, the beginning of a later day, that admits.
    fn open_from(&self, start: Instant) -> Option<Instant> {
        if self.bucket.level(start).is_some_and(|tokens| tokens > 0) {
            return Some(start);
        }
        match self.rolled(start).check(start) {
            Verdict::Admit => Some(start),
            Verdict::Refuse(refusal) => refusal.retry_at,
        }
    }

    /// One more request of the day is used.
    fn use_one(&mut self, now: Instant) {
        self.roll(now);
        self.used += 1;
        self.use_of_day(Usage::new(self.used, self.account.quota().per_day, now));
    }

    fn use_of_day(&mut self, usage: Usage) {
        self.of_a_day = Usage::larger(self.of_a_day, Some(usage));
    }

    /// Why a request is refused now, and the first instant that admits; on a rolled state.
    fn refusal(&self, now: Instant) -> Option<Refusal> {
        if now < self.rule.active_at() {
            let open = self.rule.active_at();
            let retry_at = match self.rolled(open).check(open) {
                Verdict::Admit => Some(open),
                Verdict::Refuse(refusal) => refusal.retry_at,
            };
            return Some(Refusal { reason: Reason::NotActive, retry_at });
        }
        let quota = self.account.quota();
        if self.used >= quota.per_day {
            let lost = quota.phase == Phase::Lost;
            let reason = if lost { Reason::AccessLost } else { Reason::PerDay };
            let retry_at = self.reopens.and_then(|start| self.open_from(start));
            return Some(Refusal { reason, retry_at });
        }
        let Verdict::Refuse(Refusal { retry_at: Some(token), .. }) = self.bucket.check(now) else {
            return None;
        };
        let midnight = self.day_end(now);
        let retry_at = match token < midnight {
            true => Some(token),
            false => match self.rolled(midnight).check(midnight) {
                Verdict::Admit => Some(midnight),
                Verdict::Refuse(refusal) => refusal.retry_at,
            },
        };
        Some(Refusal { reason: Reason::PerSecond, retry_at })
    }
}

impl Limit for Revenue {
    fn check(&self, now: Instant) -> Verdict {
        if self.account.day() < self.rule.day_of(now) {
            return self.rolled(now).check(now);
        }
        self.refusal(now).map_or(Verdict::Admit, Verdict::Refuse)
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.use_one(now);
        self.bucket.charge(now)
    }

    fn charge_refused(&mut self, now: Instant) {
        self.use_one(now);
        self.bucket.charge_refused(now);
    }

    fn settle(&mut self, now: Instant, outcome: Outcome) {
        if outcome.earned.cents() > 0 {
            self.roll(now);
            let ships = now + self.rule.ships_after;
            self.account.ship(self.rule.day_of(ships), outcome.earned);
            self.reopens = self.next_opening();
        }
    }

    #[inline]
    fn roll(&mut self, now: Instant) {
        let today = self.rule.day_of(now);
        if self.account.day() == today {
            return;
        }
        while self.account.day() < today {
            self.account.next_day(&self.rule);
            let rate = self.account.quota().per_second;
            self.of_a_second = self.usage(Reason::PerSecond);
            let begins = self.rule.beginning(self.account.day());
            self.bucket.replan(begins, self.rule.plan(rate));
        }
        self.used = 0;
        self.reopens = self.next_opening();
    }

    /// The initial requests of a second: the only fixed figure that is published.
    fn published(&self) -> Option<Rate> {
        Rate::per_second(u64::from(self.rule.initial_tps))
    }

    /// Requests left today.
    fn level(&self, now: Instant) -> Option<u64> {
        let quota = self.quota(now);
        Some(quota.per_day.saturating_sub(quota.used))
    }

    fn ran_out(&mut self, now: Instant, part: Reason) {
        match part {
            Reason::PerDay => self.use_of_day(Usage::new(1, 1, now)),
            Reason::PerSecond => self.bucket.ran_out(now, part),
            // An account without access has nothing to use.
            Reason::Limit | Reason::NotActive | Reason::AccessLost => {}
        }
    }

    fn usage(&self, part: Reason) -> Option<Usage> {
        match part {
            Reason::PerDay => self.of_a_day,
            Reason::PerSecond => Usage::larger(self.of_a_second, self.bucket.usage(part)),
            Reason::Limit | Reason::NotActive | Reason::AccessLost => None,
        }
    }

    fn forget_usage(&mut self) {
        (self.of_a_day, self.of_a_second) = (None, None);
        self.bucket.forget_usage();
    }
}

/// No clock tells what will be earned.
impl Facts for Revenue {
    fn terms(&self) -> Option<Terms> {
        None
    }

    fn change(&mut self, _: Instant, _: Terms) {}

    fn has_at(&self, _: Instant, _: u64) -> Option<Instant> {
        None
    }

    fn learns(&self) -> bool {
        true
    }

    fn follows_clock(&self) -> bool {
        true
    }

    fn comes_back_by_clock(&self) -> bool {
        false
    }

    /// The requests of a day.
    fn most_at(&self, now: Instant) -> Option<u64> {
        Some(self.quota(now).per_day)
    }
}

#[cfg(test)]
mod tests;
