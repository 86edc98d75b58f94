//! Reading ahead: where much waits, what the next events will need is read for all of them at once.
//!
//! ```text
//!   one by one   event ─ memory ─ event ─ memory ─ event ─ memory ─ …
//!   ahead        memory of 32 events ─ event ─ event ─ event ─ …
//! ```
//!
//! A record that has waited for long lies far from the processor, and the way there takes longer
//! than an event. Reads that do not depend on each other go that way together. What is read is
//! thrown away: no figure depends on it.

use super::index::{Needed, ProcessId};
use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use std::hint::black_box;

/// From so many requests and sources on, they no longer lie near the processor.
const MUCH: usize = 1 << 12;

impl<O: Observer> Partition<'_, O> {
    /// True if so much waits that it pays to read ahead.
    #[inline(always)]
    pub(super) fn is_vast(&self) -> bool {
        self.transit.len() + self.work.sources().len() >= MUCH
    }

    /// Reads what an event that has been taken needs, and those that come soon after it.
    #[inline(never)]
    pub(super) fn prefetch_events(&mut self, taken: Event) {
        let mut needed = std::mem::take(&mut self.needed);
        needed.extend(self.clock.soon().chain([taken]).filter_map(|event| self.of_event(event)));
        self.prefetch(needed);
    }

    /// Reads what the earliest arrival needs, and those that come soon after it.
    #[inline(never)]
    pub(super) fn prefetch_arrivals(&mut self) {
        let mut needed = std::mem::take(&mut self.needed);
        needed.extend(self.work.upcoming().soon().map(|source| {
            let source = self.work.source(source);
            (ProcessId(source.caller * self.set.plan.population.processes), source.first_cell)
        }));
        self.prefetch(needed);
    }

    fn of_event(&self, event: Event) -> Option<Needed> {
        let number = match event {
            Event::Ready(number) | Event::Reach(number) => number,
            Event::Served(number) | Event::Answered(number) => {
                black_box(self.transit.flight(number).sent);
                number
            }
            Event::Continue(job) | Event::Again(job) | Event::Stir(job) => {
                let job = &self.work[job];
                return Some((job.process, self.work.source(job.source).first_cell));
            }
            Event::Return(_)
            | Event::Turn(_)
            | Event::Rested(_)
            | Event::Wake(_)
            | Event::Warm
            | Event::Flush(_)
            | Event::Hedge(_) => return None,
        };
        let request = &self.transit[number];
        Some((request.process, request.cell))
    }

    /// Reads the account and the limits of these calls.
    fn prefetch(&mut self, mut needed: Vec<Needed>) {
        let mut read = 0;
        for (process, cell) in needed.drain(..) {
            let caller = self.callers.caller_of(process);
            read ^= self.ledger.prefetch(caller.account);
            let operation = self.set.routes[cell.place()].operation;
            read ^= self.provider.gate().prefetch(caller, operation);
        }
        black_box(read);
        self.needed = needed;
    }
}
