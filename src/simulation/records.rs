//! What a partition keeps of work under way: events to come, jobs, and their requests.

use super::callers::LaneId;
use super::index::{CellId, CountedId, JobId, ProcessId, RequestId, SourceId};
use crate::metrics::Fate;
use crate::strategy::{Answer, MOST_HEEDED};
use crate::units::{Instant, Money, Span};
use crate::wire::{Operation, Response, Told};
use crate::workload::Load;

/// What the clock brings.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A member of a closed population is back: source.
    Return(SourceId),
    /// A job's pause is over: job.
    Continue(JobId),
    /// A job that has lost a request begins again: job.
    Again(JobId),
    /// A worker has rested, of a process.
    Rested(ProcessId),
    /// The job of a worker that has rested goes on: job.
    Stir(JobId),
    /// A worker that has rested is free for whoever is parked: process.
    Wake(ProcessId),
    /// A back-off is over: request.
    Ready(RequestId),
    /// A turn may have come: lane.
    Turn(LaneId),
    /// The warm-up is over.
    Warm,
    /// A batch has lingered: its place.
    Flush(u32),
    /// An attempt may have been under way for long: request.
    Hedge(RequestId),
    /// An attempt reaches the provider: request.
    Reach(RequestId),
    /// An admitted call has been served: request.
    Served(RequestId),
    /// The response reaches the client: request.
    Answered(RequestId),
}

/// One arrival of work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    pub source: SourceId,
    pub number: u64,
    pub process: ProcessId,
    pub arrived: Instant,
    /// Steps begun.
    pub step: u16,
    pub load: Load,
    /// The items that it brought to its first step.
    pub items: u64,
    /// Requests of the step that have arisen, and a part that tells apart how often it began.
    pub made: u64,
    /// How often it has begun again.
    pub round: u32,
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

/// One logical call: what it takes to try it, try after try. A line of a processor's cache holds
/// it, for where many requests wait, the way to memory is what a try costs.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Request {
    /// Its job; `None` if it is all of it.
    pub job: Option<JobId>,
    pub process: ProcessId,
    pub operation: Operation,
    pub cell: CellId,
    pub counted: CountedId,
    /// The owner of its draws.
    pub owner: u64,
    pub arrived: Instant,
    pub attempts: u32,
    pub admissions: u32,
    /// Attempts that a guard refused.
    pub refusals: u32,
    /// True while it has a worker.
    pub holds: bool,
    /// The last back-off.
    pub delay: Span,
    /// All back-offs so far.
    pub waited: Span,
}

impl Request {
    /// One that has not been tried, of nobody yet.
    pub const NEW: Self = Self {
        job: None,
        process: ProcessId(0),
        operation: Operation(0),
        cell: CellId(0),
        counted: CountedId(0),
        owner: 0,
        arrived: Instant::ORIGIN,
        attempts: 0,
        admissions: 0,
        refusals: 0,
        holds: false,
        delay: Span::ZERO,
        waited: Span::ZERO,
    };
}

const _: () = assert!(size_of::<Request>() == 64, "a request fits a line of the cache");

/// What else there is of a request: the attempt under way, and who travels with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    /// The request's number among all of its account, for whoever watches.
    pub number: u64,
    /// The items that it is for, where a cost depends on them; otherwise 1.
    pub items: u32,
    pub sent: Instant,
    /// When the first attempt was made.
    pub begun: Instant,
    /// True from sending to answer.
    pub flies: bool,
    /// The answer that is on its way.
    pub pending: Pending,
    /// The last answer.
    pub before: Option<Answer>,
    /// What is asked for, if answers are cached.
    pub key: Option<u32>,
    /// The next of those that travel in the same call.
    pub next: Option<RequestId>,
    /// The other attempt under way for the same request.
    pub twin: Option<RequestId>,
    pub role: Role,
}

impl Flight {
    /// Of a request that has not been tried.
    pub const NONE: Self = Self {
        number: 0,
        items: 1,
        sent: Instant::ORIGIN,
        begun: Instant::ORIGIN,
        flies: false,
        pending: Pending::Nothing,
        before: None,
        key: None,
        next: None,
        twin: None,
        role: Role::Own,
    };
}

/// What an answer tells of each limit that a lane heeds.
pub(super) type Bulletin = [Option<Told>; MOST_HEEDED];

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
