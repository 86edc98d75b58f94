//! A token bucket that is split over nodes: each holds a part of the rate and of the burst, each
//! call goes to one of them by chance, and no node knows what the others count.
//!
//! ```text
//!   k nodes, each with rate r/k and burst b/k
//!   accepted calls in [x, y]        all nodes admit at most  b + r·(y - x)
//!   accepted calls after a refusal  one node held less than the refused call's cost
//!   refused call at t               one node was out of tokens: some window [x, t] has more than
//!                                   b/k - c + (r/k)·(t - x) calls that may all have been its own
//! ```
//!
//! These bounds hold whichever node got which call, so the true figures are never lost. What
//! explains a log with k nodes, as burst and rate of one node, explains it with k + 1 too. So the
//! least number of nodes is proved, and no greater number is ever refuted. Which number is the
//! likeliest is an estimate.

mod climb;
mod particles;
mod rivals;

use super::blocks::{Cell, Pair, UNBOUNDED};
use super::bucket::{Rates, Rule, fit_nodes};
use super::cut::head;
use super::ratio::Ratio;
use super::rows::{Call, Start};
use super::series::Series;
use crate::parallel;
use climb::{Best, Climb};
use particles::{Figures, Seen};

/// Numbers of nodes that are tried: 2 to this.
pub const MOST_NODES: i64 = 16;

/// Calls that estimates rest on: the first.
const MOST_CALLS: usize = 1_500;

/// How much likelier an estimate must be than its rivals, as a logarithm.
const LEAD: f64 = 10.0;

/// Numbers of nodes and rates that are less likely than the likeliest by no more than this, as a
/// logarithm, are called likely. Estimates of likelihoods vary by as much.
const LIKELY: f64 = 6.0;

/// Rates are not told closer than this part.
const FINE: f64 = 0.005;

/// What is this much less likely at a rough look is not looked at again.
const HOPELESS: f64 = 30.0;

/// What explains a log with a number of nodes: all of what is left of their figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Proved {
    /// How many nodes.
    pub nodes: i64,
    /// Bursts and rates of one node.
    pub cells: Vec<Cell<Rates>>,
}

/// The likeliest number of nodes and figures. Nothing of it is proved, except that it is inside
/// what is.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The likeliest number of nodes, with all figures that may go with it.
    pub proved: Proved,
    /// The burst of all nodes.
    pub burst: i64,
    /// The rate of all nodes \[1/s\].
    pub rate_per_s: f64,
    /// The numbers of nodes that are nearly as likely.
    pub likely_nodes: (i64, i64),
    /// The rates that are nearly as likely, with any of these \[1/s\].
    pub likely_rates: (f64, f64),
}

/// A split bucket that explains a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The least number of nodes: fewer are refuted, more are not.
    pub least: Proved,
    /// The likeliest figures, if they are far likelier than one bucket that misjudges some calls,
    /// and than random refusals.
    pub estimate: Option<Estimate>,
}

/// The split bucket that explains a log, or the two calls that refute it.
pub type Tried = Result<Split, Option<Pair>>;

impl Proved {
    /// Bounds of the burst of all nodes together.
    #[must_use]
    pub fn burst(&self) -> (i64, Option<i64>) {
        let least = self.cells.iter().map(|cell| cell.least).min().unwrap_or(1);
        let most = self.cells.iter().map(|cell| cell.most).max().unwrap_or(UNBOUNDED);
        (least * self.nodes, (most < UNBOUNDED).then(|| most.saturating_mul(self.nodes)))
    }

    /// Bounds of the rate of all nodes together \[1/s\].
    #[must_use]
    pub fn rate_per_s(&self) -> (f64, Option<f64>) {
        let all = |rate: Ratio| rate.times(self.nodes).per_second();
        let low = self.cells.iter().map(|cell| all(cell.figures.low)).fold(f64::MAX, f64::min);
        let high = self.cells.iter().map(|cell| all(cell.figures.high)).fold(0.0, f64::max);
        (low * (1.0 - 1e-15), high.is_finite().then_some(high * (1.0 + 1e-15)))
    }

    /// Whether nodes of this burst and rate each are inside.
    #[must_use]
    pub fn holds(&self, burst: i64, rate: Ratio) -> bool {
        self.cells.iter().any(|cell| {
            let Rates { low, high, .. } = cell.figures;
            (cell.least..=cell.most).contains(&burst) && low <= rate && rate <= high
        })
    }
}

/// All figures with which a bucket split over so many nodes may explain the calls of one key.
///
/// # Errors
/// Two calls that it cannot explain together.
pub fn fit(series: &Series, start: Start, nodes: i64) -> Result<Proved, Pair> {
    let rule = Rule { start, counts_refused: false };
    let anything = Cell { least: 1, most: UNBOUNDED, figures: Rates::ALL };
    let found = fit_nodes(series, rule, nodes, vec![anything]);
    match (found.cells.is_empty(), found.pair()) {
        (true, Some(pair)) => Err(pair),
        _ => Ok(Proved { nodes, cells: found.cells }),
    }
}

/// The split bucket with fewest nodes that explains the calls of one key, in order of
/// `decided.lo`, and the likeliest one.
///
/// # Errors
/// Two calls that none of up to [`MOST_NODES`] nodes explains together, if there is a refusal.
pub fn find(calls: &[&Call], series: &Series, start: Start) -> Tried {
    let mut why = None;
    for nodes in 2..=MOST_NODES {
        match fit(series, start, nodes) {
            Ok(least) => {
                let estimate = estimate(calls, series, start, nodes);
                return Ok(Split { least, estimate });
            }
            Err(pair) => why = Some(pair),
        }
    }
    Err(why)
}

/// The likeliest of all numbers of nodes from `least`, if it is shown.
fn estimate(calls: &[&Call], series: &Series, start: Start, least: i64) -> Option<Estimate> {
    let part = head(calls, MOST_CALLS);
    let seen = Seen::all(&part);
    let few = Series::new(part.iter().copied());
    let numbers: Vec<i64> = (least..=MOST_NODES).collect();
    let sets = parallel::map(&numbers, |nodes| fit(&few, start, *nodes).ok());
    let sets: Vec<Proved> = sets.into_iter().flatten().collect();
    let rival = rivals::best(&part, &seen);
    let tried = climbs(&seen, &sets, start, rival);
    let rival = if tried.is_empty() { rival } else { rivals::thinned(&seen, start).max(rival) };
    let likelier = tried.iter().reduce(|a, b| match b.1.likelihood > a.1.likelihood {
        true => b,
        false => a,
    });
    let (nodes, best) = likelier?;
    let top = best.likelihood;
    if top < rival + LEAD {
        return None;
    }
    // More calls may have proved more.
    let proved = fit(series, start, *nodes).ok()?;
    let figures = Climb::of(&seen, start, *nodes, &proved.cells).nearest(best.figures)?;
    let likely = |likelihood: f64| likelihood >= top - LIKELY;
    let near = || tried.iter().filter(|one| likely(one.1.likelihood));
    let numbers = || near().map(|one| one.0);
    let rates = || {
        let all = near().flat_map(|one| &one.1.visited);
        all.filter(|one| likely(one.1)).map(|one| one.0)
    };
    let (burst, rate_per_s) = (figures.burst * nodes, figures.rate);
    let likely_nodes = (numbers().fold(*nodes, i64::min), numbers().fold(*nodes, i64::max));
    let (low, high) = (rates().fold(rate_per_s, f64::min), rates().fold(rate_per_s, f64::max));
    let likely_rates = (low * (1.0 - FINE), high * (1.0 + FINE));
    Some(Estimate { proved, burst, rate_per_s, likely_nodes, likely_rates })
}

/// The likeliest figures for each number of nodes that is not hopeless; none if a rival is far
/// likelier than all of them.
fn climbs(seen: &[Seen], sets: &[Proved], start: Start, rival: f64) -> Vec<(i64, Best)> {
    let mut looked: Vec<(Climb<'_>, Vec<(f64, Figures)>)> = parallel::map(sets, |set| {
        let climb = Climb::of(seen, start, set.nodes, &set.cells);
        let firsts = climb.firsts();
        (climb, firsts)
    });
    let tops = looked.iter().filter_map(|one| one.1.first()).map(|one| one.0);
    let top = tops.fold(f64::MIN, f64::max);
    if (top + HOPELESS) / climb::share(seen.len()) < rival {
        return Vec::new();
    }
    looked.retain(|one| one.1.first().is_some_and(|first| first.0 >= top - HOPELESS));
    let climbed = parallel::map(&looked, |(climb, firsts)| {
        let firsts: Vec<Figures> = firsts.iter().map(|one| one.1).collect();
        Some((climb.nodes, climb.best(&firsts)?))
    });
    climbed.into_iter().flatten().collect()
}
