//! Tokens that come `size` at a time every `period`, from a phase; and the fixed window, which is
//! a bucket whose every tick fills it.
//!
//! ```text
//!   box: period in [T1, T2], first tick in [p1, p2] after the origin, capacities [b1, b2]
//!        tick n happened within [p1 + n·T1, p2 + n·T2]
//!   a box is thrown away when two calls contradict every tick time within it, else cut in two,
//!   until it is finer than what the log can tell; what is left encloses the truth
//! ```
//!
//! Boxes are first tried on the head of the log, where the ticks of a wide box are still apart, and
//! on more of it as they become narrow: near linear in the end.

use super::blocks::{Pair, UNBOUNDED};
use super::rows::Start;
use super::series::Series;
pub use super::ticks_pass::Size;
pub(super) use super::ticks_pass::{Grid, check, explained};
use super::{bucket, sliding};
use std::cell::Cell;

/// Bounds of all figures of ticks of one size. Times in ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticking {
    /// How much comes with a tick.
    pub size: Size,
    /// From tick to tick, or how long a window is.
    pub period: (i64, i64),
    /// When the first tick at or after the series' origin comes, after that origin.
    pub first: (i64, i64),
    /// The burst, or what a window allows; [`UNBOUNDED`] if there is no upper bound.
    pub capacity: (i64, i64),
}

/// What is left of one size of ticks.
#[derive(Debug, Clone)]
pub struct Ticked {
    /// Boxes that may hold the truth.
    pub boxes: Vec<Ticking>,
    /// Whether the budget was spent, so that `boxes` is wider than it had to be.
    pub rough: bool,
    /// How many of the boxes are as narrow as the log can tell, and still explain it.
    pub narrow: usize,
    /// The two calls that refuted the largest part of what was thrown away.
    pub pair: Option<Pair>,
    /// Boxes thrown away.
    pub thrown: usize,
}

impl Ticked {
    /// The smallest box around all that is left.
    #[must_use]
    pub fn hull(&self) -> Option<Ticking> {
        self.boxes.iter().copied().reduce(|a, b| Ticking {
            size: a.size,
            period: join(a.period, b.period),
            first: join(a.first, b.first),
            capacity: join(a.capacity, b.capacity),
        })
    }
}

fn join(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (a.0.min(b.0), a.1.max(b.1))
}

/// The least period that is tried \[ns\]: a millisecond.
pub const LEAST_PERIOD: i64 = 1_000_000;
/// Edges read for one size of ticks at most, over all boxes.
pub const BUDGET: usize = 100_000_000;
/// A box costs as much as reading so many edges, beside those that it reads.
const BOX: usize = 4_000;
/// Edges that are read for each box at least, if there are so many.
const EDGES_FIRST: usize = 256;
/// Edges that are read at most: what is left encloses the truth all the same.
const EDGES_MOST: usize = 16_000;

/// Ticks of `size` with periods in `periods` \[ns\] that may explain `series`.
#[must_use]
pub fn fit(series: &Series, start: Start, size: Size, periods: (i64, i64)) -> Ticked {
    let least = if let Size::Tokens(size) = size { size + 1 } else { 1 }.max(series.needed);
    let low = periods.0.max(least_period(series, start, size));
    let all = Ticking {
        size,
        period: (low, periods.1),
        first: (0, periods.1),
        capacity: (least, UNBOUNDED),
    };
    boxes(series, all, &mut |grid| check(series, start, grid))
}

/// What throws a box away: two calls that contradict it.
type Check<'a> = dyn FnMut(&Grid) -> Result<(i64, i64), Pair> + 'a;

/// Cuts `all` into boxes that `check` does not throw away.
pub(super) fn boxes(series: &Series, all: Ticking, check: &mut Check<'_>) -> Ticked {
    let mut search = Search {
        length: series.length().min(series.may.get(EDGES_MOST).map_or(i64::MAX, |edge| edge.at)),
        fine: fineness(series),
        out: Ticked { boxes: Vec::new(), rough: false, narrow: 0, pair: None, thrown: 0 },
        blame: (0.0, None),
        check,
        work: 0,
    };
    let mut todo = Vec::new();
    let (mut low, end) = all.period;
    while low <= end {
        let high = low.saturating_mul(2).min(end);
        todo.push(Ticking { period: (low, high), first: (0, high), ..all });
        low = high + 1;
    }
    while let Some(ticking) = todo.pop() {
        let budget = if all.size == Size::Estimate { BUDGET / 6 } else { BUDGET };
        if search.work > budget {
            search.out.rough = true;
            search.out.boxes.push(ticking);
            continue;
        }
        search.split(ticking, &mut todo);
    }
    search.out.pair = search.blame.1;
    search.out.boxes.sort_by_key(|left| (left.period, left.first));
    search.out
}

/// The least period that is tried: no shorter one explains the refusals, or it is shorter than the
/// calls are uncertain, where ticks cannot be told from continuous refill.
#[must_use]
pub fn least_period(series: &Series, start: Start, size: Size) -> i64 {
    let bound = match size {
        Size::Tokens(size) => bucket::least_period(series, start, size),
        Size::All => sliding::shortest_of_one(series, start),
        Size::Estimate => sliding::shortest_of_one(series, start) / 2,
    };
    bound.max(finest(series))
}

/// The shortest period that can be told from continuous refill in this log \[ns\].
#[must_use]
pub fn finest(series: &Series) -> i64 {
    fineness(series).max(LEAST_PERIOD).max(series.length() >> 31)
}

/// The uncertainty of the middle call \[ns\].
fn fineness(series: &Series) -> i64 {
    let mut widths: Vec<i64> =
        series.refusals.iter().take(10_000).map(|r| r.within.hi - r.within.lo).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

struct Search<'a> {
    check: &'a mut Check<'a>,
    /// Edges read.
    work: usize,
    length: i64,
    fine: i64,
    out: Ticked,
    blame: (f64, Option<Pair>),
}

impl Search<'_> {
    /// Throws a box away, keeps it, or cuts it in two.
    fn split(&mut self, mut ticking: Ticking, todo: &mut Vec<Ticking>) {
        let (p, f) = (ticking.period, ticking.first);
        if f.0 > p.1 {
            return;
        }
        let (wide, slow) = (f.1 - f.0, p.1 - p.0);
        // Ticks beyond this one of the box are no longer apart.
        let apart = if slow == 0 { i64::MAX } else { ((p.0 / 2 - wide) / slow).max(3) };
        let reach = p.0.saturating_mul(apart).saturating_add(f.1);
        let grid = Grid {
            size: ticking.size,
            period: p,
            first: f,
            capacity: ticking.capacity,
            until: reach.min(self.length),
            edges: EDGES_FIRST,
            work: Cell::new(0),
        };
        let checked = (self.check)(&grid);
        self.work += grid.work.get() + BOX;
        match checked {
            Err(pair) => {
                self.out.thrown += 1;
                let share = (slow + 1) as f64 / p.1 as f64 * (wide + 1) as f64 / p.1 as f64;
                if share > self.blame.0 {
                    self.blame = (share, Some(pair));
                }
                return;
            }
            Ok(capacity) => ticking.capacity = capacity,
        }
        let fine = (self.fine / 8).max(p.0 / 512).max(1);
        let ticks = (self.length / p.0).max(1);
        let drift = slow.saturating_mul(ticks);
        if wide <= fine && (drift <= fine || slow <= 1) {
            self.out.boxes.push(ticking);
            self.out.narrow += 1;
            return;
        }
        let drift_in_reach = slow.saturating_mul(apart.min(ticks));
        let cut_period = slow > 1
            && (drift_in_reach >= wide || slow > p.0 / 8 || (wide <= fine && drift > fine));
        let (mut a, mut b) = (ticking, ticking);
        if cut_period {
            let middle = p.0 + slow / 2;
            (a.period.1, b.period.0) = (middle, middle);
        } else {
            let middle = f.0 + wide / 2;
            (a.first.1, b.first.0) = (middle, middle);
        }
        todo.push(b);
        todo.push(a);
    }
}
