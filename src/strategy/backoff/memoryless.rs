//! Exponentially distributed waits: how long one has lasted says nothing of its end.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// An exponentially distributed wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memoryless {
    /// The mean wait.
    pub mean: Span,
}

impl Memoryless {
    /// What is wrong with its settings: nothing.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Wait for Memoryless {
    #[inline]
    fn delay(&self, _: Instant, _: &View, _: Status, draws: &mut Draws) -> Span {
        Span::from_secs_f64(draws.exponential() * self.mean.as_secs_f64())
    }

    fn scale(&self) -> Option<Span> {
        Some(self.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    /// Mean and deviation are the same; five deviations of the mean of 2,000.
    #[test]
    fn waits_have_their_mean() {
        let backoff = Memoryless { mean: Span::from_secs(4) };
        let sum: u64 = (0..2000).map(|n| delays(&backoff, 1, n)[0]).sum();
        let mean = sum as f64 / 2000.0;
        assert!((mean - 4000.0).abs() < 5.0 * 4000.0 / 2000f64.sqrt(), "{mean}");
    }
}
