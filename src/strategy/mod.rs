//! What a client does: when it sends, how many at a time, whether and when it tries again.
//!
//! ```text
//!   request ──► first ──► SendAt(t) ──► attempt ──► Response ──► again ──► After(wait), to `first`
//!                  ├────► Park: wake me when one of my calls ends     └──► GiveUp
//!                  └────► GiveUp
//! ```
//!
//! A [`Strategy`] is what a scenario says and never changes; a [`Client`] is one process that
//! follows it, with its pacer, and a [`Crew`] its workers; several may share one of either.
//! A client sees responses and the published limits, never a provider's limiter. It is asked
//! before every attempt, the first included.

mod backoff;
mod pace;
mod retry;

pub use backoff::{Backoff, Jitter};
pub use pace::{Lane, Pace};
pub use retry::{Again, Retry};

use crate::random::Draws;
use crate::units::{Instant, Rate, Span};
use crate::wire::{Operation, Response};
use pace::Pacer;

/// What a client decides for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The next attempt is made then.
    SendAt(Instant),
    /// It waits until one of this client's calls ends.
    Park,
    /// The request is given up.
    GiveUp,
}

/// Everything that a client decides, as a scenario states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// Whether and when to try again.
    pub retry: Retry,
    /// At what rate to send; `None` sends as soon as there is something to send.
    pub pace: Option<Pace>,
    /// Attempts in flight at most; `None` is unlimited.
    pub workers: Option<u32>,
    /// Workers that are kept for urgent requests, fewer than there are.
    pub reserve: u32,
    /// Who shares the workers.
    pub crew: Sharing,
    /// True for clients that sleep out a back-off in the worker.
    pub hold_worker: bool,
    /// The workloads that it runs, by index; `None` is all.
    pub workloads: Option<Vec<u16>>,
}

/// Who has one of something between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    /// Each process has its own.
    #[default]
    Process,
    /// The processes of a caller share one.
    Caller,
    /// All callers share one.
    Everybody,
}

/// What a client knows of a request when it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The operation called.
    pub operation: Operation,
    /// The rate that the provider publishes for the operation, if it does.
    pub published: Option<Rate>,
    /// When the request arose.
    pub arrived: Instant,
    /// Attempts made so far.
    pub attempts: u32,
    /// The last back-off, zero before the first.
    pub delay: Span,
}

/// The workers of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Crew {
    busy: u32,
}

impl Crew {
    /// A call has ended and its worker is free.
    #[inline]
    pub const fn ended(&mut self) {
        self.busy -= 1;
    }
}

/// What a client knows of a request that could be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The operation called.
    pub operation: Operation,
    /// When the request arose.
    pub arrived: Instant,
    /// True for work of the highest priority, if there are several.
    pub urgent: bool,
}

/// One process that follows a strategy, but for its workers.
#[derive(Debug, Clone)]
pub struct Client {
    pacers: Vec<Pacer>,
    /// The last rate header of each operation, for strategies that wait by it.
    headers: Vec<Option<Rate>>,
}

impl Client {
    /// A process that has not sent anything.
    #[must_use]
    pub fn new(strategy: &Strategy) -> Self {
        let lanes = strategy.pace.as_ref().map_or(&[][..], |pace| &pace.lanes);
        Self { headers: Vec::new(), pacers: lanes.iter().map(|lane| Pacer::new(*lane)).collect() }
    }

    /// Asked when a request could be sent: at its arrival, after a back-off, after a wake-up.
    ///
    /// `SendAt` takes a worker and a place in the pacer; [`Crew::ended`] gives the worker back.
    #[inline]
    pub fn first(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        request: Waiting,
        crew: &mut Crew,
    ) -> Decision {
        if strategy.retry.is_too_late(now, request.arrived) {
            return Decision::GiveUp;
        }
        let kept = if request.urgent { 0 } else { strategy.reserve };
        if strategy.workers.is_some_and(|workers| crew.busy + kept >= workers) {
            return Decision::Park;
        }
        if strategy.pace.is_none() {
            crew.busy += 1;
            return Decision::SendAt(now);
        }
        match self.turn(strategy, now, request) {
            Some(at) => {
                crew.busy += 1;
                Decision::SendAt(at)
            }
            None => Decision::GiveUp,
        }
    }

    /// Told of every response: what its rate header says is remembered, and followed if the
    /// strategy does.
    #[inline]
    pub fn learn(&mut self, strategy: &Strategy, operation: Operation, response: &Response) {
        let Some(rate) = response.rate_limit else { return };
        if strategy.retry.backoff == Backoff::HeaderWait {
            let place = usize::from(operation.0);
            if place >= self.headers.len() {
                self.headers.resize(place + 1, None);
            }
            self.headers[place] = Some(rate);
        }
        let Some(pace) = &strategy.pace else { return };
        let Some(share) = pace.follow else { return };
        if let (Some(lane), Some(rate)) = (pace.lane(operation), rate.share(share)) {
            self.pacers[lane].follow(rate);
        }
    }

    /// Asked when a response that is no success has come. `SendAt(t)` means: ask `first` at `t`,
    /// or, for a client that sleeps in its worker, send at `t`.
    #[inline]
    pub fn again(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        view: &View,
        response: &Response,
        draws: &mut Draws,
    ) -> Again {
        if self.headers.is_empty() {
            return strategy.retry.again(now, view, response, draws);
        }
        let told = self.headers.get(usize::from(view.operation.0)).copied().flatten();
        let view = View { published: told.or(view.published), ..*view };
        strategy.retry.again(now, &view, response, draws)
    }

    /// The instant at which the next attempt of a worker that has slept may go; `None` gives it
    /// up, for its deadline comes first.
    pub fn resume(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        request: Waiting,
    ) -> Option<Instant> {
        if strategy.retry.is_too_late(now, request.arrived) {
            return None;
        }
        self.turn(strategy, now, request)
    }

    /// Books the pacer's next turn, unless it comes too late.
    fn turn(&mut self, strategy: &Strategy, now: Instant, request: Waiting) -> Option<Instant> {
        let lane = strategy.pace.as_ref().and_then(|pace| pace.lane(request.operation));
        let Some(lane) = lane else { return Some(now) };
        let turn = self.pacers[lane].next(now);
        if strategy.retry.is_too_late(turn, request.arrived) {
            return None;
        }
        Some(self.pacers[lane].reserve(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_with_all_workers_busy_parks_until_a_call_ends() {
        let strategy = Strategy {
            retry: Retry::never(),
            pace: None,
            workers: Some(2),
            reserve: 0,
            crew: Sharing::Process,
            hold_worker: false,
            workloads: None,
        };
        let (mut client, mut crew) = (Client::new(&strategy), Crew::default());
        let now = Instant::ORIGIN;
        let request = Waiting { operation: Operation(0), arrived: now, urgent: false };
        let mut ask = |crew: &mut Crew| client.first(&strategy, now, request, crew);
        assert_eq!(ask(&mut crew), Decision::SendAt(now));
        assert_eq!(ask(&mut crew), Decision::SendAt(now));
        assert_eq!(ask(&mut crew), Decision::Park);
        crew.ended();
        assert_eq!(ask(&mut crew), Decision::SendAt(now));
    }
}
