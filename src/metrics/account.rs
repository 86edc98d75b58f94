//! What each account got, and how fairly: Jain's index `(Σx)² / (n·Σx²)`, 1 when all are equal and
//! 1/n when one has everything (R. Jain, D. Chiu and W. Hawe, DEC-TR-301, 1984).

use crate::units::Span;

/// One account's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Attempts admitted and not failed.
    pub admitted: u64,
    /// Attempts refused.
    pub throttled: u64,
    /// Requests that arose.
    pub arrived: u64,
    /// Requests that succeeded.
    pub completed: u64,
    /// Requests that were given up.
    pub given_up: u64,
    /// Attempts answered with a 5xx.
    pub failed: u64,
    /// The longest latency of a request that succeeded.
    pub longest: Span,
}

impl Account {
    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.admitted += other.admitted;
        self.throttled += other.throttled;
        self.arrived += other.arrived;
        self.completed += other.completed;
        self.given_up += other.given_up;
        self.failed += other.failed;
        self.longest = self.longest.max(other.longest);
    }

    /// Attempts sent: admitted, failed or refused.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.admitted + self.failed + self.throttled
    }

    /// Requests that were given up, or unfinished when the run ended.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.arrived - self.completed
    }

    /// Refused of sent; `None` if nothing was sent.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn throttle_rate(&self) -> Option<f64> {
        (self.sent() > 0).then(|| self.throttled as f64 / self.sent() as f64)
    }
}

/// Jain's index of these shares; `None` of no shares or nothing but zeros.
#[must_use]
pub fn jain(shares: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for share in shares {
        n += 1.0;
        sum += share;
        squares += share * share;
    }
    (squares > 0.0).then(|| sum * sum / (n * squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jain_is_one_for_equals_and_one_nth_for_a_monopoly() {
        assert_eq!(jain([3.0, 3.0, 3.0].into_iter()), Some(1.0));
        assert_eq!(jain([5.0, 0.0, 0.0, 0.0].into_iter()), Some(0.25));
        assert_eq!(jain([0.0, 0.0].into_iter()), None);
        assert_eq!(jain(std::iter::empty()), None);
    }
}
