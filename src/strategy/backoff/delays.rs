//! One wait after another; the last one is repeated.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// One wait after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delays {
    /// At least one; the last is repeated.
    pub waits: Vec<Span>,
}

impl Delays {
    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        let remedy = "write one wait for each retry, or backoff = \"none\"";
        self.waits.is_empty().then(|| Unsound::incomplete("a list of no waits", remedy))
    }
}

impl Wait for Delays {
    #[inline]
    fn delay(&self, _: Instant, view: &View, _: Status, _: &mut Draws) -> Span {
        let retry = view.attempts.saturating_sub(1) as usize;
        let place = retry.min(self.waits.len().saturating_sub(1));
        self.waits.get(place).copied().unwrap_or(Span::ZERO)
    }

    fn scale(&self) -> Option<Span> {
        Some(self.waits.last().copied().unwrap_or(Span::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    #[test]
    fn the_last_wait_is_repeated() {
        let waits = vec![Span::SECOND, Span::from_secs(7)];
        assert_eq!(delays(&Delays { waits }, 3, 0), [1000, 7000, 7000]);
        assert_eq!(delays(&Delays { waits: Vec::new() }, 1, 0), [0]);
    }
}
