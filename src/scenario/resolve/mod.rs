//! From the file as written to the plan as meant: defaults, references, contradictions.
//!
//! ```text
//!   header ─► providers ─► workloads ─► limits ─► strategies ─► expectations
//!                            └ their calls become the operations
//! ```
//!
//! Nothing stops at the first problem; each part notes its own and goes on with something sane.

mod advise;
mod answers;
mod arrivals;
mod bounds;
mod copies;
mod costs;
mod dynamic;
mod expectations;
mod found;
mod header;
mod heed;
mod idle;
mod indices;
mod keyed;
mod lane;
mod league;
mod limits;
mod lockouts;
mod notes;
mod pace;
mod pace_units;
mod plans;
mod pre_send;
mod providers;
mod ranking;
mod rates;
mod retry;
mod revenue;
mod served;
mod service;
mod serving;
mod size;
mod steps;
mod strategies;
mod sweep;
mod trace;
mod undone;
mod unread;
mod unused;
mod windowed;
mod workloads;

use super::raw::Raw;
use super::{Grid, Names, OpenReading, Scenario, Served, Sizing, TraceReading};
use crate::catalog::{self, Calendar, LimitDocument, Problem, ProblemKind};
use crate::files::{self, Input};
use crate::limiter::Population;
use crate::simulation::{Call, Cause, Plan, PlannedLimit};
use crate::units::Rate;
use indexmap::IndexSet;
use indices::Indices;
pub(super) use notes::crews;
use providers::ResolvedProvider;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::path::Path;

/// Where the reading of a file stands.
pub(super) struct Resolver<'a> {
    raw: Raw,
    /// The folder that the file's own paths start from.
    folder: &'a Path,
    problems: Vec<Problem>,
    names: Names,
    assumptions: IndexSet<String>,
    traces: Vec<TraceReading>,
    inputs: Vec<Input>,
    readings: Vec<OpenReading>,
    providers: Vec<ResolvedProvider>,
    /// The provider of each operation.
    provider_of: Vec<usize>,
    calls: Vec<Call>,
    limits: Vec<PlannedLimit>,
    /// The limits as their files write them, one for each of those.
    documents: Vec<LimitDocument>,
    causes: Vec<Cause>,
    /// Where the names stand that have an index.
    indices: Indices,
    /// For each call the limit with the lowest published rate.
    tightest: Vec<Option<(usize, Rate)>>,
    /// For each call, of how many things its requests may ask for; `None` if that is not known.
    keys_of: Vec<Option<u32>>,
    /// Workloads of which a limit tells apart what they ask for.
    keyed: Vec<bool>,
    /// Levels that are read over time.
    watched: usize,
    /// Where the lines of the text end.
    line_ends: Vec<usize>,
    /// True if not all calls could be read, so that none can be said to be missing.
    is_partial: bool,
    calendar: Calendar,
    /// True if all operations may be called, not only those of workloads.
    opens: bool,
    /// Calls of its workloads; all that follow are called by nobody yet.
    own_calls: usize,
}

/// A scenario from its text, or everything that is wrong with it.
pub(super) fn read(name: &str, text: &str, folder: &Path) -> Result<Scenario, Vec<Problem>> {
    read_by(name, text, folder, false).map(|(scenario, _)| scenario)
}

/// The same, of which every operation may be called; and the providers that it has.
pub(super) fn read_served(
    name: &str,
    text: &str,
    folder: &Path,
) -> Result<(Scenario, Vec<Served>), Vec<Problem>> {
    read_by(name, text, folder, true)
}

fn read_by(
    name: &str,
    text: &str,
    folder: &Path,
    opens: bool,
) -> Result<(Scenario, Vec<Served>), Vec<Problem>> {
    let (raw, problems) = catalog::read_all::<Raw>(text);
    let Some(raw) = raw else { return Err(problems) };
    let mistaken = !problems.is_empty();
    let mut resolve = Resolver {
        raw,
        folder,
        problems: Vec::new(),
        names: Names::default(),
        assumptions: IndexSet::new(),
        traces: Vec::new(),
        inputs: Vec::new(),
        readings: Vec::new(),
        providers: Vec::new(),
        provider_of: Vec::new(),
        calls: Vec::new(),
        limits: Vec::new(),
        documents: Vec::new(),
        causes: Vec::new(),
        indices: Indices::default(),
        tightest: Vec::new(),
        keys_of: Vec::new(),
        keyed: Vec::new(),
        watched: 0,
        line_ends: text.match_indices('\n').map(|(place, _)| place).collect(),
        is_partial: mistaken,
        calendar: Calendar::default(),
        opens,
        own_calls: usize::MAX,
    };
    if let Some(problem) = resolve.too_many() {
        return Err(vec![problem]);
    }
    let scenario = resolve.scenario(name);
    let served = if opens { resolve.served() } else { Vec::new() };
    // What was blanked out as mistaken is not missing as well.
    let is_missing = |of: &Problem| matches!(of.kind, ProblemKind::Missing { .. });
    let absent = |problem: &Problem| mistaken && is_missing(problem);
    let mut all = problems;
    all.extend(resolve.problems.into_iter().filter(|problem| !absent(problem)));
    if all.is_empty() { Ok((scenario, served)) } else { Err(all) }
}

impl Resolver<'_> {
    fn scenario(&mut self, name: &str) -> Scenario {
        let header = self.header();
        self.calendar = Calendar { start_s: header.start.unwrap_or(0), length: self.horizon() };
        let (population, processes) = self.population();
        self.read_providers();
        let mut workloads = self.read_workloads(population, &header);
        self.open_all(&mut workloads);
        self.is_partial |= !self.problems.is_empty();
        self.note_keys(&workloads);
        self.read_limits(header.start);
        let population = self.with_keys(population, &workloads);
        let services = self.read_services();
        self.check_unread(&services, &workloads);
        self.check_closed();
        let (strategies, league) = self.read_strategies(&services);
        let expectations = self.read_expectations(population);
        let (sweep, size) = (self.read_sweep(), self.read_size(population, &expectations));
        let rota = self.rota(processes);
        self.check_size(population, processes, &workloads, header.duration);
        self.gather_assumptions();
        let ranking = self.read_ranking(population, &workloads);
        let advise = self.read_advise(&advise::Basis {
            population,
            workloads: &workloads,
            strategies: &strategies,
            expectations: &expectations,
            ranking: &ranking,
        });
        let plan = Plan {
            seed: header.seed,
            replications: header.replications,
            duration: header.duration,
            drain: header.drain,
            warm_up: header.warm_up,
            population,
            skew: self.skew(population, &workloads),
            rota,
            calls: std::mem::take(&mut self.calls),
            services,
            limits: std::mem::take(&mut self.limits),
            causes: std::mem::take(&mut self.causes),
            workloads,
            strategies,
            bounds: self.bounds(),
        };
        let mut notes = self.notes(&plan, header.start);
        self.check_undone(&plan, &expectations);
        notes.extend(self.idle_notes(&plan, &varied(sweep.as_ref(), size.as_ref())));
        Scenario {
            name: name.to_string(),
            question: header.question,
            start: header.start,
            plan,
            names: std::mem::take(&mut self.names),
            until: header.until,
            ranking,
            advise,
            serving: self.read_serving(),
            league,
            sweep,
            size,
            expectations,
            limits: std::mem::take(&mut self.documents),
            readings: std::mem::take(&mut self.readings),
            notes,
            assumptions: std::mem::take(&mut self.assumptions).into_iter().collect(),
            traces: std::mem::take(&mut self.traces),
            inputs: std::mem::take(&mut self.inputs),
        }
    }

    /// The number of the line of a place.
    fn line_of(&self, place: usize) -> usize {
        self.line_ends.partition_point(|end| *end < place) + 1
    }

    /// Notes a guess that results lean on, once.
    fn assume(&mut self, guess: impl Into<String>) {
        self.assumptions.insert(guess.into());
    }

    /// Each value of a list must stand there once; the second is without effect.
    fn once_each<T: Hash + Eq + std::fmt::Display>(
        &mut self,
        list: impl Iterator<Item = (T, Range<usize>)>,
    ) {
        let mut seen = HashSet::new();
        for (value, place) in list {
            if seen.contains(&value) {
                self.no_effect(
                    place,
                    format!("`{value}` stands here twice"),
                    "leave one of them out",
                );
            } else {
                seen.insert(value);
            }
        }
    }

    /// Reads a path of the file's own, which starts from the file's folder.
    fn read_file(&mut self, path: &str, place: Range<usize>) -> Option<String> {
        let file = self.folder.join(path);
        match files::read_text(&file) {
            Ok(text) => {
                self.inputs.push(Input::of(file, &text));
                Some(text)
            }
            Err(unreadable) => {
                let message = format!("cannot read `{path}`: {unreadable}");
                self.bad_file(place, message, unreadable.remedy());
                None
            }
        }
    }

    fn gather_assumptions(&mut self) {
        for (number, provider) in self.providers.iter().enumerate() {
            let calls: Vec<&str> = (self.names.calls.iter().zip(&self.provider_of))
                .take(self.own_calls)
                .filter(|(_, of)| **of == number)
                .map(|(name, _)| name.as_str())
                .collect();
            if !calls.is_empty() {
                self.assumptions.extend(provider.resolved.assumptions(&calls));
            }
        }
    }
}

/// The addresses whose values a sweep or a size changes.
fn varied(sweep: Option<&Grid>, size: Option<&Sizing>) -> Vec<String> {
    let axes = sweep.into_iter().flat_map(|grid| &grid.axes).map(|axis| axis.address.clone());
    axes.chain(size.map(|size| size.address.clone())).collect()
}

/// How many callers there are.
const fn callers(population: Population) -> u64 {
    let accounts = population.applications as u64 * population.accounts as u64;
    accounts.saturating_mul(population.regions as u64)
}
