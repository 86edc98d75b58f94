//! Rows in order of time, although a log is not.
//!
//! Logs are written when requests end, by several processes, or put together from parts, so that
//! their rows are a little out of order. Rows are held back until none can come that belongs before
//! them:
//!
//! ```text
//!          newest − within              newest
//!   ───────────┼───────────────────────────┼──► time
//!    too late  │  held, the earliest next  │
//! ```
//!
//! Rows of one time keep the order of the file.

use super::Bad;
use crate::units::Span;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Rows that are held at most, each of about 32 bytes.
const MOST_HELD: usize = 1_000_000;

/// Rows on their way into order.
#[derive(Debug)]
pub(super) struct Order<T> {
    /// How far a row may be out of order \[ns\].
    within: i64,
    /// Rows that are held at most.
    most: usize,
    /// The latest time that was read.
    newest: i64,
    /// The time of the row that left last.
    left: i64,
    held: BinaryHeap<Reverse<Held<T>>>,
    rows: u64,
    /// Rows that stood after one of a later time.
    pub moved: u64,
    ended: bool,
}

impl<T> Order<T> {
    /// No row yet; rows may be out of order by so much.
    pub fn new(within: Span) -> Self {
        Self {
            within: i64::try_from(within.as_nanos()).unwrap_or(i64::MAX),
            most: MOST_HELD,
            newest: i64::MIN,
            left: i64::MIN,
            held: BinaryHeap::new(),
            rows: 0,
            moved: 0,
            ended: false,
        }
    }

    /// Whether a row of this time can still be brought into order.
    pub fn admits(&self, time: i64) -> Result<(), Bad> {
        match time {
            _ if time < self.newest.saturating_sub(self.within) => Err(Bad::Back),
            _ if time < self.left => Err(Bad::Crowded),
            _ => Ok(()),
        }
    }

    /// Holds a row of a time that is admitted.
    pub fn hold(&mut self, time: i64, what: T) {
        self.moved += u64::from(time < self.newest);
        self.newest = self.newest.max(time);
        self.held.push(Reverse(Held { time, number: self.rows, what }));
        self.rows += 1;
    }

    /// No row comes any more.
    pub const fn end(&mut self) {
        self.ended = true;
    }

    /// The earliest row, if none can come before it: its time, and what was held.
    pub fn next(&mut self) -> Option<(i64, T)> {
        let Reverse(earliest) = self.held.peek()?;
        let is_due = earliest.time <= self.newest.saturating_sub(self.within);
        if !(self.ended || is_due || self.held.len() > self.most) {
            return None;
        }
        let Reverse(earliest) = self.held.pop()?;
        self.left = earliest.time;
        Some((earliest.time, earliest.what))
    }
}

/// A row that is held; they are in order of time, and of the file where they share one.
#[derive(Debug)]
struct Held<T> {
    time: i64,
    number: u64,
    what: T,
}

impl<T> Held<T> {
    const fn place(&self) -> (i64, u64) {
        (self.time, self.number)
    }
}

impl<T> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl<T> Eq for Held<T> {}

impl<T> PartialOrd for Held<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Held<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Times and numbers of rows as they leave, why others are bad, and how many were moved.
    fn sorted(mut order: Order<usize>, times: &[i64]) -> (Vec<(i64, usize)>, Vec<Bad>, u64) {
        let (mut out, mut bad) = (Vec::new(), Vec::new());
        for (number, time) in times.iter().enumerate() {
            match order.admits(*time) {
                Ok(()) => order.hold(*time, number),
                Err(why) => bad.push(why),
            }
            while let Some(row) = order.next() {
                out.push(row);
            }
        }
        order.end();
        while let Some(row) = order.next() {
            out.push(row);
        }
        (out, bad, order.moved)
    }

    fn within(nanos: u64) -> Order<usize> {
        Order::new(Span::from_nanos(nanos))
    }

    #[test]
    fn rows_are_sorted_within_the_span_and_what_is_later_is_bad() {
        let (out, bad, moved) = sorted(within(10), &[0, 20, 15, 10, 9, 20, 30]);
        assert_eq!(out, [(0, 0), (10, 3), (15, 2), (20, 1), (20, 5), (30, 6)]);
        assert_eq!((bad, moved), (vec![Bad::Back], 2));
        let (out, bad, moved) = sorted(within(0), &[i64::MIN, 5, 5, 4, i64::MAX]);
        assert_eq!(out, [(i64::MIN, 0), (5, 1), (5, 2), (i64::MAX, 4)]);
        assert_eq!((bad, moved), (vec![Bad::Back], 0));
    }

    #[test]
    fn no_more_rows_are_held_than_there_is_room_for() {
        let order = Order { most: 2, ..within(100) };
        let (out, bad, _) = sorted(order, &[3, 2, 4, 1, 2, 5]);
        assert_eq!(out, [(2, 1), (2, 4), (3, 0), (4, 2), (5, 5)]);
        assert_eq!(bad, [Bad::Crowded], "2 had left when 1 came");
    }

    proptest! {
        /// A stable sort of the whole, where nothing is out of order by more than the span.
        #[test]
        fn it_is_a_stable_sort(steps in proptest::collection::vec((0..4_i64, 0..50_i64), 0..200)) {
            let mut clock = 0;
            let times: Vec<i64> = steps
                .iter()
                .map(|(step, late)| {
                    clock += step;
                    clock - late
                })
                .collect();
            let (out, bad, moved) = sorted(within(50), &times);
            let mut expected: Vec<(i64, usize)> = times.iter().copied().zip(0..).collect();
            expected.sort_by_key(|(time, _)| *time);
            prop_assert_eq!(out, expected);
            prop_assert!(bad.is_empty());
            let newest = |n: usize| times[..n].iter().max();
            let late = (0..times.len()).filter(|n| newest(*n).is_some_and(|t| times[*n] < *t));
            prop_assert_eq!(moved, late.count() as u64);
        }
    }
}
