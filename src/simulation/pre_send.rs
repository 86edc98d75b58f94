//! What happens to a request before its first attempt: it is answered from a cache, held back for
//! a while, or joins others in one call.
//!
//! ```text
//!   arises ──► cached? ──► ends at once
//!        └──► begin ──► lingers in a batch ──► the first of it is considered, and carries the rest
//!                 └──► held until its start ──► considered
//! ```

use super::aftermath::Effect;
use super::batch::Joined;
use super::index::{CellId, CountedId, JobId, ProcessId, RequestId};
use super::observe::Observer;
use super::partition::Partition;
use super::records::{Event, Request};
use crate::engine::Rank;
use crate::random::Purpose;
use crate::strategy::Start;
use crate::units::{Instant, Span};
use crate::wire::Caller;

impl<O: Observer> Partition<'_, O> {
    /// What a request of a cell asks for, as its cache counts it.
    #[inline]
    pub(super) fn key(&self, cell: CellId, owner: u64) -> Option<u32> {
        self.set.strategy.cache.as_ref()?;
        let first = self.set.key_space.first(cell)?;
        let workload = usize::from(self.set.routes[cell.place()].workload);
        let keys = self.set.plan.workloads[workload].keys.as_ref()?;
        let mut draws = self.set.streams.stream(Purpose::Keys, owner).at(0);
        Some(first + keys.draw(&mut draws))
    }

    /// Whose request it is; and what it asks for, and the node that decides about its attempt,
    /// where that makes a difference.
    #[inline(always)]
    pub(super) fn caller_of(&self, request: &Request) -> Caller {
        let caller = self.callers.caller_of(request.process);
        if self.set.is_fine { self.fine(caller, request) } else { caller }
    }

    #[inline(never)]
    fn fine(&self, caller: Caller, request: &Request) -> Caller {
        let streams = &self.set.streams;
        let mut draws = streams.stream(Purpose::Nodes, request.owner).at(request.attempts.into());
        let node = u32::try_from(draws.below(1 << 32)).unwrap_or(0);
        let key =
            self.work_of(request).keys.as_ref().map_or(0, |keys| {
                keys.draw(&mut streams.stream(Purpose::Keys, request.owner).at(0))
            });
        Caller { key, node, ..caller }
    }

    pub(super) fn is_cached(&mut self, now: Instant, process: ProcessId, key: u32) -> bool {
        self.callers.cache(process).holds(now, key)
    }

    /// A request that has arisen is answered from the cache; its job goes on after the event.
    pub(super) fn spare_cached(
        &mut self,
        now: Instant,
        job: Option<JobId>,
        (counted, account): (CountedId, u32),
    ) {
        self.ledger.cell(counted).spared.cached += 1;
        let mut counters = self.ledger.counters(counted, account, now);
        counters.arrive();
        counters.end(Some(Span::ZERO));
        let Some(job) = job else { return };
        let record = &mut self.work[job];
        record.open -= 1;
        if !record.stirred {
            record.stirred = true;
            self.aftermath.add(Effect::Stirred(job));
        }
    }

    /// Keeps the answer of a request, if answers are cached.
    #[inline]
    pub(super) fn keep_answer(&mut self, now: Instant, number: RequestId) {
        if self.set.strategy.cache.is_none() {
            return;
        }
        if let Some(key) = self.transit.flight(number).key {
            let process = self.transit[number].process;
            self.callers.cache(process).keep(now, key);
        }
    }

    /// A request that has arisen is considered: now, or later, or in another one's call.
    #[inline]
    pub(super) fn begin(&mut self, now: Instant, number: RequestId) {
        if self.set.strategy.batch.is_some() && self.join_batch(now, number) {
            return;
        }
        self.start(now, number);
    }

    #[inline]
    fn start(&mut self, now: Instant, number: RequestId) {
        let Some(start) = self.set.strategy.start else { return self.consider(now, number) };
        let request = &self.transit[number];
        let held = match start {
            Start::Spread(period) => {
                self.set.streams.stream(Purpose::Starts, request.owner).at(0).up_to(period)
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
    fn place_among_all(&self, process: ProcessId) -> (u64, u64) {
        let people = &self.set.plan.population;
        let [applications, regions, processes] =
            [people.applications, people.regions, people.processes].map(u64::from);
        let caller = self.globally(self.callers.caller_of(process));
        let place = u64::from(caller.account) * applications + u64::from(caller.application);
        let place = place * regions + u64::from(caller.region);
        let own = place * processes + u64::from(process.0) % processes;
        (own, u64::from(people.accounts) * applications * regions * processes)
    }

    /// True if the request lingers with others, or has joined those that do.
    fn join_batch(&mut self, now: Instant, number: RequestId) -> bool {
        let Some(batching) = &self.set.strategy.batch else { return false };
        let request = &self.transit[number];
        let operation = usize::from(request.operation.0);
        let size = batching.sizes.get(operation).copied().unwrap_or(1);
        if size <= 1 {
            return false;
        }
        let place = request.process.place() * self.set.plan.calls.len() + operation;
        let due = now + batching.linger;
        match self.batches.join(place, number, (size, due)) {
            Joined::First => {
                let place = u32::try_from(place).expect("fewer batches than 2³²");
                self.clock.schedule(due, Rank::Start, Event::Flush(place));
            }
            Joined::Behind(last) => self.travel_behind(last, number),
            Joined::Full(last, carrier) => {
                self.travel_behind(last, number);
                self.start(now, carrier);
            }
        }
        true
    }

    /// A request travels in the call of those before it.
    fn travel_behind(&mut self, last: RequestId, number: RequestId) {
        self.ledger.cell(self.transit[number].counted).spared.batched += 1;
        self.transit.flight_mut(last).next = Some(number);
    }

    /// A batch may have lingered for its time; it may also have left, being full.
    pub(super) fn flush(&mut self, now: Instant, place: u32) {
        if let Some(carrier) = self.batches.flush(place, now) {
            self.start(now, carrier);
        }
    }
}

/// `period · k / n`, rounded down.
fn part(period: u64, k: u64, n: u64) -> u64 {
    let part = u128::from(period) * u128::from(k) / u128::from(n.max(1));
    u64::try_from(part).unwrap_or(period)
}
