//! Accounts that share one clock: their sources of work, their clients, and the loop.
//!
//! ```text
//!   sources (the earliest in hand) ────────┐
//!                                          ├─► earliest first; among equals the clock's events
//!   clock (calls that end, retries, …) ────┘
//! ```

use super::aftermath::Aftermath;
use super::batch::Batches;
use super::calendar::Calendar;
use super::callers::Callers;
use super::effort::Effort;
use super::index::{CellId, Needed};
use super::ledger::Ledger;
use super::observe::Observer;
use super::plan::Plan;
use super::provider::Provider;
use super::records::Event;
use super::setting::Setting;
use super::staff::Roster;
use super::transit::Transit;
use super::watch::Watches;
use super::work::Work;
use crate::engine::Clock;
use crate::limiter::Population;
use crate::metrics::Outcome;
use crate::units::Instant;
use crate::wire::Caller;
use crate::workload::Per;
use std::ops::Range;

/// Accounts that share one clock, one group after another.
#[derive(Debug)]
pub(super) struct Partition<'p, O> {
    pub set: Setting<'p>,
    pub clock: Clock<Event>,
    pub work: Work,
    /// Room for what is read ahead.
    pub needed: Vec<Needed>,
    pub provider: Provider<'p>,
    pub callers: Callers,
    pub batches: Batches,
    pub transit: Transit,
    effort: Effort,
    pub aftermath: Aftermath,
    pub accounts: Range<u32>,
    pub ledger: Ledger,
    pub observer: O,
    calendar: Calendar,
    watches: Watches,
}

impl<'p, O: Observer> Partition<'p, O> {
    pub fn new(plan: &'p Plan, strategy: usize, replication: u32, observer: O) -> Self {
        let set = Setting::new(plan, strategy, replication, (O::LOOKS, O::READS));
        Self {
            clock: Clock::new(),
            work: Work::new(),
            provider: Provider::new(plan, set.streams.clone()),
            callers: Callers::new(Roster::new(plan, set.strategy)),
            batches: Batches::new(),
            transit: Transit::new(),
            aftermath: Aftermath::new(),
            ledger: Ledger::new(plan),
            effort: Effort::new(plan.bounds),
            needed: Vec::new(),
            accounts: 0..0,
            calendar: Calendar::default(),
            watches: Watches::default(),
            set,
            observer,
        }
    }

    /// True if each account could be simulated by itself.
    pub const fn is_divisible(&self) -> bool {
        self.set.is_divisible
    }

    /// From now on, of what happens at one instant the last comes first.
    pub fn reverse_ties(&mut self) {
        self.clock.take_last_first();
        self.work.take_last_first();
    }

    /// Simulates these accounts from the origin until nothing is left to do or time is up, and adds
    /// what it counts to what was counted of the groups before.
    pub fn run(&mut self, accounts: Range<u32>) {
        self.settle_in(accounts);
        loop {
            // All arrivals are before the horizon.
            let (event, arrival) = (self.clock.next(), self.work.upcoming().next());
            let is_arrival = arrival < event;
            let now = if is_arrival { arrival } else { event };
            if now > self.set.horizon {
                break;
            }
            self.calendar.read(now, &self.provider);
            if O::READS {
                self.watches.pass(now, &self.provider, self.transit.backlog());
            }
            if self.effort.spend() && self.takes_too_much(now) {
                break;
            }
            if is_arrival {
                self.next_arrival(now);
            } else {
                self.next_event(now);
            }
            if self.set.ends_first {
                self.settle_after_ends(now);
            } else {
                self.settle_event(now);
            }
            if O::READS {
                self.watches.see(now, &self.provider, &mut self.observer);
            }
        }
        if O::READS && self.transit.backlog() > 0 {
            // What has not ended waits until time is over.
            self.watches.pass(self.set.horizon, &self.provider, self.transit.backlog());
        }
        self.stop_looking();
        self.read_usage();
        self.check_recordings();
        if !self.ledger.is_given_up() {
            self.leave_under_way();
        }
        self.ledger.add_days(self.calendar.days_mut());
    }

    /// Gives the run up if it has taken more than it may.
    #[cold]
    fn takes_too_much(&mut self, now: Instant) -> bool {
        let excess = self.effort.look(now, self.transit.len() + self.work.jobs());
        if let Some(excess) = excess {
            self.ledger.give_up(excess);
        }
        excess.is_some()
    }

    fn settle_in(&mut self, accounts: Range<u32>) {
        self.accounts = accounts;
        let count = self.accounts.len();
        self.effort.share_among(if self.set.is_divisible { count.max(1) as u64 } else { 1 });
        let population = Population {
            accounts: self.accounts.end - self.accounts.start,
            ..self.set.plan.population
        };
        let plan = self.set.plan;
        self.provider.open(self.accounts.start, population);
        self.clock.reset();
        self.watch_warm_up();
        self.work.clear();
        self.transit.clear(if O::LOOKS { count } else { 0 });
        self.ledger.open(count);
        let keys = self.set.key_space.count();
        let processes = self.callers.hire(self.set.strategy, population.accounts, keys);
        let batched = if self.set.strategy.batch.is_some() { plan.calls.len() } else { 0 };
        self.batches.clear(processes as usize * batched);
        self.find_sources();
        if plan.workloads.iter().any(|workload| workload.per == Per::Scenario) {
            let dealers = plan.workloads.iter().map(|workload| self.dealer(workload)).collect();
            self.work.deal_by(dealers);
        }
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
        self.watches = Watches::new(self.set.plan, account);
    }

    /// All that was counted, what was read, and who watched.
    pub fn into_readings(mut self) -> (Outcome, Watches, O) {
        let watches = std::mem::take(&mut self.watches);
        let (outcome, observer) = self.into_outcome();
        (outcome, watches, observer)
    }

    /// All that was counted, and who watched.
    pub fn into_outcome(self) -> (Outcome, O) {
        let cells = (0u16..).map(CellId).zip(&self.set.routes);
        let plain = cells.filter(|(_, route)| route.is_plain);
        let of = plain.map(|(cell, route)| (cell, usize::from(route.workload)));
        (self.ledger.close(of), self.observer)
    }
}
