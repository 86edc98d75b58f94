//! Nobody gets in after too many failures.
//!
//! Source: Ecomdash, "API Throttling Rules": an API consumer whose calls end in 500 or more "400
//! Bad Request" in 24 hours is answered 403 with `Retry-After`.
//!
//! ```text
//!   settle, refused: a response of the status counts      admit while counted < count
//! ```
//!
//! Responses count whoever answers: the service, another limit of the provider, or a transient
//! refusal. Its own refusals do not count, or a client that goes on would never get in again.
//!
//! Two readings of "in 24 hours": a fixed day, after which all is forgotten, or any 24 hours up to
//! now. What was admitted before the lockout runs to its end, so more than `count` can be counted.

use super::fixed_window::beginning;
use super::usage::{Ebb, Usage};
use super::{Limit, Outcome, Reason, Refusal, Verdict};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;
use std::collections::VecDeque;

/// A count of failures that locks the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lockout {
    status: Status,
    count: u32,
    window: Span,
    kind: LockoutWindow,
    /// When the failures of the window were, oldest first; at most `count`.
    failures: VecDeque<Instant>,
    /// The fewest that it had left.
    ebb: Ebb,
}

/// Which window failures are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockoutWindow {
    /// Windows of the clock; the origin is `offset` into one.
    Fixed {
        /// How far the origin is into a window.
        offset: Span,
    },
    /// The one that ends now.
    Sliding,
}

impl Lockout {
    /// Locks after `count` responses of `status` within `window`.
    #[must_use]
    pub const fn new(status: Status, count: u32, window: Span, kind: LockoutWindow) -> Self {
        Self { status, count, window, kind, failures: VecDeque::new(), ebb: Ebb::NONE }
    }

    /// The status that counts, how many lock the door, and the window in which they do.
    #[must_use]
    pub const fn figures(&self) -> (Status, u32, Span, LockoutWindow) {
        (self.status, self.count, self.window, self.kind)
    }

    fn count(&mut self, now: Instant, status: Status) {
        if status != self.status {
            return;
        }
        if self.failures.len() == self.count as usize {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        // Fewer than ever are left only if one more than the most so far counts.
        let most = self.count.saturating_sub(self.ebb.left()) as usize;
        let oldest = self.failures.len().checked_sub(most + 1);
        let oldest = oldest.and_then(|place| self.failures.get(place));
        if oldest.is_some_and(|at| self.forgotten(*at) > now) {
            self.ebb.see_level(self.level(now), now);
        }
    }

    /// When a failure is forgotten.
    fn forgotten(&self, failure: Instant) -> Instant {
        match self.kind {
            LockoutWindow::Sliding => failure + self.window,
            LockoutWindow::Fixed { offset } => {
                let passed = failure.as_nanos() + offset.as_nanos();
                beginning(passed / self.window.as_nanos() + 1, self.window, offset)
            }
        }
    }
}

impl Limit for Lockout {
    fn check(&self, now: Instant) -> Verdict {
        if self.failures.len() < self.count as usize {
            return Verdict::Admit;
        }
        match self.failures.front().map(|oldest| self.forgotten(*oldest)) {
            Some(open) if open > now => Verdict::Refuse(Refusal::until(open)),
            _ => Verdict::Admit,
        }
    }

    fn charge(&mut self, _: Instant) -> Span {
        Span::ZERO
    }

    fn settle(&mut self, now: Instant, outcome: Outcome) {
        self.count(now, outcome.status);
    }

    fn refused(&mut self, now: Instant, status: Status) {
        self.count(now, status);
    }

    fn published(&self) -> Option<Rate> {
        None
    }

    /// Failures left until the door is locked.
    fn level(&self, now: Instant) -> Option<u64> {
        let past = self.failures.partition_point(|at| self.forgotten(*at) <= now);
        Some(u64::from(self.count) - (self.failures.len() - past) as u64)
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.count.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Money;

    fn fail(lockout: &mut Lockout, at_h: u64, status: Status) {
        lockout.settle(at(at_h), Outcome { status, earned: Money::ZERO });
    }

    fn at(hours: u64) -> Instant {
        Instant::ORIGIN + Span::HOUR.times(hours)
    }

    #[test]
    fn the_five_hundredth_bad_request_locks_until_the_day_turns() {
        let kind = LockoutWindow::Fixed { offset: Span::HOUR.times(2) };
        let mut lockout = Lockout::new(Status::BAD_REQUEST, 500, Span::DAY, kind);
        for _ in 0..499 {
            fail(&mut lockout, 3, Status::BAD_REQUEST);
            fail(&mut lockout, 3, Status::OK);
        }
        assert_eq!(lockout.check(at(3)), Verdict::Admit);
        fail(&mut lockout, 4, Status::BAD_REQUEST);
        assert_eq!(lockout.check(at(4)), Verdict::Refuse(Refusal::until(at(22))));
        assert_eq!((lockout.check(at(22)), lockout.level(at(22))), (Verdict::Admit, Some(500)));
    }

    #[test]
    fn a_sliding_lockout_opens_when_the_oldest_failure_is_a_day_old() {
        let mut lockout = Lockout::new(Status::BAD_REQUEST, 2, Span::DAY, LockoutWindow::Sliding);
        fail(&mut lockout, 1, Status::BAD_REQUEST);
        fail(&mut lockout, 9, Status::BAD_REQUEST);
        assert_eq!(lockout.check(at(10)), Verdict::Refuse(Refusal::until(at(25))));
        assert_eq!(lockout.level(at(25)), Some(1));
    }
}
