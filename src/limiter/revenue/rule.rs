//! The figures of a revenue-derived quota, shared by all accounts.

use super::super::{Refill, TokenBucket};
use crate::units::{Instant, Money, Rate, Span};

/// The figures, by default those of Amazon Associates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevenueRule {
    /// How long before the origin the account signed up.
    pub account_age: Span,
    /// From sign-up to the first request that is served.
    pub activation: Span,
    /// How long the initial quota lasts from then on.
    pub initial_period: Span,
    /// The initial quota \[requests a second\].
    pub initial_tps: u32,
    /// The initial quota \[requests a day\].
    pub initial_tpd: u32,
    /// Revenue that earns one request a day.
    pub per_tpd: Money,
    /// Revenue that earns one request a second.
    pub per_tps: Money,
    /// The most that is earned \[requests a second\].
    pub max_tps: u32,
    /// The least \[requests a second\]; 0 leaves small revenue its fraction.
    pub min_tps: u32,
    /// What earned quota does to the initial one.
    pub earned: Earned,
    /// Whole days of shipped revenue that count.
    pub trailing_days: u32,
    /// Days without a referred sale after which access is lost.
    pub lost_after_days: u32,
    /// Days from the shipping of a referred sale until access is back.
    pub returns_after_days: u32,
    /// Requests at once; `None` is those of a second, at least 1.
    pub burst: Option<u32>,
    /// From a call that earns to the shipping of its revenue.
    pub ships_after: Span,
    /// How far the origin is into a day.
    pub day_offset: Span,
}

/// What earned quota does to the initial one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earned {
    /// It takes its place.
    Replaces,
    /// It comes on top of it.
    Adds,
}

impl Default for RevenueRule {
    fn default() -> Self {
        Self {
            account_age: Span::ZERO,
            activation: Span::from_secs(2 * 86_400),
            initial_period: Span::from_secs(30 * 86_400),
            initial_tps: 1,
            initial_tpd: 8_640,
            per_tpd: Money::from_cents(5),
            per_tps: Money::from_cents(432_000),
            max_tps: 10,
            min_tps: 1,
            earned: Earned::Replaces,
            trailing_days: 30,
            lost_after_days: 30,
            returns_after_days: 2,
            burst: None,
            ships_after: Span::from_secs(2 * 86_400),
            day_offset: Span::ZERO,
        }
    }
}

impl RevenueRule {
    /// The number of the day of an instant, the origin's being 0.
    pub(super) const fn day_of(&self, now: Instant) -> u64 {
        (now.as_nanos() + self.day_offset.as_nanos()) / Span::DAY.as_nanos()
    }

    /// The beginning of a day; the origin for day 0.
    pub(super) const fn beginning(&self, day: u64) -> Instant {
        let nanos = day * Span::DAY.as_nanos();
        Instant::from_nanos(nanos.saturating_sub(self.day_offset.as_nanos()))
    }

    /// When the first request is served.
    pub(super) fn active_at(&self) -> Instant {
        Instant::ORIGIN + saturating(self.activation, self.account_age)
    }

    /// When the initial quota ends.
    pub(super) fn initial_end(&self) -> Instant {
        Instant::ORIGIN + saturating(self.activation + self.initial_period, self.account_age)
    }

    /// The requests a day and a second that this much revenue earns.
    pub(super) fn earn(&self, revenue: Money) -> (u64, Option<Rate>) {
        let (cents, price) = (revenue.cents(), self.per_tps.cents());
        let (initial_tpd, initial_tps) = match self.earned {
            Earned::Replaces => (0, 0),
            Earned::Adds => (u64::from(self.initial_tpd), u64::from(self.initial_tps)),
        };
        let least = u64::from(self.min_tps) * price;
        let most = u64::from(self.max_tps) * price;
        let cents_per_second = (cents + initial_tps * price).clamp(least.min(most), most);
        let per_second = Rate::new(cents_per_second, Span::from_secs(price));
        (cents / self.per_tpd.cents() + initial_tpd, per_second)
    }

    /// The plan of the requests of a second: rate and burst; without a rate, the initial one, of
    /// which nothing is admitted because the day has no requests either.
    pub(super) fn plan(&self, rate: Option<Rate>) -> (Rate, u32) {
        let rate = rate.or(Rate::per_second(u64::from(self.initial_tps.max(1))));
        let rate = rate.expect("at least one a second");
        let whole = rate.count() * Span::SECOND.as_nanos() / rate.per().as_nanos().max(1);
        let burst = self.burst.unwrap_or(u32::try_from(whole.max(1)).unwrap_or(u32::MAX));
        (rate, burst.max(1))
    }

    pub(super) fn bucket(&self, rate: Option<Rate>) -> TokenBucket {
        let (rate, burst) = self.plan(rate);
        TokenBucket::new(rate, burst, Refill::Continuous, burst)
    }
}

fn saturating(whole: Span, part: Span) -> Span {
    Span::from_nanos(whole.as_nanos().saturating_sub(part.as_nanos()))
}
