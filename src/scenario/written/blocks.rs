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
use crate::scenario::text::{Fraction, ShareText};
use crate::strategy;
use crate::units::{Share, Span};
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
        $($block:ident { $($setting:ident: $text:ty),* })*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Deserialize)]
            #[serde(rename_all = "snake_case")]
            pub(in crate::scenario) enum $written {
                $($block($block),)*
            }

            $(
                #[derive(Debug, Clone, Default, Deserialize)]
                #[serde(deny_unknown_fields, default)]
                pub(in crate::scenario) struct $block {
                    $($setting: Option<$text>,)*
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

blocks! {
    /// `retry.budget`
    BudgetWritten: Budget {
        AwsQuota { capacity: u32, throttled: u32, failed: u32 }
        Bucket { size: u32, fill: Fraction }
        EnvoyRetries { percent: Fraction, least: u32 }
        Finagle { ttl: Quantity<Span>, percent: Fraction, min_per_second: u32 }
        GrpcThrottling { max_tokens: u32, ratio: Fraction }
        Ratio { percent: Fraction, window: Quantity<Span> }
    }

    /// `guard`
    GuardWritten: Guard {
        Breaker {
            ratio: Fraction, calls: u32, within: Quantity<Span>, least: u32,
            open: Quantity<Span>, trials: u32
        }
        EnvoyAdmission {
            window: Quantity<Span>, threshold: Fraction, aggression: f64, most: Fraction,
            least_rate: f64
        }
        NoWaiting { penalty: Quantity<Span> }
        Sre { k: f64, window: Quantity<Span> }
    }

    /// `concurrency`
    ConcurrencyWritten: Concurrency {
        Aimd { initial: u32, least: u32, most: u32, backoff: Fraction, timeout: Quantity<Span> }
        Gradient2 {
            initial: u32, least: u32, most: u32, queue: u32, smoothing: f64, tolerance: f64
        }
        Vegas { initial: u32, most: u32, probe: u32 }
    }

    /// `pace.adaptive`
    TurnsWritten: Turns {
        AimdRate { increase: Fraction, decrease: Fraction, least: Fraction, most: ShareText }
        AwsSdk { beta: f64, scale: f64, smoothing: f64, least_rate: f64 }
    }
}
