//! Sizing: the largest or smallest value of an address with which something holds.
//!
//! ```text
//!   from ├──holds──┼───?───┼──fails──┤ to     bracket, then halve: whole numbers to the last
//!                  └─ answer                    one, others to half a percent of the value
//! ```
//!
//! Each value is run until every interval lies on one side of its bound, or [`AT_MOST`]
//! replications have not told. A handful of values over the whole range then shows the curve, and
//! whether the answer is the only one.

use super::expectation::{judge, points_to};
use super::runs::Running;
use super::settle::needed;
use super::{Judgement, Verdict};
use crate::metrics::Estimate;
use crate::scenario::{Amount, Draft, Goal, Sizing, Unit};
use std::collections::BTreeMap;

/// Replications of a value before a first judgement, at least.
const FIRST: u32 = 5;
/// Replications of a value at most.
pub const AT_MOST: u32 = 200;
/// Values that show the curve.
const SHOWN: u32 = 9;
/// How narrow a bracket is narrow enough, as a part of the value.
const NARROW: f64 = 0.005;

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
    /// True if no value on the wrong side of the answer holds, and none on the right side fails.
    pub monotone: bool,
    /// Every value that was tried, in ascending order.
    pub probes: Vec<Probe>,
}

/// Sizes one strategy.
///
/// # Errors
/// Sentences, if the scenario cannot be read with a value.
pub fn size(draft: &Draft, sizing: &Sizing, strategy: usize) -> Result<Sized, String> {
    let mut search = Search { draft, sizing, strategy, probes: Vec::new() };
    let (good, bad) = match sizing.goal {
        Goal::Largest => (&sizing.from, &sizing.to),
        Goal::Smallest => (&sizing.to, &sizing.from),
    };
    for part in 0..SHOWN {
        let part = f64::from(part) / f64::from(SHOWN - 1);
        search.probe(&sizing.from.towards(&sizing.to, part, sizing.is_wide()))?;
    }
    // The value furthest towards the goal that holds, and the next one, which does not.
    let held = search.furthest(good, bad);
    if let Some(held) = held {
        let next = search.next_after(&held);
        if let Some(next) = next {
            search.halve(held, next)?;
        }
    }
    Ok(search.sized(good, bad))
}

struct Search<'a> {
    draft: &'a Draft,
    sizing: &'a Sizing,
    strategy: usize,
    probes: Vec<Probe>,
}

impl Search<'_> {
    /// Tries a value, if it has not been tried yet.
    fn probe(&mut self, amount: &Amount) -> Result<bool, String> {
        if let Some(known) = self.probes.iter().find(|probe| probe.amount == *amount) {
            return Ok(known.holds);
        }
        let assignment = format!("{}={}", self.sizing.address, amount.value());
        let scenario = self.draft.with(&[assignment])?;
        let sizing = scenario.size.as_ref().ok_or("the scenario sizes nothing")?;
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
                    needed(&estimate, number, (estimate.mean - meet.value).abs())
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
                amount: amount.clone(),
                verdict,
                holds: findings.iter().all(|(meet, f)| points_to(meet, &f.judgement)),
                found: findings.into_iter().map(|(_, finding)| finding.judgement).collect(),
                replications: number,
            };
        };
        let holds = probe.holds;
        self.probes.push(probe);
        self.probes.sort_by(|a, b| a.amount.number.total_cmp(&b.amount.number));
        Ok(holds)
    }

    /// Of the values tried, the furthest from the good end that holds.
    fn furthest(&self, good: &Amount, bad: &Amount) -> Option<Amount> {
        let holding = self.probes.iter().filter(|probe| probe.holds).map(|probe| &probe.amount);
        let furthest = match good.number < bad.number {
            true => holding.into_iter().next_back(),
            false => holding.into_iter().next(),
        };
        furthest.cloned()
    }

    /// The value tried next to one, on the side of the goal.
    fn next_after(&self, held: &Amount) -> Option<Amount> {
        let amounts = || self.probes.iter().map(|probe| &probe.amount);
        match self.sizing.goal {
            Goal::Largest => amounts().find(|amount| amount.number > held.number).cloned(),
            Goal::Smallest => amounts().rfind(|amount| amount.number < held.number).cloned(),
        }
    }

    /// Halves the way between a value that holds and one that does not.
    fn halve(&mut self, mut held: Amount, mut failed: Amount) -> Result<(), String> {
        loop {
            let between = held.towards(&failed, 0.5, self.sizing.is_wide());
            let gap = (failed.number - held.number).abs();
            let narrow = match held.unit {
                Unit::Whole => gap <= 1.0,
                _ => gap <= NARROW * held.number.abs().max(failed.number.abs()),
            };
            if narrow || between == held || between == failed {
                return Ok(());
            }
            if self.probe(&between)? { held = between } else { failed = between }
        }
    }

    fn sized(self, good: &Amount, bad: &Amount) -> Sized {
        let answer = self.furthest(good, bad);
        let place = |amount: &Amount| self.probes.iter().position(|probe| probe.amount == *amount);
        let beyond = answer.as_ref().and_then(|answer| self.next_after(answer));
        let (answer, beyond) = (answer.as_ref().and_then(place), beyond.as_ref().and_then(place));
        let towards_good = |number: usize| {
            answer.is_some_and(|answer| match self.sizing.goal {
                Goal::Largest => number <= answer,
                Goal::Smallest => number >= answer,
            })
        };
        let mut probes = self.probes.iter().enumerate();
        let monotone = probes.all(|(number, probe)| match probe.verdict {
            Verdict::Inconclusive => true,
            Verdict::Met => towards_good(number),
            Verdict::Failed => !towards_good(number),
        });
        Sized { strategy: self.strategy, answer, beyond, monotone, probes: self.probes }
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
/// Sentences, if the scenario cannot be read with a value.
pub fn size_all(draft: &Draft, sizing: &Sizing) -> Result<Vec<Sized>, String> {
    use rayon::prelude::*;
    let sized: Result<Vec<Sized>, String> =
        sizing.strategies.par_iter().map(|strategy| size(draft, sizing, *strategy)).collect();
    let by_strategy: BTreeMap<usize, Sized> =
        sized?.into_iter().map(|sized| (sized.strategy, sized)).collect();
    Ok(by_strategy.into_values().collect())
}
