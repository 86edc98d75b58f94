//! The virtual clock and its queue of things to come. It knows nothing of throttling.
//!
//! ```text
//!   schedule(at, rank, event) ──► [ monotone queue ] ──► take ──► (Instant, event)
//! ```
//!
//! Laws: time never runs backwards; at one instant every event of [`Rank::End`] comes before every
//! event of [`Rank::Start`]; within a rank, first in is first out. Idle time costs nothing.

mod pool;
mod queue;

pub use pool::{Number, Pool};

use crate::units::Instant;
use queue::RadixQueue;

/// Which events of one instant come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Something ends, and frees what it held.
    End,
    /// Something starts.
    Start,
}

/// A virtual clock with the events that wait for it.
#[derive(Debug, Clone)]
pub struct Clock<E> {
    queue: RadixQueue<E>,
}

impl<E: Copy> Clock<E> {
    /// A clock at the origin with nothing to come.
    #[must_use]
    pub fn new() -> Self {
        Self { queue: RadixQueue::new() }
    }

    /// Back to the origin, with nothing to come; keeps its memory.
    pub fn reset(&mut self) {
        self.queue.clear();
    }

    /// From now on, and after a reset, the last of one instant and rank comes first, to find out
    /// whether the order of events at one instant matters. Nothing may wait yet.
    pub fn take_last_first(&mut self) {
        self.queue.take_last_first();
    }

    /// Makes `event` come at `at`. An instant and rank that have passed count as the present ones,
    /// behind whatever already waits there.
    #[inline]
    pub fn schedule(&mut self, at: Instant, rank: Rank, event: E) {
        // Beyond 146 years all instants are one: no run comes so far.
        let at = at.as_nanos().min(u64::MAX >> 2);
        self.queue.push(at << 1 | rank as u64, event);
    }

    /// The instant of the next event, if there is one.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Option<Instant> {
        self.queue.peek().map(|key| Instant::from_nanos(key >> 1))
    }

    /// The instant of the next event, or beyond all that anything is scheduled at.
    #[inline(always)]
    #[must_use]
    pub const fn next(&self) -> Instant {
        Instant::from_nanos(self.queue.next_key() >> 1)
    }

    /// True if the next event is one of this instant and rank.
    #[inline]
    #[must_use]
    pub fn next_is(&self, at: Instant, rank: Rank) -> bool {
        self.queue.peek() == Some(at.as_nanos() << 1 | rank as u64)
    }

    /// True if the next take will look for the soonest events among all that wait.
    #[inline]
    #[must_use]
    pub const fn is_dry(&self) -> bool {
        self.queue.is_dry()
    }

    /// The events that come next, as far as they are in order: not many.
    pub fn soon(&self) -> impl Iterator<Item = E> {
        self.queue.front()
    }

    /// Takes the next event.
    #[inline]
    pub fn take(&mut self) -> Option<(Instant, E)> {
        self.queue.pop().map(|(key, event)| (Instant::from_nanos(key >> 1), event))
    }
}

impl<E: Copy> Default for Clock<E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_one_instant_ends_come_before_starts_and_each_in_order() {
        let mut clock = Clock::new();
        let at = Instant::from_nanos(5);
        clock.schedule(at, Rank::Start, 'c');
        clock.schedule(at, Rank::End, 'a');
        clock.schedule(at, Rank::Start, 'd');
        clock.schedule(at, Rank::End, 'b');
        let order: String = std::iter::from_fn(|| clock.take()).map(|(_, event)| event).collect();
        assert_eq!(order, "abcd");
    }

    #[test]
    fn an_end_that_comes_too_late_for_its_rank_still_comes_now() {
        let mut clock = Clock::new();
        let at = Instant::from_nanos(5);
        clock.schedule(at, Rank::Start, 1);
        clock.schedule(at, Rank::Start, 2);
        assert_eq!(clock.take(), Some((at, 1)));
        clock.schedule(at, Rank::End, 3);
        assert_eq!(clock.take(), Some((at, 2)));
        assert_eq!(clock.take(), Some((at, 3)));
        assert_eq!(clock.take(), None);
    }
}
