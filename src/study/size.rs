//! Sizing: the largest or smallest value of an address with which something holds.
//!
//! ```text
//!   from ├──holds──┼───?───┼──fails──┤ to     bracket, then halve to the last step of the unit:
//!                  └─ answer                    a cent, a millisecond, one of what is counted
//! ```
//!
//! Each value is run until every interval lies on one side of its bound, or [`AT_MOST`]
//! replications have not decided. Halving assumes that what holds at a value also holds further
//! from the goal. A handful of values over the whole range and the steps around the answer test
//! that; [`Sized::exception`] is a value that contradicts it.

use super::error::StudyError;
use super::expectation::{judge, points_to};
use super::running::Running;
use super::{Judgement, Verdict};
use crate::metrics::Estimate;
use crate::parallel;
use crate::scenario::{Amount, Draft, Goal, Sizing, Steps};
use std::collections::BTreeMap;

/// Replications of a value before a first judgement, at least.
const FIRST: u32 = 5;
/// Replications of a value at most.
pub const AT_MOST: u32 = 200;
/// Values that show the curve.
const SHOWN: u32 = 9;
/// Steps that are tried to either side of the answer.
const AROUND: i64 = 3;

/// What was found with one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The value.
    pub amount: Amount,
    /// Whether all that must hold does.
    pub verdict: Verdict,
    /// Which way it points: true if all means are on the right side.
    pub holds: bool,
    /// For each thing that must hold of the strategy, what it was judged by.
    pub found: Vec<Judgement>,
    /// How many replications that took.
    pub replications: u32,
}

/// The answer for one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Sized {
    /// The strategy, by index.
    pub strategy: usize,
    /// The last value that holds, by its place among the probes; `None` if none does.
    pub answer: Option<usize>,
    /// The first value that does not, next to the answer; `None` at the edge of the range.
    pub beyond: Option<usize>,
    /// The value nearest to the answer that lies further from the goal and fails, beyond chance.
    pub exception: Option<usize>,
    /// Every value that was tried, in ascending order.
    pub probes: Vec<Probe>,
}

/// Sizes one strategy.
///
/// # Errors
/// The scenario cannot be read with a value, or a run was given up.
pub fn size(draft: &Draft, sizing: &Sizing, strategy: usize) -> Result<Sized, StudyError> {
    let steps = sizing.steps();
    let mut search = Search { draft, sizing, strategy, steps, probes: BTreeMap::new() };
    for part in 0..SHOWN {
        let part = f64::from(part) / f64::from(SHOWN - 1);
        let amount = sizing.from.towards(&sizing.to, part, sizing.is_wide());
        search.probe(search.steps.nearest(&amount))?;
    }
    search.narrow()?;
    search.look_around()?;
    // A step around the answer may hold too, further towards the goal.
    search.narrow()?;
    Ok(search.sized())
}

struct Search<'a> {
    draft: &'a Draft,
    sizing: &'a Sizing,
    strategy: usize,
    steps: Steps,
    /// What was tried, by its number of steps.
    probes: BTreeMap<i64, Probe>,
}

impl Search<'_> {
    /// Tries a number of steps, if that has not been tried yet.
    fn probe(&mut self, steps: i64) -> Result<(), StudyError> {
        if self.probes.contains_key(&steps) {
            return Ok(());
        }
        let amount = self.steps.amount(steps);
        let assignment = format!("{}={}", self.sizing.address, amount.value());
        let scenario = self.draft.with(&[assignment])?;
        let sizing = scenario.size.as_ref().ok_or(StudyError::NothingToSize)?;
        let mut running = Running::of(&scenario, vec![self.strategy], &sizing.meet);
        let mut number = scenario.plan.replications.max(FIRST);
        running.extend(&scenario, 0..number, &|| {})?;
        let probe = loop {
            let runs = &running.strategies[0];
            let own = sizing.must_hold(self.strategy);
            let findings: Vec<_> = own.map(|(_, meet)| (meet, judge(0, meet, runs))).collect();
            let verdict = findings.iter().map(|(_, f)| f.verdict).max().unwrap_or(Verdict::Met);
            let more = findings.iter().filter_map(|(meet, finding)| match finding.judgement {
                Judgement::Value(estimate) if finding.verdict == Verdict::Inconclusive => {
                    estimate.replications_for(number, (estimate.mean - meet.value).abs())
                }
                _ => None,
            });
            let wanted = more.max().map_or(number, |n| n.min(number * 4).min(AT_MOST));
            if verdict == Verdict::Inconclusive && wanted > number {
                running.extend(&scenario, number..wanted, &|| {})?;
                number = wanted;
                continue;
            }
            break Probe {
                amount,
                verdict,
                holds: findings.iter().all(|(meet, f)| points_to(meet, &f.judgement)),
                found: findings.into_iter().map(|(_, finding)| finding.judgement).collect(),
                replications: number,
            };
        };
        self.probes.insert(steps, probe);
        Ok(())
    }

    /// Of what was tried, the furthest towards the goal that holds.
    fn furthest(&self) -> Option<i64> {
        let mut holding = self.probes.iter().filter(|(_, probe)| probe.holds).map(|(n, _)| *n);
        match self.sizing.goal {
            Goal::Largest => holding.next_back(),
            Goal::Smallest => holding.next(),
        }
    }

    /// What was tried next to it, towards the goal.
    fn next_after(&self, held: i64) -> Option<i64> {
        match self.sizing.goal {
            Goal::Largest => self.probes.range(held + 1..).next().map(|(n, _)| *n),
            Goal::Smallest => self.probes.range(..held).next_back().map(|(n, _)| *n),
        }
    }

    /// Halves the way from the last value that holds to the next, which does not, until one step
    /// lies between them.
    fn narrow(&mut self) -> Result<(), StudyError> {
        while let Some(held) = self.furthest()
            && let Some(failed) = self.next_after(held)
            && held.abs_diff(failed) > 1
        {
            self.probe(self.between(held, failed))?;
        }
        Ok(())
    }

    /// A number of steps between two that have one between them.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    fn between(&self, a: i64, b: i64) -> i64 {
        let middle = match self.sizing.is_wide() {
            true => (a as f64 * b as f64).sqrt().round() as i64,
            false => a.midpoint(b),
        };
        middle.clamp(a.min(b) + 1, a.max(b) - 1)
    }

    /// Tries the steps to either side of the answer.
    fn look_around(&mut self) -> Result<(), StudyError> {
        let Some(held) = self.furthest() else { return Ok(()) };
        let [low, high] = [&self.sizing.from, &self.sizing.to].map(|edge| self.steps.nearest(edge));
        for steps in (held - AROUND).max(low)..=(held + AROUND).min(high) {
            self.probe(steps)?;
        }
        Ok(())
    }

    fn sized(self) -> Sized {
        let (held, beyond) = (self.furthest(), self.furthest().and_then(|n| self.next_after(n)));
        let place = |steps: i64| self.probes.keys().position(|tried| *tried == steps);
        let (answer, beyond) = (held.and_then(place), beyond.and_then(place));
        // Towards the goal nothing holds: the answer is the furthest that does.
        let fails = |(n, probe): (&i64, &Probe)| (probe.verdict == Verdict::Failed).then_some(*n);
        let exception = held.and_then(|held| match self.sizing.goal {
            Goal::Largest => self.probes.range(..held).rev().find_map(fails),
            Goal::Smallest => self.probes.range(held + 1..).find_map(fails),
        });
        let exception = exception.and_then(place);
        let probes = self.probes.into_values().collect();
        Sized { strategy: self.strategy, answer, beyond, exception, probes }
    }
}

impl Sized {
    /// What a thing that must hold, by its place among all, was at every value that had one.
    /// Nothing, if it need not hold of this strategy.
    #[must_use]
    pub fn curve(&self, sizing: &Sizing, meet: usize) -> Vec<(f64, Estimate)> {
        let own = sizing.must_hold(self.strategy).position(|(place, _)| place == meet);
        let found = self.probes.iter().filter_map(|probe| match probe.found.get(own?)? {
            Judgement::Value(estimate) => Some((probe.amount.number, *estimate)),
            Judgement::NoValue => None,
        });
        found.collect()
    }

    /// Of the values with a verdict, the one nearest to the answer on that verdict's side.
    #[must_use]
    pub fn nearest(&self, verdict: Verdict) -> Option<usize> {
        let answer = self.answer?;
        let beyond_is_up = self.beyond.is_none_or(|beyond| beyond > answer);
        let up = beyond_is_up == (verdict == Verdict::Failed);
        let mut places: Vec<usize> = match up {
            true => (answer..self.probes.len()).collect(),
            false => (0..=answer).rev().collect(),
        };
        places.retain(|place| self.probes[*place].verdict == verdict);
        places.first().copied()
    }

    /// How sure the answer is: the verdicts at it and beyond it.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        let verdict = |place: Option<usize>| place.map(|place| self.probes[place].verdict);
        !matches!(verdict(self.answer), Some(Verdict::Inconclusive))
            && !matches!(verdict(self.beyond), Some(Verdict::Inconclusive))
    }
}

/// Sizes every strategy that is to be sized, in their order.
///
/// # Errors
/// The scenario cannot be read with a value, or a run was given up.
pub fn size_all(draft: &Draft, sizing: &Sizing) -> Result<Vec<Sized>, StudyError> {
    let sized = parallel::try_map(&sizing.strategies, |one| size(draft, sizing, *one))?;
    let by_strategy: BTreeMap<usize, Sized> =
        sized.into_iter().map(|sized| (sized.strategy, sized)).collect();
    Ok(by_strategy.into_values().collect())
}
