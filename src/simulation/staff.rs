//! Who works for a caller: its processes, with clients, workers, lanes and caches of their own or
//! shared.
//!
//! ```text
//!   caller ──► process 0, 1, … ──► client · crew · lanes · cache: its own, the caller's, or all's
//! ```

use super::index::ProcessId;
use super::plan::Plan;
use crate::limiter::Population;
use crate::strategy::{Counted, Sharing, Strategy};
use crate::wire::Caller;

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
    /// Of no account yet.
    pub fn new(plan: &Plan, strategy: &Strategy) -> Self {
        let Population { applications, regions, .. } = plan.population;
        let (pace, caching) = (strategy.pace.as_ref(), strategy.cache.as_ref());
        let lanes = pace.map_or(0, |pace| pace.lanes.len());
        Self {
            processes: plan.population.processes,
            applications,
            accounts: 0,
            regions,
            is_plain: plan.population.processes == 1 && applications == 1 && regions == 1,
            // Clients that remember nothing are all alike, and so are workers without bound.
            clients: if strategy.listens() { Sharing::Process } else { Sharing::Everybody },
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

    /// From now on of so many accounts.
    pub const fn resize(&mut self, accounts: u32) {
        self.accounts = accounts;
    }

    /// How many processes there are.
    pub const fn all_processes(&self) -> u32 {
        self.callers() * self.processes
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
            process: 0,
            key: 0,
            node: 0,
        }
    }

    /// On whose behalf a process calls.
    #[inline(always)]
    pub const fn caller_of(&self, process: ProcessId) -> Caller {
        match self.is_plain {
            true => {
                let account = process.0;
                Caller { application: 0, account, region: 0, process: 0, key: 0, node: 0 }
            }
            false => {
                let number = process.0 % self.processes;
                Caller { process: number, ..self.caller(process.0 / self.processes) }
            }
        }
    }

    #[inline(always)]
    pub const fn client(&self, process: ProcessId) -> usize {
        self.place(self.clients, process)
    }

    #[inline(always)]
    pub const fn crew(&self, process: ProcessId) -> usize {
        self.place(self.crews, process)
    }

    /// The first lane of a process.
    #[inline]
    pub const fn lanes(&self, process: ProcessId) -> usize {
        self.place(self.pacers, process) * self.lanes as usize
    }

    #[inline]
    pub const fn cache(&self, process: ProcessId) -> usize {
        self.place(self.caches, process)
    }

    /// The count of attempts that a process shares, if any.
    #[inline]
    pub fn counter(&self, process: ProcessId) -> Option<usize> {
        self.counters.map(|sharing| self.place(sharing, process))
    }

    #[inline(always)]
    const fn place(&self, sharing: Sharing, process: ProcessId) -> usize {
        match sharing {
            Sharing::Process => process.place(),
            Sharing::Caller => (process.0 / self.processes) as usize,
            Sharing::Everybody => 0,
        }
    }
}
