//! Guards: what a client refuses itself to send, because it expects a refusal.
//!
//! ```text
//!   request ──► admits? of every guard ──► all: `left`, and `learn` hears how it ended
//!                                     └──► one refuses: it has failed without leaving, and the
//!                                          retry rules decide what follows
//! ```

mod breaker;
mod envoy_admission;
mod no_waiting;
mod sre;

pub use breaker::Breaker;
pub use envoy_admission::EnvoyAdmission;
pub use no_waiting::NoWaiting;
pub use sre::Sre;

use super::Ended;
use super::family::family;
use crate::units::Instant;

/// The contract of every guard.
pub trait Watch {
    /// Whether an attempt may leave now. `point` is uniform from 0 to 1, for guards that decide by
    /// chance; `ready` is false where the attempt would have to wait for the client's own pacer.
    fn admits(&mut self, now: Instant, point: f64, ready: bool) -> bool;

    /// All guards have admitted an attempt, and it leaves.
    fn left(&mut self, now: Instant);

    /// Told of every answer to an attempt that left.
    fn learn(&mut self, now: Instant, ended: &Ended);
}

family! {
    /// A guard, whatever its rule.
    Guard: Watch {
        /// Opens when too many calls have failed.
        Breaker,
        /// Envoy's: refuses by chance when too few calls succeed.
        EnvoyAdmission,
        /// Refuses what would have to wait for the client's own pacer.
        NoWaiting,
        /// Google's: refuses by chance what the provider would probably refuse.
        Sre,
    }

    fn admits(&mut self, now: Instant, point: f64, ready: bool) -> bool;
    fn left(&mut self, now: Instant);
    fn learn(&mut self, now: Instant, ended: &Ended);
}
