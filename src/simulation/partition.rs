//! Accounts that share one clock: their sources of work, their clients, and the loop.
//!
//! ```text
//!   sources (the earliest in hand) ────────┐
//!                                          ├─► earliest first; among equals the clock's events
//!   clock (calls that end, retries, …) ────┘
//! ```

use super::calendar::Calendar;
use super::dealer::Dealer;
use super::lane::Lane;
use super::observe::Observer;
use super::plan::{Meter, Plan};
use super::pre_send::{Batch, KeySpace};
use super::prefetch::Needed;
use super::provider::Provider;
use super::records::{Effect, Event, Flight, Job, Request};
use super::sources::{ArrivalSource, Upcoming};
use super::staff::{Roster, Workers};
use super::trip::Trip;
use super::watch::Watches;
use crate::engine::{Clock, Pool};
use crate::limiter::Population;
use crate::metrics::{Account, Excess, Outcome};
use crate::random::Streams;
use crate::strategy::{Cache, Client, Counter, Strategy};
use crate::units::Instant;
use crate::wire::{Caller, Operation};
use crate::workload::Workload;
use std::ops::Range;

/// Events from one look at what a run has taken to the next.
const LOOK: u32 = 1 << 12;

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
pub(super) struct Partition<'p, O> {
    pub plan: &'p Plan,
    pub strategy: &'p Strategy,
    pub streams: Streams,
    /// The way to the provider and the way back, by operation.
    pub trips: Vec<Trip<'p>>,
    pub clock: Clock<Event>,
    pub upcoming: Upcoming,
    /// Room for what is read ahead.
    pub needed: Vec<Needed>,
    pub provider: Provider<'p>,
    pub roster: Roster,
    pub clients: Vec<Client>,
    pub crews: Vec<Workers>,
    pub lanes: Vec<Lane>,
    pub caches: Vec<Cache>,
    pub counters: Vec<Counter>,
    /// For each process and operation, the requests that linger to travel together.
    pub batches: Vec<Option<Batch>>,
    pub key_space: KeySpace,
    /// One for each cell.
    pub routes: Vec<Route<'p>>,
    /// What the limits hold so much of.
    pub meters: Vec<Meter>,
    pub sources: Vec<ArrivalSource>,
    /// What the callers of polled workloads see, by source: as of when, and since when.
    pub seen: Vec<(Instant, Instant)>,
    /// For each workload, who gets its jobs if they are one stream for all.
    pub dealers: Vec<Dealer>,
    pub jobs: Pool<Job>,
    pub requests: Pool<Request>,
    /// For each request, what there is of the attempt under way.
    pub flights: Vec<Flight>,
    /// Crews that have a worker free again.
    pub freed: Vec<usize>,
    /// True if the strategy learns from answers.
    pub listens: bool,
    /// True if the client never holds back what could be sent.
    pub sends_freely: bool,
    /// True if somebody asks for more of a request than the answer that is on its way.
    pub keeps_flights: bool,
    /// True if every way to the provider and back takes no time.
    pub is_near: bool,
    /// True if a job may have several requests under way at once.
    pub has_siblings: bool,
    /// True if nobody and nothing learns of a success but whoever counts it.
    pub ends_quietly: bool,
    /// What has happened, and what may happen before somebody looks how much it was.
    events: u64,
    unseen: u32,
    /// The instant after which nothing happens.
    pub horizon: Instant,
    /// Jobs of which a request has ended within the event.
    pub stirred: Vec<u32>,
    /// True if what an end brings on must wait for the other ends of its instant: calls reach the
    /// provider at once, and a limit learns how they end.
    pub ends_first: bool,
    /// What the ends of an instant have brought on, end by end, until the last of them.
    pub postponed: Vec<Effect>,
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
    /// Records of attempts that are no request of their own: twins and orphans.
    pub shadows: u32,
    /// True if each account could be simulated by itself.
    pub is_divisible: bool,
    /// What the whole may take, in shares of what an account or the only clock may.
    share: u64,
    calendar: Calendar,
    watches: Watches,
}

impl<'p, O: Observer> Partition<'p, O> {
    pub fn new(plan: &'p Plan, strategy: usize, replication: u32, observer: O) -> Self {
        let streams = Streams::new(plan.seed, replication);
        let client = &plan.strategies[strategy];
        let listens = client.listens();
        let trips: Vec<Trip<'p>> = plan.calls.iter().map(|call| Trip::of(plan, call)).collect();
        let warming = usize::from(!plan.warm_up.is_zero());
        Self {
            plan,
            strategy: client,
            is_near: trips.iter().all(Trip::is_nothing),
            trips,
            clock: Clock::new(),
            upcoming: Upcoming::default(),
            needed: Vec::new(),
            provider: Provider::new(plan, streams.clone()),
            streams,
            clients: Vec::new(),
            crews: Vec::new(),
            lanes: Vec::new(),
            caches: Vec::new(),
            counters: Vec::new(),
            batches: Vec::new(),
            key_space: KeySpace::new(plan, client),
            routes: Route::all(plan),
            meters: plan.meters(),
            roster: Roster::new(plan, client, listens),
            listens,
            keeps_flights: O::LOOKS
                || listens
                || client.has_company()
                || client.retry.counts_from_first_attempt(),
            sends_freely: client.sends_freely(),
            events: 0,
            unseen: LOOK,
            ends_quietly: false,
            horizon: Instant::ORIGIN + plan.duration + plan.drain,
            has_siblings: plan.workloads.iter().any(Workload::has_siblings),
            sources: Vec::new(),
            seen: Vec::new(),
            dealers: Vec::new(),
            jobs: Pool::new(),
            requests: Pool::new(),
            flights: Vec::new(),
            freed: Vec::new(),
            stirred: Vec::new(),
            ends_first: false,
            postponed: Vec::new(),
            urgent: plan.highest_priority(),
            has_bad_work: plan.workloads.iter().any(|workload| workload.bad_request_ppm > 0),
            numbers: Vec::new(),
            accounts: 0..0,
            first_account: 0,
            outcome: plan.empty_outcome(warming),
            observer,
            shadows: 0,
            is_divisible: plan.accounts_are_independent(strategy),
            share: 1,
            calendar: Calendar::default(),
            watches: Watches::default(),
        }
    }

    /// From now on, of what happens at one instant the last comes first.
    pub fn reverse_ties(&mut self) {
        self.clock.take_last_first();
        self.upcoming.take_last_first();
    }

    /// Simulates these accounts from the origin until nothing is left to do or time is up, and adds
    /// what it counts to what was counted of the groups before.
    pub fn run(&mut self, accounts: Range<u32>) {
        self.settle_in(accounts);
        while self.outcome.excess.is_none() {
            let event = self.clock.peek().filter(|at| *at <= self.horizon);
            let (now, is_arrival) = match (event, self.upcoming.next()) {
                (None, None) => break,
                (Some(event), Some(arrival)) if arrival < event => (arrival, true),
                (Some(event), _) => (event, false),
                (None, Some(arrival)) => (arrival, true),
            };
            self.calendar.read(now, &self.provider);
            if O::READS {
                self.watches.pass(now, &self.provider, self.backlog());
            }
            self.unseen -= 1;
            if self.unseen == 0 {
                self.look_at_bounds(now);
            }
            if is_arrival {
                self.next_arrival(now);
            } else {
                self.next_event(now);
            }
            if self.ends_first {
                self.settle_after_ends(now);
            } else {
                self.settle_event(now);
            }
            if O::READS {
                self.watches.see(now, &self.provider);
            }
        }
        if O::READS && self.backlog() > 0 {
            // What has not ended waits until time is over.
            self.watches.pass(self.horizon, &self.provider, self.backlog());
        }
        self.stop_looking();
        self.read_usage();
        self.check_recordings();
        if self.outcome.excess.is_none() {
            self.leave_under_way();
        }
        self.outcome.days.append(&mut std::mem::take(&mut self.calendar).into_days());
    }

    /// Requests that have arrived and not ended.
    fn backlog(&self) -> u64 {
        self.requests.len() as u64 - u64::from(self.shadows)
    }

    /// Gives the run up if it has taken more than it may.
    #[cold]
    fn look_at_bounds(&mut self, now: Instant) {
        self.unseen = LOOK;
        self.events += u64::from(LOOK);
        let bounds = self.plan.bounds;
        let waiting = self.requests.len() + self.jobs.len();
        if self.events / self.share > bounds.events {
            self.outcome.excess = Some(Excess::Events(now));
        } else if waiting as u64 / self.share > bounds.waiting {
            self.outcome.excess = Some(Excess::Waiting(now));
        }
    }

    fn settle_in(&mut self, accounts: Range<u32>) {
        self.accounts = accounts;
        let count = self.accounts.len();
        self.share = if self.is_divisible { count.max(1) as u64 } else { 1 };
        self.shadows = 0;
        let population = Population {
            accounts: self.accounts.end - self.accounts.start,
            ..self.plan.population
        };
        let (plan, streams, first) = (self.plan, &self.streams, self.accounts.start);
        let rules = plan.limits.iter().map(|limit| &limit.rule);
        let gate = self.provider.gate_mut();
        gate.set_up(rules, plan.calls.len(), population, |rule, caller| {
            let account = first + caller.account;
            plan.limits[rule].limiter_of(account, streams)
        });
        self.ends_first = gate.learns() && self.trips.iter().any(Trip::is_nothing);
        self.ends_quietly = self.sends_freely
            && self.is_near
            && !self.listens
            && !self.strategy.has_company()
            && !gate.learns()
            && !O::LOOKS
            && !O::READS;
        self.clock.reset();
        self.watch_warm_up();
        self.upcoming.clear();
        self.jobs.clear();
        self.requests.clear();
        self.numbers.clear();
        self.numbers.resize(if O::LOOKS { count } else { 0 }, 0);
        self.first_account = self.outcome.accounts.len();
        self.outcome.accounts.reserve_exact(count);
        self.outcome.accounts.resize(self.first_account + count, Account::default());
        self.hire();
        self.find_sources();
        self.dealers = plan.workloads.iter().map(|workload| self.dealer(workload)).collect();
        self.calendar = match self.accounts.start {
            0 => Calendar::new(plan, &self.provider),
            _ => Calendar::default(),
        };
    }

    /// A caller by its account's number among all.
    pub fn globally(&self, caller: Caller) -> Caller {
        Caller { account: self.accounts.start + caller.account, ..caller }
    }

    /// From now on the limits of an account of the next group are read, and the backlog of all.
    pub fn watch(&mut self, account: u32) {
        self.watches = Watches::new(self.plan, account);
    }

    /// All that was counted, and what was read.
    pub fn into_readings(mut self) -> (Outcome, Watches) {
        let watches = std::mem::take(&mut self.watches);
        (self.into_outcome().0, watches)
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
        let peaks = vec![None; self.meters().len()];
        Outcome { peaks, ..Outcome::new(cells, workloads, accounts, self.causes.len()) }
    }
}
