//! The race: few runs of all candidates, more of those that may still be best.
//!
//! ```text
//!   one account, 4 · 8 · 16 · 32 runs ─► all accounts, 1 · 4 · 8 · 12 · 16 · 24 · 32 runs
//!        └ after each look but the first every candidate is compared with the best, run by run:
//!          surely not better by more than matters ─► it rests; otherwise it runs on
//!          as good by 12 runs, and 32 would not make that sure ─► it rests too
//!   the choice: 32 runs, whatever it had before
//! ```
//!
//! All candidates meet the same arrivals, service times and faults. A candidate that rests is
//! compared again whenever another is best, and runs on if it may be better than that one. A
//! look that would exceed the budget is taken of the better part of the candidates only.

mod board;
mod margin;
mod sample;
mod supply;
mod track;

#[cfg(test)]
mod promise;

pub(super) use board::Ledger;
pub use margin::Margin;
pub(super) use margin::margin;
pub(super) use sample::sample;
pub(super) use supply::{Supply, run_of};

use super::bound::{Level, Quantiles};
use super::field::Field;
use super::yardstick::Yardstick;
use std::cmp::Ordering;
use track::Track;

/// Runs of a candidate before it is first judged.
const FIRST: u32 = 4;
/// Runs of a candidate on one of many accounts, at each look: they cost little.
const SAMPLED: [u32; 4] = [FIRST, 8, 16, MOST_RUNS];
/// Runs of a candidate at each look.
const LOOKS: [u32; 6] = [FIRST, 8, 12, 16, 24, MOST_RUNS];
/// Runs of a candidate at most.
pub const MOST_RUNS: u32 = 32;
/// Runs for each candidate that a search may take, where the scenario states no budget.
const BUDGET: u64 = 16;

/// How a candidate fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Surely worse than the best by more than matters, at this round, from 0.
    Worse(usize),
    /// Surely not better than the best by more than matters.
    NotBetter(usize),
    /// Surely no difference from the best that matters, and no simpler.
    Tied(usize),
    /// As good as the best by the means; the runs that are left would not make that sure.
    Alike(usize),
    /// A run of it took more events than any run may: about 10 attempts for each request.
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
    /// no difference of their means tells apart from it come next, the simplest first.
    pub order: Vec<usize>,
    /// How many of the first of these tie by their means.
    pub tied: usize,
    /// Runs of all accounts that it took, parts added up.
    pub runs: u64,
    /// Runs that were not simulated, because they are equal to those of another candidate.
    pub shared: u64,
    /// The mean throttle rate and first goal of each candidate in its last runs: its place, and
    /// both as costs.
    pub traded: Vec<(usize, [f64; 2])>,
    /// The figures of all runs.
    pub(super) ledger: Ledger,
}

impl Race {
    /// Runs the race; `None` if it was stopped.
    pub(super) fn run(
        field: &Field,
        yardstick: &Yardstick,
        supply: &mut Supply<'_>,
    ) -> Option<Self> {
        let scenario = &field.scenario;
        let all = scenario.plan.population.accounts;
        let sizes = field.entrants.iter().map(|entrant| entrant.candidate.size()).collect();
        let budget = scenario.advise.budget.map(u64::from);
        let mut runs =
            |tasks: &[(usize, u32)], accounts, further| supply.runs(tasks, accounts, further);
        let track = Track::new(yardstick, sizes, all, budget);
        track.run(sample(scenario, &yardstick.rule), &mut runs)
    }

    /// Gives a candidate that was added to the field as many runs as the best has, and puts it
    /// first: it does the same with fewer settings. False if the search was stopped.
    pub(super) fn put_first(
        &mut self,
        place: usize,
        supply: &mut Supply<'_>,
        accounts: u32,
    ) -> bool {
        let best = self.order.first().copied().unwrap_or_default();
        let sample = self.rounds.iter().map(|round| round.accounts).min().unwrap_or(accounts);
        let Ledger { all, sampled } = &mut self.ledger;
        for (figures, some) in [(sampled, sample), (all, accounts)] {
            let count = (place + 1).max(figures.len());
            figures.resize(count, Vec::new());
            let [done, runs] = [place, best].map(|of| u32::try_from(figures[of].len()));
            let [done, runs] = [done, runs].map(|number| number.unwrap_or(MOST_RUNS));
            let tasks: Vec<(usize, u32)> = (done..runs).map(|run| (place, run)).collect();
            let Some(found) = supply.runs(&tasks, some, 0) else { return false };
            let part = (tasks.len() as u64 - found.shared) * u64::from(some);
            self.runs += part.div_ceil(u64::from(accounts.max(1)));
            self.shared += found.shared;
            figures[place].extend(found.figures.into_iter().flatten());
        }
        self.fates.resize((place + 1).max(self.fates.len()), Fate::Last);
        self.fates[place] = Fate::Last;
        let mut order = std::mem::take(&mut self.order);
        let others = order.split_off(self.tied);
        let is_tied = |of: &usize| {
            let pair = self.ledger.pair(*of, place);
            pair.is_some_and(|[a, b]| supply.yardstick.by_means(a, b) == Ordering::Equal)
        };
        let (tied, rest): (Vec<usize>, Vec<usize>) =
            order.into_iter().filter(|of| *of != place).partition(is_tied);
        self.tied = 1 + tied.len();
        self.order = [place].into_iter().chain(tied).chain(rest).collect();
        self.order.extend(others.into_iter().filter(|of| *of != place));
        true
    }
}

/// Quantiles for a race of so many candidates: with a chance of 95 % the bounds of every candidate
/// against the best one are right at all looks. Of a pair each measure has a bound, and each
/// candidate one for each condition.
pub(super) fn quantiles(yardstick: &Yardstick, candidates: usize) -> Quantiles {
    let bounds = yardstick.measures.len() + yardstick.must.len();
    let looks = SAMPLED.len() + LOOKS.len();
    Level::shared_by(candidates * bounds * looks).quantiles(MOST_RUNS as usize)
}
