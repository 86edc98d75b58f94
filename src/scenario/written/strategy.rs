//! `[strategy.NAME]` as it stands: a preset, and what is said besides it.
//!
//! What a scenario says goes before what its preset says: key by key within the strategy, within
//! `retry` and within `pace`; a block (`backoff`, `budget`, `guard`, …) is replaced whole.

use super::blocks::{BudgetWritten, ConcurrencyWritten, GuardWritten, TurnsWritten};
use crate::catalog::Quantity;
use crate::scenario::text::{
    BurstText, Choice, Fraction, Limitable, OneOrMany, ShareText, WorkersText,
};
use crate::units::Span;
use serde::Deserialize;
use toml::Spanned;

/// `[strategy.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct StrategyWritten {
    pub preset: Option<Spanned<String>>,
    pub faithful: Option<Spanned<bool>>,
    pub label: Option<String>,
    pub workloads: Option<Spanned<Vec<Spanned<String>>>>,
    pub retry: Option<Spanned<RetryWritten>>,
    pub pace: Option<Spanned<PaceWritten>>,
    pub guard: Option<Spanned<OneOrMany<Choice<GuardWritten>>>>,
    pub workers: Option<Spanned<WorkersText>>,
    pub concurrency: Option<Spanned<Choice<ConcurrencyWritten>>>,
    pub hold_worker: Option<Spanned<bool>>,
    pub start: Option<Spanned<StartWritten>>,
    pub cache: Option<Spanned<CacheWritten>>,
    pub batch: Option<Spanned<BatchWritten>>,
    pub hedge: Option<Spanned<HedgeWritten>>,
}

/// When first attempts are considered.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum StartWritten {
    Offset(Quantity<Span>),
    Spread(Quantity<Span>),
}

/// What is not fetched again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct CacheWritten {
    pub ttl: Quantity<Span>,
    pub capacity: Option<u32>,
    #[serde(default)]
    pub shared: bool,
    pub across: Option<AcrossWritten>,
}

/// What travels together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct BatchWritten {
    pub linger: Quantity<Span>,
    pub size: Option<u32>,
    pub calls: Option<Vec<Spanned<String>>>,
}

/// What is sent twice.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct HedgeWritten {
    pub after: Quantity<Span>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RetryWritten {
    pub attempts: Option<Spanned<Limitable>>,
    pub backoff: Option<Spanned<Choice<BackoffWritten>>>,
    pub counter: Option<CounterWritten>,
    pub deadline: Option<Spanned<Quantity<Span>>>,
    pub statuses: Option<Spanned<Vec<u16>>>,
    pub codes: Option<Vec<String>>,
    pub refusals: Option<Spanned<bool>>,
    pub honour_retry_after: Option<Spanned<bool>>,
    pub retry_after_within: Option<Quantity<Span>>,
    pub budget: Option<Spanned<Choice<BudgetWritten>>>,
}

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum CounterWritten {
    Request,
    Process,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum BackoffWritten {
    None,
    Fixed(Quantity<Span>),
    Delays(Vec<Quantity<Span>>),
    Linear(LinearWritten),
    Exponential(ExponentialWritten),
    Memoryless(Quantity<Span>),
    Polly(PollyWritten),
    Window(WindowWritten),
    RestoreWait(ExtraWritten),
    HeaderWait(ExtraWritten),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct LinearWritten {
    pub step: Quantity<Span>,
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ExponentialWritten {
    pub base: Quantity<Span>,
    pub base_other: Option<Quantity<Span>>,
    pub cap: Option<Quantity<Span>>,
    pub factor: Option<f64>,
    pub jitter: Option<JitterWritten>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum JitterWritten {
    None,
    Full,
    Equal,
    Decorrelated,
    Spread([ShareText; 2]),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct PollyWritten {
    pub base: Quantity<Span>,
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct WindowWritten {
    pub width: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct ExtraWritten {
    pub plus: Option<Quantity<Span>>,
    pub unknown: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct PaceWritten {
    pub rate: Option<Spanned<String>>,
    pub margin: Option<Spanned<Fraction>>,
    pub burst: Option<Spanned<BurstText>>,
    pub follow_header: Option<Spanned<bool>>,
    pub adaptive: Option<Spanned<Choice<TurnsWritten>>>,
    pub turns: Option<Spanned<TurnsOrder>>,
    pub split: Option<Spanned<bool>>,
    pub late: Option<Spanned<bool>>,
    pub emptied: Option<Spanned<bool>>,
    pub shared: Option<bool>,
    pub across: Option<AcrossWritten>,
}

/// How the turns of a paced client come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum TurnsOrder {
    /// One after another.
    Evenly,
    /// A burst at once, then a rest.
    Bursts,
    /// At ticks of the client's clock.
    Ticks,
}

/// Over whom something is shared.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum AcrossWritten {
    Accounts,
}

/// The first of each key that is given.
macro_rules! first_of {
    ($self:ident, $base:ident: $($key:ident),*; $($within:ident),*) => {
        Self {
            $($key: $self.$key.or($base.$key),)*
            $($within: match ($self.$within, $base.$within) {
                (Some(own), Some(base)) => {
                    Some(Spanned::new(own.span(), own.into_inner().over(base.into_inner())))
                }
                (own, base) => own.or(base),
            },)*
        }
    };
}

impl StrategyWritten {
    /// What this says, and where it says nothing what `base` says.
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: preset, faithful, label, workloads, guard, workers, concurrency,
            hold_worker, start, cache, batch, hedge; retry, pace)
    }
}

impl RetryWritten {
    fn over(self, base: Self) -> Self {
        first_of!(self, base: attempts, counter, backoff, deadline, statuses, codes, refusals,
            honour_retry_after, retry_after_within, budget;)
    }
}

impl PaceWritten {
    fn over(self, base: Self) -> Self {
        first_of!(self, base: rate, margin, burst, follow_header, adaptive, turns, split, late,
            emptied, shared, across;)
    }
}
