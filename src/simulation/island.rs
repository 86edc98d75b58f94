//! Accounts that share one clock: their sources of work, their clients, and the loop.
//!
//! ```text
//!   sources (in order, outside the queue) ─┐
//!                                          ├─► earliest first; among equals the clock's events
//!   clock (calls that end, retries, …) ────┘
//! ```

use super::observe::Observer;
use super::plan::{Call, Plan};
use super::provider::Provider;
use super::records::{Event, Job, Request};
use super::spring::Spring;
use crate::engine::{Clock, Rank};
use crate::limiter::{Gate, Limit, Limiter, Population, Revenue};
use crate::metrics::{Levels, Outcome, QuotaDay};
use crate::random::{Purpose, Streams};
use crate::strategy::{Client, Strategy};
use crate::units::{Instant, Span};
use crate::wire::{Caller, Operation};
use crate::workload::{Arrivals, Per, Source, Workload};
use slab::Slab;
use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

/// A process of a caller: its client and those of its requests that are parked.
#[derive(Debug)]
pub(super) struct Process {
    /// On whose behalf it calls; the account counts from the island's first.
    pub caller: Caller,
    pub client: Client,
    pub lobby: VecDeque<u32>,
}

/// A limit whose level is read over time.
#[derive(Debug)]
struct Watch {
    rule: usize,
    operation: Operation,
    levels: Levels,
}

/// A revenue-derived quota that is noted day by day.
#[derive(Debug)]
struct Calendar {
    rule: usize,
    operation: Operation,
    /// The end of the day that is under way.
    ends: Instant,
}

/// Accounts that share one clock.
#[derive(Debug)]
pub(super) struct Island<'p, O> {
    pub plan: &'p Plan,
    pub strategy: &'p Strategy,
    pub streams: Streams,
    /// The way to the provider and the way back, by operation.
    pub trips: Vec<(Span, Span)>,
    pub clock: Clock<Event>,
    pub provider: Provider<'p>,
    pub processes: Vec<Process>,
    pub springs: Vec<Spring>,
    upcoming: BinaryHeap<Reverse<(Instant, u32)>>,
    pub jobs: Slab<Job>,
    pub requests: Slab<Request>,
    /// Processes that have a worker free again.
    pub freed: Vec<u32>,
    /// Requests that each account has made so far.
    pub numbers: Vec<u64>,
    pub accounts: Range<u32>,
    pub outcome: Outcome,
    pub observer: O,
    watches: Vec<Watch>,
    /// When all of them are read next, if there are any.
    next_reading: Option<Instant>,
    calendar: Option<Calendar>,
}

impl<'p, O: Observer> Island<'p, O> {
    pub fn new(plan: &'p Plan, strategy: usize, replication: u32, observer: O) -> Self {
        let streams = Streams::new(plan.seed, replication);
        Self {
            plan,
            strategy: &plan.strategies[strategy],
            trips: plan.calls.iter().map(|call| halves(plan, call)).collect(),
            clock: Clock::new(),
            provider: Provider::new(plan, streams.clone(), Gate::default()),
            streams,
            processes: Vec::new(),
            springs: Vec::new(),
            upcoming: BinaryHeap::new(),
            jobs: Slab::new(),
            requests: Slab::new(),
            freed: Vec::new(),
            numbers: Vec::new(),
            accounts: 0..0,
            outcome: plan.empty_outcome(0),
            observer,
            watches: Vec::new(),
            next_reading: None,
            calendar: None,
        }
    }

    pub fn into_observer(self) -> O {
        self.observer
    }

    /// Simulates these accounts from the origin until nothing is left to do or time is up.
    pub fn run(&mut self, accounts: Range<u32>) -> Outcome {
        self.settle_in(accounts);
        let horizon = Instant::ORIGIN + self.plan.duration + self.plan.drain;
        loop {
            let event = self.clock.peek().filter(|at| *at <= horizon);
            let arrival = self.upcoming.peek().map(|Reverse((at, _))| *at);
            let (now, is_arrival) = match (event, arrival) {
                (None, None) => break,
                (Some(event), Some(arrival)) if arrival < event => (arrival, true),
                (Some(event), _) => (event, false),
                (None, Some(arrival)) => (arrival, true),
            };
            self.read_levels(now);
            if is_arrival {
                self.next_arrival(now);
            } else if let Some((now, event)) = self.clock.take() {
                self.happen(now, event);
            }
            self.wake_freed(now);
        }
        self.settle_up()
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
        self.provider.replace_gate(gate);
        self.clock.reset();
        self.jobs.clear();
        self.requests.clear();
        self.numbers.clear();
        self.numbers.resize(count, 0);
        self.outcome = plan.empty_outcome(count);
        self.processes.clear();
        for number in 0..self.callers() * plan.processes {
            let caller = self.caller(number / plan.processes);
            let client = Client::new(self.strategy);
            self.processes.push(Process { caller, client, lobby: VecDeque::new() });
        }
        self.find_springs();
        self.watch();
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
        self.upcoming.clear();
        let plan = self.plan;
        for (index, workload) in plan.workloads.iter().enumerate() {
            let number = u16::try_from(index).expect("fewer workloads than 65 536");
            if self.strategy.workloads.as_ref().is_some_and(|list| !list.contains(&number)) {
                continue;
            }
            match workload.per {
                Per::Scenario => {
                    let callers = 0..self.callers();
                    let named = callers.filter(|n| workload.callers.include(self.caller(*n)));
                    let dealt = named.map(|caller| (caller, 0)).collect();
                    self.open_spring(workload, number, 0, dealt);
                }
                Per::Account => {
                    for caller in 0..self.callers() {
                        let (local, mut global) = (self.caller(caller), self.caller(caller));
                        global.account = local.account + self.accounts.start;
                        if workload.callers.include(global) {
                            self.open_spring(workload, number, caller, Vec::new());
                        }
                    }
                }
            }
        }
    }

    fn open_spring(
        &mut self,
        workload: &'p Workload,
        number: u16,
        caller: u32,
        dealt: Vec<(u32, u64)>,
    ) {
        let owner = self.owner(usize::from(number), self.caller(caller));
        let stream = self.streams.stream(Purpose::Arrivals, owner);
        let counts = self.streams.stream(Purpose::Counts, owner);
        let source = Source::new(&workload.arrivals, stream);
        let spring = u32::try_from(self.springs.len()).expect("fewer sources than 2³²");
        let first_cell = self.plan.first_cell(usize::from(number));
        let first = source.peek();
        self.springs.push(Spring { workload: number, caller, dealt, source, first_cell, counts });
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
        spring.source.advance(&self.plan.workloads[usize::from(spring.workload)].arrivals);
        let end = Instant::ORIGIN + self.plan.duration;
        match spring.source.peek().filter(|at| *at < end) {
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

    fn watch(&mut self) {
        self.watches.clear();
        self.calendar = None;
        self.next_reading = None;
        if self.accounts.start > 0 {
            return;
        }
        for (rule, operation) in self.plan.watched() {
            self.watches.push(Watch { rule, operation, levels: Levels::default() });
        }
        if !self.watches.is_empty() {
            self.next_reading = Some(Instant::ORIGIN);
        }
        self.calendar = self.watches.iter().find_map(|watch| {
            let revenue = self.revenue(watch.rule, watch.operation)?;
            let ends = revenue.day_end(Instant::ORIGIN);
            Some(Calendar { rule: watch.rule, operation: watch.operation, ends })
        });
    }

    /// The first caller's revenue-derived quota, if that is what the rule is.
    fn revenue(&self, rule: usize, operation: Operation) -> Option<&Revenue> {
        match self.provider.gate().limiter(rule, Caller::default(), operation) {
            Some(Limiter::Revenue(revenue)) => Some(revenue),
            _ => None,
        }
    }

    /// Reads the watched levels at every reading's instant up to `now`, before what happens now.
    #[inline]
    fn read_levels(&mut self, now: Instant) {
        while self.next_reading.is_some_and(|at| at <= now) {
            for number in 0..self.watches.len() {
                let watch = &self.watches[number];
                let at = watch.levels.next();
                let caller = Caller::default();
                let limiter = self.provider.gate().limiter(watch.rule, caller, watch.operation);
                let level = limiter.and_then(|limiter| limiter.level(at)).unwrap_or(0);
                self.watches[number].levels.read(level);
            }
            self.next_reading = self.watches.first().map(|watch| watch.levels.next());
        }
        while self.calendar.as_ref().is_some_and(|calendar| calendar.ends <= now) {
            self.close_day();
        }
    }

    /// Notes the quota of the day that ends, and what of it was used.
    #[cold]
    fn close_day(&mut self) {
        let Some(Calendar { rule, operation, ends }) = self.calendar.take() else { return };
        let Some(revenue) = self.revenue(rule, operation) else { return };
        let last = Instant::from_nanos(ends.as_nanos() - 1);
        let quota = revenue.quota(last);
        let next = revenue.day_end(ends);
        let day = u32::try_from(self.outcome.days.len()).unwrap_or(u32::MAX);
        self.outcome.days.push(QuotaDay {
            day,
            phase: quota.phase,
            revenue: quota.revenue,
            per_day: quota.per_day,
            per_second: quota.per_second,
            used: quota.used,
        });
        self.calendar = Some(Calendar { rule, operation, ends: next });
    }

    fn settle_up(&mut self) -> Outcome {
        let mut outcome = std::mem::replace(&mut self.outcome, self.plan.empty_outcome(0));
        for cell in &outcome.cells {
            cell.assert_conservation();
        }
        outcome.levels = self.watches.drain(..).map(|watch| watch.levels).collect();
        outcome
    }
}

impl Plan {
    /// An outcome of nothing, for so many accounts.
    pub(super) fn empty_outcome(&self, accounts: usize) -> Outcome {
        Outcome::new(self.cells(), self.workloads.len(), accounts, self.causes.len())
    }
}

/// The two halves of a call's round trip.
fn halves(plan: &Plan, call: &Call) -> (Span, Span) {
    let round_trip = plan.services[usize::from(call.service)].round_trip;
    let there = round_trip.divided_by(2);
    (there, round_trip - there)
}
