//! How likely a log is if a bucket of given figures is split over nodes.
//!
//! ```text
//!   a particle: what each node holds, if the calls so far went to nodes as this particle guesses
//!   call at t:  the share of its nodes that hold enough is the chance that the call is accepted
//!   particles that foresaw what happened are copied, the others fall away
//! ```
//!
//! Calls are taken to be decided in the middle of their bounds. Because that is not exact, each has
//! a small chance to be decided against all nodes. The draws are the same for all figures, so that
//! figures are compared by what they explain and not by luck.

use crate::fit::rows::{Call, Start, Status};
use crate::random::{Draws, Purpose, Streams};

/// How many guesses are followed.
const PARTICLES: usize = 24;

/// The chance that a call is decided as if by a coin.
pub(super) const SLIP: f64 = 0.01;

/// A call as an estimate sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// When it was decided, about \[s since the log's origin\].
    pub at: f64,
    /// What it costs.
    pub cost: f64,
    /// Whether it was accepted.
    pub accepted: bool,
}

impl Seen {
    /// The calls that were accepted or refused, in order of time.
    pub fn all(calls: &[&Call]) -> Vec<Self> {
        let known = calls.iter().filter(|call| call.status != Status::Other && call.cost > 0);
        let mut seen: Vec<(i64, u32, Self)> = known
            .map(|call| {
                let at = call.decided.lo / 2 + call.decided.hi / 2;
                let accepted = call.status == Status::Accepted;
                let seen = Self { at: at as f64 / 1e9, cost: f64::from(call.cost), accepted };
                (at, call.line, seen)
            })
            .collect();
        seen.sort_by_key(|(at, line, _)| (*at, *line));
        seen.into_iter().map(|(_, _, seen)| seen).collect()
    }
}

/// Figures of a split bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    /// How many nodes.
    pub nodes: usize,
    /// The burst of one node.
    pub burst: i64,
    /// The rate of all nodes \[1/s\].
    pub rate: f64,
    /// The chance that an accepted call is missing from the log, before each that is there.
    pub missing: f64,
}

/// The logarithm of how likely these decisions are.
///
/// `slip` is the chance that a call is decided as if by a coin: the greater, the smoother the hill.
pub(super) fn likelihood(seen: &[Seen], figures: Figures, (start, slip): (Start, f64)) -> f64 {
    let begins = seen.first().map_or(0.0, |call| call.at);
    let mut cloud = Cloud { slip, ..Cloud::new(figures, start, begins) };
    seen.iter().map(|call| libm::log(cloud.chance(call))).sum()
}

struct Cloud {
    nodes: usize,
    missing: f64,
    slip: f64,
    /// Seconds in which a node gets one token, and gets full.
    token: f64,
    fill: f64,
    /// When each node of each particle is full again \[s\].
    full: Vec<f64>,
    spare: Vec<f64>,
    weights: Vec<f64>,
    draws: Draws,
}

impl Cloud {
    fn new(figures: Figures, start: Start, begins: f64) -> Self {
        let Figures { nodes, burst, rate, missing } = figures;
        let token = nodes as f64 / rate;
        let fill = burst as f64 * token;
        let mut draws = Streams::new(0, 0).stream(Purpose::Nodes, 0).at(0);
        let level = |_| match start {
            Start::Full => begins,
            Start::Unknown => begins + draws.uniform() * fill,
        };
        let full: Vec<f64> = (0..PARTICLES * nodes).map(level).collect();
        let weights = vec![1.0 / PARTICLES as f64; PARTICLES];
        Self { nodes, missing, slip: SLIP, token, fill, spare: full.clone(), full, weights, draws }
    }

    /// The chance of what happened to the next call, which the particles then take in.
    fn chance(&mut self, call: &Seen) -> f64 {
        // A node is full so long after now at most, if it holds enough.
        let room = self.fill - call.cost * self.token + 1e-9;
        let mut total = 0.0;
        if self.missing > 0.0 {
            self.miss(call.at);
        }
        for (row, weight) in self.full.chunks_mut(self.nodes).zip(&mut self.weights) {
            let enough = row.iter().filter(|full| **full - call.at <= room).count();
            let fits = if call.accepted { enough } else { row.len() - enough };
            let share = fits as f64 / row.len() as f64;
            *weight *= self.slip / 2.0 + (1.0 - self.slip) * share;
            total += *weight;
            let any = self.draws.below(fits.max(1) as u64) as usize;
            if call.accepted {
                let node = match fits {
                    0 => row.iter_mut().next(),
                    _ => row.iter_mut().filter(|full| **full - call.at <= room).nth(any),
                };
                if let Some(node) = node {
                    let next = node.max(call.at) + call.cost * self.token;
                    *node = next.min(call.at + self.fill);
                }
            } else if fits == 0
                && let Some(node) = row.iter_mut().next()
            {
                *node = call.at + room + 1e-6 * self.token;
            }
        }
        self.weights.iter_mut().for_each(|weight| *weight /= total);
        if self.weights.iter().map(|weight| weight * weight).sum::<f64>() > 2.0 / PARTICLES as f64 {
            self.resample();
        }
        total
    }

    /// Lets each particle take in a call that is not in the log, or none.
    fn miss(&mut self, at: f64) {
        let room = self.fill - self.token + 1e-9;
        for row in self.full.chunks_mut(self.nodes) {
            let is_missing = self.draws.uniform() < self.missing;
            let node = self.draws.below(row.len() as u64) as usize;
            if is_missing && row[node] - at <= room {
                row[node] = row[node].max(at) + self.token;
            }
        }
    }

    /// Copies particles by their weights, each about as often as it weighs.
    fn resample(&mut self) {
        let first = self.draws.uniform();
        let (mut place, mut sum) = (0, self.weights[0]);
        for (nth, row) in self.spare.chunks_mut(self.nodes).enumerate() {
            let until = (first + nth as f64) / PARTICLES as f64;
            while sum < until && place + 1 < PARTICLES {
                place += 1;
                sum += self.weights[place];
            }
            row.copy_from_slice(&self.full[place * self.nodes..(place + 1) * self.nodes]);
        }
        std::mem::swap(&mut self.full, &mut self.spare);
        self.weights.fill(1.0 / PARTICLES as f64);
    }
}
