//! What happens to a request before its first attempt: it is answered from a cache, held back for
//! a while, or joins others in one call.
//!
//! ```text
//!   arises ──► cached? ──► ends at once
//!        └──► begin ──► lingers in a batch ──► the first of it is considered, and carries the rest
//!                 └──► held until its start ──► considered
//! ```

use super::observe::Observer;
use super::partition::Partition;
use super::plan::Plan;
use super::records::Event;
use crate::engine::Rank;
use crate::random::Purpose;
use crate::strategy::{Start, Strategy};
use crate::units::{Instant, Span};

/// Requests that linger, to travel in one call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch {
    /// The first, which carries the others.
    carrier: u32,
    /// The last that has joined.
    last: u32,
    count: u32,
    due: Instant,
}

/// Where each cell's keys begin in a cache, and how many there are of all; nothing is cached of
/// cells whose keys are not known.
#[derive(Debug, Default)]
pub(super) struct KeySpace {
    first: Vec<Option<u32>>,
    pub count: u32,
}

impl KeySpace {
    pub fn new(plan: &Plan, strategy: &Strategy) -> Self {
        let mut space = Self::default();
        if strategy.cache.is_none() {
            return space;
        }
        for workload in &plan.workloads {
            for _ in &workload.steps {
                space.first.push(workload.keys.as_ref().map(|_| space.count));
                space.count += workload.keys.as_ref().map_or(0, |keys| keys.count());
            }
        }
        space
    }
}

impl<O: Observer> Partition<'_, O> {
    /// What a request of a cell asks for, as its cache counts it.
    #[inline]
    pub(super) fn key(&self, cell: u16, owner: u64) -> Option<u32> {
        self.strategy.cache.as_ref()?;
        let first = self.key_space.first[usize::from(cell)]?;
        let workload = usize::from(self.routes[usize::from(cell)].workload);
        let keys = self.plan.workloads[workload].keys.as_ref()?;
        let mut draws = self.streams.stream(Purpose::Keys, owner).at(0);
        Some(first + keys.draw(&mut draws))
    }

    pub(super) fn is_cached(&mut self, now: Instant, process: u32, key: u32) -> bool {
        self.caches[self.roster.cache(process)].holds(now, key)
    }

    /// A request that has arisen is answered from the cache; its job goes on after the event.
    pub(super) fn spare_cached(
        &mut self,
        now: Instant,
        job: Option<u32>,
        (cell, account): (usize, usize),
    ) {
        self.outcome.arrive(now, cell, account);
        self.outcome.cells[cell].spared.cached += 1;
        self.outcome.end(now, cell, account, Some(Span::ZERO));
        let Some(job) = job else { return };
        let record = &mut self.jobs[job];
        record.open -= 1;
        if !record.stirred {
            record.stirred = true;
            self.stirred.push(job);
        }
    }

    /// Keeps the answer of a request, if answers are cached.
    #[inline]
    pub(super) fn keep_answer(&mut self, now: Instant, number: u32) {
        if self.strategy.cache.is_none() {
            return;
        }
        if let Some(key) = self.flights[number as usize].key {
            let cache = self.roster.cache(self.requests[number].process);
            self.caches[cache].keep(now, key);
        }
    }

    /// A request that has arisen is considered: now, or later, or in another one's call.
    #[inline]
    pub(super) fn begin(&mut self, now: Instant, number: u32) {
        if self.strategy.batch.is_some() && self.join_batch(now, number) {
            return;
        }
        self.start(now, number);
    }

    #[inline]
    fn start(&mut self, now: Instant, number: u32) {
        let Some(start) = self.strategy.start else { return self.consider(now, number) };
        let request = &self.requests[number];
        let held = match start {
            Start::Spread(period) => {
                self.streams.stream(Purpose::Starts, request.owner).at(0).up_to(period)
            }
            Start::Offset(period) => {
                let (own, all) = self.place_among_all(request.process);
                Span::from_nanos(part(period.as_nanos(), own, all))
            }
        };
        match held {
            Span::ZERO => self.consider(now, number),
            held => self.clock.schedule(now + held, Rank::Start, Event::Ready(number)),
        }
    }

    /// The number of a process among those of all accounts, account by account, and how many they
    /// are: whichever accounts share the clock.
    fn place_among_all(&self, process: u32) -> (u64, u64) {
        let people = &self.plan.population;
        let [applications, regions, processes] =
            [people.applications, people.regions, self.plan.processes].map(u64::from);
        let caller = self.globally(self.roster.caller_of(process));
        let place = u64::from(caller.account) * applications + u64::from(caller.application);
        let place = place * regions + u64::from(caller.region);
        let own = place * processes + u64::from(process) % processes;
        (own, u64::from(people.accounts) * applications * regions * processes)
    }

    /// True if the request lingers with others, or has joined those that do.
    fn join_batch(&mut self, now: Instant, number: u32) -> bool {
        let Some(batching) = &self.strategy.batch else { return false };
        let request = &self.requests[number];
        let operation = usize::from(request.operation.0);
        let size = batching.sizes.get(operation).copied().unwrap_or(1);
        if size <= 1 {
            return false;
        }
        let place = request.process as usize * self.plan.calls.len() + operation;
        match &mut self.batches[place] {
            None => {
                let due = now + batching.linger;
                let batch = Batch { carrier: number, last: number, count: 1, due };
                self.batches[place] = Some(batch);
                let place = u32::try_from(place).expect("fewer batches than 2³²");
                self.clock.schedule(due, Rank::Start, Event::Flush(place));
            }
            Some(batch) => {
                self.outcome.cells[usize::from(request.counted)].spared.batched += 1;
                let last = std::mem::replace(&mut batch.last, number);
                batch.count += 1;
                let full = (batch.count >= size).then_some(batch.carrier);
                self.flights[last as usize].next = Some(number);
                if let Some(carrier) = full {
                    self.batches[place] = None;
                    self.start(now, carrier);
                }
            }
        }
        true
    }

    /// A batch may have lingered for its time; it may also have left, being full.
    pub(super) fn flush(&mut self, now: Instant, place: u32) {
        let batch = &mut self.batches[place as usize];
        if let Some(ripe) = batch.filter(|batch| batch.due == now) {
            *batch = None;
            self.start(now, ripe.carrier);
        }
    }
}

/// `period · k / n`, rounded down.
fn part(period: u64, k: u64, n: u64) -> u64 {
    let part = u128::from(period) * u128::from(k) / u128::from(n.max(1));
    u64::try_from(part).unwrap_or(period)
}
