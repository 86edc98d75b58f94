//! The account that stands for all of them.

use crate::metrics::Measure;
use crate::metrics::figures::{Ending, Metric, Part, Slice, Statistic};
use crate::scenario::{Expectation, Scenario};
use crate::study::ranking::{Criterion, Rule};

/// Accounts from which on one stands for all.
const MANY: u32 = 16;

/// The number of accounts that stand for all of them, if these are many, independent and alike, and
/// all that decides can be expected to be of one what it is of all: shares, quotients and times
/// within which a part of the work is done, not counts or the longest times. More runs of one
/// account tell more than as many accounts in fewer runs, for the bounds are of runs.
pub(in super::super) fn sample(scenario: &Scenario, rule: &Rule) -> Option<u32> {
    let plan = &scenario.plan;
    let independent = (0..plan.strategies.len()).all(|of| plan.accounts_are_independent(of));
    let alike = plan.workloads.iter().all(|workload| workload.callers.accounts.is_none());
    let figures = rule.criteria.iter().all(|criterion| match criterion {
        Criterion::Expectations => true,
        Criterion::Figure(metric, _) => is_alike(*metric),
    });
    let conditions = scenario.expectations.iter().all(is_judged_alike);
    let accounts = plan.population.accounts;
    let stands = independent && alike && figures && conditions && accounts >= MANY;
    stands.then_some(1)
}

fn is_judged_alike(must: &Expectation) -> bool {
    // What no account may lose, a sample may not lose either.
    let lost = matches!(must.metric.part(), Some(Part::Ending(ending)) if ending != Ending::Arrived
        && ending != Ending::Completed);
    let none = lost && must.value == 0.0 && must.comparison.bounds_above();
    let whole = matches!(must.slice, Slice::Whole | Slice::Call(_) | Slice::Workload(_));
    whole && (none || is_alike(must.metric))
}

/// True of a metric that is the same to expect of some accounts as of all.
fn is_alike(metric: Metric) -> bool {
    match metric.part() {
        Some(Part::Statistic(statistic)) => statistic != Statistic::Max,
        Some(_) => false,
        None => {
            metric == Metric::CallsPerSuccess
                || metric == Metric::Amplification
                || metric.measure() == Measure::Share && metric != Metric::LimitUse
        }
    }
}
