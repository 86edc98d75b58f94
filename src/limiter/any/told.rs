//! What a limit could tell of itself: how much is left, and when more of it will be.
//!
//! ```text
//!   level │▄▄▄      ▄▄ most        has_at(n)   the first instant at which n are left
//!         │   ▀▄▄▄▀▀               next_at     has_at(level + 1): one more than now
//!         └─────now──┴─► s         resets_at   has_at(most); of a window, its end
//! ```
//!
//! All are as if nobody were charged meanwhile. A plan that will change does not say so.

use super::Limiter;
use crate::limiter::Limit;
use crate::units::Instant;

impl Limiter {
    /// The most that it admits at once, if it counts anything.
    #[must_use]
    pub fn most(&self) -> Option<u64> {
        match self.rule() {
            Self::LeakyQueue(queue) => Some(queue.places()),
            rule => Some(rule.terms()?.most().into()),
        }
    }

    /// The most that it admits at once by the figures of `now`: of a revenue's quota, in a day.
    #[must_use]
    pub fn most_at(&self, now: Instant) -> Option<u64> {
        match self {
            Self::Dynamic(dynamic) => dynamic.as_of(now).limit().most_at(now),
            Self::CoolDown(cooling) => cooling.limit().most_at(now),
            Self::Revenue(revenue) => Some(revenue.quota(now).per_day),
            Self::Lockout(lockout) => Some(lockout.rule().count.into()),
            rule => rule.most(),
        }
    }

    /// True if a clock tells when what it has admitted comes back.
    #[must_use]
    pub const fn comes_back_by_clock(&self) -> bool {
        !matches!(self.rule(), Self::Concurrency(_) | Self::Lockout(_) | Self::Revenue(_))
    }

    /// The first instant from `now` on at which so many are left; `None` if it never holds so many,
    /// or no clock can tell.
    #[must_use]
    pub fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        match self {
            _ if left == 0 => Some(now),
            Self::TokenBucket(bucket) => bucket.has_at(now, left),
            Self::Quota(quota) => quota.has_at(now, left),
            Self::LeakyQueue(queue) => queue.has_at(now, left),
            Self::FixedWindow(window) => window.has_at(now, left),
            Self::SlidingLog(log) => log.has_at(now, left),
            Self::SlidingCounter(counter) => counter.has_at(now, left),
            Self::Metered(metered) if left <= metered.level(now).unwrap_or(0) => Some(now),
            Self::Metered(metered) => metered.has_at(now, left),
            Self::Concurrency(concurrency) => (concurrency.level(now) >= Some(left)).then_some(now),
            Self::Lockout(_) | Self::Revenue(_) => None,
            Self::Dynamic(dynamic) => dynamic.as_of(now).limit().has_at(now, left),
            Self::CoolDown(cooling) => cooling.limit().has_at(now.max(cooling.until()), left),
        }
    }

    /// When all that it admits at once is back: of a fixed window, when that ends.
    #[must_use]
    pub fn resets_at(&self, now: Instant) -> Option<Instant> {
        match self {
            Self::FixedWindow(window) => window.ends(now),
            Self::Metered(metered) => {
                metered.ends(now).or_else(|| self.has_at(now, metered.most().into()))
            }
            Self::Dynamic(dynamic) => dynamic.as_of(now).limit().resets_at(now),
            Self::CoolDown(cooling) => cooling.limit().resets_at(now.max(cooling.until())),
            _ => self.has_at(now, self.most()?),
        }
    }

    /// When one more is left than now; `now` if it is full.
    #[must_use]
    pub fn next_at(&self, now: Instant) -> Option<Instant> {
        let (level, most) = (self.level(now)?, self.most()?);
        if level >= most { Some(now) } else { self.has_at(now, level + 1) }
    }
}
