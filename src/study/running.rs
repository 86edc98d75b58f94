//! Every strategy in every replication, in parallel, merged in order.

use super::error::GivenUp;
use super::runs::Runs;
use super::{Study, expectation};
use crate::metrics::Outcome;
use crate::metrics::figures::Slice;
use crate::parallel;
use crate::scenario::{Expectation, Scenario};
use crate::simulation::{Plan, observe, simulate};
use crate::wire::Operation;
use std::ops::Range;

/// Replications kept in memory at a time; more are merged before the next begin.
const BATCH: usize = 64;
/// Parts into which independent accounts are divided.
const PARTS: u32 = 16;
/// Attempts of all strategies that a person still reads one by one.
const READABLE: u64 = 100;

/// Called whenever a replication of a strategy is done.
pub type Watch<'a> = dyn Fn() + Sync + 'a;

/// Runs that may go on.
#[derive(Debug)]
pub(super) struct Running {
    pub strategies: Vec<Runs>,
    /// The strategies that run, by index.
    which: Vec<usize>,
    slices: Vec<Slice>,
    cells: Vec<(u16, Operation)>,
}

impl Running {
    pub fn new(scenario: &Scenario) -> Self {
        let all = (0..scenario.plan.strategies.len()).collect();
        Self::of(scenario, all, &scenario.expectations)
    }

    /// Runs of some strategies, by index, with what these expectations look at.
    pub fn of(scenario: &Scenario, which: Vec<usize>, looks: &[Expectation]) -> Self {
        let cells = scenario.plan.cell_names();
        Self { strategies: Vec::new(), which, slices: slices(scenario, looks), cells }
    }

    /// Runs more replications of every strategy.
    ///
    /// # Errors
    /// A run took more than it may and was given up.
    pub fn extend(
        &mut self,
        scenario: &Scenario,
        replications: Range<u32>,
        watch: &Watch<'_>,
    ) -> Result<(), GivenUp> {
        let tasks: Vec<(usize, u32)> = self
            .which
            .iter()
            .flat_map(|strategy| replications.clone().map(move |number| (*strategy, number)))
            .collect();
        for batch in tasks.chunks(BATCH) {
            let outcomes = parallel::map(batch, |(strategy, replication)| {
                let outcome = run_one(&scenario.plan, *strategy, *replication, simulate);
                watch();
                outcome
            });
            for ((strategy, _), outcome) in batch.iter().zip(outcomes) {
                if let Some(excess) = outcome.excess {
                    return Err(GivenUp::of(scenario, *strategy, excess));
                }
                self.add(*strategy, outcome);
            }
        }
        Ok(())
    }

    fn add(&mut self, strategy: usize, outcome: Outcome) {
        match self.strategies.iter_mut().find(|runs| runs.strategy == strategy) {
            Some(runs) => runs.add(&outcome, &self.cells),
            None => {
                self.strategies.push(Runs::first(strategy, outcome, &self.slices, &self.cells));
            }
        }
    }

    /// Judges the expectations, once there were so many replications.
    ///
    /// # Errors
    /// A run that is watched was given up.
    pub fn finish(mut self, scenario: &Scenario, replications: u32) -> Result<Study, GivenUp> {
        keep_readable_attempts(scenario, replications, &mut self.strategies)?;
        let findings = expectation::judge_all(scenario, &self.strategies);
        Ok(Study { replications, strategies: self.strategies, findings, ties: Vec::new() })
    }
}

impl Study {
    /// Runs as many replications of a scenario as its plan says.
    ///
    /// # Errors
    /// A run took more than it may and was given up.
    pub fn run(scenario: &Scenario) -> Result<Self, GivenUp> {
        Self::run_watched(scenario, &|| {})
    }

    /// The same, with `watch` called whenever a replication of a strategy is done.
    pub(super) fn run_watched(scenario: &Scenario, watch: &Watch<'_>) -> Result<Self, GivenUp> {
        let mut running = Running::new(scenario);
        let replications = scenario.plan.replications;
        running.extend(scenario, 0..replications, watch)?;
        running.finish(scenario, replications)
    }
}

fn keep_readable_attempts(
    scenario: &Scenario,
    replications: u32,
    strategies: &mut [Runs],
) -> Result<(), GivenUp> {
    let plan = &scenario.plan;
    let sent = |runs: &Runs| runs.total.cells.iter().map(|cell| cell.attempts.sent()).sum::<u64>();
    if strategies.iter().map(sent).sum::<u64>() / u64::from(replications) > READABLE {
        return Ok(());
    }
    for runs in strategies {
        let (outcome, attempts) = observe(plan, runs.strategy, 0, Vec::new());
        if let Some(excess) = outcome.excess {
            return Err(GivenUp::of(scenario, runs.strategy, excess));
        }
        runs.attempts = attempts;
        runs.attempts.sort_by_key(|a| (a.sent, a.caller, a.request, a.attempt));
    }
    Ok(())
}

/// Simulates some accounts of one replication of one strategy.
pub(super) type Simulate = fn(&Plan, usize, u32, Range<u32>) -> Outcome;

/// One replication of one strategy, in parts where accounts are independent.
pub(super) fn run_one(
    plan: &Plan,
    strategy: usize,
    replication: u32,
    simulate: Simulate,
) -> Outcome {
    let accounts = plan.population.accounts;
    let parts = if plan.accounts_are_independent(strategy) { PARTS.min(accounts) } else { 1 };
    let bounds = |part: u32| {
        u32::try_from(u64::from(accounts) * u64::from(part) / u64::from(parts)).unwrap_or(accounts)
    };
    let parts: Vec<Range<u32>> = (0..parts).map(|part| bounds(part)..bounds(part + 1)).collect();
    let run = |accounts: &Range<u32>| simulate(plan, strategy, replication, accounts.clone());
    let mut outcomes = parallel::map(&parts, run).into_iter();
    let mut total = outcomes.next().expect("at least one part");
    outcomes.for_each(|outcome| total.join(outcome));
    total
}

/// Every slice that a report or an expectation asks for.
fn slices(scenario: &Scenario, looks: &[Expectation]) -> Vec<Slice> {
    let plan = &scenario.plan;
    let calls = (0u16..).zip(&plan.calls).map(|(n, _)| Slice::Call(Operation(n)));
    let workloads = (0u16..).zip(&plan.workloads).map(|(n, _)| Slice::Workload(n));
    let mut slices: Vec<Slice> =
        std::iter::once(Slice::Whole).chain(calls).chain(workloads).collect();
    for expectation in looks {
        if !slices.contains(&expectation.slice) {
            slices.push(expectation.slice);
        }
    }
    slices
}
