//! Client-side throttling: refuses by chance what the provider would probably refuse.
//!
//! ```text
//!   P(refuse) = max(0, (requests − k·accepts) / (requests + 1)), both of the last window
//! ```
//!
//! Requests count those that are refused here too; a call is accepted unless it was throttled or
//! failed. Source: Google, "Site Reliability Engineering", chapter 21 "Handling overload": k = 2,
//! two minutes.

use super::Watch;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::strategy::slots::Slots;
use crate::units::{Instant, Span};

/// Refuses by chance what the provider would probably refuse.
#[derive(Debug, Clone, PartialEq)]
pub struct Sre {
    /// How many times what is accepted may be asked for; 1 or more.
    pub k: f64,
    /// How long requests and accepts count.
    pub window: Span,
    /// Requests, accepts.
    slots: Slots,
}

const SLOTS: usize = 120;

impl Default for Sre {
    fn default() -> Self {
        Self { k: 2.0, window: Span::from_secs(120), slots: Slots::default() }
    }
}

impl Sre {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if !(1.0..=1000.0).contains(&self.k) {
            return Some(Unsound::new(
                "a k that refuses what is accepted",
                "write 1 to 1000; the book has 2",
            ));
        }
        self.window.is_zero().then_some(Unsound::new("a window of no length", "write one above 0"))
    }

    fn slot(&self) -> (usize, Span) {
        (SLOTS, self.window.divided_by(SLOTS as u64))
    }

    /// The chance that the next attempt is refused, from 0 to below 1.
    #[expect(clippy::cast_precision_loss)]
    fn chance(&mut self, now: Instant) -> f64 {
        let (count, width) = self.slot();
        let [requests, accepts] = self.slots.sums(now, count, width).map(|n| n as f64);
        ((requests - self.k * accepts) / (requests + 1.0)).max(0.0)
    }
}

impl Watch for Sre {
    fn admits(&mut self, now: Instant, point: f64, _: bool) -> bool {
        let admitted = point >= self.chance(now);
        if !admitted {
            self.slots.add(now, self.slot(), 0, 1);
        }
        admitted
    }

    fn left(&mut self, now: Instant) {
        self.slots.add(now, self.slot(), 0, 1);
    }

    fn learn(&mut self, now: Instant, ended: &Ended) {
        if ended.answer.is_accepted() {
            self.slots.add(now, self.slot(), 1, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::wire::{Response, Status};

    #[test]
    fn the_chance_is_the_books() {
        let now = Instant::ORIGIN;
        let ok = Ended::first(&Response::bare(Status::OK));
        for (requests, accepts, expected) in [
            (0, 0, 0.0),
            (10, 10, 0.0),
            (10, 5, 0.0),
            (10, 4, 2.0 / 11.0),
            (20, 5, 10.0 / 21.0),
            (100, 10, 80.0 / 101.0),
            (1000, 0, 1000.0 / 1001.0),
        ] {
            let mut sre = Sre::default();
            (0..requests).for_each(|_| sre.left(now));
            (0..accepts).for_each(|_| sre.learn(now, &ok));
            assert!((sre.chance(now) - expected).abs() < 1e-12, "{requests} {accepts}");
        }
    }

    /// 100 a second asked for, 10 accepted: the provider sees about k = 2 times what it accepts.
    #[test]
    fn the_provider_sees_twice_what_it_accepts() {
        let mut sre = Sre::default();
        let stream = Streams::new(1, 0).stream(Purpose::Guards, 0);
        let (mut sent, mut accepted) = (0, 0);
        for n in 0..60_000u64 {
            let now = Instant::ORIGIN + Span::from_millis(n * 10);
            if !sre.admits(now, stream.at(n).uniform(), true) {
                continue;
            }
            sre.left(now);
            let ok = accepted * 100 <= n * 10;
            accepted += u64::from(ok);
            let status = if ok { Status::OK } else { Status::TOO_MANY_REQUESTS };
            sre.learn(now, &Ended::first(&Response::bare(status)));
            sent += 1;
        }
        let ratio = f64::from(sent) / accepted as f64;
        assert!((1.9..2.2).contains(&ratio), "{ratio}");
    }
}
