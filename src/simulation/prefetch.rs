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

use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use std::hint::black_box;

/// From so many requests and sources on, they no longer lie near the processor.
const MUCH: usize = 1 << 12;

/// What a call will need: its process, and the cell of its step.
pub(super) type Needed = (u32, u16);

impl<O: Observer> Partition<'_, O> {
    /// True if so much waits that it pays to read ahead.
    #[inline(always)]
    pub(super) fn is_vast(&self) -> bool {
        self.requests.len() + self.sources.len() >= MUCH
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
        needed.extend(self.upcoming.soon().map(|source| {
            let source = &self.sources[source as usize];
            (source.caller * self.plan.processes, source.first_cell)
        }));
        self.prefetch(needed);
    }

    fn of_event(&self, event: Event) -> Option<Needed> {
        let number = match event {
            Event::Ready(number) | Event::Reach(number) => number,
            Event::Served(number) | Event::Answered(number) => {
                black_box(self.flights.get(number as usize).map(|flight| flight.sent));
                number
            }
            Event::Continue(job) => {
                let job = &self.jobs[job];
                return Some((job.process, self.sources[job.source as usize].first_cell));
            }
            Event::Return(_) | Event::Turn(_) | Event::Warm | Event::Flush(_) | Event::Hedge(_) => {
                return None;
            }
        };
        let request = &self.requests[number];
        Some((request.process, request.cell))
    }

    /// Reads the account and the limits of these calls.
    fn prefetch(&mut self, mut needed: Vec<Needed>) {
        let mut read = 0;
        for (process, cell) in needed.drain(..) {
            let caller = self.roster.caller_of(process);
            let account = self.account_slot(cell, caller.account as usize);
            read ^= self.outcome.accounts[account].sent;
            let operation = self.routes[usize::from(cell)].operation;
            read ^= self.provider.gate().prefetch(caller, operation);
        }
        black_box(read);
        self.needed = needed;
    }
}
