//! Two sums over a sliding window, by slots of equal width: what has left the window is forgotten
//! slot by slot, in constant memory.
//!
//! Slots are aligned to the origin, so that a window of n slots reaches back between n−1 and n of
//! them. The libraries that this stands for begin a slot when it is first touched; they differ by
//! less than one slot.

use crate::units::{Instant, Span};

/// Two sums over the last so many slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Slots {
    /// One for each slot of the window, by its number modulo their count.
    slots: Vec<[i64; 2]>,
    sums: [i64; 2],
    /// The number of the slot that is under way.
    newest: u64,
}

impl Slots {
    /// The sums over a window of `count` slots of `width` each, that ends now.
    pub fn sums(&mut self, now: Instant, count: usize, width: Span) -> [i64; 2] {
        self.roll(now, count, width);
        self.sums
    }

    /// Adds to one of the sums, 0 or 1.
    pub fn add(&mut self, now: Instant, (count, width): (usize, Span), which: usize, n: i64) {
        self.roll(now, count, width);
        let place = self.place(self.newest);
        self.slots[place][which] += n;
        self.sums[which] += n;
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.slots.fill([0; 2]);
        self.sums = [0; 2];
    }

    fn place(&self, number: u64) -> usize {
        usize::try_from(number % self.slots.len() as u64).unwrap_or(0)
    }

    fn roll(&mut self, now: Instant, count: usize, width: Span) {
        let count = count.max(1);
        if self.slots.len() != count {
            self.slots = vec![[0; 2]; count];
        }
        let number = now.as_nanos() / width.as_nanos().max(1);
        if number >= self.newest + count as u64 {
            self.clear();
            self.newest = number;
        }
        while self.newest < number {
            self.newest += 1;
            let place = self.place(self.newest);
            let old = std::mem::take(&mut self.slots[place]);
            self.sums[0] -= old[0];
            self.sums[1] -= old[1];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_forgotten_when_the_window_has_passed_it() {
        let mut slots = Slots::default();
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let window = (10, Span::SECOND);
        slots.add(at(0), window, 0, 5);
        slots.add(at(3), window, 1, -2);
        for (s, sums) in [(3, [5, -2]), (9, [5, -2]), (10, [0, -2]), (12, [0, -2]), (13, [0, 0])] {
            assert_eq!(slots.sums(at(s), 10, Span::SECOND), sums, "{s} s");
        }
        slots.add(at(20), window, 0, 1);
        assert_eq!(slots.sums(at(10_000), 10, Span::SECOND), [0, 0], "a long idle time");
    }
}
