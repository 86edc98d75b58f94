//! Records of what is under way, each found by its number until it ends; numbers are used again.
//!
//! ```text
//!   insert ──► number ──► pool[number] … ──► remove: the number is free, the last freed is next
//! ```
//!
//! Nothing is allocated once the pool has held as many as it ever holds at a time. A debug build
//! checks that a number that is used is one that was given out.

use std::ops::{Index, IndexMut};

/// What numbers the records of a pool: a type of its own for each kind of record.
pub trait Number: Copy {
    /// The number of the record at a place.
    fn of(place: u32) -> Self;

    /// The place of the record with this number.
    fn place(self) -> usize;
}

/// Records by number.
#[derive(Debug, Clone)]
pub struct Pool<N, T> {
    records: Vec<T>,
    free: Vec<N>,
    #[cfg(any(test, debug_assertions))]
    given: Vec<bool>,
}

impl<N: Number, T> Pool<N, T> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            records: Vec::new(),
            free: Vec::new(),
            #[cfg(any(test, debug_assertions))]
            given: Vec::new(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len() - self.free.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes everything; keeps its memory.
    pub fn clear(&mut self) {
        self.records.clear();
        self.free.clear();
        #[cfg(any(test, debug_assertions))]
        self.given.clear();
    }

    /// Keeps a record, and gives its number.
    ///
    /// # Panics
    /// If there are 2³² at a time.
    #[inline]
    pub fn insert(&mut self, record: T) -> N {
        let number = match self.free.pop() {
            Some(number) => {
                self.records[number.place()] = record;
                number
            }
            None => {
                self.records.push(record);
                let place = u32::try_from(self.records.len() - 1);
                N::of(place.expect("fewer than 2³² at a time"))
            }
        };
        #[cfg(any(test, debug_assertions))]
        {
            self.given.resize(self.records.len(), false);
            self.given[number.place()] = true;
        }
        number
    }

    /// Frees a number. What it stood for can still be read until it is given out again.
    #[inline]
    pub fn remove(&mut self, number: N) {
        #[cfg(any(test, debug_assertions))]
        assert!(std::mem::take(&mut self.given[number.place()]), "removed once");
        self.free.push(number);
    }
}

impl<N: Number, T> Default for Pool<N, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Number, T> Index<N> for Pool<N, T> {
    type Output = T;

    #[inline]
    fn index(&self, number: N) -> &T {
        &self.records[number.place()]
    }
}

impl<N: Number, T> IndexMut<N> for Pool<N, T> {
    #[inline]
    fn index_mut(&mut self, number: N) -> &mut T {
        #[cfg(any(test, debug_assertions))]
        assert!(self.given[number.place()], "written while it is given out");
        &mut self.records[number.place()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Ticket(u32);

    impl Number for Ticket {
        fn of(place: u32) -> Self {
            Self(place)
        }

        fn place(self) -> usize {
            self.0 as usize
        }
    }

    #[test]
    fn numbers_are_used_again() {
        let mut pool: Pool<Ticket, char> = Pool::new();
        let (a, b) = (pool.insert('a'), pool.insert('b'));
        assert_eq!((pool[a], pool[b]), ('a', 'b'));
        pool.remove(a);
        assert_eq!(pool.insert('c'), a, "the last freed is next");
        pool[b] = 'd';
        assert_eq!((pool[a], pool[b]), ('c', 'd'));
        pool.clear();
        assert_eq!(pool.insert('e'), Ticket(0));
    }

    #[test]
    #[should_panic(expected = "removed once")]
    fn who_removes_twice_is_told() {
        let mut pool: Pool<Ticket, ()> = Pool::new();
        let number = pool.insert(());
        pool.remove(number);
        pool.remove(number);
    }
}
