//! Where work comes from: a source for each workload and caller, or one that is dealt to all.
//!
//! ```text
//!   sources ──► upcoming: the next arrival of each, earliest first ──► next_arrival ──► a job
//! ```

use super::dealer::Dealer;
use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use crate::engine::{Clock, Rank};
use crate::metrics::Excess;
use crate::random::{Purpose, Stream};
use crate::units::Instant;
use crate::wire::Caller;
use crate::workload::{Arrivals, Per, Source, View, Workload};

/// Where one workload's work for one caller comes from; in a line of a processor's cache.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct ArrivalSource {
    /// The caller, by number; the first of all for a stream that is dealt to them in turn.
    pub caller: u32,
    /// The cell of the workload's first step.
    pub first_cell: u16,
    pub arrivals: Source,
    /// What tells the requests of its jobs apart.
    pub keys: Stream,
}

/// The next arrival of each source, the earliest of them in hand; first in, first out at one
/// instant.
#[derive(Debug, Default)]
pub(super) struct Upcoming {
    first: Option<(Instant, u32)>,
    others: Clock<u32>,
    /// True if it and those that come soon after it were looked for among all.
    is_new: bool,
    /// True if the last of one instant comes first.
    last_first: bool,
}

impl Upcoming {
    pub fn clear(&mut self) {
        self.first = None;
        self.others.reset();
    }

    /// From now on the last of one instant comes first.
    pub fn take_last_first(&mut self) {
        self.others.take_last_first();
        self.last_first = true;
    }

    /// When the next job arrives, if any does.
    #[inline(always)]
    pub fn next(&self) -> Option<Instant> {
        self.first.map(|(at, _)| at)
    }

    /// The sources of the next arrivals, as far as they are in order, and of the first.
    pub fn soon(&self) -> impl Iterator<Item = u32> {
        self.others.soon().chain(self.first.map(|(_, source)| source))
    }

    /// The source in hand has its next arrival at `at`, if it has any.
    #[inline(always)]
    fn put_back(&mut self, at: Option<Instant>) {
        let others = self.others.peek();
        let leads = |at| others.is_none_or(|other| at < other || (self.last_first && at == other));
        match (at, &mut self.first) {
            (Some(at), Some(first)) if leads(at) => first.0 = at,
            _ => self.exchange(at),
        }
    }

    /// The source in hand goes back to the others, and the earliest of all is taken in hand.
    #[inline(never)]
    fn exchange(&mut self, at: Option<Instant>) {
        if let (Some(at), Some((_, source))) = (at, self.first) {
            self.others.schedule(at, Rank::Start, source);
        }
        self.is_new = self.others.is_dry();
        self.first = self.others.take();
    }
}

impl<'p, O: Observer> Partition<'p, O> {
    /// Opens a source for each workload and caller, or one for all.
    pub(super) fn find_sources(&mut self) {
        self.sources.clear();
        self.seen.clear();
        let plan = self.plan;
        let mut next_cell = 0;
        for (index, workload) in plan.workloads.iter().enumerate() {
            let cell = next_cell;
            next_cell += workload.steps.len();
            let number = u16::try_from(index).expect("fewer workloads than 65 536");
            let cell = u16::try_from(cell).expect("fewer steps than 65 536");
            if self.strategy.workloads.as_ref().is_some_and(|list| !list.contains(&number)) {
                continue;
            }
            match workload.per {
                Per::Scenario => self.open_source(workload, (number, cell), 0),
                Per::Account => {
                    let callers = self.roster.callers();
                    self.sources.reserve_exact(callers as usize);
                    for caller in 0..callers {
                        let global = self.globally(self.roster.caller(caller));
                        if workload.callers.include(global) {
                            self.open_source(workload, (number, cell), caller);
                        }
                    }
                }
            }
        }
        self.upcoming.exchange(None);
    }

    pub(super) fn dealer(&self, workload: &Workload) -> Dealer {
        let all = if workload.per == Per::Scenario { self.roster.callers() } else { 0 };
        let callers = (0..all).map(|number| (number, self.roster.caller(number)));
        let named = callers.filter(|(_, caller)| workload.callers.include(*caller));
        Dealer::new(named, &self.plan.skew)
    }

    /// Opens a source of a workload, whose first step is counted in a cell.
    fn open_source(&mut self, workload: &'p Workload, (number, cell): (u16, u16), caller: u32) {
        let local = self.roster.caller(caller);
        let owner = self.owner(usize::from(number), local);
        let stream = self.streams.stream(Purpose::Arrivals, owner);
        let keys = self.streams.stream(Purpose::Requests, owner);
        let turn = self.plan.turn(workload, self.globally(local));
        let (arrivals, first) = Source::new(&workload.arrivals, stream, turn);
        let source = u32::try_from(self.sources.len()).expect("fewer sources than 2³²");
        self.sources.push(ArrivalSource { caller, first_cell: cell, arrivals, keys });
        if workload.view == View::Polled {
            self.seen.resize(self.sources.len(), (Instant::ORIGIN, Instant::ORIGIN));
        }
        if let Some(at) = self.in_time(first) {
            self.upcoming.others.schedule(at, Rank::Start, source);
        }
        if let Arrivals::Closed(closed) = &workload.arrivals {
            for member in 0..u64::from(closed.population) {
                let think = closed.think.sample(&mut stream.at(member));
                let at = Instant::ORIGIN + think;
                if think < self.plan.duration {
                    self.clock.schedule(at, Rank::Start, Event::Return(source));
                }
            }
        }
    }

    /// An arrival, if there is any before arrivals stop.
    #[inline(always)]
    fn in_time(&self, at: Option<Instant>) -> Option<Instant> {
        at.filter(|at| *at < Instant::ORIGIN + self.plan.duration)
    }

    /// The earliest source brings a job, and waits for its next.
    pub(super) fn next_arrival(&mut self, now: Instant) {
        let Some((_, number)) = self.upcoming.first else { return };
        if std::mem::take(&mut self.upcoming.is_new) && self.is_vast() {
            self.prefetch_arrivals();
        }
        let source = &mut self.sources[number as usize];
        let (taken, row) = (source.arrivals.taken(), source.arrivals.row());
        let arrivals = &self.routes[usize::from(source.first_cell)].work.arrivals;
        let next = source.arrivals.advance(arrivals, now);
        self.upcoming.put_back(self.in_time(next));
        self.arrive(now, number, taken, row);
    }

    /// Gives the run up if recorded arrivals are not those that were counted.
    pub(super) fn check_recordings(&mut self) {
        let recorded = |workload: &Workload| matches!(workload.arrivals, Arrivals::Trace(_));
        if !self.plan.workloads.iter().any(recorded) {
            return;
        }
        for source in &self.sources {
            if let Some(change) = source.arrivals.change() {
                let workload = self.routes[usize::from(source.first_cell)].workload;
                self.outcome.excess = Some(Excess::Recording(workload, change));
            }
        }
    }

    /// Draws for the jobs of a source.
    pub(super) fn counts(&self, source: u32) -> Stream {
        let ArrivalSource { caller, first_cell, .. } = self.sources[source as usize];
        let workload = usize::from(self.routes[usize::from(first_cell)].workload);
        let owner = self.owner(workload, self.roster.caller(caller));
        self.streams.stream(Purpose::Counts, owner)
    }

    /// A number for a caller that does not depend on how accounts are divided into partitions.
    fn owner(&self, workload: usize, caller: Caller) -> u64 {
        let population = &self.plan.population;
        let account = u64::from(self.accounts.start + caller.account);
        let place = u64::from(caller.application) * u64::from(population.regions);
        let places = u64::from(population.applications) * u64::from(population.regions);
        let number = account * places + place + u64::from(caller.region);
        number * self.plan.workloads.len() as u64 + workload as u64
    }
}
