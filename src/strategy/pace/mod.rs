//! When the next attempt may leave: client-side pacing, by a fixed rate or one that is learned.
//!
//! ```text
//!   attempt ──► lane ──► ready_at ──► now: take, and leave
//!                                └──► later: queue in the lane; its head leaves at that turn
//! ```
//!
//! A share of a published limit makes one lane for each limit that the client calls under; a stated
//! rate is one lane for all calls. What waits in a lane has no turn of its own yet, so that a
//! change of rate, or more urgent work, counts for all that wait.

mod aimd_rate;
mod aws_sdk;
mod burst_and_yield;
mod copied;
mod heeding;
mod pacer;
mod reservoir;
mod windowed;

pub use aimd_rate::AimdRate;
pub use aws_sdk::AwsSdk;
pub use burst_and_yield::BurstAndYield;
pub use copied::Copied;
pub use heeding::{Heed, Heeded, Heeding, MOST_HEEDED};
pub use pacer::Pacer;
pub use reservoir::Reservoir;
pub use windowed::{Windowed, WindowedKind};

use super::family::family;
use super::{Ended, Sharing};
use crate::units::Instant;
use crate::wire::Operation;

/// The lanes of a paced client.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Each as it begins.
    pub lanes: Vec<Turns>,
    /// The lane of each operation, by index; `None` is not paced.
    pub lane_of: Vec<Option<u16>>,
    /// Who shares the lanes.
    pub sharing: Sharing,
    /// The unit that the lanes count, by index; `None`: calls.
    pub counts: Option<u16>,
}

impl Pace {
    /// The lane of an operation.
    #[inline]
    #[must_use]
    pub fn lane(&self, operation: Operation) -> Option<usize> {
        self.lane_of.get(usize::from(operation.0)).copied().flatten().map(usize::from)
    }

    /// True if it acts on what answers tell of the limits.
    #[inline]
    #[must_use]
    pub fn heeds(&self) -> bool {
        matches!(self.lanes.first(), Some(Turns::Heeding(_)))
    }
}

/// The contract of every lane.
pub trait Turn {
    /// The first instant from `now` on at which an attempt may leave.
    fn ready_at(&mut self, now: Instant) -> Instant;

    /// An attempt leaves at `now`, which `ready_at` allows.
    fn take(&mut self, now: Instant);

    /// Told of every answer to the lane's calls.
    fn learn(&mut self, now: Instant, ended: &Ended);
}

family! {
    /// A lane, whatever gives its turns.
    Turns: Turn {
        /// A fixed rate with a burst, or one that follows the rate header.
        Pacer,
        /// A whole burst at once, then a rest.
        BurstAndYield,
        /// Turns that come together, at ticks of a clock.
        Reservoir,
        /// A copy of a published rule.
        Copied,
        /// What answers tell of the limits.
        Heeding,
        /// So many calls in each so much time.
        Windowed,
        /// A rate that creeps up and is cut.
        AimdRate,
        /// The AWS SDKs' adaptive rate.
        AwsSdk,
    }

    fn ready_at(&mut self, now: Instant) -> Instant;
    fn take(&mut self, now: Instant);
    fn learn(&mut self, now: Instant, ended: &Ended);
}

impl Turns {
    /// The next attempt wants so many units, and takes so many of them; of lanes that count units
    /// or tell calls apart.
    pub fn prepare(&mut self, operation: Operation, (wanted, taken): (u64, u64)) {
        match self {
            Self::Copied(copied) => copied.prepare(wanted, taken),
            Self::Heeding(heeding) => heeding.prepare(operation, wanted.max(taken)),
            _ => {}
        }
    }

    /// An attempt has used less or more units than it took; of lanes that count units.
    pub fn correct(&mut self, now: Instant, back: u64, more: u64) {
        if let Self::Copied(copied) = self {
            copied.correct(now, back, more);
        }
    }

    /// True if any of those that wait may be the next, each as likely as the others; otherwise they
    /// leave in the order in which they came.
    #[inline]
    #[must_use]
    pub const fn leaves_at_random(&self) -> bool {
        matches!(self, Self::AwsSdk(_))
    }
}
