//! What an island keeps of work under way: events to come, jobs, and their requests.

use crate::metrics::Fate;
use crate::strategy::Answer;
use crate::units::{Instant, Money, Span};
use crate::wire::{Caller, Operation, Response};
use crate::workload::Load;

/// What the clock brings.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A member of a closed population is back: source.
    Return(u32),
    /// A job's pause is over: job.
    Continue(u32),
    /// A back-off is over: request.
    Ready(u32),
    /// A turn may have come: lane.
    Turn(u32),
    /// A batch has lingered: its place.
    Flush(u32),
    /// An attempt may have been under way for long: request.
    Hedge(u32),
    /// An attempt reaches the provider: request.
    Reach(u32),
    /// An admitted call has been served: request.
    Served(u32),
    /// The response reaches the client: request.
    Answered(u32),
}

/// One arrival of work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    pub spring: u32,
    pub number: u64,
    pub process: u32,
    pub arrived: Instant,
    /// Steps begun.
    pub step: u16,
    pub load: Load,
    /// Requests of the step that have arisen.
    pub made: u64,
    /// Requests of the step that are still to arise.
    pub left: u64,
    /// The only step that it has, where a trace names one.
    pub only: Option<u16>,
    /// Requests of the step that have arisen and not ended.
    pub open: u32,
    /// When what a poll asks for is ready.
    pub ready: Instant,
    pub given_up: bool,
    /// True while it waits for the event to be over.
    pub stirred: bool,
    /// True if nothing follows the requests of this step.
    pub last: bool,
}

/// One logical call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    /// Its job; `None` if it is all of it.
    pub job: Option<u32>,
    pub process: u32,
    pub caller: Caller,
    pub operation: Operation,
    pub cell: u16,
    /// The cell that counts it: beyond all others if its job arrived while warming up.
    pub counted: u16,
    pub number: u64,
    /// The owner of its draws.
    pub owner: u64,
    pub arrived: Instant,
    pub sent: Instant,
    pub attempts: u32,
    pub admissions: u32,
    /// Attempts that a guard refused.
    pub refusals: u32,
    /// The last answer.
    pub before: Option<Answer>,
    /// True while it has a worker.
    pub holds: bool,
    /// The last back-off.
    pub delay: Span,
    /// All back-offs so far.
    pub waited: Span,
    /// What it asks for, if answers are cached.
    pub key: Option<u32>,
    /// The next of those that travel in its call.
    pub next: Option<u32>,
    /// The other attempt under way for the same request.
    pub twin: Option<u32>,
    pub role: Role,
    /// True from sending to answer.
    pub flies: bool,
    pub pending: Pending,
}

/// What the record of a request stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The request.
    Own,
    /// Its second attempt.
    Hedge,
    /// An attempt for a request that has ended.
    Orphan,
}

/// The answer that is on its way.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pending {
    Nothing,
    Service(Fate, Money),
    Response(Response, Option<u16>),
}
