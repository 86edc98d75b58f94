//! Where requests are answered: all that whoever listens for them knows of a provider.

use super::clock::Clock;
use crate::units::Instant;
use bytes::Bytes;
use http::{Request, Response};
use std::net::IpAddr;

/// Answers requests.
pub trait Desk: Send + Sync + 'static {
    /// Decides about a request as it arrives, and says what to answer and when.
    fn answer(&self, ask: Request<Bytes>, from: IpAddr) -> Answer;

    /// The answer has left, or its client went away.
    fn left(&self, ticket: Ticket);
}

/// What a request is answered.
#[derive(Debug)]
pub struct Answer {
    /// The response.
    pub response: Response<Bytes>,
    /// When it may leave.
    pub after: Wait,
    /// What to tell the desk once it has left.
    pub ticket: Ticket,
}

/// Tells the answers of a desk apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// When an answer may leave.
#[derive(Debug, Clone)]
pub enum Wait {
    /// At once.
    No,
    /// When the desk's clock has reached an instant.
    Until(Instant, Clock),
}

impl Wait {
    /// Ends when the answer may leave.
    pub async fn over(&self) {
        if let Self::Until(instant, clock) = self {
            clock.reached(*instant).await;
        }
    }
}
