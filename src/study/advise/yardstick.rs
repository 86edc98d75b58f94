//! What candidates are compared by, in order, and what each run of one costs.
//!
//! ```text
//!   conditions met ─► how far they are missed ─► lost work ─► the goals      (as `ranking`)
//! ```
//!
//! What is missed counts in parts of its bound: 6 % of refusals where 5 % are allowed are 1.2.

use super::bound::{Level, Quantiles, difference, mean};
use crate::metrics::Outcome;
use crate::metrics::figures::{Counts, Metric, Slice};
use crate::scenario::{Comparison, Expectation, Ranking, Scenario, Width};
use crate::simulation::Plan;
use crate::study::ranking::{Criterion, Rule, cost};
use crate::wire::Operation;

/// The figures of one run of a candidate: a cost for each measure, then the value of each
/// condition, then the throttle rate. What never comes is infinite.
pub(super) type Figures = Vec<f64>;

/// One measure.
#[derive(Debug, Clone, Copy)]
pub(super) enum Measured {
    /// Whether all conditions are met.
    Conditions,
    /// How far they are missed, in parts of their bounds.
    Shortfall,
    /// A figure, and the largest difference that does not matter.
    Figure(Metric, Width),
}

/// What candidates are compared by.
#[derive(Debug, Clone)]
pub(super) struct Yardstick {
    pub rule: Rule,
    pub measures: Vec<Measured>,
    pub must: Vec<Expectation>,
    /// The largest difference of what is missed that does not matter.
    miss: Width,
    /// The share of work that may be lost without being called a loss.
    negligible: f64,
    cells: Vec<(u16, Operation)>,
}

/// A miss of what never comes, in parts of its bound.
const NEVER: f64 = 1_000.0;

impl Yardstick {
    pub fn new(scenario: &Scenario, strategies: &[usize]) -> Self {
        let rule = Rule::of(scenario, strategies);
        let mut measures = Vec::new();
        for criterion in &rule.criteria {
            match criterion {
                Criterion::Expectations => {
                    measures.extend([Measured::Conditions, Measured::Shortfall]);
                }
                Criterion::Figure(metric, worth) => {
                    measures.push(Measured::Figure(*metric, *worth));
                }
            }
        }
        let must = scenario.expectations.clone();
        let miss = match scenario.ranking.worth {
            Width::Absolute(_) => Ranking::WORTH,
            share => share,
        };
        let negligible = scenario.ranking.negligible_loss;
        Self { rule, measures, must, miss, negligible, cells: scenario.plan.cell_names() }
    }

    /// One figure alone, for tests.
    #[cfg(test)]
    pub fn of_one(metric: Metric, worth: Width, basis: crate::study::Basis) -> Self {
        let rule = Rule { criteria: vec![Criterion::Figure(metric, worth)], basis };
        let measures = vec![Measured::Figure(metric, worth)];
        let (must, cells) = (Vec::new(), Vec::new());
        Self { rule, measures, must, miss: worth, negligible: 0.0, cells }
    }

    /// The same for a plan with other work.
    pub fn of(&self, plan: &Plan) -> Self {
        Self { cells: plan.cell_names(), ..self.clone() }
    }

    /// The first goal after lost work, by its place among the measures.
    pub fn goal(&self) -> Option<(usize, Metric, Width)> {
        let figures = self.measures.iter().enumerate().filter_map(|(place, of)| match of {
            Measured::Figure(metric, worth) if !metric.is_loss() => Some((place, *metric, *worth)),
            _ => None,
        });
        { figures }.next()
    }

    /// The figures of a run.
    pub fn figures(&self, plan: &Plan, strategy: usize, outcome: &Outcome) -> Figures {
        let mut known: Vec<(Slice, Counts)> = Vec::new();
        let mut value = |slice: Slice, metric: Metric| {
            let place = known.iter().position(|(of, _)| *of == slice).unwrap_or_else(|| {
                known.push((slice, Counts::of(outcome, &self.cells, slice)));
                known.len() - 1
            });
            known[place].1.value(metric)
        };
        let costs: Vec<f64> = self
            .measures
            .iter()
            .map(|measure| match measure {
                Measured::Figure(metric, _) => cost(*metric, value(Slice::Whole, *metric)),
                Measured::Conditions | Measured::Shortfall => 0.0,
            })
            .collect();
        let conditions = self.must.iter().map(|must| match value(must.slice, must.metric) {
            Some(value) => value,
            // What the strategy does not do at all cannot miss a condition.
            None if !plan.runs(strategy, must.slice) => f64::NAN,
            None => f64::INFINITY,
        });
        let conditions: Vec<f64> = conditions.collect();
        let throttled = value(Slice::Whole, Metric::ThrottleRate).unwrap_or(0.0);
        costs.into_iter().chain(conditions).chain([throttled]).collect()
    }

    /// The figures of a run that comes to no end.
    pub fn never(&self) -> Figures {
        vec![f64::INFINITY; self.measures.len() + self.must.len() + 1]
    }

    /// True if the means of one are no worse than those of another in every measure before this.
    pub fn is_level(&self, place: usize, one: &[Figures], other: &[Figures]) -> bool {
        (0..place).all(|place| {
            let [a, b] = [one, other].map(|of| self.mean_cost(place, of));
            difference(a, b) <= self.worth(place).at(b)
        })
    }

    /// The mean throttle rate of some runs.
    pub fn throttled(runs: &[Figures]) -> f64 {
        mean(&runs.iter().filter_map(|run| run.last().copied()).collect::<Vec<f64>>())
    }

    /// For each condition its values, run by run.
    fn conditions<'a>(
        &'a self,
        runs: &'a [Figures],
    ) -> impl Iterator<Item = (&'a Expectation, Vec<f64>)> {
        let first = self.measures.len();
        self.must.iter().enumerate().filter_map(move |(number, must)| {
            let values: Vec<f64> = runs.iter().map(|run| run[first + number]).collect();
            (!values.iter().any(|value| value.is_nan())).then_some((must, values))
        })
    }

    /// True if the means of all conditions are on the right side.
    pub fn holds(&self, runs: &[Figures]) -> bool {
        self.conditions(runs).all(|(must, values)| must.comparison.holds(mean(&values), must.value))
    }

    /// Whether the conditions surely hold, or one surely does not; `None` if the runs do not tell.
    pub fn surely(&self, runs: &[Figures], quantiles: &Quantiles) -> Option<bool> {
        let mut all = true;
        for (must, values) in self.conditions(runs) {
            let middle = mean(&values);
            let half = quantiles.half(&values);
            let holds = |value: f64| must.comparison.holds(value, must.value);
            let exact = matches!(must.comparison, Comparison::Equal | Comparison::NotEqual);
            let ends = if exact { [middle; 2] } else { [middle - half, middle + half] };
            match ends.map(holds) {
                [true, true] => {}
                [false, false] => return Some(false),
                _ => all = false,
            }
        }
        all.then_some(true)
    }

    /// 0 if the conditions hold beyond chance, 1 if they hold by their means, 2 otherwise.
    fn doubt(&self, runs: &[Figures]) -> f64 {
        match self.surely(runs, &Level::of_one().quantiles(runs.len())) {
            Some(true) => 0.0,
            None if self.holds(runs) => 1.0,
            _ => 2.0,
        }
    }

    /// How far those conditions are missed that do not hold by their means, run by run: 0 if all
    /// hold, otherwise 1 and the misses in parts of their bounds.
    fn shortfalls(&self, runs: &[Figures]) -> Vec<f64> {
        let mut missed = vec![0.0; runs.len()];
        for (must, values) in self.conditions(runs) {
            if must.comparison.holds(mean(&values), must.value) {
                continue;
            }
            let scale = if must.value == 0.0 { 1.0 } else { must.value.abs() };
            for (missed, value) in missed.iter_mut().zip(values) {
                let beyond = (value - must.value) / scale;
                let beyond = match must.comparison {
                    Comparison::Less | Comparison::AtMost => beyond,
                    Comparison::Greater | Comparison::AtLeast => -beyond,
                    Comparison::Equal | Comparison::NotEqual => beyond.abs(),
                };
                *missed += 1.0 + beyond.min(NEVER);
            }
        }
        missed
    }

    /// The cost of a measure, run by run.
    pub fn costs(&self, place: usize, runs: &[Figures]) -> Vec<f64> {
        match self.measures[place] {
            Measured::Conditions => vec![if self.holds(runs) { 0.0 } else { 2.0 }; runs.len()],
            Measured::Shortfall => self.shortfalls(runs),
            // Who gives up sooner is no better, as `ranking` has it.
            Measured::Figure(Metric::LastEnd, _) if self.lose(runs) => {
                vec![f64::INFINITY; runs.len()]
            }
            Measured::Figure(..) => runs.iter().map(|run| run[place]).collect(),
        }
    }

    /// True if work is lost on average.
    fn lose(&self, runs: &[Figures]) -> bool {
        let is_loss = |of: &Measured| matches!(of, Measured::Figure(Metric::LossRate, _));
        let lost = self.measures.iter().position(is_loss).map(|place| self.costs(place, runs));
        lost.is_some_and(|lost| mean(&lost) > self.negligible)
    }

    /// The mean cost of a measure.
    pub fn mean_cost(&self, place: usize, runs: &[Figures]) -> f64 {
        match self.measures[place] {
            Measured::Conditions => self.doubt(runs),
            _ => mean(&self.costs(place, runs)),
        }
    }

    /// The largest difference of a measure that does not matter.
    pub fn worth(&self, place: usize) -> Width {
        match self.measures[place] {
            Measured::Conditions => Width::Absolute(0.0),
            Measured::Shortfall => self.miss,
            Measured::Figure(_, worth) => worth,
        }
    }
}
