//! Nobody gets in after too many failures.
//!
//! Sources: Ecomdash, "API Throttling Rules": an API consumer whose calls end in 500 or more "400
//! Bad Request" in 24 hours is answered 403 with `Retry-After`. Discord, "Rate Limits": 10,000
//! invalid requests (401, 403, 429) in 10 minutes ban an IP address for a while.
//!
//! ```text
//!   settle, refused: a response of a status counts        admit while counted < count
//!   with `lasts`: the count-th shuts for so long, and the count begins anew when it opens
//! ```
//!
//! Responses count whoever answers: the service, another limit of the provider, or a transient
//! refusal. Its own refusals do not count, or a client that goes on would never get in again; where
//! they do make it longer (`extends`), each starts the time anew for which it is shut.
//!
//! Two readings of "in 24 hours": a fixed day, after which all is forgotten, or any 24 hours up to
//! now. What was admitted before the lockout runs to its end, so more than `count` can be counted;
//! with `lasts`, what ends while it is shut does not count.

use super::begins::beginning;
use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Outcome, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;
use std::collections::VecDeque;
use std::sync::Arc;

/// When a lockout shuts, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockoutRule {
    /// The statuses that count.
    pub statuses: Vec<Status>,
    /// How many responses shut it, at least 1.
    pub count: u32,
    /// The window in which they are counted.
    pub window: Span,
    /// Where that window begins.
    pub kind: LockoutWindow,
    /// How long it is shut; `None`: until fewer than `count` are in the window.
    pub lasts: Option<Span>,
    /// True if each call that it refuses starts that time anew.
    pub extends: bool,
}

/// A count of failures that locks the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lockout {
    rule: Arc<LockoutRule>,
    /// When the failures of the window were, oldest first; at most `count`.
    failures: VecDeque<Instant>,
    /// Until when it is shut, with `lasts`.
    shut: Instant,
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
    /// Open, with nothing counted.
    #[must_use]
    pub fn new(rule: LockoutRule) -> Self {
        let (failures, shut) = (VecDeque::new(), Instant::ORIGIN);
        Self { rule: Arc::new(rule), failures, shut, ebb: Ebb::NONE }
    }

    /// When it shuts, and for how long.
    #[must_use]
    pub fn rule(&self) -> &LockoutRule {
        &self.rule
    }

    fn count(&mut self, now: Instant, status: Status) {
        if now < self.shut || !self.rule.statuses.contains(&status) {
            return;
        }
        let count = self.rule.count as usize;
        if self.failures.len() == count {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        // Fewer than ever are left only if one more than the most so far counts.
        let most = self.rule.count.saturating_sub(self.ebb.left()) as usize;
        let oldest = self.failures.len().checked_sub(most + 1);
        let oldest = oldest.and_then(|place| self.failures.get(place));
        if oldest.is_some_and(|at| self.forgotten(*at) > now) {
            self.ebb.see_level(self.level(now), now);
        }
        if let Some(lasts) = self.rule.lasts
            && self.failures.len() == count
            && self.failures.front().is_some_and(|oldest| self.forgotten(*oldest) > now)
        {
            self.shut = now + lasts;
            self.failures.clear();
        }
    }

    /// When a failure is forgotten.
    fn forgotten(&self, failure: Instant) -> Instant {
        let window = self.rule.window;
        match self.rule.kind {
            LockoutWindow::Sliding => failure + window,
            LockoutWindow::Fixed { offset } => {
                let passed = failure.as_nanos() + offset.as_nanos();
                beginning(passed / window.as_nanos() + 1, window, offset)
            }
        }
    }
}

impl Limit for Lockout {
    fn check(&self, now: Instant) -> Verdict {
        if now < self.shut {
            return Verdict::Refuse(Refusal::until(self.shut));
        }
        if self.failures.len() < self.rule.count as usize {
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
        if now < self.shut {
            return Some(0);
        }
        let past = self.failures.partition_point(|at| self.forgotten(*at) <= now);
        Some(u64::from(self.rule.count) - (self.failures.len() - past) as u64)
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
        if let (true, Some(lasts)) = (self.rule.extends && now < self.shut, self.rule.lasts) {
            self.shut = now + lasts;
        }
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.rule.count.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

/// No clock tells when fewer will fail.
impl Facts for Lockout {
    fn terms(&self) -> Option<Terms> {
        None
    }

    fn change(&mut self, _: Instant, _: Terms) {}

    fn has_at(&self, _: Instant, _: u64) -> Option<Instant> {
        None
    }

    fn learns(&self) -> bool {
        true
    }

    fn follows_clock(&self) -> bool {
        matches!(self.rule.kind, LockoutWindow::Fixed { .. })
    }

    fn comes_back_by_clock(&self) -> bool {
        false
    }

    fn most_at(&self, _: Instant) -> Option<u64> {
        Some(self.rule.count.into())
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

    /// So many bad requests in a day.
    fn in_a_day(count: u32, kind: LockoutWindow) -> LockoutRule {
        let (statuses, window) = (vec![Status::BAD_REQUEST], Span::DAY);
        LockoutRule { statuses, count, window, kind, lasts: None, extends: false }
    }

    #[test]
    fn the_five_hundredth_bad_request_locks_until_the_day_turns() {
        let kind = LockoutWindow::Fixed { offset: Span::HOUR.times(2) };
        let mut lockout = Lockout::new(in_a_day(500, kind));
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
        let mut lockout = Lockout::new(in_a_day(2, LockoutWindow::Sliding));
        fail(&mut lockout, 1, Status::BAD_REQUEST);
        fail(&mut lockout, 9, Status::BAD_REQUEST);
        assert_eq!(lockout.check(at(10)), Verdict::Refuse(Refusal::until(at(25))));
        assert_eq!(lockout.level(at(25)), Some(1));
    }

    /// Three in a day shut it for two hours; a call that ends meanwhile does not count, and the
    /// count begins anew. Where refusals extend it, a call at the last moment starts the time anew.
    #[test]
    fn a_ban_lasts_its_own_time() {
        for (extends, opens) in [(false, 5), (true, 6)] {
            let rule = in_a_day(3, LockoutWindow::Sliding);
            let mut ban =
                Lockout::new(LockoutRule { lasts: Some(Span::HOUR.times(2)), extends, ..rule });
            (1..=3).for_each(|hour| fail(&mut ban, hour, Status::BAD_REQUEST));
            assert_eq!(ban.check(at(4)), Verdict::Refuse(Refusal::until(at(5))));
            fail(&mut ban, 4, Status::BAD_REQUEST);
            assert_eq!(ban.admit(at(4)), Err(Reason::Limit));
            assert_eq!(ban.check(at(4)), Verdict::Refuse(Refusal::until(at(opens))));
            assert_eq!(ban.level(at(opens)), Some(3));
            assert_eq!(ban.admit(at(opens)), Ok(Span::ZERO));
        }
    }
}
