//! An Associates account from day to day: its phase, its trailing revenue, its quota.

use super::{Income, RevenueRule};
use crate::units::{Instant, Money, Rate, Span};
use std::collections::VecDeque;

/// The phase that an account is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has signed up, and is not served yet.
    NotActive,
    /// It has the initial quota.
    Initial,
    /// It has what its revenue earns.
    Earned,
    /// It has lost its access.
    Lost,
}

impl Phase {
    /// The phase in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotActive => "not active",
            Self::Initial => "initial",
            Self::Earned => "earned",
            Self::Lost => "lost",
        }
    }
}

/// The quota of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyQuota {
    /// The phase that the account is in.
    pub phase: Phase,
    /// Revenue of the trailing days.
    pub revenue: Money,
    /// Requests a day.
    pub per_day: u64,
    /// Requests a second; `None` is none.
    pub per_second: Option<Rate>,
    /// Requests that the day has used.
    pub used: u64,
}

/// Where an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    income: Income,
    day: u64,
    /// Revenue of the trailing days, oldest first.
    trailing: VecDeque<Money>,
    revenue: Money,
    /// The day of the last referred sale, or of sign-up.
    last_sale: i64,
    /// Access is lost until the day given, if a sale has shipped since.
    lost: Option<Option<u64>>,
    quota: DailyQuota,
}

impl Account {
    pub fn new(rule: &RevenueRule, income: Income) -> Self {
        let days = i64::from(rule.trailing_days);
        let trailing: VecDeque<Money> = (-days..0).map(|day| income.on(day)).collect();
        let revenue = trailing.iter().copied().sum();
        let age = rule.account_age.as_nanos() / Span::DAY.as_nanos();
        let signed_up = -i64::try_from(age).unwrap_or(i64::MAX);
        let sold = (-i64::from(rule.lost_after_days)..0).rfind(|day| income.on(*day).cents() > 0);
        let quota =
            DailyQuota { phase: Phase::NotActive, revenue, per_day: 0, per_second: None, used: 0 };
        let last_sale = sold.unwrap_or(signed_up);
        let mut account = Self { income, day: 0, trailing, revenue, last_sale, lost: None, quota };
        account.evaluate(rule);
        account
    }

    /// Today, the origin's day being 0.
    pub const fn day(&self) -> u64 {
        self.day
    }

    /// Today's quota, unused.
    pub const fn quota(&self) -> DailyQuota {
        self.quota
    }

    /// Revenue of the account's own calls that will ship.
    pub fn ship(&mut self, day: u64, amount: Money) {
        self.income.ship(day.max(self.day), amount);
    }

    /// Days ahead after which nothing known changes any more.
    pub fn foreseeable(&self, rule: &RevenueRule) -> u64 {
        let change = self.income.last_change().max(rule.day_of(rule.initial_end()));
        let settled = u64::from(rule.trailing_days + rule.returns_after_days) + 2;
        change.saturating_sub(self.day) + settled
    }

    /// Ends the day: what it shipped counts from now on.
    pub fn next_day(&mut self, rule: &RevenueRule) {
        let shipped = self.income.take(self.day);
        self.trailing.push_back(shipped);
        self.revenue += shipped;
        if self.trailing.len() > rule.trailing_days as usize {
            let oldest = self.trailing.pop_front().unwrap_or(Money::ZERO);
            self.revenue = self.revenue - oldest;
        }
        if shipped.cents() > 0 {
            self.last_sale = i64::try_from(self.day).unwrap_or(i64::MAX);
            if self.lost == Some(None) {
                self.lost = Some(Some(self.day + u64::from(rule.returns_after_days)));
            }
        }
        self.day += 1;
        self.evaluate(rule);
    }

    fn evaluate(&mut self, rule: &RevenueRule) {
        let begins: Instant = rule.beginning(self.day);
        let initial = begins < rule.initial_end();
        self.check_access(rule, initial);
        let (phase, (per_day, per_second)) = match self.lost {
            Some(_) => (Phase::Lost, (0, None)),
            None if initial => {
                let per_second = Rate::per_second(u64::from(rule.initial_tps));
                (Phase::Initial, (u64::from(rule.initial_tpd), per_second))
            }
            None => (Phase::Earned, rule.earn(self.revenue)),
        };
        self.quota = DailyQuota { phase, revenue: self.revenue, per_day, per_second, used: 0 };
    }

    fn check_access(&mut self, rule: &RevenueRule, initial: bool) {
        if self.lost.flatten().is_some_and(|back| back <= self.day) {
            self.lost = None;
        }
        let today = i64::try_from(self.day).unwrap_or(i64::MAX);
        let without = today - self.last_sale > i64::from(rule.lost_after_days);
        if without && !initial && self.lost.is_none() {
            self.lost = Some(None);
        }
    }
}
