//! The likeliest burst and rate for a number of nodes, inside what is proved.
//!
//! ```text
//!   a rough look:  some bursts and rates, by the first calls ─► those that are likely
//!   a climb:       the likeliest neighbour, in burst or in rate, while it is likelier
//!                  ─► again with smaller steps
//! ```

use super::particles::{Figures, SLIP, Seen, likelihood};
use crate::fit::blocks::Cell;
use crate::fit::bucket::Rates;
use crate::fit::rows::Start;

/// Rates of the rough look, as parts of that of the accepted calls.
const RATES: [f64; 6] = [0.95, 1.0, 1.05, 1.12, 1.22, 1.4];
/// Bursts of the rough look are closer to one another up to this.
const FEW: i64 = 40;
/// Calls of the rough look, and the chance of a slip in it: the greater, the smoother the hill.
const ROUGH: (usize, f64) = (500, 0.1);
/// Figures that are kept of it, and climbs that begin.
const TOPS: (usize, usize) = (3, 2);
/// By what a rate is multiplied or divided in one step, ever smaller.
const STEPS: [f64; 4] = [1.05, 1.02, 1.007, 1.002];
/// Steps of one size at most.
const MOST_STEPS: usize = 8;
/// With so many nodes or fewer, rates next to the likeliest may be unlikely: so many more are
/// tried, this part apart.
const SHARP: (i64, usize, i32, f64) = (4, 3, 17, 0.003);
/// Greater bursts of a node are hardly told apart.
const MOST_BURST: i64 = 1 << 12;

/// The likeliest figures, and rates that were tried on the way with their likelihoods.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub figures: Figures,
    pub likelihood: f64,
    pub visited: Vec<(f64, f64)>,
}

/// What is climbed.
pub(super) struct Climb<'a> {
    pub seen: &'a [Seen],
    pub start: Start,
    pub nodes: i64,
    /// The chance that a call is missing before each, and that a call is decided as if by a coin.
    pub noise: (f64, f64),
    /// What is proved of a node.
    pub cells: &'a [Cell<Rates>],
}

/// The part of so many calls that the rough look sees.
pub(super) fn share(calls: usize) -> f64 {
    calls.min(ROUGH.0) as f64 / calls.max(1) as f64
}

impl<'a> Climb<'a> {
    /// Within what is proved of a number of nodes, by a log of all calls.
    pub fn of(seen: &'a [Seen], start: Start, nodes: i64, cells: &'a [Cell<Rates>]) -> Self {
        Self { seen, start, nodes, noise: (0.0, SLIP), cells }
    }

    /// Figures that are likely at a rough look, the likeliest first.
    pub fn firsts(&self) -> Vec<(f64, Figures)> {
        let Some(whole) = self.rate_of_accepted() else { return Vec::new() };
        let bursts = self.bursts();
        let all = bursts.iter().flat_map(|burst| RATES.map(|part| (*burst, whole * part)));
        let seen = &self.seen[..self.seen.len().min(ROUGH.0)];
        let mut firsts: Vec<(f64, Figures)> = all
            .filter_map(|(burst, rate)| self.inside(burst, rate))
            .map(|figures| (likelihood(seen, figures, (self.start, ROUGH.1)), figures))
            .collect();
        firsts.sort_by(|a, b| b.0.total_cmp(&a.0));
        firsts.dedup();
        firsts.truncate(TOPS.0);
        firsts
    }

    /// The likeliest figures near some.
    pub fn best(&self, firsts: &[Figures]) -> Option<Best> {
        let all: Vec<(i64, f64)> = firsts.iter().map(|one| (one.burst, one.rate)).collect();
        let mut visited = Vec::new();
        let mut best = self.climb(&all, &mut visited)?;
        for _ in 0..if self.nodes <= SHARP.0 { SHARP.1 } else { 0 } {
            let Figures { burst, rate, .. } = best.0;
            let bursts = [burst, burst + 1, burst - 1, burst + 2, burst - 2];
            let rates = (-SHARP.2..=SHARP.2).map(|n| rate * (1.0 + SHARP.3 * f64::from(n)));
            let all: Vec<(i64, f64)> =
                rates.flat_map(|rate| bursts.map(|burst| (burst, rate))).collect();
            let again = self.climb(&all, &mut visited)?;
            if again.1 <= best.1 {
                break;
            }
            best = again;
        }
        let (figures, likelihood) = best;
        Some(Best { figures, likelihood, visited })
    }

    /// The highest top near some figures.
    fn climb(&self, from: &[(i64, f64)], visited: &mut Vec<(f64, f64)>) -> Option<(Figures, f64)> {
        let mut tried: Vec<(Figures, f64)> =
            from.iter().filter_map(|(burst, rate)| self.tried(*burst, *rate)).collect();
        tried.sort_by(|a, b| b.1.total_cmp(&a.1));
        tried.dedup();
        visited.extend(tried.iter().map(|one| (one.0.rate, one.1)));
        let tops = tried.into_iter().take(TOPS.1);
        tops.map(|top| self.uphill(top, visited)).reduce(|a, b| if b.1 > a.1 { b } else { a })
    }

    /// The top of the hill on which these figures are.
    fn uphill(&self, from: (Figures, f64), visited: &mut Vec<(f64, f64)>) -> (Figures, f64) {
        let mut best = from;
        for step in STEPS {
            for _ in 0..MOST_STEPS {
                let Figures { burst, rate, .. } = best.0;
                let jump = ((burst as f64 * (step - 1.0)) as i64).max(1);
                let around = [
                    (burst + jump, rate),
                    (burst - jump, rate),
                    (burst, rate * step),
                    (burst, rate / step),
                ];
                let tried = around.into_iter().filter_map(|(burst, rate)| self.tried(burst, rate));
                let tried: Vec<(Figures, f64)> = tried.collect();
                visited.extend(tried.iter().map(|one| (one.0.rate, one.1)));
                let better = tried.into_iter().filter(|one| one.1 > best.1);
                let Some(next) = better.reduce(|a, b| if b.1 > a.1 { b } else { a }) else { break };
                best = next;
            }
        }
        best
    }

    /// These figures, or the likeliest that are proved if these are not.
    pub fn nearest(&self, figures: Figures) -> Option<Figures> {
        let firsts = || self.firsts().into_iter().map(|one| one.1).collect::<Vec<Figures>>();
        self.inside(figures.burst, figures.rate)
            .or_else(|| self.best(&firsts()).map(|best| best.figures))
    }

    /// These figures or the nearest that are proved, and how likely they are.
    fn tried(&self, burst: i64, rate: f64) -> Option<(Figures, f64)> {
        let figures = self.inside(burst, rate)?;
        Some((figures, likelihood(self.seen, figures, (self.start, self.noise.1))))
    }

    /// The nearest figures inside what is proved; `None` if that burst is outside.
    fn inside(&self, burst: i64, rate: f64) -> Option<Figures> {
        let holds = |cell: &&Cell<Rates>| (cell.least..=cell.most).contains(&burst);
        let nodes = self.nodes as f64;
        let kept = |cell: &Cell<Rates>| {
            let Rates { low, high, .. } = cell.figures;
            let (low, high) = (low.per_second() * nodes, high.per_second() * nodes);
            rate.max(low).min(high)
        };
        let nearest = |a: f64, b: f64| if (b - rate).abs() < (a - rate).abs() { b } else { a };
        let rate = self.cells.iter().filter(holds).map(kept).reduce(nearest)?;
        let is_one = rate > 0.0 && rate.is_finite();
        let (nodes, missing) = (self.nodes as usize, self.noise.0);
        is_one.then_some(Figures { nodes, burst, rate, missing })
    }

    /// What was accepted in a second, on average.
    fn rate_of_accepted(&self) -> Option<f64> {
        let [first, .., last] = self.seen else { return None };
        let accepted: f64 =
            self.seen.iter().filter(|call| call.accepted).map(|call| call.cost).sum();
        Some(accepted.max(1.0) / (last.at - first.at).max(1e-3))
    }

    /// Bursts from the least to the greatest, further and further apart.
    fn bursts(&self) -> Vec<i64> {
        let least = self.cells.iter().map(|cell| cell.least).min().unwrap_or(1);
        let most = self.cells.iter().map(|cell| cell.most).max().unwrap_or(least);
        let next = |burst: &i64| match *burst {
            burst if burst < FEW => burst + 1 + burst / 3,
            burst => burst * 2,
        };
        let bursts = std::iter::successors(Some(least), |burst| Some(next(burst)));
        bursts.take_while(|burst| *burst <= most.min(MOST_BURST.max(least))).collect()
    }
}
