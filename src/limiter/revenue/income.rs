//! What an account earns: revenue shipped by day, known beforehand, and what its own calls add.

use crate::units::Money;
use std::collections::VecDeque;
use std::sync::Arc;

/// Shipped revenue by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Income {
    daily: Arc<[Money]>,
    /// The day of the first amount; days before the origin are negative.
    first_day: i64,
    beyond: Beyond,
    /// Revenue of the account's own calls that will ship, by day, in order.
    pending: VecDeque<(u64, Money)>,
}

/// What ships after the last day that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing.
    Nothing,
    /// As much as on the last day.
    TheLast,
}

impl Income {
    /// These amounts by day, the first of them on `first_day`.
    #[must_use]
    pub fn new(daily: Arc<[Money]>, first_day: i64, beyond: Beyond) -> Self {
        Self { daily, first_day, beyond, pending: VecDeque::new() }
    }

    /// The same amount every day, for `history` days before the origin too.
    #[must_use]
    pub fn constant(amount: Money, history: u32) -> Self {
        Self::new([amount].into(), -i64::from(history), Beyond::TheLast)
    }

    /// What is known to ship on a day.
    pub(super) fn on(&self, day: i64) -> Money {
        let known = usize::try_from(day - self.first_day).ok();
        let listed = known.and_then(|place| self.daily.get(place)).copied();
        let last = || match (self.beyond, known) {
            (Beyond::TheLast, Some(_)) => self.daily.last().copied(),
            _ => None,
        };
        listed.or_else(last).unwrap_or(Money::ZERO)
    }

    /// Revenue of the account's own calls that ships on `day`, which is not before any other.
    pub(super) fn ship(&mut self, day: u64, amount: Money) {
        match self.pending.back_mut().filter(|(last, _)| *last == day) {
            Some((_, sum)) => *sum += amount,
            None => self.pending.push_back((day, amount)),
        }
    }

    /// Takes what ships on a day.
    pub(super) fn take(&mut self, day: u64) -> Money {
        let mut shipped = i64::try_from(day).map_or(Money::ZERO, |day| self.on(day));
        while self.pending.front().is_some_and(|(of, _)| *of <= day) {
            shipped += self.pending.pop_front().map_or(Money::ZERO, |(_, amount)| amount);
        }
        shipped
    }

    /// The last day on which something is known to change.
    pub(super) fn last_change(&self) -> u64 {
        let listed = self.first_day + i64::try_from(self.daily.len()).unwrap_or(i64::MAX / 2);
        let pending = self.pending.back().map_or(0, |(day, _)| *day);
        pending.max(u64::try_from(listed).unwrap_or(0))
    }
}
