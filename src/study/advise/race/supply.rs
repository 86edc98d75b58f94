//! Where the figures of runs come from: an earlier search that was interrupted, an equal run of
//! another candidate, or a simulation.
//!
//! Candidates that differ in `retry` alone send the same first attempts. Where a run of one has no
//! refused and no failed attempt, nothing is tried again, and the run is that of all of them.

use super::super::field::Field;
use super::super::yardstick::{Figures, Yardstick};
use super::super::{Kept, Key, Memory};
use super::track::Found;
use crate::metrics::Outcome;
use crate::parallel;
use crate::scenario::Scenario;
use crate::simulation::simulate;
use crate::strategy::{Counted, Retry, Strategy};
use crate::study::running::run_one;
use std::collections::BTreeMap;

/// What a run found: its figures, `None` if it took more events than it may, and whether every
/// attempt succeeded.
type Run = (Option<Figures>, bool);

/// Figures of runs.
pub(in super::super) struct Supply<'a> {
    pub field: &'a Field,
    pub yardstick: &'a Yardstick,
    pub memory: &'a dyn Memory,
    /// For each candidate the first that does the same but for its retries.
    kin: Vec<usize>,
    /// Runs in which every attempt succeeded: accounts, the first of its kin, replication.
    smooth: BTreeMap<(u32, usize, u32), Figures>,
}

impl<'a> Supply<'a> {
    pub fn new(field: &'a Field, yardstick: &'a Yardstick, memory: &'a dyn Memory) -> Self {
        let alike: Vec<Option<Strategy>> = field
            .entrants
            .iter()
            .map(|entrant| without_retries(&field.scenario.plan.strategies[entrant.strategy]))
            .collect();
        let first = |place: usize| {
            let own = alike[place].as_ref();
            let kin = own.and_then(|own| alike.iter().position(|of| of.as_ref() == Some(own)));
            kin.unwrap_or(place)
        };
        let kin = (0..alike.len()).map(first).collect();
        Self { field, yardstick, memory, kin, smooth: BTreeMap::new() }
    }

    /// The figures of some runs, each a candidate and a replication, in their order; `None` where
    /// a run took more than it may. `None` in all if the search was stopped. At most `further`
    /// accounts are simulated after them, over all runs.
    pub fn runs(&mut self, tasks: &[(usize, u32)], accounts: u32, further: u64) -> Option<Found> {
        self.memory.left(tasks.len() as u64 * u64::from(accounts) + further);
        let mut families: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
        for (place, replication) in tasks {
            families.entry((self.kin[*place], *replication)).or_default().push(*place);
        }
        let families: Vec<((usize, u32), Vec<usize>)> = families.into_iter().collect();
        let own = &*self;
        let found: Vec<Option<Vec<Run>>> =
            parallel::map(&families, |((kin, replication), places)| {
                let known = own.smooth.get(&(accounts, *kin, *replication)).cloned();
                own.family(places, *replication, accounts, known)
            });
        let mut all: BTreeMap<(usize, u32), Option<Figures>> = BTreeMap::new();
        let mut shared = 0;
        for (((kin, replication), places), found) in families.into_iter().zip(found) {
            let key = (accounts, kin, replication);
            for (place, (figures, is_smooth)) in places.into_iter().zip(found?) {
                if let Some(figures) = figures.as_ref().filter(|_| is_smooth) {
                    match self.smooth.contains_key(&key) {
                        true => shared += 1,
                        false => drop(self.smooth.insert(key, figures.clone())),
                    }
                }
                all.insert((place, replication), figures);
            }
        }
        let figures = tasks.iter().map(|task| all.get(task).cloned().flatten()).collect();
        Some(Found { figures, shared })
    }

    /// One replication of candidates that differ in their retries alone.
    fn family(
        &self,
        places: &[usize],
        replication: u32,
        accounts: u32,
        mut smooth: Option<Figures>,
    ) -> Option<Vec<Run>> {
        let mut all = Vec::new();
        for place in places {
            if self.memory.is_stopped() {
                return None;
            }
            let found = match &smooth {
                Some(known) => (Some(known.clone()), true),
                None => self.run(*place, replication, accounts),
            };
            if found.1 {
                smooth.clone_from(&found.0);
            }
            self.memory.done(u64::from(accounts));
            all.push(found);
        }
        Some(all)
    }

    fn run(&self, place: usize, replication: u32, accounts: u32) -> Run {
        let key = Key { accounts, place, replication };
        if let Some(Kept { figures, is_smooth }) = self.memory.known(key) {
            return (figures, is_smooth);
        }
        let strategy = self.field.entrants[place].strategy;
        let found = run_of(&self.field.scenario, self.yardstick, (strategy, replication), accounts);
        self.memory.keep(key, &Kept { figures: found.0.clone(), is_smooth: found.1 });
        found
    }
}

/// The strategy with retries that are those of every strategy; `None` if its retries are more than
/// each request's own.
fn without_retries(strategy: &Strategy) -> Option<Strategy> {
    let is_own = strategy.retry.counted == Counted::Request
        && strategy.retry.deadline.is_none()
        && !strategy.listens();
    is_own.then(|| Strategy { retry: Retry::never(), ..strategy.clone() })
}

/// The figures of one run of a strategy, on the first accounts; `None` if it took more than it may.
pub(in super::super) fn run_of(
    scenario: &Scenario,
    yardstick: &Yardstick,
    (strategy, replication): (usize, u32),
    accounts: u32,
) -> Run {
    let plan = &scenario.plan;
    let outcome = match accounts < plan.population.accounts {
        true => simulate(plan, strategy, replication, 0..accounts),
        false => run_one(plan, strategy, replication, simulate),
    };
    if outcome.excess.is_some() {
        return (None, false);
    }
    (Some(yardstick.figures(plan, strategy, &outcome)), is_smooth(&outcome))
}

/// True if every attempt succeeded.
fn is_smooth(outcome: &Outcome) -> bool {
    outcome.cells.iter().all(|cell| {
        let of = &cell.attempts;
        of.sent() == of.admitted && of.failed == 0 && of.bad_requests == 0
    })
}
