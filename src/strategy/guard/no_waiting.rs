//! No waiting: what the client's own limiter would delay fails at once, and may bar what comes
//! after it for a penalty, which every further try starts anew.
//!
//! ```text
//!   refused if now < barred, or not ready; then barred = now + penalty
//! ```
//!
//! Source: Bottleneck (SGrondin/bottleneck), strategy `BLOCK` with a high-water mark of 0, as the
//! JavaScript client of amzn/selling-partner-api-sdk sets it; without a penalty, bucket4j's
//! `tryConsume`, as that repository's Java client uses it.

use super::Watch;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::units::{Instant, Span};

/// Refuses what would have to wait for the client's own pacer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoWaiting {
    /// From a refusal until anything is let through again; zero bars nothing.
    pub penalty: Span,
    /// Until when everything is refused.
    barred: Option<Instant>,
}

impl NoWaiting {
    /// Nothing about its settings is contradictory.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Watch for NoWaiting {
    fn admits(&mut self, now: Instant, _: f64, ready: bool) -> bool {
        if ready && self.barred.is_none_or(|until| now >= until) {
            return true;
        }
        self.barred = Some(now + self.penalty);
        false
    }

    fn left(&mut self, _: Instant) {}

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_penalty_starts_anew_with_every_try() {
        let mut guard = NoWaiting { penalty: Span::from_secs(5), ..NoWaiting::default() };
        let mut ask = |s, ready| guard.admits(Instant::ORIGIN + Span::from_secs(s), 0.0, ready);
        assert!(ask(0, true));
        assert!(!ask(1, false), "barred until 6 s");
        assert!(!ask(5, true), "and now until 10 s");
        assert!(!ask(9, true), "14 s");
        assert!(ask(14, true));
        let mut free = NoWaiting::default();
        assert!(!free.admits(Instant::ORIGIN, 0.0, false));
        assert!(free.admits(Instant::ORIGIN, 0.0, true));
    }
}
