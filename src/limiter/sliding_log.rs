//! So many requests in any window that ends now, by a log of when they were.
//!
//! ```text
//!        ─┼──────── window ────────┤ now        a request at t counts until t + window
//!     x   │ x  x      x     x      │            admit while fewer than limit are in it
//! ```
//!
//! The log is a ring of at most `limit` instants, or of as many as the limit will ever be: an older
//! one never matters again.

use super::usage::{Ebb, Usage};
use super::{Facts, Limit, Reason, Refusal, Terms, Verdict};
use crate::units::{Instant, Rate, Span};
use std::collections::VecDeque;

/// A log of the last requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlidingLog {
    limit: u32,
    window: Span,
    /// The greatest limit that it will ever have.
    most: u32,
    /// The last `most` requests, oldest first.
    log: VecDeque<Instant>,
    /// The fewest that it had left.
    ebb: Ebb,
}

impl SlidingLog {
    /// `limit` requests in any `window`.
    #[must_use]
    pub const fn new(limit: u32, window: Span) -> Self {
        Self { limit, window, most: limit, log: VecDeque::new(), ebb: Ebb::NONE }
    }

    /// How long a window is.
    #[must_use]
    pub const fn window(&self) -> Span {
        self.window
    }

    /// How many it allows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }
}

impl Limit for SlidingLog {
    fn check(&self, now: Instant) -> Verdict {
        let Some(place) = self.log.len().checked_sub(self.limit as usize) else {
            return Verdict::Admit;
        };
        match self.log.get(place).map(|at| *at + self.window) {
            Some(free) if free > now => Verdict::Refuse(Refusal::until(free)),
            _ => Verdict::Admit,
        }
    }

    fn charge(&mut self, now: Instant) -> Span {
        self.charge_refused(now);
        Span::ZERO
    }

    fn charge_refused(&mut self, now: Instant) {
        if self.log.len() == self.most as usize {
            self.log.pop_front();
        }
        self.log.push_back(now);
        // More than ever are in the window only if one more than the most so far is.
        let most = self.limit.saturating_sub(self.ebb.left()) as usize;
        let oldest = self.log.len().checked_sub(most + 1).and_then(|place| self.log.get(place));
        if oldest.is_some_and(|at| *at + self.window > now) {
            self.ebb.see_level(self.level(now), now);
        }
    }

    fn published(&self) -> Option<Rate> {
        Rate::new(u64::from(self.limit), self.window)
    }

    fn level(&self, now: Instant) -> Option<u64> {
        let past = self.log.partition_point(|at| *at + self.window <= now);
        Some(u64::from(self.limit).saturating_sub((self.log.len() - past) as u64))
    }

    fn ran_out(&mut self, now: Instant, _: Reason) {
        self.ebb.see(0, now);
    }

    fn usage(&self, _: Reason) -> Option<Usage> {
        self.ebb.of(self.limit.into())
    }

    fn forget_usage(&mut self) {
        self.ebb = Ebb::NONE;
    }
}

impl Facts for SlidingLog {
    fn terms(&self) -> Option<Terms> {
        Some(Terms::Number(self.limit))
    }

    fn change(&mut self, _: Instant, terms: Terms) {
        if let Terms::Number(limit) = terms {
            self.limit = limit;
        }
    }

    fn remember(&mut self, terms: Terms) {
        if let Terms::Number(limit) = terms {
            self.most = self.most.max(limit);
        }
    }

    fn has_at(&self, now: Instant, left: u64) -> Option<Instant> {
        let most = usize::try_from(u64::from(self.limit).checked_sub(left)?).ok()?;
        let last = self.log.len().checked_sub(most + 1).and_then(|place| self.log.get(place));
        Some(last.map_or(now, |at| now.max(*at + self.window)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_for_exactly_one_window() {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let mut log = SlidingLog::new(2, Span::MINUTE);
        log.charge(at(0));
        log.charge(at(50));
        assert_eq!(log.check(at(59)), Verdict::Refuse(Refusal::until(at(60))));
        assert_eq!((log.check(at(60)), log.level(at(60))), (Verdict::Admit, Some(1)));
        log.charge(at(60));
        assert_eq!(log.check(at(61)), Verdict::Refuse(Refusal::until(at(110))));
    }
}
