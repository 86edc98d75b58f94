//! Whose share of a limit was the largest, and when.

use crate::limiter::Usage;
use crate::wire::Caller;
use std::cmp::Ordering;

/// The largest share of a limit that was in use, over all callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// How much of it, and in which minute first.
    pub usage: Usage,
    /// Whose: what the limit's scope does not tell apart is 0.
    pub caller: Caller,
}

impl Peak {
    /// The larger share first; of equal ones the earlier, then the first caller: an order that does
    /// not depend on which accounts were simulated together.
    fn compare(&self, other: &Self) -> Ordering {
        let place = |peak: &Self| (peak.caller.account, peak.caller);
        self.usage.compare(&other.usage).then(place(self).cmp(&place(other)))
    }

    /// Puts `other` in place of `kept` if its share is larger.
    #[inline]
    pub fn keep(kept: &mut Option<Self>, other: Option<Self>) {
        let Some(other) = other else { return };
        if kept.is_none_or(|kept| other.compare(&kept) == Ordering::Less) {
            *kept = Some(other);
        }
    }
}
