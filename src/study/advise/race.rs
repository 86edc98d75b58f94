//! The race: few runs of all candidates, more of those that may still be best.
//!
//! ```text
//!   a sample of the accounts, 4 runs ─► 8 runs ─► all accounts, 4 runs ─► 8 ─► 16 ─► 32
//!        └ after each round: worse than the best beyond chance, or the same run by run: out
//! ```
//!
//! All candidates meet the same arrivals, service times and faults. The first rounds simulate a
//! sample of the accounts where these are independent and alike. A round that would exceed the
//! budget is run for the better part of the candidates only.

use super::field::Field;
use super::yardstick::{Figures, Level, Relation, Yardstick};
use crate::scenario::Scenario;
use crate::simulation::simulate;
use crate::study::ranking::divide;
use crate::study::running::{Watch, run_one};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::ops::Range;

/// Runs of a candidate before it is first judged.
const FIRST: u32 = 4;
/// Runs of a candidate on a sample of the accounts, at most.
const SAMPLED: u32 = 8;
/// Runs of a candidate at most.
pub const MOST_RUNS: u32 = 32;
/// Runs for each candidate that a search may take, where the scenario states no budget.
const BUDGET: u64 = 12;
/// Parts of the accounts, one of which is the sample.
const PART: u32 = 20;
/// Rounds at most, each of which compares all candidates with the best.
const ROUNDS: usize = 7;

/// How a candidate fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Surely worse than another, after this round, from 0.
    Worse(usize),
    /// The same figures in every run as a candidate before it, by its place.
    Twin(usize),
    /// Surely no better than a simpler one by more than matters.
    Tied(usize),
    /// A run of it took more events than any run may: about 20 attempts for each request.
    Endless,
    /// The budget did not suffice to run it further.
    Left(usize),
    /// It ran to the end.
    Last,
}

/// A round of the race.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Accounts that were simulated.
    pub accounts: u32,
    /// Runs of each candidate after it.
    pub runs: u32,
    /// Candidates that ran.
    pub ran: usize,
    /// Candidates that are left after it.
    pub left: usize,
    /// The mean of the first goal, of each candidate that ran: its place and the cost.
    pub costs: Vec<(usize, f64)>,
}

/// What the race found.
#[derive(Debug, Clone)]
pub struct Race {
    /// How each candidate fared, in the order of the field.
    pub fates: Vec<Fate>,
    /// The rounds in order.
    pub rounds: Vec<Round>,
    /// The places of all that ran to the end or are tied with the best, the best first; those that
    /// no difference tells apart from it come first, the simplest of them at the front.
    pub order: Vec<usize>,
    /// How many of the first of these tie.
    pub tied: usize,
    /// Runs of all accounts that it took, parts added up.
    pub runs: u64,
    /// The mean throttle rate and first goal of each candidate in its last runs: its place, and
    /// both as costs.
    pub traded: Vec<(usize, [f64; 2])>,
    /// The figures of each candidate in its last runs.
    pub(super) figures: Vec<Vec<Figures>>,
}

/// A race under way.
struct Track<'a> {
    field: &'a Field,
    yardstick: &'a Yardstick,
    level: Level,
    watch: &'a Watch<'a>,
    fates: Vec<Fate>,
    figures: Vec<Vec<Figures>>,
    /// The figures of the rounds on a sample of the accounts.
    sampled: Vec<Vec<Figures>>,
    rounds: Vec<Round>,
    /// Accounts simulated so far, over all runs.
    spent: u64,
}

impl Race {
    /// Runs the race.
    pub(super) fn run(field: &Field, yardstick: &Yardstick, watch: &Watch<'_>) -> Self {
        let count = field.entrants.len();
        let mut track = Track {
            field,
            yardstick,
            level: Level::shared_by(count * ROUNDS),
            watch,
            fates: vec![Fate::Last; count],
            figures: vec![Vec::new(); count],
            sampled: Vec::new(),
            rounds: Vec::new(),
            spent: 0,
        };
        let all = track.plan_accounts();
        let sample = sample(&field.scenario);
        if let Some(sample) = sample {
            let mut runs = FIRST;
            while runs <= SAMPLED && track.round(sample, runs) {
                runs *= 2;
            }
            track.sampled = std::mem::replace(&mut track.figures, vec![Vec::new(); count]);
        }
        let mut runs = FIRST;
        while runs <= MOST_RUNS && track.round(all, runs) {
            runs *= 2;
        }
        track.finish()
    }
}

/// The accounts that stand for all of them, if these are many, independent and alike.
pub(super) fn sample(scenario: &Scenario) -> Option<u32> {
    let plan = &scenario.plan;
    let independent = (0..plan.strategies.len()).all(|of| plan.accounts_are_independent(of));
    let alike = plan.workloads.iter().all(|workload| workload.callers.accounts.is_none());
    let accounts = plan.population.accounts;
    (independent && alike && accounts >= 2 * PART).then(|| accounts.div_ceil(PART))
}

/// The figures of one run of a strategy, on the first accounts; `None` if it took more than it may.
pub(super) fn figures_of(
    scenario: &Scenario,
    yardstick: &Yardstick,
    (strategy, replication): (usize, u32),
    accounts: u32,
) -> Option<Figures> {
    let plan = &scenario.plan;
    let outcome = match accounts < plan.population.accounts {
        true => simulate(plan, strategy, replication, 0..accounts),
        false => run_one(plan, strategy, replication, simulate),
    };
    outcome.excess.is_none().then(|| yardstick.figures(plan, strategy, &outcome))
}

impl Track<'_> {
    const fn plan_accounts(&self) -> u32 {
        self.field.scenario.plan.population.accounts
    }

    /// The candidates that still race.
    fn racing(&self) -> Vec<usize> {
        (0..self.fates.len()).filter(|place| self.fates[*place] == Fate::Last).collect()
    }

    /// Runs that the budget still allows, in accounts.
    fn left(&self) -> u64 {
        let stated = self.field.scenario.advise.budget.map(u64::from);
        let runs = stated.unwrap_or(BUDGET * self.fates.len() as u64);
        (runs * u64::from(self.plan_accounts())).saturating_sub(self.spent)
    }

    /// Brings every candidate that races to so many runs, and drops what is surely no better. False
    /// if nothing is left to be told apart.
    fn round(&mut self, accounts: u32, runs: u32) -> bool {
        let number = self.rounds.len();
        let done = self.racing().first().map_or(0, |place| self.figures[*place].len());
        let more = u64::from(runs) - done as u64;
        let affordable = usize::try_from(self.left() / (more * u64::from(accounts)).max(1));
        self.leave_out(affordable.unwrap_or(usize::MAX).max(1), number);
        let racing = self.racing();
        let first = u32::try_from(done).unwrap_or(0);
        self.simulate(&racing, first..runs, accounts);
        self.spent += more * u64::from(accounts) * racing.len() as u64;
        let ran = racing.len();
        let racing = self.racing();
        let costs = self.costs(&racing);
        if runs >= SAMPLED || accounts == self.plan_accounts() {
            self.drop_twins();
        }
        let undecided = self.drop_worse(number);
        let left = self.racing().len();
        self.rounds.push(Round { accounts, runs, ran, left, costs });
        undecided
    }

    fn simulate(&mut self, racing: &[usize], replications: Range<u32>, accounts: u32) {
        let tasks: Vec<(usize, u32)> = racing
            .iter()
            .flat_map(|place| replications.clone().map(move |replication| (*place, replication)))
            .collect();
        let (field, yardstick, watch) = (self.field, self.yardstick, self.watch);
        let found: Vec<Option<Figures>> = tasks
            .par_iter()
            .map(|(place, replication)| {
                let strategy = field.entrants[*place].strategy;
                let found =
                    figures_of(&field.scenario, yardstick, (strategy, *replication), accounts);
                watch();
                found
            })
            .collect();
        for ((place, _), found) in tasks.iter().zip(found) {
            match found {
                Some(found) => self.figures[*place].push(found),
                None => self.fates[*place] = Fate::Endless,
            }
        }
    }

    /// Keeps so many of the candidates, the best by their means.
    fn leave_out(&mut self, most: usize, number: usize) {
        let racing = self.racing();
        if racing.len() > most {
            for place in self.in_order(&racing).into_iter().skip(most) {
                self.fates[place] = Fate::Left(number);
            }
        }
    }

    /// Of candidates that have the same figures in every run, the simplest stays.
    fn drop_twins(&mut self) {
        let mut seen: Vec<usize> = Vec::new();
        for place in self.by_size(self.racing()) {
            let twin = seen.iter().find(|of| self.figures[**of] == self.figures[place]);
            match twin {
                Some(twin) => self.fates[place] = Fate::Twin(*twin),
                None => seen.push(place),
            }
        }
    }

    /// The simplest first; among equals the order of the field.
    fn by_size(&self, mut places: Vec<usize>) -> Vec<usize> {
        places.sort_by_key(|place| (self.field.entrants[*place].candidate.size(), *place));
        places
    }

    /// Drops what is surely worse than the best, or ties with it and is not simpler; true if any
    /// other than the best is left.
    fn drop_worse(&mut self, number: usize) -> bool {
        let racing = self.racing();
        let Some(best) = self.in_order(&racing).first().copied() else { return false };
        let size = |place: usize| self.field.entrants[place].candidate.size();
        for place in racing.into_iter().filter(|place| *place != best) {
            let (one, other) = (&self.figures[place], &self.figures[best]);
            self.fates[place] = match self.yardstick.relation(one, other, &self.level) {
                Relation::Worse => Fate::Worse(number),
                Relation::Equal if size(place) >= size(best) => Fate::Tied(number),
                _ => continue,
            };
        }
        self.racing().len() > 1
    }

    /// Candidates by their means: groups that no difference tells apart, in each the simplest
    /// first.
    fn groups(&self, places: &[usize]) -> Vec<Vec<usize>> {
        let mut groups = vec![places.to_vec()];
        for measure in 0..self.yardstick.measures.len() {
            let worth = self.yardstick.worth(measure);
            let cost = |place: usize| self.yardstick.mean_cost(measure, &self.figures[place]);
            let split = |group: Vec<usize>| {
                divide(group.into_iter().map(|place| (place, cost(place))).collect(), worth)
            };
            groups = groups.into_iter().flat_map(split).collect();
        }
        groups.into_iter().map(|group| self.by_size(group)).collect()
    }

    fn in_order(&self, places: &[usize]) -> Vec<usize> {
        self.groups(places).concat()
    }

    /// The mean of the first goal of each.
    fn costs(&self, places: &[usize]) -> Vec<(usize, f64)> {
        let Some((goal, ..)) = self.yardstick.goal() else { return Vec::new() };
        let cost = |place: &usize| (*place, self.yardstick.mean_cost(goal, &self.figures[*place]));
        places.iter().map(cost).collect()
    }

    fn finish(mut self) -> Race {
        let groups = self.groups(&self.racing());
        let mut tied: Vec<usize> = groups.first().cloned().unwrap_or_default();
        let Some(best) = tied.first().copied() else {
            return self.into_race(Vec::new(), 0);
        };
        // What was tied with the best of its round is compared with the best of all.
        for place in 0..self.fates.len() {
            let Fate::Tied(number) = self.fates[place] else { continue };
            let figures =
                if self.figures[place].is_empty() { &self.sampled } else { &self.figures };
            let (one, other) = (&figures[place], &figures[best]);
            match self.yardstick.relation(one, other, &self.level) {
                Relation::Worse | Relation::Open(Ordering::Greater) => {
                    self.fates[place] = Fate::Worse(number);
                }
                _ => tied.push(place),
            }
        }
        let twins = (0..self.fates.len())
            .filter(|place| matches!(self.fates[*place], Fate::Twin(of) if tied.contains(&of)));
        let twins: Vec<usize> = twins.collect();
        tied.extend(twins);
        let mut order = vec![best];
        order.extend(self.by_size(tied).into_iter().filter(|place| *place != best));
        let count = order.len();
        order.extend(groups.into_iter().skip(1).flatten());
        self.into_race(order, count)
    }

    fn into_race(self, order: Vec<usize>, tied: usize) -> Race {
        let traded = (0..self.fates.len()).filter_map(|place| {
            let last = [&self.figures, &self.sampled];
            let last = last.into_iter().filter_map(|figures| figures.get(place));
            let runs = { last }.find(|runs| !runs.is_empty())?;
            let (goal, ..) = self.yardstick.goal()?;
            Some((place, [Yardstick::throttled(runs), self.yardstick.mean_cost(goal, runs)]))
        });
        Race {
            traded: traded.collect(),
            runs: self.spent.div_ceil(u64::from(self.plan_accounts().max(1))),
            fates: self.fates,
            rounds: self.rounds,
            order,
            tied,
            figures: self.figures,
        }
    }
}
