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

mod candidate;
mod choices;
mod error;
mod facts;
mod field;
mod proof;
mod race;
mod relief;
mod reported;
mod robust;
mod yardstick;

pub use candidate::Candidate;
pub use error::AdviseError;
pub use field::{Dropped, Entrant, Field, Reason};
pub use race::{Fate, MOST_RUNS, Race, Round};
pub use relief::Relief;
pub use robust::{Circumstance, Robust, Standing};

use super::ranking::Rule;
use super::running::Watch;
use super::{Study, Verdict};
use crate::metrics::figures::Metric;
use crate::scenario::{Draft, Scenario, Width};
use reported::Reported;
use yardstick::{Level, Yardstick};

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
    /// How far the best may be from the best of all candidates, at 95 %.
    pub margin: Option<Margin>,
    /// The scenario with the strategies that people wrote, the best and what is simpler than it.
    pub scenario: Scenario,
    /// The runs of these.
    pub study: Study,
    /// The best in that scenario, by index.
    pub advised: usize,
    /// What is simpler than the best: the key that is left out, and the strategy by index.
    pub simpler: Vec<(String, usize)>,
    /// The keys without which a run of it makes more than about 20 attempts for each request.
    pub endless: Vec<String>,
    /// What would have to change, if the best does not meet the conditions.
    pub relief: Option<Relief>,
    /// The best and its runners-up in other circumstances, if asked for.
    pub robust: Option<Robust>,
}

/// How far one strategy may be from the best of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The measure: the first goal.
    pub metric: Metric,
    /// The largest difference that does not matter.
    pub worth: Width,
    /// The mean of the best.
    pub mean: f64,
    /// It is no more than this above the best of all, at 95 % \[the measure's unit\].
    pub at_most: f64,
}

/// What an advice is to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Other circumstances too; the worst case decides.
    pub robust: bool,
    /// The most runs of the search, instead of the scenario's.
    pub budget: Option<u32>,
}

/// Replications of the strategies that are reported, at least.
const REPORTED: u32 = 10;

/// Finds the best strategy for a scenario. A draft without strategies has none to compare with.
///
/// # Errors
/// The scenario cannot be read, its ranges make too many candidates, or a run took too much.
pub fn advise(draft: &Draft, options: Options, watch: &Watch<'_>) -> Result<Advice, AdviseError> {
    let rivals = field::written(draft);
    let draft = &readable(draft);
    let mut base = draft.scenario()?;
    base.advise.budget = options.budget.or(base.advise.budget);
    let batches = can_batch(draft, &base);
    let candidates = choices::choices(&base, batches)?;
    let mut field = Field::read(draft, &base, rivals.clone(), candidates)?;
    field.drop_proved();
    field.bound_runs();
    let strategies: Vec<usize> = field.entrants.iter().map(|entrant| entrant.strategy).collect();
    if strategies.is_empty() {
        return Err(AdviseError::NothingToTry);
    }
    let yardstick = Yardstick::new(&field.scenario, &strategies);
    let race = Race::run(&field, &yardstick, watch);
    if race.order.is_empty() {
        return Err(AdviseError::Endless);
    }
    let robust = match options.robust {
        true => Some(Robust::find(draft, &field, &yardstick, &race.order)?),
        false => None,
    };
    let best = robust.as_ref().map_or(race.order[0], |robust| robust.order[0]);
    let margin = margin(&yardstick, &race, best);
    let winner = field.entrants[best].clone();
    let last = race.rounds.last().map_or(REPORTED, |round| round.runs.max(REPORTED));
    base.plan.replications = base.plan.replications.max(last);
    let most = field.scenario.plan.bounds.events;
    let reported = Reported::run((draft, &base), &rivals, &winner, most, watch)?;
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
    };
    if advice.verdict() == Some(Verdict::Failed) {
        let name = advice.scenario.names.strategies[advised].0.clone();
        let table = winner.written.is_none().then(|| winner.candidate.table(&name));
        let text = format!("{}\n{}", draft.text, table.unwrap_or_default());
        let with = Draft { text, ..draft.clone() };
        advice.relief = relief::relief(&with, &advice.scenario, (advised, &name))?;
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
    Draft { text: format!("{}\n[strategy.plain]\n", draft.text), ..draft.clone() }
}

/// True if a call takes several requests at a time.
fn can_batch(draft: &Draft, base: &Scenario) -> bool {
    let name = field::free_name(draft, "batching");
    let table = format!("[strategy.{name}]\nbatch.linger = \"1s\"\n");
    field::with_tables(draft, &[table], &base.advise).is_ok()
}

/// How far the best may be from any other candidate that was not shown to be worse.
fn margin(yardstick: &Yardstick, race: &Race, best: usize) -> Option<Margin> {
    let (goal, metric, worth) = yardstick.goal()?;
    let own = &race.figures[best];
    if own.is_empty() {
        return None;
    }
    let level = Level::shared_by(race.fates.len());
    let others = race.order.iter().filter(|place| !race.figures[**place].is_empty());
    let others = others.filter(|place| yardstick.is_level(goal, &race.figures[**place], own));
    let excess = others.map(|place| yardstick.excess(goal, own, &race.figures[*place], &level));
    let at_most = excess.fold(0.0, f64::max);
    let mean = yardstick.mean_cost(goal, own);
    (mean.is_finite() && at_most.is_finite()).then_some(Margin { metric, worth, mean, at_most })
}

impl Advice {
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

    /// Candidates from which the best differs by nothing that matters.
    #[must_use]
    pub fn tied_with(&self) -> Vec<&Entrant> {
        let tied = self.race.order.iter().take(self.race.tied);
        tied.filter(|place| **place != self.best)
            .map(|place| &self.field.entrants[*place])
            .collect()
    }
}
