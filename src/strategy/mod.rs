//! What a client does: when it sends, how many at a time, whether and when it tries again.
//!
//! ```text
//!   request ──► first ──► Send ───► attempt ──► Response ──► learn ──► again ──► After(wait),
//!     ▲            ├────► Queue: for a turn of its lane                   │         to `first`
//!     │            ├────► Park: until one of my calls ends                └────► GiveUp
//!     │            ├────► Refuse: a guard says no; as a failure, `refused` decides
//!     │            └────► GiveUp
//! ```
//!
//! | block | decides | files |
//! |---|---|---|
//! | [`Pace`] | when an attempt may leave | `pace/` |
//! | workers, [`Concurrency`] | how many are under way | `concurrency/` |
//! | [`Guard`] | what is not sent at all | `guard/` |
//! | [`Retry`], [`Backoff`] | whether and when to retry | `retry.rs`, `deadline.rs`, `backoff/` |
//! | [`Start`], [`Batching`], [`Hedging`] | waiting for company, and sending twice | `start.rs` |
//! | [`Caching`] | what is not fetched again | `cache.rs` |
//! | [`Budget`] | how many retries all requests have together | `budget/` |
//!
//! A [`Strategy`] is what a scenario says and never changes; a [`Client`] is one process that
//! follows it, and a [`Crew`] its workers; several may share workers, or lanes. A client sees
//! responses and the published limits, never a provider's limiter. It is asked before every
//! attempt, the first included.

mod backoff;
mod budget;
mod cache;
mod client;
mod concurrency;
mod counter;
mod deadline;
mod family;
mod guard;
mod pace;
mod retry;
mod seen;
mod slots;
mod start;

pub use backoff::*;
pub use budget::*;
pub use cache::{Cache, Caching};
pub use client::{Client, Crew, Decision};
pub use concurrency::*;
pub use counter::Counter;
pub use deadline::{Deadline, DeadlineFrom, LastWait};
pub use family::{Flaw, Unsound};
pub use guard::*;
pub use pace::*;
pub use retry::{Beyond, Counted, Retry, RetryAfter};
pub use seen::{Answer, Ended, View, Waiting};
pub use start::{Batching, Hedging, Start};

use crate::units::Span;

/// Everything that a client decides, as a scenario states it. The default sends at once, without
/// bound, and never tries again.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// Whether and when to try again.
    pub retry: Retry,
    /// How many retries all requests of a client have together; `None` is without end.
    pub budget: Option<Budget>,
    /// What is not sent at all; all of them must admit.
    pub guards: Vec<Guard>,
    /// At what rate to send; `None` sends as soon as there is something to send.
    pub pace: Option<Pace>,
    /// Attempts in flight at most; `None` is unlimited.
    pub workers: Option<u32>,
    /// Workers that are kept for urgent requests, fewer than there are.
    pub reserve: u32,
    /// Who shares the workers.
    pub crew: Sharing,
    /// A bound on attempts in flight that adapts, besides that of the workers.
    pub concurrency: Option<Concurrency>,
    /// When a request's first attempt is considered; `None` is at once.
    pub start: Option<Start>,
    /// What is not fetched again.
    pub cache: Option<Caching>,
    /// What travels together.
    pub batch: Option<Batching>,
    /// What is sent twice.
    pub hedge: Option<Hedging>,
    /// True for clients that sleep out a back-off in the worker.
    pub hold_worker: bool,
    /// How long a worker rests after a call; zero is not at all.
    pub pause: Span,
    /// The workloads that it runs, by index; `None` is all.
    pub workloads: Option<Vec<u16>>,
}

impl Default for Strategy {
    fn default() -> Self {
        Self {
            retry: Retry::never(),
            budget: None,
            guards: Vec::new(),
            pace: None,
            workers: None,
            reserve: 0,
            crew: Sharing::Process,
            concurrency: None,
            start: None,
            cache: None,
            batch: None,
            hedge: None,
            hold_worker: false,
            pause: Span::ZERO,
            workloads: None,
        }
    }
}

impl Strategy {
    /// True if anything in it learns from answers.
    #[must_use]
    pub fn listens(&self) -> bool {
        let learns = |turns: &Turns| match turns {
            Turns::Pacer(pacer) => pacer.follow.is_some() || pacer.emptied,
            Turns::AimdRate(_) | Turns::AwsSdk(_) | Turns::Heeding(_) => true,
            Turns::BurstAndYield(_)
            | Turns::Copied(_)
            | Turns::Reservoir(_)
            | Turns::Windowed(_) => false,
        };
        self.budget.is_some()
            || self.pace.as_ref().is_some_and(|pace| pace.counts.is_some())
            || self.retry.counted != Counted::Request
            || self.concurrency.is_some()
            || !self.guards.is_empty()
            || self.retry.backoff.reads_header()
            || self.pace.as_ref().is_some_and(|pace| pace.lanes.iter().any(learns))
    }
}

impl Strategy {
    /// True if a request may be more than itself: one of several in a call or of two attempts at a
    /// time, or somebody else's answer later on.
    #[must_use]
    pub const fn has_company(&self) -> bool {
        self.batch.is_some() || self.hedge.is_some() || self.cache.is_some()
    }

    /// True if attempts in flight are bounded.
    #[must_use]
    pub const fn has_bound(&self) -> bool {
        self.workers.is_some() || self.concurrency.is_some()
    }

    /// True if nothing of it ever holds back a request that could be sent: no guard, no pacer, no
    /// bound on workers, no deadline.
    #[must_use]
    pub fn sends_freely(&self) -> bool {
        self.guards.is_empty()
            && self.pace.is_none()
            && !self.has_bound()
            && self.retry.deadline.is_none()
    }
}

/// What a client decides after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Another attempt after this wait.
    After(Span),
    /// No more.
    GiveUp,
}

/// Who has one of something between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    /// Each process has its own.
    #[default]
    Process,
    /// The processes of a caller share one.
    Caller,
    /// All callers share one.
    Everybody,
}
