//! A monotone priority queue, first in first out among equals: the soonest entries in order, the
//! others in a radix heap on `u64` keys.
//!
//! Source: Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem",
//! J. ACM 37 (1990). An entry of the heap lies in the bucket named by the highest bit in which its
//! key differs from `from`, a key that none of them is below.
//!
//! ```text
//!   pop ◄── front: 0110 0110 0111 ◄── beyond = 1000 ──► bucket 1 … bucket 63
//!                  at most 32          the least key of the heap
//! ```
//!
//! An empty front takes over the lowest buckets, sorted, as many as find room; if not even one
//! does, that is re-dealt into lower ones first. A full front gives its later half to the heap.
//! Where little waits, that is a short sorted list; where much waits, a push costs O(1) and a pop
//! O(63) amortised. Equal keys lie in one bucket or in the front, in the order they came: hence
//! first in, first out. Last in, first out is for finding out whether the order of equals matters:
//! an entry then also joins the front if its key is that of the heap's first.

use std::collections::VecDeque;

/// The queue. A key below the last one taken counts as that one.
#[derive(Debug, Clone)]
pub(super) struct RadixQueue<E> {
    /// The soonest entries, the soonest last.
    front: Vec<(u64, E)>,
    /// The least key of all, beyond all keys if nothing waits.
    next: u64,
    /// Entries from this key on belong to the heap.
    beyond: u64,
    /// 1 if equals come in the order in which they were put in, 0 if in the reverse.
    in_order: u64,
    /// The last key taken.
    now: u64,
    /// What the keys of the heap are told apart from; not after `now`.
    from: u64,
    /// Bit `b` is set where bucket `b` is not empty. Bucket 0 is `ready`.
    filled: u64,
    /// Entries of the key `from`.
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
/// The front's entries at most.
const FRONT: usize = 32;
/// Beyond all keys.
const END: u64 = u64::MAX;

impl<E: Copy> RadixQueue<E> {
    pub fn new() -> Self {
        let bucket = || Bucket { least: END, entries: Vec::new() };
        let buckets = std::iter::repeat_with(bucket).take(BUCKETS).collect();
        let front = Vec::with_capacity(FRONT + 1);
        let ready = VecDeque::new();
        Self {
            front,
            next: END,
            beyond: END,
            in_order: 1,
            now: 0,
            from: 0,
            filled: 0,
            ready,
            buckets,
        }
    }

    /// From now on the last of equals comes first; the queue must be empty.
    pub fn take_last_first(&mut self) {
        debug_assert!(self.peek().is_none(), "nothing waits");
        self.in_order = 0;
    }

    /// Empties the queue and lets keys start from 0 again; keeps its memory and whether the last of
    /// equals comes first.
    pub fn clear(&mut self) {
        self.front.clear();
        self.ready.clear();
        while let Some(bucket) = self.buckets.get_mut(self.filled.trailing_zeros() as usize) {
            bucket.entries.clear();
            bucket.least = END;
            self.filled &= self.filled - 1;
        }
        (self.next, self.beyond, self.now, self.from) = (END, END, 0, 0);
    }

    #[inline(always)]
    pub fn push(&mut self, key: u64, event: E) {
        debug_assert!(key >> 63 == 0, "a key has at most 63 bits");
        let key = key.max(self.now);
        self.next = self.next.min(key);
        // It comes behind all keys below this: its equals among them, unless the last comes first.
        let behind = key.wrapping_add(self.in_order);
        if behind > self.beyond {
            return self.put(key, event);
        }
        self.front.push((key, event));
        let mut rest = &mut self.front[..];
        while let Some((later, sooner)) = rest.split_last_mut() {
            let Some(last) = sooner.last().filter(|last| last.0 < behind) else {
                *later = (key, event);
                break;
            };
            *later = *last;
            rest = sooner;
        }
        if self.front.len() > FRONT {
            self.spill();
        }
    }

    /// The least key, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<u64> {
        Some(self.next).filter(|key| *key != END)
    }

    /// The least key, or one beyond all.
    #[inline(always)]
    pub const fn next_key(&self) -> u64 {
        self.next
    }

    /// True if the front is empty: the next pop fills it, if anything waits.
    #[inline]
    pub const fn is_dry(&self) -> bool {
        self.front.is_empty()
    }

    /// The entries of the front, the latest first.
    pub fn front(&self) -> impl Iterator<Item = E> {
        self.front.iter().map(|(_, event)| *event)
    }

    /// Takes the entry with the least key, the first of those that came first.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        if self.front.is_empty() {
            self.refill();
        }
        let entry = self.front.pop()?;
        self.now = entry.0;
        self.next = self.front.last().map_or(self.beyond, |(key, _)| *key);
        Some(entry)
    }

    /// Puts an entry into the heap.
    #[inline]
    fn put(&mut self, key: u64, event: E) {
        self.beyond = self.beyond.min(key);
        self.put_below(key, event);
    }

    /// As `put`, where what is least is not told: it is found out afterwards.
    #[inline(always)]
    fn put_below(&mut self, key: u64, event: E) {
        let number = match key ^ self.from {
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

    /// The later half of the front goes into the heap, and with it whatever equals the soonest of
    /// that half, for equals must stay together.
    #[cold]
    fn spill(&mut self) {
        let soonest = self.front[FRONT / 2 - 1].0;
        let later = self.front.partition_point(|entry| entry.0 >= soonest);
        // Equals go in the order in which they came.
        if self.in_order == 1 {
            self.front[..later].reverse();
        }
        for place in 0..later {
            let (key, event) = self.front[place];
            self.put(key, event);
        }
        self.front.drain(..later);
    }

    /// The front, which is empty, takes over what is soonest in the heap. The first of it is taken
    /// at once, so that `from` is never after `now`.
    fn refill(&mut self) {
        loop {
            let number = self.filled.trailing_zeros() as usize;
            if number == 64 {
                return;
            }
            if number == 0 {
                let (count, from) = (self.ready.len(), self.from);
                let taken = count.min(FRONT);
                if self.in_order == 1 {
                    self.front.extend(self.ready.drain(..taken).rev().map(|event| (from, event)));
                } else {
                    self.front.extend(self.ready.drain(count - taken..).map(|event| (from, event)));
                }
                if self.ready.is_empty() {
                    self.filled &= !1;
                }
                break;
            }
            self.take_over();
            if !self.front.is_empty() {
                break;
            }
            self.deal(number);
        }
        self.beyond = self.least();
    }

    /// The front, which is empty, takes over buckets for as long as there is room.
    fn take_over(&mut self) {
        while let Some(bucket) = self.buckets.get_mut(self.filled.trailing_zeros() as usize)
            && self.front.len() + bucket.entries.len() <= FRONT
        {
            bucket.least = END;
            if self.in_order == 0 {
                bucket.entries.reverse();
            }
            bucket.entries.sort_by_key(|(key, _)| *key);
            self.front.append(&mut bucket.entries);
            self.filled &= self.filled - 1;
        }
        self.front.reverse();
    }

    /// The least key of the heap.
    fn least(&self) -> u64 {
        match self.filled.trailing_zeros() as usize {
            0 => self.from,
            64 => END,
            number => self.buckets[number].least,
        }
    }

    /// Re-deals a bucket into the lower ones, all of them empty, by its least key.
    fn deal(&mut self, number: usize) {
        self.filled &= !(1 << number);
        self.from = std::mem::replace(&mut self.buckets[number].least, END);
        let mut entries = std::mem::take(&mut self.buckets[number].entries);
        for (key, event) in entries.drain(..) {
            self.put_below(key, event);
        }
        self.buckets[number].entries = entries;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a stable sort, the definition of "least first, first in first out among equals",
        /// or last in first out; with few and many that wait, most of them equals or none.
        #[test]
        fn takes_in_the_order_of_a_stable_sort(
            steps in prop::collection::vec((0u64..40, 0usize..4), 1..400),
            wide in any::<bool>(),
            spread in 1u64..40,
            fewer in 0usize..3,
            last_first in any::<bool>(),
        ) {
            let mut queue = RadixQueue::new();
            if last_first {
                queue.take_last_first();
            }
            let (mut waiting, mut now, mut number) = (Vec::new(), 0, 0);
            let last = (0, steps.len());
            for (ahead, takes) in steps.into_iter().chain([last]) {
                let (ahead, takes) = (ahead % spread, takes.saturating_sub(fewer));
                let key = now + if wide { ahead << 40 } else { ahead };
                queue.push(key, number);
                waiting.insert(if last_first { 0 } else { waiting.len() }, (key, number));
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
