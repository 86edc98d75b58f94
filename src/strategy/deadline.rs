//! How long a request is tried again, and what becomes of a wait that would last longer.
//!
//! ```text
//!   skip:     now + wait > end ──► given up at once
//!   shorten:  now >= end ──► given up;  otherwise wait = min(wait, end - now)
//!   full:     now >= end ──► given up;  otherwise the whole wait, whenever it ends
//! ```
//!
//! Client libraries count from the first attempt, so that time in line for a worker costs nothing:
//! google-api-core 2.44 (`retry_unary.py`) skips, backoff 2.2 (`max_time`) shortens, tenacity 9.2
//! keeps the whole wait (`stop_after_delay`) or skips it (`stop_before_delay`).

use super::Again;
use crate::units::{Instant, Span};

/// How long a request is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The time from its beginning to its end, above 0.
    pub after: Span,
    /// When it begins.
    pub from: DeadlineFrom,
    /// What becomes of a wait that would end later.
    pub last_wait: LastWait,
}

/// When a deadline begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeadlineFrom {
    /// When the request arises: it is also given up while it waits for a worker or for a turn.
    Arrival,
    /// When its first attempt is made; nothing is given up before.
    #[default]
    FirstAttempt,
}

/// What becomes of a wait that would end after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LastWait {
    /// The request is given up at once.
    #[default]
    Skip,
    /// The wait is cut to end at the deadline, and one more attempt is made then.
    Shorten,
    /// It is waited in full: only a failure after the deadline gives the request up.
    Full,
}

impl Deadline {
    /// What becomes of a request whose deadline began at `since`, and which would wait for `delay`.
    #[inline]
    pub(super) fn again(self, now: Instant, since: Instant, delay: Span) -> Again {
        let elapsed = now.since(since);
        let (is_over, delay) = match self.last_wait {
            LastWait::Skip => (elapsed + delay > self.after, delay),
            LastWait::Shorten => {
                (elapsed >= self.after, delay.min(self.after - elapsed.min(self.after)))
            }
            LastWait::Full => (elapsed >= self.after, delay),
        };
        if is_over { Again::GiveUp } else { Again::After(delay) }
    }

    /// True if a request that arose at `arrived` is given up although it has not failed: its
    /// attempt would be made now, too late.
    #[inline]
    pub(super) fn is_past(self, now: Instant, arrived: Instant) -> bool {
        let waits = self.from == DeadlineFrom::Arrival && self.last_wait != LastWait::Full;
        waits && now.since(arrived) > self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After 60 s, with waits of 10 s: what a failure leads to after so many seconds.
    #[test]
    fn the_last_wait_is_skipped_shortened_or_kept() {
        let (skip, shorten, full) = (LastWait::Skip, LastWait::Shorten, LastWait::Full);
        for (last_wait, failed_s, wait_s) in [
            (skip, 50, Some(10)),
            (skip, 51, None),
            (skip, 60, None),
            (shorten, 50, Some(10)),
            (shorten, 51, Some(9)),
            (shorten, 59, Some(1)),
            (shorten, 60, None),
            (full, 51, Some(10)),
            (full, 59, Some(10)),
            (full, 60, None),
        ] {
            let after = Span::from_secs(60);
            let deadline = Deadline { after, from: DeadlineFrom::FirstAttempt, last_wait };
            let since = Instant::ORIGIN + Span::HOUR;
            let now = since + Span::from_secs(failed_s);
            let expected = wait_s.map_or(Again::GiveUp, |s| Again::After(Span::from_secs(s)));
            let found = deadline.again(now, since, Span::from_secs(10));
            assert_eq!(found, expected, "{last_wait:?} {failed_s}");
        }
    }

    #[test]
    fn only_a_deadline_from_arrival_ends_a_wait_in_line() {
        let late = Instant::ORIGIN + Span::from_secs(61);
        for (from, last_wait, past) in [
            (DeadlineFrom::Arrival, LastWait::Skip, true),
            (DeadlineFrom::Arrival, LastWait::Shorten, true),
            (DeadlineFrom::Arrival, LastWait::Full, false),
            (DeadlineFrom::FirstAttempt, LastWait::Skip, false),
        ] {
            let deadline = Deadline { after: Span::from_secs(60), from, last_wait };
            assert_eq!(deadline.is_past(late, Instant::ORIGIN), past, "{from:?} {last_wait:?}");
            assert!(!deadline.is_past(Instant::ORIGIN + deadline.after, Instant::ORIGIN));
        }
    }
}
