//! Two limits at once: every accepted call fits both, and one of them is enough for a refusal.
//!
//! ```text
//!   cells of A ── each explains a set of refusals ──┐
//!                                                   ├─ a cell stays while some cell of the other
//!   cells of B ── each explains a set of refusals ──┘  explains all refusals that it does not
//!   what stays is cut and tried again; then each limit alone must explain what the other cannot
//! ```
//!
//! A cell's set holds every refusal that any of its figures may explain, so no true pair is lost.

mod bits;
mod clock;
mod log;
mod sides;

use super::blocks::Cell as Block;
use super::bucket::{Rates, Rule, fit_within};
use super::cut::head;
use super::model::{Model, Piece, Survivor, capacity, of_rates};
use super::rows::{Call, Start, Status};
use super::series::Series;
use bits::Bits;
use log::{Cell, Figure, Log};

/// Two limits that explain a log together.
#[derive(Debug, Clone, PartialEq)]
pub struct Both {
    /// What is left of each.
    pub limits: [Survivor; 2],
    /// How many refusals the first limit alone must explain, and how many the second, at least.
    pub alone: [usize; 2],
}

impl Both {
    /// The models of both.
    #[must_use]
    pub fn models(&self) -> [Model; 2] {
        [self.limits[0].model, self.limits[1].model]
    }

    /// Whether each limit explains refusals that the other cannot, more than by chance.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.alone.iter().all(|alone| *alone >= LEAST_ALONE)
    }
}

/// Refusals that each limit explains alone, at least, before two limits are said to be shown.
pub const LEAST_ALONE: usize = 5;
/// Cells of a limit are cut further up to so many.
const MOST_CELLS: usize = 384;

const BUCKET: Model = Model::Bucket { counts_refused: false };
const SLIDING: Model = Model::SlidingLog { counts_refused: false };

/// The pairs of models that are tried.
pub const PAIRS: [[Model; 2]; 9] = [
    [BUCKET, Model::Concurrency],
    [SLIDING, Model::Concurrency],
    [Model::FixedWindow, Model::Concurrency],
    [BUCKET, BUCKET],
    [BUCKET, SLIDING],
    [BUCKET, Model::FixedWindow],
    [SLIDING, SLIDING],
    [SLIDING, Model::FixedWindow],
    [Model::FixedWindow, Model::FixedWindow],
];

/// Calls that are tried first: most pairs fall with them.
const HEAD: usize = 4096;

/// Every pair of limits that explains the calls of one key together, in order of `decided.lo`.
#[must_use]
pub fn find(calls: &[&Call], series: &Series, start: Start) -> Vec<Both> {
    if calls.len() <= HEAD {
        return find_of(&PAIRS, calls, series, start);
    }
    let part = head(calls, HEAD);
    let found = find_of(&PAIRS, &part, &Series::new(part.iter().copied()), start);
    let left: Vec<[Model; 2]> = found.iter().map(Both::models).collect();
    find_of(&left, calls, series, start)
}

/// As [`find`], of these pairs of models.
#[must_use]
pub fn find_of(pairs: &[[Model; 2]], calls: &[&Call], series: &Series, start: Start) -> Vec<Both> {
    let log = Log::new(calls, series, start);
    let kinds = [BUCKET, SLIDING, Model::Concurrency, Model::FixedWindow];
    let asked = kinds.into_iter().filter(|model| pairs.iter().any(|pair| pair.contains(model)));
    let cells: Vec<(Model, Vec<Cell>)> = asked.map(|model| (model, log.cells(model))).collect();
    let first = |model| {
        let of_model = cells.iter().find(|(other, _)| *other == model);
        of_model.map_or_else(Vec::new, |(_, cells)| cells.clone())
    };
    pairs.iter().filter_map(|models| pair(&log, *models, models.map(first))).collect()
}

fn pair(log: &Log<'_>, models: [Model; 2], mut sides: [Vec<Cell>; 2]) -> Option<Both> {
    let all = log.all();
    // Of two limits of one kind, the first is the one that allows less at once.
    let is_same = models[0] == models[1] && models[0] != Model::FixedWindow;
    let pairs = |a: &Cell, b: &Cell| {
        (!is_same || a.capacity.0 <= b.capacity.1) && a.explains.covers(&b.explains, &all)
    };
    loop {
        meet(&mut sides, pairs);
        if sides.iter().any(Vec::is_empty) {
            return None;
        }
        let mut is_cut = false;
        for side in &mut sides {
            if side.len() <= MOST_CELLS {
                is_cut |= cut(log, side);
            }
        }
        if !is_cut {
            break;
        }
    }
    let [a, b] = &sides;
    let rest = |cells: &[Cell]| {
        all.count() - cells.iter().map(|cell| cell.explains.count()).max().unwrap_or(0)
    };
    let alone = [rest(b), rest(a)];
    let limit = |model, cells: &[Cell], others: &[Cell], fits: &dyn Fn(&Cell, &Cell) -> bool| {
        let pieces = pieces(log, cells, others, fits);
        let rough = cells.len() > MOST_CELLS;
        (!pieces.is_empty()).then_some(Survivor { model, pieces, rough })
    };
    let first = limit(models[0], a, b, &pairs)?;
    let second = limit(models[1], b, a, &|b, a| pairs(a, b))?;
    Some(Both { limits: [first, second], alone })
}

/// Leaves the cells of which some cell of the other limit explains the rest.
fn meet(sides: &mut [Vec<Cell>; 2], pairs: impl Fn(&Cell, &Cell) -> bool) {
    let [first, second] = sides;
    first.retain(|a| second.iter().any(|b| pairs(a, b)));
    second.retain(|b| first.iter().any(|a| pairs(a, b)));
}

/// Cuts every cell that can be cut; whether one was.
fn cut(log: &Log<'_>, cells: &mut Vec<Cell>) -> bool {
    let mut is_cut = false;
    let parts = cells.drain(..).flat_map(|cell| match log.cut(&cell) {
        Some(parts) => {
            is_cut = true;
            parts
        }
        None => vec![cell],
    });
    *cells = parts.collect();
    is_cut
}

/// What is left of a limit that must explain what no cell of the other does.
fn pieces(
    log: &Log<'_>,
    cells: &[Cell],
    others: &[Cell],
    fits: &dyn Fn(&Cell, &Cell) -> bool,
) -> Vec<Piece> {
    let mut groups: Vec<(Bits, Vec<&Cell>)> = Vec::new();
    for cell in cells {
        let mut helped = Bits::of(log.series.refusals.len(), |_| false);
        let partners = others.iter().filter(|other| fits(cell, other));
        partners.for_each(|other| helped.join(&other.explains));
        let own = Bits::of(log.series.refusals.len(), |place| !helped.has(place));
        match groups.iter_mut().find(|group| group.0 == own) {
            Some(group) => group.1.push(cell),
            None => groups.push((own, vec![cell])),
        }
    }
    groups.iter().flat_map(|(own, cells)| narrowed(log, own, cells)).collect()
}

/// Cells of a limit that explains the refusals `own` by itself.
fn narrowed(log: &Log<'_>, own: &Bits, cells: &[&Cell]) -> Vec<Piece> {
    let mut lines: Vec<u32> = (0..log.series.refusals.len())
        .filter(|place| own.has(*place))
        .map(|place| log.series.refusals[place].line)
        .collect();
    lines.sort_unstable();
    let is_own =
        |call: &Call| call.status != Status::Refused || lines.binary_search(&call.line).is_ok();
    let kept = log.calls.iter().filter(|call| call.cost > 0 && is_own(call));
    let calls: Vec<&Call> = kept.copied().collect();
    let series = Series::since(log.series.origin, &calls);
    let rule = Rule { start: log.start, counts_refused: false };
    let of_cell = |cell: &&Cell| -> Vec<Piece> {
        let (least, most) = cell.capacity;
        let plain = Piece {
            capacity: capacity(least, most),
            rate_per_s: None,
            window: None,
            tokens: None,
            boundary: None,
        };
        match cell.figure {
            Figure::None => vec![plain],
            Figure::Window => {
                let (low, high) = (log.shortest(least, own), log.longest(most));
                let high = Some(high).filter(|high| *high < i64::MAX);
                let piece = Piece { window: Some((low, high)), ..plain };
                if high.is_none_or(|high| low < high) { vec![piece] } else { Vec::new() }
            }
            Figure::Rates(low, high) => {
                let figures = Rates { low, high, ..Rates::ALL };
                let found = fit_within(&series, rule, vec![Block { least, most, figures }]);
                found.cells.iter().map(of_rates).collect()
            }
            Figure::Clock(ticking) => clock::piece(log, &series, ticking).into_iter().collect(),
        }
    };
    cells.iter().flat_map(of_cell).collect()
}
