//! So many requests in each day, week or month of a calendar.
//!
//! Source: eBay, "API call limits": a number of calls for each application and day, which begins at
//! midnight Pacific Time; days there have 23 or 25 hours where clocks change.
//!
//! ```text
//!   begins: sorted instants      window(t) = those of them that are at or before t
//!   ├──── 5,000 ───┼─ 5,000 (23 h) ─┼──►
//! ```

use super::usage::{Ebb, Usage};
use super::{Limit, Reason, Refusal, Verdict};
use crate::units::{CalendarUnit, Instant, Rate, Span};
use std::sync::Arc;

/// A count of requests that starts anew at stated instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarWindow {
    limit: u32,
    used: u32,
    unit: CalendarUnit,
    /// When windows begin after the origin, in order.
    begins: Arc<[Instant]>,
    /// The window that `used` counts: how many have begun since the origin.
    number: usize,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl CalendarWindow {
    /// `limit` requests in each window; the next ones begin at these instants, which are in order
    /// and after the origin. The last has no end.
    #[must_use]
    pub const fn new(limit: u32, unit: CalendarUnit, begins: Arc<[Instant]>) -> Self {
        Self { limit, used: 0, unit, begins, number: 0, ebb: Ebb::NONE }
    }

    /// What its windows are.
    #[must_use]
    pub const fn unit(&self) -> CalendarUnit {
        self.unit
    }

    /// How many it allows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// From now on it allows so many.
    pub(super) const fn allow(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// When the window of `now` ends, if it does.
    pub(super) fn next_after(&self, now: Instant) -> Option<Instant> {
        self.begins.get(self.number_at(now)).copied()
    }

    pub(super) fn number_at(&self, now: Instant) -> usize {
        match self.begins.get(self.number) {
            Some(next) if *next <= now => self.begins.partition_point(|begin| *begin <= now),
            _ => self.number,
        }
    }

    fn used_at(&self, now: Instant) -> u32 {
        if self.number_at(now) == self.number { self.used } else { 0 }
    }
}

impl Limit for CalendarWindow {
    fn check(&self, now: Instant) -> Verdict {
        if self.used_at(now) < self.limit {
            return Verdict::Admit;
        }
        Verdict::Refuse(Refusal { reason: Reason::Limit, retry_at: self.next_after(now) })
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.charge_refused(now);
        Span::ZERO
    }

    fn charge_refused(&mut self, now: Instant) {
        self.used = self.used_at(now).saturating_add(1);
        self.number = self.number_at(now);
        self.ebb.see(self.limit.saturating_sub(self.used), now);
    }

    /// Its limit in a window of the usual length.
    fn published(&self) -> Option<Rate> {
        Rate::new(u64::from(self.limit), self.unit.about())
    }

    fn level(&self, now: Instant) -> Option<u64> {
        Some(u64::from(self.limit.saturating_sub(self.used_at(now))))
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.limit.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_window_begins_anew_whatever_its_length() {
        let at = |h| Instant::ORIGIN + Span::HOUR.times(h);
        let begins = [at(8), at(31), at(56)].into();
        let mut day = CalendarWindow::new(2, CalendarUnit::Day, begins);
        let mut answers = Vec::new();
        for hour in [7, 7, 7, 8, 30, 30, 31, 56, 90, 900] {
            answers.push(day.admit(at(hour)).is_ok());
        }
        let (yes, no) = (true, false);
        assert_eq!(answers, [yes, yes, no, yes, yes, no, yes, yes, yes, no]);
        assert_eq!(
            day.check(at(900)),
            Verdict::Refuse(Refusal { reason: Reason::Limit, retry_at: None })
        );
        let told = CalendarWindow::new(0, CalendarUnit::Day, [at(8)].into()).check(at(0));
        assert_eq!(told, Verdict::Refuse(Refusal::until(at(8))));
    }
}
