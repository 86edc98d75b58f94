//! The stations of one request's life, in order.

use super::island::Island;
use super::observe::{Attempt, Next, Observer};
use super::provider::{Lot, Reply};
use super::records::{Event, Job, Pending, Request};
use crate::engine::Rank;
use crate::random::{Count, Draws, Purpose};
use crate::strategy::{Again, Decision, View};
use crate::units::{Instant, Span};
use crate::wire::{Operation, Response};
use crate::workload::{Arrivals, OnFailure, Row};

fn key(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2³² at a time")
}

impl<O: Observer> Island<'_, O> {
    #[inline]
    pub(super) fn happen(&mut self, now: Instant, event: Event) {
        match event {
            Event::Return(spring) => {
                let number = self.springs[spring as usize].source.count_one();
                self.arrive(now, spring, number, None);
            }
            Event::Ready(request) => self.consider(now, request),
            Event::Send(request) => self.send(now, request),
            Event::Reach(request) => self.decide(now, request),
            Event::Served(request) => self.served(now, request),
            Event::Answered(request) => self.arrived_back(now, request),
        }
    }

    /// Work arrives: job `number` of a source.
    pub(super) fn arrive(&mut self, now: Instant, spring: u32, number: u64, row: Option<Row>) {
        let source = &mut self.springs[spring as usize];
        let workload = usize::from(source.workload);
        let (caller, dealt) = source.deal(number, row.and_then(|row| row.caller));
        let only = row.and_then(|row| row.step);
        let processes = self.plan.processes;
        let turn = u32::try_from(dealt % u64::from(processes)).unwrap_or(0);
        let process = caller * processes + turn;
        self.outcome.jobs[workload].tally.arrived += 1;
        let job = Job {
            spring,
            number,
            process,
            arrived: now,
            step: only.unwrap_or(0),
            only,
            open: 0,
            given_up: false,
        };
        let job = key(self.jobs.insert(job));
        self.begin_step(now, job);
    }

    /// The requests of a job's next step that makes any arise; or the job is done.
    fn begin_step(&mut self, now: Instant, job: u32) {
        loop {
            let Job { spring, number, process, step, only, .. } = self.jobs[job as usize];
            let source = &self.springs[spring as usize];
            let workload = usize::from(source.workload);
            let steps = &self.plan.workloads[workload].steps;
            let left = only.is_none_or(|only| step == only);
            let Some(plan) = steps.get(usize::from(step)).filter(|_| left) else {
                return self.end_job(now, job);
            };
            let count = match &plan.count {
                Count::Fixed(count) => *count,
                drawn => drawn.sample(&mut source.counts.at(number << 8 | u64::from(step))),
            };
            let cell = source.first_cell + step;
            self.jobs[job as usize].step += 1;
            self.jobs[job as usize].open = count;
            for _ in 0..count {
                self.arise(now, job, (process, plan.operation, cell));
            }
            if count > 0 {
                return;
            }
        }
    }

    fn arise(&mut self, now: Instant, job: u32, of: (u32, Operation, u16)) {
        let (process, operation, cell) = of;
        let caller = self.processes[process as usize].caller;
        let account = caller.account as usize;
        let number = self.numbers[account];
        self.numbers[account] += 1;
        self.outcome.arrive(now, usize::from(cell), account);
        let request = self.requests.insert(Request {
            job,
            process,
            caller,
            operation,
            cell,
            number,
            arrived: now,
            sent: now,
            attempts: 0,
            admissions: 0,
            delay: Span::ZERO,
            pending: Pending::Nothing,
        });
        self.consider(now, key(request));
    }

    /// The client is asked when it sends.
    fn consider(&mut self, now: Instant, number: u32) {
        let request = &self.requests[number as usize];
        if self.jobs[request.job as usize].given_up {
            return self.end(now, number, None);
        }
        let view = self.view(request);
        let process = &mut self.processes[request.process as usize];
        match process.client.first(self.strategy, now, &view) {
            Decision::SendAt(at) if at <= now => self.send(now, number),
            Decision::SendAt(at) => self.clock.schedule(at, Rank::Start, Event::Send(number)),
            Decision::Park => process.lobby.push_back(number),
            Decision::GiveUp => self.end(now, number, None),
        }
    }

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
            account: u64::from(self.accounts.start + request.caller.account),
            request: request.number,
            attempts: request.attempts,
            admissions: request.admissions,
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
        if response.status.is_success() {
            let latency = now.since(request.arrived);
            self.tell(number, &response, cause, Next::Done);
            self.release(process);
            return self.end(now, number, Some(latency));
        }
        let view = self.view(request);
        let mut draws = self.jitter(request);
        let client = &mut self.processes[process as usize].client;
        match client.again(self.strategy, now, &view, &response, &mut draws) {
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
        let lot = self.lot(request);
        let stream = self.streams.stream(Purpose::Jitter, lot.account);
        stream.at(lot.request << 20 | u64::from(request.attempts))
    }

    fn back_off(&mut self, now: Instant, number: u32, delay: Span) {
        let request = &mut self.requests[number as usize];
        request.delay = delay;
        request.pending = Pending::Nothing;
        let (process, operation) = (request.process, request.operation);
        if self.strategy.hold_worker {
            let client = &mut self.processes[process as usize].client;
            let at = client.resume(self.strategy, now + delay, operation);
            self.clock.schedule(at, Rank::Start, Event::Send(number));
        } else {
            self.release(process);
            self.clock.schedule(now + delay, Rank::Start, Event::Ready(number));
        }
    }

    /// Gives a worker back; whoever is parked is woken when the event is over.
    #[inline]
    fn release(&mut self, process: u32) {
        let freed = &mut self.processes[process as usize];
        freed.client.ended();
        if !freed.lobby.is_empty() {
            self.freed.push(process);
        }
    }

    /// Calls of these processes have ended: those that are parked are asked again, in order. It is
    /// done when the event is over, not within it, for one may wake another without end.
    #[inline]
    pub(super) fn wake_freed(&mut self, now: Instant) {
        while let Some(process) = self.freed.pop() {
            self.wake(now, process);
        }
    }

    fn wake(&mut self, now: Instant, process: u32) {
        while let Some(number) = self.processes[process as usize].lobby.pop_front() {
            let before = self.processes[process as usize].lobby.len();
            self.consider(now, number);
            let lobby = &mut self.processes[process as usize].lobby;
            if lobby.len() > before {
                // It parked again, at the end: its place is at the front.
                lobby.rotate_right(1);
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
        let job = &mut self.jobs[request.job as usize];
        job.open -= 1;
        let workload = usize::from(self.springs[job.spring as usize].workload);
        let drop = self.plan.workloads[workload].on_failure == OnFailure::Drop;
        if latency.is_none() && drop && !job.given_up {
            job.given_up = true;
            self.outcome.end_job(now, workload, None);
        }
        if job.open == 0 {
            if job.given_up {
                self.leave(now, request.job);
            } else {
                self.begin_step(now, request.job);
            }
        }
    }

    fn end_job(&mut self, now: Instant, number: u32) {
        let job = &self.jobs[number as usize];
        let workload = usize::from(self.springs[job.spring as usize].workload);
        self.outcome.end_job(now, workload, Some(now.since(job.arrived)));
        self.leave(now, number);
    }

    /// A job leaves; a member of a closed population comes back after a think time.
    fn leave(&mut self, now: Instant, number: u32) {
        let job = self.jobs.remove(number as usize);
        let spring = &self.springs[job.spring as usize];
        let Arrivals::Closed(closed) = &self.plan.workloads[usize::from(spring.workload)].arrivals
        else {
            return;
        };
        let thought = u64::from(closed.population) + job.number;
        let think = closed.think.sample(&mut spring.source.stream().at(thought));
        let at = now + think;
        if at < Instant::ORIGIN + self.plan.duration {
            self.clock.schedule(at, Rank::Start, Event::Return(job.spring));
        }
    }
}
