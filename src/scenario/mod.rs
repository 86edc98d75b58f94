//! The scenario language: one question, one file.
//!
//! ```text
//!   text ──► Written (the file as it stands, spans kept) ──► Problems, all at once
//!                                                       └──► Scenario: a Plan, with its Names
//! ```
//!
//! Every default is filled in on the way; `explain` shows the result.

mod advise;
mod amount;
mod draft;
mod expectation;
mod grid;
mod mistake;
mod note;
mod precision;
mod preset;
mod problem;
mod ranking;
mod raw;
mod resolve;
mod schema;
mod served;
mod set;
mod shipped;
mod sizing;
mod taken;
mod text;
mod trace;
mod visible;

pub use advise::{Advise, Freedom};
pub use amount::{Amount, Unit};
pub use draft::{Draft, DraftError};
pub use expectation::{Comparison, Expectation};
pub use grid::{Axis, Grid, Setting};
pub use note::{Crews, Idle, LogNote, Note};
pub use precision::{Until, Width};
pub use preset::{Preset, UnknownPreset, find_preset, presets};
pub use problem::{Problems, nearest};
pub use ranking::Ranking;
pub use raw::Described;
pub use schema::{SCHEMA, schema};
pub use served::{OTHER, Served};
pub use set::{SetError, set};
pub use sizing::{Goal, Sizing, Steps};
pub use taken::{NoPlace, Serving, Taken};
pub use trace::TraceReading;
pub use visible::{is_hidden, visible};

use crate::catalog::{LimitDocument, Problem};
use crate::files::Input;
use crate::metrics::figures::Slice;
use crate::simulation::Plan;
use crate::strategy::Strategy;
use crate::wire::{Caller, Operation};
use std::path::Path;

/// A scenario as meant: every default filled in, every name an index.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The file's name without its ending.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// What virtual time 0 is on the calendar \[s since 1970, UTC\].
    pub start: Option<i64>,
    /// What is simulated.
    pub plan: Plan,
    /// What the indices of the plan are called.
    pub names: Names,
    /// How well a figure must be known, where the number of replications follows from that.
    pub until: Option<Until>,
    /// How strategies are ranked.
    pub ranking: Ranking,
    /// What the best strategy is to reach, and what may be tried for it.
    pub advise: Advise,
    /// From where of a request `throttlesim serve` takes who calls.
    pub serving: Serving,
    /// Who plays in a league of presets, if there is one.
    pub league: Option<League>,
    /// What a sweep varies, if there is one.
    pub sweep: Option<Grid>,
    /// What is sized, if anything.
    pub size: Option<Sizing>,
    /// What must come true.
    pub expectations: Vec<Expectation>,
    /// The limits as their files write them, one for each rule of the plan.
    pub limits: Vec<LimitDocument>,
    /// What its providers leave open, and what is chosen here.
    pub readings: Vec<OpenReading>,
    /// What a reader must know before the results, the most important first.
    pub notes: Vec<Note>,
    /// The guesses that its results lean on.
    pub assumptions: Vec<String>,
    /// What was found in the traces that it replays.
    pub traces: Vec<TraceReading>,
    /// The files that it reads: logs, catalogues and data.
    pub inputs: Vec<Input>,
}

/// What a provider leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReading {
    /// The provider, by the scenario's name for it.
    pub provider: String,
    /// The reading, by the catalogue's name for it.
    pub name: String,
    /// What is open.
    pub question: String,
    /// What it may be read as.
    pub choices: Vec<String>,
    /// Which of the choices this scenario makes, by index.
    pub chosen: usize,
}

impl OpenReading {
    /// The choices that the scenario does not make, by index.
    pub fn others(&self) -> impl Iterator<Item = usize> {
        (0..self.choices.len()).filter(|choice| *choice != self.chosen)
    }
}

/// A league of presets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct League {
    /// For each strategy, which preset it is; `None` for those that a scenario writes out itself.
    pub players: Vec<Option<Player>>,
}

/// A preset in a league.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// Its name.
    pub preset: String,
    /// How many workers it has.
    pub workers: u32,
}

/// What the indices of a plan are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Strategies: name, and label if one is given.
    pub strategies: Vec<(String, Option<String>)>,
    /// Operations.
    pub calls: Vec<String>,
    /// Limits, one for each rule of the plan.
    pub limits: Vec<String>,
    /// Units that limits count and calls cost.
    pub units: Vec<String>,
    /// Causes of refusals.
    pub causes: Vec<String>,
    /// Error codes that refusals carry.
    pub codes: Vec<String>,
    /// Workloads.
    pub workloads: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Providers: name, and the catalogue, region, environment and readings chosen.
    pub providers: Vec<(String, String)>,
}

impl Scenario {
    /// Reads a scenario from its text; paths in it start from `folder`.
    ///
    /// # Errors
    /// Everything that is wrong with it, with place and remedy.
    pub fn read(name: &str, text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        resolve::read(name, text, folder).map(Self::made_visible)
    }

    /// Reads a scenario for whoever answers calls: every operation of its providers may be called,
    /// whatever its workloads call.
    ///
    /// # Errors
    /// Everything that is wrong with it, with place and remedy.
    pub fn read_served(
        name: &str,
        text: &str,
        folder: &Path,
    ) -> Result<(Self, Vec<Served>), Vec<Problem>> {
        let (scenario, served) = resolve::read_served(name, text, folder)?;
        Ok((scenario.made_visible(), served))
    }

    /// What a part of the run is called; `None` for all of it.
    #[must_use]
    pub fn slice_name(&self, slice: Slice) -> Option<String> {
        let call =
            |operation: Operation| format!("call {}", self.names.calls[usize::from(operation.0)]);
        let workload = |n: u16| format!("workload {}", self.names.workloads[usize::from(n)]);
        match slice {
            Slice::Whole => None,
            Slice::Call(operation) => Some(call(operation)),
            Slice::Workload(number) => Some(workload(number)),
            Slice::CallOf(operation, number) => {
                Some(format!("{}, {}", workload(number), call(operation)))
            }
            Slice::Account(account) => Some(format!("account {}", account + 1)),
        }
    }

    /// What a caller is called: as much of application, account and region as there are several of.
    #[must_use]
    pub fn caller_name(&self, caller: Caller) -> String {
        let population = &self.plan.population;
        let mut parts = Vec::new();
        if population.applications > 1 {
            parts.push(format!("application {}", caller.application + 1));
        }
        parts.push(format!("account {}", caller.account + 1));
        if population.regions > 1 {
            parts.push(self.names.regions[caller.region as usize].clone());
        }
        parts.join(", ")
    }
}

impl Scenario {
    /// How many workers a strategy has, and for how many each; `None` if they are unlimited.
    #[must_use]
    pub fn crews(&self, strategy: &Strategy) -> Option<Crews> {
        resolve::crews(&self.plan, strategy)
    }
}

impl Names {
    /// What a strategy is called in pictures and tables.
    #[must_use]
    pub fn label(&self, strategy: usize) -> &str {
        let (name, label) = &self.strategies[strategy];
        label.as_deref().unwrap_or(name)
    }
}
