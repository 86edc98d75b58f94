//! A rate that creeps up with every success and is cut by every refusal.
//!
//! ```text
//!   success: rate + increase·initial;  throttled or failed: rate·decrease
//!   within least·initial and most·initial;  next turn = last + 1/rate
//! ```
//!
//! Source: adamfilli/happy-simulator, `policy.py`, `AdaptivePolicy`: +0.1 of the initial rate,
//! ×0.5, from 1/100 to 100 times it.

use super::Turn;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::units::{Instant, Rate, Share, Span};

/// A rate that creeps up and is cut.
#[derive(Debug, Clone, PartialEq)]
pub struct AimdRate {
    /// What it begins with.
    pub initial: Rate,
    /// What of the initial rate a success adds.
    pub increase: Share,
    /// What is kept after a refusal.
    pub decrease: Share,
    /// What of the initial rate it never falls below.
    pub least: Share,
    /// What of the initial rate it never exceeds.
    pub most: Share,
    /// What of the initial rate it is, once it has moved.
    share: Option<Share>,
    last: Option<Instant>,
}

impl Default for AimdRate {
    fn default() -> Self {
        Self {
            initial: Rate::per_second(1).expect("one is above 0"),
            increase: Share::from_ppm(100_000),
            decrease: Share::from_ppm(500_000),
            least: Share::from_ppm(10_000),
            most: Share::MOST,
            share: None,
            last: None,
        }
    }
}

impl AimdRate {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.decrease >= Share::WHOLE {
            return Some(Unsound::new(
                "a decrease that keeps everything",
                "write a share below 100%",
            ));
        }
        (self.least == Share::NONE || self.least > self.most)
            .then_some(Unsound::new("bounds that leave no rate", "write 0% < least <= most"))
    }

    /// The same, beginning with another rate.
    #[must_use]
    pub fn from_rate(self, initial: Rate) -> Self {
        Self { initial, ..self }
    }

    fn share(&self) -> Share {
        self.share.unwrap_or(Share::WHOLE)
    }

    /// From one turn to the next.
    fn gap(&self) -> Span {
        let whole = u128::from(Share::WHOLE.ppm());
        let period = u128::from(self.initial.per().as_nanos()) * whole;
        let rate = u128::from(self.initial.count()) * u128::from(self.share().ppm());
        Span::from_nanos(u64::try_from(period.div_ceil(rate.max(1))).unwrap_or(u64::MAX))
    }
}

impl Turn for AimdRate {
    fn ready_at(&mut self, now: Instant) -> Instant {
        self.last.map_or(now, |last| now.max(last + self.gap()))
    }

    fn take(&mut self, now: Instant) {
        self.last = Some(now);
    }

    fn learn(&mut self, _: Instant, ended: &Ended) {
        let ppm = self.share().ppm();
        let moved = if ended.answer.is_accepted() {
            ppm + self.increase.ppm()
        } else {
            ppm * self.decrease.ppm() / Share::WHOLE.ppm()
        };
        self.share = Some(Share::from_ppm(moved.min(self.most.ppm()).max(self.least.ppm())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    /// 100/s: three successes, two failures, a success: 130, 65, 32.5, 42.5.
    #[test]
    fn the_rate_moves_as_its_source_has_it() {
        let initial = Rate::per_second(100).expect("a rate");
        let mut lane = AimdRate { initial, ..AimdRate::default() };
        let mut gaps = Vec::new();
        for (status, n) in [(Status::OK, 3), (Status::TOO_MANY_REQUESTS, 2), (Status::OK, 1)] {
            for _ in 0..n {
                lane.learn(Instant::ORIGIN, &Ended::first(&Response::bare(status)));
                gaps.push(1.0 / lane.gap().as_secs_f64());
            }
        }
        for (found, expected) in gaps.iter().zip([110.0, 120.0, 130.0, 65.0, 32.5, 42.5]) {
            assert!((found - expected).abs() < 1e-4, "{gaps:?}");
        }
    }

    #[test]
    fn it_keeps_within_its_bounds() {
        let mut lane = AimdRate { most: Share::WHOLE, ..AimdRate::default() };
        let learn = |lane: &mut AimdRate, status| {
            lane.learn(Instant::ORIGIN, &Ended::first(&Response::bare(status)));
        };
        learn(&mut lane, Status::OK);
        assert_eq!(lane.gap(), Span::SECOND);
        (0..50).for_each(|_| learn(&mut lane, Status::TOO_MANY_REQUESTS));
        assert_eq!(lane.gap(), Span::from_secs(100));
        lane.take(Instant::ORIGIN);
        assert_eq!(lane.ready_at(Instant::ORIGIN), Instant::ORIGIN + Span::from_secs(100));
    }
}
