//! Clients, workers, lanes and caches of all processes of a group of accounts, their own or shared.

use super::index::{ProcessId, RequestId};
use super::lane::Lane;
use super::staff::Roster;
use crate::strategy::{Cache, Client, Counter, Crew, Strategy, Turns};
use crate::wire::{Caller, Operation};
use std::collections::VecDeque;

/// Workers that some processes have between them, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CrewId(usize);

/// A lane of a client's pacer, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LaneId(pub u32);

/// Workers, and the requests that are parked until one of them is free.
#[derive(Debug)]
struct Workers {
    crew: Crew,
    wait_queue: VecDeque<RequestId>,
}

/// Who works for the callers of a group.
#[derive(Debug)]
pub(super) struct Callers {
    roster: Roster,
    clients: Vec<Client>,
    crews: Vec<Workers>,
    lanes: Vec<Lane>,
    caches: Vec<Cache>,
    /// Attempts that several requests have made together.
    counters: Vec<Counter>,
}

impl Callers {
    /// Nobody yet.
    pub const fn new(roster: Roster) -> Self {
        Self {
            roster,
            clients: Vec::new(),
            crews: Vec::new(),
            lanes: Vec::new(),
            caches: Vec::new(),
            counters: Vec::new(),
        }
    }

    /// Everybody who works for so many accounts, with nothing done yet; a cache holds so many keys.
    /// The number of processes.
    pub fn hire(&mut self, strategy: &Strategy, accounts: u32, keys: u32) -> u32 {
        self.clients.clear();
        self.crews.clear();
        self.lanes.clear();
        self.caches.clear();
        self.counters.clear();
        self.roster.resize(accounts);
        let turns: &[Turns] = strategy.pace.as_ref().map_or(&[], |pace| &pace.lanes);
        let (roster, processes) = (self.roster, self.roster.all_processes());
        for process in (0..processes).map(ProcessId) {
            if let Some(caching) = &strategy.cache
                && roster.cache(process) == self.caches.len()
            {
                self.caches.push(Cache::new(caching, keys));
            }
            if roster.lanes(process) == self.lanes.len() {
                for turns in turns {
                    self.lanes.push(Lane::new(turns.clone()));
                }
            }
            if roster.client(process) == self.clients.len() {
                self.clients.push(Client::new(strategy));
            }
            if roster.counter(process) == Some(self.counters.len()) {
                self.counters.push(Counter::default());
            }
            if roster.crew(process) == self.crews.len() {
                let crew = Crew::new(strategy);
                self.crews.push(Workers { crew, wait_queue: VecDeque::new() });
            }
        }
        processes
    }

    /// How many callers there are.
    pub const fn count(&self) -> u32 {
        self.roster.callers()
    }

    /// The caller of a number; its account counts from the group's first.
    pub const fn caller(&self, number: u32) -> Caller {
        self.roster.caller(number)
    }

    /// On whose behalf a process calls.
    #[inline(always)]
    pub const fn caller_of(&self, process: ProcessId) -> Caller {
        self.roster.caller_of(process)
    }

    /// The client of a process.
    #[inline(always)]
    pub fn client(&mut self, process: ProcessId) -> &mut Client {
        &mut self.clients[self.roster.client(process)]
    }

    /// The client of a process, and its workers.
    #[inline(always)]
    pub fn client_and_crew(&mut self, process: ProcessId) -> (&mut Client, &mut Crew) {
        let crew = &mut self.crews[self.roster.crew(process)].crew;
        (&mut self.clients[self.roster.client(process)], crew)
    }

    /// The attempts that a process counts together for an operation, if it does.
    #[inline]
    pub fn counted(&mut self, process: ProcessId, operation: Operation) -> Option<u32> {
        let counter = self.roster.counter(process)?;
        Some(self.counters[counter].count(operation))
    }

    /// A request of a process has ended: what is counted together begins anew.
    #[inline]
    pub fn forget_counted(&mut self, process: ProcessId, operation: Operation) {
        if let Some(counter) = self.roster.counter(process) {
            self.counters[counter].reset(operation);
        }
    }

    /// The answers that a process has kept.
    pub fn cache(&mut self, process: ProcessId) -> &mut Cache {
        &mut self.caches[self.roster.cache(process)]
    }

    /// The lane of a process's pacer with this number among its own.
    pub fn lane_id(&self, process: ProcessId, lane: usize) -> LaneId {
        let place = self.roster.lanes(process) + lane;
        LaneId(u32::try_from(place).expect("fewer lanes than 2³²"))
    }

    /// A lane.
    #[inline]
    pub fn lane(&self, lane: LaneId) -> &Lane {
        &self.lanes[lane.0 as usize]
    }

    /// A lane, to change it.
    #[inline]
    pub fn lane_mut(&mut self, lane: LaneId) -> &mut Lane {
        &mut self.lanes[lane.0 as usize]
    }

    /// The workers of a process.
    pub const fn crew(&self, process: ProcessId) -> CrewId {
        CrewId(self.roster.crew(process))
    }

    /// Those that are parked until one of these workers is free, the first of them in front.
    pub fn parked(&self, crew: CrewId) -> &VecDeque<RequestId> {
        &self.crews[crew.0].wait_queue
    }

    /// The same, to change them.
    pub fn parked_mut(&mut self, crew: CrewId) -> &mut VecDeque<RequestId> {
        &mut self.crews[crew.0].wait_queue
    }

    /// A worker of a process has ended its call; its crew, if anybody is parked there.
    #[inline]
    pub fn free_worker(&mut self, process: ProcessId) -> Option<CrewId> {
        let crew = self.crew(process);
        let workers = &mut self.crews[crew.0];
        workers.crew.ended();
        (!workers.wait_queue.is_empty()).then_some(crew)
    }
}
