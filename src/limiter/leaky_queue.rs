//! A leaky bucket as a queue: requests wait, and are refused only if that would take too long.
//!
//! Source: Amazon Pay, "API throttling limits", whose analogy is a bucket that leaks at a steady
//! rate; a server that queues instead of refusing is the other classic form of it.
//!
//! ```text
//!   turn ← max(last turn + 1/rate, now);   admit while turn - now ≤ longest wait
//! ```
//!
//! Turns are kept in units of 1/count ns, so that they do not drift.

use super::credits::Credits;
use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};

/// A queue that is served at a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeakyQueue {
    rate: Rate,
    longest_wait: Span,
    /// The next free turn \[ns/count\].
    turn: Credits,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl LeakyQueue {
    /// A queue served at `rate`, in which a request waits at most `longest_wait`.
    #[must_use]
    pub const fn new(rate: Rate, longest_wait: Span) -> Self {
        Self { rate, longest_wait, turn: Credits::NONE, ebb: Ebb::NONE }
    }

    /// The longest that a request waits in it.
    #[must_use]
    pub const fn longest_wait(&self) -> Span {
        self.longest_wait
    }

    /// How fast it drains.
    #[must_use]
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// From now on it drains at another rate; turns that are given stay.
    fn replan(&mut self, rate: Rate) {
        let (old, new) = (u128::from(self.rate.count()), u128::from(rate.count()));
        let turn = self.turn.get();
        self.turn = Credits::of(turn / old * new + (turn % old * new).div_ceil(old));
        self.rate = rate;
    }

    /// Requests that find a place in it while nobody waits.
    fn places(&self) -> u64 {
        let credits = u128::from(self.longest_wait.as_nanos()) * u128::from(self.rate.count());
        let places = credits / u128::from(self.rate.per().as_nanos()) + 1;
        u64::try_from(places).unwrap_or(u64::MAX)
    }

    /// The instant of the next free turn, not before `now`.
    fn next_turn(&self, now: Instant) -> Instant {
        let nanos = self.turn.get().div_ceil(u128::from(self.rate.count()));
        now.max(Instant::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }
}

impl Limit for LeakyQueue {
    fn check(&self, now: Instant) -> Verdict {
        let wait = self.next_turn(now).since(now);
        if wait <= self.longest_wait {
            return Verdict::Admit;
        }
        Verdict::Refuse(Refusal::until(now + (wait - self.longest_wait)))
    }

    fn charge(&mut self, now: Instant) -> Span {
        let wait = self.next_turn(now).since(now);
        let scaled = u128::from(now.as_nanos()) * u128::from(self.rate.count());
        self.turn =
            Credits::of(self.turn.get().max(scaled) + u128::from(self.rate.per().as_nanos()));
        if self.ebb.left() > 0 {
            self.ebb.see_level(self.level(now), now);
        }
        wait
    }

    fn published(&self) -> Option<Rate> {
        Some(self.rate)
    }

    /// Requests that would find a place in the queue now.
    fn level(&self, now: Instant) -> Option<u64> {
        let count = u128::from(self.rate.count());
        let most = u128::from((now + self.longest_wait).as_nanos()) * count;
        let turn = self.turn.get().max(u128::from(now.as_nanos()) * count);
        let per = u128::from(self.rate.per().as_nanos());
        u64::try_from(most.checked_sub(turn).map_or(0, |left| left / per + 1)).ok()
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.places())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

impl Facts for LeakyQueue {
    fn terms(&self) -> Option<Terms> {
        Some(Terms::Rate { rate: self.rate, burst: 1 })
    }

    fn change(&mut self, _: Instant, terms: Terms) {
        if let Terms::Rate { rate, .. } = terms {
            self.replan(rate);
        }
    }

    fn has_at(&self, now: Instant, places: u64) -> Option<Instant> {
        let behind = u128::from(places.saturating_sub(1)) * u128::from(self.rate.per().as_nanos());
        let nanos = (self.turn.get() + behind).div_ceil(u128::from(self.rate.count()));
        let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
        let at = Instant::from_nanos(nanos.saturating_sub(self.longest_wait.as_nanos()));
        (places <= self.places()).then_some(at.max(now))
    }

    fn most(&self) -> Option<u64> {
        Some(self.places())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_wait_their_turn_and_are_refused_when_it_is_too_far() {
        let mut queue = LeakyQueue::new("2/s".parse().expect("a rate"), Span::from_secs(1));
        let now = Instant::ORIGIN;
        assert_eq!(queue.level(now), Some(3));
        let waits: Vec<u64> = (0..3).map(|_| queue.charge(now).as_nanos() / 1_000_000).collect();
        assert_eq!(waits, [0, 500, 1000]);
        let half = now + Span::from_millis(500);
        assert_eq!(queue.check(now), Verdict::Refuse(Refusal::until(half)));
        assert_eq!(queue.check(half), Verdict::Admit);
        assert_eq!(queue.charge(half), Span::from_secs(1));
    }

    #[test]
    fn a_queue_without_patience_spaces_requests() {
        let mut queue = LeakyQueue::new("3/s".parse().expect("a rate"), Span::ZERO);
        let mut now = Instant::ORIGIN;
        for _ in 0..300 {
            queue.charge(now);
            let Verdict::Refuse(refusal) = queue.check(now) else { panic!("no wait is allowed") };
            now = refusal.retry_at.expect("a clock can tell");
        }
        // Each request comes at its turn rounded up to a whole nanosecond.
        let late = now.since(Instant::ORIGIN + Span::from_secs(100));
        assert!(late <= Span::from_nanos(300), "{late}");
    }
}
