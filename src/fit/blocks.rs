//! Which whole capacities survive: blocks of them are tried, thrown away whole, or cut.
//!
//! ```text
//!   1 ………………………………… ∞     a block [a, z] is empty if what its best ends allow is empty:
//!   ├─ empty ─┤9├10├─ empty ─┤   accepted calls bound by z, refused calls by a
//! ```
//!
//! A block that is neither thrown away nor cut to single capacities, because the budget is spent,
//! stays whole: the answer grows wider, never wrong.

/// A capacity without bound.
pub const UNBOUNDED: i64 = 1 << 40;

/// Blocks between the first and the last are cut while those are no further apart than this.
const BETWEEN: i64 = 256;

/// Two calls, by their lines, that no limit of a kind explains together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// The line of an accepted call that needs much room.
    pub accepted: u32,
    /// The line of a refused call that needs little room, or of the first of the accepted calls
    /// that are too many for any room.
    pub refused: u32,
}

/// What became of a block that was tried.
#[derive(Debug, Clone)]
pub enum Trial<F> {
    /// No capacity of the block explains the log, because of two calls.
    Empty(Pair),
    /// Some may, with these other figures.
    Holds(F),
}

/// Capacities `least..=most` with the other figures that may go with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<F> {
    /// The least capacity.
    pub least: i64,
    /// The greatest; [`UNBOUNDED`] if there is no bound.
    pub most: i64,
    /// Bounds of the other figures.
    pub figures: F,
}

/// What a search leaves standing, and why the rest fell.
#[derive(Debug, Clone)]
pub struct Found<F> {
    /// Capacities that may explain the log, in order.
    pub cells: Vec<Cell<F>>,
    /// Blocks that were thrown away, with the two calls that each cannot explain.
    pub refuted: Vec<(i64, i64, Pair)>,
}

impl<F> Found<F> {
    /// The two calls that refute the widest block; in a tie, the block of lowest capacity.
    #[must_use]
    pub fn pair(&self) -> Option<Pair> {
        let width = |block: &&(i64, i64, Pair)| (block.1 - block.0, -block.0);
        self.refuted.iter().max_by_key(width).map(|block| block.2)
    }
}

/// Tries blocks within `todo` by `trial`, which gets the figures of the block it is cut from.
/// Capacities above `enough` are not told apart.
pub fn search<F: Clone>(
    todo: Vec<Cell<F>>,
    enough: i64,
    budget: usize,
    mut trial: impl FnMut(i64, i64, &F) -> Trial<F>,
) -> Found<F> {
    let mut found = Found { cells: Vec::new(), refuted: Vec::new() };
    for cell in todo {
        attempt(&mut found, found_len_end, cell, &mut trial);
    }
    for _ in 0..budget {
        let Some(index) = widest(&found.cells, enough) else { break };
        let cell = found.cells.remove(index);
        let middle = match cell.most == UNBOUNDED {
            true => (cell.least * 2).min(enough),
            false => cell.least + (cell.most - cell.least) / 2,
        };
        let upper = Cell { least: middle + 1, ..cell.clone() };
        let lower = Cell { most: middle, ..cell };
        attempt(&mut found, |_| index, upper, &mut trial);
        attempt(&mut found, |_| index, lower, &mut trial);
    }
    found
}

fn found_len_end<F>(cells: &[Cell<F>]) -> usize {
    cells.len()
}

fn attempt<F>(
    found: &mut Found<F>,
    place: impl Fn(&[Cell<F>]) -> usize,
    cell: Cell<F>,
    trial: &mut impl FnMut(i64, i64, &F) -> Trial<F>,
) {
    match trial(cell.least, cell.most, &cell.figures) {
        Trial::Empty(pair) => found.refuted.push((cell.least, cell.most, pair)),
        Trial::Holds(figures) => {
            let place = place(&found.cells);
            found.cells.insert(place, Cell { figures, ..cell });
        }
    }
}

/// The block to cut next: the first or the last while they are not single, else the widest.
fn widest<F>(cells: &[Cell<F>], enough: i64) -> Option<usize> {
    let width = |cell: &Cell<F>| match cell.least >= enough {
        true => 0,
        false => cell.most - cell.least,
    };
    let last = cells.len().checked_sub(1)?;
    if width(&cells[0]) > 0 {
        return Some(0);
    }
    if width(&cells[last]) > 0 {
        return Some(last);
    }
    // Far apart, what lies between is not worth the work.
    if cells[last].least - cells[0].most > BETWEEN {
        return None;
    }
    (0..=last).filter(|i| width(&cells[*i]) > 0).max_by_key(|i| width(&cells[*i]))
}
