//! Longer by the same step each time.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Span};
use crate::wire::Status;

/// A wait that grows by a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    /// The first wait, and the difference of each to the one before.
    pub step: Span,
    /// The longest wait.
    pub cap: Span,
}

impl Linear {
    /// Waits that grow by this step without end.
    #[must_use]
    pub const fn new(step: Span) -> Self {
        Self { step, cap: Span::LONGEST }
    }

    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        Unsound::first_wait(("step", self.step), self.cap)
    }
}

impl Wait for Linear {
    #[inline]
    fn delay(&self, _: Instant, view: &View, _: Status, _: &mut Draws) -> Span {
        self.step.times(u64::from(view.attempts.max(1))).min(self.cap)
    }

    fn scale(&self) -> Option<Span> {
        Some(self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::delays;

    #[test]
    fn waits_grow_by_the_step_up_to_the_cap() {
        let linear = Linear { cap: Span::from_secs(4), ..Linear::new(Span::from_millis(1500)) };
        assert_eq!(delays(&linear, 4, 0), [1500, 3000, 4000, 4000]);
    }
}
