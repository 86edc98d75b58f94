//! One pass over a series for a bucket of a given burst and rate, in whole numbers.
//!
//! ```text
//!   accepted: the greatest   base(x) + surely counted in [x, y] - r·(y - x)   over all windows
//!             base 0 at any call; above b - c at a refusal of cost c, for then the bucket held < c
//!             over k nodes: k·b and k·r in all, of which one node held < c at a refusal
//!   refused:  V = deficit + calls that may be pending; a bound of it from above
//!             V ← max(V - r·dt, pending),  V ← V + c at a start,  V ≤ b + pending always
//! ```
//!
//! A bound V stands as `count - r·(now - since)`, so that where it meets the burst is a fraction.

use super::ratio::Ratio;
use super::rows::Start;
use super::series::{Edge, Kind, Refusal, Series};
use std::collections::VecDeque;

/// How a bucket works, beside its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What it holds when the log begins.
    pub start: Start,
    /// Whether a refused call empties it.
    pub counts_refused: bool,
}

/// The edges that are read, and how.
pub(super) struct Pass<'a> {
    pub series: &'a Series,
    pub rule: Rule,
    pub sure: &'a [Edge],
    pub may: &'a [Edge],
    /// How much more than the bound the deficit may be.
    pub slack: i64,
    /// Over how many nodes it is split: burst and rate are those of one.
    pub nodes: i64,
    /// Newton steps at most.
    pub steps: usize,
}

/// A window of accepted calls that the rate at hand cannot explain, and the rate that can.
pub(super) struct Step {
    pub rate: Ratio,
    /// The first and the last call of the window.
    pub lines: (u32, u32),
}

/// Where a window may begin, the best so far: its value, weight before, time and line.
#[derive(Clone, Copy)]
struct Mark {
    value: i128,
    weight: i64,
    at: i64,
    line: u32,
}

impl Mark {
    const NONE: Self = Self { value: i128::MIN / 4, weight: 0, at: 0, line: 0 };

    fn offer(&mut self, weight: i64, at: i64, line: u32, rate: Ratio) {
        let value =
            i128::from(rate.count) * i128::from(at) - i128::from(weight) * i128::from(rate.per);
        if value > self.value {
            *self = Self { value, weight, at, line };
        }
    }
}

/// The window of accepted calls that exceeds most what all nodes together admit, if one does.
pub(super) fn accepted(pass: &Pass<'_>, burst: i64, rate: Ratio) -> Option<Step> {
    let (rate, others) = (rate.times(pass.nodes), burst * (pass.nodes - 1));
    let (mut full, mut empty) = (Mark::NONE, Mark::NONE);
    let (mut begun, mut done) = (0i64, 0i64);
    let mut worst: (i128, Option<Step>) = (0, None);
    let scale = i128::from(rate.per);
    for edge in pass.sure {
        match edge.kind {
            Kind::Start => {
                full.offer(begun, edge.at, edge.id, rate);
                begun += i64::from(edge.weight);
            }
            Kind::End => {
                done += i64::from(edge.weight);
                let now = i128::from(done) * scale - i128::from(rate.count) * i128::from(edge.at);
                for (mark, burst) in [(&full, burst + others), (&empty, others)] {
                    let excess = now + mark.value - i128::from(burst) * scale;
                    if excess > worst.0 {
                        let need = done - mark.weight - burst;
                        let span = (edge.at - mark.at).saturating_mul(pass.nodes);
                        let rate = Ratio::new(need, span);
                        worst = (excess, Some(Step { rate, lines: (mark.line, edge.id) }));
                    }
                }
            }
            Kind::Close => {
                let refusal = &pass.series.refusals[edge.id as usize];
                let held = if pass.rule.counts_refused { 0 } else { i64::from(refusal.cost) };
                let (weight, at) = least_after(pass, refusal, rate);
                empty.offer(weight + held, at, refusal.line, rate);
            }
            Kind::Open => {}
        }
    }
    worst.1
}

/// For each refusal, whether what was surely accepted after it fits a bucket that held less than
/// its cost then.
pub(super) fn last_empty(pass: &Pass<'_>, rate: Ratio) -> Vec<bool> {
    let mut fits = vec![true; pass.series.refusals.len()];
    if rate.is_infinite() {
        return fits;
    }
    let scale = i128::from(rate.per);
    let (mut done, mut most) = (pass.series.accepted_weight, i128::MIN / 4);
    for edge in pass.sure.iter().rev() {
        match edge.kind {
            Kind::End => {
                most = most
                    .max(i128::from(done) * scale - i128::from(rate.count) * i128::from(edge.at));
                done -= i64::from(edge.weight);
            }
            Kind::Close => {
                let refusal = &pass.series.refusals[edge.id as usize];
                let (weight, at) = least_after(pass, refusal, rate);
                let before = i128::from(rate.count) * i128::from(at) - i128::from(weight) * scale;
                fits[edge.id as usize] = most + before < i128::from(refusal.cost) * scale;
            }
            Kind::Start | Kind::Open => {}
        }
    }
    fits
}

/// When a refusal happened, at worst for what the accepted calls after it prove: the weight that
/// may have gone before, and the instant.
fn least_after(pass: &Pass<'_>, refusal: &Refusal, rate: Ratio) -> (i64, i64) {
    let (from, to) = (refusal.starts.0 as usize, refusal.starts.1 as usize);
    if to - from > 16 {
        return (pass.series.weight_before(to), refusal.within.lo);
    }
    let value = |(weight, at): &(i64, i64)| {
        i128::from(rate.count) * i128::from(*at) - i128::from(*weight) * i128::from(rate.per)
    };
    let first = (pass.series.weight_before(from), refusal.within.lo);
    let later = (from..to).map(|i| (pass.series.weight_before(i + 1), pass.series.starts[i].0));
    std::iter::once(first).chain(later).min_by_key(value).unwrap_or(first)
}

/// A bound of the deficit and what may be pending: `count - r·(now - since)`.
#[derive(Clone, Copy)]
struct Bound {
    count: i64,
    since: i64,
}

impl Bound {
    fn at(self, now: i64, rate: Ratio) -> i128 {
        i128::from(self.count) * i128::from(rate.per)
            - i128::from(rate.count) * i128::from(now - self.since)
    }

    /// Kept within `least..=most` at `now`.
    fn kept(self, now: i64, rate: Ratio, least: i64, most: i64) -> Self {
        let value = self.at(now, rate);
        if value < i128::from(least) * i128::from(rate.per) {
            Self { count: least, since: now }
        } else if value > i128::from(most) * i128::from(rate.per) {
            Self { count: most, since: now }
        } else {
            self
        }
    }
}

/// The greatest bounds since the oldest refusal that is still open, falling from front to back.
#[derive(Default)]
struct Peaks(VecDeque<(i64, Bound, i128)>);

impl Peaks {
    fn push(&mut self, at: i64, bound: Bound, rate: Ratio) {
        let value = bound.at(at, rate);
        while self.0.back().is_some_and(|peak| peak.2 <= value) {
            self.0.pop_back();
        }
        self.0.push_back((at, bound, value));
    }

    /// The greatest since `lo`; nothing before `oldest` is asked for again.
    fn since(&mut self, lo: i64, oldest: i64) -> Option<(i64, Bound, i128)> {
        while self.0.front().is_some_and(|peak| peak.0 < oldest) {
            self.0.pop_front();
        }
        self.0.get(self.0.partition_point(|peak| peak.0 < lo)).copied()
    }
}

/// A rate below which every refused call is still explained as far as this rate can tell, or the
/// line of a call that is not explained at `rate`.
pub(super) fn refused(pass: &Pass<'_>, burst: i64, rate: Ratio) -> Result<Ratio, u32> {
    let mut least = Ratio::INFINITE;
    followed(pass, burst, rate, |place, root| {
        least = least.min(root.ok_or(pass.series.refusals[place as usize].line)?);
        Ok(())
    })?;
    Ok(least)
}

/// Asks for each refused call, by its place in the series, below which rate it is still explained;
/// `None` if it is not explained at `rate`.
pub(super) fn followed(
    pass: &Pass<'_>,
    burst: i64,
    rate: Ratio,
    mut ask: impl FnMut(u32, Option<Ratio>) -> Result<(), u32>,
) -> Result<(), u32> {
    let mut pending = 0i64;
    let first = pass.may.first().map_or(0, |edge| edge.at);
    let count = if pass.rule.start == Start::Full { 0 } else { burst };
    let mut bound = Bound { count, since: first };
    let mut peaks = Peaks::default();
    let (mut open, mut cluster) = (0u32, None);
    let mut blind = (pass.rule.start == Start::Unknown).then_some(first + pass.series.widest);
    for edge in pass.may {
        if let Some(until) = blind {
            bound = Bound { count: burst + pending, since: edge.at.min(until) };
            blind = blind.filter(|until| edge.at <= *until);
        }
        bound = bound.kept(edge.at, rate, pending, burst + pending);
        match edge.kind {
            Kind::Start => {
                bound.count += i64::from(edge.weight);
                pending += i64::from(edge.weight);
                if open > 0 {
                    peaks.push(edge.at, bound, rate);
                }
            }
            Kind::End => pending -= i64::from(edge.weight),
            Kind::Open => {
                peaks.push(edge.at, bound, rate);
                // Of refusals that overlap, the first was refused by itself, whichever it was.
                cluster = match (open, cluster) {
                    (0, _) => Some((edge.at, edge.weight)),
                    (_, Some((lo, cost))) => Some((lo, edge.weight.max(cost))),
                    (_, None) => None,
                };
                open += 1;
            }
            Kind::Close => {
                open -= 1;
                let refusal = &pass.series.refusals[edge.id as usize];
                let asked = match pass.rule.counts_refused {
                    true => cluster.take(),
                    false => Some((refusal.within.lo, refusal.cost)),
                };
                let oldest = pass.series.oldest[edge.id as usize];
                if let Some((lo, cost)) = asked
                    && let Some(peak) = peaks.since(lo, oldest.min(lo))
                {
                    let room = burst - i64::from(cost) - pass.slack;
                    ask(edge.id, explained(peak, room, rate))?;
                }
                if pass.rule.counts_refused {
                    bound = Bound { count: burst + pending, since: edge.at };
                }
            }
        }
    }
    Ok(())
}

/// The rate at which the bound meets `room`, which a refusal needs it to exceed; `None` if it
/// does not exceed it at `rate`.
fn explained((at, bound, value): (i64, Bound, i128), room: i64, rate: Ratio) -> Option<Ratio> {
    if value <= i128::from(room) * i128::from(rate.per) {
        return None;
    }
    Some(Ratio::new(bound.count - room, at - bound.since))
}
