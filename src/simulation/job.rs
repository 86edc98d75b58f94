//! The stations of one job's life: it arrives, takes its steps in order, and leaves.
//!
//! ```text
//!   arrive ─► advance: next step ─(pause)─► go_on: requests arise, so many at once ─► all ended ─┐
//!                 ▲                              ▲ poll, not ready: again after `every` ◄────────┤
//!                 └──────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! What ends within an event stirs its job only when the event is over, for one end may bring on
//! another without bound. A job that goes on has the worker that its last request set free.

use super::aftermath::Effect;
use super::arrival::ArrivalSource;
use super::dealer::Dealt;
use super::index::{CellId, CountedId, JobId, ProcessId, RequestId, SourceId};
use super::observe::Observer;
use super::partition::Partition;
use super::records::{Event, Flight, Job, Request};
use super::setting::Route;
use super::work::Sight;
use crate::engine::Rank;
use crate::random::{Count, Distribution};
use crate::units::Instant;
use crate::workload::{Arrivals, Load, Per, Row, Step, View, Workload};

/// The number of a job's draw that says how many items it has; those below are its steps'.
const ITEMS: u64 = 0xFF;
/// The number of a job's draw that says how long its notification takes.
const DELIVERY: u64 = 0xFE;

impl<'p, O: Observer> Partition<'p, O> {
    /// Work arrives: job `number` of a source.
    pub(super) fn arrive(&mut self, now: Instant, from: SourceId, number: u64, row: Option<Row>) {
        let source = self.work.source(from);
        let first = source.first_cell;
        let Route { workload, work, is_plain, .. } = self.set.routes[first.place()];
        let process = self.process_of(source, number, row);
        if is_plain {
            let owner = source.keys.owner(number << 8, 1);
            return self.arise(
                now,
                (None, process),
                (first, self.ledger.counted(now, first)),
                owner,
            );
        }
        self.ledger.jobs(now, usize::from(workload)).tally.arrived += 1;
        if self.work.has_stopped(from) {
            return self.ledger.jobs(now, usize::from(workload)).end(None);
        }
        let only = row.and_then(|row| row.step);
        let items = self.items_of_job(from, number, row);
        let job = Job {
            source: from,
            number,
            process,
            arrived: now,
            step: only.unwrap_or(0),
            only,
            load: Load { items, requests: 1 },
            items,
            made: 0,
            round: 0,
            left: 0,
            open: 0,
            ready: now,
            given_up: false,
            stirred: false,
            last: false,
        };
        let delivery = match &work.delivery {
            Distribution::Constant(span) => *span,
            drawn => drawn.sample(&mut self.counts(from).at(number << 8 | DELIVERY)),
        };
        let job = self.work.insert(job);
        if delivery.is_zero() {
            return self.advance(now, job);
        }
        self.clock.schedule(now + delivery, Rank::Start, Event::Continue(job));
    }

    /// The items that job `number` of a source brings to its first step.
    fn items_of_job(&self, from: SourceId, number: u64, row: Option<Row>) -> u64 {
        if let Some(items) = row.and_then(|row| row.items) {
            return u64::from(items);
        }
        match &self.set.routes[self.work.source(from).first_cell.place()].work.items {
            Count::Fixed(items) => u64::from(*items),
            drawn => u64::from(drawn.sample(&mut self.counts(from).at(number << 8 | ITEMS))),
        }
    }

    /// The process that gets job `number` of a source.
    #[inline(always)]
    fn process_of(&self, source: &ArrivalSource, number: u64, row: Option<Row>) -> ProcessId {
        match source.process {
            Some(process) => process,
            None => self.dealt_process(source, number, row),
        }
    }

    #[inline(never)]
    fn dealt_process(&self, source: &ArrivalSource, number: u64, row: Option<Row>) -> ProcessId {
        let (processes, rota) = (self.set.plan.population.processes, &self.set.plan.rota[..]);
        let Route { work, workload, .. } = self.set.routes[source.first_cell.place()];
        let Dealt { caller, process } = match work.per {
            Per::Account => {
                let turn = usize::try_from(number % rota.len() as u64).unwrap_or(0);
                Dealt { caller: source.caller, process: rota[turn] }
            }
            Per::Scenario => {
                let named = row.and_then(|row| row.caller);
                let dealer = self.work.dealer(workload);
                dealer.deal(&self.set.streams, u64::from(workload), (number, named), rota)
            }
        };
        ProcessId(caller * processes + process)
    }

    /// A job's pause is over.
    pub(super) fn resume(&mut self, now: Instant, number: JobId) {
        match self.work[number].step {
            0 => self.advance(now, number),
            _ => self.go_on(now, number),
        }
    }

    #[inline]
    pub(super) fn workload_of(&self, job: &Job) -> (usize, &'p Workload) {
        let cell = self.work.source(job.source).first_cell;
        let Route { workload, work, .. } = self.set.routes[cell.place()];
        (usize::from(workload), work)
    }

    /// The step that a job is in, and its number.
    #[inline]
    pub(super) fn step_of(&self, job: &Job) -> (u16, &'p Step) {
        let number = job.step - 1;
        (number, &self.workload_of(job).1.steps[usize::from(number)])
    }

    /// A job goes on to its next step that has anything to do; or it is done.
    pub(super) fn advance(&mut self, now: Instant, number: JobId) {
        loop {
            let job = &self.work[number];
            let (workload, plan) = self.workload_of(job);
            let left = job.only.is_none_or(|only| job.step == only);
            let Some(step) = plan.steps.get(usize::from(job.step)).filter(|_| left) else {
                return self.complete(now, number, (workload, plan));
            };
            let steps = plan.steps.len();
            let draw = job.number << 8 | u64::from(job.step);
            let (source, mut load) = (job.source, job.load);
            let task = step.task(&mut load, || self.counts(source).at(draw));
            let job = &mut self.work[number];
            job.load = load;
            job.step += 1;
            job.made = u64::from(job.round) << 32;
            let last = usize::from(job.step) == steps || job.only.is_some();
            job.last = last && step.poll.is_none();
            let Some(task) = task.filter(|task| task.requests > 0) else { continue };
            let begins = now + task.pause;
            (job.left, job.ready) = (task.requests, begins + task.processing);
            let first = match &step.poll {
                Some(poll) => {
                    job.left = 1;
                    begins + poll.every
                }
                None => begins,
            };
            if first > now {
                return self.clock.schedule(first, Rank::Start, Event::Continue(number));
            }
            return self.go_on(now, number);
        }
    }

    /// A job is done.
    fn complete(&mut self, now: Instant, number: JobId, (index, workload): (usize, &Workload)) {
        let arrived = self.work[number].arrived;
        let latency = now.since(arrived);
        self.ledger.jobs(arrived, index).end(Some(latency));
        if workload.view != View::None {
            self.look(now, number);
        }
        self.leave(now, number, workload);
    }

    /// What a completed job's caller sees from now on.
    fn look(&mut self, now: Instant, number: JobId) {
        let job = &self.work[number];
        let (index, workload) = self.workload_of(job);
        let arrived = job.arrived;
        match workload.view {
            View::None => {}
            View::Notified => {
                self.ledger.jobs(arrived, index).age.tell(now, now.since(arrived));
            }
            View::Polled => {
                let source = job.source;
                let sight = self.work.sight(source);
                let Sight { as_of, since } = *sight;
                if arrived > as_of {
                    *sight = Sight { as_of: arrived, since: now };
                    let end = now.min(Instant::ORIGIN + self.set.plan.duration);
                    self.ledger.jobs(since, index).age.grow(as_of, since, end);
                }
            }
        }
    }

    /// Arrivals have stopped, and with them the looking: what was seen last grew old until then.
    pub(super) fn stop_looking(&mut self) {
        let end = Instant::ORIGIN + self.set.plan.duration;
        for (source, Sight { as_of, since }) in self.work.sights() {
            let Route { work, workload, .. } = self.set.routes[source.first_cell.place()];
            if work.view == View::Polled {
                let warm = self.ledger.jobs(Instant::END, usize::from(workload));
                warm.age.grow(as_of, since, end);
            }
        }
    }

    /// As many requests of a job's step arise as may be under way at once.
    fn go_on(&mut self, now: Instant, number: JobId) {
        let job = &self.work[number];
        let (step, plan) = self.step_of(job);
        let most = plan.at_once.unwrap_or(u32::MAX);
        let source = self.work.source(job.source);
        let (cell, keys) = (CellId(source.first_cell.0 + step), source.keys);
        let counted = self.ledger.counted(job.arrived, cell);
        loop {
            let job = &mut self.work[number];
            if job.left == 0 || job.open >= most {
                return;
            }
            job.left -= 1;
            job.open += 1;
            job.made += 1;
            let owner = keys.owner(job.number << 8 | u64::from(step), job.made);
            let process = job.process;
            self.arise(now, (Some(number), process), (cell, counted), owner);
        }
    }

    /// A request of a job arises in a process, in the cell of its step, and is counted in that one
    /// or beyond all. It may be its own job.
    fn arise(
        &mut self,
        now: Instant,
        (job, process): (Option<JobId>, ProcessId),
        (cell, counted): (CellId, CountedId),
        owner: u64,
    ) {
        let own = self.callers.caller_of(process).account;
        let key = self.key(cell, owner);
        if key.is_some_and(|key| self.is_cached(now, process, key)) {
            return self.spare_cached(now, job, (counted, own));
        }
        let operation = self.set.routes[cell.place()].operation;
        let request =
            Request { job, process, operation, cell, counted, owner, arrived: now, ..Request::NEW };
        if self.set.shortcuts.is_express {
            return self.arise_express(request);
        }
        self.ledger.counters(counted, own, now).arrive();
        let request = self.transit.insert(request);
        if !self.set.shortcuts.keeps_no_flights {
            self.open_flight(now, request, (own, key));
        }
        self.begin(now, request);
    }

    /// A request has arisen on behalf of an account of its own, and asks for something.
    #[inline(never)]
    fn open_flight(&mut self, now: Instant, request: RequestId, (own, key): (u32, Option<u32>)) {
        let mut number = 0;
        if O::LOOKS {
            number = self.transit.number_of(own);
        }
        let items = self.items_of(request);
        *self.transit.flight_mut(request) =
            Flight { number, items, sent: now, key, ..Flight::NONE };
    }

    /// A request of a job has ended.
    #[inline]
    pub(super) fn ended_of(&mut self, now: Instant, number: JobId, success: bool) {
        let job = &mut self.work[number];
        job.open -= 1;
        let over = job.open == 0 && job.left == 0;
        if over && job.last && success && !job.given_up && !job.stirred {
            // Nothing more can come of it within the event.
            let of = self.workload_of(&self.work[number]);
            return self.complete(now, number, of);
        }
        if (job.open == 0 || job.left > 0) && !job.stirred {
            job.stirred = true;
            let pause = self.set.strategy.pause;
            match pause.is_zero() || over && job.last {
                true => self.aftermath.add(Effect::Stirred(number)),
                false => self.clock.schedule(now + pause, Rank::Start, Event::Stir(number)),
            }
        }
        if !success && !self.work[number].given_up {
            self.lose(number);
        }
    }

    /// A job of which a request has ended goes on.
    pub(super) fn stir(&mut self, now: Instant, number: JobId) {
        let job = &mut self.work[number];
        job.stirred = false;
        let (open, left, given_up) = (job.open, job.left, job.given_up);
        match (open, left, given_up) {
            (0, _, true) => self.end_or_begin_again(now, number),
            (_, _, true) => {}
            (0, 0, false) => self.poll_again_or_advance(now, number),
            (_, 0, false) => {}
            (_, _, false) => self.go_on(now, number),
        }
    }

    fn poll_again_or_advance(&mut self, now: Instant, number: JobId) {
        let job = &self.work[number];
        match &self.step_of(job).1.poll {
            Some(poll) if now < job.ready => {
                self.work[number].left = 1;
                self.clock.schedule(now + poll.every, Rank::Start, Event::Continue(number));
            }
            _ => self.advance(now, number),
        }
    }

    /// A job leaves; a member of a closed population comes back after a think time.
    #[inline]
    pub(super) fn leave(&mut self, now: Instant, number: JobId, workload: &Workload) {
        let job = self.work[number];
        self.work.remove(number);
        let Arrivals::Closed(closed) = &workload.arrivals else { return };
        if self.work.has_stopped(job.source) {
            return;
        }
        let thought = u64::from(closed.population) + job.number;
        let stream = self.work.source(job.source).arrivals.stream();
        let at = now + closed.think.sample(&mut stream.at(thought));
        if at < Instant::ORIGIN + self.set.plan.duration {
            self.clock.schedule(at, Rank::Start, Event::Return(job.source));
        }
    }
}
