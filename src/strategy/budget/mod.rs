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

mod aws_quota;
mod bucket;
mod envoy_retries;
mod finagle;
mod grpc_throttling;
mod ratio;

pub use aws_quota::AwsQuota;
pub use bucket::Bucket;
pub use envoy_retries::EnvoyRetries;
pub use finagle::Finagle;
pub use grpc_throttling::GrpcThrottling;
pub use ratio::Ratio;

family! {
    /// A retry budget, whatever its rule.
    Budget: Spend {
        /// The AWS SDKs': retries take from a quota, only successes refill it.
        AwsQuota,
        /// Brooker's: a bucket that successes fill and retries empty.
        Bucket,
        /// Envoy's: retries under way are a share of attempts under way.
        EnvoyRetries,
        /// Finagle's: so many a second, and a share of what succeeds.
        Finagle,
        /// gRPC's: below half of the tokens nothing is retried.
        GrpcThrottling,
        /// A share of the requests of a while.
        Ratio,
    }

    fn learn(&mut self, now: Instant, ended: &Ended);
    fn grant(&mut self, now: Instant, ended: &Ended) -> bool;
    fn waive(&mut self);
}
