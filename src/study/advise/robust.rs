//! The best and its runners-up where the world is not as the scenario says.
//!
//! ```text
//!   as it stands · every reading · limits 30 % lower · twice the work · one more process ·
//!   an outage of 30 minutes        ─►  the worst case of each, and its regret
//! ```
//!
//! Clients do not know of the change: a pace stays a share of what was published, and a part of a
//! rate that processes have split stays as large.

use super::error::AdviseError;
use super::field::{self, Field};
use super::race::{figures_of, sample};
use super::yardstick::{Figures, Measured, Yardstick};
use crate::metrics::figures::Metric;
use crate::scenario::{Draft, Scenario, Width};
use crate::simulation::{Episode, Plan, PlannedLimit, Trouble};
use crate::study::ideals;
use crate::study::ranking::divide;
use crate::study::readings::assignments;
use crate::units::{Instant, Share, Span};
use rayon::prelude::*;

/// Strategies that are compared at most.
const FINALISTS: usize = 8;
/// Runs of each in each circumstance.
const RUNS: u32 = 8;
/// What is left of limits that are lower than published.
const LOWER: Share = Share::from_ppm(700_000);
/// The length of an outage.
const OUTAGE: Span = Span::from_secs(1_800);

/// What is not as the scenario says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Circumstance {
    /// Nothing.
    AsItStands,
    /// A provider's page is read otherwise: reading and choice, by index.
    Reading(usize, usize),
    /// Every limit admits 30 % less than published.
    LowerLimits,
    /// All work is there twice.
    TwiceTheWork,
    /// One more process for each account.
    OneMoreProcess,
    /// Nothing is answered for 30 minutes, from this instant on.
    Outage(Instant),
}

/// How one strategy did in one circumstance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// True if the means of all conditions are met.
    pub holds: bool,
    /// The mean share of work lost; `None` if that is no measure.
    pub lost: Option<f64>,
    /// The mean of the first goal; infinite if it never comes.
    pub goal: f64,
    /// How much worse that is than the best of the compared strategies.
    pub regret: f64,
}

/// The best and its runners-up in every circumstance.
#[derive(Debug, Clone, PartialEq)]
pub struct Robust {
    /// What was changed.
    pub circumstances: Vec<Circumstance>,
    /// The strategies by their places in the field, the best in the worst case first.
    pub order: Vec<usize>,
    /// For each of these, how it did in each circumstance.
    pub standings: Vec<Vec<Standing>>,
}

impl Robust {
    /// Runs the best candidates in every circumstance.
    pub(super) fn find(
        draft: &Draft,
        field: &Field,
        yardstick: &Yardstick,
        order: &[usize],
    ) -> Result<Self, AdviseError> {
        let rival = order.iter().find(|place| field.entrants[**place].written.is_some());
        let mut finalists: Vec<usize> = order.iter().copied().take(FINALISTS).collect();
        finalists.extend(rival.filter(|place| !finalists.contains(place)));
        let circumstances = circumstances(&field.scenario);
        let mut all: Vec<Vec<Vec<Figures>>> = Vec::new();
        for circumstance in &circumstances {
            let (scenario, strategies) = changed(draft, field, &finalists, circumstance)?;
            all.push(runs(&scenario, yardstick, &strategies));
        }
        let places = worst_first(yardstick, &all, finalists.len());
        let order = places.iter().map(|place| finalists[*place]).collect();
        let standings = places.iter().map(|place| standings(yardstick, &all, *place)).collect();
        Ok(Self { circumstances, order, standings })
    }
}

fn circumstances(scenario: &Scenario) -> Vec<Circumstance> {
    let mut all = vec![Circumstance::AsItStands];
    for (number, reading) in scenario.readings.iter().enumerate() {
        all.extend(reading.others().map(|choice| Circumstance::Reading(number, choice)));
    }
    all.extend([
        Circumstance::LowerLimits,
        Circumstance::TwiceTheWork,
        Circumstance::OneMoreProcess,
        Circumstance::Outage(outage_at(scenario)),
    ]);
    all
}

/// A quarter into the work.
fn outage_at(scenario: &Scenario) -> Instant {
    let backlog = ideals(scenario).iter().map(|ideal| ideal.seconds()).fold(0.0, f64::max);
    let whole = scenario.plan.duration.as_secs_f64();
    let busy = if backlog > 0.0 { backlog.min(whole) } else { whole };
    Instant::ORIGIN + Span::from_secs_f64((busy / 4.0).floor())
}

/// The scenario of some candidates in a circumstance, and their places in it.
fn changed(
    draft: &Draft,
    field: &Field,
    finalists: &[usize],
    circumstance: &Circumstance,
) -> Result<(Scenario, Vec<usize>), AdviseError> {
    let mut draft = draft.clone();
    if let Circumstance::Reading(reading, choice) = circumstance {
        for assignment in assignments(&field.scenario.readings, &[(*reading, *choice)]) {
            draft = draft.set(&assignment)?;
        }
    }
    let prefix = field::free_name(&draft, "final");
    let name = |number: usize| {
        let entrant = &field.entrants[finalists[number]];
        entrant.written.clone().unwrap_or_else(|| format!("{prefix}-{number}"))
    };
    let made = (0..finalists.len())
        .filter(|number| field.entrants[finalists[*number]].written.is_none())
        .map(|number| field.entrants[finalists[number]].candidate.table(&name(number)));
    let tables: Vec<String> = made.collect();
    let mut scenario = field::with_tables(&draft, &tables, &field.scenario.advise)?;
    let place = |name: &str| scenario.names.strategies.iter().position(|(of, _)| of == name);
    let strategies = (0..finalists.len()).filter_map(|number| place(&name(number))).collect();
    change(&mut scenario.plan, circumstance);
    Ok((scenario, strategies))
}

fn change(plan: &mut Plan, circumstance: &Circumstance) {
    match circumstance {
        Circumstance::AsItStands | Circumstance::Reading(..) => {}
        Circumstance::LowerLimits => {
            for limiter in plan.limits.iter_mut().flat_map(PlannedLimit::limiters_mut) {
                if let Some(terms) = limiter.terms().and_then(|terms| terms.times(LOWER)) {
                    *limiter = limiter.clone().allowing(terms);
                }
            }
            for call in &mut plan.calls {
                call.header = call.header.and_then(|rate| rate.share(LOWER));
            }
        }
        Circumstance::TwiceTheWork => {
            let count = u16::try_from(plan.workloads.len()).unwrap_or(u16::MAX);
            plan.workloads.extend_from_within(..);
            for strategy in &mut plan.strategies {
                if let Some(own) = &mut strategy.workloads {
                    let again: Vec<u16> = own.iter().map(|of| of.saturating_add(count)).collect();
                    own.extend(again);
                }
            }
        }
        Circumstance::OneMoreProcess => {
            let (turns, processes) = (plan.rota.len(), plan.population.processes as usize);
            plan.rota
                .extend(std::iter::repeat_n(plan.population.processes, (turns / processes).max(1)));
            plan.population.processes += 1;
        }
        Circumstance::Outage(from) => {
            for service in &mut plan.services {
                let to = *from + OUTAGE;
                service.episodes.push(Episode { from: *from, to, trouble: Trouble::Outage });
            }
        }
    }
}

/// For each strategy its figures, run by run.
fn runs(scenario: &Scenario, yardstick: &Yardstick, strategies: &[usize]) -> Vec<Vec<Figures>> {
    let accounts = sample(scenario).unwrap_or(scenario.plan.population.accounts);
    // More work has more cells, whose names the yardstick must know.
    let yardstick = &yardstick.of(&scenario.plan);
    let tasks: Vec<(usize, u32)> = strategies
        .iter()
        .flat_map(|strategy| (0..RUNS).map(move |replication| (*strategy, replication)))
        .collect();
    let run = |task: &(usize, u32)| {
        figures_of(scenario, yardstick, *task, accounts).unwrap_or_else(|| yardstick.never())
    };
    let found: Vec<Figures> = tasks.par_iter().map(run).collect();
    found.chunks(RUNS as usize).map(<[Figures]>::to_vec).collect()
}

/// The strategies by their worst cases, the best first.
fn worst_first(yardstick: &Yardstick, all: &[Vec<Vec<Figures>>], count: usize) -> Vec<usize> {
    let mut groups: Vec<Vec<usize>> = vec![(0..count).collect()];
    for (place, measure) in yardstick.measures.iter().enumerate() {
        let costs = |of: usize| all.iter().map(move |runs| yardstick.mean_cost(place, &runs[of]));
        let (cost, worth): (&dyn Fn(usize) -> f64, Width) = match measure {
            // An outage may break the conditions of every strategy: what it breaks adds up.
            Measured::Conditions => (&|of| costs(of).sum::<f64>(), Width::Absolute(0.0)),
            _ => (&|of| costs(of).fold(f64::NEG_INFINITY, f64::max), yardstick.worth(place)),
        };
        let split =
            |group: Vec<usize>| divide(group.into_iter().map(|of| (of, cost(of))).collect(), worth);
        groups = groups.into_iter().flat_map(split).collect();
    }
    groups.concat()
}

fn standings(yardstick: &Yardstick, all: &[Vec<Vec<Figures>>], of: usize) -> Vec<Standing> {
    let lost = yardstick.measures.iter().position(|measure| {
        matches!(measure, Measured::Figure(metric, _)
            if *metric == Metric::LossRate)
    });
    let goal = yardstick.goal().map(|(place, ..)| place);
    let standing = |runs: &Vec<Vec<Figures>>| {
        let cost = |of: usize| goal.map_or(0.0, |goal| yardstick.mean_cost(goal, &runs[of]));
        let best = (0..runs.len()).map(cost).fold(f64::INFINITY, f64::min);
        let own = cost(of);
        Standing {
            holds: yardstick.holds(&runs[of]),
            lost: lost.map(|place| yardstick.mean_cost(place, &runs[of])),
            goal: own,
            regret: if own == best { 0.0 } else { own - best },
        }
    };
    all.iter().map(standing).collect()
}
