//! What a limit could tell of itself: how much is left, and when more of it will be.
//!
//! ```text
//!   level │▄▄▄      ▄▄ most        has_at(n)   the first instant at which n are left
//!         │   ▀▄▄▄▀▀               next_at     has_at(level + 1): one more than now
//!         └─────now──┴─► s         resets_at   has_at(most); of a window, its end
//! ```
//!
//! All are as if nobody were charged meanwhile. A plan that will change does not say so.

use super::each;
use crate::limiter::{Facts, Limit, Limiter};
use crate::units::Instant;

impl Limiter {
    /// The most that it admits at once, if it counts anything.
    #[must_use]
    pub fn most(&self) -> Option<u64> {
        each!(self, limit => limit.most())
    }

    /// The most that it admits at once by the figures of `now`: of a revenue's quota, in a day.
    #[must_use]
    pub fn most_at(&self, now: Instant) -> Option<u64> {
        each!(self, limit => limit.most_at(now))
    }

    /// True if a clock tells when what it has admitted comes back.
    #[must_use]
    pub fn comes_back_by_clock(&self) -> bool {
        each!(self, limit => limit.comes_back_by_clock())
    }

    /// The first instant from `now` on at which so many are left; `None` if it never holds so many,
    /// or no clock can tell.
    #[must_use]
    pub fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        if left == 0 {
            return Some(now);
        }
        each!(self, limit => limit.has_at(now, left))
    }

    /// When all that it admits at once is back: of a fixed window, when that ends.
    #[must_use]
    pub fn resets_at(&self, now: Instant) -> Option<Instant> {
        each!(self, limit => limit.resets_at(now))
    }

    /// When one more is left than now; `now` if it is full.
    #[must_use]
    pub fn next_at(&self, now: Instant) -> Option<Instant> {
        let (level, most) = (self.level(now)?, self.most()?);
        if level >= most { Some(now) } else { self.has_at(now, level + 1) }
    }
}
