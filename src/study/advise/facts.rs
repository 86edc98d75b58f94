//! What a scenario offers to choose from: published rates, bursts, `Retry-After`, processes,
//! demand.

use crate::limiter::{Limit, Limiter};
use crate::scenario::Scenario;
use crate::simulation::PlannedLimit;
use crate::units::{Instant, Span};
use crate::wire::Operation;
use crate::workload::{Arrivals, Per, Workload};

/// The facts of the work of one route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub scenario: &'a Scenario,
    /// The workloads by index; `None` is all.
    pub route: &'a Option<Vec<u16>>,
}

impl<'a> Facts<'a> {
    pub fn workloads(self) -> impl Iterator<Item = &'a Workload> {
        let all = (0u16..).zip(&self.scenario.plan.workloads);
        let own = all.filter(move |(n, _)| self.route.as_ref().is_none_or(|list| list.contains(n)));
        own.map(|(_, workload)| workload)
    }

    /// The operations that the route calls, each once.
    pub fn operations(self) -> Vec<Operation> {
        let steps = self.workloads().flat_map(|workload| &workload.steps);
        let mut operations: Vec<Operation> = steps.map(|step| step.operation).collect();
        operations.sort_by_key(|operation| operation.0);
        operations.dedup();
        operations
    }

    pub fn limits(self) -> impl Iterator<Item = &'a PlannedLimit> {
        let own = self.operations();
        let holds = move |limit: &&PlannedLimit| {
            limit.rule.operations.iter().any(|operation| own.contains(operation))
        };
        self.scenario.plan.limits.iter().filter(holds)
    }

    /// True if a rate is published for every call of the scenario, so that a pace can be a share.
    pub fn are_published(self) -> bool {
        self.scenario.plan.calls.iter().all(|call| call.published.is_some())
    }

    /// The largest number of calls that a limit admits at once, of limits with a rate.
    pub fn burst(self) -> u64 {
        let rated = self.limits().filter(|limit| limit.rule.limiter.published().is_some());
        rated.filter_map(|limit| limit.rule.limiter.level(Instant::ORIGIN)).max().unwrap_or(1)
    }

    /// The number of calls at the same time that a limit allows, if one counts them.
    pub fn concurrency(self) -> Option<u32> {
        let limits = self.limits().filter_map(|limit| match &limit.rule.limiter {
            Limiter::Concurrency(concurrency) => Some(concurrency.limit()),
            _ => None,
        });
        limits.min()
    }

    /// True if a refusal tells when to come back.
    pub fn are_told(self) -> bool {
        let causes = &self.scenario.plan.causes;
        let mut told = self.limits().flat_map(|limit| &limit.causes);
        told.any(|(_, cause)| causes[usize::from(*cause)].retry_after.is_some())
    }

    pub const fn processes(self) -> u32 {
        self.scenario.plan.population.processes
    }

    /// True if accounts share a limit.
    pub fn share_limits(self) -> bool {
        let several = self.scenario.plan.population.accounts > 1;
        several && self.limits().any(|limit| !limit.rule.scope.account)
    }

    /// True if what requests ask for is known, so that answers can be kept.
    pub fn have_keys(self) -> bool {
        self.workloads().any(|workload| workload.keys.is_some())
    }

    /// True if several callers begin at the same instants, under limits that they share.
    pub fn start_together(self) -> bool {
        let at_once = |workload: &Workload| {
            matches!(workload.arrivals, Arrivals::Every { .. } | Arrivals::Burst(_))
        };
        (self.share_limits() || self.processes() > 1) && self.workloads().any(at_once)
    }

    /// Requests of one account in a second on average, over the time in which work arrives; `None`
    /// if that is not known beforehand.
    pub fn demand(self) -> Option<f64> {
        self.demand_of(|_| true)
    }

    /// The same of some operations.
    pub fn demand_of(self, counts: impl Fn(Operation) -> bool) -> Option<f64> {
        let plan = &self.scenario.plan;
        let of = |workload: &Workload| {
            let sources = match workload.per {
                Per::Account => 1.0,
                Per::Scenario => f64::from(plan.population.accounts),
            };
            let (mut items, mut before, mut requests) = (workload.items.mean(), 1.0, 0.0);
            for step in &workload.steps {
                let own = step.mean_requests(&mut items, &mut before);
                requests += if counts(step.operation) { own } else { 0.0 };
            }
            Some(jobs_per_second(workload, plan.duration)? * requests / sources)
        };
        self.workloads().map(of).sum()
    }
}

/// Jobs of one source of work in a second, on average; `None` if that is not known beforehand.
#[expect(clippy::cast_precision_loss)]
fn jobs_per_second(workload: &Workload, duration: Span) -> Option<f64> {
    Some(match &workload.arrivals {
        Arrivals::Burst(bursts) => {
            bursts.iter().map(|burst| burst.count).sum::<u64>() as f64 / duration.as_secs_f64()
        }
        Arrivals::Constant { rate, .. } => rate.per_second_f64(),
        Arrivals::Poisson { gap } => 1.0 / gap.mean(),
        Arrivals::Every { period, .. } => 1.0 / period.as_secs_f64(),
        Arrivals::Profile(profile) => profile.expected(duration) / duration.as_secs_f64(),
        Arrivals::OnOff(states) => states.mean(),
        // At most: a member waits for its job too.
        Arrivals::Closed(members) if members.think.mean() > 0.0 => {
            f64::from(members.population) / members.think.mean()
        }
        Arrivals::Closed(_) | Arrivals::Trace(_) => return None,
    })
}
