//! The short way of a request, in a run that allows it: from arrival or back-off through the
//! limits' decision to its end or the next back-off, in one piece.
//!
//! ```text
//!   arises ──► attempt ──► admitted, a success: counted at once, and never kept
//!                 ▲   └──► refused: given up, or kept until the back-off is over ─┐
//!                 └───────────────────────────────────────────────────────────────┘
//! ```
//!
//! The same provider and the same strategy decide what they decide on the long way, of `life` and
//! `answers`; what [`Shortcuts`](super::shortcuts::Shortcuts) allows to leave out is left out.
//!
//! It is worth its page: workload W1 takes 498.5 instructions an attempt by the short way and
//! 1,051.2 by the long one (callgrind, `benches/hot.rs`, the same build with the flag turned off).

use super::index::RequestId;
use super::observe::Observer;
use super::partition::Partition;
use super::provider::{Lot, Served};
use super::records::{Event, Pending, Request};
use crate::engine::Rank;
use crate::limiter::Decision;
use crate::metrics::Fate;
use crate::random::Draws;
use crate::strategy::{Backoff, View, Wait};
use crate::units::{Instant, Money, Span};
use crate::wire::Status;

/// What becomes of a request that has been tried.
enum Tried {
    /// It has ended.
    Over,
    /// It waits until then.
    Waits(Instant),
    /// It has been admitted, and its answer will be known then.
    Admitted(Instant, Fate, Money),
}

impl<O: Observer> Partition<'_, O> {
    /// A request arises, and is tried.
    #[inline(always)]
    pub(super) fn arise_express(&mut self, mut request: Request) {
        let now = request.arrived;
        match self.attempt(now, &mut request, true) {
            Tried::Over => {}
            Tried::Waits(at) => {
                let number = self.transit.insert(request);
                self.clock.schedule(at, Rank::Start, Event::Ready(number));
            }
            Tried::Admitted(at, fate, earned) => {
                let number = self.transit.insert(request);
                self.await_answer(at, number, (fate, earned));
            }
        }
    }

    /// A back-off is over, and the request is tried again.
    #[inline(always)]
    pub(super) fn retry_express(&mut self, now: Instant, number: RequestId) {
        let mut request = self.transit[number];
        match self.attempt(now, &mut request, false) {
            Tried::Over => self.transit.remove(number),
            Tried::Waits(at) => {
                let kept = &mut self.transit[number];
                kept.attempts = request.attempts;
                (kept.delay, kept.waited) = (request.delay, request.waited);
                self.clock.schedule(at, Rank::Start, Event::Ready(number));
            }
            Tried::Admitted(at, fate, earned) => {
                let kept = &mut self.transit[number];
                (kept.attempts, kept.admissions) = (request.attempts, request.admissions);
                self.await_answer(at, number, (fate, earned));
            }
        }
    }

    #[inline(never)]
    fn await_answer(&mut self, at: Instant, number: RequestId, (fate, earned): (Fate, Money)) {
        self.expect_answer(number, Pending::Service(fate, earned));
        self.clock.schedule(at, Rank::End, Event::Served(number));
    }

    /// One attempt, and what the client makes of the answer.
    #[inline(always)]
    fn attempt(&mut self, now: Instant, request: &mut Request, first: bool) -> Tried {
        request.attempts += 1;
        let caller = self.callers.caller_of(request.process);
        let mut counters = self.ledger.counters(request.counted, caller.account, now);
        if first {
            counters.arrive();
        }
        let (rule, reason) = match self.provider.ask_limits(now, caller, request.operation) {
            Decision::Refused { rule, reason } => (rule, reason),
            Decision::Admitted { hold } => {
                let Request { owner, attempts, admissions, cell, .. } = *request;
                let lot = Lot { owner, attempts, admissions, cell, items: 1, bad_ppm: 0 };
                let Served { fate, earned, latency } =
                    self.provider.serve(request.operation, lot, None);
                counters.admit(fate, first);
                let at = now + (hold + latency);
                if fate != Fate::Success || request.job.is_some() {
                    request.admissions += 1;
                    return Tried::Admitted(at, fate, earned);
                }
                // Nobody learns of the success, and it changes nothing: it is counted as soon as it
                // is certain.
                match at > self.set.horizon {
                    true => counters.leave_under_way(),
                    false => counters.end_ahead(at, at.since(request.arrived)),
                }
                return Tried::Over;
            }
        };
        let cause = self.provider.cause(rule, reason);
        counters.refuse(cause, first);
        let (retry, refusal) = (&self.set.strategy.retry, self.provider.refusal(cause));
        let over = retry.is_spent(request.attempts) || !retry.is_worth(&refusal);
        let from = || (caller, request.operation);
        let header = if over { None } else { self.provider.retry_after(now, from, (rule, cause)) };
        if over || retry.gives_up(header) {
            counters.give_up();
            if let Some(job) = request.job {
                self.ended_of(now, job, false);
            }
            return Tried::Over;
        }
        let delay = retry.heeding(header, self.delay(now, request, refusal.status));
        request.delay = delay;
        request.waited = request.waited + delay;
        Tried::Waits(now + delay)
    }

    #[inline(always)]
    fn delay(&self, now: Instant, request: &Request, status: Status) -> Span {
        let Request { operation, arrived, attempts, delay, waited, .. } = *request;
        let mut draws = self.jitter(request);
        match &self.set.strategy.retry.backoff {
            Backoff::Exponential(backoff) => backoff.after((attempts, delay), status, &mut draws),
            _ => {
                let published = self.set.plan.calls[usize::from(operation.0)].published;
                let since = arrived;
                let view =
                    View { operation, published, told: None, since, attempts, delay, waited };
                self.rarer_delay(now, &view, (status, draws))
            }
        }
    }

    #[inline(never)]
    fn rarer_delay(&self, now: Instant, view: &View, (status, mut draws): (Status, Draws)) -> Span {
        self.set.strategy.retry.backoff.delay(now, view, status, &mut draws)
    }
}
