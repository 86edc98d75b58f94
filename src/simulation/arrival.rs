//! Sources of arrivals, and which of them comes next.

use super::index::{CellId, ProcessId, SourceId};
use crate::engine::{Clock, Rank};
use crate::random::Stream;
use crate::units::Instant;
use crate::workload::Source;

/// Where one workload's work for one caller comes from; in a line of a processor's cache.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct ArrivalSource {
    /// The caller, by number; the first of all for a stream that is dealt to them in turn.
    pub caller: u32,
    /// The process that gets all its jobs, if it is always the same one.
    pub process: Option<ProcessId>,
    /// The same, if each job is a single request that goes by the short way.
    pub express: Option<ProcessId>,
    /// The cell of the workload's first step.
    pub first_cell: CellId,
    pub arrivals: Source,
    /// What tells the requests of its jobs apart.
    pub keys: Stream,
}

/// The next arrival of each source, the earliest of them in hand; first in, first out at one
/// instant.
#[derive(Debug)]
pub(super) struct Upcoming {
    first: SourceId,
    /// When that is; at the end of time if there is none, and `first` means nothing.
    at: Instant,
    others: Clock<SourceId>,
    /// True if it and those that come soon after it were looked for among all.
    is_new: bool,
    /// True if the last of one instant comes first.
    last_first: bool,
}

impl Upcoming {
    /// No source yet.
    pub fn new() -> Self {
        let (first, at) = (SourceId(0), Instant::END);
        Self { first, at, others: Clock::new(), is_new: false, last_first: false }
    }

    pub fn clear(&mut self) {
        self.at = Instant::END;
        self.others.reset();
    }

    /// From now on the last of one instant comes first.
    pub fn take_last_first(&mut self) {
        self.others.take_last_first();
        self.last_first = true;
    }

    /// When the next job arrives; at the end of time if none does.
    #[inline(always)]
    pub const fn next(&self) -> Instant {
        self.at
    }

    /// The sources of the next arrivals, as far as they are in order, and of the first.
    pub fn soon(&self) -> impl Iterator<Item = SourceId> {
        self.others.soon().chain([self.first])
    }

    /// One more source, which has its first arrival then.
    pub fn add(&mut self, at: Instant, source: SourceId) {
        self.others.schedule(at, Rank::Start, source);
    }

    /// All sources have been added: the earliest is taken in hand.
    pub fn begin(&mut self) {
        self.exchange(None);
    }

    /// The source in hand, if there is any next arrival.
    #[inline(always)]
    pub const fn first(&self) -> SourceId {
        self.first
    }

    /// True, once, if the source in hand was looked for among all.
    #[inline(always)]
    pub const fn is_new(&mut self) -> bool {
        std::mem::replace(&mut self.is_new, false)
    }

    /// The source in hand has its next arrival at `at`, if it has any.
    #[inline(always)]
    pub fn put_back(&mut self, at: Option<Instant>) {
        let other = self.others.next();
        if let Some(at) = at
            && (at < other || (self.last_first && at == other))
        {
            self.at = at;
        } else {
            self.exchange(at);
        }
    }

    /// The source in hand goes back to the others, and the earliest of all is taken in hand.
    #[inline(never)]
    fn exchange(&mut self, at: Option<Instant>) {
        if let Some(at) = at {
            self.others.schedule(at, Rank::Start, self.first);
        }
        self.is_new = self.others.is_dry();
        (self.at, self.first) = self.others.take().unwrap_or((Instant::END, self.first));
    }
}
