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

mod blocks;
mod deadline;
mod plan;
mod rates;
mod retry;
mod service;
mod strategy;
mod trace;
mod workload;

pub use blocks::Described;
pub(super) use blocks::TurnsWritten;
pub(super) use deadline::{DeadlineFromWritten, DeadlineTable, DeadlineText, LastWaitWritten};
pub(super) use plan::{ChangeWritten, DynamicWritten, WalkWritten};
pub(super) use rates::{HourlyWritten, OnOffWritten, RateOrNone, StageWritten};
pub(super) use retry::{
    BackoffWritten, CounterWritten, ExponentialWritten, ExtraWritten, JitterWritten, RetryWritten,
};
pub(super) use service::{DistributionWritten, RoundTripWritten, ServiceWritten};
pub(super) use strategy::{
    AcrossWritten, PaceWritten, StartWritten, StrategyWritten, TurnsOrder, WindowWritten,
};
pub(super) use trace::{ThrottledWritten, TraceWritten};
pub(super) use workload::{
    OnFailureWritten, PerWritten, PollWritten, StepWritten, UnitsWritten, WorkloadWritten,
};

use super::schema;
use super::text::{Fraction, OneOrMany};
pub(super) use super::text::{PresetsText, ReplicationsText};
use crate::catalog::{Environment, LimitDocument, Quantity, Spanned};
use crate::units::{Money, Rate, Span};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::value::Datetime;

type Named<T> = IndexMap<Spanned<String>, T>;

/// A whole file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["schema", "question", "workload"]))]
pub(super) struct Written {
    /// The version of this language: 1.
    #[schemars(schema_with = "schema::version")]
    pub schema: Option<Spanned<i64>>,
    /// What the scenario asks, in a sentence.
    pub question: Option<Spanned<String>>,
    /// What virtual time 0 is on the calendar; UTC if it has no offset.
    #[schemars(schema_with = "schema::start")]
    pub start: Option<Spanned<Datetime>>,
    /// When arrivals stop, by default `1h`; work then drains.
    pub duration: Option<Spanned<Quantity<Span>>>,
    /// How long work may drain after arrivals stop, by default `24h`.
    pub drain: Option<Spanned<Quantity<Span>>>,
    /// What arrives before this long is simulated but in no figure, by default `0s`.
    pub warm_up: Option<Spanned<Quantity<Span>>>,
    /// The root of all chance, by default 42.
    pub seed: Option<Spanned<u64>>,
    /// Independent repetitions, by default 1, or as many as a figure needs.
    pub replications: Option<Spanned<ReplicationsText>>,
    /// What decides which strategy is best, after expectations and lost work: a metric, or a list
    /// of which the first decides. By default it follows from the work: when the last job ends if
    /// all work is there at the start, the 95th percentile of the age of polled data, otherwise of
    /// job latency; then calls per success.
    #[schemars(schema_with = "schema::goal")]
    pub goal: Option<Spanned<OneOrMany<String>>>,
    /// Differences between two figures up to this are ties, by default `1%` of the better one; or a
    /// time such as `5s`, which holds for times.
    #[schemars(schema_with = "schema::worth")]
    pub worth: Option<Spanned<String>>,
    /// Differences of lost work up to this share of all jobs are ties, by default `0.1%`.
    pub negligible_loss: Option<Spanned<Fraction>>,
    /// Clients beyond which the scenario is refused, by default 100000.
    pub max_accounts: Option<Spanned<u64>>,
    /// Requests beyond which the scenario is refused, by default a thousand million.
    pub max_jobs: Option<Spanned<u64>>,
    /// Things that happen in a run of a strategy (arrivals, attempts, answers) before it is given
    /// up, by default twenty thousand million.
    pub max_events: Option<Spanned<u64>>,
    /// Requests under way at a time before a run is given up, by default twenty million; each takes
    /// about 250 bytes.
    pub max_waiting: Option<Spanned<u64>>,
    /// Whose limits hold, by a name of your own.
    pub provider: Named<ProviderWritten>,
    /// Limits of your own, by name.
    pub limit: Named<LimitDocument>,
    /// How many there are that call.
    pub clients: ClientsWritten,
    /// How admitted calls are answered; a provider may have its own.
    pub service: ServiceWritten,
    /// What work arrives, by a name of your own.
    pub workload: Named<WorkloadWritten>,
    /// The clients to be compared, by a name of your own.
    pub strategy: Named<StrategyWritten>,
    /// A strategy for each preset, number of workers and workload.
    pub league: Option<LeagueWritten>,
    /// What must come true; the exit code says whether it does.
    pub expect: Vec<ExpectWritten>,
    /// Addresses and the values that they take, for `throttlesim sweep`.
    #[schemars(schema_with = "schema::sweep")]
    pub sweep: Option<Named<Spanned<toml::Value>>>,
    /// The address whose largest or smallest value `throttlesim size` finds.
    pub size: Option<Spanned<SizeWritten>>,
}

/// `[provider.NAME]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["catalog"]))]
pub(super) struct ProviderWritten {
    /// A catalogue that ships with the program, or the path of one of your own, `./mine.toml`.
    #[schemars(schema_with = "schema::catalogue")]
    pub catalog: Option<Spanned<String>>,
    /// One of the catalogue's regions, by default its first.
    pub region: Option<Spanned<String>>,
    /// Which endpoints are called, by default `live`.
    #[schemars(with = "Option<Environment>")]
    pub environment: Option<Spanned<String>>,
    /// How to read what the source leaves open: reading = choice.
    pub readings: IndexMap<Spanned<String>, Spanned<String>>,
    /// Figures of your own for operations, by call or by a pattern of calls (`GET /**`).
    pub operation: IndexMap<Spanned<String>, FiguresWritten>,
    /// How admitted calls are answered, by default as `[service]` says.
    pub service: Option<ServiceWritten>,
    /// How the figures of limits change, by call or by a pattern of calls.
    pub dynamic: IndexMap<Spanned<String>, DynamicWritten>,
    /// What an Associates account earns.
    pub revenue: Option<RevenueWritten>,
}

/// Figures of the user's own for an operation, in the place of what is published.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FiguresWritten {
    /// How fast requests come back, for buckets, quotas and queues.
    pub rate: Option<Spanned<Quantity<Rate>>>,
    /// The most requests at once, for buckets and quotas.
    pub burst: Option<Spanned<u32>>,
    /// Requests in each window, or at the same time, for windows and concurrency.
    pub limit: Option<Spanned<u32>>,
}

/// What an Associates account earns.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RevenueWritten {
    /// How old the account is at the start, by default past its initial quota.
    pub account_age: Option<Spanned<Quantity<Span>>>,
    /// Shipped revenue by day.
    pub shipped: Option<Spanned<ShippedWritten>>,
    /// Revenue a day before the run.
    pub before: Option<Spanned<Quantity<Money>>>,
    /// Revenue that the calls themselves earn.
    pub earning: Option<EarningWritten>,
}

/// Shipped revenue by day.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShippedWritten {
    /// The same every day.
    Constant(Quantity<Money>),
    /// Day by day.
    Daily(Vec<Quantity<Money>>),
    /// A file with the columns `day,revenue_usd`.
    Csv(String),
    /// A random series.
    Random(RandomWritten),
}

/// A random series of daily revenue.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RandomWritten {
    /// The mean of the first day.
    pub level: Quantity<Money>,
    /// What it grows by in 30 days; 0.1 is a tenth.
    #[serde(default)]
    pub trend: f64,
    /// A factor for each day of the week.
    #[serde(default)]
    pub weekdays: Option<[f64; 7]>,
    /// The spread of a day around its mean; 0.1 is a tenth.
    #[serde(default)]
    pub noise: f64,
}

/// Revenue in closed loop.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EarningWritten {
    /// The chance that a call leads to a sale.
    pub chance: Fraction,
    /// What a sale earns.
    pub amount: Quantity<Money>,
    /// From the sale to its shipping, by default `2d`.
    #[serde(default)]
    pub ships_after: Option<Quantity<Span>>,
}

/// `[clients]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClientsWritten {
    /// Accounts of each application, by default 1.
    #[schemars(range(min = 1))]
    pub accounts: Option<Spanned<i64>>,
    /// Developer applications, by default 1.
    #[schemars(range(min = 1))]
    pub applications: Option<Spanned<i64>>,
    /// Processes that an account's jobs are dealt to, by default 1.
    #[schemars(range(min = 1))]
    pub processes: Option<Spanned<i64>>,
    /// How unequally they are dealt; the last weight is that of all that follow.
    pub process_weights: Option<Spanned<Vec<u32>>>,
    /// The regions by name; each account calls in all of them.
    pub regions: Option<Spanned<Vec<String>>>,
    /// How unequal the accounts are that one stream is dealt to, by default alike.
    pub skew: Option<Spanned<SkewWritten>>,
}

/// How unequal the callers are that one stream of work is dealt to.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SkewWritten {
    /// By Zipf's law with this exponent, 0 to 10.
    Zipf(f64),
    /// A weight for each account.
    Weights(Vec<f64>),
}

/// When jobs arrive.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ArrivalsWritten {
    /// So many at an instant, once or several times.
    Burst(OneOrMany<BurstWritten>),
    /// Evenly, at this rate.
    Rate(Quantity<Rate>),
    /// By chance, at this mean rate.
    Poisson(Quantity<Rate>),
    /// By a schedule.
    Every(EveryWritten),
    /// So many at the start.
    Backlog(u64),
    /// Stages and ramps, one after another; then nothing.
    Stages(Vec<Spanned<StageWritten>>),
    /// By the hour of the day or the week.
    Hourly(HourlyWritten),
    /// In bouts.
    OnOff(OnOffWritten),
    /// A population of which each begins again when it is done.
    Closed(ClosedWritten),
    /// Events that the provider tells.
    Notifications(NotificationsWritten),
    /// Recorded traffic, replayed.
    Trace(Box<TraceWritten>),
}

/// Events that the provider tells.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationsWritten {
    /// How often events happen, on the mean.
    pub rate: Quantity<Rate>,
    /// From the event to its delivery.
    pub delivery: DistributionWritten,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BurstWritten {
    /// When.
    pub at: Quantity<Span>,
    /// How many.
    #[serde(default = "one")]
    pub count: u64,
}

const fn one() -> u64 {
    1
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EveryWritten {
    /// From one to the next.
    pub period: Quantity<Span>,
    /// When the first is, by default `0s`.
    #[serde(default)]
    pub offset: Option<Quantity<Span>>,
    /// Each is later by anything up to this, by default `0s`.
    #[serde(default)]
    pub jitter: Option<Quantity<Span>>,
    /// The callers come evenly within this time, by default `0s`.
    #[serde(default)]
    pub spread: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosedWritten {
    /// How many there are.
    pub population: u32,
    /// From the end of a job to the next.
    pub think: DistributionWritten,
}

/// `[league]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeagueWritten {
    /// Which clients play.
    pub presets: Spanned<PresetsText>,
    /// With how many workers each.
    pub workers: Spanned<Vec<u32>>,
}

/// `[size]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeWritten {
    /// What is sized, in TOML's dotted form: `clients.accounts`.
    pub address: Spanned<String>,
    /// The least value that is tried.
    #[schemars(schema_with = "schema::amount")]
    pub from: Spanned<toml::Value>,
    /// The greatest.
    #[schemars(schema_with = "schema::amount")]
    pub to: Spanned<toml::Value>,
    /// Which of the values that hold is looked for.
    pub goal: GoalWritten,
    /// What must hold, by default the scenario's expectations.
    #[serde(default)]
    #[schemars(schema_with = "schema::expectations")]
    pub meet: Option<Vec<Spanned<String>>>,
    /// Of which workload it must, by default of all.
    pub workload: Option<Spanned<String>>,
    /// Of which call, by default of all.
    pub call: Option<Spanned<String>>,
    /// For which strategies, by default for each.
    pub strategies: Option<Vec<Spanned<String>>>,
}

/// Which value is looked for.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GoalWritten {
    Largest,
    Smallest,
}

/// `[[expect]]`
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectWritten {
    /// A metric, a comparison and a value: `throttle_rate < 1%`.
    #[schemars(schema_with = "schema::expectation")]
    pub that: Spanned<String>,
    /// Of which strategy, by default of every one.
    #[serde(default)]
    pub strategy: Option<Spanned<String>>,
    /// Of which call, by default of all.
    #[serde(default)]
    pub call: Option<Spanned<String>>,
    /// Of which workload, by default of all.
    #[serde(default)]
    pub workload: Option<Spanned<String>>,
    /// Of which account, from 1; by default of all.
    #[serde(default)]
    pub account: Option<Spanned<u32>>,
    /// Why it matters, for the report.
    #[serde(default)]
    pub why: Option<String>,
}
