//! Gradient: fewer at once as round trips grow longer than they were on the long run.
//!
//! ```text
//!   long = mean of the first 10, then long + 2/601·(rtt − long)
//!   g = clamp(tolerance·long/rtt, 0.5, 1);  new = (1−s)·bound + s·(g·bound + queue)
//!   an answer with fewer than bound/2 under way only updates `long`
//! ```
//!
//! Refusals count as any other answer: a quick 429 even raises the bound. Source:
//! Netflix/concurrency-limits, commit 78a74b9, `Gradient2Limit.java`, `ExpAvgMeasurement.java`:
//! from 20, within 20 and 200, queue 4, s 0.2, tolerance 1.5, long window 600.

use super::Adapt;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::units::Instant;

/// Fewer at once as round trips grow longer.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient2 {
    /// At first.
    pub initial: u32,
    /// At least, 1 or more.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// What may queue.
    pub queue: u32,
    /// The weight of a new bound.
    pub smoothing: f64,
    /// How many times the long round trip is still none too long.
    pub tolerance: f64,
    /// The bound, once it has moved.
    bound: Option<f64>,
    /// The long round trip \[s\], and from how many it is.
    long: f64,
    samples: u32,
}

/// Answers that the long round trip is the plain mean of.
const WARM_UP: u32 = 10;
/// The weight of an answer in the long round trip, of a window of 600.
const WEIGHT: f64 = 2.0 / 601.0;

impl Default for Gradient2 {
    fn default() -> Self {
        Self {
            initial: 20,
            least: 20,
            most: 200,
            queue: 4,
            smoothing: 0.2,
            tolerance: 1.5,
            bound: None,
            long: 0.0,
            samples: 0,
        }
    }
}

impl Gradient2 {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.least == 0 || self.least > self.most {
            return Some(Unsound::new("bounds that leave no attempt", "write 1 <= least <= most"));
        }
        if !(self.smoothing > 0.0 && self.smoothing <= 1.0) {
            return Some(Unsound::new("a smoothing that is no share", "write above 0, up to 1"));
        }
        (!(1.0..=100.0).contains(&self.tolerance))
            .then_some(Unsound::new("a tolerance below 1", "write 1 or more; the library has 1.5"))
    }

    fn current(&self) -> f64 {
        self.bound.unwrap_or(f64::from(self.initial))
    }

    fn average(&mut self, rtt: f64) {
        if self.samples < WARM_UP {
            self.samples += 1;
            self.long += (rtt - self.long) / f64::from(self.samples);
        } else {
            self.long = self.long * (1.0 - WEIGHT) + rtt * WEIGHT;
        }
    }
}

impl Adapt for Gradient2 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn bound(&mut self) -> u32 {
        (self.current() as u32).max(1)
    }

    fn learn(&mut self, _: Instant, ended: &Ended) {
        let rtt = ended.round_trip.as_secs_f64().max(1e-9);
        self.average(rtt);
        let long = self.long;
        if long / rtt > 2.0 {
            self.long *= 0.95;
        }
        let bound = self.current();
        if f64::from(ended.in_flight) < bound / 2.0 {
            return;
        }
        let gradient = (self.tolerance * long / rtt).clamp(0.5, 1.0);
        let new = bound * gradient + f64::from(self.queue);
        let smoothed = bound * (1.0 - self.smoothing) + new * self.smoothing;
        self.bound = Some(smoothed.clamp(f64::from(self.least), f64::from(self.most)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use crate::wire::{Response, Status};

    fn learn(limit: &mut Gradient2, rtt_ms: u64, in_flight: u32) -> f64 {
        let round_trip = Span::from_millis(rtt_ms);
        let ended = Ended { round_trip, in_flight, ..Ended::first(&Response::bare(Status::OK)) };
        limit.learn(Instant::ORIGIN, &ended);
        limit.current()
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }

    #[test]
    fn it_grows_while_round_trips_stay_and_shrinks_as_they_grow() {
        let mut limit = Gradient2::default();
        for expected in [20.8, 21.6, 22.4, 23.2, 24.0, 24.8] {
            close(learn(&mut limit, 100, 50), expected);
        }
        (6..50).for_each(|_| close(learn(&mut limit, 100, 50).min(0.0), 0.0));
        close(limit.current(), 60.0);
        for expected in [54.839_933, 50.228_817, 46.105_892, 42.417_436] {
            close(learn(&mut limit, 300, 200), expected);
        }
    }

    #[test]
    fn an_idle_client_learns_nothing_about_its_bound() {
        let mut limit = Gradient2::default();
        close(learn(&mut limit, 100, 9), 20.0);
        close(learn(&mut limit, 100, 10), 20.8);
    }
}
