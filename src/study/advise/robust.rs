//! The best and its runners-up where the world is not as the scenario says.
//!
//! ```text
//!   as it stands · every reading · limits 30 % lower · twice the work · one more process ·
//!   an outage of 30 minutes
//!     all candidates, one run each ─► the best worst cases, 8 runs each ─► worst case and regret
//!
//! The first runs are of one account where it stands for all.
//! ```

use super::error::AdviseError;
use super::field::Field;
use super::memory::Memory;
use super::race::{Fate, Race, sample};
use super::world::{Circumstance, World, circumstances};
use super::yardstick::{Figures, Measured, Yardstick};
use crate::metrics::figures::Metric;
use crate::scenario::{Draft, Width};
use crate::study::ranking::divide;
use std::collections::BTreeSet;

/// Strategies that are compared, beside the best that somebody wrote.
const FINALISTS: usize = 4;
/// Runs of every candidate in each circumstance, to find those that are compared: of all accounts,
/// and of the one that stands for them.
const SCREEN: [u32; 2] = [1, 4];
/// Runs of each of these in each circumstance.
const RUNS: u32 = 8;
/// Runs of the best alone in each circumstance.
const ALONE: u32 = 4;

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
    /// Runs of each strategy in each changed circumstance.
    pub runs: u32,
    /// Runs that were simulated, in runs of all accounts.
    pub spent: u64,
    /// True if runners-up were compared too, and the worst case decided.
    pub is_compared: bool,
}

impl Robust {
    /// Runs the best candidate in every circumstance. If it is to be compared, every other one too,
    /// and those with the best worst cases more often: then the best of these is the first.
    pub(super) fn find(
        draft: &Draft,
        field: &Field,
        yardstick: &Yardstick,
        race: &Race,
        (is_compared, memory): (bool, &dyn Memory),
    ) -> Result<Self, AdviseError> {
        let circumstances = circumstances(&field.scenario);
        let world = World { draft, field, yardstick, memory, circumstances: &circumstances };
        let best = race.order[0];
        let accounts = field.scenario.plan.population.accounts;
        let mut spent = 0;
        let mut finalists = vec![best];
        if is_compared {
            let ended = |place: &usize| race.fates[*place] != Fate::Endless;
            let others = race.order.iter().copied().chain(0..field.entrants.len());
            let mut others: Vec<usize> = others.filter(ended).collect();
            let mut seen = BTreeSet::from([best]);
            others.retain(|place| seen.insert(*place));
            let (runs, some) = match sample(&field.scenario, &yardstick.rule) {
                Some(one) => (SCREEN[1], one),
                None => (SCREEN[0], accounts),
            };
            let all = world.runs(&others, (runs, some))?;
            let tasks = (others.len() * circumstances.len()) as u64 * u64::from(runs);
            spent += (tasks * u64::from(some)).div_ceil(u64::from(accounts.max(1)));
            let ranked = worst_first(yardstick, &all, others.len()).into_iter();
            let ranked: Vec<usize> = ranked.map(|place| others[place]).collect();
            let rival = ranked.iter().find(|place| field.entrants[**place].written.is_some());
            finalists.extend(ranked.iter().take(FINALISTS - 1));
            finalists.extend(rival.filter(|place| !finalists.contains(place)));
        }
        let (runs, known) = match is_compared {
            true => (RUNS, None),
            // As things stand it was run in the race.
            false => (ALONE, race.ledger.all.get(best).filter(|own| !own.is_empty())),
        };
        let changed = usize::from(known.is_some());
        let world = World { circumstances: &circumstances[changed..], ..world };
        let mut all = world.runs(&finalists, (runs, accounts))?;
        spent += (finalists.len() * world.circumstances.len()) as u64 * u64::from(runs);
        all.splice(..0, known.map(|own| vec![own.clone()]));
        let places = worst_first(yardstick, &all, finalists.len());
        let order = places.iter().map(|place| finalists[*place]).collect();
        let standings = places.iter().map(|place| standings(yardstick, &all, *place)).collect();
        Ok(Self { circumstances, order, standings, runs, spent, is_compared })
    }
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
