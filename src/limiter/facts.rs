//! What a limiter is, apart from what it answers: what it allows, how that changes, and what it can
//! tell of itself.
//!
//! ```text
//!   level │▄▄▄      ▄▄ most        has_at(n)   the first instant at which n are left
//!         │   ▀▄▄▄▀▀               resets_at   has_at(most); of a window, its end
//!         └─────now──┴─► s         learns      settle changes its level
//! ```

use super::{Limit, Limiter, Terms};
use crate::units::Instant;

/// The facts of a limiter. What is told is as if nobody were charged meanwhile.
pub(super) trait Facts: Limit {
    /// The limiter within, of one that only changes its figures or shuts it for a while. Facts that
    /// do not depend on the time are those of that one.
    fn inner(&self) -> Option<&Limiter> {
        None
    }

    /// What it allows now; `None` if that cannot change.
    fn terms(&self) -> Option<Terms>;

    /// From `now` on it allows something else; terms of another kind change nothing.
    fn change(&mut self, now: Instant, terms: Terms);

    /// Remembers as much as it needs if it is to allow this later on.
    fn remember(&mut self, _: Terms) {}

    /// The first instant from `now` on at which so many are left, from 1; `None` if it never holds
    /// so many, or no clock can tell.
    fn has_at(&self, now: Instant, left: u64) -> Option<Instant>;

    /// True if it learns how requests end.
    fn learns(&self) -> bool {
        self.inner().is_some_and(Limiter::learns)
    }

    /// True if it matters when the run begins: its windows or days are those of the clock.
    fn follows_clock(&self) -> bool {
        self.inner().is_some_and(Limiter::follows_clock)
    }

    /// True if its tokens come back one by one: what it admits at once is its burst.
    fn is_bucket(&self) -> bool {
        self.inner().is_some_and(Limiter::is_bucket)
    }

    /// True if a clock tells when what it has admitted comes back.
    fn comes_back_by_clock(&self) -> bool {
        self.inner().is_none_or(Limiter::comes_back_by_clock)
    }

    /// The most that it admits at once, if it counts anything.
    fn most(&self) -> Option<u64> {
        match self.inner() {
            Some(inner) => inner.most(),
            None => Some(self.terms()?.most().into()),
        }
    }

    /// The most that it admits at once by the figures of `now`.
    fn most_at(&self, _now: Instant) -> Option<u64> {
        self.most()
    }

    /// When all that it admits at once is back.
    fn resets_at(&self, now: Instant) -> Option<Instant> {
        self.has_at(now, self.most()?)
    }
}
