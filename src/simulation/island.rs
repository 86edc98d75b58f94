//! Accounts that share one clock: their sources of work, their clients, and the loop.
//!
//! ```text
//!   sources (in order, outside the queue) ─┐
//!                                          ├─► earliest first; among equals the clock's events
//!   clock (calls that end, retries, …) ────┘
//! ```

use super::dealer::Dealer;
use super::lane::Lane;
use super::observe::Observer;
use super::plan::Plan;
use super::provider::Provider;
use super::records::{Event, Job, Request};
use super::spare::{Batch, KeySpace};
use super::trip::Trip;
use super::watch::Watches;
use crate::engine::{Clock, Pool, Rank};
use crate::limiter::{Gate, Population};
use crate::metrics::{Account, Outcome};
use crate::random::{Purpose, Stream, Streams};
use crate::strategy::{Cache, Client, Crew, Sharing, Strategy};
use crate::units::Instant;
use crate::wire::{Caller, Operation};
use crate::workload::{Arrivals, Per, Source, View, Workload};
use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

/// A process of a caller: where its client, its workers and its lanes are; others may share them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Process {
    /// On whose behalf it calls; the account counts from the island's first.
    pub caller: Caller,
    pub client: u32,
    pub crew: u32,
    /// The first of its lanes.
    pub lanes: u32,
    pub cache: u32,
}

/// Workers, and the requests that are parked until one of them is free.
#[derive(Debug)]
pub(super) struct Workers {
    pub crew: Crew,
    pub lobby: VecDeque<u32>,
}

/// Where one workload's work for one caller comes from.
#[derive(Debug)]
pub(super) struct Spring {
    /// The caller, by number; the first of all for a stream that is dealt to them in turn.
    pub caller: u32,
    /// The cell of the workload's first step.
    pub first_cell: u16,
    pub source: Source,
    /// What tells the requests of its jobs apart.
    pub keys: Stream,
}

/// A step of a workload, found by the number of its cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'p> {
    pub workload: u16,
    pub work: &'p Workload,
    pub operation: Operation,
    /// True if a job of it is a single request, at once and nothing else.
    pub is_plain: bool,
}

/// Accounts that share one clock, one group after another.
#[derive(Debug)]
pub(super) struct Island<'p, O> {
    pub plan: &'p Plan,
    pub strategy: &'p Strategy,
    pub streams: Streams,
    /// The way to the provider and the way back, by operation.
    pub trips: Vec<Trip<'p>>,
    pub clock: Clock<Event>,
    pub provider: Provider<'p>,
    pub processes: Vec<Process>,
    pub clients: Vec<Client>,
    pub crews: Vec<Workers>,
    pub lanes: Vec<Lane>,
    pub caches: Vec<Cache>,
    /// For each process and operation, the requests that linger to travel together.
    pub batches: Vec<Option<Batch>>,
    pub key_space: KeySpace,
    /// One for each cell.
    pub routes: Vec<Route<'p>>,
    pub springs: Vec<Spring>,
    /// What the callers of polled workloads see, by spring: as of when, and since when.
    pub seen: Vec<(Instant, Instant)>,
    /// For each workload, who gets its jobs if they are one stream for all.
    pub dealers: Vec<Dealer>,
    upcoming: BinaryHeap<Reverse<(Instant, u32)>>,
    pub jobs: Pool<Job>,
    pub requests: Pool<Request>,
    /// Crews that have a worker free again.
    pub freed: Vec<u32>,
    /// True if the strategy learns from answers.
    pub listens: bool,
    /// True if the client never holds back what could be sent.
    pub sends_freely: bool,
    /// True if every way to the provider and back takes no time.
    pub is_near: bool,
    /// True if a job may have several requests under way at once.
    pub has_siblings: bool,
    /// True if nobody and nothing learns of a success but whoever counts it.
    pub ends_quietly: bool,
    /// The instant after which nothing happens.
    pub horizon: Instant,
    /// Jobs of which a request has ended within the event.
    pub stirred: Vec<u32>,
    /// The highest priority, if some workloads go before others.
    pub urgent: Option<u8>,
    /// True if some work brings bad requests of its own.
    pub has_bad_work: bool,
    /// Requests that each account has made so far, for whoever watches.
    pub numbers: Vec<u64>,
    /// Where the figures of the first account are, among those of the groups before.
    pub first_account: usize,
    pub accounts: Range<u32>,
    pub outcome: Outcome,
    pub observer: O,
    watches: Watches,
}

impl<'p, O: Observer> Island<'p, O> {
    pub fn new(plan: &'p Plan, strategy: usize, replication: u32, observer: O) -> Self {
        let streams = Streams::new(plan.seed, replication);
        let trips: Vec<Trip<'p>> = plan.calls.iter().map(|call| Trip::of(plan, call)).collect();
        let warming = usize::from(!plan.warm_up.is_zero());
        Self {
            plan,
            strategy: &plan.strategies[strategy],
            is_near: trips.iter().all(Trip::is_nothing),
            trips,
            clock: Clock::new(),
            provider: Provider::new(plan, streams.clone(), Gate::default()),
            streams,
            processes: Vec::new(),
            clients: Vec::new(),
            crews: Vec::new(),
            lanes: Vec::new(),
            caches: Vec::new(),
            batches: Vec::new(),
            key_space: KeySpace::new(plan, &plan.strategies[strategy]),
            routes: Route::all(plan),
            listens: plan.strategies[strategy].listens(),
            sends_freely: plan.strategies[strategy].sends_freely(),
            ends_quietly: false,
            horizon: Instant::ORIGIN + plan.duration + plan.drain,
            has_siblings: plan.workloads.iter().any(Workload::has_siblings),
            springs: Vec::new(),
            seen: Vec::new(),
            dealers: Vec::new(),
            upcoming: BinaryHeap::new(),
            jobs: Pool::new(),
            requests: Pool::new(),
            freed: Vec::new(),
            stirred: Vec::new(),
            urgent: plan.highest_priority(),
            has_bad_work: plan.workloads.iter().any(|workload| workload.bad_request_ppm > 0),
            numbers: Vec::new(),
            accounts: 0..0,
            first_account: 0,
            outcome: plan.empty_outcome(warming),
            observer,
            watches: Watches::default(),
        }
    }

    /// Simulates these accounts from the origin until nothing is left to do or time is up, and adds
    /// what it counts to what was counted of the groups before.
    pub fn run(&mut self, accounts: Range<u32>) {
        self.settle_in(accounts);
        loop {
            let event = self.clock.peek().filter(|at| *at <= self.horizon);
            let arrival = self.upcoming.peek().map(|Reverse((at, _))| *at);
            let (now, is_arrival) = match (event, arrival) {
                (None, None) => break,
                (Some(event), Some(arrival)) if arrival < event => (arrival, true),
                (Some(event), _) => (event, false),
                (None, Some(arrival)) => (arrival, true),
            };
            self.watches.read(now, &self.provider);
            if is_arrival {
                self.next_arrival(now);
            } else if let Some((now, event)) = self.clock.take() {
                self.happen(now, event);
            }
            self.settle_event(now);
        }
        self.stop_looking();
        let (mut levels, mut days) = std::mem::take(&mut self.watches).into_readings();
        self.outcome.levels.append(&mut levels);
        self.outcome.days.append(&mut days);
    }

    fn settle_in(&mut self, accounts: Range<u32>) {
        self.accounts = accounts;
        let count = self.accounts.len();
        let population = Population {
            accounts: self.accounts.end - self.accounts.start,
            ..self.plan.population
        };
        let (plan, streams, first) = (self.plan, &self.streams, self.accounts.start);
        let rules = plan.limits.iter().map(|limit| &limit.rule);
        let gate = Gate::new(rules, plan.calls.len(), population, |rule, caller| {
            let account = first + caller.account;
            plan.limits[rule].limiter_of(account, streams)
        });
        self.ends_quietly = self.sends_freely
            && self.is_near
            && !self.listens
            && self.strategy.hedge.is_none()
            && !gate.learns()
            && !O::LOOKS;
        self.provider.replace_gate(gate);
        self.clock.reset();
        self.jobs.clear();
        self.requests.clear();
        self.numbers.clear();
        self.numbers.resize(if O::LOOKS { count } else { 0 }, 0);
        self.first_account = self.outcome.accounts.len();
        self.outcome.accounts.reserve_exact(count);
        self.outcome.accounts.resize(self.first_account + count, Account::default());
        self.hire();
        self.find_springs();
        self.dealers = plan.workloads.iter().map(|workload| self.dealer(workload)).collect();
        self.watches = match self.accounts.start {
            0 => Watches::new(plan, &self.provider),
            _ => Watches::default(),
        };
    }

    /// The processes of all callers, with clients and workers of their own or shared.
    fn hire(&mut self) {
        self.processes.clear();
        self.clients.clear();
        self.crews.clear();
        self.lanes.clear();
        self.caches.clear();
        self.batches.clear();
        let (strategy, processes) = (self.strategy, self.plan.processes);
        let (paced, turns) = match &strategy.pace {
            None => (Sharing::Process, &[][..]),
            Some(pace) => (pace.sharing, &pace.lanes[..]),
        };
        let caching = strategy.cache.as_ref();
        let cached = caching.map_or(Sharing::Everybody, |caching| caching.sharing);
        // Clients that remember nothing are all alike, and so are workers without bound.
        let clients = if self.listens { Sharing::Process } else { Sharing::Everybody };
        let workers = match strategy.has_bound() {
            true => strategy.crew,
            false => Sharing::Everybody,
        };
        let place = |sharing, number| match sharing {
            Sharing::Process => number,
            Sharing::Caller => number / processes,
            Sharing::Everybody => 0,
        };
        self.processes.reserve_exact((self.callers() * processes) as usize);
        for number in 0..self.callers() * processes {
            let caller = self.caller(number / processes);
            let (paced, crew) = (place(paced, number) as usize, place(workers, number));
            let lanes = u32::try_from(paced * turns.len()).expect("fewer lanes than 2³²");
            let (client, cache) = (place(clients, number), place(cached, number));
            self.processes.push(Process { caller, client, crew, lanes, cache });
            if let Some(caching) = caching.filter(|_| cache as usize == self.caches.len()) {
                self.caches.push(Cache::new(caching, self.key_space.count));
            }
            if paced * turns.len() == self.lanes.len() {
                self.lanes.extend(turns.iter().cloned().map(Lane::new));
            }
            if client as usize == self.clients.len() {
                self.clients.push(Client::new(strategy));
            }
            if crew as usize == self.crews.len() {
                let crew = Crew::new(strategy);
                self.crews.push(Workers { crew, lobby: VecDeque::new() });
            }
        }
        if strategy.batch.is_some() {
            self.batches.resize(self.processes.len() * self.plan.calls.len(), None);
        }
    }

    /// How many callers there are here.
    pub fn callers(&self) -> u32 {
        let population = &self.plan.population;
        let accounts = self.accounts.end - self.accounts.start;
        population.applications * accounts * population.regions
    }

    /// The caller of a number; its account counts from the island's first.
    pub fn caller(&self, number: u32) -> Caller {
        let (accounts, regions) =
            (self.accounts.end - self.accounts.start, self.plan.population.regions);
        Caller {
            application: number / regions / accounts,
            account: number / regions % accounts,
            region: number % regions,
        }
    }

    /// Draws for the jobs of a spring.
    pub fn counts(&self, spring: u32) -> Stream {
        let Spring { caller, first_cell, .. } = self.springs[spring as usize];
        let workload = usize::from(self.routes[usize::from(first_cell)].workload);
        let owner = self.owner(workload, self.caller(caller));
        self.streams.stream(Purpose::Counts, owner)
    }

    /// A number for a caller that does not depend on how accounts are divided into islands.
    fn owner(&self, workload: usize, caller: Caller) -> u64 {
        let population = &self.plan.population;
        let account = u64::from(self.accounts.start + caller.account);
        let place = u64::from(caller.application) * u64::from(population.regions);
        let places = u64::from(population.applications) * u64::from(population.regions);
        let number = account * places + place + u64::from(caller.region);
        number * self.plan.workloads.len() as u64 + workload as u64
    }

    fn find_springs(&mut self) {
        self.springs.clear();
        self.seen.clear();
        self.upcoming.clear();
        let plan = self.plan;
        for (index, workload) in plan.workloads.iter().enumerate() {
            let number = u16::try_from(index).expect("fewer workloads than 65 536");
            if self.strategy.workloads.as_ref().is_some_and(|list| !list.contains(&number)) {
                continue;
            }
            match workload.per {
                Per::Scenario => self.open_spring(workload, number, 0),
                Per::Account => {
                    self.springs.reserve_exact(self.callers() as usize);
                    self.upcoming.reserve_exact(self.callers() as usize);
                    for caller in 0..self.callers() {
                        let (local, mut global) = (self.caller(caller), self.caller(caller));
                        global.account = local.account + self.accounts.start;
                        if workload.callers.include(global) {
                            self.open_spring(workload, number, caller);
                        }
                    }
                }
            }
        }
    }

    fn dealer(&self, workload: &Workload) -> Dealer {
        let all = if workload.per == Per::Scenario { self.callers() } else { 0 };
        let callers = (0..all).map(|number| (number, self.caller(number)));
        let named = callers.filter(|(_, caller)| workload.callers.include(*caller));
        Dealer::new(named, &self.plan.skew)
    }

    fn open_spring(&mut self, workload: &'p Workload, number: u16, caller: u32) {
        let owner = self.owner(usize::from(number), self.caller(caller));
        let stream = self.streams.stream(Purpose::Arrivals, owner);
        let keys = self.streams.stream(Purpose::Requests, owner);
        let mut global = self.caller(caller);
        global.account += self.accounts.start;
        let turn = self.plan.turn(workload, global);
        let (source, first) = Source::new(&workload.arrivals, stream, turn);
        let spring = u32::try_from(self.springs.len()).expect("fewer sources than 2³²");
        let first_cell = self.plan.first_cell(usize::from(number));
        self.springs.push(Spring { caller, first_cell, source, keys });
        if workload.view == View::Polled {
            self.seen.resize(self.springs.len(), (Instant::ORIGIN, Instant::ORIGIN));
        }
        self.queue_arrival(spring, first);
        if let Arrivals::Closed(closed) = &workload.arrivals {
            for member in 0..u64::from(closed.population) {
                let think = closed.think.sample(&mut stream.at(member));
                let at = Instant::ORIGIN + think;
                if think < self.plan.duration {
                    self.clock.schedule(at, Rank::Start, Event::Return(spring));
                }
            }
        }
    }

    fn queue_arrival(&mut self, spring: u32, at: Option<Instant>) {
        let end = Instant::ORIGIN + self.plan.duration;
        if let Some(at) = at.filter(|at| *at < end) {
            self.upcoming.push(Reverse((at, spring)));
        }
    }

    fn next_arrival(&mut self, now: Instant) {
        let Some(mut first) = self.upcoming.peek_mut() else { return };
        let number = first.0.1;
        let spring = &mut self.springs[number as usize];
        let (taken, row) = (spring.source.taken(), spring.source.row());
        let arrivals = &self.routes[usize::from(spring.first_cell)].work.arrivals;
        let next = spring.source.advance(arrivals, now);
        let end = Instant::ORIGIN + self.plan.duration;
        match next.filter(|at| *at < end) {
            Some(at) => {
                first.0.0 = at;
                drop(first);
            }
            None => {
                PeekMut::pop(first);
            }
        }
        self.arrive(now, number, taken, row);
    }

    /// All that was counted, and who watched.
    pub fn into_outcome(self) -> (Outcome, O) {
        let mut outcome = self.outcome;
        for cell in &outcome.cells {
            cell.assert_conservation();
        }
        // Of a request that is all of its job, the job has the figures.
        for (route, cell) in self.routes.iter().zip(&outcome.cells) {
            if route.is_plain {
                let jobs = &mut outcome.jobs[usize::from(route.workload)];
                (jobs.tally, jobs.latency) = (cell.requests, cell.latency.clone());
            }
        }
        // What arrived while warming up is in no figure.
        outcome.cells.truncate(self.routes.len());
        outcome.jobs.truncate(self.plan.workloads.len());
        if !self.plan.warm_up.is_zero() {
            outcome.accounts.remove(0);
        }
        (outcome, self.observer)
    }
}

impl<'p> Route<'p> {
    fn all(plan: &'p Plan) -> Vec<Self> {
        let workloads = (0u16..).zip(&plan.workloads);
        let routes = workloads.flat_map(|(workload, work)| {
            let is_plain = work.is_plain();
            work.steps.iter().map(move |step| {
                let operation = step.operation;
                Self { workload, work, operation, is_plain }
            })
        });
        routes.collect()
    }
}

impl Plan {
    /// An outcome of nothing, for so many accounts.
    pub(super) fn empty_outcome(&self, accounts: usize) -> Outcome {
        let times = if self.warm_up.is_zero() { 1 } else { 2 };
        let (cells, workloads) = (self.cells() * times, self.workloads.len() * times);
        Outcome::new(cells, workloads, accounts, self.causes.len())
    }
}
