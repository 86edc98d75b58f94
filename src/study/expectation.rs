//! Whether what a scenario expects has come true.
//!
//! With one replication the value itself decides. With several its 95 % interval does: met if all
//! of it is on the right side, failed if all of it is on the wrong side, otherwise inconclusive.

use super::Runs;
use crate::metrics::figures::{Ending, Metric, Part, Slice};
use crate::metrics::{Estimate, Outcome};
use crate::scenario::{Comparison, Expectation, Scenario};
use serde::{Deserialize, Serialize};

/// What is said of an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Met,
    /// Its interval straddles the value.
    Inconclusive,
    /// It does not hold.
    Failed,
}

/// What an expectation is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Judgement {
    /// The metric has a value.
    Value(Estimate),
    /// There is none: nothing happened, or work is unfinished and so never completed.
    NoValue,
}

/// An expectation's verdict for one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The expectation, by index.
    pub expectation: usize,
    /// The strategy, by index.
    pub strategy: usize,
    /// What was found.
    pub judgement: Judgement,
    /// Whether it holds.
    pub verdict: Verdict,
    /// How many replications would settle it, where these do not.
    pub settled_by: Option<u32>,
}

pub(super) fn judge_all(scenario: &Scenario, strategies: &[Runs]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, expectation) in scenario.expectations.iter().enumerate() {
        for runs in strategies {
            let named = expectation.strategy;
            let asked = match named {
                Some(strategy) => strategy == runs.strategy,
                None => scenario.plan.runs(runs.strategy, expectation.slice),
            };
            if asked {
                findings.push(judge(number, expectation, runs));
            }
        }
    }
    findings
}

/// Judges some of what a scenario expects by what was counted elsewhere than in a run, as strategy
/// 0: a finding for each expectation that is asked for.
#[must_use]
pub fn judge_calls(scenario: &Scenario, outcome: &Outcome, asked: &[bool]) -> Vec<Finding> {
    let slices: Vec<Slice> = scenario.expectations.iter().map(|of| of.slice).collect();
    let runs = Runs::first(0, outcome.clone(), &slices, &scenario.plan.cell_names());
    let all = scenario.expectations.iter().enumerate().zip(asked);
    let asked = all.filter(|(_, asked)| **asked);
    asked.map(|((number, expectation), _)| judge(number, expectation, &runs)).collect()
}

pub(super) fn judge(number: usize, expectation: &Expectation, runs: &Runs) -> Finding {
    let estimate = runs.estimate(expectation.slice, expectation.metric);
    let (judgement, verdict) = match estimate {
        Some(estimate) => (Judgement::Value(estimate), verdict(expectation, estimate)),
        // Work that is lost or unfinished is not done before any deadline.
        None => (Judgement::NoValue, Verdict::Failed),
    };
    let doubtful = estimate.filter(|_| verdict == Verdict::Inconclusive);
    let settled_by = doubtful.and_then(|estimate| {
        let runs = u32::try_from(runs.replications()).unwrap_or(u32::MAX);
        estimate.replications_for(runs, (estimate.mean - expectation.value).abs())
    });
    Finding { expectation: number, strategy: runs.strategy, judgement, verdict, settled_by }
}

/// True if what was found points to an expectation's being met, whatever its interval.
pub(super) fn points_to(expectation: &Expectation, judgement: &Judgement) -> bool {
    match judgement {
        Judgement::Value(estimate) => {
            expectation.comparison.holds(estimate.mean, expectation.value)
        }
        Judgement::NoValue => false,
    }
}

fn verdict(expectation: &Expectation, estimate: Estimate) -> Verdict {
    let holds = |value: f64| expectation.comparison.holds(value, expectation.value);
    let [low, high] = match (estimate.ci95, expectation.metric) {
        // A count of what must not happen is no sample of something: its mean decides.
        (Some(interval), metric) if !counts_losses(metric) => interval,
        _ => [estimate.mean, estimate.mean],
    };
    if matches!(expectation.comparison, Comparison::Equal | Comparison::NotEqual) {
        return if holds(estimate.mean) { Verdict::Met } else { Verdict::Failed };
    }
    match (holds(low), holds(high)) {
        (true, true) => Verdict::Met,
        (false, false) => Verdict::Failed,
        _ => Verdict::Inconclusive,
    }
}

/// True of counts of lost work.
const fn counts_losses(metric: Metric) -> bool {
    let Some(Part::Ending(ending)) = metric.part() else { return false };
    matches!(ending, Ending::GivenUp | Ending::Unfinished | Ending::Lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(comparison: Comparison, value: f64, mean: f64, half: Option<f64>) -> Verdict {
        let expectation = Expectation {
            text: String::new(),
            metric: Metric::ThrottleRate,
            comparison,
            value,
            slice: Slice::Whole,
            strategy: None,
            why: None,
            line: 1,
        };
        verdict(&expectation, Estimate { mean, ci95: half.map(|h| [mean - h, mean + h]) })
    }

    #[test]
    fn the_whole_interval_must_be_on_the_right_side() {
        let less = Comparison::Less;
        assert_eq!(judged(less, 0.1, 0.05, Some(0.01)), Verdict::Met);
        assert_eq!(judged(less, 0.1, 0.15, Some(0.01)), Verdict::Failed);
        assert_eq!(judged(less, 0.1, 0.095, Some(0.01)), Verdict::Inconclusive);
        assert_eq!(judged(less, 0.1, 0.095, None), Verdict::Met);
        assert_eq!(judged(Comparison::Equal, 30.0, 30.0, None), Verdict::Met);
        assert_eq!(judged(Comparison::AtLeast, 1.0, 0.999, None), Verdict::Failed);
    }
}
