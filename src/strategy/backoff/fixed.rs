//! Always the same wait.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// Always the same wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed {
    /// How long.
    pub wait: Span,
}

impl Fixed {
    /// What is wrong with its settings: nothing.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Wait for Fixed {
    #[inline]
    fn delay(&self, _: Instant, _: &View, _: Status, _: &mut Draws) -> Span {
        self.wait
    }

    fn scale(&self) -> Option<Span> {
        Some(self.wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    #[test]
    fn all_waits_are_the_same() {
        assert_eq!(delays(&Fixed { wait: Span::SECOND }, 2, 0), [1000, 1000]);
    }
}
