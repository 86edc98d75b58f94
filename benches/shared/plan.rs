//! Workload W1: accounts, each Poisson 12/s against a continuous bucket of its own of 10/s and
//! burst 20; admitted calls take Exp(50 ms), refused ones retry with full jitter (base 100 ms, cap
//! 20 s, 5 attempts). And the same on one clock, with hardly any calls, and as a storm.

use throttlesim::limiter::{Limiter, Population, Reason, Refill, Rule, Scope, TokenBucket};
use throttlesim::random::{Count, Distribution};
use throttlesim::simulation::{
    Bounds, Call, Cause, Plan, PlannedLimit, Service, Skew, Tells, simulate,
};
use throttlesim::strategy::{Backoff, Exponential, Jitter, Retry, Strategy};
use throttlesim::units::{Instant, Rate, Share, Span};
use throttlesim::wire::{Operation, Status};
use throttlesim::workload::{Arrivals, Burst, Callers, OnFailure, Per, Step, View, Workload};

fn per_second(count: u64) -> Rate {
    Rate::per_second(count).expect("not zero")
}

/// W1 for so many accounts and so long.
pub fn w1(accounts: u32, duration: Span) -> Plan {
    let bucket = TokenBucket::new(per_second(10), 20, Refill::Continuous, 20);
    let scope = Scope { account: true, ..Scope::default() };
    let rule = Rule {
        limiter: Limiter::TokenBucket(bucket),
        scope,
        operations: vec![Operation(0)],
        count_rejected: false,
        nodes: 1,
    };
    let workload = Workload {
        arrivals: Arrivals::poisson(per_second(12)),
        delivery: Distribution::Constant(Span::ZERO),
        per: Per::Account,
        callers: Callers::default(),
        items: Count::Fixed(1),
        steps: vec![Step::of(Operation(0), Count::Fixed(1))],
        on_failure: OnFailure::Drop,
        keys: None,
        view: View::None,
        bad_request_ppm: 0,
        priority: 0,
    };
    Plan {
        seed: 42,
        replications: 1,
        duration,
        warm_up: Span::ZERO,
        drain: Span::HOUR,
        population: Population { accounts, ..Population::ONE },
        skew: Skew::Equal,
        rota: vec![0],
        calls: vec![Call {
            published: Some(per_second(10)),
            service: 0,
            header: None,
            dynamic: None,
        }],
        services: vec![service()],
        limits: vec![PlannedLimit {
            rule,
            causes: vec![(Reason::Limit, 0)],
            drawn: None,
            watched: true,
            tells: Tells::default(),
        }],
        causes: vec![Cause { status: Status::TOO_MANY_REQUESTS, code: None, retry_after: None }],
        workloads: vec![workload],
        strategies: vec![full_jitter()],
        bounds: Bounds::default(),
    }
}

/// W1 with one more limit, over all accounts together, that never refuses: they share a clock.
#[allow(dead_code)]
pub fn on_one_clock(accounts: u32, duration: Span) -> Plan {
    let mut plan = w1(accounts, duration);
    let rate = 100 * accounts;
    let bucket = TokenBucket::new(per_second(rate.into()), rate, Refill::Continuous, rate);
    plan.limits.push(PlannedLimit {
        rule: Rule {
            limiter: Limiter::TokenBucket(bucket),
            scope: Scope::default(),
            operations: vec![Operation(0)],
            count_rejected: false,
            nodes: 1,
        },
        causes: vec![(Reason::Limit, 0)],
        drawn: None,
        watched: false,
        tells: Tells::default(),
    });
    plan
}

/// A plan of W1, but buckets hold nothing at first.
#[allow(dead_code)]
pub fn with_empty_buckets(mut plan: Plan) -> Plan {
    let bucket = TokenBucket::new(per_second(10), 20, Refill::Continuous, 0);
    plan.limits[0].rule.limiter = Limiter::TokenBucket(bucket);
    plan
}

/// A plan, but each account calls once in so long.
#[allow(dead_code)]
pub fn calling_every(mut plan: Plan, period: Span) -> Plan {
    let rate = Rate::one_every(period).expect("not zero");
    for workload in &mut plan.workloads {
        workload.arrivals = Arrivals::poisson(rate);
    }
    plan
}

/// So many requests at once against 1 000/s, each tried up to 30 times with full jitter of up to
/// 1 000 s: nearly all of them wait for a retry, all the time.
#[allow(dead_code)]
pub fn storm(requests: u64) -> Plan {
    let mut plan = w1(1, Span::from_secs(1));
    let bucket = TokenBucket::new(per_second(1_000), 1_000, Refill::Continuous, 1_000);
    plan.limits[0].rule.limiter = Limiter::TokenBucket(bucket);
    let at = Instant::ORIGIN;
    plan.workloads[0].arrivals = Arrivals::Burst(vec![Burst { at, count: requests }]);
    let retry = &mut plan.strategies[0].retry;
    retry.attempts = Some(30);
    if let Backoff::Exponential(backoff) = &mut retry.backoff {
        (backoff.base, backoff.cap) = (Span::from_secs(1), Span::from_secs(1_000));
    }
    plan
}

fn service() -> Service {
    Service {
        latency: Distribution::exponential(Span::from_millis(50)),
        round_trip: Distribution::Constant(Span::ZERO),
        failure_ppm: 0,
        bad_request_ppm: 0,
        header_ppm: 0,
        transient: None,
        header_staleness: Span::ZERO,
        earning: None,
        episodes: Vec::new(),
    }
}

fn full_jitter() -> Strategy {
    let backoff = Backoff::Exponential(Exponential {
        base: Span::from_millis(100),
        base_other: None,
        cap: Span::from_secs(20),
        factor: Share::from_ppm(2_000_000),
        jitter: Jitter::Full,
    });
    let statuses = vec![Status::TOO_MANY_REQUESTS];
    let retry = Retry { attempts: Some(5), statuses, backoff, ..Retry::never() };
    Strategy { retry, ..Strategy::default() }
}

/// Runs it, with every metric of a normal run, and counts its attempts.
pub fn attempts(plan: &Plan) -> u64 {
    let accounts = 0..plan.population.accounts;
    simulate(plan, 0, 0, accounts).cells.iter().map(|cell| cell.attempts.sent()).sum()
}
