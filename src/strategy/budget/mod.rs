//! Retry budgets: how many attempts a client may add to those that its work asks for.
//!
//! ```text
//!   answer ──► learn ──► a failure that is worth another attempt ──► grant ──► yes: it has paid
//!                                                                         └──► no: given up
//! ```
//!
//! A budget belongs to a client, not to a request: when everything fails, it is soon spent, and
//! retries cannot multiply the load.

use super::Ended;
use super::family::family;
use crate::units::Instant;

/// The contract of every retry budget.
pub trait Spend {
    /// Told of every answer, before `grant` is asked about it.
    fn learn(&mut self, now: Instant, ended: &Ended);

    /// Whether one more attempt may follow this answer, which is a failure; if so it is paid for.
    fn grant(&mut self, now: Instant, ended: &Ended) -> bool;

    /// An attempt that was granted will not be made, as its request has been given up.
    fn waive(&mut self) {}
}

mod bucket;

pub use bucket::Bucket;

family! {
    /// A retry budget, whatever its rule.
    Budget: Spend {
        /// A bucket that successes fill and retries empty.
        Bucket,
    }

    fn learn(&mut self, now: Instant, ended: &Ended);
    fn grant(&mut self, now: Instant, ended: &Ended) -> bool;
    fn waive(&mut self);
}
