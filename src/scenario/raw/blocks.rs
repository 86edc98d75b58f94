//! The language of the blocks: which there are, and the settings that a scenario may give each.
//!
//! ```toml
//! retry.budget = "finagle"                       # with its source's figures
//! retry.budget.finagle = { percent = "10%" }     # with one of your own
//! ```
//!
//! A line here makes a block of `strategy` a word of the language: its name in snake case, its
//! settings with the type of their text. What is left out has the block's own default.

use super::backoff::{RawExtra, RawJitter};
use super::block::{Described, Meant, Shown, blocks, snake};
#[cfg(test)]
use super::schemas;
use crate::catalog::Quantity;
use crate::scenario::text::{Fraction, ShareText};
use crate::strategy;
use crate::units::Span;
use serde::Deserialize;

impl RawGuard {
    /// A setting that has no effect beside another one.
    pub fn idle(&self) -> Option<strategy::Unsound> {
        match self {
            Self::Breaker(Breaker { calls: Some(_), within: Some(_), .. }) => {
                let wrong = "`calls` has no effect beside `within`";
                Some(strategy::Unsound::new(wrong, "leave one of them out"))
            }
            _ => None,
        }
    }
}

impl RawBackoff {
    /// A factor out of range, or one that has no effect beside other settings.
    pub fn unsound(&self) -> Vec<strategy::Unsound> {
        let Self::Exponential(Exponential { base, cap, factor: Some(factor), jitter, .. }) = self
        else {
            return Vec::new();
        };
        let no_effect = strategy::Unsound::no_effect;
        let decorrelated = matches!(jitter, Some(RawJitter::Decorrelated)).then(|| {
            let wrong = "`factor` has no effect: a decorrelated wait goes by the one before";
            no_effect(wrong, "leave `factor` out, or choose another `jitter`")
        });
        let longest = (Some(base.0) == cap.map(|cap| cap.0)).then(|| {
            let wrong = "`factor` has no effect: the first wait is the longest";
            no_effect(wrong, "raise `cap`, or leave `factor` out")
        });
        let wild = (!(1.0..=100.0).contains(factor)).then(|| {
            let wrong = format!("a back-off that grows by {factor}");
            strategy::Unsound::out_of_range(wrong, "write a factor from 1 to 100")
        });
        decorrelated.into_iter().chain(longest).chain(wild).collect()
    }
}

blocks! {
    /// `retry.budget`
    RawBudget: Budget {
        /// The AWS SDKs' retry quota: every retry takes tokens that only successes return.
        AwsQuota {
            /// Tokens at first and at most.
            capacity: u32,
            /// Tokens for the retry of a throttled attempt.
            throttled: u32,
            /// Tokens for the retry of another failure.
            failed: u32
        }
        /// A bucket that successes fill and retries empty.
        Bucket {
            /// Retries that it holds at first and at most, from 1.
            size: u32,
            /// The part of a retry that a success earns.
            fill: Fraction
        }
        /// Envoy's: retries under way are at most a share of all attempts under way.
        EnvoyRetries {
            /// The greatest share of retries under way in attempts under way.
            percent: Fraction,
            /// Retries that are always allowed.
            least: u32
        }
        /// Finagle's: a number of retries a second, plus a share of the calls that succeed.
        Finagle {
            /// How long calls and retries count.
            ttl: Quantity<Span>,
            /// The share of the calls that succeed.
            percent: Fraction,
            /// Retries a second that need no success.
            min_per_second: u32
        }
        /// gRPC's retry throttling: nothing is retried below half of the tokens.
        GrpcThrottling {
            /// Tokens at first and at most.
            max_tokens: u32,
            /// The part of a token that a success returns.
            ratio: Fraction
        }
        /// Retries are at most a share of the requests in a period.
        Ratio {
            /// The greatest share of retries in requests.
            percent: Fraction,
            /// The period in which both count.
            window: Quantity<Span>
        }
    }

    /// `retry.backoff`
    RawBackoff: Backoff,
        /// No wait.
        None = AtOnce
    {
        /// Always the same wait.
        Fixed = wait: Quantity<Span>;
        /// One wait after another; the last one is repeated.
        Delays = waits: Vec<Quantity<Span>>;
        /// Longer by the same step each time.
        Linear(
            /// The first wait, and the difference of each wait to the one before.
            step: Quantity<Span>
        ) {
            /// The longest wait. Default: none.
            cap: Quantity<Span>
        }
        /// Longer by a factor each time.
        Exponential(
            /// The first wait.
            base: Quantity<Span>
        ) {
            /// The first wait after failures other than throttling. Default: `base`.
            base_other: Quantity<Span>,
            /// The longest wait. Default: none.
            cap: Quantity<Span>,
            /// The factor from one wait to the next. Default: `2`.
            factor: f64,
            /// The random part of the wait. Default: `"none"`.
            jitter: RawJitter
        }
        /// Exponentially distributed, with this mean.
        Memoryless = mean: Quantity<Span>;
        /// As in Polly: growing and random, without jumps.
        Polly(
            /// The median of the first wait.
            base: Quantity<Span>
        ) {
            /// The longest wait. Default: none.
            cap: Quantity<Span>
        }
        /// A random wait up to the time in which a number of calls is restored.
        Window {
            /// The number of calls. Default: the workers of all processes.
            width: u32
        }
        /// Until the next window of a clock that all clients share, plus a random time.
        NextWindow(
            /// The length of a window; windows start at multiples of it since 1970-01-01 UTC.
            every: Quantity<Span>
        ) {
            /// The longest random time after the start of the window. Default: `"0s"`.
            spread: Quantity<Span>
        }
        /// One over the published rate of the call.
        RestoreWait = extra: RawExtra;
        /// One over the rate in the last rate header.
        HeaderWait = extra: RawExtra;
    }

    /// `guard`
    RawGuard: Guard {
        /// A circuit breaker: if too many calls fail, it sends nothing for a while.
        Breaker {
            /// The share of failures that opens it.
            ratio: Fraction,
            /// The number of last calls that count.
            calls: u32,
            /// The period in which calls count, instead of a number. Default: none.
            within: Quantity<Span>,
            /// It stays closed with fewer calls than this.
            least: u32,
            /// How long it stays open.
            open: Quantity<Span>,
            /// The number of trial calls that decide whether it closes.
            trials: u32
        }
        /// Envoy's admission control: it refuses at random if too few of the last calls succeeded.
        EnvoyAdmission {
            /// The period in which calls count.
            window: Quantity<Span>,
            /// It begins to refuse below this share of successes.
            threshold: Fraction,
            /// How soon it refuses; above 1 it refuses sooner.
            aggression: f64,
            /// The greatest probability of a refusal.
            most: Fraction,
            /// It refuses nothing below this number of calls a second.
            least_rate: f64
        }
        /// What the client's own pace would delay fails at once.
        NoWaiting {
            /// After a refusal everything is refused for this time.
            penalty: Quantity<Span>
        }
        /// Client-side throttling: it refuses at random what the provider would probably refuse.
        Sre {
            /// Requests that may be sent for each accepted one, from 1.
            k: f64,
            /// The period in which requests count.
            window: Quantity<Span>
        }
    }

    /// `concurrency`
    RawConcurrency: Concurrency {
        /// One more after a success, a share of it after a drop.
        Aimd {
            /// Requests at first.
            initial: u32,
            /// The fewest requests, from 1.
            least: u32,
            /// The most requests.
            most: u32,
            /// The share that is kept after a drop.
            backoff: Fraction,
            /// A longer round trip counts as a drop.
            timeout: Quantity<Span>
        }
        /// Fewer requests as round trips become longer than their long-term mean.
        Gradient2 {
            /// Requests at first.
            initial: u32,
            /// The fewest requests, from 1.
            least: u32,
            /// The most requests.
            most: u32,
            /// Requests that may wait at the provider.
            queue: u32,
            /// The weight of a new limit, from 0 to 1.
            smoothing: f64,
            /// A round trip up to this factor of the long-term one is not too long.
            tolerance: f64
        }
        /// As many requests as leave a short queue at the provider.
        Vegas {
            /// Requests at first.
            initial: u32,
            /// The most requests.
            most: u32,
            /// The shortest round trip is measured again after this number of answers times the
            /// limit.
            probe: u32
        }
    }

    /// `pace.adaptive`
    RawTurns: Turns {
        /// A rate that grows with every success and is cut by every refusal.
        AimdRate {
            /// The share of the initial rate that a success adds.
            increase: Fraction,
            /// The share that is kept after a refusal.
            decrease: Fraction,
            /// The least rate, as a share of the initial rate.
            least: Fraction,
            /// The greatest rate, as a share of the initial rate.
            most: ShareText
        }
        /// The AWS SDKs' adaptive rate: a bucket whose rate follows a cubic after a throttle.
        AwsSdk {
            /// The part of the rate that is kept after a throttle, from 0 to 1.
            beta: f64,
            /// The steepness of the cubic.
            scale: f64,
            /// The weight of the last half second in the measured rate, from 0 to 1.
            smoothing: f64,
            /// The least rate, in calls a second.
            least_rate: f64
        }
    }
}
