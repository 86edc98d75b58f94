//! How far the best of a race may be from the best of all that ran.

use super::super::yardstick::Yardstick;
use super::{Fate, Race, quantiles};
use crate::metrics::figures::Metric;
use crate::scenario::Width;

/// How far one strategy may be from the best of those that by their means are as good as it in all
/// that is looked at before the first goal. The bound is right with a chance of 95 %, over the runs
/// that the race might have drawn from this scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The measure: the first goal.
    pub metric: Metric,
    /// The largest difference that does not matter.
    pub worth: Width,
    /// The mean of the best.
    pub mean: f64,
    /// By the means it is so much above the best of those \[the measure's unit\].
    pub by_means: f64,
    /// It is no more than this above the best of those \[the measure's unit\]; `None` if the runs
    /// are too few to tell.
    pub at_most: Option<f64>,
    /// Candidates that were compared, itself included.
    pub of: usize,
    /// Candidates that by their means are worse before the first goal.
    pub behind: usize,
    /// Runs of the best.
    pub runs: usize,
}

/// `None` if there is no goal, or the best does not reach it.
pub fn margin(yardstick: &Yardstick, race: &Race, best: usize) -> Option<Margin> {
    let (goal, metric, worth) = yardstick.goal()?;
    let own = race.ledger.last(best)?;
    let quantiles = quantiles(yardstick, race.fates.len());
    let (mean, runs) = (yardstick.mean_cost(goal, own), own.len());
    let (mut by_means, mut at_most): (f64, f64) = (0.0, 0.0);
    let (mut of, mut behind) = (1, 0);
    for place in (0..race.fates.len()).filter(|place| *place != best) {
        if race.fates[place] == Fate::Endless {
            continue;
        }
        let Some([its, own]) = race.ledger.pair(place, best) else { continue };
        let runs = its.len().min(own.len());
        if !yardstick.is_level(goal, &its[..runs], &own[..runs]) {
            behind += 1;
            continue;
        }
        of += 1;
        let [more, most] = yardstick.excess(goal, &own[..runs], &its[..runs], &quantiles);
        (by_means, at_most) = (by_means.max(more), at_most.max(most));
    }
    let at_most = at_most.is_finite().then_some(at_most);
    mean.is_finite().then_some(Margin { metric, worth, mean, by_means, at_most, of, behind, runs })
}
