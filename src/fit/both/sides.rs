//! The figures of one of two limits, cut into cells, and the refusals that each may explain.
//!
//! ```text
//!   bucket:    bursts [b1, b2], rates [r1, r2]   accepted calls must fit b2 and r2
//!              refused: deficit at r1 above b1 - c, and what was accepted after it fits r2 · time
//!   window:    limits [n1, n2], no window longer than accepted calls allow n2
//!              refused: the window that n1 needs is no longer
//!   at once:   limit c                           refused: so many may be under way
//! ```

use super::super::bucket::{Rule, at_least};
use super::super::bucket_pass::{Pass, accepted, followed, last_empty};
use super::super::concurrency;
use super::super::model::{Model, longest};
use super::super::ratio::Ratio;
use super::super::ticks::finest;
use super::bits::Bits;
use super::clock;
use super::log::{Cell, Figure, Log};

/// Rates of a cell that is not cut further: so many times one another.
const FINE: f64 = 1.02;
/// The same for the first cells.
const COARSE: f64 = 1.5;

impl Log<'_> {
    /// The cells that a search begins with.
    pub fn cells(&self, model: Model) -> Vec<Cell> {
        match model {
            Model::Concurrency => self.at_once(),
            Model::Bucket { .. } => self.buckets(),
            Model::SlidingLog { .. } => {
                self.blocks().into_iter().filter_map(|block| self.window(block)).collect()
            }
            _ => clock::cells(self),
        }
    }

    /// The parts of a cell that may hold figures, or `None` if it is not cut further.
    pub fn cut(&self, cell: &Cell) -> Option<Vec<Cell>> {
        let (least, most) = cell.capacity;
        let middle = least + (most - least) / 2;
        let blocks = [(least, middle), (middle + 1, most)];
        match cell.figure {
            Figure::None => None,
            Figure::Clock(ticking) => clock::cut(self, &ticking),
            Figure::Window => (least < most)
                .then(|| blocks.into_iter().filter_map(|block| self.window(block)).collect()),
            Figure::Rates(low, high) if least < most => {
                let cells = blocks.into_iter().map(|block| self.bucket(block, (low, high)));
                Some(cells.flatten().collect())
            }
            Figure::Rates(low, high) => {
                let (slow, quick) = (low.per_second(), high.per_second());
                if quick <= slow * FINE || quick.is_infinite() {
                    return None;
                }
                let middle = Ratio::near((slow.max(quick * 1e-3) * quick).sqrt() / 1e9);
                let rates = [(low, middle), (middle, high)];
                Some(
                    rates
                        .into_iter()
                        .filter_map(|rates| self.bucket((least, most), rates))
                        .collect(),
                )
            }
        }
    }

    /// 1, 2, 3, 4, 5 to 7, …: each block begins half as high again.
    fn blocks(&self) -> Vec<(i64, i64)> {
        let (mut blocks, mut least) = (Vec::new(), 1);
        while least <= self.enough() {
            let most = ((least as f64 * COARSE) as i64).max(least).min(self.enough());
            blocks.push((least, most));
            least = most + 1;
        }
        blocks
    }

    fn at_once(&self) -> Vec<Cell> {
        let Ok((least, most)) = concurrency::at_refusals(self.calls, self.start) else {
            return Vec::new();
        };
        let most = |place: usize| {
            let line = self.series.refusals[place].line;
            let found = most.binary_search_by_key(&line, |one| one.0);
            found.map_or(i64::MAX, |found| most[found].1)
        };
        let count = self.series.refusals.len();
        let limits = (0..count).map(&most).filter(|most| *most < i64::MAX).max().unwrap_or(0);
        let cell = |limit| Cell {
            capacity: (limit, limit),
            figure: Figure::None,
            explains: Bits::of(count, |place| most(place) >= limit),
        };
        (least..=limits).map(cell).collect()
    }

    fn window(&self, (least, most): (i64, i64)) -> Option<Cell> {
        let length = self.reader.longest(most).min(longest(&self.counted, self.start));
        let needs = self.reader.needs(least);
        let explains = Bits::of(needs.len(), |place| needs[place] < length);
        let cell = Cell { capacity: (least, most), figure: Figure::Window, explains };
        (cell.explains.count() > 0).then_some(cell)
    }

    fn buckets(&self) -> Vec<Cell> {
        let (mut cells, mut known) = (Vec::new(), Ratio::ZERO);
        for block in self.blocks().into_iter().rev() {
            known = at_least(&self.counted, block.1, known);
            // Slower ones are as if they were never refilled.
            let slowest = block.0 as f64 * 1e9 / (2.0 * self.series.length().max(1) as f64);
            let mut low =
                if known.per_second() < slowest { Ratio::near(slowest / 1e9) } else { known };
            // So quick that it is full again before the next call is surely decided.
            let quickest = block.1 as f64 * 1e9 / finest(self.series) as f64;
            while !low.is_infinite() {
                let high = match low.per_second() > quickest {
                    true => Ratio::INFINITE,
                    false => Ratio::near(low.per_second().max(1e-9) * COARSE / 1e9),
                };
                match self.bucket(block, (low, high)) {
                    Some(cell) => cells.push(cell),
                    None => break,
                }
                low = high;
            }
        }
        cells
    }

    /// A cell of buckets; `None` if accepted calls refute it, or it explains no refusal.
    fn bucket(&self, (least, most): (i64, i64), (low, high): (Ratio, Ratio)) -> Option<Cell> {
        let rule = Rule { start: self.start, counts_refused: false };
        let (sure, may) = (&self.series.sure[..], &self.series.may[..]);
        let slack = most - least;
        let pass = Pass {
            series: self.series,
            rule,
            sure: &self.counted.sure,
            may,
            slack,
            nodes: 1,
            steps: 1,
        };
        if accepted(&pass, most, high).is_some() {
            return None;
        }
        let mut missing = vec![false; self.series.refusals.len()];
        let _ = followed(&pass, most, low, |place, root| {
            missing[place as usize] = root.is_some();
            Ok(())
        });
        let pass = Pass { sure, ..pass };
        let empty = last_empty(&pass, high);
        let explains = Bits::of(missing.len(), |place| missing[place] && empty[place]);
        let figure = Figure::Rates(low, high);
        (explains.count() > 0).then_some(Cell { capacity: (least, most), figure, explains })
    }

    /// The shortest window of a limit that explains all of `own`.
    pub fn shortest(&self, limit: i64, own: &Bits) -> i64 {
        let needs = self.reader.needs(limit);
        (0..needs.len())
            .filter(|place| own.has(*place))
            .map(|place| needs[place])
            .max()
            .unwrap_or(0)
    }

    /// The longest window of a limit.
    pub fn longest(&self, limit: i64) -> i64 {
        self.reader.longest(limit).min(longest(&self.counted, self.start))
    }
}
