//! What candidates are compared by, in order, and whether one is surely worse than another.
//!
//! ```text
//!   conditions met ─► how far they are missed ─► lost work ─► the goals      (as `ranking`)
//!
//!   of a pair, run by run: mean difference ± Student's t at the level of the race
//!     wholly above what matters     worse
//!     wholly within what matters    equal: the next measure decides
//!     otherwise                     open: more runs
//! ```

use crate::metrics::Outcome;
use crate::metrics::figures::{Counts, Metric, Slice};
use crate::scenario::{Comparison, Expectation, Scenario, Width};
use crate::simulation::Plan;
use crate::study::ranking::{Criterion, Rule, cost};
use crate::wire::Operation;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::cmp::Ordering;

/// What one candidate is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Surely better by more than matters.
    Better,
    /// Surely no difference that matters.
    Equal,
    /// Surely worse by more than matters.
    Worse,
    /// The runs do not tell; by their means it is this.
    Open(Ordering),
}

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
    must: Vec<Expectation>,
    cells: Vec<(u16, Operation)>,
}

/// A miss of what never comes, in parts of its bound.
const NEVER: f64 = 1_000.0;
/// The share of a miss by which two differ.
const MISS: Width = Width::Relative(0.01);

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
        Self { rule, measures, must, cells: scenario.plan.cell_names() }
    }

    /// The same for a plan with other work.
    pub fn of(&self, plan: &Plan) -> Self {
        Self { cells: plan.cell_names(), ..self.clone() }
    }

    /// The first goal after lost work, by its place among the measures.
    pub fn goal(&self) -> Option<(usize, Metric, Width)> {
        let figures = self.measures.iter().enumerate().filter_map(|(place, of)| match of {
            Measured::Figure(metric, worth) if *metric != Metric::LossRate => {
                Some((place, *metric, *worth))
            }
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
    fn surely(&self, runs: &[Figures], quantile: f64) -> Option<bool> {
        let mut all = true;
        for (must, values) in self.conditions(runs) {
            let middle = mean(&values);
            let half = if middle.is_finite() { half(&values, quantile) } else { 0.0 };
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
        match self.surely(runs, Level::of_one().quantile(runs.len())) {
            Some(true) => 0.0,
            None if self.holds(runs) => 1.0,
            _ => 2.0,
        }
    }

    /// How far the conditions are missed in one run, in parts of their bounds.
    pub fn shortfall(&self, run: &Figures) -> f64 {
        let first = self.measures.len();
        let missed = self.must.iter().enumerate().map(|(number, must)| {
            let value = run[first + number];
            if value.is_nan() || must.comparison.holds(value, must.value) {
                return 0.0;
            }
            let scale = if must.value == 0.0 { 1.0 } else { must.value.abs() };
            // What is missed by nothing, as `< 1` by 1, is missed all the same.
            ((value - must.value).abs() / scale).clamp(1e-6, NEVER)
        });
        missed.sum()
    }

    /// The cost of a measure, run by run.
    fn costs(&self, place: usize, runs: &[Figures]) -> Vec<f64> {
        match self.measures[place] {
            Measured::Conditions => vec![if self.holds(runs) { 0.0 } else { 2.0 }; runs.len()],
            Measured::Shortfall if self.holds(runs) => vec![0.0; runs.len()],
            Measured::Shortfall => runs.iter().map(|run| self.shortfall(run)).collect(),
            Measured::Figure(..) => runs.iter().map(|run| run[place]).collect(),
        }
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
            Measured::Shortfall => MISS,
            Measured::Figure(_, worth) => worth,
        }
    }

    /// What `one` is to `other`, by as many runs as both have, with the quantile of Student's t.
    pub fn relation(&self, one: &[Figures], other: &[Figures], level: &Level) -> Relation {
        let runs = one.len().min(other.len());
        let (one, other) = (&one[..runs], &other[..runs]);
        let quantile = level.quantile(runs);
        for place in 0..self.measures.len() {
            let [a, b] = [one, other].map(|of| self.costs(place, of));
            let middle = difference(mean(&a), mean(&b));
            let worth = self.worth(place).at(mean(&b).min(mean(&a)));
            let worth =
                if worth.is_finite() { worth } else { 0.0 } + 1e-12 * mean(&b).abs().min(1e300);
            let by_mean = match () {
                () if middle > worth => Ordering::Greater,
                () if middle < -worth => Ordering::Less,
                () => Ordering::Equal,
            };
            if matches!(self.measures[place], Measured::Conditions) {
                match [one, other].map(|of| self.surely(of, quantile)) {
                    [Some(false), Some(true)] => return Relation::Worse,
                    [Some(true), Some(false)] => return Relation::Better,
                    [Some(_), Some(_)] => continue,
                    _ if by_mean == Ordering::Equal => continue,
                    _ => return Relation::Open(by_mean),
                }
            }
            let pairs: Vec<f64> = a.iter().zip(&b).map(|(a, b)| difference(*a, *b)).collect();
            let half = if middle.is_finite() { half(&pairs, quantile) } else { 0.0 };
            match by_mean {
                Ordering::Greater if middle - half > worth => return Relation::Worse,
                Ordering::Less if middle + half < -worth => return Relation::Better,
                Ordering::Equal if middle.abs() + half <= worth => {}
                // Within what matters by its mean, so that the next measure decides.
                Ordering::Equal => return Relation::Open(self.by_means(place + 1, one, other)),
                decided => return Relation::Open(decided),
            }
        }
        Relation::Equal
    }

    /// How the means compare from a measure on.
    fn by_means(&self, from: usize, one: &[Figures], other: &[Figures]) -> Ordering {
        let places = from..self.measures.len();
        let compared = places.map(|place| {
            let [a, b] = [one, other].map(|of| self.mean_cost(place, of));
            let worth = self.worth(place).at(a.min(b));
            match difference(a, b) {
                less if less < -worth => Ordering::Less,
                more if more > worth => Ordering::Greater,
                _ => Ordering::Equal,
            }
        });
        { compared }.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
    }

    /// How much one exceeds another in a measure at most, at this level \[the measure's unit\].
    pub fn excess(&self, place: usize, one: &[Figures], other: &[Figures], level: &Level) -> f64 {
        let runs = one.len().min(other.len());
        let [a, b] = [one, other].map(|of| self.costs(place, &of[..runs]));
        let pairs: Vec<f64> = a.iter().zip(&b).map(|(a, b)| difference(*a, *b)).collect();
        let middle = mean(&pairs);
        if middle.is_finite() { middle + half(&pairs, level.quantile(runs)) } else { middle }
    }
}

/// The level of a race: the chance that any of its bounds is wrong, shared by all of them.
#[derive(Debug, Clone)]
pub(super) struct Level {
    /// The chance that one bound is wrong, to one side.
    alpha: f64,
}

impl Level {
    /// A level of 95 % for so many comparisons.
    #[expect(clippy::cast_precision_loss)]
    pub fn shared_by(comparisons: usize) -> Self {
        Self { alpha: 0.05 / comparisons.max(1) as f64 }
    }

    /// A level of 95 % for one interval, as expectations have it.
    const fn of_one() -> Self {
        Self { alpha: 0.025 }
    }

    /// Student's quantile for so many runs; infinite for one.
    #[expect(clippy::cast_precision_loss)]
    fn quantile(&self, runs: usize) -> f64 {
        let student = StudentsT::new(0.0, 1.0, runs as f64 - 1.0).ok();
        student.map_or(f64::INFINITY, |student| student.inverse_cdf(1.0 - self.alpha))
    }
}

/// The difference of two costs; what never comes equals itself.
fn difference(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { a - b }
}

#[expect(clippy::cast_precision_loss)]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Half of the interval of the mean; 0 of values that are all the same.
#[expect(clippy::cast_precision_loss)]
fn half(values: &[f64], quantile: f64) -> f64 {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    let runs = values.len() as f64;
    if squares == 0.0 { 0.0 } else { quantile * (squares / (runs - 1.0).max(1.0) / runs).sqrt() }
}
