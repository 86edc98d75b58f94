//! The stations of one request's life, in order.

use super::observe::{Attempt, Next, Observer};
use super::partition::Partition;
use super::provider::Reply;
use super::records::{Effect, Event, Pending, Request};
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
        self.happen(now, event);
    }

    #[inline(always)]
    fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::Return(source) => {
                let number = self.sources[source as usize].arrivals.count_one();
                self.arrive(now, source, number, None);
            }
            Event::Continue(job) => self.resume(now, job),
            Event::Ready(request) => self.consider(now, request),
            Event::Turn(lane) => self.turn(now, lane),
            Event::Warm => self.provider.gate_mut().forget_usage(),
            Event::Flush(batch) => self.flush(now, batch),
            Event::Hedge(request) => self.hedge(now, request),
            Event::Reach(request) => self.reach(now, request),
            Event::Served(request) => self.served(now, request),
            Event::Answered(request) => self.arrived_back(now, request),
        }
    }

    /// A request arises, or its back-off is over: it is sent, or joins those that are parked.
    pub(super) fn consider(&mut self, now: Instant, number: u32) {
        if self.ask(now, number) == Asked::Parked {
            self.park(number);
        }
    }

    /// The client is asked when it sends.
    #[inline(always)]
    fn ask(&mut self, now: Instant, number: u32) -> Asked {
        if self.has_siblings && self.is_lost(number) {
            self.abandon(now, number);
            return Asked::Settled;
        }
        if self.sends_freely {
            self.send(now, number);
            return Asked::Settled;
        }
        let request = &self.requests[number];
        let (arrived, holds) = (request.arrived, request.holds);
        let urgent = match self.urgent {
            None => false,
            Some(highest) => self.priority(request) == highest,
        };
        let (owner, tries) = (request.owner, request.attempts + request.refusals);
        let lane = self.lane_of(number);
        if let Some(lane) = lane {
            self.prepare(lane, number);
        }
        let ready = lane.is_none_or(|lane| self.lanes[lane].is_ready(now));
        let process = self.requests[number].process;
        let client = &mut self.clients[self.roster.client(process)];
        let crew = &mut self.crews[self.roster.crew(process)].crew;
        let streams = &self.streams;
        let point = || streams.stream(Purpose::Guards, owner).at(u64::from(tries)).uniform();
        let waiting = Waiting { arrived, urgent, holds, ready };
        match client.first(self.strategy, now, waiting, crew, point) {
            Decision::Send => {
                if let Some(lane) = lane {
                    self.lanes[lane].turns.take(now);
                }
                self.requests[number].holds = true;
                self.send_off(now, number);
            }
            Decision::Queue => {
                self.requests[number].holds = true;
                self.queue(now, number, lane.expect("nothing queues without a lane"));
            }
            Decision::Park => return Asked::Parked,
            Decision::Refuse => self.refuse(now, number),
            Decision::GiveUp => self.abandon(now, number),
        }
        Asked::Settled
    }

    #[inline(never)]
    fn ask_again(&mut self, now: Instant, number: u32) -> Asked {
        self.ask(now, number)
    }

    /// Behind all parked requests of its own priority, before those of a lower.
    fn park(&mut self, number: u32) {
        let request = &self.requests[number];
        let crew = self.roster.crew(request.process);
        let place = match self.urgent {
            None => self.crews[crew].wait_queue.len(),
            Some(_) => self.place_in(&self.crews[crew].wait_queue, number),
        };
        self.crews[crew].wait_queue.insert(place, number);
    }

    /// Where a request belongs among those that wait, by its priority.
    #[cold]
    pub(super) fn place_in(&self, wait_queue: &VecDeque<u32>, number: u32) -> usize {
        let priority = |number: &u32| self.priority(&self.requests[*number]);
        let own = priority(&number);
        wait_queue.partition_point(|other| priority(other) >= own)
    }

    #[cold]
    fn priority(&self, request: &Request) -> u8 {
        self.work_of(request).priority
    }

    pub(super) fn work_of(&self, request: &Request) -> &Workload {
        self.routes[usize::from(request.cell)].work
    }

    /// True if nobody waits for a request any more: its job is lost, and it carries no other.
    #[inline]
    pub(super) fn is_lost(&self, number: u32) -> bool {
        let request = &self.requests[number];
        request.job.is_some_and(|job| self.jobs[job].given_up)
            && self.next_in_call(number).is_none()
    }

    /// The next of the requests that travel in the call of one.
    #[inline]
    fn next_in_call(&self, number: u32) -> Option<u32> {
        self.strategy.batch.as_ref()?;
        self.flights[number as usize].next
    }

    #[inline(always)]
    pub(super) fn view(&self, number: u32) -> View {
        let request = &self.requests[number];
        let since = match self.strategy.retry.counts_from_first_attempt() {
            true => self.flights[number as usize].begun,
            false => request.arrived,
        };
        View {
            operation: request.operation,
            published: self.plan.calls[usize::from(request.operation.0)].published,
            told: None,
            since,
            attempts: request.attempts + request.refusals,
            delay: request.delay,
            waited: request.waited,
        }
    }

    #[inline(always)]
    fn send(&mut self, now: Instant, number: u32) {
        let request = &mut self.requests[number];
        request.attempts += 1;
        if self.keeps_flights {
            let flight = &mut self.flights[number as usize];
            (flight.sent, flight.flies) = (now, true);
            if request.attempts + request.refusals == 1 {
                flight.begun = now;
            }
        }
        if self.listens {
            self.clients[self.roster.client(request.process)].sent();
        }
        if self.strategy.hedge.is_some() {
            self.watch_for_hedge(now, number);
        }
        if self.is_near {
            return self.decide(now, number);
        }
        self.set_out(now, number);
    }

    /// As `send`, where it does not matter that a call costs a little more.
    #[inline(never)]
    pub(super) fn send_off(&mut self, now: Instant, number: u32) {
        self.send(now, number);
    }

    /// An attempt is on its way to the provider.
    #[inline(never)]
    fn set_out(&mut self, now: Instant, number: u32) {
        let (there, _) = self.trip(&self.requests[number]);
        if there.is_zero() {
            self.reach(now, number);
        } else {
            self.clock.schedule(now + there, Rank::Start, Event::Reach(number));
        }
    }

    /// An attempt reaches the provider.
    #[inline(never)]
    fn reach(&mut self, now: Instant, number: u32) {
        self.decide(now, number);
    }

    /// The provider decides.
    #[inline(always)]
    fn decide(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number];
        let (caller, counted) = (self.roster.caller_of(request.process), request.counted);
        let (operation, first) = (request.operation, request.attempts == 1);
        let account = self.account_slot(counted, caller.account as usize);
        let (lot, cell) = (self.lot(request), usize::from(counted));
        let (response, cause) = match self.provider.decide(now, caller, operation, lot) {
            Reply::Admitted { fate, earned, busy } => {
                self.outcome.admit(now, cell, account, fate, first);
                if self.ends_quietly && fate == Fate::Success && request.job.is_none() {
                    return self.end_quietly(now + busy, number, account);
                }
                self.requests[number].admissions += 1;
                self.expect_answer(number, Pending::Service(fate, earned));
                return self.clock.schedule(now + busy, Rank::End, Event::Served(number));
            }
            Reply::Refused { cause, response } => {
                self.outcome.refuse(now, cell, account, cause, first);
                (response, Some(cause))
            }
            Reply::Down(response) => {
                self.outcome.admit(now, cell, account, Fate::Unavailable, first);
                (response, None)
            }
        };
        self.reply(now, number, response, cause);
    }

    /// The success of a request of which nobody learns, and which changes nothing, is counted as
    /// soon as it is certain: it needs no event of its own.
    #[inline(always)]
    fn end_quietly(&mut self, at: Instant, number: u32, account: usize) {
        let request = &self.requests[number];
        let (latency, cell) = (at.since(request.arrived), usize::from(request.counted));
        self.requests.remove(number);
        if at > self.horizon {
            return self.outcome.leave_under_way(cell, Ok(Fate::Success));
        }
        self.outcome.end(at, cell, account, Some(latency));
    }

    fn served(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number];
        let Pending::Service(fate, earned) = self.flights[number as usize].pending else { return };
        let (operation, lot) = (request.operation, self.lot(request));
        let caller = self.roster.caller_of(request.process);
        let response = self.provider.settle(now, caller, operation, (fate, earned), lot);
        self.reply(now, number, response, None);
    }

    /// A request that is not under way is given up.
    pub(super) fn abandon(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number];
        if request.attempts > 0 {
            self.clients[self.roster.client(request.process)].waive();
        }
        self.release(number);
        self.end(now, number, false);
    }

    /// Gives a worker back, if there is one; whoever is parked is woken when the event is over.
    #[inline(always)]
    pub(super) fn release(&mut self, number: u32) {
        let request = &mut self.requests[number];
        if !request.holds {
            return;
        }
        request.holds = false;
        let crew = self.roster.crew(request.process);
        let freed = &mut self.crews[crew];
        freed.crew.ended();
        if !freed.wait_queue.is_empty() {
            self.freed.push(crew);
        }
    }

    /// What the event has brought on: jobs of which a request has ended go on, so that a worker
    /// stays with its job; then parked requests are asked, in order, for the workers still free.
    #[inline(always)]
    pub(super) fn settle_event(&mut self, now: Instant) {
        loop {
            while let Some(job) = self.stirred.pop() {
                self.stir(now, job);
            }
            let Some(crew) = self.freed.pop() else { return };
            self.wake(now, crew);
        }
    }

    /// As `settle_event`, but all calls that end at an instant end before any new one is decided.
    #[inline(never)]
    pub(super) fn settle_after_ends(&mut self, now: Instant) {
        let last = !self.clock.next_is(now, Rank::End);
        if last && self.postponed.is_empty() {
            return self.settle_event(now);
        }
        self.postponed.extend(self.stirred.drain(..).map(Effect::Stirred));
        self.postponed.extend(self.freed.drain(..).map(Effect::Freed));
        self.postponed.push(Effect::Over);
        if !last {
            return;
        }
        let mut effects = std::mem::take(&mut self.postponed);
        for effect in effects.drain(..) {
            match effect {
                Effect::Stirred(job) => self.stirred.push(job),
                Effect::Freed(crew) => self.freed.push(crew),
                Effect::Over => self.settle_event(now),
            }
        }
        self.postponed = effects;
    }

    fn wake(&mut self, now: Instant, crew: usize) {
        while let Some(number) = self.crews[crew].wait_queue.pop_front() {
            if self.ask_again(now, number) == Asked::Parked {
                self.crews[crew].wait_queue.push_front(number);
                return;
            }
        }
    }

    #[inline]
    pub(super) fn tell(
        &mut self,
        number: u32,
        response: &Response,
        cause: Option<u16>,
        next: Next,
    ) {
        if !O::LOOKS {
            return;
        }
        let attempt = Attempt {
            status: Some(response.status),
            retry_after: response.retry_after,
            rate_limit: response.rate_limit,
            next,
            ..self.under_way(number, cause)
        };
        self.observer.attempt(&attempt);
    }

    /// A request ends; its job goes on, or ends with it.
    pub(super) fn end(&mut self, now: Instant, number: u32, success: bool) {
        let mut ended = number;
        loop {
            let (request, next) = (self.requests[ended], self.next_in_call(ended));
            self.requests.remove(ended);
            if success {
                self.keep_answer(now, ended);
            }
            let own = self.roster.caller_of(request.process).account as usize;
            let account = self.account_slot(request.counted, own);
            let latency = success.then(|| now.since(request.arrived));
            self.outcome.end(now, usize::from(request.counted), account, latency);
            if let Some(job) = request.job {
                self.ended_of(now, job, success);
            }
            // Those that travelled in its call end with it.
            let Some(next) = next else { return };
            ended = next;
        }
    }
}
