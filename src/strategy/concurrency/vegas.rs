//! Vegas: as many at once as keep a short queue, judged by the shortest round trip seen.
//!
//! ```text
//!   queue = ⌈bound·(1 − shortest/rtt)⌉;  lg = max(1, ⌊log₁₀ bound⌋)
//!   dropped, or queue > 6·lg: bound − lg;  queue ≤ lg: bound + 6·lg;  queue < 3·lg: bound + lg
//! ```
//!
//! Every so often the shortest round trip is measured anew. Source: Netflix/concurrency-limits,
//! commit 78a74b9, `VegasLimit.java`: from 20, at most 1000, probe × 30 with a jitter of 0.5 to 1,
//! of which the middle is taken here. A quick 429 counts as the shortest round trip there too.

use super::Adapt;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Span};

/// As many at once as keep a short queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Vegas {
    /// At first.
    pub initial: u32,
    /// At most.
    pub most: u32,
    /// Bounds' worth of answers after which the shortest round trip is measured anew.
    pub probe: u32,
    bound: Option<u32>,
    shortest: Option<Span>,
    answers: u32,
}

impl Default for Vegas {
    fn default() -> Self {
        Self { initial: 20, most: 1000, probe: 30, bound: None, shortest: None, answers: 0 }
    }
}

impl Vegas {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        (self.initial == 0 || self.most < self.initial)
            .then_some(Unsound::new("bounds that leave no attempt", "write 1 <= initial <= most"))
    }

    fn moved(&self, bound: u32, shortest: Span, ended: &Ended) -> u32 {
        let lg = bound.checked_ilog10().unwrap_or(0).max(1);
        let dropped = matches!(ended.answer, Answer::Throttled | Answer::Failed);
        if dropped {
            return bound.saturating_sub(lg);
        }
        if u64::from(ended.in_flight) * 2 < u64::from(bound) {
            return bound;
        }
        // ⌈bound·(rtt − shortest)/rtt⌉
        let rtt = u128::from(ended.round_trip.as_nanos());
        let over = rtt - u128::from(shortest.as_nanos()).min(rtt);
        let queue = (u128::from(bound) * over).div_ceil(rtt.max(1));
        match queue {
            queue if queue <= u128::from(lg) => bound + 6 * lg,
            queue if queue < u128::from(3 * lg) => bound + lg,
            queue if queue > u128::from(6 * lg) => bound.saturating_sub(lg),
            _ => bound,
        }
    }
}

impl Adapt for Vegas {
    fn bound(&mut self) -> u32 {
        self.bound.unwrap_or(self.initial).max(1)
    }

    fn learn(&mut self, _: Instant, ended: &Ended) {
        let bound = self.bound();
        self.answers += 1;
        // 0.75, the middle of the jitter, of `probe` bounds.
        if u64::from(self.answers) * 4 >= u64::from(self.probe) * u64::from(bound) * 3 {
            self.shortest = Some(ended.round_trip);
            self.answers = 0;
            return;
        }
        match self.shortest {
            Some(shortest) if ended.round_trip >= shortest => {
                let moved = self.moved(bound, shortest, ended);
                self.bound = Some(moved.clamp(1, self.most));
            }
            _ => self.shortest = Some(ended.round_trip),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    fn learn(limit: &mut Vegas, (rtt, in_flight, dropped): (u64, u32, bool)) -> u32 {
        let status = if dropped { Status::TOO_MANY_REQUESTS } else { Status::OK };
        let round_trip = Span::from_millis(rtt);
        let ended = Ended { round_trip, in_flight, ..Ended::first(&Response::bare(status)) };
        limit.learn(Instant::ORIGIN, &ended);
        limit.bound()
    }

    #[test]
    fn the_bound_moves_by_the_queue() {
        let mut limit = Vegas::default();
        for (sample, expected) in [
            ((100, 20, false), 20),
            ((100, 20, false), 26),
            ((105, 26, false), 27),
            ((106, 26, false), 28),
            ((110, 26, false), 28),
            ((125, 26, false), 28),
            ((150, 26, false), 27),
            ((100, 10, false), 27),
            ((100, 5, true), 26),
            ((90, 20, false), 26),
        ] {
            assert_eq!(learn(&mut limit, sample), expected, "{sample:?}");
        }
        let mut limit = Vegas { initial: 150, ..Vegas::default() };
        learn(&mut limit, (100, 150, false));
        for (rtt, expected) in [(100, 162), (101, 174), (103, 174), (107, 174), (120, 172)] {
            assert_eq!(learn(&mut limit, (rtt, 174, false)), expected, "{rtt}");
        }
        assert_eq!(learn(&mut limit, (120, 174, true)), 170);
    }
}
