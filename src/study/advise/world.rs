//! Candidates where the world is not as the scenario says.
//!
//! Clients do not know of the change: a pace stays a share of what was published, and a part of a
//! rate that processes have split stays as large.

use super::error::AdviseError;
use super::field::{self, Field};
use super::memory::Memory;
use super::race::run_of;
use super::yardstick::{Figures, Yardstick};
use crate::parallel;
use crate::scenario::{Draft, Scenario};
use crate::simulation::{Episode, Plan, PlannedLimit, Trouble};
use crate::study::ideals;
use crate::study::readings::assignments;
use crate::units::{Instant, Share, Span};

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

/// What is run in which circumstances.
pub(super) struct World<'a> {
    pub draft: &'a Draft,
    pub field: &'a Field,
    pub yardstick: &'a Yardstick,
    pub memory: &'a dyn Memory,
    pub circumstances: &'a [Circumstance],
}

impl World<'_> {
    /// For each circumstance and each candidate the figures of so many runs of so many accounts.
    pub fn runs(
        &self,
        places: &[usize],
        (runs, accounts): (u32, u32),
    ) -> Result<Vec<Vec<Vec<Figures>>>, AdviseError> {
        let Self { draft, field, memory, .. } = *self;
        let each = u64::from(accounts) * u64::from(runs);
        let each = each * places.len() as u64;
        memory.left(self.circumstances.len() as u64 * each);
        let mut all = Vec::new();
        for circumstance in self.circumstances {
            if memory.is_stopped() {
                return Err(AdviseError::Stopped);
            }
            let (mut scenario, strategies) = changed(draft, field, places, circumstance)?;
            // Twice the work takes twice the events.
            let events = field.scenario.plan.bounds.events.saturating_mul(2);
            scenario.plan.bounds.events = scenario.plan.bounds.events.min(events);
            all.push(self.of(&scenario, &strategies, (runs, accounts)));
            memory.done(each);
        }
        Ok(all)
    }

    /// For each strategy its figures, run by run.
    fn of(
        &self,
        scenario: &Scenario,
        strategies: &[usize],
        (runs, accounts): (u32, u32),
    ) -> Vec<Vec<Figures>> {
        // More work has more cells, whose names the yardstick must know.
        let yardstick = &self.yardstick.of(&scenario.plan);
        let tasks: Vec<(usize, u32)> = strategies
            .iter()
            .flat_map(|strategy| (0..runs).map(move |replication| (*strategy, replication)))
            .collect();
        let run = |task: &(usize, u32)| {
            run_of(scenario, yardstick, *task, accounts).0.unwrap_or_else(|| yardstick.never())
        };
        let found: Vec<Figures> = parallel::map(&tasks, run);
        found.chunks(runs as usize).map(<[Figures]>::to_vec).collect()
    }
}

/// Everything that is changed, each by itself.
pub(super) fn circumstances(scenario: &Scenario) -> Vec<Circumstance> {
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
