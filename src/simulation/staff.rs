//! Who works for a caller: its processes, with clients, workers, lanes and caches of their own or
//! shared.
//!
//! ```text
//!   caller ──► process 0, 1, … ──► client · crew · lanes · cache: its own, the caller's, or all's
//! ```

use super::lane::Lane;
use super::observe::Observer;
use super::partition::Partition;
use super::plan::Plan;
use crate::limiter::Population;
use crate::strategy::{Cache, Client, Counted, Counter, Crew, Sharing, Strategy, Turns};
use crate::wire::Caller;
use std::collections::VecDeque;

/// Where each process has its client, its workers, its lanes and its cache, and for whom it calls:
/// all of it by arithmetic, so that a process takes no memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roster {
    /// Processes of a caller.
    processes: u32,
    applications: u32,
    accounts: u32,
    regions: u32,
    /// True if every account is one caller, and every caller one process.
    is_plain: bool,
    clients: Sharing,
    crews: Sharing,
    pacers: Sharing,
    /// Lanes of a pacer.
    lanes: u32,
    caches: Sharing,
    /// Who shares a count of attempts; `None` if each request has its own.
    counters: Option<Sharing>,
}

impl Roster {
    /// Of no account yet, with a client that listens or does not.
    pub fn new(plan: &Plan, strategy: &Strategy, listens: bool) -> Self {
        let Population { applications, regions, .. } = plan.population;
        let (pace, caching) = (strategy.pace.as_ref(), strategy.cache.as_ref());
        let lanes = pace.map_or(0, |pace| pace.lanes.len());
        Self {
            processes: plan.processes,
            applications,
            accounts: 0,
            regions,
            is_plain: plan.processes == 1 && applications == 1 && regions == 1,
            // Clients that remember nothing are all alike, and so are workers without bound.
            clients: if listens { Sharing::Process } else { Sharing::Everybody },
            crews: if strategy.has_bound() { strategy.crew } else { Sharing::Everybody },
            pacers: pace.map_or(Sharing::Process, |pace| pace.sharing),
            lanes: u32::try_from(lanes).expect("fewer lanes than 2³²"),
            caches: caching.map_or(Sharing::Everybody, |caching| caching.sharing),
            counters: match strategy.retry.counted {
                Counted::Request => None,
                Counted::Process => Some(Sharing::Process),
                Counted::Accounts => Some(Sharing::Everybody),
            },
        }
    }

    /// How many callers there are.
    pub const fn callers(&self) -> u32 {
        self.applications * self.accounts * self.regions
    }

    /// The caller of a number; its account counts from the partition's first.
    pub const fn caller(&self, number: u32) -> Caller {
        Caller {
            application: number / self.regions / self.accounts,
            account: number / self.regions % self.accounts,
            region: number % self.regions,
        }
    }

    /// On whose behalf a process calls.
    #[inline(always)]
    pub const fn caller_of(&self, process: u32) -> Caller {
        match self.is_plain {
            true => Caller { application: 0, account: process, region: 0 },
            false => self.caller(process / self.processes),
        }
    }

    #[inline(always)]
    pub const fn client(&self, process: u32) -> usize {
        self.place(self.clients, process)
    }

    #[inline(always)]
    pub const fn crew(&self, process: u32) -> usize {
        self.place(self.crews, process)
    }

    /// The first lane of a process.
    #[inline]
    pub const fn lanes(&self, process: u32) -> usize {
        self.place(self.pacers, process) * self.lanes as usize
    }

    #[inline]
    pub const fn cache(&self, process: u32) -> usize {
        self.place(self.caches, process)
    }

    /// The count of attempts that a process shares, if any.
    #[inline]
    pub fn counter(&self, process: u32) -> Option<usize> {
        self.counters.map(|sharing| self.place(sharing, process))
    }

    #[inline(always)]
    const fn place(&self, sharing: Sharing, process: u32) -> usize {
        match sharing {
            Sharing::Process => process as usize,
            Sharing::Caller => (process / self.processes) as usize,
            Sharing::Everybody => 0,
        }
    }
}

/// Workers, and the requests that are parked until one of them is free.
#[derive(Debug)]
pub(super) struct Workers {
    pub crew: Crew,
    pub wait_queue: VecDeque<u32>,
}

impl<O: Observer> Partition<'_, O> {
    /// Clients, workers, lanes and caches of all processes, their own or shared.
    pub(super) fn hire(&mut self) {
        self.clients.clear();
        self.crews.clear();
        self.lanes.clear();
        self.caches.clear();
        self.counters.clear();
        self.batches.clear();
        self.roster.accounts = self.accounts.end - self.accounts.start;
        let (strategy, roster) = (self.strategy, self.roster);
        let turns: &[Turns] = strategy.pace.as_ref().map_or(&[], |pace| &pace.lanes);
        let processes = roster.callers() * self.plan.processes;
        for process in 0..processes {
            if let Some(caching) = &strategy.cache
                && roster.cache(process) == self.caches.len()
            {
                self.caches.push(Cache::new(caching, self.key_space.count));
            }
            if roster.lanes(process) == self.lanes.len() {
                self.lanes.extend(turns.iter().cloned().map(Lane::new));
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
        if strategy.batch.is_some() {
            self.batches.resize(processes as usize * self.plan.calls.len(), None);
        }
    }
}
