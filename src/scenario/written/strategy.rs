//! `[strategy.NAME]` as it stands: a preset, and what is said besides it.
//!
//! What a scenario says goes before what its preset says: key by key within the strategy, within
//! `retry` and within `pace`; a block (`backoff`, `budget`, `guard`, …) is replaced whole.

use super::blocks::{ConcurrencyWritten, GuardWritten, TurnsWritten};
use super::retry::RetryWritten;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::schema;
use crate::scenario::text::{BurstText, Choice, Fraction, OneOrMany, WorkersText};
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[strategy.NAME]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct StrategyWritten {
    /// A client of `throttlesim catalog --strategies`; what else is said goes before it.
    #[schemars(schema_with = "schema::preset")]
    pub preset: Option<Spanned<String>>,
    /// False: as the preset was meant, where it is known to differ. By default true.
    pub faithful: Option<Spanned<bool>>,
    /// A name for tables and pictures.
    pub label: Option<String>,
    /// The workloads that it does, by default all.
    pub workloads: Option<Spanned<Vec<Spanned<String>>>>,
    /// Whether and when it tries again, by default never.
    pub retry: Option<Spanned<RetryWritten>>,
    /// What it keeps to by itself, by default nothing.
    pub pace: Option<Spanned<PaceWritten>>,
    /// What it refuses itself to send; one guard or several.
    pub guard: Option<Spanned<OneOrMany<Choice<GuardWritten>>>>,
    /// Requests under way at once, by default unlimited.
    pub workers: Option<Spanned<WorkersText>>,
    /// Requests under way at once, found out by trying.
    pub concurrency: Option<Spanned<Choice<ConcurrencyWritten>>>,
    /// True: a worker sleeps through the waits of its request. By default false.
    pub hold_worker: Option<Spanned<bool>>,
    /// When first attempts are considered, by default at once.
    pub start: Option<Spanned<StartWritten>>,
    /// What is not fetched again.
    pub cache: Option<Spanned<CacheWritten>>,
    /// What travels together.
    pub batch: Option<Spanned<BatchWritten>>,
    /// What is sent twice.
    pub hedge: Option<Spanned<HedgeWritten>>,
}

/// When first attempts are considered.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum StartWritten {
    /// The processes of all callers take turns over this time.
    Offset(Quantity<Span>),
    /// Anything up to this, drawn for each request.
    Spread(Quantity<Span>),
}

/// What is not fetched again.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct CacheWritten {
    /// How long an answer is good.
    pub ttl: Quantity<Span>,
    /// How many it holds, by default all.
    pub capacity: Option<u32>,
    /// True: the processes of an account share it.
    #[serde(default)]
    pub shared: bool,
    /// Who else shares it.
    pub across: Option<AcrossWritten>,
}

/// What travels together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct BatchWritten {
    /// How long the first waits for others.
    pub linger: Quantity<Span>,
    /// How many go together at most, by default as many as the call's batch holds.
    pub size: Option<u32>,
    /// The calls that are gathered, by default all that have a batch.
    pub calls: Option<Vec<Spanned<String>>>,
}

/// What is sent twice.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct HedgeWritten {
    /// When a second attempt is sent.
    pub after: Quantity<Span>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct PaceWritten {
    /// A share of what is published, `95%`, or a rate, `0.45/s`.
    #[schemars(schema_with = "schema::pace")]
    pub rate: Option<Spanned<String>>,
    /// What is kept clear of the rate, by default nothing.
    pub margin: Option<Spanned<Fraction>>,
    /// Calls at once, or a share of the published burst; by default 1, with `ticks` those of a
    /// tick. With `100%` of a window the client keeps a copy of the window.
    pub burst: Option<Spanned<BurstText>>,
    /// Calls in hand at first, by default the whole burst; with 0 it starts empty.
    pub initial: Option<Spanned<u32>>,
    /// So many calls `each` so long, instead of a rate.
    pub calls: Option<Spanned<u32>>,
    /// The window of `calls`.
    pub each: Option<Spanned<Quantity<Span>>>,
    /// When the window of `calls` begins, by default `sliding`.
    pub window: Option<Spanned<WindowWritten>>,
    /// True: a share is one of the last rate header. By default false.
    pub follow_header: Option<Spanned<bool>>,
    /// A rate that is found by trying.
    pub adaptive: Option<Spanned<Choice<TurnsWritten>>>,
    /// How turns come, by default `evenly`.
    pub turns: Option<Spanned<TurnsOrder>>,
    /// True: each process keeps to its part. By default false.
    pub split: Option<Spanned<bool>>,
    /// True: it waits after an answer instead of before a call. By default false.
    pub late: Option<Spanned<bool>>,
    /// True: a 429 takes all its turns away. By default false.
    pub emptied: Option<Spanned<bool>>,
    /// True: the processes of an account share it. By default false.
    pub shared: Option<Spanned<bool>>,
    /// Who else shares it.
    pub across: Option<Spanned<AcrossWritten>>,
}

/// How the turns of a paced client come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum TurnsOrder {
    /// One after another.
    Evenly,
    /// A burst at once, then a rest.
    Bursts,
    /// At ticks of the client's clock: `90/min` is 90 each minute. A rate that is no whole number,
    /// or a share of what is published, is one at every multiple of 1/rate.
    Ticks,
    /// As ticks, rounded to whole seconds: of a rate of r a second ⌊r⌋ each second, or one each
    /// ⌈1/r⌉ seconds.
    WholeSeconds,
}

/// When the window of a client begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum WindowWritten {
    /// At every instant.
    Sliding,
    /// With its first call, or where a full one ends.
    Fixed,
    /// At every instant, and once a window was full its calls are kept apart.
    Strict,
}

/// Over whom something is shared.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum AcrossWritten {
    /// All accounts.
    Accounts,
}

impl StrategyWritten {
    /// What this says, and where it says nothing what `base` says.
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: preset, faithful, label, workloads, guard, workers, concurrency,
            hold_worker, start, cache, batch, hedge; retry, pace)
    }
}

impl PaceWritten {
    fn over(self, base: Self) -> Self {
        first_of!(self, base: rate, margin, burst, initial, calls, each, window, follow_header,
            adaptive, turns, split, late, emptied, shared, across;)
    }
}
