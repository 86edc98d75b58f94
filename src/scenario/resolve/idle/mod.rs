//! Settings that are sound and change nothing in this scenario, though they may be meant: a sweep
//! may vary what they depend on, or a client or a provider is described as it is.
//!
//! ```text
//!   [clients]   skew of one account; weights of one process; processes that have nothing each
//!   [limit]     `Retry-After` that no clock tells; refusals that count where nothing else
//!               refuses; quotas of a new account
//!   [service]   an answer of no time, many times slower
//!   [workload]  priorities that are all alike; more at once than there are
//!   [strategy]  see `strategies.rs`
//! ```

mod strategies;

use super::{Resolver, callers};
use crate::catalog::{Quantity, RuleDocument};
use crate::limiter::{Limiter, Refill};
use crate::random::{Count, Distribution};
use crate::scenario::raw::{RawArrivals, RawRevenue, RawService, RawShipped};
use crate::scenario::text::value;
use crate::scenario::{Idle, Note};
use crate::simulation::{Plan, PlannedLimit, Service};
use crate::strategy::{Counted, Sharing, Start, Strategy};
use crate::units::Span;
use crate::workload::{Step, Units};
use std::collections::HashSet;

/// Settings without effect: the address of each, and why.
type Found = Vec<(String, Idle)>;

impl Resolver<'_> {
    /// The notes on settings that change nothing, one for each reason; `varied` are the addresses
    /// whose values a sweep or a size changes, and what depends on them may be meant for those.
    pub(in crate::scenario::resolve) fn idle_notes(
        &self,
        plan: &Plan,
        varied: &[String],
    ) -> Vec<Note> {
        let mut found = self.nothing_to_rank(plan.strategies.len());
        found.extend(self.idle_clients(plan));
        found.extend(self.idle_limits(plan));
        found.extend(self.idle_services(plan));
        found.extend(self.idle_workloads(plan));
        found.extend(self.idle_strategies(plan));
        let is_varied = |address: &str| varied.iter().any(|other| other == address);
        found.retain(|(_, why)| match why {
            Idle::OneAccount => !is_varied("clients.accounts"),
            Idle::OneProcess => !is_varied("clients.processes"),
            Idle::OneInAll => !is_varied("clients.processes") && !is_varied("clients.accounts"),
            _ => true,
        });
        found.retain(|(key, _)| !is_varied(key));
        grouped(found)
    }

    fn idle_clients(&self, plan: &Plan) -> Found {
        let (clients, mut found) = (&self.raw.clients, Found::new());
        let mut add = |key: &str, why: Idle| found.push((format!("clients.{key}"), why));
        if clients.skew.is_some() && plan.population.accounts == 1 {
            add("skew", Idle::OneAccount);
        }
        if clients.process_weights.is_some() && plan.population.processes == 1 {
            add("process_weights", Idle::OneProcess);
        }
        let is_limited = plan.limits.iter().any(|limit| limit.rule.scope.process);
        let keeps = is_limited || plan.strategies.iter().any(has_its_own);
        if plan.population.processes > 1 && !keeps {
            add("processes", Idle::NothingPerProcess);
        }
        found
    }

    fn idle_limits(&self, plan: &Plan) -> Found {
        let mut found = Found::new();
        let mut seen = HashSet::new();
        for (name, document) in self.names.limits.iter().zip(&self.documents) {
            let told = document.tells.retry_after.is_some();
            let never = told && matches!(document.rule, RuleDocument::Concurrency(_));
            if never && seen.insert(name) {
                found.push((format!("limit.{name}.tells.retry_after"), Idle::NoClock));
            }
        }
        for (name, limit) in &self.raw.limit {
            let rules = plan.limits.iter().zip(&self.names.limits);
            let mut own = rules.filter(|(_, known)| *known == name.get_ref()).map(|(of, _)| of);
            if *limit.count_rejected.get_ref() && own.all(|of| is_counted_alone(of, plan)) {
                found.push((format!("limit.{name}.count_rejected"), Idle::CountedAlone));
            }
            let RuleDocument::Revenue(revenue) = &limit.rule else { continue };
            let of = self.providers.first().and_then(|of| of.raw.revenue.as_ref());
            let age = of.and_then(|of| value(of.account_age.as_ref()));
            let initial = revenue.activation.0 + revenue.initial_period.0;
            let past = age.is_none_or(|Quantity(age)| age >= initial);
            if past && revenue.earned == crate::catalog::Earned::Replaces {
                for (key, figure) in
                    [("initial_tps", &revenue.initial_tps), ("initial_tpd", &revenue.initial_tpd)]
                {
                    if figure.is_written() {
                        let key = format!("limit.{name}.rule.revenue.{key}");
                        found.push((key, Idle::PastInitialPeriod));
                    }
                }
            }
        }
        for provider in &self.providers {
            if let Some(revenue) = &provider.raw.revenue {
                let prefix = format!("provider.{}.revenue", provider.name);
                found.extend(self.idle_revenue(&prefix, revenue));
            }
        }
        found
    }

    fn idle_revenue(&self, prefix: &str, revenue: &RawRevenue) -> Found {
        let mut found = Found::new();
        let is_new = value(revenue.account_age.as_ref()).is_some_and(|age| age.0 < Span::DAY);
        if revenue.before.is_some() && is_new {
            found.push((format!("{prefix}.before"), Idle::NoHistory));
        }
        if let Some(RawShipped::Daily(list)) = revenue.shipped.as_ref().map(|s| s.get_ref()) {
            let days = self.horizon().as_nanos().div_ceil(Span::DAY.as_nanos()) + 1;
            if list.len() as u64 > days {
                found.push((format!("{prefix}.shipped.daily"), Idle::AfterTheEnd));
            }
        }
        found
    }

    fn idle_services(&self, plan: &Plan) -> Found {
        let mut found = Found::new();
        let mut look = |prefix: &str, raw: &RawService, service: &Service| {
            let slower = raw.brown_outs.iter().flat_map(|list| list.get_ref());
            let is_slower = slower.into_iter().any(|of| of.slower.is_some_and(|by| by > 1.0));
            if is_slower && service.latency == Distribution::Constant(Span::ZERO) {
                found.push((format!("{prefix}.brown_outs"), Idle::NoLatency));
            }
        };
        let mut common = false;
        for (provider, service) in self.providers.iter().zip(&plan.services) {
            match &provider.raw.service {
                Some(own) => look(&format!("provider.{}.service", provider.name), own, service),
                None if !common => {
                    look("service", &self.raw.service, service);
                    common = true;
                }
                None => {}
            }
        }
        found
    }

    fn idle_workloads(&self, plan: &Plan) -> Found {
        let mut found = Found::new();
        let queues = |strategy: &&Strategy| strategy.has_bound() || strategy.pace.is_some();
        let waiting: Vec<&Strategy> = plan.strategies.iter().filter(queues).collect();
        let all_wait = waiting.iter().any(|strategy| strategy.workloads.is_none());
        let wait: HashSet<u16> =
            waiting.iter().filter_map(|of| of.workloads.as_ref()).flatten().copied().collect();
        let one_priority = plan.highest_priority().is_none();
        for ((name, raw), number) in self.raw.workload.iter().zip(0u16..) {
            let Some(workload) = plan.workloads.get(usize::from(number)) else { continue };
            if raw.priority.is_some() {
                let waits = all_wait || wait.contains(&number);
                let nothing_waits = (!waits).then_some(Idle::NothingWaits);
                let why = if one_priority { Some(Idle::OnePriority) } else { nothing_waits };
                found.extend(why.map(|why| (format!("workload.{name}.priority"), why)));
            }
            if let Some(RawArrivals::Every(every)) = raw.arrivals.as_ref().map(|a| a.get_ref())
                && every.spread.is_some_and(|spread| !spread.0.is_zero())
                && callers(plan.population) == 1
            {
                let key = format!("workload.{name}.arrivals.every.spread");
                found.push((key, Idle::OneInAll));
            }
            let steps = raw.steps.iter().flat_map(|steps| steps.get_ref());
            let bounded = steps.zip(&workload.steps).any(|(raw, step)| {
                raw.at_once.is_some() && most(step).zip(step.at_once).is_some_and(|(m, n)| m <= n)
            });
            if bounded && !matches!(workload.arrivals, crate::workload::Arrivals::Trace(_)) {
                found.push((format!("workload.{name}.steps.at_once"), Idle::FewRequests));
            }
        }
        found
    }
}

/// True if a limit whose next tick or window comes all the same is the only one of its calls.
fn is_counted_alone(of: &PlannedLimit, plan: &Plan) -> bool {
    let is_even = match of.rule.limiter.rule() {
        Limiter::FixedWindow(_) => true,
        Limiter::TokenBucket(bucket) => bucket.refill() == Refill::Tick,
        _ => false,
    };
    let operations = &of.rule.operations;
    let holds =
        |other: &&PlannedLimit| other.rule.operations.iter().any(|one| operations.contains(one));
    is_even && plan.limits.iter().filter(holds).count() == 1
}

/// The most requests that a step has, if it is known.
fn most(step: &Step) -> Option<u32> {
    match (&step.per, &step.count) {
        (Units::Job, Count::Fixed(count)) => Some(*count),
        (Units::Job, Count::Uniform { high, .. }) => Some(*high),
        _ => None,
    }
}

/// True if a strategy keeps anything for each process of a caller.
fn has_its_own(strategy: &Strategy) -> bool {
    let each = Sharing::Process;
    strategy.has_bound() && strategy.crew == each
        || strategy.concurrency.is_some()
        || strategy.pace.as_ref().is_some_and(|pace| pace.sharing == each)
        || strategy.cache.as_ref().is_some_and(|cache| cache.sharing == each)
        || strategy.budget.is_some()
        || !strategy.guards.is_empty()
        || strategy.batch.is_some()
        || strategy.retry.counted == Counted::Process
        || matches!(strategy.start, Some(Start::Offset(_)))
        || matches!(strategy.retry.backoff, crate::strategy::Backoff::Window(_))
}

/// One note for each reason, in order of the first setting that has it.
fn grouped(found: Found) -> Vec<Note> {
    let mut groups: Vec<(Idle, Vec<String>)> = Vec::new();
    for (key, why) in found {
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, keys)) => keys.push(key),
            None => groups.push((why, vec![key])),
        }
    }
    groups.into_iter().map(|(why, keys)| Note::Idle { keys, why }).collect()
}
