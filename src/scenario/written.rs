//! The scenario file as it stands: every key optional, every place kept, nothing interpreted.
//!
//! Choices are externally tagged (`backoff.exponential = { … }`, or `backoff = "none"`), because
//! then a mistake's place is exactly its own.

mod blocks;
mod plan;
mod rates;
mod service;
mod strategy;

pub use blocks::Described;
pub(super) use blocks::TurnsWritten;
pub(super) use plan::{DynamicWritten, WalkWritten};
pub(super) use rates::{HourlyWritten, OnOffWritten, RateOrNone, StageWritten};
pub(super) use service::{DistributionWritten, ServiceWritten};
pub(super) use strategy::{
    AcrossWritten, BackoffWritten, CounterWritten, ExponentialWritten, ExtraWritten, JitterWritten,
    PaceWritten, RetryWritten, StartWritten, StrategyWritten, TurnsOrder,
};

use super::text::{CountText, Fraction, OneOrMany};
pub(super) use super::text::{PresetsText, ReplicationsText};
use super::trace::TraceWritten;
use crate::catalog::LimitDocument;
use crate::catalog::Quantity;
use crate::units::{Money, Rate, Span};
use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

type Named<T> = IndexMap<Spanned<String>, T>;

/// A whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    pub schema: Option<Spanned<i64>>,
    pub question: Option<Spanned<String>>,
    pub start: Option<Spanned<Datetime>>,
    pub duration: Option<Spanned<Quantity<Span>>>,
    pub drain: Option<Spanned<Quantity<Span>>>,
    pub seed: Option<Spanned<u64>>,
    pub replications: Option<Spanned<ReplicationsText>>,
    pub max_accounts: Option<Spanned<u64>>,
    pub max_jobs: Option<Spanned<u64>>,
    pub provider: Named<ProviderWritten>,
    pub limit: Named<LimitDocument>,
    pub clients: ClientsWritten,
    pub service: ServiceWritten,
    pub workload: Named<WorkloadWritten>,
    pub strategy: Named<StrategyWritten>,
    pub league: Option<LeagueWritten>,
    pub expect: Vec<ExpectWritten>,
    pub sweep: Option<Named<Spanned<toml::Value>>>,
    pub size: Option<Spanned<SizeWritten>>,
}

/// `[provider.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProviderWritten {
    pub catalog: Option<Spanned<String>>,
    pub region: Option<Spanned<String>>,
    pub environment: Option<Spanned<String>>,
    pub readings: IndexMap<Spanned<String>, Spanned<String>>,
    pub operation: IndexMap<Spanned<String>, FiguresWritten>,
    pub service: Option<ServiceWritten>,
    pub dynamic: IndexMap<Spanned<String>, DynamicWritten>,
    pub revenue: Option<RevenueWritten>,
}

/// A rate and burst of the user's own for an operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FiguresWritten {
    pub rate: Option<Spanned<Quantity<Rate>>>,
    pub burst: Option<Spanned<u32>>,
}

/// What an Associates account earns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RevenueWritten {
    pub account_age: Option<Spanned<Quantity<Span>>>,
    pub shipped: Option<Spanned<ShippedWritten>>,
    pub before: Option<Spanned<Quantity<Money>>>,
    pub earning: Option<EarningWritten>,
}

/// Shipped revenue by day.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShippedWritten {
    Constant(Quantity<Money>),
    Daily(Vec<Quantity<Money>>),
    Csv(String),
    Random(RandomWritten),
}

/// A random series of daily revenue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RandomWritten {
    pub level: Quantity<Money>,
    #[serde(default)]
    pub trend: f64,
    #[serde(default)]
    pub weekdays: Option<[f64; 7]>,
    #[serde(default)]
    pub noise: f64,
}

/// Revenue in closed loop.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarningWritten {
    pub chance: Fraction,
    pub amount: Quantity<Money>,
    #[serde(default)]
    pub ships_after: Option<Quantity<Span>>,
}

/// `[clients]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClientsWritten {
    pub accounts: Option<Spanned<i64>>,
    pub applications: Option<Spanned<i64>>,
    pub processes: Option<Spanned<i64>>,
    pub process_weights: Option<Spanned<Vec<u32>>>,
    pub regions: Option<Spanned<Vec<String>>>,
    pub skew: Option<Spanned<SkewWritten>>,
}

/// How unequal the callers are that one stream of work is dealt to.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SkewWritten {
    Zipf(f64),
    Weights(Vec<f64>),
}

/// `[workload.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WorkloadWritten {
    pub provider: Option<Spanned<String>>,
    pub arrivals: Option<Spanned<ArrivalsWritten>>,
    pub per: Option<Spanned<PerWritten>>,
    pub applications: Option<Spanned<Vec<i64>>>,
    pub accounts: Option<Spanned<Vec<i64>>>,
    pub regions: Option<Spanned<Vec<String>>>,
    pub call: Option<Spanned<String>>,
    pub items: Option<Spanned<CountText>>,
    pub steps: Option<Spanned<Vec<StepWritten>>>,
    pub keys: Option<Spanned<KeysWritten>>,
    pub priority: Option<Spanned<u8>>,
    pub bad_request_rate: Option<Spanned<Fraction>>,
    pub on_failure: Option<Spanned<OnFailureWritten>>,
}

/// What requests ask for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeysWritten {
    pub count: u32,
    #[serde(default)]
    pub zipf: f64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PerWritten {
    Account,
    Scenario,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OnFailureWritten {
    Drop,
    Skip,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepWritten {
    pub call: Spanned<String>,
    #[serde(default)]
    pub count: Option<Spanned<CountText>>,
    #[serde(default)]
    pub per: Option<Spanned<UnitsWritten>>,
    #[serde(default)]
    pub page_size: Option<Spanned<u32>>,
    #[serde(default)]
    pub batch: Option<Spanned<u32>>,
    #[serde(default)]
    pub at_once: Option<Spanned<u32>>,
    #[serde(default)]
    pub probability: Option<Spanned<Fraction>>,
    #[serde(default)]
    pub after: Option<Spanned<DistributionWritten>>,
    #[serde(default)]
    pub items: Option<Spanned<CountText>>,
    #[serde(default)]
    pub poll: Option<Spanned<PollWritten>>,
}

impl StepWritten {
    /// A single request.
    pub const fn of(call: Spanned<String>) -> Self {
        Self {
            call,
            count: None,
            per: None,
            page_size: None,
            batch: None,
            at_once: None,
            probability: None,
            after: None,
            items: None,
            poll: None,
        }
    }
}

/// What a step makes requests for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnitsWritten {
    Job,
    Item,
    Page,
    Batch,
    Request,
}

/// Asking again and again until something is ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PollWritten {
    pub every: Quantity<Span>,
    pub until: DistributionWritten,
}

/// When jobs arrive.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ArrivalsWritten {
    Burst(OneOrMany<BurstWritten>),
    Rate(Quantity<Rate>),
    Poisson(Quantity<Rate>),
    Every(EveryWritten),
    Backlog(u64),
    Stages(Vec<Spanned<StageWritten>>),
    Hourly(HourlyWritten),
    OnOff(OnOffWritten),
    Closed(ClosedWritten),
    Notifications(NotificationsWritten),
    Trace(Box<TraceWritten>),
}

/// Events that the provider tells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationsWritten {
    pub rate: Quantity<Rate>,
    pub delivery: DistributionWritten,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BurstWritten {
    pub at: Quantity<Span>,
    #[serde(default = "one")]
    pub count: u64,
}

const fn one() -> u64 {
    1
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EveryWritten {
    pub period: Quantity<Span>,
    #[serde(default)]
    pub offset: Option<Quantity<Span>>,
    #[serde(default)]
    pub jitter: Option<Quantity<Span>>,
    #[serde(default)]
    pub spread: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosedWritten {
    pub population: u32,
    pub think: DistributionWritten,
}

/// `[league]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeagueWritten {
    pub presets: Spanned<PresetsText>,
    pub workers: Spanned<Vec<u32>>,
}

/// `[size]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeWritten {
    pub address: Spanned<String>,
    pub from: Spanned<toml::Value>,
    pub to: Spanned<toml::Value>,
    pub goal: GoalWritten,
    pub meet: Option<Vec<Spanned<String>>>,
    pub workload: Option<Spanned<String>>,
    pub call: Option<Spanned<String>>,
    pub strategies: Option<Vec<Spanned<String>>>,
}

/// Which value is looked for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GoalWritten {
    Largest,
    Smallest,
}

/// `[[expect]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectWritten {
    pub that: Spanned<String>,
    #[serde(default)]
    pub strategy: Option<Spanned<String>>,
    #[serde(default)]
    pub call: Option<Spanned<String>>,
    #[serde(default)]
    pub workload: Option<Spanned<String>>,
    #[serde(default)]
    pub account: Option<Spanned<u32>>,
    #[serde(default)]
    pub why: Option<String>,
}
