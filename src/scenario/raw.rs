//! The scenario file as it stands: every key optional, every place kept, nothing interpreted.
//!
//! Choices are externally tagged (`backoff.exponential = { … }`, or `backoff = "none"`), because
//! then a mistake's place is exactly its own.

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

mod advise;
mod backoff;
mod block;
mod blocks;
mod deadline;
mod plan;
mod provider;
mod rates;
mod retry;
#[cfg(test)]
mod schemas;
mod service;
mod strategy;
mod trace;
mod workload;

pub(super) use advise::{RawAdvise, RawFreedom};
pub use block::Described;
pub(super) use blocks::{RawBackoff, RawTurns};
pub(super) use deadline::{DeadlineTable, DeadlineText, RawDeadlineFrom, RawLastWait};
pub(super) use plan::{RawChange, RawDynamic, RawWalk};
pub(super) use provider::{RawFigures, RawProvider, RawRandom, RawRevenue, RawShipped};
pub(super) use rates::{RateOrNone, RawHourly, RawOnOff, RawStage};
pub(super) use retry::{RawBeyond, RawCounter, RawRetry};
pub(super) use service::{RawDistribution, RawRoundTrip, RawService};
pub(super) use strategy::{RawHeed, RawPace, RawStart, RawStrategy, RawWindow, TurnsOrder};
pub(super) use trace::{RawThrottled, RawTrace};
pub(super) use workload::{Costs, RawOnFailure, RawPer, RawPoll, RawStep, RawUnits, RawWorkload};

use super::text::Fraction;
pub(super) use super::text::{PresetsText, ReplicationsText};
use crate::catalog::{LimitDocument, OneOrMany, Quantity, Spanned};
use crate::units::{Rate, Span};
use indexmap::IndexMap;
use serde::Deserialize;
use toml::value::Datetime;

type Named<T> = IndexMap<Spanned<String>, T>;

/// A whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, schemars(extend("required" = ["schema", "question", "workload"])))]
pub(super) struct Raw {
    /// The version of this language, always 1.
    #[cfg_attr(test, schemars(schema_with = "schemas::version"))]
    pub schema: Option<Spanned<i64>>,
    /// What the scenario asks, in one sentence.
    pub question: Option<Spanned<String>>,
    /// The date and time of virtual time 0, in UTC if it has no offset. Default: none, virtual time
    /// 0 counts as midnight UTC.
    #[cfg_attr(test, schemars(schema_with = "schemas::start"))]
    pub start: Option<Spanned<Datetime>>,
    /// How long jobs arrive; afterwards work drains. Default: `"1h"`.
    pub duration: Option<Spanned<Quantity<Span>>>,
    /// How long work may continue after the last arrivals. Default: `"24h"`.
    pub drain: Option<Spanned<Quantity<Span>>>,
    /// Jobs that arrive in this time at the start are simulated, but excluded from results.
    /// Default: `"0s"`.
    pub warm_up: Option<Spanned<Quantity<Span>>>,
    /// The random seed. Default: `42`.
    pub seed: Option<Spanned<u64>>,
    /// The number of independent runs, or as many as a figure needs. Default: `1`.
    pub replications: Option<Spanned<ReplicationsText>>,
    /// The metric that decides which strategy is best, after expectations and lost work; or a list
    /// of metrics, of which the first decides. Default: `"last_end"` if all work is there at the
    /// start, `"age.p95"` if all work fetches data, otherwise `"job_latency.p95"`; then
    /// `"calls_per_success"`.
    #[cfg_attr(test, schemars(schema_with = "schemas::goal"))]
    pub goal: Option<Spanned<OneOrMany<String>>>,
    /// Differences up to this are ties: a share of the better figure, or a duration. Default:
    /// `"1%"`.
    #[cfg_attr(test, schemars(schema_with = "schemas::worth"))]
    pub worth: Option<Spanned<String>>,
    /// Differences of lost work up to this share of all jobs are ties. Default: `"0.1%"`.
    pub negligible_loss: Option<Spanned<Fraction>>,
    /// A scenario with more clients (applications × accounts × regions × processes) is refused.
    /// Default: `100000`.
    pub max_accounts: Option<Spanned<u64>>,
    /// A scenario in which more requests are expected is refused. Default: `1000000000`.
    pub max_jobs: Option<Spanned<u64>>,
    /// A run with more events (arrivals, attempts, answers) is ended. Default: `20000000000`.
    pub max_events: Option<Spanned<u64>>,
    /// A run with more requests under way at the same time is ended; each takes about 250 bytes.
    /// Default: `20000000`.
    pub max_waiting: Option<Spanned<u64>>,
    /// Providers whose limits hold, by a name of your own. Default: none.
    pub provider: Named<RawProvider>,
    /// Limits of your own, by name. Default: none.
    pub limit: Named<LimitDocument>,
    /// The number of accounts, applications, processes and regions. Default: one of each.
    pub clients: RawClients,
    /// How calls are answered; a provider may have its own. Default: no latency, no failures.
    pub service: RawService,
    /// The work that arrives, by a name of your own.
    pub workload: Named<RawWorkload>,
    /// The clients to compare, by a name of your own. Default: none, which needs a `league`.
    pub strategy: Named<RawStrategy>,
    /// A strategy for each preset, number of workers and workload. Default: none.
    pub league: Option<RawLeague>,
    /// Conditions on figures; the exit code says whether they are met. Default: none.
    pub expect: Vec<RawExpect>,
    /// Addresses and their values for `throttlesim sweep`. Default: none.
    #[cfg_attr(test, schemars(schema_with = "schemas::sweep"))]
    pub sweep: Option<Named<Spanned<toml::Value>>>,
    /// The address whose largest or smallest value `throttlesim size` finds. Default: none.
    pub size: Option<Spanned<RawSize>>,
    /// What `throttlesim advise` is to reach, and what it may try. Default: the scenario's goal and
    /// expectations, and everything.
    pub advise: Option<RawAdvise>,
    /// How `throttlesim serve` tells callers apart. Default: as the provider's clients say it.
    pub serve: RawServe,
}

/// `[serve]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawServe {
    /// Where calls say their account: `header:NAME`, `query:NAME`, `path:NUMBER` (a part of the
    /// path, from 1) or `address`. Default: as the provider's clients say it.
    #[cfg_attr(test, schemars(schema_with = "schemas::place"))]
    pub account: Option<Spanned<String>>,
    /// Where calls say their application, in the same form. Default: as the provider's clients
    /// say it.
    #[cfg_attr(test, schemars(schema_with = "schemas::place"))]
    pub application: Option<Spanned<String>>,
}

/// `[clients]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawClients {
    /// Accounts of each application, from 1. Default: `1`.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub accounts: Option<Spanned<i64>>,
    /// Developer applications, from 1. Default: `1`.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub applications: Option<Spanned<i64>>,
    /// Processes that share an account's jobs, from 1. Default: `1`.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub processes: Option<Spanned<i64>>,
    /// How the jobs of an account are divided among its processes; the last weight holds for all
    /// further processes. Default: equally.
    pub process_weights: Option<Spanned<Vec<u32>>>,
    /// The names of regions; each account calls in all of them. Default: the region of the
    /// provider.
    pub regions: Option<Spanned<Vec<String>>>,
    /// How one stream of work (`per = "scenario"`) is divided among accounts. Default: equally, in
    /// turn.
    pub skew: Option<Spanned<RawSkew>>,
}

/// How one stream of work is divided among accounts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum RawSkew {
    /// By Zipf's law with this exponent, from 0 to 10.
    Zipf(f64),
    /// One weight for each account.
    Weights(Vec<f64>),
}

/// When jobs arrive.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum RawArrivals {
    /// A number of jobs at one instant, or a list of such bursts.
    Burst(OneOrMany<RawBurst>),
    /// At even intervals, at this rate.
    Rate(Quantity<Rate>),
    /// At random, at this mean rate.
    Poisson(Quantity<Rate>),
    /// By a schedule.
    Every(RawEvery),
    /// This number of jobs at virtual time 0.
    Backlog(u64),
    /// Stages with constant or changing rates, one after another; then nothing arrives.
    Stages(Vec<Spanned<RawStage>>),
    /// At random, at a rate that depends on the hour of the day or week.
    Hourly(RawHourly),
    /// At random, at two rates that alternate after random times.
    OnOff(RawOnOff),
    /// A fixed population; each member begins its next job after a pause.
    Closed(RawClosed),
    /// Events that the provider sends; nothing is polled.
    Notifications(RawNotifications),
    /// Recorded traffic from a log.
    Trace(Box<RawTrace>),
}

/// Events that the provider sends.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawNotifications {
    /// The mean rate of events.
    pub rate: Quantity<Rate>,
    /// The time from an event to its delivery.
    pub delivery: RawDistribution,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawBurst {
    /// The instant, in virtual time.
    pub at: Quantity<Span>,
    /// The number of jobs.
    #[serde(default = "one")]
    pub count: u64,
}

const fn one() -> u64 {
    1
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawEvery {
    /// The time from one job to the next.
    pub period: Quantity<Span>,
    /// The instant of the first job. Default: `"0s"`.
    #[serde(default)]
    pub offset: Option<Quantity<Span>>,
    /// Each job is later by a random time up to this. Default: `"0s"`.
    #[serde(default)]
    pub jitter: Option<Quantity<Span>>,
    /// Accounts start evenly within this time instead of together. Default: `"0s"`.
    #[serde(default)]
    pub spread: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawClosed {
    /// The number of members.
    pub population: u32,
    /// The pause from the end of a job to the next one.
    pub think: RawDistribution,
}

/// `[league]`
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawLeague {
    /// The presets to compare, or all of them.
    pub presets: Spanned<PresetsText>,
    /// The numbers of workers to compare.
    pub workers: Spanned<Vec<u32>>,
}

/// `[size]`
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawSize {
    /// The value to find, in TOML's dotted form: `clients.accounts`.
    pub address: Spanned<String>,
    /// The least value to try.
    #[cfg_attr(test, schemars(schema_with = "schemas::amount"))]
    pub from: Spanned<toml::Value>,
    /// The greatest value to try.
    #[cfg_attr(test, schemars(schema_with = "schemas::amount"))]
    pub to: Spanned<toml::Value>,
    /// Whether to find the largest or the smallest value that meets the conditions.
    pub goal: RawGoal,
    /// The conditions. Default: the scenario's expectations.
    #[serde(default)]
    #[cfg_attr(test, schemars(schema_with = "schemas::expectations"))]
    pub meet: Option<Vec<Spanned<String>>>,
    /// The workload to which the conditions apply. Default: all together.
    pub workload: Option<Spanned<String>>,
    /// The operation to which the conditions apply. Default: all together.
    pub call: Option<Spanned<String>>,
    /// The strategies for which to find it. Default: each one.
    pub strategies: Option<Vec<Spanned<String>>>,
}

/// Which value is looked for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum RawGoal {
    Largest,
    Smallest,
}

/// `[[expect]]`
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RawExpect {
    /// A metric, a comparison and a value: `throttle_rate < 1%`.
    #[cfg_attr(test, schemars(schema_with = "schemas::expectation"))]
    pub that: Spanned<String>,
    /// The strategy that must meet it. Default: every one.
    #[serde(default)]
    pub strategy: Option<Spanned<String>>,
    /// The operation whose figure counts. Default: all together.
    #[serde(default)]
    pub call: Option<Spanned<String>>,
    /// The workload whose figure counts. Default: all together.
    #[serde(default)]
    pub workload: Option<Spanned<String>>,
    /// The number of the account whose figure counts, from 1. Default: all together.
    #[serde(default)]
    pub account: Option<Spanned<u32>>,
    /// The reason, for the report. Default: none.
    #[serde(default)]
    pub why: Option<String>,
}
