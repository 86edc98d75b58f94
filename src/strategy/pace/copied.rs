//! A copy of a published rule on the client's side: it admits what the provider's own limit would,
//! if nobody else used that one.
//!
//! ```text
//!   turn: the first instant at which the copy admits a call that reaches the provider then
//!   way there of 20 ms    copy asked at now + 20 ms, as the provider will be
//! ```
//!
//! It never sees the provider's limit: it has the figures of the page, and counts its own calls.

use super::{BurstAndYield, Turn};
use crate::limiter::{Limit, Limiter, Verdict};
use crate::strategy::Ended;
use crate::units::{Instant, Span};

/// A copy of a published rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    limit: Box<Limiter>,
    /// How long a call is on its way to the provider.
    there: Span,
    /// It sends whole bursts, and rests until the next may begin.
    bursts: Option<BurstAndYield>,
    /// Units that the next call wants, and takes; one of a rule that counts calls.
    next: (u64, u64),
}

impl Copied {
    /// A copy of a limit with a clock, as it begins, for calls that are so long on their way.
    #[must_use]
    pub fn new(limit: Limiter, there: Span) -> Self {
        Self { limit: Box::new(limit), there, bursts: None, next: (1, 1) }
    }

    /// The same, but bursts are followed by a rest.
    #[must_use]
    pub fn in_bursts(self, bursts: BurstAndYield) -> Self {
        Self { bursts: Some(bursts), ..self }
    }

    /// The next call wants so many units, and takes so many of them.
    pub(super) const fn prepare(&mut self, wanted: u64, taken: u64) {
        self.next = (wanted, taken);
    }

    /// A call has used less or more units than it took. That a later call may have been charged for
    /// the instant of its arrival leaves the copy with no more than the provider has.
    pub(super) fn correct(&mut self, now: Instant, back: u64, more: u64) {
        self.limit.correct(now + self.there, back, more);
    }

    /// The rule that it keeps to.
    #[must_use]
    pub const fn limit(&self) -> &Limiter {
        &self.limit
    }
}

impl Turn for Copied {
    fn ready_at(&mut self, now: Instant) -> Instant {
        let from = self.bursts.as_mut().map_or(now, |bursts| bursts.ready_at(now));
        let arrives = from + self.there;
        match self.limit.check_units(arrives, self.next.0) {
            Verdict::Admit => from,
            Verdict::Refuse(refusal) => match refusal.retry_at {
                Some(at) => from + at.since(arrives),
                None => from,
            },
        }
    }

    fn take(&mut self, now: Instant) {
        if let Some(bursts) = &mut self.bursts {
            bursts.take(now);
        }
        self.limit.charge_units(now + self.there, self.next.1);
    }

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{FixedWindow, SlidingLog};

    fn turns(mut lane: Copied, at_ms: &[u64]) -> Vec<u64> {
        let mut now = Instant::ORIGIN;
        let turn = |ms: &u64| {
            now = lane.ready_at(now.max(Instant::ORIGIN + Span::from_millis(*ms)));
            lane.take(now);
            now.as_nanos() / 1_000_000
        };
        at_ms.iter().map(turn).collect()
    }

    /// Two in each minute that begins 10 s after the origin, and 40 ms on the way.
    #[test]
    fn a_window_is_that_of_the_provider_when_the_call_arrives() {
        let window = FixedWindow::new(2, Span::MINUTE, Span::from_secs(50));
        let lane = Copied::new(Limiter::FixedWindow(window), Span::from_millis(40));
        let found = turns(lane, &[0, 0, 0, 9_970, 30_000]);
        assert_eq!(found, [0, 0, 9_960, 9_970, 69_960]);
    }

    #[test]
    fn a_burst_of_a_sliding_window_is_followed_by_a_rest() {
        let log = Limiter::SlidingLog(SlidingLog::new(2, Span::MINUTE));
        let greedy = Copied::new(log, Span::ZERO);
        let bursts = BurstAndYield::new("2/min".parse().expect("a rate"), 2);
        let at = [0, 30_000, 30_000, 30_000, 30_000];
        assert_eq!(turns(greedy.clone(), &at), [0, 30_000, 60_000, 90_000, 120_000]);
        let rests = greedy.in_bursts(bursts);
        assert_eq!(turns(rests, &at), [0, 30_000, 60_000, 90_000, 120_000]);
    }
}
