//! Sets of refusals.

/// A set of refusals, by their places in the series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// The places from 0 to `len` for which `holds`.
    pub fn of(len: usize, holds: impl Fn(usize) -> bool) -> Self {
        let mut words = vec![0; len.div_ceil(64)];
        for place in (0..len).filter(|place| holds(*place)) {
            words[place / 64] |= 1u64 << (place % 64);
        }
        Self(words)
    }

    /// Whether a place is in the set.
    pub fn has(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    /// How many are in the set.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether every one of `all` is in this set or in the other.
    pub fn covers(&self, other: &Self, all: &Self) -> bool {
        self.0.iter().zip(&other.0).zip(&all.0).all(|((a, b), all)| (a | b) & all == *all)
    }

    /// Takes in what is in the other.
    pub fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }
}
