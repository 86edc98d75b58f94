//! So many requests in a window that ends now, estimated from two counters.
//!
//! Source: the approximation that Cloudflare described for its rate limiting ("How we built rate
//! limiting capable of scaling to millions of domains", 2017).
//!
//! ```text
//!   estimate = current + previous · (window - elapsed) / window;  admit while estimate ≤ limit - 1
//! ```
//!
//! Compared as whole numbers, `(limit - 1 - current)·window ≥ previous·(window - elapsed)`, so that
//! nothing rounds and the instant at which a refusal ends is exact.

use super::fixed_window::beginning;
use super::{Limit, Refusal, Verdict};
use crate::units::{Instant, Rate, Span};

/// Counters of this window of the clock and the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlidingCounter {
    limit: u32,
    window: Span,
    number: u64,
    current: u32,
    previous: u32,
}

impl SlidingCounter {
    /// About `limit` requests in any `window`.
    #[must_use]
    pub const fn new(limit: u32, window: Span) -> Self {
        Self { limit, window, number: 0, current: 0, previous: 0 }
    }

    const fn number_at(&self, now: Instant) -> u64 {
        now.as_nanos() / self.window.as_nanos()
    }

    /// The counters of the window before a window, and of itself.
    const fn counts(&self, number: u64) -> (u32, u32) {
        match number - self.number {
            0 => (self.previous, self.current),
            1 => (self.current, 0),
            _ => (0, 0),
        }
    }

    /// The first instant of window `number` at which one more request fits, if there is one.
    fn fits_from(&self, number: u64) -> Option<Instant> {
        let (previous, current) = self.counts(number);
        let window = u128::from(self.window.as_nanos());
        let spare = u128::from(self.limit.checked_sub(current.checked_add(1)?)?) * window;
        let weighed = u128::from(previous) * window;
        let elapsed = match u128::from(previous) {
            0 => 0,
            previous => weighed.saturating_sub(spare).div_ceil(previous),
        };
        let elapsed = u64::try_from(elapsed).ok().filter(|ns| *ns < self.window.as_nanos())?;
        Some(beginning(number, self.window, Span::ZERO) + Span::from_nanos(elapsed))
    }
}

impl Limit for SlidingCounter {
    fn check(&self, now: Instant) -> Verdict {
        let number = self.number_at(now);
        let windows = number..number + 3;
        let fits = windows.into_iter().find_map(|number| self.fits_from(number));
        match fits {
            Some(at) if at <= now => Verdict::Admit,
            Some(at) => Verdict::Refuse(Refusal::until(at)),
            None => Verdict::Admit,
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
    }

    fn published(&self) -> Option<Rate> {
        Rate::new(u64::from(self.limit), self.window)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let number = self.number_at(now);
        let (previous, current) = self.counts(number);
        let window = u128::from(self.window.as_nanos());
        let elapsed = now.since(beginning(number, self.window, Span::ZERO));
        let left = window - u128::from(elapsed.as_nanos());
        let weighed = (u128::from(previous) * left).div_ceil(window) + u128::from(current);
        Some(u64::try_from(u128::from(self.limit).saturating_sub(weighed)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_before_weighs_less_as_time_goes() {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let mut counter = SlidingCounter::new(10, Span::MINUTE);
        for _ in 0..10 {
            assert_eq!(counter.check(at(30)), Verdict::Admit);
            counter.charge(at(30));
        }
        // In the next minute one more fits once the ten weigh nine: a tenth of it has passed.
        assert_eq!(counter.check(at(30)), Verdict::Refuse(Refusal::until(at(66))));
        assert_eq!(counter.check(at(66)), Verdict::Admit);
        assert_eq!(counter.level(at(90)), Some(5));
        counter.charge(at(90));
        assert_eq!(counter.level(at(90)), Some(4));
        assert_eq!(counter.level(at(400)), Some(10));
    }
}
