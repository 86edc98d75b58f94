//! The strategies that are reported: what people wrote, the best, and what is simpler than it.

use super::candidate::Candidate;
use super::error::AdviseError;
use super::field::{self, Entrant};
use crate::scenario::{Draft, Note, Scenario};
use crate::strategy::Strategy;
use crate::study::Study;
use crate::study::running::{Running, Watch};

/// The name of the advised strategy in its scenario.
const ADVISED: &str = "advised";

/// The strategies that are reported.
pub(super) struct Reported {
    pub scenario: Scenario,
    pub study: Study,
    pub advised: usize,
    pub simpler: Vec<(String, usize)>,
    /// The keys without which a run takes more events than it may.
    pub endless: Vec<String>,
}

impl Reported {
    /// Runs what people wrote, the winner, and all that is simpler than it by a setting.
    pub fn run(
        (draft, base): (&Draft, &Scenario),
        rivals: &[(String, Candidate)],
        winner: &Entrant,
        most: u64,
        watch: &Watch<'_>,
    ) -> Result<Self, AdviseError> {
        let name = winner.written.clone().unwrap_or_else(|| field::free_name(draft, ADVISED));
        let mut tables = Vec::new();
        if winner.written.is_none() {
            tables.push(winner.candidate.table(&name));
        }
        let prefix = field::free_name(draft, "without");
        let mut simpler = Vec::new();
        for (number, (key, candidate)) in winner.candidate.simpler().into_iter().enumerate() {
            let label = toml::Value::from(format!("without {key}"));
            let table =
                candidate.table(&format!("{prefix}-{number}")) + &format!("label = {label}\n");
            let alone = [tables.first().cloned(), Some(table.clone())].into_iter().flatten();
            // What the rest of the strategy needs cannot be left out.
            if field::with_tables(draft, &alone.collect::<Vec<_>>(), &base.advise).is_ok() {
                tables.push(table);
                simpler.push((key, format!("{prefix}-{number}")));
            }
        }
        let mut scenario = field::with_tables(draft, &tables, &base.advise)?;
        scenario.plan.replications = base.plan.replications;
        let place = |scenario: &Scenario, name: &str| {
            scenario.names.strategies.iter().position(|(of, _)| of == name)
        };
        let advised = place(&scenario, &name).ok_or(AdviseError::NothingToTry)?;
        let simpler: Vec<(String, usize)> = simpler
            .into_iter()
            .filter_map(|(key, name)| Some((key, place(&scenario, &name)?)))
            .collect();
        let simpler = once_each(&scenario.plan.strategies, simpler);
        let shown = rivals.iter().filter_map(|(name, _)| place(&scenario, name));
        let mut which: Vec<usize> = shown.chain([advised]).collect();
        which.extend(simpler.iter().map(|(_, strategy)| *strategy));
        which.sort_unstable();
        which.dedup();
        let reduced: Vec<usize> = simpler.iter().map(|(_, strategy)| *strategy).collect();
        scenario.notes.retain_mut(|note| is_told(note, &reduced, &format!("strategy.{prefix}-")));
        let (study, endless) = runs(&scenario, &which, &reduced, most, watch)?;
        let is_there = |strategy: &usize| !endless.contains(strategy);
        let keys = simpler.iter().filter(|(_, strategy)| !is_there(strategy));
        let endless = keys.map(|(key, _)| key.clone()).collect();
        let simpler = simpler.iter().filter(|(_, strategy)| is_there(strategy)).cloned().collect();
        Ok(Self { scenario, study, advised, simpler, endless })
    }
}

/// Runs some strategies; of those that are `bounded` the ones that take more events than `most` are
/// left out, and named.
fn runs(
    scenario: &Scenario,
    which: &[usize],
    bounded: &[usize],
    most: u64,
    watch: &Watch<'_>,
) -> Result<(Study, Vec<usize>), AdviseError> {
    let mut within = scenario.clone();
    within.plan.bounds.events = most;
    let mut all = Running::of(scenario, which.to_vec(), &scenario.expectations);
    let mut endless = Vec::new();
    for strategy in which {
        let is_bounded = bounded.contains(strategy);
        let scenario = if is_bounded { &within } else { scenario };
        let mut own = Running::of(scenario, vec![*strategy], &scenario.expectations);
        match own.extend(scenario, 0..scenario.plan.replications, watch) {
            Ok(()) => all.strategies.append(&mut own.strategies),
            Err(_) if is_bounded => endless.push(*strategy),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((all.finish(scenario, scenario.plan.replications)?, endless))
}

/// True if a note is still told without the simpler strategies, of which nobody is to hear; they
/// are taken out of it.
fn is_told(note: &mut Note, simpler: &[usize], prefix: &str) -> bool {
    match note {
        Note::UnusedBurst { strategy, .. } => !simpler.contains(strategy),
        Note::Workers { strategies, .. } => {
            strategies.retain(|strategy| !simpler.contains(strategy));
            !strategies.is_empty()
        }
        Note::Idle { keys, .. } => {
            keys.retain(|key| !key.starts_with(prefix));
            !keys.is_empty()
        }
        _ => true,
    }
}

/// Of strategies that do the same, the one with the shortest key: `pace`, not `pace.rate`.
fn once_each(strategies: &[Strategy], simpler: Vec<(String, usize)>) -> Vec<(String, usize)> {
    let mut kept: Vec<(String, usize)> = Vec::new();
    for (key, strategy) in simpler {
        let same = |(_, other): &(String, usize)| strategies[*other] == strategies[strategy];
        if !kept.iter().any(same) {
            kept.push((key, strategy));
        }
    }
    kept
}
