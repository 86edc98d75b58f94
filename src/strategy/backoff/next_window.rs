//! To the next window of a clock that all clients share, and a random time after its start.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// A wait to the next window of a clock that all clients share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextWindow {
    /// The length of a window, above 0.
    pub every: Span,
    /// How far the origin is into a window, below `every`.
    pub offset: Span,
    /// The longest wait after the beginning of the window, drawn for each wait.
    pub spread: Span,
}

impl NextWindow {
    /// Windows of this length that begin at the origin, without a random time.
    #[must_use]
    pub const fn new(every: Span) -> Self {
        Self { every, offset: Span::ZERO, spread: Span::ZERO }
    }

    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        let (wrong, remedy) = ("`every` must be above 0", "write \"1m\", for example");
        self.every.is_zero().then(|| Unsound::out_of_range(wrong, remedy))
    }
}

impl Wait for NextWindow {
    #[inline]
    fn delay(&self, now: Instant, _: &View, _: Status, draws: &mut Draws) -> Span {
        let every = u128::from(self.every.as_nanos().max(1));
        let into = (u128::from(now.as_nanos()) + u128::from(self.offset.as_nanos())) % every;
        let rest = Span::from_nanos(u64::try_from(every - into).unwrap_or(u64::MAX));
        rest + draws.up_to(self.spread)
    }

    fn scale(&self) -> Option<Span> {
        Some(self.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    /// Failed at 100 s, in a window of a minute that began at 50 s: the next ones begin at 110 s
    /// and 170 s. A draw of up to 5 s comes on top.
    #[test]
    fn the_next_window_is_one_of_the_clock() {
        let (every, offset) = (Span::MINUTE, Span::from_secs(10));
        let next = |spread| NextWindow { every, offset, spread };
        assert_eq!(delays(&next(Span::ZERO), 3, 0), [10_000, 60_000, 60_000]);
        let waits: Vec<u64> =
            (0..1000).map(|n| delays(&next(Span::from_secs(5)), 1, n)[0]).collect();
        assert!(waits.iter().all(|wait| (10_000..=15_000).contains(wait)));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((mean - 12_500.0).abs() < 5.0 * 5_000.0 / 12f64.sqrt() / 1000f64.sqrt(), "{mean}");
    }
}
