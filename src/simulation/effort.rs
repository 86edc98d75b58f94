//! How much a run has taken, and whether that is more than it may.

use super::plan::Bounds;
use crate::metrics::Excess;
use crate::units::Instant;

/// Events from one look at what a run has taken to the next.
const LOOK: u32 = 1 << 12;

/// What a run has taken so far.
#[derive(Debug)]
pub(super) struct Effort {
    bounds: Bounds,
    /// Events up to the last look.
    events: u64,
    /// Events until the next.
    unseen: u32,
    /// What all may take, in shares of what an account or the only clock may.
    share: u64,
}

impl Effort {
    /// None yet.
    pub const fn new(bounds: Bounds) -> Self {
        Self { bounds, events: 0, unseen: LOOK, share: 1 }
    }

    /// From now on so many accounts may each take what the bounds say.
    pub const fn share_among(&mut self, accounts: u64) {
        self.share = accounts;
    }

    /// An event happens. True if it is time to look.
    #[inline(always)]
    pub const fn spend(&mut self) -> bool {
        self.unseen = self.unseen.wrapping_sub(1);
        self.unseen == 0
    }

    /// Looks: what is too much, with so many requests and jobs under way.
    #[cold]
    pub fn look(&mut self, now: Instant, waiting: usize) -> Option<Excess> {
        self.unseen = LOOK;
        self.events += u64::from(LOOK);
        if self.events / self.share > self.bounds.events {
            Some(Excess::Events(now))
        } else if waiting as u64 / self.share > self.bounds.waiting {
            Some(Excess::Waiting(now))
        } else {
            None
        }
    }
}
