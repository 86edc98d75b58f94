//! The language of the blocks: which there are, and the settings that a scenario may give each.
//!
//! ```toml
//! retry.budget = "finagle"                       # with its source's figures
//! retry.budget.finagle = { percent = "10%" }     # with one of your own
//! ```
//!
//! A line here makes a block of `strategy` a word of the language: its name in snake case, its
//! settings with the type of their text. What is left out has the block's own default.

use crate::catalog::Quantity;
use crate::scenario::schema;
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
    ($($(#[$doc:meta])* $written:ident: $family:ident {
        $($(#[$does:meta])* $block:ident { $($(#[$says:meta])* $setting:ident: $text:ty),* })*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Deserialize, JsonSchema)]
            #[serde(rename_all = "snake_case")]
            pub(in crate::scenario) enum $written {
                $($(#[$does])* $block($block),)*
            }

            $(
                $(#[$does])*
                #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
                #[serde(deny_unknown_fields, default)]
                pub(in crate::scenario) struct $block {
                    $(
                        $(#[$says])*
                        #[schemars(extend("default" = schema::default_of(
                            &strategy::$block::default().$setting.shown()
                        )))]
                        $setting: Option<$text>,
                    )*
                }
            )*

            impl $written {
                /// The block as it begins, and what is contradictory about its settings.
                pub fn meant(&self) -> (strategy::$family, Option<&'static str>) {
                    match self {
                        $(Self::$block(written) => {
                            let mut block = strategy::$block::default();
                            $(if let Some(setting) = &written.$setting {
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

impl GuardWritten {
    /// A setting that has no effect beside another one.
    pub fn idle(&self) -> Option<&'static str> {
        match self {
            Self::Breaker(Breaker { calls: Some(_), within: Some(_), .. }) => {
                Some("`calls` has no effect beside `within`: leave one of them out")
            }
            _ => None,
        }
    }
}

blocks! {
    /// `retry.budget`
    BudgetWritten: Budget {
        /// The AWS SDKs' retry quota: every retry takes from a bucket that only successes refill.
        AwsQuota {
            /// Tokens at first and at most.
            capacity: u32,
            /// What the retry of a throttled attempt costs.
            throttled: u32,
            /// What the retry of another failure costs.
            failed: u32
        }
        /// A bucket that successes fill and retries empty.
        Bucket {
            /// Retries that it holds at most, and at first.
            size: u32,
            /// What of a retry a success earns.
            fill: Fraction
        }
        /// Envoy's: retries under way are at most a share of all attempts under way.
        EnvoyRetries {
            /// Retries to attempts under way.
            percent: Fraction,
            /// Retries that are allowed however few attempts are under way.
            least: u32
        }
        /// Finagle's: so many retries a second for nothing, and a share of what succeeds.
        Finagle {
            /// How long deposits and withdrawals count.
            ttl: Quantity<Span>,
            /// Retries to the calls that succeed.
            percent: Fraction,
            /// Retries a second that need no success.
            min_per_second: u32
        }
        /// gRPC's retry throttling: below half of the tokens nothing is retried.
        GrpcThrottling {
            /// Tokens at first and at most.
            max_tokens: u32,
            /// What of a token a success gives back.
            ratio: Fraction
        }
        /// Retries are at most a share of the requests of a while.
        Ratio {
            /// Retries to requests.
            percent: Fraction,
            /// How long both count.
            window: Quantity<Span>
        }
    }

    /// `guard`
    GuardWritten: Guard {
        /// A circuit breaker: when too many calls have failed, none leaves for a while.
        Breaker {
            /// The share of failures that opens it.
            ratio: Fraction,
            /// The calls that count.
            calls: u32,
            /// How long calls count instead, if by time.
            within: Quantity<Span>,
            /// Calls without which it stays closed.
            least: u32,
            /// How long it stays open.
            open: Quantity<Span>,
            /// Calls that decide whether it closes.
            trials: u32
        }
        /// Envoy's admission control: refuses by chance when too few of the last calls succeeded.
        EnvoyAdmission {
            /// How long calls count.
            window: Quantity<Span>,
            /// The share of successes below which it begins to refuse.
            threshold: Fraction,
            /// Above 1 it refuses sooner.
            aggression: f64,
            /// The greatest chance of a refusal.
            most: Fraction,
            /// Calls a second below which it refuses nothing.
            least_rate: f64
        }
        /// What would have to wait for the client's own pacer fails at once.
        NoWaiting {
            /// From a refusal until anything is let through again; zero bars nothing.
            penalty: Quantity<Span>
        }
        /// Client-side throttling: refuses by chance what the provider would probably refuse.
        Sre {
            /// How many times what is accepted may be asked for; 1 or more.
            k: f64,
            /// How long requests and accepts count.
            window: Quantity<Span>
        }
    }

    /// `concurrency`
    ConcurrencyWritten: Concurrency {
        /// One more for a success, a share of it for a refusal.
        Aimd {
            /// At first.
            initial: u32,
            /// At least, 1 or more.
            least: u32,
            /// At most.
            most: u32,
            /// What is kept after a drop.
            backoff: Fraction,
            /// A longer round trip counts as a drop.
            timeout: Quantity<Span>
        }
        /// Fewer at once as round trips grow longer than they were on the long run.
        Gradient2 {
            /// At first.
            initial: u32,
            /// At least, 1 or more.
            least: u32,
            /// At most.
            most: u32,
            /// What may queue.
            queue: u32,
            /// The weight of a new bound.
            smoothing: f64,
            /// How many times the long round trip is still none too long.
            tolerance: f64
        }
        /// As many at once as keep a short queue.
        Vegas {
            /// At first.
            initial: u32,
            /// At most.
            most: u32,
            /// Bounds' worth of answers after which the shortest round trip is measured anew.
            probe: u32
        }
    }

    /// `pace.adaptive`
    TurnsWritten: Turns {
        /// A rate that creeps up with every success and is cut by every refusal.
        AimdRate {
            /// What of the initial rate a success adds.
            increase: Fraction,
            /// What is kept after a refusal.
            decrease: Fraction,
            /// What of the initial rate it never falls below.
            least: Fraction,
            /// What of the initial rate it never exceeds.
            most: ShareText
        }
        /// The AWS SDKs' adaptive rate: a bucket whose rate follows a cubic after a throttle.
        AwsSdk {
            /// What of the rate is kept after a throttle.
            beta: f64,
            /// How steep the cubic is.
            scale: f64,
            /// The weight of the last half second in the measured rate.
            smoothing: f64,
            /// The least rate, a second.
            least_rate: f64
        }
    }
}
