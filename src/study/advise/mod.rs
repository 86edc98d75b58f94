//! Advice: the best strategy of all that can sensibly be tried.
//!
//! ```text
//!   scenario, catalogue ─► choices ─► field (read as written) ─► proof ─► race ─► the best
//!                                        └ dropped, each with its reason        └► what each of
//!                                                                                  its settings is
//!   robust: the best and its runners-up where the world is not as expected         worth
//! ```
//!
//! A candidate is the text of a strategy's table, read by the reader of what people write: what is
//! advised is what is pasted.

mod bound;
mod candidate;
mod choices;
mod error;
mod facts;
mod field;
mod memory;
mod proof;
mod race;
mod relation;
mod relief;
mod reported;
mod robust;
mod world;
mod yardstick;

pub use candidate::Candidate;
pub use error::AdviseError;
pub use field::{Dropped, Entrant, Field, Reason};
pub use memory::{Forgetful, Kept, Key, Memory};
pub use race::{Fate, MOST_RUNS, Margin, Race, Round};
pub use relief::Relief;
pub use robust::{Robust, Standing};
pub use world::Circumstance;

use super::ranking::Rule;
use super::{Study, Verdict};
use crate::scenario::{Draft, Scenario};
use race::Supply;
use reported::{Reported, Reporting, simplified};
use yardstick::Yardstick;

/// The best strategy, and how that was found.
#[derive(Debug, Clone)]
pub struct Advice {
    /// All that was tried.
    pub field: Field,
    /// By what strategies were ranked.
    pub rule: Rule,
    /// How the candidates fared.
    pub race: Race,
    /// The best, by its place in the field.
    pub best: usize,
    /// How far the best may be from the best of all that ran, at 95 %; `None` without a goal.
    pub margin: Option<Margin>,
    /// The scenario with the strategies that people wrote, the best and what is simpler than it.
    pub scenario: Scenario,
    /// The runs of these.
    pub study: Study,
    /// The best in that scenario, by index.
    pub advised: usize,
    /// What is simpler than the best: the key that is left out, and the strategy by index.
    pub simpler: Vec<(String, usize)>,
    /// The keys without which a run of it makes more than about 10 attempts for each request.
    pub endless: Vec<String>,
    /// What would have to change, if the best does not meet the conditions.
    pub relief: Option<Relief>,
    /// The best in other circumstances, beside its runners-up if asked for.
    pub robust: Robust,
    /// Runs that it took to report the best, what is simpler and what people wrote.
    pub reporting: u64,
}

/// What an advice is to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Other circumstances too; the worst case decides.
    pub robust: bool,
    /// The most runs of the search, instead of the scenario's.
    pub budget: Option<u32>,
}

/// Finds the best strategy for a scenario. A draft without strategies has none to compare with.
///
/// # Errors
/// The scenario cannot be read, its ranges make too many candidates, a run took too much, or the
/// search was stopped.
pub fn advise(draft: &Draft, options: Options, memory: &dyn Memory) -> Result<Advice, AdviseError> {
    let written = field::written(draft);
    let draft = &readable(draft);
    let mut base = draft.scenario()?;
    base.advise.budget = options.budget.or(base.advise.budget);
    let (rivals, others) = field::by_work(&base, written);
    let batches = can_batch(draft, &base);
    let candidates = choices::choices(&base, batches)?;
    let mut field = Field::read(draft, &base, rivals.clone(), candidates)?;
    field.dropped.extend(others);
    field.drop_proved();
    field.bound_runs();
    let strategies: Vec<usize> = field.entrants.iter().map(|entrant| entrant.strategy).collect();
    if strategies.is_empty() {
        return Err(AdviseError::NothingToTry);
    }
    let yardstick = Yardstick::new(&field.scenario, &strategies);
    let race = Race::run(&field, &yardstick, &mut Supply::new(&field, &yardstick, memory));
    let mut race = race.ok_or(AdviseError::Stopped)?;
    if race.order.is_empty() {
        return Err(AdviseError::Endless);
    }
    let mut report = Reporting::new((draft, &base), &rivals, (&field, &race), memory);
    let reported = simplified(&mut report, &mut field, &yardstick, &mut race, memory)?;
    let robust = Robust::find(draft, &field, &yardstick, &race, (options.robust, memory))?;
    let best = robust.order[0];
    let reported = match best == race.order[0] {
        true => reported,
        false => report.of(&field.entrants[best])?,
    };
    let reporting = report.spent;
    let margin = race::margin(&yardstick, &race, best);
    let Reported { scenario, study, advised, simpler, endless } = reported;
    let rule = yardstick.rule;
    let mut advice = Advice {
        field,
        rule,
        race,
        best,
        margin,
        scenario,
        study,
        advised,
        simpler,
        endless,
        relief: None,
        robust,
        reporting,
    };
    if advice.verdict() == Some(Verdict::Failed) {
        advice.relief = advice.relief(draft)?;
    }
    Ok(advice)
}

/// A scenario without strategies, with one that does nothing special, so that it can be read.
#[must_use]
pub fn readable(draft: &Draft) -> Draft {
    let table: toml::Table = draft.text.parse().unwrap_or_default();
    let strategies = table.get("strategy").and_then(toml::Value::as_table);
    if strategies.is_some_and(|of| !of.is_empty()) || table.contains_key("league") {
        return draft.clone();
    }
    let workloads = table.get("workload").and_then(toml::Value::as_table);
    let asks_again = workloads.is_some_and(|all| all.values().any(|of| of.get("keys").is_some()));
    // Keys have no effect without a cache.
    let cache = if asks_again { "cache.ttl = \"15m\"\n" } else { "" };
    Draft { text: format!("{}\n[strategy.plain]\n{cache}", draft.text), ..draft.clone() }
}

/// True if a call takes several requests at a time.
fn can_batch(draft: &Draft, base: &Scenario) -> bool {
    let name = field::free_name(draft, "batching");
    let table = format!("[strategy.{name}]\nbatch.linger = \"1s\"\n");
    field::with_tables(draft, &[table], &base.advise).is_ok()
}

impl Advice {
    /// What would have to change for the best to meet the conditions.
    fn relief(&self, draft: &Draft) -> Result<Option<Relief>, AdviseError> {
        let name = self.scenario.names.strategies[self.advised].0.clone();
        let winner = &self.field.entrants[self.best];
        let table = winner.written.is_none().then(|| winner.candidate.table(&name));
        let text = format!("{}\n{}", draft.text, table.unwrap_or_default());
        let with = Draft { text, ..draft.clone() };
        relief::relief(&with, &self.scenario, (self.advised, &name))
    }

    /// True if the advised strategy meets every condition beyond chance; `None` if there is none.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let own = self.study.findings.iter().filter(|of| of.strategy == self.advised);
        own.map(|finding| finding.verdict).max()
    }

    /// The table to paste.
    #[must_use]
    pub fn toml(&self) -> String {
        let name = &self.scenario.names.strategies[self.advised].0;
        self.field.entrants[self.best].candidate.table(name)
    }

    /// Candidates from which the best of the race differs by its means in nothing that matters;
    /// none if the worst case decided for another.
    #[must_use]
    pub fn tied_with(&self) -> Vec<&Entrant> {
        let (best, others) = self.race.order.split_first().unwrap_or((&self.best, &[]));
        let tied = others.iter().take(self.race.tied.saturating_sub(1));
        tied.filter(|_| *best == self.best).map(|place| &self.field.entrants[*place]).collect()
    }
}
