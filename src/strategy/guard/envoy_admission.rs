//! Envoy's admission control: refuses by chance when too few of the last calls succeeded.
//!
//! ```text
//!   P(refuse) = min(most, max(0, (n − ok/threshold) / (n + 1))^(1/aggression))
//!   n, ok: calls that left and succeeded in the last window; nothing is refused below `least_rate`
//! ```
//!
//! Source: Envoy's documentation of the admission control filter: window 30 s, threshold 95 %,
//! aggression 1, at most 80 %, no least rate.

use super::Watch;
use crate::strategy::Unsound;
use crate::strategy::slots::Slots;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Share, Span};

/// Refuses by chance when too few of the last calls succeeded.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvoyAdmission {
    /// How long calls count.
    pub window: Span,
    /// The share of successes below which it begins to refuse.
    pub threshold: Share,
    /// Above 1 it refuses sooner.
    pub aggression: f64,
    /// The greatest chance of a refusal.
    pub most: Share,
    /// Calls a second below which it refuses nothing.
    pub least_rate: f64,
    /// Calls, successes.
    slots: Slots,
}

const SLOTS: usize = 30;

impl Default for EnvoyAdmission {
    fn default() -> Self {
        Self {
            window: Span::from_secs(30),
            threshold: Share::from_ppm(950_000),
            aggression: 1.0,
            most: Share::from_ppm(800_000),
            least_rate: 0.0,
            slots: Slots::default(),
        }
    }
}

impl EnvoyAdmission {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.window.is_zero() {
            return Some(Unsound::new("a window of no length", "write one above 0"));
        }
        if self.threshold == Share::NONE {
            return Some(Unsound::new(
                "a threshold of 0 % refuses nothing",
                "write a share above 0",
            ));
        }
        (!(1.0..=1000.0).contains(&self.aggression))
            .then_some(Unsound::new("an aggression below 1", "write 1 to 1000; 1 is linear"))
    }

    fn slot(&self) -> (usize, Span) {
        (SLOTS, self.window.divided_by(SLOTS as u64))
    }

    #[expect(clippy::cast_precision_loss)]
    fn chance(&mut self, now: Instant) -> f64 {
        let (count, width) = self.slot();
        let [calls, ok] = self.slots.sums(now, count, width).map(|n| n as f64);
        if calls / self.window.as_secs_f64() < self.least_rate {
            return 0.0;
        }
        let excess = ((calls - ok / self.threshold.as_f64()) / (calls + 1.0)).max(0.0);
        libm::pow(excess, 1.0 / self.aggression).min(self.most.as_f64())
    }
}

impl Watch for EnvoyAdmission {
    fn admits(&mut self, now: Instant, point: f64, _: bool) -> bool {
        point >= self.chance(now)
    }

    fn left(&mut self, _: Instant) {}

    fn learn(&mut self, now: Instant, ended: &Ended) {
        self.slots.add(now, self.slot(), 0, 1);
        if matches!(ended.answer, Answer::Success | Answer::Rejected) {
            self.slots.add(now, self.slot(), 1, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    #[test]
    fn the_chance_is_the_documents() {
        let now = Instant::ORIGIN;
        for (ok, failed, aggression, expected) in [
            (100, 0, 1.0, 0.0),
            (95, 5, 1.0, 0.0),
            (19, 81, 1.0, 80.0 / 101.0),
            (19, 81, 2.0, 0.8),
            (0, 100, 1.0, 0.8),
            (57, 43, 2.0, (40.0f64 / 101.0).sqrt()),
        ] {
            let mut guard = EnvoyAdmission { aggression, ..EnvoyAdmission::default() };
            for (n, status) in [(ok, Status::OK), (failed, Status::TOO_MANY_REQUESTS)] {
                (0..n).for_each(|_| guard.learn(now, &Ended::first(&Response::bare(status))));
            }
            let found = guard.chance(now);
            assert!((found - expected).abs() < 1e-12, "{ok} {failed}: {found}, not {expected}");
        }
    }
}
