//! Watching a run without changing it: one record for every attempt, when it has been
//! answered, or when time is over before that.

use crate::units::{Instant, Rate, Span};
use crate::wire::{Caller, Operation, Status};

/// What happens after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The request has succeeded.
    Done,
    /// Another attempt is considered after this wait.
    After(Span),
    /// The request is given up.
    GivenUp,
    /// Nothing: another attempt decides, or the request has ended.
    Nothing,
    /// Nothing any more: time was over before the answer came.
    UnderWay,
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When its request arose.
    pub arrived: Instant,
    /// When it was sent.
    pub sent: Instant,
    /// When its answer came; `None` if time was over before.
    pub answered: Option<Instant>,
    /// The workload that it is for, by index.
    pub workload: u16,
    /// Who called.
    pub caller: Caller,
    /// What was called.
    pub operation: Operation,
    /// The number of its request among its account's, from 0.
    pub request: u64,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The answer; `None` if time was over before it came.
    pub status: Option<Status>,
    /// Why it was refused, by index, whether or not the client has learned so.
    pub cause: Option<u16>,
    /// When all limits would have admitted it, had nobody else called since its refusal; `None`
    /// if it was not refused by a limit, or if no clock can tell.
    pub clear_at: Option<Instant>,
    /// The `Retry-After` header.
    pub retry_after: Option<Span>,
    /// The rate header.
    pub rate_limit: Option<Rate>,
    /// What the client does next.
    pub next: Next,
}

/// What a limit had left, from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The limit, by its place in [`Plan::watched`](super::Plan::watched).
    pub limit: usize,
    /// Since when.
    pub at: Instant,
    /// How many calls it would admit at once.
    pub left: u64,
}

/// Somebody who watches.
pub trait Observer {
    /// False for an observer that looks at nothing, so that nothing is prepared for it.
    const LOOKS: bool = true;

    /// True for one for whom levels of limits and the backlog are read all the time.
    const READS: bool = false;

    /// Called for every attempt that reached a provider, when it has been answered, or when time is
    /// over.
    fn attempt(&mut self, attempt: &Attempt);

    /// Called with what is left of each limit that is read, after everything that happens.
    fn level(&mut self, _: Left) {}
}

/// Nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    const LOOKS: bool = false;

    #[inline]
    fn attempt(&mut self, _: &Attempt) {}
}

/// Whoever is shown every attempt: for all of them the simulation is compiled once.
pub(super) struct Shown<'a>(pub &'a mut dyn FnMut(&Attempt));

impl Observer for Shown<'_> {
    fn attempt(&mut self, attempt: &Attempt) {
        (self.0)(attempt);
    }
}

/// Somebody who keeps them all.
impl Observer for Vec<Attempt> {
    fn attempt(&mut self, attempt: &Attempt) {
        self.push(*attempt);
    }
}

impl<O: Observer> Observer for &mut O {
    const LOOKS: bool = O::LOOKS;
    const READS: bool = O::READS;

    fn attempt(&mut self, attempt: &Attempt) {
        (**self).attempt(attempt);
    }

    fn level(&mut self, level: Left) {
        (**self).level(level);
    }
}
