//! A random wait up to the time in which a number of calls is restored.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// A wait within the time that all clients of a limit need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The number of calls, from 1; `None` until a scenario says how many clients there are.
    pub width: Option<u32>,
}

impl Window {
    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        let none = self.width == Some(0);
        none.then(|| Unsound::out_of_range("a window of no calls", "write a width of 1 or more"))
    }
}

impl Wait for Window {
    #[inline]
    fn delay(&self, _: Instant, view: &View, _: Status, draws: &mut Draws) -> Span {
        let width = u64::from(self.width.unwrap_or(1));
        draws.up_to(view.published.map_or(Span::ZERO, |rate| rate.period().times(width)))
    }

    fn scale(&self) -> Option<Span> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    /// W = 8 calls at one in 4 s: anything up to 32 s, 16 s on average; five deviations of 1000.
    #[test]
    fn a_window_is_what_so_many_calls_take() {
        let window = Window { width: Some(8) };
        let waits: Vec<u64> = (0..1000).map(|n| delays(&window, 1, n)[0]).collect();
        assert!(waits.iter().all(|wait| *wait <= 32_000));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((mean - 16_000.0).abs() < 5.0 * 32_000.0 / 12f64.sqrt() / 1000f64.sqrt(), "{mean}");
    }
}
