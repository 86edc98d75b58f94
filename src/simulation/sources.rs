//! Where work comes from: a source for each workload and caller, or one that is dealt to all.
//!
//! ```text
//!   sources ──► upcoming: the next arrival of each, earliest first ──► next_arrival ──► a job
//! ```

use super::arrival::ArrivalSource;
use super::dealer::Dealer;
use super::index::{CellId, ProcessId, SourceId};
use super::observe::Observer;
use super::partition::Partition;
use super::records::{Event, Request};
use super::setting::Route;
use crate::engine::Rank;
use crate::metrics::Excess;
use crate::random::{Purpose, Stream};
use crate::units::Instant;
use crate::wire::Caller;
use crate::workload::{Arrivals, Per, Source, View, Workload};

impl<'p, O: Observer> Partition<'p, O> {
    /// Opens a source for each workload and caller, or one for all.
    pub(super) fn find_sources(&mut self) {
        let plan = self.set.plan;
        let mut next_cell = 0;
        for (index, workload) in plan.workloads.iter().enumerate() {
            let cell = next_cell;
            next_cell += workload.steps.len();
            let number = u16::try_from(index).expect("fewer workloads than 65 536");
            let cell = CellId(u16::try_from(cell).expect("fewer steps than 65 536"));
            if self.set.strategy.workloads.as_ref().is_some_and(|list| !list.contains(&number)) {
                continue;
            }
            match workload.per {
                Per::Scenario => self.open_source(workload, (number, cell), 0),
                Per::Account => {
                    let callers = self.callers.count();
                    self.work.reserve(callers);
                    for caller in 0..callers {
                        let global = self.globally(self.callers.caller(caller));
                        if workload.callers.include(global) {
                            self.open_source(workload, (number, cell), caller);
                        }
                    }
                }
            }
        }
        self.work.begin();
    }

    pub(super) fn dealer(&self, workload: &Workload) -> Dealer {
        let all = if workload.per == Per::Scenario { self.callers.count() } else { 0 };
        let callers = (0..all).map(|number| (number, self.callers.caller(number)));
        let named = callers.filter(|(_, caller)| workload.callers.include(*caller));
        Dealer::new(named, &self.set.plan.skew)
    }

    /// Opens a source of a workload, whose first step is counted in a cell.
    fn open_source(&mut self, workload: &'p Workload, (number, cell): (u16, CellId), caller: u32) {
        let local = self.callers.caller(caller);
        let owner = self.owner(usize::from(number), local);
        let stream = self.set.streams.stream(Purpose::Arrivals, owner);
        let keys = self.set.streams.stream(Purpose::Requests, owner);
        let turn = self.set.plan.turn(workload, self.globally(local));
        let (arrivals, first) = Source::new(&workload.arrivals, stream, turn);
        let process = match (workload.per, &self.set.plan.rota[..]) {
            (Per::Account, [only]) => {
                Some(ProcessId(caller * self.set.plan.population.processes + only))
            }
            _ => None,
        };
        let is_express = self.set.shortcuts.is_express && self.set.routes[cell.place()].is_plain;
        let express = process.filter(|_| is_express);
        let first_cell = cell;
        let source = ArrivalSource { caller, process, express, first_cell, arrivals, keys };
        let source = self.work.open(source, self.in_time(first));
        if workload.view == View::Polled {
            self.work.keep_sights();
        }
        if let Arrivals::Closed(closed) = &workload.arrivals {
            for member in 0..u64::from(closed.population) {
                let think = closed.think.sample(&mut stream.at(member));
                let at = Instant::ORIGIN + think;
                if think < self.set.plan.duration {
                    self.clock.schedule(at, Rank::Start, Event::Return(source));
                }
            }
        }
    }

    /// An arrival, if there is any before arrivals stop.
    #[inline(always)]
    fn in_time(&self, at: Option<Instant>) -> Option<Instant> {
        at.filter(|at| *at < self.set.arrivals_end)
    }

    /// The earliest source brings a job, and waits for its next.
    pub(super) fn next_arrival(&mut self, now: Instant) {
        if self.work.upcoming_mut().is_new() && self.is_vast() {
            self.prefetch_arrivals();
        }
        let number = self.work.upcoming().first();
        let source = self.work.source_mut(number);
        let (taken, row) = (source.arrivals.taken(), source.arrivals.row());
        let (cell, keys) = (source.first_cell, source.keys);
        let Route { work, operation, .. } = self.set.routes[cell.place()];
        let (next, express) = (source.arrivals.advance(&work.arrivals, now), source.express);
        let next = self.in_time(next);
        self.work.upcoming_mut().put_back(next);
        let Some(process) = express else { return self.arrive(now, number, taken, row) };
        let (counted, owner) = (self.ledger.counted(now, cell), keys.owner(taken << 8, 1));
        let arrived = now;
        self.arise_express(Request {
            process,
            operation,
            cell,
            counted,
            owner,
            arrived,
            ..Request::NEW
        });
    }

    /// Gives the run up if recorded arrivals are not those that were counted.
    pub(super) fn check_recordings(&mut self) {
        let recorded = |workload: &Workload| matches!(workload.arrivals, Arrivals::Trace(_));
        if !self.set.plan.workloads.iter().any(recorded) {
            return;
        }
        for source in self.work.sources() {
            if let Some(change) = source.arrivals.change() {
                let workload = self.set.routes[source.first_cell.place()].workload;
                self.ledger.give_up(Excess::Recording(workload, change));
            }
        }
    }

    /// Draws for the jobs of a source.
    pub(super) fn counts(&self, source: SourceId) -> Stream {
        let ArrivalSource { caller, first_cell, .. } = *self.work.source(source);
        let workload = usize::from(self.set.routes[first_cell.place()].workload);
        let owner = self.owner(workload, self.callers.caller(caller));
        self.set.streams.stream(Purpose::Counts, owner)
    }

    /// A number for a caller that does not depend on how accounts are divided into partitions.
    fn owner(&self, workload: usize, caller: Caller) -> u64 {
        let population = &self.set.plan.population;
        let account = u64::from(self.accounts.start + caller.account);
        let place = u64::from(caller.application) * u64::from(population.regions);
        let places = u64::from(population.applications) * u64::from(population.regions);
        let number = account * places + place + u64::from(caller.region);
        number * self.set.plan.workloads.len() as u64 + workload as u64
    }
}
