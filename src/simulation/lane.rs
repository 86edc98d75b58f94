//! A lane of a client's pacer, and the requests that queue in it for their turn.

use super::index::RequestId;
use crate::strategy::{Turn, Turns};
use crate::units::Instant;
use std::collections::VecDeque;

/// A lane, and who queues in it.
#[derive(Debug)]
pub(super) struct Lane {
    pub turns: Turns,
    pub wait_queue: VecDeque<RequestId>,
    /// When the event comes that counts.
    pub due: Option<Instant>,
    /// Heads that have been drawn.
    pub draws: u64,
}

impl Lane {
    pub const fn new(turns: Turns) -> Self {
        Self { turns, wait_queue: VecDeque::new(), due: None, draws: 0 }
    }

    /// True if a request that comes now leaves now.
    #[inline]
    pub fn is_ready(&mut self, now: Instant) -> bool {
        self.wait_queue.is_empty() && self.turns.ready_at(now) <= now
    }
}
