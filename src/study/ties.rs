//! Whether the order of what happens at one instant decides: the same run once more with ties
//! reversed.
//!
//! Where all callers start at the same instant and every time is constant, their calls stay at the
//! same instants, and whoever comes first is always first. Real callers do not do so; a figure that
//! depends on it is said to.

use super::Study;
use super::running::{Simulate, run_one};
use super::runs::Runs;
use crate::metrics::figures::{Counts, Metric, Slice, Statistic};
use crate::parallel;
use crate::random::Distribution;
use crate::scenario::{Ranking, Scenario};
use crate::simulation::{Plan, simulate, simulate_reversed};

/// A strategy of which the order of ties decides a figure by more than matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// The strategy, by index.
    pub strategy: usize,
    /// The figure that differs most.
    pub metric: Metric,
    /// Its value, the same in every replication.
    pub usual: f64,
    /// Its value with ties reversed.
    pub reversed: f64,
}

/// Attempts of one run of a strategy that is run once more with ties reversed, at most.
pub const MOST_REVERSED: u64 = 1_000_000;

/// The figures that are compared.
const FIGURES: [Metric; 7] = [
    Metric::ThrottleRate,
    Metric::LossRate,
    Metric::CallsPerSuccess,
    Metric::JobLatency(Statistic::Quantile(500)),
    Metric::JobLatency(Statistic::Quantile(950)),
    Metric::LastEnd,
    Metric::Age(Statistic::Quantile(950)),
];

impl Study {
    /// Notes every strategy of which the order of ties decides a figure. A run of which times are
    /// drawn, or of more attempts than [`MOST_REVERSED`], is not run again: what is drawn is hardly
    /// ever at one instant.
    pub fn find_ties(&mut self, scenario: &Scenario) {
        let plan = &scenario.plan;
        let constant = |time: &Distribution| matches!(time, Distribution::Constant(_));
        let services = plan.services.iter();
        let mut times = services.flat_map(|service| [&service.latency, &service.round_trip]);
        if times.all(constant) {
            let runs = self.replications;
            let tie = |of: &Runs| tie(plan, runs, of);
            self.ties = parallel::map(&self.strategies, tie).into_iter().flatten().collect();
        }
    }
}

fn tie(plan: &Plan, replications: u32, runs: &Runs) -> Option<Tie> {
    let sent = runs.counts(plan, Slice::Whole).attempts.sent();
    if sent / u64::from(replications.max(1)) > MOST_REVERSED {
        return None;
    }
    let again = |replication: u32, simulate: Simulate| {
        let outcome = run_one(plan, runs.strategy, replication, simulate);
        let counts = || Counts::of(&outcome, &plan.cell_names(), Slice::Whole);
        outcome.excess.is_none().then(counts)
    };
    let reversed = again(0, simulate_reversed)?;
    let matters = Ranking::default();
    let mut found: Vec<Tie> = FIGURES
        .iter()
        .filter_map(|metric| {
            let values = runs.values(Slice::Whole, *metric);
            let usual = values.first().copied().flatten()?;
            let constant = values.iter().all(|value| *value == Some(usual));
            let reversed = reversed.value(*metric).filter(|_| constant)?;
            let tie = Tie { strategy: runs.strategy, metric: *metric, usual, reversed };
            (tie.size() > matters.worth_of(*metric).at(usual)).then_some(tie)
        })
        .collect();
    if replications == 1 && !found.is_empty() {
        // One run does not tell what is drawn from what is constant; a second one does.
        let second = again(1, simulate)?;
        found.retain(|tie| second.value(tie.metric) == Some(tie.usual));
    }
    found.into_iter().max_by(|a, b| a.share().total_cmp(&b.share()))
}

impl Tie {
    /// The difference, at least 0.
    #[must_use]
    pub fn size(&self) -> f64 {
        (self.reversed - self.usual).abs()
    }

    /// The difference as a share of the larger value, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.size() / self.usual.abs().max(self.reversed.abs())
    }
}
