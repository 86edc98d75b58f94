//! So many requests in each window of the clock.
//!
//! Source: Ecomdash, "API Throttling Rules": 120 calls a minute, with calls "all at once at the
//! beginning of each minute" in mind.
//!
//! ```text
//!   window(t) = ⌊(t + offset) / window⌋        admit while used in it < limit
//!   ├──── 120 ────┼──── 120 ────┼──►           240 can pass around a boundary
//! ```

use super::usage::{Ebb, Usage};
use super::{Limit, Reason, Refusal, Verdict};
use crate::units::{Instant, Rate, Span};

/// A count of requests that starts anew with every window of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedWindow {
    limit: u32,
    used: u32,
    window: Span,
    /// How far the origin is into a window.
    offset: Span,
    /// The window that `used` counts.
    number: u64,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl FixedWindow {
    /// `limit` requests in each `window`; the origin is `offset` into one.
    #[must_use]
    pub const fn new(limit: u32, window: Span, offset: Span) -> Self {
        Self { limit, used: 0, window, offset, number: 0, ebb: Ebb::NONE }
    }

    /// How long a window is.
    #[must_use]
    pub const fn window(&self) -> Span {
        self.window
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

    /// How far the origin is into a window.
    pub(super) const fn offset(&self) -> Span {
        self.offset
    }

    pub(super) const fn number_at(&self, now: Instant) -> u64 {
        (now.as_nanos() + self.offset.as_nanos()) / self.window.as_nanos()
    }

    const fn used_at(&self, now: Instant) -> u32 {
        if self.number_at(now) == self.number { self.used } else { 0 }
    }
}

/// The instant at which window `number` begins, for an origin that is `offset` into window 0.
pub(super) const fn beginning(number: u64, window: Span, offset: Span) -> Instant {
    Instant::from_nanos((number * window.as_nanos()).saturating_sub(offset.as_nanos()))
}

impl Limit for FixedWindow {
    fn check(&self, now: Instant) -> Verdict {
        if self.used_at(now) < self.limit {
            return Verdict::Admit;
        }
        let next = beginning(self.number_at(now) + 1, self.window, self.offset);
        Verdict::Refuse(Refusal::until(next))
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

    fn published(&self) -> Option<Rate> {
        Rate::new(u64::from(self.limit), self.window)
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
}
