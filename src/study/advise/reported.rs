//! The strategies that are reported: what people wrote, the best, and what is simpler than it.
//!
//! The best is reported without the settings that change nothing.

use super::candidate::Candidate;
use super::error::AdviseError;
use super::field::{self, Entrant, Field};
use super::memory::Memory;
use super::race::{Race, Supply};
use super::yardstick::Yardstick;
use crate::scenario::{Draft, Note, Scenario};
use crate::strategy::Strategy;
use crate::study::running::Running;
use crate::study::{Runs, Study, Verdict, rank};

/// Replications of the strategies that are reported, at least.
const REPORTED: u32 = 10;
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

/// Reports the best of a race, in its place what is simpler and the same, and so on until each
/// setting is worth something. The result is then the first of the race, with as many runs.
pub(super) fn simplified(
    report: &mut Reporting<'_>,
    field: &mut Field,
    yardstick: &Yardstick,
    race: &mut Race,
    memory: &dyn Memory,
) -> Result<Reported, AdviseError> {
    let mut winner = field.entrants[race.order[0]].clone();
    loop {
        let reported = report.of(&winner)?;
        let Some((candidate, strategy)) = reported.the_same(&winner.candidate) else {
            return Ok(reported);
        };
        let place = enter(field, &reported, (candidate, strategy));
        winner = field.entrants[place].clone();
        let all = field.scenario.plan.population.accounts;
        if !race.put_first(place, &mut Supply::new(field, yardstick, memory), all) {
            return Err(AdviseError::Stopped);
        }
    }
}

/// The place of a candidate in the field, which it enters if it is not there.
fn enter(
    field: &mut Field,
    reported: &Reported,
    (candidate, strategy): (Candidate, usize),
) -> usize {
    let known = field.entrants.iter().position(|entrant| entrant.candidate == candidate);
    known.unwrap_or_else(|| {
        let meant = reported.scenario.plan.strategies[strategy].clone();
        let name = reported.scenario.names.strategies[strategy].clone();
        field.scenario.plan.strategies.push(meant);
        field.scenario.names.strategies.push(name);
        let strategy = field.scenario.plan.strategies.len() - 1;
        field.entrants.push(Entrant { candidate, written: None, strategy });
        field.entrants.len() - 1
    })
}

/// Reports of one scenario; what was run for one of them is not run for the next.
pub(super) struct Reporting<'a> {
    draft: &'a Draft,
    base: &'a Scenario,
    rivals: &'a [(String, Candidate)],
    /// Events of a run at most.
    most: u64,
    memory: &'a dyn Memory,
    /// Runs of each strategy.
    runs: u32,
    /// Runs of each strategy, where fewer leave a doubt.
    at_most: u32,
    /// Runs that were simulated.
    pub spent: u64,
    /// What was run; `None` if it took more events than it may.
    known: Vec<(Strategy, Option<Runs>)>,
}

impl<'a> Reporting<'a> {
    /// Each strategy is run so often as the scenario says, and as the best of the race was where
    /// that leaves a doubt.
    pub fn new(
        (draft, base): (&'a Draft, &'a Scenario),
        rivals: &'a [(String, Candidate)],
        (field, race): (&Field, &Race),
        memory: &'a dyn Memory,
    ) -> Self {
        let most = field.scenario.plan.bounds.events;
        let runs = base.plan.replications.max(REPORTED);
        let raced = race.ledger.last(race.order[0]).map_or(0, <[_]>::len);
        let at_most = u32::try_from(raced).map_or(runs, |raced| raced.max(runs));
        Self { draft, base, rivals, most, memory, runs, at_most, spent: 0, known: Vec::new() }
    }

    /// Runs what people wrote, the winner, and all that is simpler than it by a setting: more often
    /// if few runs do not tell whether the winner meets a condition, or if another does better in
    /// them.
    pub fn of(&mut self, winner: &Entrant) -> Result<Reported, AdviseError> {
        let reported = self.in_runs(winner)?;
        if self.runs == self.at_most || !reported.leaves_a_doubt() {
            return Ok(reported);
        }
        self.runs = self.at_most;
        self.known.clear();
        self.in_runs(winner)
    }

    fn in_runs(&mut self, winner: &Entrant) -> Result<Reported, AdviseError> {
        let (draft, base, rivals) = (self.draft, self.base, self.rivals);
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
        scenario.plan.replications = self.runs;
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
        let (study, endless) = self.runs(&scenario, &which, &reduced)?;
        let is_there = |strategy: &usize| !endless.contains(strategy);
        let keys = simpler.iter().filter(|(_, strategy)| !is_there(strategy));
        let endless = keys.map(|(key, _)| key.clone()).collect();
        let simpler = simpler.iter().filter(|(_, strategy)| is_there(strategy)).cloned().collect();
        Ok(Reported { scenario, study, advised, simpler, endless })
    }

    /// Runs some strategies; of those that are `bounded` the ones that take too many events are
    /// left out, and named.
    fn runs(
        &mut self,
        scenario: &Scenario,
        which: &[usize],
        bounded: &[usize],
    ) -> Result<(Study, Vec<usize>), AdviseError> {
        let mut within = scenario.clone();
        within.plan.bounds.events = self.most;
        let accounts = u64::from(scenario.plan.population.accounts);
        let runs = which.len() as u64 * u64::from(scenario.plan.replications);
        self.memory.left(runs * accounts);
        let mut all = Running::of(scenario, which.to_vec(), &scenario.expectations);
        let mut endless = Vec::new();
        for strategy in which {
            let meant = &scenario.plan.strategies[*strategy];
            if let Some((_, known)) = self.known.iter().find(|(of, _)| of == meant) {
                match known {
                    Some(runs) => {
                        let mut runs = runs.clone();
                        runs.strategy = *strategy;
                        all.strategies.push(runs);
                    }
                    None => endless.push(*strategy),
                }
                continue;
            }
            if self.memory.is_stopped() {
                return Err(AdviseError::Stopped);
            }
            let is_bounded = bounded.contains(strategy);
            let scenario = if is_bounded { &within } else { scenario };
            let mut own = Running::of(scenario, vec![*strategy], &scenario.expectations);
            let watch = || self.memory.done(accounts);
            self.spent += u64::from(scenario.plan.replications);
            let runs = match own.extend(scenario, 0..scenario.plan.replications, &watch) {
                Ok(()) => own.strategies.pop(),
                Err(_) if is_bounded => None,
                Err(error) => return Err(error.into()),
            };
            match &runs {
                Some(runs) => all.strategies.push(runs.clone()),
                None => endless.push(*strategy),
            }
            self.known.push((meant.clone(), runs));
        }
        Ok((all.finish(scenario, scenario.plan.replications)?, endless))
    }
}

impl Reported {
    /// True if the runs do not tell whether the winner meets a condition, or if another strategy
    /// does better in them.
    fn leaves_a_doubt(&self) -> bool {
        let own = self.study.findings.iter().filter(|of| of.strategy == self.advised);
        let all: Vec<usize> = self.study.strategies.iter().map(|runs| runs.strategy).collect();
        { own }.any(|finding| finding.verdict == Verdict::Inconclusive)
            || rank(&self.scenario, &self.study, &all).place(self.advised) != Some(1)
    }

    /// What does the same as the winner without one of its settings, or without a table of them,
    /// and the strategy by index. Of several the one with the fewest settings.
    pub fn the_same(&self, winner: &Candidate) -> Option<(Candidate, usize)> {
        let is_the_same = |strategy: usize| {
            rank(&self.scenario, &self.study, &[self.advised, strategy]).lead.is_none()
        };
        let found = winner.simpler().into_iter().filter_map(|(key, candidate)| {
            let (_, strategy) = self.simpler.iter().find(|(of, _)| *of == key)?;
            is_the_same(*strategy).then_some((candidate, *strategy))
        });
        found.min_by_key(|(candidate, _)| candidate.size())
    }
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
