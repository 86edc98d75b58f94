//! No wait: another attempt is sent when the response has come.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// No wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AtOnce;

impl AtOnce {
    /// What is wrong with its settings: nothing.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Wait for AtOnce {
    #[inline]
    fn delay(&self, _: Instant, _: &View, _: Status, _: &mut Draws) -> Span {
        Span::ZERO
    }

    fn scale(&self) -> Option<Span> {
        Some(Span::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    #[test]
    fn nobody_waits() {
        assert_eq!(delays(&AtOnce, 2, 0), [0, 0]);
    }
}
