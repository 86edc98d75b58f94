//! Candidates that need no run: arithmetic shows that another is better.
//!
//! ```text
//!   a backlog of n, a limit of rate r and burst b, attempts that are over after T:
//!     at most b + r·T are admitted, and the others are lost
//!   w workers that come back after d each:   w/d attempts a second, of which r are admitted
//!   a pace below what arrives:               what waits grows as long as work arrives
//! ```

use super::facts::Facts;
use super::field::{Entrant, Field, Reason};
use crate::metrics::Measure;
use crate::metrics::figures::{Metric, Slice};
use crate::random::Distribution;
use crate::scenario::Scenario;
use crate::strategy::{Backoff, Counted, Jitter, RetryAfter, Sharing, Strategy, Turns};
use crate::study::{Ideal, ideals};
use crate::units::{Rate, Span};
use crate::workload::{Arrivals, Workload};

/// By how much what arrives must exceed a pace: it is known on average only.
const CLEARLY: f64 = 1.05;
/// Events of a run for each request, at most: arrivals, attempts and answers.
const EVENTS: f64 = 25.0;
/// Attempts whose waits are added up, at most.
const MOST_ATTEMPTS: u32 = 10_000;

impl Field {
    /// Ends runs that take more than about 10 attempts for each request: a client that does so
    /// floods its provider, whatever else it reaches.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn bound_runs(&mut self) {
        let plan = &self.scenario.plan;
        let facts = Facts { scenario: &self.scenario, route: &None };
        let Some(demand) = facts.demand() else { return };
        let people = &plan.population;
        let callers = f64::from(people.applications * people.regions) * f64::from(people.accounts);
        let requests = demand * callers * plan.duration.as_secs_f64();
        let events = (requests * EVENTS).clamp(1e5, 1e15) as u64;
        self.scenario.plan.bounds.events = plan.bounds.events.min(events);
    }

    /// Drops every candidate that is shown to be worse than one that stays.
    pub(super) fn drop_proved(&mut self) {
        let proofs: [fn(&Scenario, &Entrant) -> Option<Reason>; 3] =
            [loses, comes_back, falls_behind];
        for why in proofs {
            if self.entrants.iter().any(|entrant| why(&self.scenario, entrant).is_none()) {
                self.retain(why);
            }
        }
    }
}

/// A client that sends as soon as there is something to send, and tries each request by itself.
fn is_free(strategy: &Strategy) -> bool {
    strategy.pace.is_none()
        && strategy.concurrency.is_none()
        && strategy.guards.is_empty()
        && strategy.batch.is_none()
        && strategy.cache.is_none()
        && strategy.hedge.is_none()
        && strategy.start.is_none()
        && strategy.retry.counted == Counted::Request
}

/// The backlog that is all the work of a strategy, if there is one.
fn only_backlog(scenario: &Scenario, strategy: &Strategy) -> Option<Ideal> {
    let plan = &scenario.plan;
    let plain = plan.limits.iter().all(|limit| limit.drawn.is_none());
    let ideals = ideals(scenario);
    let [ideal] = ideals.as_slice() else { return None };
    let own = u16::try_from(ideal.workload).ok()?;
    let only = match &strategy.workloads {
        Some(list) => list.as_slice() == [own],
        None => plan.workloads.len() == 1,
    };
    let workload = &plan.workloads[ideal.workload];
    let at_once = workload.steps.len() == 1 && workload.is_plain();
    (plain && only && at_once).then_some(*ideal)
}

/// The longest wait before each next attempt, and the time of an attempt that is refused; `None` if
/// they are not known beforehand.
fn waits(scenario: &Scenario, strategy: &Strategy) -> Option<(impl Fn(u32) -> Span, Span)> {
    let plan = &scenario.plan;
    let told = plan.causes.iter().any(|cause| cause.retry_after.is_some());
    if told && strategy.retry.retry_after != RetryAfter::Ignored {
        return None;
    }
    let mut trip = Span::ZERO;
    for service in &plan.services {
        let Distribution::Constant(there_and_back) = service.round_trip else { return None };
        trip = trip.max(there_and_back);
    }
    let restored = plan.calls.iter().filter_map(|call| call.published).map(Rate::period).max();
    let wait: Box<dyn Fn(u32) -> Span> = match &strategy.retry.backoff {
        Backoff::AtOnce(_) => Box::new(|_| Span::ZERO),
        Backoff::Fixed(of) => {
            let wait = of.wait;
            Box::new(move |_| wait)
        }
        Backoff::RestoreWait(of) => {
            let wait = restored? + of.extra.plus;
            Box::new(move |_| wait)
        }
        Backoff::Exponential(of)
            if !matches!(of.jitter, Jitter::Decorrelated | Jitter::Plus(_)) =>
        {
            let of = *of;
            Box::new(move |n| {
                let grown = of.base.as_secs_f64() * libm::pow(of.factor.as_f64(), f64::from(n));
                Span::from_secs_f64(grown.min(1e9)).min(of.cap)
            })
        }
        _ => return None,
    };
    Some((wait, trip))
}

/// Work that is certainly lost, because the backlog outlives all attempts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn loses(scenario: &Scenario, entrant: &Entrant) -> Option<Reason> {
    let strategy = &scenario.plan.strategies[entrant.strategy];
    if !is_free(strategy) || strategy.workers.is_some() {
        return None;
    }
    let ideal = only_backlog(scenario, strategy)?;
    let attempts = strategy.retry.attempts.filter(|attempts| *attempts <= MOST_ATTEMPTS)?;
    let (wait, trip) = waits(scenario, strategy)?;
    let waited = (1..attempts).fold(Span::ZERO, |sum, n| sum + wait(n - 1));
    let longest = waited + trip.times(u64::from(attempts));
    let admitted = ideal.burst + ideal.rate * longest.as_secs_f64() + 1.0;
    let lost = (ideal.requests - admitted).floor().max(0.0);
    let negligible = scenario.ranking.negligible_loss * ideal.requests;
    (lost > negligible).then_some(Reason::Loses { lost: lost as u64, of: ideal.requests as u64 })
}

/// Refusals above what must hold, because every worker comes back sooner than the limit admits: in
/// the time in which at most half of the work can be admitted, each worker, or each request if
/// these are fewer, makes an attempt in every longest wait.
fn comes_back(scenario: &Scenario, entrant: &Entrant) -> Option<Reason> {
    let strategy = &scenario.plan.strategies[entrant.strategy];
    let must = scenario.expectations.iter().find(|must| {
        must.metric == Metric::ThrottleRate
            && must.slice == Slice::Whole
            && must.comparison.bounds_above()
    })?;
    if !is_free(strategy) || strategy.retry.attempts.is_some() || strategy.retry.deadline.is_some()
    {
        return None;
    }
    let ideal = only_backlog(scenario, strategy)?;
    let (wait, trip) = waits(scenario, strategy)?;
    // No wait is longer than the one after so many.
    let each = (wait(MOST_ATTEMPTS) + trip).as_secs_f64().max(1e-3);
    let half = ideal.requests / 2.0;
    let time = ((half - ideal.burst) / ideal.rate).max(0.0);
    let busy = scenario.plan.services.iter().map(|of| of.latency.mean() + of.round_trip.mean());
    let served = busy.fold(0.0, f64::max) * half;
    let workers = strategy.workers.map_or(half, f64::from).min(half);
    let refused = ((workers * time - served) / each - workers - half).max(0.0);
    let throttled = refused / (refused + ideal.requests);
    let is_over = throttled > must.value && !must.comparison.holds(throttled, must.value);
    is_over.then_some(Reason::ComesBack { workers: strategy.workers, throttled })
}

/// A pace below what arrives, where time decides.
fn falls_behind(scenario: &Scenario, entrant: &Entrant) -> Option<Reason> {
    let strategy = &scenario.plan.strategies[entrant.strategy];
    let goals = &scenario.ranking.goals;
    if goals.first().is_some_and(|goal| goal.measure() != Measure::Seconds) {
        return None;
    }
    if strategy.batch.is_some() || strategy.cache.is_some() {
        return None;
    }
    let pace = strategy.pace.as_ref()?;
    let facts = Facts { scenario, route: &strategy.workloads };
    let keeps_coming = |workload: &Workload| {
        use Arrivals::{Constant, Every, Poisson};
        matches!(workload.arrivals, Constant { .. } | Poisson { .. } | Every { .. })
    };
    if !facts.workloads().all(keeps_coming) || facts.processes() > 1 {
        return None;
    }
    let shared = pace.sharing == Sharing::Everybody;
    let accounts = if shared { f64::from(scenario.plan.population.accounts) } else { 1.0 };
    let behind = pace.lanes.iter().enumerate().find_map(|(number, lane)| {
        let Turns::Pacer(pacer) = lane else { return None };
        let rate = pacer.rate.per_second_f64();
        let own = |operation| pace.lane(operation) == Some(number);
        let demand = facts.demand_of(own)? * accounts;
        (demand > rate * CLEARLY && pacer.follow.is_none()).then_some((rate, demand))
    });
    behind.map(|(pace, demand)| Reason::FallsBehind { pace, demand })
}
