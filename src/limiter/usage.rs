//! How near a limit came to refusing: the largest share of it that was in use.
//!
//! ```text
//!   share = (most − left) / most, where the fewest were left
//!   left    requests that it would still admit at once, after one has been charged
//!   most    those that it admits at once if nobody has called before
//! ```
//!
//! | limit | most | left |
//! |---|---|---|
//! | token bucket, quota | its burst | whole tokens |
//! | leaky queue | places: longest wait · rate, and one | free places |
//! | window | its limit | limit − requests in the window, as it counts them |
//! | concurrency | its limit | limit − calls that run |
//! | lockout | failures that lock | failures until it locks |
//! | revenue, a day | requests of the day | those that the day has left |
//! | revenue, a second | burst of the bucket | whole tokens |
//!
//! A limit that refused has nothing left: its share is 1. A share of 1 without a refusal means that
//! one more request at that moment would have been refused. A client that is paced at the rate of a
//! bucket leaves its burst alone and uses one token of it at a time. Where figures change during a
//! run, each share is of the figures of its time.
//!
//! No more is kept of a limit than the fewest that it had left, and since which minute.

use crate::units::{Instant, Span};
use std::cmp::Ordering;

/// A share of a limit that was in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Requests in use, at most `most`.
    pub taken: u64,
    /// Requests that the limit admits at once, at least 1.
    pub most: u64,
    /// The minute in which it happened first, from 0 at the origin.
    minute: u32,
}

impl Usage {
    /// So many of `most` in use at `now`.
    pub(super) fn new(taken: u64, most: u64, now: Instant) -> Self {
        let most = most.max(1);
        Self { taken: taken.min(most), most, minute: minute_of(now) }
    }

    /// What was in use, as a fraction.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn share(&self) -> f64 {
        self.taken as f64 / self.most as f64
    }

    /// The beginning of the minute in which it happened first.
    #[must_use]
    pub fn at(&self) -> Instant {
        Instant::ORIGIN + Span::MINUTE.times(u64::from(self.minute))
    }

    /// The larger share first; of equal ones the earlier.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let cross = |one: u64, most: u64| u128::from(one) * u128::from(most);
        cross(other.taken, self.most)
            .cmp(&cross(self.taken, other.most))
            .then(self.minute.cmp(&other.minute))
    }

    /// The larger share of two that may be.
    pub(super) fn larger(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter().chain(other).min_by(Self::compare)
    }
}

/// The number of an instant's minute.
fn minute_of(now: Instant) -> u32 {
    u32::try_from(now.as_nanos() / Span::MINUTE.as_nanos()).unwrap_or(u32::MAX)
}

/// The fewest requests that a limit had left, and in which minute first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ebb {
    left: u32,
    minute: u32,
}

impl Ebb {
    /// Nothing has been charged yet.
    pub const NONE: Self = Self { left: u32::MAX, minute: 0 };

    /// So many are left at `now`.
    #[inline]
    pub fn see(&mut self, left: u32, now: Instant) {
        if left < self.left {
            *self = Self { left, minute: minute_of(now) };
        }
    }

    /// The same, of a level.
    #[inline]
    pub fn see_level(&mut self, level: Option<u64>, now: Instant) {
        // What is more than the largest limit is not the fewest.
        self.see(level.and_then(|left| u32::try_from(left).ok()).unwrap_or(u32::MAX), now);
    }

    /// The fewest that were left; more than any limit has if nothing was charged.
    #[inline]
    pub const fn left(&self) -> u32 {
        self.left
    }

    /// The largest share in use of a limit of so many; `None` if nothing was charged.
    pub fn of(self, most: u64) -> Option<Usage> {
        let left = u64::from(self.left);
        let usage = Usage { taken: most.saturating_sub(left), most, minute: self.minute };
        (self.left < u32::MAX && most > 0).then_some(usage)
    }
}
