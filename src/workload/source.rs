//! A source: one workload's arrivals for one caller (or for all, dealt in turn), one at a time.

use super::memory::Memory;
use super::trace::Replay;
use super::{Arrivals, Change, Row, Turn};
use crate::random::Stream;
use crate::units::Instant;

/// Where an arrival process stands. There may be one for each of a million accounts, so it keeps
/// no more than it must.
#[derive(Debug)]
pub struct Source {
    stream: Stream,
    /// How many arrivals have been taken.
    taken: u64,
    memory: Memory,
}

impl Source {
    /// A source, and when its first arrival is, if it has one.
    #[must_use]
    pub fn new(arrivals: &Arrivals, stream: Stream, turn: Turn) -> (Self, Option<Instant>) {
        let memory = match arrivals {
            Arrivals::Every { .. } => Memory::Lag(arrivals.lag(turn)),
            Arrivals::OnOff(_) => Memory::Phase(Box::new(None)),
            Arrivals::Trace(trace) => Memory::Replay(Box::new(Replay::new(trace))),
            _ => Memory::Nothing,
        };
        let mut source = Self { stream, taken: 0, memory };
        let first = arrivals.nth(0, Instant::ORIGIN, stream, &mut source.memory);
        (source, first)
    }

    /// The row that the next arrival is recorded in, if it is from a trace.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        match &self.memory {
            Memory::Replay(replay) => replay.row,
            _ => None,
        }
    }

    /// Why its recorded arrivals are not those that were counted, if so.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        match &self.memory {
            Memory::Replay(replay) => replay.check().err(),
            _ => None,
        }
    }

    /// The stream that its arrivals and think times are drawn from.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        self.stream
    }

    /// How many arrivals have been taken.
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes the arrival that comes `now`, and tells when the one after it does.
    #[inline(always)]
    pub fn advance(&mut self, arrivals: &Arrivals, now: Instant) -> Option<Instant> {
        self.taken += 1;
        arrivals.nth(self.taken, now, self.stream, &mut self.memory)
    }

    /// Counts an arrival of a closed population, which comes from the clock.
    pub const fn count_one(&mut self) -> u64 {
        self.taken += 1;
        self.taken - 1
    }
}
