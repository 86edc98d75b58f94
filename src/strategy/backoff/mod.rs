//! Back-offs: how long to wait before another attempt.
//!
//! With `n` the retry's number from 0 and `v = min(cap, base·factorⁿ)`:
//!
//! | back-off | delay |
//! |---|---|
//! | none | 0 |
//! | fixed | wait |
//! | delays | the list's n-th, its last ever after |
//! | linear | min(cap, step·(n+1)) |
//! | exponential, no jitter | v |
//! | … full jitter | U(0, v) |
//! | … equal jitter | v/2 + U(0, v/2) |
//! | … decorrelated jitter | min(cap, U(base, 3·previous)), the first previous being base |
//! | … spread | v·U(low, high) |
//! | … plus | min(cap, base·factorⁿ + U(0, plus)) |
//! | … whole seconds | a whole number of seconds from 0 to v, all equally likely |
//! | memoryless | exponentially distributed, with this mean |
//! | polly | (g(n+U(0,1)) − previous)·base/1.4, g(t) = 2^t·tanh √(4t) |
//! | window | U(0, W/rate), W the clients that call under one limit |
//! | next window | to the next window of the clock, and U(0, spread) |
//! | restore wait | 1/rate of the call's published limit, and some more |
//! | header wait | 1/rate that the last header told, and some more |
//!
//! Sources: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015, and its
//! simulator (aws-samples/aws-arch-backoff-simulator). Polly: App-vNext/Polly, commit 173d6d1,
//! `DecorrelatedJitterV2`. Restore wait: Amazon Pay's tip to resubmit by the restore value.

mod at_once;
mod by_rate;
mod delays;
mod exponential;
mod fixed;
mod linear;
mod memoryless;
mod next_window;
mod polly;
#[cfg(test)]
mod waits;
mod window;

pub use at_once::AtOnce;
pub use by_rate::{Extra, HeaderWait, RestoreWait};
pub use delays::Delays;
pub use exponential::{Exponential, Jitter};
pub use fixed::Fixed;
pub use linear::Linear;
pub use memoryless::Memoryless;
pub use next_window::NextWindow;
pub use polly::Polly;
pub use window::Window;

use super::View;
use super::family::family;
use crate::random::Draws;
use crate::units::{Instant, Span};
use crate::wire::Status;

/// The contract of every back-off.
pub trait Wait {
    /// The wait before the next attempt of a request that has made `view.attempts`, the last of
    /// which was answered with `status`.
    fn delay(&self, now: Instant, view: &View, status: Status, draws: &mut Draws) -> Span;

    /// Roughly how long its waits are: the first, or the one that is repeated for good. `None`:
    /// that depends on a rate of the provider.
    fn scale(&self) -> Option<Span>;

    /// True if what headers tell must be remembered for it.
    fn reads_header(&self) -> bool {
        false
    }
}

family! {
    /// A back-off, whatever its rule.
    Backoff: Wait {
        /// No wait: at once, when the response has come.
        AtOnce,
        /// Always the same.
        Fixed,
        /// One wait after another, the last of them for good.
        Delays,
        /// Longer by a step each time.
        Linear,
        /// Longer by a factor each time.
        Exponential,
        /// Exponentially distributed.
        Memoryless,
        /// Polly's: growing and random, without the jumps of the usual formula.
        Polly,
        /// Anything up to the time in which a number of calls is restored.
        Window,
        /// To the next window of a clock that all clients share.
        NextWindow,
        /// One over the published rate of the call.
        RestoreWait,
        /// One over the rate that the last response told, the published one before there was any.
        HeaderWait,
    }

    fn delay(&self, now: Instant, view: &View, status: Status, draws: &mut Draws) -> Span;
    fn scale(&self) -> Option<Span>;
    fn reads_header(&self) -> bool;
}
