//! The cheapest experiment that tells apart what a log leaves open.
//!
//! ```text
//!   wait until nothing is counted ─► burst of n ─► pause ─► burst of m
//!   answers: how many of each are accepted; every model and corner foresees its own
//! ```

use super::guess::{Guess, guesses};
use super::verdict::Verdict;

/// No probe waits longer [ns]: ten days.
const LONGEST: i64 = 864_000_000_000_000;

/// An experiment, and what it would tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// How long no call may be sent before \[ns\].
    pub idle: i64,
    /// Calls sent at once, then.
    pub burst: i64,
    /// How long to wait after them \[ns\].
    pub pause: i64,
    /// Calls sent at once, then.
    pub again: i64,
    /// Refusals to expect, at most.
    pub refusals: i64,
    /// Each answer that is possible, with the guesses that give it.
    pub outcomes: Vec<(Vec<i64>, Vec<Guess>)>,
}

/// The probe that splits what `verdict` leaves open into most groups, with at most `refusals`
/// refusals; among equals the one with fewest refusals, then the shortest. `None` if none tells.
#[must_use]
pub fn next(verdict: &Verdict, refusals: i64) -> Option<Probe> {
    let open = guesses(&verdict.survivors);
    let most = open.iter().map(|guess| guess.capacity).max()?;
    let least = open.iter().map(|guess| guess.capacity).min()?;
    let longest = open.iter().map(Guess::recovery).max()?;
    let mut sizes = vec![least, least + 1, most, most + 1, (least + most) / 2];
    sizes.sort_unstable();
    sizes.dedup();
    let mut pauses: Vec<i64> = open
        .iter()
        .flat_map(|guess| {
            let span = guess.recovery();
            [span / 8, span / 4, span / 2, span * 3 / 4, span, span + span / 8]
        })
        .collect();
    pauses.sort_unstable();
    pauses.dedup();
    let step = (pauses.len() / 16).max(1);
    let mut best: Option<Probe> = None;
    for burst in sizes.iter().copied().filter(|burst| *burst > 0) {
        for pause in pauses.iter().copied().step_by(step) {
            for again in sizes.iter().copied().chain([1]) {
                let probe = foresee(&open, longest, burst, pause, again);
                if probe.refusals <= refusals && better(&probe, best.as_ref()) {
                    best = Some(probe);
                }
            }
        }
    }
    best.filter(|probe| probe.outcomes.len() > 1)
}

fn foresee(open: &[Guess], idle: i64, burst: i64, pause: i64, again: i64) -> Probe {
    let mut outcomes: Vec<(Vec<i64>, Vec<Guess>)> = Vec::new();
    let mut refusals = 0;
    for guess in open {
        let answer = guess.accepts(&[(0, burst), (pause, again)]);
        refusals = refusals.max(burst + again - answer.iter().sum::<i64>());
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
        (-(probe.outcomes.len() as i64), probe.refusals, probe.pause, probe.burst + probe.again)
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
