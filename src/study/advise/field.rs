//! All candidates read as strategies of the scenario, by the reader of what people write.
//!
//! ```text
//!   scenario's text + a table for each candidate ──read──► a plan with all of them
//!                        └ refused at its place: dropped, with what the reader says
//! ```

use super::candidate::Candidate;
use crate::catalog::Problem;
use crate::scenario::{Advise, Draft, Idle, Note, Scenario};
use crate::strategy::Strategy;
use std::ops::Range;

/// A candidate among the strategies of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrant {
    /// What it does.
    pub candidate: Candidate,
    /// Its name in the scenario if it is written there.
    pub written: Option<String>,
    /// The strategy, by index.
    pub strategy: usize,
}

/// Why a candidate is not run.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The scenario cannot be read with it: what the reader says.
    Refused(Problem),
    /// A setting changes nothing: the key and why.
    Idle(String, Idle),
    /// Somebody wrote it for other work than what is to be done.
    OtherWork,
    /// It does the same as a simpler candidate or one before it.
    Same,
    /// It certainly loses work that another does not lose: at least so many requests of so many.
    Loses {
        /// Requests lost, at least.
        lost: u64,
        /// All requests of one instance of the limit.
        of: u64,
    },
    /// Without a pace refused work comes back faster than it is admitted, until the backlog is
    /// done: the least throttle rate, above what must hold.
    ComesBack {
        /// The number of workers; `None` is unlimited.
        workers: Option<u32>,
        /// The least share of attempts that are refused.
        throttled: f64,
    },
    /// Its pace is below what arrives.
    FallsBehind {
        /// Requests that it sends \[1/s\].
        pace: f64,
        /// Requests that arrive \[1/s\].
        demand: f64,
    },
}

/// A candidate that is not run, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// What it would do.
    pub candidate: Candidate,
    /// Why it is not run.
    pub reason: Reason,
}

/// The scenario with all candidates.
#[derive(Debug, Clone)]
pub struct Field {
    /// The scenario; its expectations are what must hold.
    pub scenario: Scenario,
    /// The candidates that are run.
    pub entrants: Vec<Entrant>,
    /// Those that are not.
    pub dropped: Vec<Dropped>,
}

/// Tables at the end of a text, and where each is.
struct Appended {
    draft: Draft,
    places: Vec<Range<usize>>,
}

fn appended(draft: &Draft, tables: &[String]) -> Appended {
    let mut text = draft.text.clone();
    let mut places = Vec::new();
    for table in tables {
        text.push('\n');
        let start = text.len();
        text.push_str(table);
        places.push(start..text.len());
    }
    Appended { draft: Draft { text, ..draft.clone() }, places }
}

/// The scenario with some more strategies; what must hold and how strategies are ranked is what
/// `advise` says.
///
/// # Errors
/// What is wrong with it.
pub(super) fn with_tables(
    draft: &Draft,
    tables: &[String],
    advise: &Advise,
) -> Result<Scenario, Vec<Problem>> {
    let scenario = appended(draft, tables).draft.scenario()?;
    Ok(advised(scenario, advise))
}

fn advised(scenario: Scenario, advise: &Advise) -> Scenario {
    Scenario {
        expectations: advise.must.clone(),
        ranking: advise.ranking.clone(),
        advise: advise.clone(),
        until: None,
        ..scenario
    }
}

/// The strategies that a scenario's text states, by name.
pub(super) fn written(draft: &Draft) -> Vec<(String, Candidate)> {
    let table: toml::Table = draft.text.parse().unwrap_or_default();
    let strategies = table.get("strategy").and_then(toml::Value::as_table);
    let named = strategies.into_iter().flatten();
    named.filter_map(|(name, of)| Some((name.clone(), Candidate::of(of.as_table()?)))).collect()
}

/// The written strategies that do the work that is to be done, and those that do other work.
pub(super) fn by_work(
    base: &Scenario,
    written: Vec<(String, Candidate)>,
) -> (Vec<(String, Candidate)>, Vec<Dropped>) {
    let count = base.plan.workloads.len();
    let does_it = |name: &str| {
        let place = base.names.strategies.iter().position(|(of, _)| of == name);
        let own = place.map(|place| base.plan.strategies[place].workloads.as_deref());
        own.is_none_or(|own| base.advise.is_route(own, count))
    };
    let (own, other): (Vec<_>, Vec<_>) = written.into_iter().partition(|(name, _)| does_it(name));
    let reason = Reason::OtherWork;
    let dropped = |(_, candidate)| Dropped { candidate, reason: reason.clone() };
    (own, other.into_iter().map(dropped).collect())
}

/// A beginning of names that no strategy has.
pub(super) fn free_name(draft: &Draft, wanted: &str) -> String {
    let is_taken = |name: &str| draft.text.contains(&format!("strategy.{name}"));
    let mut name = wanted.to_string();
    while is_taken(&name) {
        name.push('x');
    }
    name
}

impl Field {
    /// Reads the scenario with every candidate, and drops those that it cannot be read with, that
    /// have settings without effect, or that do what a simpler one does.
    ///
    /// # Errors
    /// The scenario itself cannot be read.
    pub fn read(
        draft: &Draft,
        base: &Scenario,
        rivals: Vec<(String, Candidate)>,
        mut candidates: Vec<Candidate>,
    ) -> Result<Self, Vec<Problem>> {
        let prefix = free_name(draft, "try");
        let mut dropped = Vec::new();
        let scenario = loop {
            let tables: Vec<String> = candidates
                .iter()
                .enumerate()
                .map(|(number, candidate)| candidate.table(&format!("{prefix}-{number}")))
                .collect();
            let appended = appended(draft, &tables);
            let problems = match appended.draft.scenario() {
                Ok(scenario) => break advised(scenario, &base.advise),
                Err(problems) => problems,
            };
            let mut refused: Vec<Option<Problem>> = vec![None; candidates.len()];
            for problem in &problems {
                let start = problem.span.as_ref().map_or(0, |span| span.start);
                let place = appended.places.partition_point(|place| place.end <= start);
                let inside = appended.places.get(place).is_some_and(|of| of.contains(&start));
                if !inside {
                    return Err(vec![problem.clone()]);
                }
                refused[place].get_or_insert_with(|| problem.clone());
            }
            let mut reasons = refused.into_iter();
            candidates.retain(|candidate| match reasons.next().flatten() {
                None => true,
                Some(problem) => {
                    let reason = Reason::Refused(problem);
                    dropped.push(Dropped { candidate: candidate.clone(), reason });
                    false
                }
            });
        };
        let place = |name: &str| scenario.names.strategies.iter().position(|(of, _)| of == name);
        let rivals = rivals.into_iter().filter_map(|(name, candidate)| {
            Some(Entrant { candidate, strategy: place(&name)?, written: Some(name) })
        });
        let made = candidates.into_iter().enumerate().filter_map(|(number, candidate)| {
            let strategy = place(&format!("{prefix}-{number}"))?;
            Some(Entrant { candidate, written: None, strategy })
        });
        let mut field = Self { entrants: rivals.chain(made).collect(), scenario, dropped };
        field.drop_idle(&prefix);
        field.drop_same();
        Ok(field)
    }

    /// Drops a candidate, unless somebody wrote it.
    pub(super) fn retain(&mut self, keep: impl Fn(&Scenario, &Entrant) -> Option<Reason>) {
        let (scenario, dropped) = (&self.scenario, &mut self.dropped);
        self.entrants.retain(|entrant| match keep(scenario, entrant) {
            Some(reason) if entrant.written.is_none() => {
                dropped.push(Dropped { candidate: entrant.candidate.clone(), reason });
                false
            }
            _ => true,
        });
    }

    fn drop_idle(&mut self, prefix: &str) {
        let mut idle: Vec<(String, String, Idle)> = Vec::new();
        for note in &self.scenario.notes {
            let Note::Idle { keys, why } = note else { continue };
            for key in keys {
                let own = key.strip_prefix("strategy.").and_then(|rest| rest.split_once('.'));
                let own = own.filter(|(name, _)| name.starts_with(prefix));
                idle.extend(own.map(|(name, key)| (name.into(), key.into(), why.clone())));
            }
        }
        self.retain(|scenario, entrant| {
            let name = &scenario.names.strategies[entrant.strategy].0;
            let found = idle.iter().find(|(of, ..)| of == name);
            // What nothing is tried again for is left to the runs: an outage may come.
            let found = found.filter(|(_, key, _)| key != "retry" && key != "retry.statuses");
            found.map(|(_, key, why)| Reason::Idle(key.clone(), why.clone()))
        });
    }

    fn drop_same(&mut self) {
        let mut seen: Vec<Strategy> = Vec::new();
        let mut same = Vec::new();
        for entrant in &self.entrants {
            let strategy = &self.scenario.plan.strategies[entrant.strategy];
            match seen.contains(strategy) {
                true => same.push(entrant.strategy),
                false => seen.push(strategy.clone()),
            }
        }
        self.retain(|_, entrant| same.contains(&entrant.strategy).then_some(Reason::Same));
    }
}
