//! The sliding counter: what is in this window, and a share of what was in the one before.
//!
//! ```text
//!   estimate = current + previous · (window - elapsed) / window
//!   whole call: accepted while estimate + cost ≤ limit        any room: while estimate < limit
//! ```
//!
//! A box of window lengths and phases bounds both counts and the share. A call that may lie on
//! either side of a boundary proves nothing and is passed over.

use super::blocks::{Pair, UNBOUNDED};
use super::bucket::Rule;
use super::marks::Counted;
use super::rows::Start;
use super::series::Series;
use super::ticks::{Size, Ticked, Ticking, boxes, finest, least_period};
use super::ticks_pass::Grid;

/// What the estimate must leave for one more call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// A whole call: estimate + cost ≤ limit.
    Whole,
    /// Any part of one: estimate < limit.
    Any,
}

/// One estimate costs as much as reading so many edges.
const COST: usize = 16;

/// A call whose window is asked for: bounds, cost and line.
type Asked = (i64, i64, i64, u32);

/// Windows in `periods` \[ns\] that may explain `series`.
#[must_use]
pub fn fit(series: &Series, rule: Rule, room: Room, periods: (i64, i64)) -> Ticked {
    let counted = Counted::of(series, rule.counts_refused);
    let accepted = series.accepted();
    let mut refused: Vec<Asked> = series
        .refusals
        .iter()
        .map(|r| (r.within.lo, r.within.hi, i64::from(r.cost), r.line))
        .collect();
    refused.sort_unstable();
    let low = periods.0.max(match rule.counts_refused {
        true => finest(series),
        false => least_period(series, rule.start, Size::Estimate),
    });
    let period = (low, periods.1);
    let least = if room == Room::Whole { series.needed } else { 1 };
    let capacity = (least, UNBOUNDED);
    let all = Ticking { size: Size::Estimate, period, first: (0, periods.1), capacity };
    let (counted, accepted, refused) = (&counted, &accepted[..], &refused[..]);
    let mut asking = Asking {
        counted,
        accepted,
        refused,
        rule,
        room,
        widest: series.widest,
        lately: Vec::new(),
    };
    boxes(series, all, &mut |grid| asking.check(grid))
}

/// What a search knows besides the box.
struct Asking<'a> {
    counted: &'a Counted,
    accepted: &'a [Asked],
    refused: &'a [Asked],
    rule: Rule,
    room: Room,
    /// The widest bounds of a call.
    widest: i64,
    /// Pairs that refuted boxes lately: they are likely to refute the next.
    lately: Vec<(usize, usize)>,
}

/// Bounds of the limit, and the calls that prove them.
struct Limits {
    least: (i64, usize),
    most: (i64, usize),
}

impl Asking<'_> {
    fn check(&mut self, grid: &Grid) -> Result<(i64, i64), Pair> {
        for place in (0..self.lately.len()).rev() {
            grid.work.set(grid.work.get() + 2 * COST);
            let (accepted, refused) = self.lately[place];
            let mut limits = Limits { least: (grid.capacity.0, 0), most: (grid.capacity.1, 0) };
            self.accept(accepted, grid, &mut limits);
            self.refuse(refused, grid, &mut limits);
            if limits.most.0 < limits.least.0 {
                let pair = self.lately.remove(place);
                self.lately.push(pair);
                return Err(self.pair(&limits));
            }
        }
        let mut limits = Limits { least: (grid.capacity.0, 0), most: (grid.capacity.1, 0) };
        let reads = (reads(self.accepted, grid), reads(self.refused, grid));
        grid.work.set(grid.work.get() + (reads.0 + reads.1) * COST);
        for index in 0..reads.0 {
            self.accept(index, grid, &mut limits);
        }
        for index in 0..reads.1 {
            self.refuse(index, grid, &mut limits);
            if limits.most.0 < limits.least.0 {
                if self.lately.len() == 6 {
                    self.lately.remove(0);
                }
                self.lately.push((limits.least.1, limits.most.1));
                return Err(self.pair(&limits));
            }
        }
        Ok((limits.least.0, limits.most.0))
    }

    fn pair(&self, limits: &Limits) -> Pair {
        let refused = self.refused.get(limits.most.1).map_or(0, |call| call.3);
        let accepted = self.accepted.get(limits.least.1).map_or(refused, |call| call.3);
        Pair { accepted, refused }
    }

    /// Raises the least limit to what an accepted call needs.
    fn accept(&self, index: usize, grid: &Grid, limits: &mut Limits) {
        let Some(call) = self.accepted.get(index) else { return };
        let (estimate, _) = bounds(self.counted, *call, 0, grid, self.rule.start);
        let need = match self.room {
            Room::Whole => whole((estimate.0 + estimate.1 - 1).div_euclid(estimate.1)) + call.2,
            Room::Any => whole(estimate.0.div_euclid(estimate.1)) + 1,
        };
        if need > limits.least.0 {
            limits.least = (need, index);
        }
    }

    /// Lowers the greatest limit to what a refused call allows.
    fn refuse(&self, index: usize, grid: &Grid, limits: &mut Limits) {
        let Some(call) = self.refused.get(index) else { return };
        // Before the log there may have been anything.
        if self.rule.start == Start::Unknown && call.0 < self.widest + 2 * grid.period.1 {
            return;
        }
        let own = if self.rule.counts_refused { call.2 } else { 0 };
        let (_, estimate) = bounds(self.counted, *call, own, grid, self.rule.start);
        let allow = match self.room {
            // Below estimate + cost.
            Room::Whole => whole((estimate.0 - 1).div_euclid(estimate.1)) + call.2,
            Room::Any => whole(estimate.0.div_euclid(estimate.1)),
        };
        if allow < limits.most.0 {
            limits.most = (allow, index);
        }
    }
}

fn whole(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX / 2)
}

fn reads(calls: &[Asked], grid: &Grid) -> usize {
    let cut = calls.partition_point(|call| call.1 <= grid.until || call.0 <= grid.until / 2);
    cut.max(grid.edges / 2).min(calls.len())
}

/// A fraction: what is above, and what is below the line.
type Part = (i128, i128);

/// Bounds of the estimate at a call.
fn bounds(counted: &Counted, call: Asked, own: i64, grid: &Grid, start: Start) -> (Part, Part) {
    let (lo, hi, _, _) = call;
    let any = (least_of_any(counted, call, grid), most_of_any(counted, call, own, grid));
    // Window n begins with tick n - 1; the first two are begun before the log.
    let number = grid.late_count(lo);
    if number != grid.early_count(hi) || (number < 2 && start == Start::Unknown) {
        return any;
    }
    let begins = |n: i64| match n {
        1.. => (grid.early(n - 1), grid.late(n - 1)),
        _ => (grid.early(0) + grid.period.1 * (n - 1), grid.late(0) + grid.period.0 * (n - 1)),
    };
    let ((early, late), before) = (begins(number), begins(number - 1));
    let part = |current: i64, previous: i64, left: i64, window: i64| {
        let (current, previous) = (i128::from(current.max(0)), i128::from(previous.max(0)));
        let window = i128::from(window);
        (current * window + previous * i128::from(left).clamp(0, window), window)
    };
    let (starts, ends) = &counted.sure;
    let current = ends.before(lo) - starts.before(late);
    let previous = ends.before(early) - starts.before(before.1);
    let least = part(current, previous, grid.period.0 - (hi - early), grid.period.0);
    let (starts, ends) = &counted.may;
    let current = starts.until(hi) - ends.before(early) - own;
    let previous = starts.until(late) - ends.before(before.0);
    let most = part(current, previous, grid.period.1 - (lo - late), grid.period.1);
    (greater(least, any.0), lesser(most, any.1))
}

fn greater(a: Part, b: Part) -> Part {
    if a.0 * b.1 >= b.0 * a.1 { a } else { b }
}

fn lesser(a: Part, b: Part) -> Part {
    if a.0 * b.1 <= b.0 * a.1 { a } else { b }
}

/// In any phase, a call of age a weighs at least 1 - a / window.
fn least_of_any(counted: &Counted, (lo, hi, _, _): Asked, grid: &Grid) -> Part {
    let (starts, ends) = &counted.sure;
    let window = grid.period.0;
    let from = starts.at.partition_point(|at| *at <= hi - window);
    let done = ends.before(lo);
    let to = starts.before.partition_point(|before| *before <= done) - 1;
    if to <= from {
        return (0, i128::from(window));
    }
    let weight = i128::from(starts.before[to] - starts.before[from]);
    let moment = starts.moment[to] - starts.moment[from];
    (weight * i128::from(window - hi) + moment, i128::from(window))
}

/// In any phase, a call of age a weighs at most 1, and at most 2 - a / window.
fn most_of_any(counted: &Counted, (lo, hi, _, _): Asked, own: i64, grid: &Grid) -> Part {
    let (starts, ends) = &counted.may;
    let window = grid.period.1;
    let begun = starts.until(hi);
    let to = ends.before.partition_point(|before| *before < begun).min(ends.at.len());
    let place = |at: i64| ends.at.partition_point(|end| *end <= at).min(to);
    let (fading, whole) = (place(lo - 2 * window), place(lo - window));
    let weight = |from: usize, to: usize| i128::from(ends.before[to] - ends.before[from]);
    let (window, lo) = (i128::from(window), i128::from(lo));
    let faded =
        weight(fading, whole) * (2 * window - lo) + ends.moment[whole] - ends.moment[fading];
    (((weight(whole, to) - i128::from(own)) * window + faded).max(0), window)
}
