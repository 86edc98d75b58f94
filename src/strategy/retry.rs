//! Whether to try again, and when: attempts, a deadline, which statuses, and `Retry-After`.
//!
//! ```text
//!   failure ──► worth it? ──► attempts left? ──► delay ──► before the deadline? ──► After(delay)
//! ```
//!
//! `delay` is the back-off's, or `Retry-After` if it is honoured and longer.

use super::{Backoff, View};
use crate::random::Draws;
use crate::units::{Instant, Span};
use crate::wire::{Response, Status};

/// What a client decides after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Another attempt after this wait.
    After(Span),
    /// No more.
    GiveUp,
}

/// When a request is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Attempts at most, the first included; `None` is without end.
    pub attempts: Option<u32>,
    /// A request is given up when its next attempt would start later than this after it arose.
    pub deadline: Option<Span>,
    /// The statuses that are worth another attempt.
    pub statuses: Vec<Status>,
    /// The wait.
    pub backoff: Backoff,
    /// Waits for as long as `Retry-After` says, if that is longer.
    pub honour_retry_after: bool,
}

impl Retry {
    /// One attempt, and no other.
    #[must_use]
    pub const fn never() -> Self {
        Self {
            attempts: Some(1),
            deadline: None,
            statuses: Vec::new(),
            backoff: Backoff::None,
            honour_retry_after: false,
        }
    }

    pub(super) fn is_too_late(&self, now: Instant, arrived: Instant) -> bool {
        self.deadline.is_some_and(|deadline| now.since(arrived) > deadline)
    }

    pub(super) fn again(
        &self,
        now: Instant,
        view: &View,
        response: &Response,
        draws: &mut Draws,
    ) -> Again {
        let spent = self.attempts.is_some_and(|attempts| view.attempts >= attempts);
        if spent || !self.statuses.contains(&response.status) {
            return Again::GiveUp;
        }
        let asked = response.retry_after.filter(|_| self.honour_retry_after);
        let delay = self.backoff.delay(view, draws).max(asked.unwrap_or(Span::ZERO));
        if self.is_too_late(now + delay, view.arrived) {
            return Again::GiveUp;
        }
        Again::After(delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::wire::Operation;

    fn again(retry: &Retry, attempts: u32, now_s: u64, response: Response) -> Again {
        let mut draws = Streams::new(1, 0).stream(Purpose::Jitter, 0).at(0);
        let view = View {
            operation: Operation(0),
            published: None,
            arrived: Instant::ORIGIN,
            attempts,
            delay: Span::ZERO,
        };
        retry.again(Instant::ORIGIN + Span::from_secs(now_s), &view, &response, &mut draws)
    }

    #[test]
    fn a_retry_needs_an_attempt_left_a_status_worth_it_and_time() {
        let retry = Retry {
            attempts: Some(3),
            deadline: Some(Span::from_secs(60)),
            statuses: vec![Status::TOO_MANY_REQUESTS],
            backoff: Backoff::Fixed(Span::from_secs(10)),
            honour_retry_after: false,
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
            backoff: Backoff::Fixed(Span::from_secs(10)),
            ..Retry::never()
        };
        let told = |s| Response {
            retry_after: Some(Span::from_secs(s)),
            ..Response::bare(Status::TOO_MANY_REQUESTS)
        };
        assert_eq!(again(&retry, 1, 0, told(30)), Again::After(Span::from_secs(10)));
        retry.honour_retry_after = true;
        assert_eq!(again(&retry, 1, 0, told(30)), Again::After(Span::from_secs(30)));
        assert_eq!(again(&retry, 1, 0, told(3)), Again::After(Span::from_secs(10)));
    }
}
