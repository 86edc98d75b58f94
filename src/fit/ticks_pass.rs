//! One pass over a series for a box of tick times.
//!
//! ```text
//!   may have ticked in (x, y]:  #(earliest ≤ y) - #(latest ≤ x)     helps accepted calls
//!   has surely ticked by y:     #(latest ≤ y)                        hurts refused calls
//!   at one instant: ticks, then calls
//! ```
//!
//! The deficit is bounded from above twice: `absolute`, and `relative` to the capacity, which is
//! all that is known of it when the log begins with an unknown level or after a full window.

use super::blocks::Pair;
use super::rows::Start;
use super::series::{Edge, Kind, Series};
use std::cell::Cell;

/// How much comes with a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// So many tokens, fewer than the capacity.
    Tokens(i64),
    /// All of them: a fixed window.
    All,
    /// All of them, but the window before still weighs: a counter of two windows.
    Estimate,
}

/// A box of tick times and capacities, and how much of the series to read.
pub(super) struct Grid {
    pub size: Size,
    pub period: (i64, i64),
    pub first: (i64, i64),
    pub capacity: (i64, i64),
    /// Edges later than this are left, once `edges` of them have been read.
    pub until: i64,
    pub edges: usize,
    /// Edges that have been read for this box.
    pub work: Cell<usize>,
}

/// More than any window counts, and small enough to be taken as often as ticks are counted.
const ALL: i64 = 1 << 30;
const NEVER: i64 = i64::MIN / 4;

impl Grid {
    fn size(&self) -> i64 {
        match self.size {
            Size::Tokens(size) => size,
            Size::All | Size::Estimate => ALL,
        }
    }

    pub fn early(&self, tick: i64) -> i64 {
        self.first.0.saturating_add(self.period.0.saturating_mul(tick))
    }

    /// One nanosecond for periods that are no whole number of them.
    pub fn late(&self, tick: i64) -> i64 {
        self.first.1.saturating_add(self.period.1.saturating_mul(tick)).saturating_add(1)
    }

    pub fn early_count(&self, at: i64) -> i64 {
        if at < self.first.0 { 0 } else { (at - self.first.0) / self.period.0 + 1 }
    }

    pub fn late_count(&self, at: i64) -> i64 {
        if at <= self.first.1 { 0 } else { (at - 1 - self.first.1) / self.period.1 + 1 }
    }

    pub fn reads<'a>(&self, edges: &'a [Edge]) -> &'a [Edge] {
        let cut = edges.partition_point(|edge| edge.at <= self.until);
        let read = &edges[..cut.max(self.edges.min(edges.len()))];
        self.work.set(self.work.get() + read.len());
        read
    }
}

/// The capacities of the box that may explain what is read, or two calls that none explains.
pub(super) fn check(series: &Series, start: Start, grid: &Grid) -> Result<(i64, i64), Pair> {
    let (least, by) = accepted(series, grid)?;
    let least = least.max(grid.capacity.0);
    if least > grid.capacity.1 {
        return Err(Pair { accepted: by.1, refused: by.0 });
    }
    let most = refused(series, start, grid, least)
        .map_err(|refused| Pair { accepted: if by.1 == 0 { refused } else { by.1 }, refused })?;
    Ok((least, most))
}

/// A count of ticks by an instant, followed along the edges without dividing at each.
struct Counter {
    count: i64,
    next: i64,
}

/// Windows that follow one another: each accepts no more than the capacity.
const CHAINS: [i64; 4] = [2, 4, 8, 16];

/// The first call after each tick that has surely come: several windows in a row begin there.
#[derive(Default)]
struct Chains {
    /// Ticks that have surely come, weight before, and line.
    marks: Vec<(i64, i64, u32)>,
    /// For each chain, the first mark that it may begin with.
    from: [usize; CHAINS.len()],
}

impl Chains {
    fn start(&mut self, ticks: i64, begun: i64, line: u32) {
        if self.marks.last().is_none_or(|mark| mark.0 < ticks) {
            self.marks.push((ticks, begun, line));
        }
    }

    /// The capacity that `done` calls need when so many ticks may have come, and the first of them.
    fn need(&mut self, ticks: i64, done: i64) -> (i64, u32) {
        let mut most = (0, 0);
        for (windows, from) in CHAINS.iter().zip(&mut self.from) {
            while self.marks.get(*from).is_some_and(|mark| ticks - mark.0 >= *windows) {
                *from += 1;
            }
            let Some((_, begun, line)) = self.marks.get(*from) else { continue };
            most = most.max(((done - begun + windows - 1) / windows, *line));
        }
        most
    }
}

/// The least capacity that the accepted calls need, and the lines of the window that needs it.
fn accepted(series: &Series, grid: &Grid) -> Result<(i64, (u32, u32)), Pair> {
    let size = grid.size();
    let (mut early, mut late) =
        (Counter { count: 0, next: grid.early(0) }, Counter { count: 0, next: grid.late(0) });
    let (mut begun, mut done) = (0i64, 0i64);
    let (mut full, mut empty) = ((NEVER, 0u32), (NEVER, 0u32));
    let mut least = (0, (0, 0));
    let mut chains = (grid.size == Size::All).then(Chains::default);
    for edge in grid.reads(&series.sure) {
        if edge.at >= early.next {
            early.count = grid.early_count(edge.at);
            early.next = grid.early(early.count);
        }
        if edge.at >= late.next {
            late.count = grid.late_count(edge.at);
            late.next = grid.late(late.count);
        }
        match edge.kind {
            Kind::Start => {
                let value = size.saturating_mul(late.count) - begun;
                if value > full.0 {
                    full = (value, edge.id);
                }
                if let Some(chains) = &mut chains {
                    chains.start(late.count, begun, edge.id);
                }
                begun += i64::from(edge.weight);
            }
            Kind::End => {
                done += i64::from(edge.weight);
                let now = done - size.saturating_mul(early.count);
                if now + full.0 > least.0 {
                    least = (now + full.0, (full.1, edge.id));
                }
                if let Some(chains) = &mut chains {
                    let (need, line) = chains.need(early.count, done);
                    if need > least.0 {
                        least = (need, (line, edge.id));
                    }
                }
                if now + empty.0 > 0 {
                    return Err(Pair { accepted: edge.id, refused: empty.1 });
                }
            }
            Kind::Close => {
                // Refused: the deficit was above capacity - cost, so at least one more.
                let refusal = &series.refusals[edge.id as usize];
                let before = series.weight_before(refusal.starts.1 as usize);
                let ticks = size.saturating_mul(grid.late_count(refusal.within.lo));
                let value = ticks - before - (i64::from(refusal.cost) - 1);
                if value > empty.0 {
                    empty = (value, refusal.line);
                }
            }
            Kind::Open => {}
        }
    }
    Ok(least)
}

/// A bound of the deficit from above: the greater of `absolute` and `relative` + the capacity.
#[derive(Clone, Copy)]
struct Deficit {
    absolute: i64,
    relative: i64,
}

impl Deficit {
    fn plus(self, weight: i64) -> Self {
        Self { absolute: self.absolute + weight, relative: self.relative + weight }
    }

    fn kept(self, most: i64) -> Self {
        Self { absolute: self.absolute.min(most), relative: self.relative.min(0) }
    }

    fn join(self, other: Self) -> Self {
        Self {
            absolute: self.absolute.max(other.absolute),
            relative: self.relative.max(other.relative),
        }
    }

    fn below(self, other: Self) -> bool {
        self.absolute <= other.absolute && self.relative <= other.relative
    }
}

/// What may be missing from full, followed along the edges.
struct Level {
    size: i64,
    /// Had all that is pending not come, and all ticks that may have come.
    least: Deficit,
    /// With all that is pending, had none of the ticks come that may not have.
    waiting: Deficit,
    pending: i64,
    early: Counter,
    late: Counter,
}

impl Level {
    fn new(start: Start, grid: &Grid) -> Self {
        let relative = if start == Start::Full { NEVER } else { 0 };
        let least = Deficit { absolute: 0, relative };
        Self {
            size: grid.size(),
            least,
            waiting: least,
            pending: 0,
            early: Counter { count: 0, next: grid.early(0) },
            late: Counter { count: 0, next: grid.late(0) },
        }
    }

    /// Lets the ticks up to `at` come.
    fn advance(&mut self, at: i64, grid: &Grid) {
        if at >= self.early.next {
            let count = grid.early_count(at);
            let gain = self.size.saturating_mul(count - self.early.count);
            self.least.absolute = (self.least.absolute - gain).max(0);
            self.least.relative = self.least.relative.saturating_sub(gain).max(NEVER);
            self.early = Counter { count, next: grid.early(count) };
        }
        if at >= self.late.next {
            let count = grid.late_count(at);
            self.late = Counter { count, next: grid.late(count) };
        }
        let all = self.least.plus(self.pending);
        if self.early.count == self.late.count && !self.waiting.below(all) {
            self.waiting = all;
        }
    }

    /// Knows no more than that the capacity bounds the deficit.
    fn forget(&mut self) {
        self.least.relative = 0;
        self.waiting = self.least.plus(self.pending);
    }

    /// The deficit with all that is pending.
    fn most(&self) -> Deficit {
        let apart = self.early.count - self.late.count;
        let all = self.least.plus(self.pending + self.size.saturating_mul(apart).min(ALL << 8));
        if self.waiting.below(all) { self.waiting } else { all }
    }

    fn start(&mut self, weight: i64) {
        self.pending += weight;
        self.waiting = self.waiting.plus(weight);
    }

    fn end(&mut self, weight: i64, most: i64) {
        self.pending -= weight;
        self.least = self.least.plus(weight).kept(most);
        let pending = self.pending;
        self.waiting = self.waiting.plus(-pending).kept(most).plus(pending);
    }
}

/// For each refused call of `series`, whether some capacity of the box may explain it; `None` if
/// accepted calls refute the box. `counted` is the series without refusals.
pub(super) fn explained(
    (series, counted): (&Series, &Series),
    start: Start,
    grid: &Grid,
) -> Option<Vec<bool>> {
    let (least, _) = accepted(counted, grid).ok()?;
    let (least, most) = (least.max(grid.capacity.0), grid.capacity.1);
    let mut explained = vec![true; series.refusals.len()];
    let asked = followed(series, start, grid, |place, allowed| {
        explained[place as usize] = allowed >= least;
        Ok(most)
    });
    (least <= most && asked.is_ok()).then_some(explained)
}

/// The greatest capacity that the refused calls allow, or the line of one that none explains.
fn refused(series: &Series, start: Start, grid: &Grid, least: i64) -> Result<i64, u32> {
    let mut most = grid.capacity.1;
    followed(series, start, grid, |place, allowed| {
        most = most.min(allowed);
        (most >= least).then_some(most).ok_or(series.refusals[place as usize].line)
    })?;
    Ok(most)
}

/// Asks for each refused call, by its place in the series, which greatest capacity explains it. The
/// answer is the greatest capacity from there on, or an end.
fn followed(
    series: &Series,
    start: Start,
    grid: &Grid,
    mut ask: impl FnMut(u32, i64) -> Result<i64, u32>,
) -> Result<(), u32> {
    let mut most = grid.capacity.1;
    let mut level = Level::new(start, grid);
    let mut open: Vec<(u32, Deficit)> = Vec::new();
    let mut blind = (start == Start::Unknown).then_some(series.widest);
    for edge in grid.reads(&series.may) {
        if let Some(until) = blind {
            level.advance(edge.at.min(until), grid);
            level.forget();
            blind = blind.filter(|until| edge.at <= *until);
        }
        level.advance(edge.at, grid);
        match edge.kind {
            Kind::Start => {
                level.start(i64::from(edge.weight));
                let now = level.most();
                for (_, peak) in &mut open {
                    *peak = peak.join(now);
                }
            }
            Kind::End => level.end(i64::from(edge.weight), most),
            Kind::Open => open.push((edge.id, level.most())),
            Kind::Close => {
                let place = open.iter().position(|open| open.0 == edge.id).unwrap_or(0);
                let (_, peak) = open.swap_remove(place);
                let refusal = &series.refusals[edge.id as usize];
                let cost = i64::from(refusal.cost);
                if peak.relative + cost <= 0 {
                    most = ask(edge.id, peak.absolute + cost - 1)?;
                }
            }
        }
    }
    Ok(())
}
