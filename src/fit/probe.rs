//! The cheapest experiment that tells apart what a log leaves open.
//!
//! ```text
//!   wait until nothing is counted ─► burst of n ─► pause ─► burst of m
//!   answers: how many of each are accepted; every model and corner foresees its own
//! ```
//!
//! Where calls cost units, all calls of a burst cost the same: what some call of the log costs.

use super::guess::{Burst, Guess, guesses};
use super::rows::Call;
use super::verdict::Verdict;

/// No probe waits longer [ns]: ten days.
const LONGEST: i64 = 864_000_000_000_000;

/// No probe sends more calls at once.
pub const MOST_CALLS: i64 = 1_000;

/// An experiment, and what it would tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// How long no call may be sent before \[ns\].
    pub idle: i64,
    /// Calls sent at once, then.
    pub burst: Burst,
    /// How long to wait after them \[ns\].
    pub pause: i64,
    /// Calls sent at once, then.
    pub again: Burst,
    /// Refusals to expect, at most.
    pub refusals: i64,
    /// Each answer that is possible, with the guesses that give it.
    pub outcomes: Vec<(Vec<i64>, Vec<Guess>)>,
}

/// Costs that a probe may send: the least, the middle one and the greatest of these calls. Calls
/// that cost nothing tell nothing.
#[must_use]
pub fn costs<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Vec<u32> {
    let mut all: Vec<u32> = calls.into_iter().map(|call| call.cost).filter(|c| *c > 0).collect();
    all.sort_unstable();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Vec::new() };
    let mut costs = vec![*first, all[all.len() / 2], *last];
    costs.dedup();
    costs
}

/// The probe with calls of these `costs` that splits what `verdict` leaves open into most groups,
/// with at most `refusals` refusals; among equals the one with fewest refusals, then the shortest,
/// then that of fewest units. `None` if none tells.
#[must_use]
pub fn next(verdict: &Verdict, refusals: i64, costs: &[u32]) -> Option<Probe> {
    let open = guesses(&verdict.survivors);
    let most = open.iter().map(|guess| guess.capacity).max()?;
    let least = open.iter().map(|guess| guess.capacity).min()?;
    let longest = open.iter().map(Guess::recovery).max()?;
    let mut sizes: Vec<Burst> = Vec::new();
    for cost in costs.iter().copied().filter(|cost| *cost > 0) {
        let whole = [least, least.midpoint(most), most].map(|units| units / i64::from(cost));
        let mut calls: Vec<i64> = whole.iter().flat_map(|calls| [*calls, calls + 1]).collect();
        calls.push(1);
        calls.sort_unstable();
        calls.dedup();
        let possible = calls.into_iter().filter(|calls| (1..=MOST_CALLS).contains(calls));
        sizes.extend(possible.map(|calls| Burst { calls, cost }));
    }
    let pauses = pauses(&open);
    let step = (pauses.len() / 16).max(1);
    let mut best: Option<Probe> = None;
    for burst in &sizes {
        for pause in pauses.iter().step_by(step) {
            for again in &sizes {
                let probe = foresee(&open, longest, *burst, *pause, *again);
                if probe.refusals <= refusals && better(&probe, best.as_ref()) {
                    best = Some(probe);
                }
            }
        }
    }
    best.filter(|probe| probe.outcomes.len() > 1)
}

/// Pauses that may tell guesses apart, in order \[ns\].
fn pauses(open: &[Guess]) -> Vec<i64> {
    let of = |guess: &Guess| {
        let span = guess.recovery();
        [span / 8, span / 4, span / 2, span / 4 * 3, span, span + span / 8].map(handy)
    };
    let mut pauses: Vec<i64> = open.iter().flat_map(of).collect();
    pauses.sort_unstable();
    pauses.dedup();
    pauses
}

/// A length of time that people can wait: of three digits, in whole milliseconds.
fn handy(ns: i64) -> i64 {
    let mut step = 1_000_000;
    while ns / step >= 1_000 {
        step *= 10;
    }
    (ns / step).max(1) * step
}

fn foresee(open: &[Guess], idle: i64, burst: Burst, pause: i64, again: Burst) -> Probe {
    let mut outcomes: Vec<(Vec<i64>, Vec<Guess>)> = Vec::new();
    let mut refusals = 0;
    for guess in open {
        let answer = guess.accepts(&[(0, burst), (pause, again)]);
        refusals = refusals.max(burst.calls + again.calls - answer.iter().sum::<i64>());
        match outcomes.iter_mut().find(|outcome| outcome.0 == answer) {
            Some(outcome) => outcome.1.push(*guess),
            None => outcomes.push((answer, vec![*guess])),
        }
    }
    outcomes.sort_by(|a, b| a.0.cmp(&b.0));
    Probe { idle, burst, pause, again, refusals, outcomes }
}

fn better(probe: &Probe, best: Option<&Probe>) -> bool {
    let rank = |probe: &Probe| {
        let units = probe.burst.units() + probe.again.units();
        (-(probe.outcomes.len() as i64), probe.refusals, probe.pause, units)
    };
    best.is_none_or(|best| rank(probe) < rank(best))
}

impl Guess {
    /// How long until nothing is counted any more \[ns\].
    #[must_use]
    pub fn recovery(&self) -> i64 {
        let by_rate = match self.rate_per_s > 0.0 {
            true => (self.capacity as f64 / self.rate_per_s * 1e9).min(1e15) as i64,
            false => 0,
        };
        by_rate.max(self.window.saturating_mul(2)).clamp(1_000_000_000, LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::model::{Model, Piece, Survivor};

    const S: i64 = 1_000_000_000;

    fn left(model: Model, units: i64, rate: Option<f64>, window: Option<i64>) -> Survivor {
        let piece = Piece {
            capacity: (units, Some(units)),
            rate_per_s: rate.map(|rate| (rate, Some(rate))),
            window: window.map(|window| (window, Some(window))),
            tokens: None,
            boundary: None,
        };
        Survivor { model, pieces: vec![piece], rough: false }
    }

    fn open(survivors: Vec<Survivor>) -> Verdict {
        Verdict::of([9, 9, 0], survivors)
    }

    /// Buckets of 100 and 107 units: of calls of 7 they hold 14 and 15, of calls of 20 each 5.
    #[test]
    fn costs_are_chosen_that_tell_most() {
        let bucket =
            |units| left(Model::Bucket { counts_refused: false }, units, Some(0.001), None);
        let verdict = open(vec![bucket(100), bucket(107)]);
        let probe = next(&verdict, 5, &[7, 20]).expect("a probe");
        let answers: Vec<&Vec<i64>> = probe.outcomes.iter().map(|outcome| &outcome.0).collect();
        assert_eq!(answers.len(), 2, "{probe:?}");
        assert!(probe.refusals <= 1 && answers[0] < answers[1], "{probe:?}");
        // The answers are those of each bucket.
        for (answer, guesses) in &probe.outcomes {
            let [guess] = &guesses[..] else { panic!("{probe:?}") };
            // The pause is long enough for what the first burst took.
            let Burst { calls, cost } = probe.again;
            assert_eq!(answer[1], calls.min(guess.capacity / i64::from(cost)));
        }
        let same = open(vec![bucket(100), bucket(101)]);
        assert_eq!(next(&same, 5, &[20]), None, "calls of 20 cannot tell");
    }

    #[test]
    fn large_limits_are_probed_with_costly_calls() {
        let bucket = left(Model::Bucket { counts_refused: false }, 20_000, Some(100.0), None);
        let window = left(Model::FixedWindow, 20_000, None, Some(60 * S));
        let verdict = open(vec![bucket, window]);
        assert_eq!(next(&verdict, 5, &[1]), None, "no {MOST_CALLS} calls take so much");
        let probe = next(&verdict, 5, &[1, 500]).expect("a probe");
        assert_eq!((probe.again.cost, probe.outcomes.len()), (500, 2), "{probe:?}");
    }

    #[test]
    fn costs_of_a_log_are_its_least_its_middle_and_its_greatest() {
        let call = |cost: u32| {
            let within = crate::fit::rows::Within::exactly(0);
            Call { cost, ..Call::new(1, within, crate::fit::rows::Status::Accepted) }
        };
        assert_eq!(costs(&[5, 0, 3, 90, 7].map(call)), [3, 7, 90]);
        assert_eq!(costs(&[1, 1].map(call)), [1]);
    }

    #[test]
    fn pauses_have_three_digits() {
        assert_eq!(
            [1, 1_234_567, 12_345_678_901].map(handy),
            [1_000_000, 1_000_000, 12_300_000_000]
        );
        assert_eq!(handy(86_400 * S), 86_400 * S);
    }
}
