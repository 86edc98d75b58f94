//! Who works for a caller: its processes, with clients, workers, lanes and caches of their own or
//! shared.
//!
//! ```text
//!   caller ──► process 0, 1, … ──► client · crew · lanes · cache: its own, the caller's, or all's
//! ```

use super::island::Island;
use super::lane::Lane;
use super::observe::Observer;
use crate::strategy::{Cache, Client, Crew, Sharing};
use crate::wire::Caller;
use std::collections::VecDeque;

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

impl<O: Observer> Island<'_, O> {
    /// The processes of all callers, with clients and workers of their own or shared.
    pub(super) fn hire(&mut self) {
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
}
