//! Settings of a strategy that change nothing in this scenario. Only what the scenario itself
//! writes counts: a preset describes a client wherever it is.
//!
//! ```text
//!   shared, across, split, start.offset        one process, or one in all
//!   Retry-After, rate headers, statuses, codes that none of its calls is answered with
//!   base_other, delays, reserve                failures, retries or priorities that there are not
//! ```

use super::Found;
use crate::limiter::Limiter;
use crate::random::Distribution;
use crate::scenario::Idle;
use crate::scenario::raw::{RawBackoff, RawRetry, RawStart, RawStrategy};
use crate::scenario::resolve::answers::Answers;
use crate::scenario::resolve::{Resolver, callers};
use crate::scenario::text::{Limitable, value};
use crate::simulation::Plan;
use crate::strategy::Strategy;
use crate::wire::{Code, Operation, Status};
use std::collections::HashSet;

/// A strategy of the scenario, as it is written and as it is meant.
#[derive(Clone, Copy)]
struct Of<'a> {
    /// `strategy.NAME`
    prefix: &'a str,
    raw: &'a RawStrategy,
    strategy: &'a Strategy,
    /// The calls that it makes.
    operations: &'a [Operation],
}

impl Resolver<'_> {
    pub(super) fn idle_strategies(&self, plan: &Plan) -> Found {
        let mut found = Found::new();
        let answers = Answers::of(plan);
        // Those of a league follow those that are written out.
        for ((name, raw), strategy) in self.raw.strategy.iter().zip(&plan.strategies) {
            let of = Of {
                prefix: &format!("strategy.{name}"),
                raw,
                strategy,
                operations: &operations(plan, strategy),
            };
            found.extend(sharing(of, plan));
            found.extend(self.idle_retry(of, plan, &answers));
            let follows = raw.pace.as_ref().and_then(|pace| pace.get_ref().follow_header.as_ref());
            if follows.is_some_and(|follow| *follow.get_ref()) && !sends_headers(of, plan) {
                found.push((format!("{}.pace.follow_header", of.prefix), Idle::NoRateHeader));
            }
            let heeds = raw.pace.as_ref().is_some_and(|pace| pace.get_ref().heed.is_some());
            if heeds && !is_paced(of) {
                found.push((format!("{}.pace.heed", of.prefix), Idle::NothingTold));
            }
            if raw.hedge.is_some() && answered_before(of, plan) {
                found.push((format!("{}.hedge.after", of.prefix), Idle::AnsweredBefore));
            }
            let reserve = raw.workers.as_ref().map_or(0, |crew| crew.get_ref().reserve);
            if reserve > 0 && plan.highest_priority().is_none() {
                found.push((format!("{}.workers.reserve", of.prefix), Idle::OnePriority));
            }
        }
        found
    }

    fn idle_retry(&self, of: Of<'_>, plan: &Plan, answers: &[Answers]) -> Found {
        let Some(retry) = of.raw.retry.as_ref().map(|retry| retry.get_ref()) else {
            return Found::new();
        };
        let mut found = Found::new();
        let mut add = |key: &str, why| found.push((format!("{}.retry.{key}", of.prefix), why));
        let answers = || of.operations.iter().map(|one| &answers[usize::from(one.0)]);
        if !answers().any(|of| of.retry_after) {
            let honours = retry.honour_retry_after.as_ref().is_some_and(|of| *of.get_ref());
            for (key, is_written) in [
                ("honour_retry_after", honours),
                ("retry_after_within", retry.retry_after_within.is_some()),
                ("retry_after_at_most", retry.retry_after_at_most.is_some()),
                ("retry_after_beyond", retry.retry_after_beyond.is_some()),
            ] {
                if is_written {
                    add(key, Idle::NoRetryAfter);
                }
            }
        }
        let tried = &of.strategy.retry.statuses;
        let statuses: Vec<Status> = (answers().flat_map(|of| &of.statuses).copied())
            .filter(|status| tried.contains(status))
            .collect();
        let sent = |code: Code| answers().any(|of| of.codes.contains(&code));
        let by_code = of.strategy.retry.codes.iter().any(|code| sent(*code));
        let own_refusals = of.strategy.retry.refusals && !of.strategy.guards.is_empty();
        let tries_again = of.strategy.retry.attempts != Some(1);
        if statuses.is_empty() && !by_code && !own_refusals && tries_again {
            let listed = retry.statuses.is_some();
            let key = if listed { "retry.statuses" } else { "retry" };
            found.push((format!("{}.{key}", of.prefix), Idle::NoSuchStatus));
        }
        let mut add = |key: &str, why| found.push((format!("{}.retry.{key}", of.prefix), why));
        let comes = |name: &&String| {
            let place = self.names.codes.iter().position(|known| known == *name);
            let code = place.and_then(|place| u16::try_from(place).ok()).map(Code);
            code.is_some_and(sent)
        };
        let codes = retry.codes.iter().flat_map(|codes| codes.get_ref());
        let strange: Vec<String> = codes.filter(|code| !comes(code)).cloned().collect();
        if !strange.is_empty() {
            add("codes", Idle::NoSuchCode(strange));
        }
        match retry.backoff.as_ref().map(|backoff| &backoff.get_ref().0) {
            Some(RawBackoff::Exponential(growing))
                if growing.base_other.is_some()
                    && statuses.iter().all(|of| *of == Status::TOO_MANY_REQUESTS) =>
            {
                add("backoff.exponential.base_other", Idle::OnlyThrottling);
            }
            Some(RawBackoff::HeaderWait(_)) if !sends_headers(of, plan) => {
                add("backoff.header_wait", Idle::NoRateHeader);
            }
            Some(RawBackoff::Delays(delays)) if retries(retry, of) < delays.waits.len() => {
                add("backoff.delays", Idle::FewRetries);
            }
            _ => {}
        }
        found
    }
}

/// The retries of a request at most, where its own attempts are counted.
fn retries(retry: &RawRetry, of: Of<'_>) -> usize {
    let is_written = matches!(value(retry.attempts.as_ref()), Some(Limitable::Number(_)));
    let own = of.strategy.retry.counted == crate::strategy::Counted::Request;
    let attempts =
        of.strategy.retry.attempts.filter(|_| own && (is_written || of.raw.preset.is_none()));
    attempts.map_or(usize::MAX, |attempts| attempts.saturating_sub(1) as usize)
}

/// The calls that a strategy makes, each once.
fn operations(plan: &Plan, strategy: &Strategy) -> Vec<Operation> {
    let own = |number: &u16| plan.workloads.get(usize::from(*number));
    let workloads: Vec<_> = match &strategy.workloads {
        Some(list) => list.iter().filter_map(own).collect(),
        None => plan.workloads.iter().collect(),
    };
    let mut seen = HashSet::new();
    let steps = workloads.into_iter().flat_map(|workload| &workload.steps);
    steps.map(|step| step.operation).filter(|operation| seen.insert(operation.0)).collect()
}

/// True if no answer ever takes as long as a hedge waits.
fn answered_before(of: Of<'_>, plan: &Plan) -> bool {
    let Some(hedge) = &of.strategy.hedge else { return false };
    of.operations.iter().all(|one| {
        let service = &plan.services[usize::from(plan.calls[usize::from(one.0)].service)];
        let longest = match (&service.latency, &service.round_trip) {
            (Distribution::Constant(latency), Distribution::Constant(trip)) => *latency + *trip,
            _ => return false,
        };
        let queues = plan.limits.iter().any(|limit| {
            let holds = limit.rule.operations.contains(one);
            holds && matches!(limit.rule.limiter, Limiter::LeakyQueue(_) | Limiter::Dynamic(_))
        });
        service.episodes.is_empty() && !queues && longest <= hedge.after
    })
}

/// True if any of its calls waits for a turn.
fn is_paced(of: Of<'_>) -> bool {
    let Some(pace) = &of.strategy.pace else { return false };
    of.operations.iter().any(|one| pace.lane(*one).is_some())
}

/// True if an answer to any of its calls carries a rate.
fn sends_headers(of: Of<'_>, plan: &Plan) -> bool {
    of.operations.iter().any(|one| plan.calls[usize::from(one.0)].header.is_some())
}

/// Settings that say who shares what, where there is nobody to share it with.
fn sharing(of: Of<'_>, plan: &Plan) -> Found {
    let (raw, mut found) = (of.raw, Found::new());
    let mut add = |key: &str, why| found.push((format!("{}.{key}", of.prefix), why));
    let crew = raw.workers.as_ref().map(|crew| crew.get_ref());
    let pace = raw.pace.as_ref().map(|pace| pace.get_ref());
    let cache = raw.cache.as_ref().map(|cache| cache.get_ref());
    let is = |flag: Option<&crate::catalog::Spanned<bool>>| value(flag) == Some(true);
    if plan.population.processes == 1 {
        for (key, is_written) in [
            ("workers.shared", crew.is_some_and(|crew| crew.shared)),
            ("pace.shared", pace.is_some_and(|pace| is(pace.shared.as_ref()))),
            ("pace.split", pace.is_some_and(|pace| is(pace.split.as_ref()))),
            ("cache.shared", cache.is_some_and(|cache| cache.shared)),
        ] {
            if is_written {
                add(key, Idle::OneProcess);
            }
        }
    }
    if plan.population.processes == 1 && callers(plan.population) == 1 {
        let offset = raw.start.as_ref().map(|start| start.get_ref());
        for (key, is_written) in [
            ("workers.across", crew.is_some_and(|crew| crew.across.is_some())),
            ("pace.across", pace.is_some_and(|pace| pace.across.is_some())),
            ("cache.across", cache.is_some_and(|cache| cache.across.is_some())),
            ("start.offset", matches!(offset, Some(RawStart::Offset(_)))),
        ] {
            if is_written {
                add(key, Idle::OneInAll);
            }
        }
    }
    found
}
