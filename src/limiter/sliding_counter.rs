//! So many requests in a window that ends now, estimated from two counters.
//!
//! Source: the approximation that Cloudflare described for its rate limiting ("How we built rate
//! limiting capable of scaling to millions of domains", 2017).
//!
//! ```text
//!   estimate = current + previous · (window - elapsed) / window
//!   whole call: admit while estimate + 1 ≤ limit         any room: admit while estimate < limit
//! ```
//!
//! Compared as whole numbers, `(limit - 1 - current)·window ≥ previous·(window - elapsed)`, so that
//! nothing rounds and the instant at which a refusal ends is exact. The windows are those of the
//! clock.

use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};

/// Counters of this window of the clock and the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlidingCounter {
    limit: u32,
    room: Room,
    window: Span,
    /// How far the origin is into a window.
    offset: Span,
    number: u64,
    current: u32,
    previous: u32,
    /// The fewest that it had left.
    ebb: Ebb,
}

/// What the estimate must leave for one more request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Room {
    /// A whole request: `estimate + 1 ≤ limit`.
    WholeCall,
    /// Any part of one: `estimate < limit`.
    Any,
}

impl SlidingCounter {
    /// About `limit` requests in any `window`; the origin is `offset` into a window of the clock.
    #[must_use]
    pub const fn new(limit: u32, window: Span, offset: Span, room: Room) -> Self {
        Self { limit, room, window, offset, number: 0, current: 0, previous: 0, ebb: Ebb::NONE }
    }

    /// How long a window is.
    #[must_use]
    pub const fn window(&self) -> Span {
        self.window
    }

    /// What its estimate must leave for one more request.
    #[must_use]
    pub const fn room(&self) -> Room {
        self.room
    }

    /// How many it allows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    const fn number_at(&self, now: Instant) -> u64 {
        (now.as_nanos() + self.offset.as_nanos()) / self.window.as_nanos()
    }

    /// The counters of the window before a window, and of itself.
    const fn counts(&self, number: u64) -> (u32, u32) {
        match number - self.number {
            0 => (self.previous, self.current),
            1 => (self.current, 0),
            _ => (0, 0),
        }
    }

    /// The first instant of window `number` at which so many more requests fit, if there is one.
    fn fits_from(&self, number: u64, more: u32) -> Option<Instant> {
        let (previous, current) = self.counts(number);
        let window = u128::from(self.window.as_nanos());
        let over = u128::from(self.limit.checked_sub(current)?.checked_sub(more)?);
        let (weighed, previous) = (u128::from(previous) * window, u128::from(previous));
        let elapsed = match (self.room, previous) {
            (_, 0) => 0,
            (Room::WholeCall, previous) => weighed.saturating_sub(over * window).div_ceil(previous),
            (Room::Any, previous) => match weighed.checked_sub((over + 1) * window) {
                None => 0,
                Some(more) => more / previous + 1,
            },
        };
        let elapsed = u64::try_from(elapsed).ok().filter(|ns| *ns < self.window.as_nanos())?;
        let at = number * self.window.as_nanos() + elapsed;
        Some(Instant::from_nanos(at.saturating_sub(self.offset.as_nanos())))
    }
}

impl Limit for SlidingCounter {
    fn check(&self, now: Instant) -> Verdict {
        match self.has_at(now, 1) {
            Some(at) if at > now => Verdict::Refuse(Refusal::until(at)),
            Some(_) | None => Verdict::Admit,
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.charge_refused(now);
        Span::ZERO
    }

    fn charge_refused(&mut self, now: Instant) {
        let number = self.number_at(now);
        let (previous, current) = self.counts(number);
        (self.number, self.previous, self.current) = (number, previous, current.saturating_add(1));
        if self.ebb.left() > 0 {
            self.ebb.see_level(self.level(now), now);
        }
    }

    fn published(&self) -> Option<Rate> {
        Rate::new(u64::from(self.limit), self.window)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let (previous, current) = self.counts(self.number_at(now));
        let window = u128::from(self.window.as_nanos());
        let elapsed = u128::from(now.as_nanos() + self.offset.as_nanos()) % window;
        let weighed = u128::from(previous) * (window - elapsed);
        let weighed = match self.room {
            Room::WholeCall => weighed.div_ceil(window),
            Room::Any => weighed / window,
        };
        let left = u128::from(self.limit).saturating_sub(weighed + u128::from(current));
        Some(u64::try_from(left).unwrap_or(0))
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

impl Facts for SlidingCounter {
    fn terms(&self) -> Option<Terms> {
        Some(Terms::Number(self.limit))
    }

    fn change(&mut self, _: Instant, terms: Terms) {
        if let Terms::Number(limit) = terms {
            self.limit = limit;
        }
    }

    fn has_at(&self, now: Instant, more: u64) -> Option<Instant> {
        let more = u32::try_from(more).ok().filter(|more| *more <= self.limit)?;
        let windows = self.number_at(now)..self.number_at(now) + 3;
        let fits = windows.into_iter().find_map(|number| self.fits_from(number, more));
        fits.map(|at| at.max(now))
    }

    fn follows_clock(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    /// Ten of ten at 30 s, the origin being `offset` into a minute.
    fn spent(offset: u64, room: Room) -> SlidingCounter {
        let mut counter = SlidingCounter::new(10, Span::MINUTE, Span::from_secs(offset), room);
        for _ in 0..10 {
            assert_eq!(counter.check(at(30)), Verdict::Admit);
            counter.charge(at(30));
        }
        counter
    }

    #[test]
    fn the_window_before_weighs_less_as_time_goes() {
        let mut counter = spent(0, Room::WholeCall);
        // In the next minute one more fits once the ten weigh nine: a tenth of it has passed.
        assert_eq!(counter.check(at(30)), Verdict::Refuse(Refusal::until(at(66))));
        assert_eq!(counter.check(at(66)), Verdict::Admit);
        assert_eq!(counter.level(at(90)), Some(5));
        counter.charge(at(90));
        assert_eq!(counter.level(at(90)), Some(4));
        assert_eq!(counter.level(at(400)), Some(10));
    }

    #[test]
    fn any_room_admits_as_soon_as_the_ten_weigh_less_than_ten() {
        let mut counter = spent(0, Room::Any);
        let first = Instant::from_nanos(60_000_000_001);
        assert_eq!(counter.check(at(30)), Verdict::Refuse(Refusal::until(first)));
        assert_eq!(counter.level(first), Some(1));
        counter.charge(first);
        // 1 + 10 · 0.9 = 10 at 66 s: the next fits a nanosecond later.
        let second = Instant::from_nanos(66_000_000_001);
        assert_eq!(counter.check(first), Verdict::Refuse(Refusal::until(second)));
        assert_eq!((counter.check(second), counter.level(at(90))), (Verdict::Admit, Some(4)));
    }

    #[test]
    fn its_windows_are_those_of_the_clock() {
        let counter = spent(20, Room::WholeCall);
        assert_eq!(counter.check(at(30)), Verdict::Refuse(Refusal::until(at(46))));
        assert_eq!(counter.level(at(70)), Some(5));
    }
}
