//! A monotone priority queue: a radix heap on `u64` keys, first in first out among equals.
//!
//! Source: Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem",
//! J. ACM 37 (1990). An entry lies in the bucket named by the highest bit in which its key differs
//! from the last key taken; taking the least re-deals one bucket into lower ones.
//!
//! ```text
//!   last = 0110 ──► bucket 0: 0110   bucket 1: 0111   bucket 4: 1000 to 1111
//! ```
//!
//! Push O(1), pop O(64) amortised. Equal keys always lie in one bucket, in the order they came,
//! and a re-deal keeps that order into empty buckets: hence first in, first out.

use std::collections::VecDeque;

/// The queue. A key below the last one taken counts as that one.
#[derive(Debug, Clone)]
pub(super) struct RadixQueue<E> {
    last: u64,
    /// Bit `b` is set where bucket `b` is not empty. Bucket 0 is `ready`.
    filled: u64,
    ready: VecDeque<E>,
    buckets: Vec<Bucket<E>>,
}

#[derive(Debug, Clone)]
struct Bucket<E> {
    least: u64,
    entries: Vec<(u64, E)>,
}

/// Keys have at most 63 bits, so that the number of a bucket fits the mask.
const BUCKETS: usize = 64;

impl<E> RadixQueue<E> {
    pub fn new() -> Self {
        let bucket = || Bucket { least: u64::MAX, entries: Vec::new() };
        let buckets = std::iter::repeat_with(bucket).take(BUCKETS).collect();
        Self { last: 0, filled: 0, ready: VecDeque::new(), buckets }
    }

    /// Empties the queue and lets keys start from 0 again; keeps its memory.
    pub fn clear(&mut self) {
        self.ready.clear();
        for bucket in &mut self.buckets {
            bucket.entries.clear();
            bucket.least = u64::MAX;
        }
        self.filled = 0;
        self.last = 0;
    }

    #[inline]
    pub fn push(&mut self, key: u64, event: E) {
        debug_assert!(key >> 63 == 0, "a key has at most 63 bits");
        let number = match key.max(self.last) ^ self.last {
            0 => 0,
            differing => 64 - differing.leading_zeros() as usize,
        };
        self.filled |= 1 << number;
        if number == 0 {
            self.ready.push_back(event);
        } else {
            let bucket = &mut self.buckets[number];
            bucket.least = bucket.least.min(key);
            bucket.entries.push((key, event));
        }
    }

    /// The least key, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<u64> {
        match self.filled.trailing_zeros() as usize {
            0 => Some(self.last),
            64 => None,
            number => Some(self.buckets[number].least),
        }
    }

    /// Takes the entry with the least key, the first of those that came first.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        let number = self.filled.trailing_zeros() as usize;
        if number == 64 {
            return None;
        }
        if number > 0 {
            self.filled &= !(1 << number);
            self.last = std::mem::replace(&mut self.buckets[number].least, u64::MAX);
            if self.buckets[number].entries.len() == 1 {
                return self.buckets[number].entries.pop();
            }
            self.deal(number);
        }
        let event = self.ready.pop_front()?;
        if self.ready.is_empty() {
            self.filled &= !1;
        }
        Some((self.last, event))
    }

    /// Re-deals a bucket into the lower ones, all of them empty, by the new `last`.
    fn deal(&mut self, number: usize) {
        let mut entries = std::mem::take(&mut self.buckets[number].entries);
        for (key, event) in entries.drain(..) {
            self.push(key, event);
        }
        self.buckets[number].entries = entries;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a stable sort, the definition of "least first, first in first out among equals".
        #[test]
        fn takes_in_the_order_of_a_stable_sort(
            steps in prop::collection::vec((0u64..40, 0usize..4), 1..400),
            wide in any::<bool>(),
        ) {
            let mut queue = RadixQueue::new();
            let (mut waiting, mut now, mut number) = (Vec::new(), 0, 0);
            for (ahead, takes) in steps {
                let key = now + if wide { ahead << 40 } else { ahead };
                queue.push(key, number);
                waiting.push((key, number));
                number += 1;
                for _ in 0..takes {
                    waiting.sort_by_key(|(key, _)| *key);
                    prop_assert_eq!(queue.peek(), waiting.first().map(|(key, _)| *key));
                    let expected = (!waiting.is_empty()).then(|| waiting.remove(0));
                    prop_assert_eq!(queue.pop(), expected);
                    now = expected.map_or(now, |(key, _)| key);
                }
            }
        }
    }

    #[test]
    fn years_of_idle_time_are_one_step() {
        let mut queue = RadixQueue::new();
        queue.push(u64::MAX >> 1, 'z');
        queue.push(0, 'a');
        assert_eq!((queue.pop(), queue.pop()), (Some((0, 'a')), Some((u64::MAX >> 1, 'z'))));
        queue.clear();
        queue.push(3, 'b');
        assert_eq!(queue.pop(), Some((3, 'b')));
    }
}
