//! `[advise]`: what the best strategy is to reach, and what may be tried for it.
//!
//! ```toml
//! [advise]
//! goal = ["completion", "calls_per_success"]   # the first decides; the scenario's, if absent
//! must = ["throttle_rate < 1%"]                # the scenario's expectations, if absent
//! worth = "5m"                                 # smaller differences do not matter
//! budget = 5_000                               # runs
//! may = ["workers", "pace", "retry"]           # everything, if absent
//! range."pace.rate" = { from = "50%", to = "100%", steps = 6 }
//! routes = [["patch"], ["feed"]]               # one of these lists of workloads is enough
//! client = "python_sp_api"
//! ```

use super::{Axis, Expectation, Ranking};

/// What the best strategy is to reach, and what may be tried for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advise {
    /// How strategies are ranked.
    pub ranking: Ranking,
    /// What a strategy must meet; of no strategy in particular.
    pub must: Vec<Expectation>,
    /// The most runs; `None` where the scenario states none.
    pub budget: Option<u32>,
    /// What may be chosen; at least one.
    pub may: Vec<Freedom>,
    /// Values that the scenario states, by the key of a strategy.
    pub ranges: Vec<Axis>,
    /// Workloads by index, of which one list is enough; a list of all is `None`.
    pub routes: Vec<Option<Vec<u16>>>,
    /// True if the scenario states the routes; false if they follow from its strategies or work.
    pub routes_are_stated: bool,
    /// Presets of the client.
    pub clients: Vec<String>,
}

/// What may be chosen for a strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freedom {
    /// The number of workers.
    Workers,
    /// The rate and burst of its own pace.
    Pace,
    /// Attempts and back-off.
    Retry,
    /// How long requests wait to travel together.
    Batch,
    /// How long answers are kept.
    Cache,
    /// Whether processes share or split pace and workers.
    Processes,
    /// How far the starts of callers are apart.
    Spread,
    /// Notifications instead of polling.
    Notifications,
}

impl Freedom {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Workers,
        Self::Pace,
        Self::Retry,
        Self::Batch,
        Self::Cache,
        Self::Processes,
        Self::Spread,
        Self::Notifications,
    ];

    /// Its name in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Workers => "workers",
            Self::Pace => "pace",
            Self::Retry => "retry",
            Self::Batch => "batch",
            Self::Cache => "cache",
            Self::Processes => "processes",
            Self::Spread => "spread",
            Self::Notifications => "notifications",
        }
    }
}

/// The keys of a strategy that may have a range, and what each is a choice of.
pub(super) const RANGES: [(&str, Freedom); 8] = [
    ("workers", Freedom::Workers),
    ("pace.rate", Freedom::Pace),
    ("pace.burst", Freedom::Pace),
    ("retry.attempts", Freedom::Retry),
    ("batch.linger", Freedom::Batch),
    ("cache.ttl", Freedom::Cache),
    ("start.offset", Freedom::Spread),
    ("start.spread", Freedom::Spread),
];

impl Advise {
    /// True if this may be chosen.
    #[must_use]
    pub fn allows(&self, freedom: Freedom) -> bool {
        self.may.contains(&freedom)
    }

    /// True if a strategy that does these workloads, by index, does all the work of a route; `None`
    /// is all of so many workloads.
    #[must_use]
    pub fn is_route(&self, workloads: Option<&[u16]>, count: usize) -> bool {
        let does = |list: Option<&[u16]>, place: u16| list.is_none_or(|list| list.contains(&place));
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        self.routes.iter().any(|route| {
            (0..count).all(|place| does(route.as_deref(), place) == does(workloads, place))
        })
    }

    /// The values that the scenario states for a key of a strategy, as TOML; `None` if it states
    /// none.
    #[must_use]
    pub fn range(&self, key: &str) -> Option<Vec<String>> {
        let axis = self.ranges.iter().find(|axis| axis.address == key)?;
        Some(axis.settings.iter().map(|setting| setting.value.to_string()).collect())
    }
}
