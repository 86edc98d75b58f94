//! So many calls in each so much time, by a client's own clock.
//!
//! ```text
//!   sliding   turn(n) >= turn(n-calls) + each
//!   fixed     a window begins with its first turn; when it is full, the next begins at its end
//!   strict    as sliding, and not bunched: once turn(n-calls) + each is no later than turn(n-1),
//!             turn(n) = turn(n-1) + each/calls
//! ```
//!
//! Source of `strict` and `fixed`: sindresorhus/p-throttle 8.1.1, `index.js`, with `strict` and
//! without. Most rate limiters of other languages are one of the three.

use super::Turn;
use crate::strategy::Ended;
use crate::units::{Instant, Span};
use std::collections::VecDeque;

/// So many calls in each so much time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windowed {
    /// Calls in a window, at least 1.
    pub calls: u32,
    /// The length of a window, above 0.
    pub each: Span,
    /// When a window begins.
    pub kind: WindowedKind,
    /// The last turns, as many as a window has; of a fixed window those since it began.
    turns: VecDeque<Instant>,
}

/// When the window of a client begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WindowedKind {
    /// At every instant.
    #[default]
    Sliding,
    /// With its first call, or where a full one ends.
    Fixed,
    /// At every instant, and calls are kept apart once a window was full.
    Strict,
}

impl Windowed {
    /// So many calls in each so much time, of which none has been made.
    #[must_use]
    pub const fn new(calls: u32, each: Span, kind: WindowedKind) -> Self {
        Self { calls, each, kind, turns: VecDeque::new() }
    }

    /// The turn that comes next, in the past if it is free.
    fn next(&self, now: Instant) -> Instant {
        let (Some(first), Some(last)) = (self.turns.front(), self.turns.back()) else { return now };
        let idle = self.kind == WindowedKind::Strict && now.since(*last) > self.each;
        if idle || self.turns.len() < self.calls as usize {
            return now;
        }
        let free = *first + self.each;
        if self.kind == WindowedKind::Strict && free <= *last {
            return *last + self.each.divided_by(u64::from(self.calls.max(1)));
        }
        free
    }
}

impl Turn for Windowed {
    fn ready_at(&mut self, now: Instant) -> Instant {
        self.next(now).max(now)
    }

    fn take(&mut self, now: Instant) {
        let turn = match self.kind {
            // What left after its turn counts from its turn, as in the source.
            WindowedKind::Strict => self.next(now),
            WindowedKind::Sliding | WindowedKind::Fixed => now,
        };
        let is_over = match (self.kind, self.turns.front(), self.turns.back()) {
            (WindowedKind::Fixed, Some(first), _) => now >= *first + self.each,
            (WindowedKind::Strict, _, Some(last)) => now.since(*last) > self.each,
            _ => false,
        };
        if is_over {
            self.turns.clear();
        }
        if self.turns.len() >= self.calls as usize {
            self.turns.pop_front();
        }
        self.turns.push_back(turn);
    }

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When calls leave of which so many are made in each second, by when they come \[ms\].
    fn turns(kind: WindowedKind, calls: u32, at: &[u64]) -> Vec<u64> {
        let mut lane = Windowed::new(calls, Span::SECOND, kind);
        let mut now = Instant::ORIGIN;
        let mut turn = |ms: &u64| {
            now = lane.ready_at(now.max(Instant::ORIGIN + Span::from_millis(*ms)));
            lane.take(now);
            now.as_nanos() / 1_000_000
        };
        at.iter().map(&mut turn).collect()
    }

    #[test]
    fn calls_that_come_at_once_leave_by_the_table() {
        let came = [0; 8];
        for (kind, expected) in [
            (WindowedKind::Sliding, [0, 0, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000]),
            (WindowedKind::Fixed, [0, 0, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000]),
            (WindowedKind::Strict, [0, 0, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500]),
        ] {
            assert_eq!(turns(kind, 2, &came), expected, "{kind:?}");
        }
    }

    /// Two a second: 0.9, 1.0 and 1.1 s are three within 200 ms where the window is fixed.
    #[test]
    fn a_window_slides_or_begins_with_its_first_call() {
        let came = [0, 900, 1_000, 1_100, 1_200];
        for (kind, expected) in [
            (WindowedKind::Sliding, [0, 900, 1_000, 1_900, 2_000]),
            (WindowedKind::Fixed, [0, 900, 1_000, 1_100, 2_000]),
            (WindowedKind::Strict, [0, 900, 1_000, 1_900, 2_000]),
        ] {
            assert_eq!(turns(kind, 2, &came), expected, "{kind:?}");
        }
    }

    /// After more than a second without a call, a burst may leave again.
    #[test]
    fn an_idle_client_has_its_burst_back() {
        let came = [0, 0, 0, 2_600, 2_600, 2_600, 2_600];
        let expected = [0, 0, 1_000, 2_600, 2_600, 3_600, 4_100];
        assert_eq!(turns(WindowedKind::Strict, 2, &came), expected);
        let expected = [0, 0, 1_000, 2_600, 2_600, 3_600, 3_600];
        assert_eq!(turns(WindowedKind::Sliding, 2, &came), expected);
    }
}
