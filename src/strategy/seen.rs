//! What a client sees: of a request that it decides about, and of an attempt that has ended.

use crate::units::{Instant, Rate, Span};
use crate::wire::{Operation, Response};

/// What a client knows of a request when it decides whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The operation called.
    pub operation: Operation,
    /// The rate that the provider publishes for the operation, if it does.
    pub published: Option<Rate>,
    /// The rate that the last header of the operation told, for strategies that wait by it.
    pub told: Option<Rate>,
    /// When its deadline began: the request's arrival, or its first attempt.
    pub since: Instant,
    /// Attempts so far, those that a guard refused included.
    pub attempts: u32,
    /// The last back-off, zero before the first.
    pub delay: Span,
    /// All back-offs so far.
    pub waited: Span,
}

/// What a client knows of a request that could be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// When the request arose.
    pub arrived: Instant,
    /// True for work of the highest priority, if there are several.
    pub urgent: bool,
    /// True if it has a worker already, in which it has slept.
    pub holds: bool,
    /// True if its pacer lets it go at this instant, or it has none.
    pub ready: bool,
}

/// What an answer is to a client that cannot know why it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx.
    Success,
    /// 429, or 2xx with an error code.
    Throttled,
    /// 5xx.
    Failed,
    /// Another 4xx: the provider is well, the request is not.
    Rejected,
}

impl Answer {
    /// What a response is to a client.
    #[must_use]
    pub const fn of(response: &Response) -> Self {
        match response.status.0 {
            200..=299 if response.is_success() => Self::Success,
            200..=299 | 429 => Self::Throttled,
            400..=499 => Self::Rejected,
            _ => Self::Failed,
        }
    }

    /// True if the provider did what was asked, or could not be asked it in that way.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Success | Self::Rejected)
    }
}

/// An attempt that has been answered, as a client sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The answer.
    pub answer: Answer,
    /// The answer to the request's attempt before this one, if there was one.
    pub before: Option<Answer>,
    /// Attempts of the request so far, this one included.
    pub attempts: u32,
    /// From sending to answer.
    pub round_trip: Span,
    /// Attempts of the client that were under way when it was answered, itself included.
    pub in_flight: u32,
    /// What the rate header says.
    pub rate_limit: Option<Rate>,
}

impl Ended {
    /// A first attempt that `response` has answered, alone and at once.
    #[must_use]
    pub const fn first(response: &Response) -> Self {
        Self {
            answer: Answer::of(response),
            before: None,
            attempts: 1,
            round_trip: Span::ZERO,
            in_flight: 1,
            rate_limit: response.rate_limit,
        }
    }
}
