//! Which strategy is best, and by what.
//!
//! ```text
//!   expectations ─► lost work ─► the measures of the goal ─► calls per success
//!
//!   [ A B C D ] ─► [ A B C ] [ D ] ─► [ A C ] [ B ] [ D ] ─► A first, C next …
//! ```
//!
//! Each criterion divides every group of equals: the best of a group and all that differ from it by
//! no more than matters stay together, the best of the others leads the next group, and so on. So
//! each strategy is in one group, whatever the order in which they are looked at; only those that
//! all criteria leave together share a place.

use super::{Runs, Study, Verdict};
use crate::metrics::Estimate;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::scenario::{Scenario, Width};
use crate::simulation::Plan;
use crate::units::Instant;
use crate::workload::{Arrivals, OnFailure, View, Workload};

/// Something by which strategies are told apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// Whether everything is met that is expected of every strategy.
    Expectations,
    /// A figure, and the largest difference at which two of it are a tie.
    Figure(Metric, Width),
}

/// What decides, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The criteria, the first of which decides.
    pub criteria: Vec<Criterion>,
    /// What they follow from.
    pub basis: Basis,
}

/// What decides which measures matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The scenario names its goal.
    Stated,
    /// All work is there at the start, and matters is when it is done.
    AtStart,
    /// All work fetches data, and matters is how old that is.
    Polled,
    /// Work keeps coming, and matters is how long a job takes.
    KeepsComing,
}

/// How many expectations of every strategy were judged for one, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Judged {
    /// All of them.
    pub all: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that are inconclusive.
    pub inconclusive: usize,
}

/// What one criterion finds of two strategies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact {
    /// How many expectations the first and the next meet.
    Expectations([Judged; 2]),
    /// The figures of the first and the next.
    Figure {
        /// Which figure.
        metric: Metric,
        /// The largest difference at which they are a tie.
        worth: Width,
        /// The means; `None` where a run has no value.
        means: [Option<f64>; 2],
        /// The first less the next, run by run; `None` where one of them has no value.
        difference: Option<Estimate>,
    },
}

/// How the first strategy leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// The strategy that comes next, by index; the first of several that share a place.
    pub next: usize,
    /// By what the first leads the next.
    pub by: Fact,
    /// What was looked at before, and does not decide.
    pub ties: Vec<Fact>,
    /// False if chance may have decided: of several runs, the interval of the difference includes
    /// zero, or an expectation is inconclusive.
    pub sure: bool,
}

/// Strategies in the order of their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// By what.
    pub rule: Rule,
    /// Strategies by index with their places from 1, the best first; equals share a place.
    pub places: Vec<(usize, usize)>,
    /// How the first leads; `None` if several share the first place.
    pub lead: Option<Lead>,
}

impl Ranked {
    /// The best, by index; `None` where several share the first place, or chance may have decided.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        let sure = self.lead.as_ref().is_some_and(|lead| lead.sure);
        self.places.first().filter(|_| sure).map(|(strategy, _)| *strategy)
    }

    /// The place of a strategy, by index, from 1.
    #[must_use]
    pub fn place(&self, strategy: usize) -> Option<usize> {
        self.places.iter().find(|(of, _)| *of == strategy).map(|(_, place)| *place)
    }
}

impl Rule {
    /// What decides between some strategies of a scenario, by index.
    #[must_use]
    pub fn of(scenario: &Scenario, strategies: &[usize]) -> Self {
        let ranking = &scenario.ranking;
        let basis = match ranking.goals.is_empty() {
            true => Basis::of(&scenario.plan, strategies),
            false => Basis::Stated,
        };
        let goals = match basis {
            Basis::Stated => ranking.goals.clone(),
            basis => basis.goals(),
        };
        let criterion = |metric: Metric| Criterion::Figure(metric, ranking.worth_of(metric));
        let mut lost = vec![Metric::LossRate];
        // A job that goes on without a request is not lost, but the request is.
        let skips = |workload: &Workload| workload.on_failure == OnFailure::Skip;
        lost.extend(work(&scenario.plan, strategies).any(skips).then_some(Metric::SkippedRate));
        lost.retain(|metric| !goals.contains(metric));
        let figures = lost.into_iter().chain(goals).map(criterion);
        let expected = scenario.expectations.iter().any(|expected| expected.strategy.is_none());
        let expected = expected.then_some(Criterion::Expectations);
        Self { criteria: expected.into_iter().chain(figures).collect(), basis }
    }
}

/// The workloads that any of some strategies runs.
fn work<'p>(plan: &'p Plan, strategies: &[usize]) -> impl Iterator<Item = &'p Workload> {
    let own = |of: &usize| plan.strategies[*of].workloads.as_ref();
    let runs = move |n: u16| strategies.iter().any(|of| own(of).is_none_or(|of| of.contains(&n)));
    (0u16..).zip(&plan.workloads).filter(move |(n, _)| runs(*n)).map(|(_, workload)| workload)
}

impl Basis {
    /// What the work of these strategies is.
    fn of(plan: &Plan, strategies: &[usize]) -> Self {
        let all = || work(plan, strategies);
        let at_start = |workload: &Workload| match &workload.arrivals {
            Arrivals::Burst(bursts) => bursts.iter().all(|burst| burst.at == Instant::ORIGIN),
            _ => false,
        };
        match () {
            () if all().all(at_start) => Self::AtStart,
            () if all().all(|workload| workload.view != View::None) => Self::Polled,
            () => Self::KeepsComing,
        }
    }

    /// The measures that matter, in order: among equals how long a job takes, then what it costs.
    fn goals(self) -> Vec<Metric> {
        let p95 = Statistic::Quantile(950);
        let first = match self {
            Self::AtStart => Some(Metric::LastEnd),
            Self::Polled => Some(Metric::Age(p95)),
            Self::Stated | Self::KeepsComing => None,
        };
        first.into_iter().chain([Metric::JobLatency(p95), Metric::CallsPerSuccess]).collect()
    }
}

/// Ranks some strategies of a study, by index: at least one.
#[must_use]
pub fn rank(scenario: &Scenario, study: &Study, strategies: &[usize]) -> Ranked {
    let rule = Rule::of(scenario, strategies);
    let field = Field { scenario, study };
    let mut groups: Vec<Vec<usize>> = vec![strategies.to_vec()];
    for criterion in &rule.criteria {
        groups = groups.into_iter().flat_map(|group| field.divide(group, *criterion)).collect();
    }
    let mut places = Vec::new();
    for group in &groups {
        let place = places.len() + 1;
        places.extend(group.iter().map(|strategy| (*strategy, place)));
    }
    let lead = match places.as_slice() {
        [(first, _), (next, place), ..] if *place > 1 => field.lead(&rule, *first, *next),
        _ => None,
    };
    Ranked { rule, places, lead }
}

/// What strategies are ranked in.
struct Field<'a> {
    scenario: &'a Scenario,
    study: &'a Study,
}

impl Field<'_> {
    fn runs(&self, strategy: usize) -> Option<&Runs> {
        self.study.strategies.iter().find(|runs| runs.strategy == strategy)
    }

    /// Groups of equals, the best first; within a group the order stays.
    fn divide(&self, group: Vec<usize>, criterion: Criterion) -> Vec<Vec<usize>> {
        let (worth, cost): (Width, &dyn Fn(usize) -> f64) = match criterion {
            Criterion::Expectations => {
                (Width::Absolute(0.0), &|strategy| self.judged(strategy).cost())
            }
            Criterion::Figure(metric, worth) => {
                (worth, &move |strategy| cost(metric, self.decisive(strategy, metric)))
            }
        };
        divide(group.into_iter().map(|strategy| (strategy, cost(strategy))).collect(), worth)
    }

    fn mean(&self, strategy: usize, metric: Metric) -> Option<f64> {
        self.runs(strategy)?.estimate(Slice::Whole, metric).map(|estimate| estimate.mean)
    }

    /// The mean by which a strategy is ranked. Where work is lost, its last job ends the sooner the
    /// earlier it gives up: that is no better.
    fn decisive(&self, strategy: usize, metric: Metric) -> Option<f64> {
        let lost = || self.mean(strategy, Metric::LossRate).unwrap_or(0.0);
        match metric {
            Metric::LastEnd if lost() > self.scenario.ranking.negligible_loss => None,
            _ => self.mean(strategy, metric),
        }
    }

    /// What was expected of every strategy, and how this one did.
    fn judged(&self, strategy: usize) -> Judged {
        let mut judged = Judged::default();
        for finding in self.study.findings.iter().filter(|of| of.strategy == strategy) {
            if self.scenario.expectations[finding.expectation].strategy.is_none() {
                judged.all += 1;
                judged.failed += usize::from(finding.verdict == Verdict::Failed);
                judged.inconclusive += usize::from(finding.verdict == Verdict::Inconclusive);
            }
        }
        judged
    }

    /// How one leads another; `None` if no criterion tells them apart.
    fn lead(&self, rule: &Rule, first: usize, next: usize) -> Option<Lead> {
        let mut ties = Vec::new();
        for criterion in &rule.criteria {
            let by = self.fact(*criterion, [first, next]);
            if by.decides() {
                return Some(Lead { next, by, ties, sure: by.is_sure() });
            }
            ties.push(by);
        }
        None
    }

    fn fact(&self, criterion: Criterion, [first, next]: [usize; 2]) -> Fact {
        match criterion {
            Criterion::Expectations => Fact::Expectations([first, next].map(|of| self.judged(of))),
            Criterion::Figure(metric, worth) => Fact::Figure {
                metric,
                worth,
                means: [first, next].map(|of| self.decisive(of, metric)),
                difference: self
                    .runs(first)
                    .zip(self.runs(next))
                    .and_then(|(a, b)| a.difference(b, Slice::Whole, metric)),
            },
        }
    }
}

impl Judged {
    /// 0 if all are met, 1 if some are in doubt, 2 if any failed.
    const fn cost(self) -> f64 {
        match (self.failed, self.inconclusive) {
            (0, 0) => 0.0,
            (0, _) => 1.0,
            _ => 2.0,
        }
    }
}

impl Fact {
    /// True if it tells the two apart.
    fn decides(&self) -> bool {
        match self {
            Self::Expectations(judged) => judged[0].cost() < judged[1].cost(),
            Self::Figure { metric, worth, means, .. } => {
                let [first, next] = means.map(|mean| cost(*metric, mean));
                first < next && !is_tie(*worth, first, next)
            }
        }
    }

    /// True if chance cannot have told the two apart.
    fn is_sure(&self) -> bool {
        match self {
            Self::Expectations(judged) => judged.iter().all(|of| of.failed > 0 || of.cost() < 1.0),
            Self::Figure { difference, .. } => {
                let interval = difference.and_then(|difference| difference.ci95);
                interval.is_none_or(|[low, high]| low > 0.0 || high < 0.0)
            }
        }
    }
}

/// A figure such that less is better; what has no value is worse than all that have one.
pub(super) fn cost(metric: Metric, mean: Option<f64>) -> f64 {
    match mean {
        Some(mean) if metric.more_is_better() => -mean,
        Some(mean) => mean,
        None => f64::INFINITY,
    }
}

/// True if a cost is no further above the best than matters, but for the last digits of floats.
fn is_tie(worth: Width, best: f64, cost: f64) -> bool {
    let rounding = 1e-12 * best.abs().max(cost.abs());
    cost <= best || (cost.is_finite() && cost - best <= worth.at(best) + rounding)
}

/// Divides things with their costs into groups of equals, the best first: all that tie with the
/// best of those that are left.
pub(super) fn divide(mut rest: Vec<(usize, f64)>, worth: Width) -> Vec<Vec<usize>> {
    let mut groups = Vec::new();
    while let Some(best) = rest.iter().map(|(_, cost)| *cost).min_by(f64::total_cmp) {
        let (equal, worse): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|(_, cost)| is_tie(worth, best, *cost));
        groups.push(equal.into_iter().map(|(thing, _)| thing).collect());
        rest = worse;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn divided(costs: &[f64], worth: Width) -> Vec<Vec<usize>> {
        divide(costs.iter().copied().enumerate().collect(), worth)
    }

    #[test]
    fn a_group_is_all_that_ties_with_its_best() {
        let percent = Width::Relative(0.01);
        assert_eq!(divided(&[100.0, 102.0, 100.9, 101.5], percent), [vec![0, 2], vec![1, 3]]);
        assert_eq!(divided(&[282.0, 12.0], percent), [[1], [0]]);
        let never = f64::INFINITY;
        assert_eq!(divided(&[never, 0.0, never, 1e-9], percent), [vec![1], vec![3], vec![0, 2]]);
        assert_eq!(divided(&[-100.0, -99.0, -98.0], percent), [vec![0, 1], vec![2]]);
        assert_eq!(divided(&[0.0, 0.001, 0.0011], Width::Absolute(0.001)), [vec![0, 1], vec![2]]);
        // A mean of 0.1, 0.2 and 0.3 is a little above 0.2.
        let mean = (0.1 + 0.2 + 0.3) / 3.0;
        assert!(mean > 0.2);
        assert_eq!(divided(&[0.0, mean], Width::Absolute(0.2)), [[0, 1]]);
        assert_eq!(divided(&[], percent), [[0usize; 0]; 0]);
    }

    proptest! {
        /// Each thing is in one group, whatever the order, and each group is better than the next.
        #[test]
        fn groups_do_not_depend_on_the_order(
            costs in prop::collection::vec(0u32..60, 1..12), share in 0u32..20, turn in 0usize..12,
        ) {
            let costs: Vec<f64> = costs.into_iter().map(f64::from).collect();
            let worth = Width::Relative(f64::from(share) / 100.0);
            let sorted = |costs: &[f64]| -> Vec<Vec<f64>> {
                let groups = divided(costs, worth).into_iter();
                groups
                    .map(|group| {
                        let mut group: Vec<f64> = group.into_iter().map(|of| costs[of]).collect();
                        group.sort_by(f64::total_cmp);
                        group
                    })
                    .collect()
            };
            let groups = sorted(&costs);
            prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), costs.len());
            for pair in groups.windows(2) {
                prop_assert!(!is_tie(worth, pair[0][0], pair[1][0]));
            }
            let mut turned = costs.clone();
            turned.rotate_left(turn % costs.len());
            turned.reverse();
            prop_assert_eq!(sorted(&turned), groups);
        }
    }
}
