//! The soonest that any client could be done with a backlog.
//!
//! `max over limits of (n - burst) / rate`, less a token's time if the backlog comes after the
//! origin, for a bucket that ticks may be about to.
//! `n` is the requests that one instance of the limit gets of the backlog. Only limits whose rate
//! and burst are published count, so that it is a bound from below: nobody can be done earlier.

use crate::limiter::{Limit, Limiter};
use crate::scenario::Scenario;
use crate::simulation::PlannedLimit;
use crate::units::{Instant, Span};
use crate::workload::{Arrivals, Per, Workload};

/// The soonest end of one workload's backlog.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ideal {
    /// The workload, by index.
    pub workload: usize,
    /// The limit that binds, by index.
    pub limit: usize,
    /// When the backlog arrives.
    pub from: Instant,
    /// Requests that one instance of the limit gets.
    pub requests: f64,
    /// How many instances share the work.
    pub instances: f64,
    /// Requests at once.
    pub burst: f64,
    /// Requests a second.
    pub rate: f64,
}

impl Ideal {
    /// How long it takes from the backlog's arrival \[s\].
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let ahead = if self.from == Instant::ORIGIN { 0.0 } else { 1.0 };
        ((self.requests - self.burst - ahead) / self.rate).max(0.0)
    }

    /// What is left over time, by straight lines.
    #[must_use]
    pub fn line(&self) -> Vec<(Instant, f64)> {
        let all = self.requests * self.instances;
        let left = (all - self.burst * self.instances).max(0.0);
        let end = self.from + Span::from_secs_f64(self.seconds());
        vec![(self.from, all), (self.from, left), (end, 0.0)]
    }
}

/// Each backlog's bound, of workloads that arrive all at once.
#[must_use]
pub fn ideals(scenario: &Scenario) -> Vec<Ideal> {
    let workloads = scenario.plan.workloads.iter().enumerate();
    workloads.filter_map(|(number, workload)| ideal(scenario, number, workload)).collect()
}

#[expect(clippy::cast_precision_loss)]
fn ideal(scenario: &Scenario, number: usize, workload: &Workload) -> Option<Ideal> {
    let Arrivals::Burst(bursts) = &workload.arrivals else { return None };
    let [burst] = bursts.as_slice() else { return None };
    let population = &scenario.plan.population;
    let callers =
        f64::from(population.applications * population.regions) * f64::from(population.accounts);
    let sources = if workload.per == Per::Account { callers } else { 1.0 };
    let jobs = burst.count as f64 * sources;
    let limits = scenario.plan.limits.iter().enumerate().filter_map(|(place, limit)| {
        let (rate, most) = plan_of(limit)?;
        let requests = jobs * requests_under(workload, limit);
        let scope = limit.rule.scope;
        let instances = scope.instances(*population) as f64;
        Some(Ideal {
            workload: number,
            limit: place,
            from: burst.at,
            requests: requests / instances,
            instances,
            burst: most,
            rate,
        })
    });
    limits.filter(|ideal| ideal.requests > 0.0).max_by(|a, b| a.seconds().total_cmp(&b.seconds()))
}

/// Rate and burst of buckets and quotas.
#[expect(clippy::cast_precision_loss)]
fn plan_of(limit: &PlannedLimit) -> Option<(f64, f64)> {
    match &limit.rule.limiter {
        _ if limit.drawn.is_some() => None,
        limiter @ (Limiter::TokenBucket(_) | Limiter::Quota(_)) => {
            let burst = limiter.level(Instant::ORIGIN)? as f64;
            Some((limiter.published()?.per_second_f64(), burst))
        }
        _ => None,
    }
}

/// Requests of one job that the busiest instance of a limit gets.
fn requests_under(workload: &Workload, limit: &PlannedLimit) -> f64 {
    let (mut items, mut before) = (workload.items.mean(), 1.0);
    let mut by_operation: Vec<(u16, f64)> = Vec::new();
    for step in &workload.steps {
        let requests = step.mean_requests(&mut items, &mut before);
        if !limit.rule.operations.contains(&step.operation) || step.poll.is_some() {
            continue;
        }
        match by_operation.iter_mut().find(|(of, _)| *of == step.operation.0) {
            Some((_, sum)) => *sum += requests,
            None => by_operation.push((step.operation.0, requests)),
        }
    }
    let all = by_operation.iter().map(|(_, requests)| *requests);
    if limit.rule.scope.operation { all.fold(0.0, f64::max) } else { all.sum() }
}
