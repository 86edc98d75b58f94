//! Where no model explains a log: the token bucket that misjudges fewest calls. It is an estimate,
//! with the calls that it misjudges; nothing is proved.
//!
//! ```text
//!   for each rate and burst of a grid: follow the deficit, each call at the middle of its bounds
//!   a misjudged refusal sets the level just below its cost, a misjudged acceptance to its cost
//! ```
//!
//! Otherwise one call that is missing from the log would spoil all that follow.

use super::rows::{Call, Status};

/// The bucket that misjudges fewest calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Its rate \[1/s\].
    pub rate_per_s: f64,
    /// Its burst.
    pub burst: i64,
    /// Lines of the calls that it misjudges.
    pub misjudged: Vec<u32>,
}

/// Calls that are looked at, at most: the first.
const MOST: usize = 20_000;
/// Rates that are tried in a round, and how often the grid gets finer.
const RATES: i32 = 12;
const ROUNDS: usize = 3;

/// The nearest bucket. A bucket that accepts everything misjudges the refused calls only, and one
/// that refuses everything the accepted ones: `None` if it is not twice as good as both.
#[must_use]
pub fn nearest(calls: &[&Call]) -> Option<Nearest> {
    let mut calls: Vec<(i64, &Call)> = calls
        .iter()
        .take(MOST)
        .filter(|call| call.status != Status::Other)
        .map(|call| (call.decided.lo / 2 + call.decided.hi / 2, *call))
        .collect();
    calls.sort_by_key(|(at, call)| (*at, call.line));
    let count = |status| calls.iter().filter(|(_, call)| call.status == status).count();
    let fewer = count(Status::Accepted).min(count(Status::Refused));
    if fewer == 0 {
        return None;
    }
    let seconds = (calls.last()?.0 - calls[0].0).max(1) as f64 / 1e9;
    let counted = calls.iter().filter(|(_, call)| call.status == Status::Accepted);
    let weight: i64 = counted.map(|(_, call)| i64::from(call.cost)).sum();
    let mut best = (usize::MAX, weight.max(1) as f64 / seconds, 1);
    let mut step = 1.12_f64;
    for round in 0..ROUNDS {
        let (middle, burst) = (best.1, best.2);
        let bursts = match round {
            0 => coarse(weight),
            _ => (burst - burst / 4 - 1..=burst + burst / 4 + 1).filter(|b| *b > 0).collect(),
        };
        for n in -RATES..=RATES {
            let rate = middle * step.powi(n);
            for burst in &bursts {
                let wrong = misjudged(&calls, rate, *burst).count();
                if wrong < best.0 {
                    best = (wrong, rate, *burst);
                }
            }
        }
        step = step.powf(0.2);
    }
    let (_, rate_per_s, burst) = best;
    let misjudged: Vec<u32> = misjudged(&calls, rate_per_s, burst).collect();
    (misjudged.len() * 2 < fewer).then_some(Nearest { rate_per_s, burst, misjudged })
}

/// 1, 2, 3, 4, 6, 8, 11, … up to `most`.
fn coarse(most: i64) -> Vec<i64> {
    let next = |burst: &i64| Some(burst + 1 + burst / 3);
    std::iter::successors(Some(1), next).take_while(|burst| *burst <= most.min(1 << 20)).collect()
}

/// Lines of the calls that a bucket misjudges.
fn misjudged<'a>(
    calls: &'a [(i64, &'a Call)],
    rate: f64,
    burst: i64,
) -> impl Iterator<Item = u32> + 'a {
    let (mut deficit, mut last, burst) = (0.0_f64, calls[0].0, burst as f64);
    calls.iter().filter_map(move |(at, call)| {
        deficit = (deficit - (at - last) as f64 / 1e9 * rate).max(0.0);
        last = *at;
        let cost = f64::from(call.cost);
        let fits = deficit + cost <= burst;
        let accepted = call.status == Status::Accepted;
        deficit = match (accepted, fits) {
            (true, _) => (deficit + cost).min(burst),
            (false, true) => burst - cost + 1e-9,
            (false, false) => deficit,
        };
        (fits != accepted).then_some(call.line)
    })
}
