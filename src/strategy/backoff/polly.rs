//! Polly's second decorrelated jitter: growing and random, without jumps.
//!
//! ```text
//!   wait = (g(n + U(0,1)) − previous)·base/1.4      g(t) = 2^t·tanh √(4t)
//! ```
//!
//! Source: App-vNext/Polly, commit 173d6d1, `DecorrelatedJitterV2`.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// A wait that grows along Polly's curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polly {
    /// The median of the first wait.
    pub base: Span,
    /// The longest wait.
    pub cap: Span,
}

impl Polly {
    /// Waits that grow from this one without end.
    #[must_use]
    pub const fn new(base: Span) -> Self {
        Self { base, cap: Span::LONGEST }
    }

    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        Unsound::first_wait(("base", self.base), self.cap)
    }
}

impl Wait for Polly {
    /// All waits so far are what the formula remembers.
    fn delay(&self, _: Instant, view: &View, _: Status, draws: &mut Draws) -> Span {
        /// What makes the median of the first wait the base.
        const SCALE: f64 = 1.4;
        let t = f64::from(view.attempts.saturating_sub(1)) + draws.uniform();
        let curve = libm::exp2(t) * libm::tanh(libm::sqrt(4.0 * t));
        let until = curve / SCALE * self.base.as_secs_f64();
        Span::from_secs_f64((until - view.waited.as_secs_f64()).max(0.0)).min(self.cap)
    }

    fn scale(&self) -> Option<Span> {
        Some(self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    /// The sum of n waits is g(n-1+U)/1.4·base, and so lies within g(n-1) and g(n).
    #[test]
    fn pollys_waits_add_up_to_its_curve() {
        let base = Span::from_secs(2);
        let curve = |t: f64| libm::exp2(t) * libm::tanh(libm::sqrt(4.0 * t)) / 1.4 * 2000.0;
        let mut first: Vec<u64> = Vec::new();
        for number in 0..501 {
            let waits = delays(&Polly { cap: Span::HOUR, ..Polly::new(base) }, 6, number);
            let mut sum = 0.0;
            for (n, wait) in waits.iter().enumerate() {
                sum += *wait as f64;
                assert!(sum >= curve(n as f64) - 6.0 && sum <= curve(n as f64 + 1.0), "{waits:?}");
            }
            first.push(waits[0]);
        }
        first.sort_unstable();
        assert!(
            (1_700..2_200).contains(&first[250]),
            "the median is about the base: {}",
            first[250]
        );
    }
}
