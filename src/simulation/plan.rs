//! What is to be simulated, with every name turned into an index.
//!
//! A plan is made from a scenario (or by hand, in tests and benches). It is shared by all threads
//! and never changes during a run.

use crate::limiter::{Population, Reason, Rule};
use crate::random::Distribution;
use crate::strategy::Strategy;
use crate::units::{Money, Rate, Span};
use crate::wire::{Operation, Status};
use crate::workload::Workload;
use std::sync::Arc;

/// Everything that a run needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The root of all chance.
    pub seed: u64,
    /// Independent repetitions, at least 1.
    pub replications: u32,
    /// Arrivals stop here; work then drains.
    pub duration: Span,
    /// How long it may drain.
    pub drain: Span,
    /// Applications, accounts and regions.
    pub population: Population,
    /// Uncoordinated processes for each caller, at least 1.
    pub processes: u32,
    /// The operations that are called.
    pub calls: Vec<Call>,
    /// How providers answer what they admit.
    pub services: Vec<Service>,
    /// The limits.
    pub limits: Vec<PlannedLimit>,
    /// Why an attempt may be refused, and what the client is told.
    pub causes: Vec<Cause>,
    /// The work.
    pub workloads: Vec<Workload>,
    /// The clients to compare.
    pub strategies: Vec<Strategy>,
}

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The rate that the provider publishes for it, the tightest if several.
    pub published: Option<Rate>,
    /// The service that answers it, by index.
    pub service: u16,
    /// True if successes carry the published rate in a header.
    pub tells_rate: bool,
}

/// How a provider answers what it admits.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// How long an admitted call takes.
    pub latency: Distribution,
    /// There and back; paid by every attempt.
    pub round_trip: Span,
    /// Admitted calls that fail with a 500 \[ppm\].
    pub failure_ppm: u64,
    /// Admitted calls that are bad requests, 400 \[ppm\].
    pub bad_request_ppm: u64,
    /// Responses that carry the rate header, of those that may \[ppm\].
    pub header_ppm: u64,
    /// Attempts refused whatever the limits hold: how many \[ppm\], and under which cause.
    pub transient: Option<(u64, u16)>,
    /// Revenue that successes earn.
    pub earning: Option<Earning>,
}

/// Revenue in closed loop: a success earns `amount` with a chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earning {
    /// Successes that earn \[ppm\].
    pub ppm: u64,
    /// What they earn.
    pub amount: Money,
}

/// A limit and the causes of its refusals.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedLimit {
    /// The rule that the gate holds.
    pub rule: Rule,
    /// The cause of each reason that it can refuse for.
    pub causes: Vec<(Reason, u16)>,
    /// Revenue that is drawn for every account anew.
    pub drawn_revenue: Option<Arc<RevenueSeries>>,
    /// True if its level is read over time, for the first caller.
    pub watched: bool,
}

/// A random series of daily revenue: `level·(1+trend)^(day/30)·weekday·LogNormal(1, noise)`.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueSeries {
    /// Revenue of a day at the origin \[cents\].
    pub level_cents: f64,
    /// Change in 30 days, as a fraction.
    pub trend: f64,
    /// What each day of the week is of the mean; the first is day 0's.
    pub weekdays: [f64; 7],
    /// The standard deviation of the logarithm of the noise.
    pub noise: f64,
    /// Days drawn before the origin.
    pub days_before: u32,
    /// Days drawn in all.
    pub days: u32,
}

/// Why an attempt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// What the client is told.
    pub status: Status,
    /// The unit to which `Retry-After` is rounded up; `None` sends none.
    pub retry_after: Option<Span>,
}

impl PlannedLimit {
    /// What the limit's instance for an account starts as.
    pub(super) fn limiter_of(
        &self,
        _account: u32,
        _streams: &crate::random::Streams,
    ) -> crate::limiter::Limiter {
        self.rule.limiter.clone()
    }
}

impl Plan {
    /// The number of the cell of a workload's step.
    #[must_use]
    pub fn cell(&self, workload: usize, step: usize) -> usize {
        self.workloads[..workload].iter().map(|w| w.steps.len()).sum::<usize>() + step
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.workloads.iter().map(|workload| workload.steps.len()).sum()
    }

    /// The operation of each cell.
    pub fn cell_operations(&self) -> impl Iterator<Item = Operation> + '_ {
        self.workloads.iter().flat_map(|workload| workload.steps.iter().map(|s| s.operation))
    }

    /// True if no limit and no stream of work is shared by two accounts, so that each account can
    /// be simulated by itself.
    #[must_use]
    pub fn accounts_are_independent(&self) -> bool {
        self.limits.iter().all(|limit| limit.rule.scope.account)
            && self.workloads.iter().all(|w| w.per == crate::workload::Per::Account)
    }
}
