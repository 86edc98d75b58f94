//! The scenario file as it stands: every key optional, every place kept, nothing interpreted.
//!
//! Choices are externally tagged (`backoff.exponential = { … }`, or `backoff = "none"`), because
//! then a mistake's place is exactly its own.

use super::text::{CountText, Fraction, Limitable, OneOrMany};
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
    pub replications: Option<Spanned<i64>>,
    pub max_accounts: Option<Spanned<u64>>,
    pub max_jobs: Option<Spanned<u64>>,
    pub provider: Named<ProviderWritten>,
    pub limit: Named<LimitDocument>,
    pub clients: ClientsWritten,
    pub service: ServiceWritten,
    pub workload: Named<WorkloadWritten>,
    pub strategy: Named<StrategyWritten>,
    pub expect: Vec<ExpectWritten>,
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
    pub regions: Option<Spanned<Vec<String>>>,
}

/// `[service]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ServiceWritten {
    pub latency: Option<Spanned<DistributionWritten>>,
    pub round_trip: Option<Spanned<Quantity<Span>>>,
    pub failure_rate: Option<Spanned<Fraction>>,
    pub bad_request_rate: Option<Spanned<Fraction>>,
    pub header_probability: Option<Spanned<Fraction>>,
    pub transient_throttle_probability: Option<Spanned<Fraction>>,
}

/// A distribution of spans.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DistributionWritten {
    Constant(Quantity<Span>),
    #[serde(rename_all = "snake_case")]
    Uniform(UniformWritten),
    Exponential(Quantity<Span>),
    Lognormal(LognormalWritten),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UniformWritten {
    pub low: Quantity<Span>,
    pub high: Quantity<Span>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LognormalWritten {
    pub median: Quantity<Span>,
    pub p99: Quantity<Span>,
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
    pub steps: Option<Spanned<Vec<StepWritten>>>,
    pub on_failure: Option<Spanned<OnFailureWritten>>,
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
    Closed(ClosedWritten),
    Trace(Box<TraceWritten>),
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
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosedWritten {
    pub population: u32,
    pub think: DistributionWritten,
}

/// `[strategy.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StrategyWritten {
    pub label: Option<String>,
    pub workloads: Option<Spanned<Vec<Spanned<String>>>>,
    pub retry: Option<Spanned<RetryWritten>>,
    pub pace: Option<Spanned<PaceWritten>>,
    pub workers: Option<Spanned<Limitable>>,
    pub hold_worker: Option<Spanned<bool>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RetryWritten {
    pub attempts: Option<Spanned<Limitable>>,
    pub backoff: Option<Spanned<BackoffWritten>>,
    pub deadline: Option<Spanned<Quantity<Span>>>,
    pub statuses: Option<Spanned<Vec<u16>>>,
    pub honour_retry_after: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BackoffWritten {
    None,
    Fixed(Quantity<Span>),
    Exponential(ExponentialWritten),
    RestoreWait,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExponentialWritten {
    pub base: Quantity<Span>,
    pub cap: Quantity<Span>,
    #[serde(default)]
    pub factor: Option<f64>,
    #[serde(default)]
    pub jitter: Option<JitterWritten>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum JitterWritten {
    None,
    Full,
    Equal,
    Decorrelated,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PaceWritten {
    pub rate: Option<Spanned<String>>,
    pub burst: Option<Spanned<u32>>,
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
