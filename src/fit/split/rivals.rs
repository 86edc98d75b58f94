//! What must be less likely than a split bucket before one is said to be shown: one bucket that
//! misjudges some calls, as if calls were missing from the log; and random refusals.

use super::climb::Climb;
use super::particles::Seen;
use crate::fit::blocks::{Cell, UNBOUNDED};
use crate::fit::bucket::Rates;
use crate::fit::nearest::nearest;
use crate::fit::rows::{Call, Start};
use crate::parallel;

/// Parts of the calls that may be missing from a log, and that may be decided as if by a coin.
const NOISE: [(f64, f64); 4] = [(0.02, 0.01), (0.08, 0.03), (0.08, 0.15), (0.25, 0.1)];

/// The logarithm of how likely the decisions are by the likeliest rival.
pub(super) fn best(calls: &[&Call], seen: &[Seen]) -> f64 {
    let misjudged = nearest(calls).map(|near| near.misjudged.len());
    let bucket = misjudged.map(|wrong| coin(wrong, seen.len().saturating_sub(wrong)));
    by_the_last(seen).max(bucket.unwrap_or(f64::MIN))
}

/// As [`best`], by one bucket from whose log calls are missing, or that others use too.
pub(super) fn thinned(seen: &[Seen], start: Start) -> f64 {
    let cells = [Cell { least: 1, most: UNBOUNDED, figures: Rates::ALL }];
    let likelihoods = parallel::map(&NOISE, |noise| {
        let climb = Climb { seen, start, nodes: 1, noise: *noise, cells: &cells };
        let firsts: Vec<_> = climb.firsts().into_iter().map(|one| one.1).collect();
        Some(climb.best(&firsts)?.likelihood)
    });
    likelihoods.into_iter().flatten().fold(f64::MIN, f64::max)
}

/// Each call is refused by a chance that depends on what became of the call before.
fn by_the_last(seen: &[Seen]) -> f64 {
    let mut counts = [[0usize; 2]; 2];
    for pair in seen.windows(2) {
        counts[usize::from(pair[0].accepted)][usize::from(pair[1].accepted)] += 1;
    }
    counts.into_iter().map(|[refused, accepted]| coin(refused, accepted)).sum()
}

/// So many of one kind and of the other, each call with the likeliest chance.
fn coin(some: usize, others: usize) -> f64 {
    let all = (some + others) as f64;
    let part = |n: usize| if n == 0 { 0.0 } else { n as f64 * libm::log(n as f64 / all) };
    part(some) + part(others)
}
