//! So many requests in each window of the clock, or of a calendar.
//!
//! Sources: Ecomdash, "API Throttling Rules": 120 calls a minute, with calls "all at once at the
//! beginning of each minute" in mind. eBay, "API call limits": a number of calls for each
//! application and day, which begins at midnight Pacific Time; days there have 23 or 25 hours where
//! clocks change.
//!
//! ```text
//!   admit while used in the window of now < limit
//!   ├──── 120 ────┼──── 120 ────┼──►           240 can pass around a boundary
//! ```

use super::begins::Begins;
use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{CalendarUnit, Instant, Rate, Span};
use std::sync::Arc;

/// A count of requests that starts anew with every window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedWindow {
    limit: u32,
    used: u32,
    begins: Begins,
    /// The window that `used` counts.
    number: u64,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl FixedWindow {
    /// `limit` requests in each `window`; the origin is `offset` into one.
    #[must_use]
    pub const fn new(limit: u32, window: Span, offset: Span) -> Self {
        Self::by(limit, Begins::Even { length: window, offset })
    }

    /// `limit` requests in each day, week or month; the next ones begin at these instants, which
    /// are in order and after the origin. The last has no end.
    #[must_use]
    pub const fn of_calendar(limit: u32, unit: CalendarUnit, begins: Arc<[Instant]>) -> Self {
        Self::by(limit, Begins::Calendar { unit, begins })
    }

    const fn by(limit: u32, begins: Begins) -> Self {
        Self { limit, used: 0, begins, number: 0, ebb: Ebb::NONE }
    }

    /// When its windows begin.
    #[must_use]
    pub const fn begins(&self) -> &Begins {
        &self.begins
    }

    /// How many it allows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    fn number_at(&self, now: Instant) -> u64 {
        self.begins.number_at(now, self.number)
    }

    fn used_at(&self, now: Instant) -> u32 {
        if self.number_at(now) == self.number { self.used } else { 0 }
    }

    /// When the window of `now` ends, if it does.
    fn ends(&self, now: Instant) -> Option<Instant> {
        self.begins.end_of(self.number_at(now))
    }
}

impl Limit for FixedWindow {
    fn check(&self, now: Instant) -> Verdict {
        if self.used_at(now) < self.limit {
            return Verdict::Admit;
        }
        let retry_at = self.begins.end_of(self.number_at(now));
        Verdict::Refuse(Refusal { reason: Reason::Limit, retry_at })
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
        Rate::new(u64::from(self.limit), self.begins.about())
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

impl Facts for FixedWindow {
    fn terms(&self) -> Option<Terms> {
        Some(Terms::Number(self.limit))
    }

    fn change(&mut self, _: Instant, terms: Terms) {
        if let Terms::Number(limit) = terms {
            self.limit = limit;
        }
    }

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        if u64::from(self.used_at(now)) + left <= u64::from(self.limit) {
            return Some(now);
        }
        self.ends(now).filter(|_| left <= u64::from(self.limit))
    }

    fn follows_clock(&self) -> bool {
        true
    }

    fn resets_at(&self, now: Instant) -> Option<Instant> {
        self.ends(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_120_and_the_next_begins_anew() {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let mut window = FixedWindow::new(120, Span::MINUTE, Span::from_secs(20));
        for _ in 0..120 {
            assert_eq!(window.check(at(39)), Verdict::Admit);
            window.charge(at(39));
        }
        assert_eq!(window.check(at(39)), Verdict::Refuse(Refusal::until(at(40))));
        assert_eq!(window.level(at(40)), Some(120));
        window.charge(at(40));
        assert_eq!(window.level(at(99)), Some(119));
        assert_eq!(window.level(at(100)), Some(120));
    }

    #[test]
    fn each_window_begins_anew_whatever_its_length() {
        let at = |h| Instant::ORIGIN + Span::HOUR.times(h);
        let begins = [at(8), at(31), at(56)].into();
        let mut day = FixedWindow::of_calendar(2, CalendarUnit::Day, begins);
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
        let told = FixedWindow::of_calendar(0, CalendarUnit::Day, [at(8)].into()).check(at(0));
        assert_eq!(told, Verdict::Refuse(Refusal::until(at(8))));
    }
}
