//! A source: one workload's arrivals for one caller (or for all, dealt in turn), one at a time.

use super::on_off::Phase;
use super::trace::Replay;
use super::{Arrivals, Row, Turn};
use crate::random::Stream;
use crate::units::{Instant, Span};

/// Where an arrival process stands.
#[derive(Debug)]
pub struct Source {
    stream: Stream,
    number: u64,
    next: Option<Instant>,
    memory: Memory,
    /// Where a trace stands; boxed, for the other sources have none.
    replay: Option<Box<Replay>>,
}

/// What a process knows besides the number and the instant of the arrival before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Memory {
    /// How much later its schedule begins than that of the first caller.
    pub lag: Span,
    /// The state of a process that is on or off, once it has begun.
    pub phase: Option<Phase>,
}

impl Source {
    /// A source at its first arrival.
    #[must_use]
    pub fn new(arrivals: &Arrivals, stream: Stream, turn: Turn) -> Self {
        let mut memory = Memory { lag: arrivals.lag(turn), phase: None };
        let Arrivals::Trace(trace) = arrivals else {
            let next = arrivals.nth(0, Instant::ORIGIN, stream, &mut memory);
            return Self { stream, number: 0, next, memory, replay: None };
        };
        let mut replay = Box::new(Replay::new(trace));
        Self { stream, number: 0, next: replay.advance(stream), memory, replay: Some(replay) }
    }

    /// The instant of the next arrival, if there is one.
    #[must_use]
    pub const fn peek(&self) -> Option<Instant> {
        self.next
    }

    /// The row that the next arrival is recorded in, if it is from a trace.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        self.replay.as_ref().and_then(|replay| replay.row)
    }

    /// The stream that its arrivals and think times are drawn from.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        self.stream
    }

    /// How many arrivals have been taken.
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.number
    }

    /// Takes the next arrival and moves on to the one after it.
    pub fn advance(&mut self, arrivals: &Arrivals) {
        if let Some(at) = self.next {
            self.number += 1;
            self.next = match &mut self.replay {
                None => arrivals.nth(self.number, at, self.stream, &mut self.memory),
                Some(replay) => replay.advance(self.stream),
            };
        }
    }

    /// Counts an arrival of a closed population, which comes from the clock.
    pub const fn count_one(&mut self) -> u64 {
        self.number += 1;
        self.number - 1
    }
}
