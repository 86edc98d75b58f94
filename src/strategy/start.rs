//! What a client does before its first attempt: wait for company, or for its own time.
//!
//! ```text
//!   batch   the first request lingers; those that join it travel in its call, up to `size`
//!   start   offset: k·period/n for the k-th of n processes;  spread: U(0, period)
//!   hedge   a second attempt, if the first has no answer `after` so long; the first answer counts
//! ```

use crate::units::Span;

/// Requests that travel together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batching {
    /// How long the first of a batch waits for others.
    pub linger: Span,
    /// How many travel in one call, by operation; 1 travels alone.
    pub sizes: Vec<u32>,
}

/// When the first attempt of a request is considered, counted from its arising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The processes of all callers take turns over the period.
    Offset(Span),
    /// Anything up to the period, drawn for each request.
    Spread(Span),
}

/// A second attempt where the first takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hedging {
    /// From an attempt's sending to the second one.
    pub after: Span,
}
