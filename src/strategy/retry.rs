//! Whether to try again, and when: attempts, a deadline, which answers, and `Retry-After`.
//!
//! ```text
//!   failure ──► worth it? ──► attempts left? ──► delay ──► deadline ──► After(delay)
//! ```
//!
//! An answer is worth another attempt by its status, or by the error code in its body, which is
//! what the AWS SDKs go by. `delay` is the back-off's, or what `Retry-After` makes of it.

use super::{Again, AtOnce, Backoff, Deadline, DeadlineFrom, View, Wait};
use crate::random::Draws;
use crate::units::{Instant, Span};
use crate::wire::{Code, Response, Status};

/// When a request is tried again.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Attempts at most, the first included; `None` is without end.
    pub attempts: Option<u32>,
    /// Whose attempts are counted together.
    pub counted: Counted,
    /// How long it is tried again; `None` is without end.
    pub deadline: Option<Deadline>,
    /// The statuses that are worth another attempt.
    pub statuses: Vec<Status>,
    /// The error codes that are worth another attempt, whatever the status.
    pub codes: Vec<Code>,
    /// True if an attempt that a guard has refused is worth another.
    pub refusals: bool,
    /// The wait.
    pub backoff: Backoff,
    /// What `Retry-After` does to it.
    pub retry_after: RetryAfter,
    /// The longest `Retry-After` that is believed.
    pub retry_after_at_most: Span,
    /// What a longer one does.
    pub beyond: Beyond,
}

/// What a `Retry-After` does that is longer than what a client believes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Beyond {
    /// It counts as the longest.
    #[default]
    Counts,
    /// The back-off is waited instead.
    Ignored,
    /// The request is given up.
    GivesUp,
}

/// Whose attempts are counted together, towards their number and for the back-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counted {
    /// Each request's own.
    #[default]
    Request,
    /// Those of all requests of a process for one operation, until any of them ends: a slip that
    /// real clients have made.
    Process,
    /// As `Process`, of all processes of all accounts: one process that serves all accounts.
    Accounts,
}

/// What a `Retry-After` header does to a back-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetryAfter {
    /// Nothing.
    #[default]
    Ignored,
    /// The longer of the two is waited.
    Least,
    /// It is waited for at least, and for so much more at most.
    Within(Span),
}

impl RetryAfter {
    /// The wait that a back-off and the header make.
    #[inline(always)]
    fn applied(self, delay: Span, header: Option<Span>) -> Span {
        match (self, header) {
            (Self::Ignored, _) | (_, None) => delay,
            (Self::Least, Some(header)) => delay.max(header),
            (Self::Within(more), Some(header)) => delay.clamp(header, header + more),
        }
    }
}

impl Retry {
    /// One attempt, and no other.
    #[must_use]
    pub const fn never() -> Self {
        Self {
            attempts: Some(1),
            counted: Counted::Request,
            deadline: None,
            statuses: Vec::new(),
            codes: Vec::new(),
            refusals: true,
            backoff: Backoff::AtOnce(AtOnce),
            retry_after: RetryAfter::Ignored,
            retry_after_at_most: Span::LONGEST,
            beyond: Beyond::Counts,
        }
    }

    /// True if a request that arose at `arrived` is given up although it has not failed: its
    /// deadline counts from its arrival, and is over.
    #[must_use]
    #[inline(always)]
    pub fn is_too_late(&self, now: Instant, arrived: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline.is_past(now, arrived))
    }

    /// True if the instant of a request's first attempt must be remembered.
    #[must_use]
    pub fn counts_from_first_attempt(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.from == DeadlineFrom::FirstAttempt)
    }

    /// Whether a request is tried again after a response, and when.
    #[inline(always)]
    pub(crate) fn again(
        &self,
        now: Instant,
        view: &View,
        response: &Response,
        draws: &mut Draws,
    ) -> Again {
        if self.is_spent(view.attempts)
            || !self.is_worth(response)
            || self.gives_up(response.retry_after)
        {
            return Again::GiveUp;
        }
        let delay = self.backoff.delay(now, view, response.status, draws);
        self.in_time(now, view, self.heeding(response.retry_after, delay))
    }

    /// True if a response is worth another attempt, by its status or its code.
    #[inline]
    #[must_use]
    #[expect(clippy::manual_contains, reason = "`contains` is not inlined: 21 instructions a call")]
    pub fn is_worth(&self, response: &Response) -> bool {
        self.statuses.iter().any(|status| *status == response.status)
            || response.code.is_some_and(|code| self.codes.contains(&code))
    }

    /// True if the client does not wait for so long a `Retry-After`.
    #[inline(always)]
    #[must_use]
    pub fn gives_up(&self, header: Option<Span>) -> bool {
        header.is_some_and(|told| told > self.retry_after_at_most) && self.beyond == Beyond::GivesUp
    }

    /// A back-off, and what a `Retry-After` header makes of it.
    #[inline(always)]
    #[must_use]
    pub fn heeding(&self, header: Option<Span>, delay: Span) -> Span {
        let most = self.retry_after_at_most;
        let header = match self.beyond {
            Beyond::Counts | Beyond::GivesUp => header.map(|told| told.min(most)),
            Beyond::Ignored => header.filter(|told| *told <= most),
        };
        self.retry_after.applied(delay, header)
    }

    /// As `again`, of an attempt that a guard of the client has refused.
    pub(super) fn refused(&self, now: Instant, view: &View, draws: &mut Draws) -> Again {
        if self.is_spent(view.attempts) || !self.refusals {
            return Again::GiveUp;
        }
        let delay = self.backoff.delay(now, view, Status::TOO_MANY_REQUESTS, draws);
        self.in_time(now, view, delay)
    }

    /// True if a request that has made so many attempts makes no more.
    #[inline(always)]
    #[must_use]
    pub fn is_spent(&self, made: u32) -> bool {
        self.attempts.is_some_and(|attempts| made >= attempts)
    }

    #[inline(always)]
    fn in_time(&self, now: Instant, view: &View, delay: Span) -> Again {
        match self.deadline {
            None => Again::After(delay),
            Some(deadline) => deadline.again(now, view.since, delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::strategy::Fixed;
    use crate::wire::Operation;

    fn again(retry: &Retry, attempts: u32, now_s: u64, response: Response) -> Again {
        let mut draws = Streams::new(1, 0).stream(Purpose::Jitter, 0).at(0);
        let view = View {
            operation: Operation(0),
            published: None,
            told: None,
            since: Instant::ORIGIN,
            attempts,
            delay: Span::ZERO,
            waited: Span::ZERO,
        };
        retry.again(Instant::ORIGIN + Span::from_secs(now_s), &view, &response, &mut draws)
    }

    #[test]
    fn a_retry_needs_an_attempt_left_a_status_worth_it_and_time() {
        let after = Span::from_secs(60);
        let (from, last_wait) = Default::default();
        let deadline = Deadline { after, from, last_wait };
        let retry = Retry {
            attempts: Some(3),
            deadline: Some(deadline),
            statuses: vec![Status::TOO_MANY_REQUESTS],
            backoff: Fixed { wait: Span::from_secs(10) }.into(),
            ..Retry::never()
        };
        let throttled = Response::bare(Status::TOO_MANY_REQUESTS);
        let wait = Again::After(Span::from_secs(10));
        assert_eq!(again(&retry, 1, 0, throttled), wait);
        assert_eq!(again(&retry, 2, 50, throttled), wait, "60 s is still in time");
        assert_eq!(again(&retry, 3, 0, throttled), Again::GiveUp, "attempts");
        assert_eq!(again(&retry, 1, 51, throttled), Again::GiveUp, "deadline");
        assert_eq!(again(&retry, 1, 0, Response::bare(Status::BAD_REQUEST)), Again::GiveUp);
        let endless = Retry { attempts: None, ..retry };
        assert_eq!(again(&endless, 4_000_000, 0, throttled), wait);
    }

    #[test]
    fn retry_after_is_honoured_only_where_the_client_does_and_it_is_longer() {
        let mut retry = Retry {
            attempts: None,
            statuses: vec![Status::TOO_MANY_REQUESTS],
            backoff: Fixed { wait: Span::from_secs(10) }.into(),
            ..Retry::never()
        };
        let told = |s| Response {
            retry_after: Some(Span::from_secs(s)),
            ..Response::bare(Status::TOO_MANY_REQUESTS)
        };
        assert_eq!(again(&retry, 1, 0, told(30)), Again::After(Span::from_secs(10)));
        retry.retry_after = RetryAfter::Least;
        assert_eq!(again(&retry, 1, 0, told(30)), Again::After(Span::from_secs(30)));
        assert_eq!(again(&retry, 1, 0, told(3)), Again::After(Span::from_secs(10)));
        retry.retry_after = RetryAfter::Within(Span::from_secs(5));
        for (told_s, expected) in [(3, 8), (7, 10), (30, 30)] {
            let expected = Again::After(Span::from_secs(expected));
            assert_eq!(again(&retry, 1, 0, told(told_s)), expected, "{told_s}");
        }
        let bounded = Retry { retry_after_at_most: Span::from_secs(20), ..retry };
        for (told_s, expected) in [(3, 8), (19, 19), (30, 20)] {
            let expected = Again::After(Span::from_secs(expected));
            assert_eq!(again(&bounded, 1, 0, told(told_s)), expected, "{told_s}, 20 s at most");
        }
        let ignores = Retry { beyond: Beyond::Ignored, ..bounded.clone() };
        assert_eq!(again(&ignores, 1, 0, told(20)), Again::After(Span::from_secs(20)));
        assert_eq!(again(&ignores, 1, 0, told(21)), Again::After(Span::from_secs(10)));
        let gives_up = Retry { beyond: Beyond::GivesUp, ..bounded };
        assert_eq!(again(&gives_up, 1, 0, told(20)), Again::After(Span::from_secs(20)));
        assert_eq!(again(&gives_up, 1, 0, told(21)), Again::GiveUp);
    }

    /// Selling Partner API says `QuotaExceeded`, which is on no list of the AWS SDKs.
    #[test]
    fn an_error_code_can_be_what_is_worth_another_attempt() {
        let retry = Retry { attempts: None, codes: vec![Code(7)], ..Retry::never() };
        let coded =
            |code| Response { code: Some(Code(code)), ..Response::bare(Status::TOO_MANY_REQUESTS) };
        assert_eq!(again(&retry, 1, 0, coded(7)), Again::After(Span::ZERO));
        assert_eq!(again(&retry, 1, 0, coded(8)), Again::GiveUp);
        assert_eq!(again(&retry, 1, 0, Response::bare(Status::TOO_MANY_REQUESTS)), Again::GiveUp);
    }
}
