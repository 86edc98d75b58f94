//! Adaptive concurrency: how many attempts may be under way at once, found out by trying.
//!
//! ```text
//!   bound ──► attempts under way ──► answer: round trip, dropped or not ──► learn ──► bound
//! ```

mod aimd;
mod gradient2;
mod vegas;

pub use aimd::Aimd;
pub use gradient2::Gradient2;
pub use vegas::Vegas;

use super::Ended;
use super::family::family;
use crate::units::Instant;

/// The contract of every adaptive limit on attempts under way.
pub trait Adapt {
    /// Attempts that may be under way at once, at least 1.
    fn bound(&mut self) -> u32;

    /// Told of every answer.
    fn learn(&mut self, now: Instant, ended: &Ended);
}

family! {
    /// An adaptive limit on attempts under way, whatever its rule.
    Concurrency: Adapt {
        /// One more for a success, a share of it for a refusal.
        Aimd,
        /// By the gradient of round trips.
        Gradient2,
        /// By the queue that round trips betray.
        Vegas,
    }

    fn bound(&mut self) -> u32;
    fn learn(&mut self, now: Instant, ended: &Ended);
}
