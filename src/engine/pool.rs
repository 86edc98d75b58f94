//! Records of what is under way, each found by its number until it ends; numbers are used again.
//!
//! ```text
//!   insert ──► number ──► pool[number] … ──► remove: the number is free, the last freed is next
//! ```
//!
//! Nothing is allocated once the pool has held as many as it ever holds at a time. A debug build
//! checks that a number that is used is one that was given out.

use std::ops::{Index, IndexMut};

/// Records by number.
#[derive(Debug, Clone)]
pub struct Pool<T> {
    records: Vec<T>,
    free: Vec<u32>,
    #[cfg(debug_assertions)]
    given: Vec<bool>,
}

impl<T> Pool<T> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            records: Vec::new(),
            free: Vec::new(),
            #[cfg(debug_assertions)]
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
        #[cfg(debug_assertions)]
        self.given.clear();
    }

    /// Keeps a record, and gives its number.
    ///
    /// # Panics
    /// If there are 2³² at a time.
    #[inline]
    pub fn insert(&mut self, record: T) -> u32 {
        let number = match self.free.pop() {
            Some(number) => {
                self.records[number as usize] = record;
                number
            }
            None => {
                self.records.push(record);
                u32::try_from(self.records.len() - 1).expect("fewer than 2³² at a time")
            }
        };
        #[cfg(debug_assertions)]
        {
            self.given.resize(self.records.len(), false);
            self.given[number as usize] = true;
        }
        number
    }

    /// Frees a number. What it stood for can still be read until it is given out again.
    #[inline]
    pub fn remove(&mut self, number: u32) {
        #[cfg(debug_assertions)]
        assert!(std::mem::take(&mut self.given[number as usize]), "removed once");
        self.free.push(number);
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Index<u32> for Pool<T> {
    type Output = T;

    #[inline]
    fn index(&self, number: u32) -> &T {
        &self.records[number as usize]
    }
}

impl<T> IndexMut<u32> for Pool<T> {
    #[inline]
    fn index_mut(&mut self, number: u32) -> &mut T {
        #[cfg(debug_assertions)]
        assert!(self.given[number as usize], "written while it is given out");
        &mut self.records[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_used_again() {
        let mut pool = Pool::new();
        let (a, b) = (pool.insert('a'), pool.insert('b'));
        assert_eq!((pool[a], pool[b]), ('a', 'b'));
        pool.remove(a);
        assert_eq!(pool.insert('c'), a, "the last freed is next");
        pool[b] = 'd';
        assert_eq!((pool[a], pool[b]), ('c', 'd'));
        pool.clear();
        assert_eq!(pool.insert('e'), 0);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "removed once")]
    fn a_debug_build_tells_who_removes_twice() {
        let mut pool = Pool::new();
        let number = pool.insert(());
        pool.remove(number);
        pool.remove(number);
    }
}
