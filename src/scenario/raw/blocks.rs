//! The language of the blocks: which there are, and the settings that a scenario may give each.
//!
//! ```toml
//! retry.budget = "finagle"                       # with its source's figures
//! retry.budget.finagle = { percent = "10%" }     # with one of your own
//! ```
//!
//! A line here makes a block of `strategy` a word of the language: its name in snake case, its
//! settings with the type of their text. What is left out has the block's own default.

use super::schemas;
use crate::catalog::Quantity;
use crate::scenario::text::{Fraction, ShareText};
use crate::strategy;
use crate::units::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// A block and its settings, in the words of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// `aws_quota`
    pub name: String,
    /// Each setting, with its value.
    pub settings: Vec<(&'static str, String)>,
}

/// A text as the value that a block's setting has.
trait Meant<T> {
    fn meant(&self) -> T;
}

/// A setting's value as explanations show it.
trait Shown {
    fn shown(&self) -> String;
}

macro_rules! settings {
    ($($text:ty => $value:ty: $of:ident -> $meant:expr;)*) => {
        $(
            impl Meant<$value> for $text {
                fn meant(&self) -> $value {
                    let $of = self;
                    $meant
                }
            }

            impl Meant<Option<$value>> for $text {
                fn meant(&self) -> Option<$value> {
                    Some(self.meant())
                }
            }

            impl Shown for $value {
                fn shown(&self) -> String {
                    self.to_string()
                }
            }

            impl Shown for Option<$value> {
                fn shown(&self) -> String {
                    self.map_or("none".into(), |value| value.to_string())
                }
            }
        )*
    };
}

impl Meant<Share> for ShareText {
    fn meant(&self) -> Share {
        self.0
    }
}

settings! {
    u32 => u32: of -> *of;
    f64 => f64: of -> *of;
    bool => bool: of -> *of;
    Fraction => Share: of -> of.0;
    Quantity<Span> => Span: of -> of.0;
}

/// `AwsQuota` is `aws_quota` in the language.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

macro_rules! blocks {
    ($($(#[$doc:meta])* $raw:ident: $family:ident {
        $($(#[$does:meta])* $block:ident { $($(#[$says:meta])* $setting:ident: $text:ty),* })*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Deserialize, JsonSchema)]
            #[serde(rename_all = "snake_case")]
            pub(in crate::scenario) enum $raw {
                $($(#[$does])* $block($block),)*
            }

            $(
                $(#[$does])*
                #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
                #[serde(deny_unknown_fields, default)]
                pub(in crate::scenario) struct $block {
                    $(
                        $(#[$says])*
                        #[schemars(extend("default" = schemas::default_of(
                            &strategy::$block::default().$setting.shown()
                        )))]
                        $setting: Option<$text>,
                    )*
                }
            )*

            impl $raw {
                /// The block as it begins, and what is contradictory about its settings.
                pub fn meant(&self) -> (strategy::$family, Option<strategy::Unsound>) {
                    match self {
                        $(Self::$block(raw) => {
                            let mut block = strategy::$block::default();
                            $(if let Some(setting) = &raw.$setting {
                                block.$setting = setting.meant();
                            })*
                            let problem = block.problem();
                            (block.into(), problem)
                        })*
                    }
                }
            }

            impl From<&strategy::$family> for Described {
                fn from(block: &strategy::$family) -> Self {
                    match block {
                        $(strategy::$family::$block(block) => {
                            let settings =
                                vec![$((stringify!($setting), block.$setting.shown())),*];
                            let _ = block;
                            Self { name: snake(stringify!($block)), settings }
                        })*
                        // A block that the language has no word for.
                        #[allow(unreachable_patterns)]
                        other => Self { name: format!("{other:?}"), settings: Vec::new() },
                    }
                }
            }
        )*
    };
}

impl RawGuard {
    /// A setting that has no effect beside another one.
    pub fn idle(&self) -> Option<strategy::Unsound> {
        match self {
            Self::Breaker(Breaker { calls: Some(_), within: Some(_), .. }) => {
                let wrong = "`calls` has no effect beside `within`";
                Some(strategy::Unsound { wrong, remedy: "leave one of them out" })
            }
            _ => None,
        }
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
