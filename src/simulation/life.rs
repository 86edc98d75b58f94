//! The stations of one request's life, in order.

use super::island::{Island, Process};
use super::observe::{Attempt, Next, Observer};
use super::provider::{Lot, Reply};
use super::records::{Event, Pending, Request};
use crate::engine::Rank;
use crate::metrics::Fate;
use crate::random::{Draws, Purpose};
use crate::strategy::{Again, Decision, View, Waiting};
use crate::units::{Instant, Span};
use crate::wire::Response;
use crate::workload::Workload;

/// What came of asking a client about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// It is or will be sent, or has ended.
    Settled,
    /// It must wait until one of the client's calls ends.
    Parked,
}

impl<O: Observer> Island<'_, O> {
    #[inline]
    pub(super) fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::Return(spring) => {
                let number = self.springs[spring as usize].source.count_one();
                self.arrive(now, spring, number, None);
            }
            Event::Continue(job) => self.resume(now, job),
            Event::Ready(request) => self.consider(now, request),
            Event::Awake(request) => self.awake(now, request),
            Event::Send(request) => self.send_booked(now, request),
            Event::Reach(request) => self.decide(now, request),
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
    #[inline]
    fn ask(&mut self, now: Instant, number: u32) -> Asked {
        let request = &self.requests[number as usize];
        if self.jobs[request.job as usize].given_up {
            self.end(now, number, None);
            return Asked::Settled;
        }
        let waiting = self.waiting(request);
        let Process { client, crew, .. } = self.processes[request.process as usize];
        let workers = &mut self.crews[crew as usize];
        match self.clients[client as usize].first(self.strategy, now, waiting, &mut workers.crew) {
            Decision::SendAt(at) if at <= now => self.send(now, number),
            Decision::SendAt(at) => self.clock.schedule(at, Rank::Start, Event::Send(number)),
            Decision::Park => return Asked::Parked,
            Decision::GiveUp => self.end(now, number, None),
        }
        Asked::Settled
    }

    /// Behind all parked requests of its own priority, before those of a lower.
    fn park(&mut self, number: u32) {
        let request = &self.requests[number as usize];
        let crew = self.processes[request.process as usize].crew as usize;
        if self.urgent.is_none() {
            return self.crews[crew].lobby.push_back(number);
        }
        let priority = |number: &u32| self.priority(&self.requests[*number as usize]);
        let own = self.priority(request);
        let place = self.crews[crew].lobby.partition_point(|other| priority(other) >= own);
        self.crews[crew].lobby.insert(place, number);
    }

    #[cold]
    fn priority(&self, request: &Request) -> u8 {
        self.work_of(request).priority
    }

    fn work_of(&self, request: &Request) -> &Workload {
        let spring = self.jobs[request.job as usize].spring;
        let workload = self.springs[spring as usize].workload;
        &self.plan.workloads[usize::from(workload)]
    }

    #[inline]
    fn waiting(&self, request: &Request) -> Waiting {
        let urgent = match self.urgent {
            None => false,
            Some(highest) => self.priority(request) == highest,
        };
        Waiting { operation: request.operation, arrived: request.arrived, urgent }
    }

    #[inline]
    fn view(&self, request: &Request) -> View {
        View {
            operation: request.operation,
            published: self.plan.calls[usize::from(request.operation.0)].published,
            arrived: request.arrived,
            attempts: request.attempts,
            delay: request.delay,
        }
    }

    fn send(&mut self, now: Instant, number: u32) {
        let request = &mut self.requests[number as usize];
        request.attempts += 1;
        request.sent = now;
        let (there, _) = self.trips[usize::from(request.operation.0)];
        if there.is_zero() {
            self.decide(now, number);
        } else {
            self.clock.schedule(now + there, Rank::Start, Event::Reach(number));
        }
    }

    fn lot(&self, request: &Request) -> Lot {
        Lot {
            owner: request.owner,
            attempts: request.attempts,
            admissions: request.admissions,
            bad_ppm: if self.has_bad_work { self.work_of(request).bad_request_ppm } else { 0 },
        }
    }

    /// The provider decides.
    fn decide(&mut self, now: Instant, number: u32) {
        let lot = self.lot(&self.requests[number as usize]);
        let request = &mut self.requests[number as usize];
        let (cell, account) = (usize::from(request.cell), request.caller.account as usize);
        let first = request.attempts == 1;
        match self.provider.decide(now, request.caller, request.operation, lot) {
            Reply::Refused { cause, response } => {
                self.outcome.refuse(now, cell, account, cause, first);
                self.reply(now, number, response, Some(cause));
            }
            Reply::Down(response) => {
                self.outcome.admit(now, cell, account, Fate::Unavailable, first);
                self.reply(now, number, response, None);
            }
            Reply::Admitted { fate, earned, busy } => {
                request.pending = Pending::Service(fate, earned);
                request.admissions += 1;
                self.outcome.admit(now, cell, account, fate, first);
                self.clock.schedule(now + busy, Rank::End, Event::Served(number));
            }
        }
    }

    fn served(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number as usize];
        let Pending::Service(fate, earned) = request.pending else { return };
        let (caller, operation, lot) = (request.caller, request.operation, self.lot(request));
        let response = self.provider.settle(now, caller, operation, (fate, earned), lot);
        self.reply(now, number, response, None);
    }

    fn reply(&mut self, now: Instant, number: u32, response: Response, cause: Option<u16>) {
        let request = &mut self.requests[number as usize];
        let (_, back) = self.trips[usize::from(request.operation.0)];
        if back.is_zero() {
            self.answered(now, number, response, cause);
        } else {
            request.pending = Pending::Response(response, cause);
            self.clock.schedule(now + back, Rank::End, Event::Answered(number));
        }
    }

    fn arrived_back(&mut self, now: Instant, number: u32) {
        if let Pending::Response(response, cause) = self.requests[number as usize].pending {
            self.answered(now, number, response, cause);
        }
    }

    /// The client has its answer, and decides what to do about it.
    fn answered(&mut self, now: Instant, number: u32, response: Response, cause: Option<u16>) {
        let request = &self.requests[number as usize];
        let process = request.process;
        if response.rate_limit.is_some() {
            let client = self.processes[process as usize].client;
            self.clients[client as usize].learn(self.strategy, request.operation, &response);
        }
        if response.status.is_success() {
            let latency = now.since(request.arrived);
            self.tell(number, &response, cause, Next::Done);
            self.release(process);
            return self.end(now, number, Some(latency));
        }
        let view = self.view(request);
        let mut draws = self.jitter(request);
        let client = self.processes[process as usize].client;
        match self.clients[client as usize].again(self.strategy, now, &view, &response, &mut draws)
        {
            Again::GiveUp => {
                self.release(process);
                self.tell(number, &response, cause, Next::GivenUp);
                self.end(now, number, None);
            }
            Again::After(delay) => {
                self.tell(number, &response, cause, Next::After(delay));
                self.back_off(now, number, delay);
            }
        }
    }

    fn jitter(&self, request: &Request) -> Draws {
        self.lot(request).draws(&self.streams, Purpose::Jitter, request.attempts)
    }

    fn back_off(&mut self, now: Instant, number: u32, delay: Span) {
        let request = &mut self.requests[number as usize];
        request.delay = delay;
        request.pending = Pending::Nothing;
        let process = request.process;
        if self.strategy.hold_worker {
            self.clock.schedule(now + delay, Rank::Start, Event::Awake(number));
        } else {
            self.release(process);
            self.clock.schedule(now + delay, Rank::Start, Event::Ready(number));
        }
    }

    /// A worker has slept out a back-off, and books its next turn.
    fn awake(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number as usize];
        let waiting = self.waiting(request);
        let client = self.processes[request.process as usize].client;
        match self.clients[client as usize].resume(self.strategy, now, waiting) {
            Some(at) if at <= now => self.send_booked(now, number),
            Some(at) => self.clock.schedule(at, Rank::Start, Event::Send(number)),
            None => self.drop_held(now, number),
        }
    }

    /// A booked turn has come; the job may have been lost meanwhile.
    fn send_booked(&mut self, now: Instant, number: u32) {
        let job = self.requests[number as usize].job;
        match self.jobs[job as usize].given_up {
            true => self.drop_held(now, number),
            false => self.send(now, number),
        }
    }

    /// A request that holds a worker is given up.
    fn drop_held(&mut self, now: Instant, number: u32) {
        self.release(self.requests[number as usize].process);
        self.end(now, number, None);
    }

    /// Gives a worker back; whoever is parked is woken when the event is over.
    #[inline]
    fn release(&mut self, process: u32) {
        let crew = self.processes[process as usize].crew;
        let freed = &mut self.crews[crew as usize];
        freed.crew.ended();
        if !freed.lobby.is_empty() {
            self.freed.push(crew);
        }
    }

    /// What the event has brought on: jobs of which a request has ended go on, so that a worker
    /// stays with its job; then parked requests are asked, in order, for the workers still free.
    #[inline]
    pub(super) fn settle_event(&mut self, now: Instant) {
        loop {
            while let Some(job) = self.stirred.pop() {
                self.stir(now, job);
            }
            let Some(crew) = self.freed.pop() else { return };
            self.wake(now, crew);
        }
    }

    fn wake(&mut self, now: Instant, crew: u32) {
        while let Some(number) = self.crews[crew as usize].lobby.pop_front() {
            if self.ask(now, number) == Asked::Parked {
                self.crews[crew as usize].lobby.push_front(number);
                return;
            }
        }
    }

    #[inline]
    fn tell(&mut self, number: u32, response: &Response, cause: Option<u16>, next: Next) {
        if !O::LOOKS {
            return;
        }
        let request = &self.requests[number as usize];
        let mut caller = request.caller;
        caller.account += self.accounts.start;
        let spring = &self.springs[self.jobs[request.job as usize].spring as usize];
        self.observer.attempt(&Attempt {
            sent: request.sent,
            workload: spring.workload,
            caller,
            operation: request.operation,
            request: request.number,
            attempt: request.attempts,
            status: response.status,
            cause,
            retry_after: response.retry_after,
            rate_limit: response.rate_limit,
            next,
        });
    }

    /// A request ends; its job goes on, or ends with it.
    fn end(&mut self, now: Instant, number: u32, latency: Option<Span>) {
        let request = self.requests.remove(number as usize);
        let account = request.caller.account as usize;
        self.outcome.end(now, usize::from(request.cell), account, latency);
        self.ended_of(now, request.job, latency.is_some());
    }
}
