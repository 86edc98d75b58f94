//! One process that follows a strategy, with what it remembers, and the workers that it has.

use super::backoff::Wait;
use super::budget::Spend;
use super::concurrency::Adapt;
use super::guard::Watch;
use super::{Again, Budget, Concurrency, Ended, Guard, Strategy, View, Waiting};
use crate::random::Draws;
use crate::units::{Instant, Rate};
use crate::wire::{Operation, Response};

/// What a client decides for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The next attempt is made now.
    Send,
    /// It has a worker, and queues for a turn of its lane.
    Queue,
    /// It waits until one of this client's calls ends.
    Park,
    /// It fails without leaving.
    Refuse,
    /// The request is given up.
    GiveUp,
}

/// The workers of a client.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crew {
    busy: u32,
    concurrency: Option<Concurrency>,
}

impl Crew {
    /// Workers with nothing to do.
    #[must_use]
    pub fn new(strategy: &Strategy) -> Self {
        Self { busy: 0, concurrency: strategy.concurrency.clone() }
    }

    /// A call has ended and its worker is free.
    #[inline]
    pub const fn ended(&mut self) {
        self.busy -= 1;
    }

    /// Takes a worker for a second attempt, if one is free.
    pub fn spare(&mut self, strategy: &Strategy) -> bool {
        let free = self.has_room(strategy, false);
        self.busy += u32::from(free);
        free
    }

    /// True if one more request finds a worker.
    #[inline]
    fn has_room(&mut self, strategy: &Strategy, urgent: bool) -> bool {
        let kept = if urgent { 0 } else { strategy.reserve };
        if strategy.workers.is_some_and(|workers| self.busy + kept >= workers) {
            return false;
        }
        match &mut self.concurrency {
            None => true,
            Some(concurrency) => self.busy < concurrency.bound(),
        }
    }
}

/// One process that follows a strategy, but for its workers and lanes, which it may share.
#[derive(Debug, Clone)]
pub struct Client {
    guards: Vec<Guard>,
    budget: Option<Budget>,
    /// The last rate header of each operation, for strategies that wait by it.
    headers: Vec<Option<Rate>>,
    /// Attempts under way.
    in_flight: u32,
}

impl Client {
    /// A process that has not sent anything.
    #[must_use]
    pub fn new(strategy: &Strategy) -> Self {
        Self {
            guards: strategy.guards.clone(),
            budget: strategy.budget.clone(),
            headers: Vec::new(),
            in_flight: 0,
        }
    }

    /// Asked when a request could be sent: at its arrival, after a back-off, after a wake-up.
    ///
    /// `Send` and `Queue` take a worker, unless it has one; [`Crew::ended`] gives it back.
    #[inline]
    pub fn first(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        request: Waiting,
        crew: &mut Crew,
        point: impl FnOnce() -> f64,
    ) -> Decision {
        if strategy.retry.is_too_late(now, request.arrived) {
            return Decision::GiveUp;
        }
        if !request.holds && !crew.has_room(strategy, request.urgent) {
            return Decision::Park;
        }
        if !self.guards.is_empty() && !self.admits(now, request.ready, point()) {
            return Decision::Refuse;
        }
        if !request.holds {
            crew.busy += 1;
        }
        if request.ready { Decision::Send } else { Decision::Queue }
    }

    fn admits(&mut self, now: Instant, ready: bool, point: f64) -> bool {
        if !self.guards.iter_mut().all(|guard| guard.admits(now, point, ready)) {
            return false;
        }
        self.guards.iter_mut().for_each(|guard| guard.left(now));
        true
    }

    /// Told of every attempt that is sent, if the strategy listens.
    pub const fn sent(&mut self) {
        self.in_flight += 1;
    }

    /// Attempts under way.
    #[must_use]
    pub const fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Told of every answer, if the strategy listens.
    pub fn learn(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        operation: Operation,
        (ended, crew): (&Ended, &mut Crew),
    ) {
        self.in_flight -= 1;
        if let Some(rate) = ended.rate_limit.filter(|_| strategy.retry.backoff.reads_header()) {
            let place = usize::from(operation.0);
            if place >= self.headers.len() {
                self.headers.resize(place + 1, None);
            }
            self.headers[place] = Some(rate);
        }
        for guard in &mut self.guards {
            guard.learn(now, ended);
        }
        if let Some(budget) = &mut self.budget {
            budget.learn(now, ended);
        }
        if let Some(concurrency) = &mut crew.concurrency {
            concurrency.learn(now, ended);
        }
    }

    /// Asked when a response that is no success has come, after it has been learned: `ended`, for
    /// strategies that listen.
    #[inline(always)]
    pub fn again(
        &mut self,
        strategy: &Strategy,
        now: Instant,
        view: &View,
        (response, ended): (&Response, Option<&Ended>),
        draws: &mut Draws,
    ) -> Again {
        let told = self.headers.get(usize::from(view.operation.0)).copied().flatten();
        let view = View { told, ..*view };
        self.paid(strategy.retry.again(now, &view, response, draws), now, ended)
    }

    #[inline(always)]
    fn paid(&mut self, again: Again, now: Instant, ended: Option<&Ended>) -> Again {
        if let (Some(budget), Some(ended), Again::After(_)) = (&mut self.budget, ended, again)
            && !budget.grant(now, ended)
        {
            return Again::GiveUp;
        }
        again
    }

    /// Asked when a guard has refused an attempt, which counts as one that failed.
    pub fn refused(
        &self,
        strategy: &Strategy,
        now: Instant,
        view: &View,
        draws: &mut Draws,
    ) -> Again {
        strategy.retry.refused(now, view, draws)
    }

    /// An attempt that was granted will not be made, as its request has been given up.
    pub fn waive(&mut self) {
        if let Some(budget) = &mut self.budget {
            budget.waive();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_with_all_workers_busy_parks_until_a_call_ends() {
        let strategy = Strategy { workers: Some(2), ..Strategy::default() };
        let (mut client, mut crew) = (Client::new(&strategy), Crew::new(&strategy));
        let now = Instant::ORIGIN;
        let request = Waiting { arrived: now, urgent: false, holds: false, ready: true };
        let mut ask = |crew: &mut Crew| client.first(&strategy, now, request, crew, || 0.0);
        assert_eq!(ask(&mut crew), Decision::Send);
        assert_eq!(ask(&mut crew), Decision::Send);
        assert_eq!(ask(&mut crew), Decision::Park);
        crew.ended();
        assert_eq!(ask(&mut crew), Decision::Send);
    }

    #[test]
    fn a_guard_that_refuses_takes_no_worker_and_no_place() {
        let no_waiting = crate::strategy::NoWaiting::default();
        let strategy =
            Strategy { workers: Some(1), guards: vec![no_waiting.into()], ..Strategy::default() };
        let (mut client, mut crew) = (Client::new(&strategy), Crew::new(&strategy));
        let now = Instant::ORIGIN;
        let mut ask = |ready| {
            let request = Waiting { arrived: now, urgent: false, holds: false, ready };
            client.first(&strategy, now, request, &mut crew, || 0.0)
        };
        assert_eq!(ask(false), Decision::Refuse);
        assert_eq!(ask(true), Decision::Send);
    }
}
