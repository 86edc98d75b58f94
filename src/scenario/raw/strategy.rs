//! `[strategy.NAME]` as it stands: a preset, and what is said besides it.
//!
//! What a scenario says goes before what its preset says: key by key within the strategy, within
//! `retry` and within `pace`; a block (`backoff`, `budget`, `guard`, …) is replaced whole.

use super::blocks::{RawConcurrency, RawGuard, RawTurns};
use super::retry::RawRetry;
#[cfg(test)]
use super::schemas;
use crate::catalog::{OneOrMany, Quantity, Spanned};
use crate::scenario::text::{BurstText, Choice, Fraction, RawAcross, WorkersText};
use crate::units::Span;
use serde::Deserialize;

/// `[strategy.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawStrategy {
    /// A client library by name; `throttlesim catalog --strategies` lists them. What else the
    /// strategy says has priority. Default: none.
    #[cfg_attr(test, schemars(schema_with = "schemas::preset"))]
    pub preset: Option<Spanned<String>>,
    /// `false`: as the preset was meant to work, where it is known to work differently. Default:
    /// `true`.
    pub faithful: Option<Spanned<bool>>,
    /// A name for tables and pictures. Default: the name of the strategy.
    pub label: Option<String>,
    /// The workloads that it does. Default: all.
    pub workloads: Option<Spanned<Vec<Spanned<String>>>>,
    /// Whether and when it tries again. Default: never.
    pub retry: Option<Spanned<RawRetry>>,
    /// The rate to which it limits itself. Default: none.
    pub pace: Option<Spanned<RawPace>>,
    /// What it refuses to send, by one guard or several. Default: none.
    pub guard: Option<Spanned<OneOrMany<Choice<RawGuard>>>>,
    /// The greatest number of requests under way, for each process of each account. Default:
    /// `"unlimited"`.
    pub workers: Option<Spanned<WorkersText>>,
    /// A limit on requests under way that adapts to the answers. Default: none.
    pub concurrency: Option<Spanned<Choice<RawConcurrency>>>,
    /// `true`: a worker waits with its request until the next attempt. Default: `false`, it takes
    /// the next request meanwhile.
    pub hold_worker: Option<Spanned<bool>>,
    /// How long a worker rests after each call, its job with it. Default: not at all.
    pub pause: Option<Spanned<Quantity<Span>>>,
    /// When first attempts are made. Default: at once.
    pub start: Option<Spanned<RawStart>>,
    /// Answers that are kept and not fetched again. Default: none.
    pub cache: Option<Spanned<RawCache>>,
    /// Requests that are gathered into one call. Default: none.
    pub batch: Option<Spanned<RawBatch>>,
    /// A second attempt while the first is under way. Default: none.
    pub hedge: Option<Spanned<RawHedge>>,
}

/// When first attempts are made.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawStart {
    /// The processes of all accounts start evenly within this time.
    Offset(Quantity<Span>),
    /// Each request waits for a random time up to this.
    Spread(Quantity<Span>),
}

/// Answers that are kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawCache {
    /// How long an answer is valid.
    pub ttl: Quantity<Span>,
    /// The greatest number of answers. Default: any number.
    pub capacity: Option<u32>,
    /// `true`: the processes of an account share it.
    #[serde(default)]
    pub shared: bool,
    /// Who else shares it. Default: nobody.
    pub across: Option<RawAcross>,
}

/// Requests that are gathered into one call.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawBatch {
    /// How long the first request waits for others.
    pub linger: Quantity<Span>,
    /// The most requests in a call. Default: the operation's batch limit.
    pub size: Option<u32>,
    /// The operations that are gathered. Default: all that have a batch limit.
    pub calls: Option<Vec<Spanned<String>>>,
}

/// A second attempt while the first is under way.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawHedge {
    /// The time after which the second attempt is sent.
    pub after: Quantity<Span>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawPace {
    /// A share of the published rate, `95%`, or a rate, `0.45/s`. Default: none.
    #[cfg_attr(test, schemars(schema_with = "schemas::pace"))]
    pub rate: Option<Spanned<String>>,
    /// The share of the rate that is left unused. Default: `"0%"`.
    pub margin: Option<Spanned<Fraction>>,
    /// The number of calls at once, or a share of the published burst; `100%` of a window makes a
    /// copy of the window. Default: `1`, with `turns = "ticks"` the calls of a tick.
    pub burst: Option<Spanned<BurstText>>,
    /// The number of calls that may be sent at the start, from 0. Default: the whole burst.
    pub initial: Option<Spanned<u32>>,
    /// The number of calls in each period of `each`, instead of a rate. Default: none.
    pub calls: Option<Spanned<u32>>,
    /// The unit that it counts: it keeps a copy of such limits, and knows what each call costs.
    /// Default: calls.
    pub counts: Option<Spanned<String>>,
    /// The period of `calls`. Default: none.
    pub each: Option<Spanned<Quantity<Span>>>,
    /// When a period of `calls` begins. Default: `"sliding"`.
    pub window: Option<Spanned<RawWindow>>,
    /// `true`: a share is one of the rate in the last rate header. Default: `false`.
    pub follow_header: Option<Spanned<bool>>,
    /// What it does with what answers tell of the limits, instead of a rate. Default: nothing.
    pub heed: Option<Spanned<RawHeed>>,
    /// A rate that adapts to the answers. Default: none.
    pub adaptive: Option<Spanned<Choice<RawTurns>>>,
    /// How calls are placed in time. Default: `"evenly"`.
    pub turns: Option<Spanned<TurnsOrder>>,
    /// `true`: each process uses its part of the rate. Default: `false`, each uses the whole rate.
    pub split: Option<Spanned<bool>>,
    /// `true`: it waits after an answer instead of before a call. Default: `false`.
    pub late: Option<Spanned<bool>>,
    /// `true`: a 429 uses up all calls that it may send at once. Default: `false`.
    pub emptied: Option<Spanned<bool>>,
    /// `true`: the processes of an account share it. Default: `false`.
    pub shared: Option<Spanned<bool>>,
    /// Who else shares it. Default: nobody.
    pub across: Option<Spanned<RawAcross>>,
}

/// How the calls of a paced client are placed in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum TurnsOrder {
    /// At even intervals.
    Evenly,
    /// A burst at once, then a pause.
    Bursts,
    /// At ticks of the client's clock: `90/min` is 90 each minute. A rate that is not a whole
    /// number, or a share of a published rate, is one call at every multiple of 1/rate.
    Ticks,
    /// As ticks, rounded to whole seconds: a rate of r a second is ⌊r⌋ calls each second, or one
    /// call each ⌈1/r⌉ seconds.
    WholeSeconds,
}

/// What a client does with what answers tell of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawHeed {
    /// When too little remains for the next call, it waits until the reset, or until the next token
    /// where no reset is told.
    Reset,
    /// It spreads what remains over the time to the reset.
    Spread,
    /// It waits until what remains, less what its calls under way may take, covers the next call.
    Level,
}

/// When a period of `calls` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawWindow {
    /// At every instant.
    Sliding,
    /// With its first call, or where a full period ends.
    Fixed,
    /// At every instant; once a period was full, its calls are kept apart.
    Strict,
}

impl RawStrategy {
    /// What this says, and where it says nothing what `base` says.
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: preset, faithful, label, workloads, guard, workers, concurrency,
            hold_worker, pause, start, cache, batch, hedge; retry, pace)
    }
}

impl RawPace {
    fn over(self, base: Self) -> Self {
        first_of!(self, base: rate, margin, burst, initial, calls, counts, each, window,
            follow_header, heed, adaptive, turns, split, late, emptied, shared, across;)
    }
}
