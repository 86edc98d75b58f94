//! The figures of all candidates, and their order by them.

use super::super::bound::Quantiles;
use super::super::relation::Relation;
use super::super::yardstick::{Figures, Yardstick};
use super::{MOST_RUNS, quantiles};
use crate::study::ranking::divide;
use std::cmp::Ordering;

/// The figures of each candidate, run by run.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Ledger {
    /// Of runs of all accounts.
    pub all: Vec<Vec<Figures>>,
    /// Of runs of a sample of the accounts.
    pub sampled: Vec<Vec<Figures>>,
}

impl Ledger {
    pub fn new(candidates: usize) -> Self {
        let none = vec![Vec::new(); candidates];
        Self { all: none.clone(), sampled: none }
    }

    /// The figures of two candidates on the same accounts: of all accounts, if both have these.
    /// `None` if one of them has none.
    pub fn pair(&self, one: usize, other: usize) -> Option<[&[Figures]; 2]> {
        let pairs = [&self.all, &self.sampled].into_iter().filter_map(|figures| {
            let of = |place: usize| figures.get(place).filter(|of| !of.is_empty());
            Some([of(one)?.as_slice(), of(other)?.as_slice()])
        });
        { pairs }.next()
    }

    /// The figures of a candidate in its last runs.
    pub fn last(&self, place: usize) -> Option<&[Figures]> {
        self.pair(place, place).map(|[own, _]| own)
    }
}

/// Candidates in the order of their means.
pub(super) struct Board<'a> {
    pub yardstick: &'a Yardstick,
    quantiles: Quantiles,
    /// The number of settings of each candidate.
    sizes: Vec<usize>,
    pub ledger: Ledger,
}

impl<'a> Board<'a> {
    pub fn new(yardstick: &'a Yardstick, sizes: Vec<usize>) -> Self {
        let quantiles = quantiles(yardstick, sizes.len());
        let ledger = Ledger::new(sizes.len());
        Self { yardstick, quantiles, sizes, ledger }
    }

    pub fn of(&self, place: usize) -> &[Figures] {
        &self.ledger.all[place]
    }

    /// Runs of a candidate so far.
    pub fn done(&self, place: usize) -> u32 {
        u32::try_from(self.of(place).len()).unwrap_or(u32::MAX)
    }

    /// What one candidate is to another.
    pub fn relation(&self, one: usize, other: usize) -> Relation {
        self.yardstick.relation(self.of(one), self.of(other), &self.quantiles)
    }

    /// True if the means do not tell two candidates apart, and the runs that are left would not
    /// make that sure.
    pub fn is_hopeless(&self, one: usize, other: usize) -> bool {
        let most = (&self.quantiles, MOST_RUNS as usize);
        self.yardstick.is_hopeless(self.of(one), self.of(other), most)
    }

    /// True if the first is simpler, and by its means as good.
    pub fn is_simpler(&self, one: usize, other: usize) -> bool {
        self.sizes[one] < self.sizes[other]
            && self.yardstick.by_means(self.of(one), self.of(other)) == Ordering::Equal
    }

    /// True if the means do not tell two candidates apart.
    pub fn is_tied(&self, one: usize, other: usize) -> bool {
        let pair = self.ledger.pair(one, other);
        pair.is_some_and(|[one, other]| self.yardstick.by_means(one, other) == Ordering::Equal)
    }

    /// The best of some by its means; if another is simpler and surely equal to it, that one.
    pub fn best(&self, places: impl Iterator<Item = usize>) -> Option<usize> {
        let group = self.groups(&self.longest(places)).into_iter().next()?;
        let first = self.first(&group)?;
        // The group begins with its simplest.
        let equal = |place: &&usize| self.relation(**place, first) == Relation::Equal;
        Some(group.iter().find(equal).copied().unwrap_or(first))
    }

    /// The simplest of some that the means do not tell apart from the best.
    pub fn simplest(&self, places: impl Iterator<Item = usize>, best: usize) -> usize {
        let groups = self.groups(&self.longest(places)).into_iter();
        let group = { groups }.find(|group| group.contains(&best)).unwrap_or_default();
        let least = group.iter().map(|place| self.sizes[*place]).min();
        if least.is_none_or(|least| self.sizes[best] == least) {
            return best;
        }
        let simplest = group.into_iter().filter(|place| Some(self.sizes[*place]) == least);
        self.first(&simplest.collect::<Vec<usize>>()).unwrap_or(best)
    }

    /// Of some those that have the most runs.
    fn longest(&self, places: impl Iterator<Item = usize>) -> Vec<usize> {
        let all: Vec<usize> = places.filter(|place| self.done(*place) > 0).collect();
        let most = all.iter().map(|place| self.done(*place)).max().unwrap_or_default();
        all.into_iter().filter(|place| self.done(*place) == most).collect()
    }

    /// The one with the least cost of the first goal.
    fn first(&self, places: &[usize]) -> Option<usize> {
        let cost = |place: &usize| self.goal_cost(*place);
        places.iter().min_by(|a, b| cost(a).total_cmp(&cost(b))).copied()
    }

    /// Candidates by their means: groups that no difference tells apart, in each the simplest
    /// first.
    fn groups(&self, places: &[usize]) -> Vec<Vec<usize>> {
        let mut groups = vec![places.to_vec()];
        for measure in 0..self.yardstick.measures.len() {
            let worth = self.yardstick.worth(measure);
            let cost = |place: usize| self.yardstick.mean_cost(measure, self.of(place));
            let split = |group: Vec<usize>| {
                divide(group.into_iter().map(|place| (place, cost(place))).collect(), worth)
            };
            groups = groups.into_iter().flat_map(split).collect();
        }
        groups.into_iter().map(|group| self.by_size(group)).collect()
    }

    /// Candidates by their means, the best first.
    pub fn in_order(&self, places: &[usize]) -> Vec<usize> {
        self.groups(places).concat()
    }

    /// The simplest first; among equals the order of the field.
    pub fn by_size(&self, mut places: Vec<usize>) -> Vec<usize> {
        places.sort_by_key(|place| (self.sizes[*place], *place));
        places
    }

    /// The mean of the first goal; 0 if there is none.
    fn goal_cost(&self, place: usize) -> f64 {
        let goal = self.yardstick.goal();
        goal.map_or(0.0, |(goal, ..)| self.yardstick.mean_cost(goal, self.of(place)))
    }

    /// The mean of the first goal of each; of none if there is no goal.
    pub fn costs(&self, places: &[usize]) -> Vec<(usize, f64)> {
        let goal = self.yardstick.goal();
        places.iter().filter(|_| goal.is_some()).map(|of| (*of, self.goal_cost(*of))).collect()
    }
}
