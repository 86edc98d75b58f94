//! The stations of one request's life, in order.

use super::aftermath::Effect;
use super::callers::CrewId;
use super::index::RequestId;
use super::observe::{Attempt, Next, Observer};
use super::partition::Partition;
use super::provider::Reply;
use super::records::{Event, Pending, Request};
use crate::engine::Rank;
use crate::metrics::Fate;
use crate::random::Purpose;
use crate::strategy::{Decision, Turn, View, Waiting};
use crate::units::Instant;
use crate::wire::Response;
use crate::workload::Workload;
use std::collections::VecDeque;

/// What came of asking a client about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// It is under way or will be, or has ended.
    Settled,
    /// It must wait until one of the client's calls ends.
    Parked,
}

impl<O: Observer> Partition<'_, O> {
    /// The next event of the clock happens.
    #[inline(always)]
    pub(super) fn next_event(&mut self, now: Instant) {
        let is_dry = self.clock.is_dry();
        let Some((_, event)) = self.clock.take() else { return };
        if is_dry && self.is_vast() {
            self.prefetch_events(event);
        }
        if let Event::Ready(request) = event
            && self.set.shortcuts.is_express
        {
            return self.retry_express(now, request);
        }
        self.happen(now, event);
    }

    fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::Return(source) => {
                let number = self.work.source_mut(source).arrivals.count_one();
                self.arrive(now, source, number, None);
            }
            Event::Continue(job) => self.resume(now, job),
            Event::Again(job) => self.begin_again(now, job),
            Event::Rested(process) => self.rested(now, process),
            Event::Stir(job) => self.stir(now, job),
            Event::Wake(process) => self.wake(now, self.callers.crew(process)),
            Event::Ready(request) => self.consider(now, request),
            Event::Turn(lane) => self.turn(now, lane),
            Event::Warm => self.provider.gate_mut().forget_usage(),
            Event::Flush(batch) => self.flush(now, batch),
            Event::Hedge(request) => self.hedge(now, request),
            Event::Reach(request) => self.decide(now, request),
            Event::Served(request) => self.served(now, request),
            Event::Answered(request) => self.arrived_back(now, request),
        }
    }

    /// A request arises, or its back-off is over: it is sent, or joins those that are parked.
    pub(super) fn consider(&mut self, now: Instant, number: RequestId) {
        if self.ask(now, number) == Asked::Parked {
            self.park(number);
        }
    }

    /// The client is asked when it sends.
    fn ask(&mut self, now: Instant, number: RequestId) -> Asked {
        if !self.set.shortcuts.is_single && self.is_lost(number) {
            self.abandon(now, number);
            return Asked::Settled;
        }
        if self.set.shortcuts.sends_freely {
            self.send(now, number);
            return Asked::Settled;
        }
        let request = &self.transit[number];
        let (arrived, holds) = (request.arrived, request.holds);
        let urgent = match self.set.urgent {
            None => false,
            Some(highest) => self.priority(request) == highest,
        };
        let (owner, tries) = (request.owner, request.attempts + request.refusals);
        let lane = self.lane_of(number);
        if let Some(lane) = lane {
            self.prepare(lane, number);
        }
        let ready = lane.is_none_or(|lane| self.callers.lane_mut(lane).is_ready(now));
        let process = self.transit[number].process;
        let (client, crew) = self.callers.client_and_crew(process);
        let streams = &self.set.streams;
        let point = || streams.stream(Purpose::Guards, owner).at(u64::from(tries)).uniform();
        let waiting = Waiting { arrived, urgent, holds, ready };
        match client.first(self.set.strategy, now, waiting, crew, point) {
            Decision::Send => {
                if let Some(lane) = lane {
                    self.callers.lane_mut(lane).turns.take(now);
                }
                self.transit[number].holds = true;
                self.send(now, number);
            }
            Decision::Queue => {
                self.transit[number].holds = true;
                self.queue(now, number, lane.expect("nothing queues without a lane"));
            }
            Decision::Park => return Asked::Parked,
            Decision::Refuse => self.refuse(now, number),
            Decision::GiveUp => self.abandon(now, number),
        }
        Asked::Settled
    }

    /// Behind all parked requests of its own priority, before those of a lower.
    fn park(&mut self, number: RequestId) {
        let crew = self.callers.crew(self.transit[number].process);
        let place = match self.set.urgent {
            None => self.callers.parked(crew).len(),
            Some(_) => self.place_in(self.callers.parked(crew), number),
        };
        self.callers.parked_mut(crew).insert(place, number);
    }

    /// Where a request belongs among those that wait, by its priority.
    #[cold]
    pub(super) fn place_in(&self, wait_queue: &VecDeque<RequestId>, number: RequestId) -> usize {
        let priority = |number: &RequestId| self.priority(&self.transit[*number]);
        let own = priority(&number);
        wait_queue.partition_point(|other| priority(other) >= own)
    }

    #[cold]
    fn priority(&self, request: &Request) -> u8 {
        self.work_of(request).priority
    }

    pub(super) fn work_of(&self, request: &Request) -> &Workload {
        self.set.routes[request.cell.place()].work
    }

    /// True if nobody waits for a request any more: its job is lost, and it carries no other.
    #[inline]
    pub(super) fn is_lost(&self, number: RequestId) -> bool {
        let request = &self.transit[number];
        request.job.is_some_and(|job| self.is_given_up(job)) && self.next_in_call(number).is_none()
    }

    /// The next of the requests that travel in the call of one.
    #[inline]
    pub(super) fn next_in_call(&self, number: RequestId) -> Option<RequestId> {
        self.set.strategy.batch.as_ref()?;
        self.transit.flight(number).next
    }

    #[inline(always)]
    pub(super) fn view(&self, number: RequestId) -> View {
        let request = &self.transit[number];
        let since = match self.set.strategy.retry.counts_from_first_attempt() {
            true => self.transit.flight(number).begun,
            false => request.arrived,
        };
        View {
            operation: request.operation,
            published: self.set.plan.calls[usize::from(request.operation.0)].published,
            told: None,
            since,
            attempts: request.attempts + request.refusals,
            delay: request.delay,
            waited: request.waited,
        }
    }

    /// A request is sent, and the provider decides when it gets there.
    pub(super) fn send(&mut self, now: Instant, number: RequestId) {
        let request = &mut self.transit[number];
        request.attempts += 1;
        let (process, tries) = (request.process, request.attempts + request.refusals);
        if !self.set.shortcuts.keeps_no_flights {
            let flight = self.transit.flight_mut(number);
            (flight.sent, flight.flies) = (now, true);
            if tries == 1 {
                flight.begun = now;
            }
        }
        if !self.set.shortcuts.learns_nothing {
            self.callers.client(process).sent();
        }
        if self.set.strategy.hedge.is_some() {
            self.watch_for_hedge(now, number);
        }
        if self.set.shortcuts.is_near {
            return self.decide(now, number);
        }
        self.set_out(now, number);
    }

    /// An attempt is on its way to the provider.
    fn set_out(&mut self, now: Instant, number: RequestId) {
        let (there, _) = self.trip(&self.transit[number]);
        if there.is_zero() {
            self.decide(now, number);
        } else {
            self.clock.schedule(now + there, Rank::Start, Event::Reach(number));
        }
    }

    /// The provider decides.
    fn decide(&mut self, now: Instant, number: RequestId) {
        let request = &self.transit[number];
        let (caller, counted) = (self.caller_of(request), request.counted);
        let (operation, first) = (request.operation, request.attempts == 1);
        let lot = self.lot_of_call(number);
        let reply = self.provider.decide(now, caller, operation, lot);
        let mut counters = self.ledger.counters(counted, caller.account, now);
        let (response, cause) = match reply {
            Reply::Admitted { fate, earned, busy } => {
                counters.admit(fate, first);
                self.transit[number].admissions += 1;
                self.expect_answer(number, Pending::Service(fate, earned));
                return self.clock.schedule(now + busy, Rank::End, Event::Served(number));
            }
            Reply::Refused { cause, response } => {
                counters.refuse(cause, first);
                if O::LOOKS {
                    let clear_at = self.provider.gate().clear_at(now, caller, operation);
                    self.transit.note_clear(number, clear_at);
                }
                self.note_told(now, number, true);
                (response, Some(cause))
            }
            Reply::Down(response) => {
                counters.admit(Fate::Unavailable, first);
                self.note_told(now, number, false);
                (response, None)
            }
        };
        self.reply(now, number, response, cause);
    }

    fn served(&mut self, now: Instant, number: RequestId) {
        let request = &self.transit[number];
        let Pending::Service(fate, earned) = self.transit.flight(number).pending else { return };
        let (operation, lot) = (request.operation, self.lot_of_call(number));
        let caller = self.caller_of(request);
        let response = self.provider.settle(now, caller, operation, (fate, earned), lot);
        self.note_told(now, number, fate != Fate::Failure);
        self.reply(now, number, response, None);
    }

    /// A request that is not under way is given up.
    pub(super) fn abandon(&mut self, now: Instant, number: RequestId) {
        let request = &self.transit[number];
        if request.attempts > 0 {
            self.callers.client(request.process).waive();
        }
        self.release(now, number);
        self.end(now, number, false);
    }

    /// Gives a worker back, if there is one; whoever is parked is woken when the event is over. One
    /// that has made a call may rest first.
    #[inline(always)]
    pub(super) fn release(&mut self, now: Instant, number: RequestId) {
        let request = &mut self.transit[number];
        if !request.holds {
            return;
        }
        request.holds = false;
        let pause = self.set.strategy.pause;
        if !pause.is_zero() && request.attempts > 0 {
            let process = request.process;
            return self.clock.schedule(now + pause, Rank::End, Event::Rested(process));
        }
        if let Some(crew) = self.callers.free_worker(request.process) {
            self.aftermath.add(Effect::Freed(crew));
        }
    }

    /// What the event has brought on is seen to.
    #[inline(always)]
    pub(super) fn settle_event(&mut self, now: Instant) {
        while let Some(effect) = self.aftermath.next() {
            match effect {
                Effect::Stirred(job) => self.stir(now, job),
                Effect::Freed(crew) => self.wake(now, crew),
                Effect::Over => {}
            }
        }
    }

    /// As `settle_event`, but all calls that end at an instant end before any new one is decided.
    pub(super) fn settle_after_ends(&mut self, now: Instant) {
        let last = !self.clock.next_is(now, Rank::End);
        if last && !self.aftermath.has_postponed() {
            return self.settle_event(now);
        }
        self.aftermath.postpone();
        if !last {
            return;
        }
        let mut effects = self.aftermath.take_postponed();
        for effect in effects.drain(..) {
            match effect {
                Effect::Over => self.settle_event(now),
                effect => self.aftermath.add(effect),
            }
        }
        self.aftermath.give_back(effects);
    }

    fn wake(&mut self, now: Instant, crew: CrewId) {
        while let Some(number) = self.callers.parked_mut(crew).pop_front() {
            if self.ask(now, number) == Asked::Parked {
                self.callers.parked_mut(crew).push_front(number);
                return;
            }
        }
    }

    #[inline]
    pub(super) fn tell(
        &mut self,
        (now, number): (Instant, RequestId),
        response: &Response,
        cause: Option<u16>,
        next: Next,
    ) {
        if !O::LOOKS {
            return;
        }
        let attempt = Attempt {
            answered: Some(now),
            status: Some(response.status),
            retry_after: response.retry_after,
            rate_limit: response.rate_limit,
            next,
            ..self.under_way(number, cause)
        };
        self.observer.attempt(&attempt);
    }

    /// A request ends; its job goes on, or ends with it.
    pub(super) fn end(&mut self, now: Instant, number: RequestId, success: bool) {
        let mut ended = number;
        loop {
            let (request, next) = (self.transit[ended], self.next_in_call(ended));
            self.transit.remove(ended);
            if success {
                self.keep_answer(now, ended);
            }
            let account = self.callers.caller_of(request.process).account;
            let latency = success.then(|| now.since(request.arrived));
            self.ledger.counters(request.counted, account, now).end(latency);
            if let Some(job) = request.job {
                self.ended_of(now, job, success);
            }
            // Those that travelled in its call end with it.
            let Some(next) = next else { return };
            ended = next;
        }
    }
}
