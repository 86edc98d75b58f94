//! Builds a plan in code, without a scenario, and compares two clients of one limit:
//! `cargo run --example plan_in_code`.
//!
//! One account makes 8 calls a second on average. The provider admits 5 a second, 10 at once.

use throttlesim::limiter::{Limiter, Population, Reason, Refill, Rule, Scope, TokenBucket};
use throttlesim::random::{Count, Distribution};
use throttlesim::simulation::{Bounds, Call, Cause, PlannedLimit, Service, Skew, Tells, simulate};
use throttlesim::strategy::{Backoff, Exponential, Jitter, Pace, Pacer, Retry, Sharing, Strategy};
use throttlesim::units::{Rate, Share, Span};
use throttlesim::wire::{Operation, Status};
use throttlesim::workload::{Arrivals, Callers, OnFailure, Per, Step, View, Workload};
use throttlesim::{Counts, Metric, Plan, Slice, Statistic};

fn per_second(count: u64) -> Rate {
    Rate::per_second(count).expect("above 0")
}

/// The provider: a token bucket that refills continuously, for each account.
fn limit() -> PlannedLimit {
    PlannedLimit {
        rule: Rule {
            limiter: Limiter::TokenBucket(TokenBucket::new(
                per_second(5),
                10,
                Refill::Continuous,
                10,
            )),
            scope: Scope { account: true, ..Scope::default() },
            operations: vec![Operation(0)],
            count_rejected: false,
            nodes: 1,
        },
        causes: vec![(Reason::Limit, 0)],
        drawn: None,
        watched: false,
        tells: Tells::default(),
    }
}

/// Five attempts, with full jitter between them.
pub fn patient() -> Strategy {
    let backoff = Backoff::Exponential(Exponential {
        base: Span::from_millis(200),
        base_other: None,
        cap: Span::from_secs(20),
        factor: Share::from_ppm(2_000_000),
        jitter: Jitter::Full,
    });
    let statuses = vec![Status::TOO_MANY_REQUESTS];
    let retry = Retry { attempts: Some(5), statuses, backoff, ..Retry::never() };
    Strategy { retry, ..Strategy::default() }
}

/// The same, but no faster than the limit.
pub fn paced() -> Strategy {
    let lane = Pacer::new(per_second(5), 1);
    let pace = Pace {
        lanes: vec![lane.into()],
        lane_of: vec![Some(0)],
        sharing: Sharing::Process,
        counts: None,
    };
    Strategy { pace: Some(pace), ..patient() }
}

/// One account of one application, one process, and the strategies to compare.
pub fn plan(strategies: Vec<Strategy>) -> Plan {
    let workload = Workload {
        arrivals: Arrivals::poisson(per_second(8)),
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
    let service = Service {
        latency: Distribution::exponential(Span::from_millis(80)),
        round_trip: Distribution::Constant(Span::from_millis(40)),
        failure_ppm: 0,
        bad_request_ppm: 0,
        header_ppm: 0,
        transient: None,
        header_staleness: Span::ZERO,
        earning: None,
        episodes: Vec::new(),
    };
    Plan {
        seed: 42,
        replications: 10,
        duration: Span::from_secs(60),
        warm_up: Span::ZERO,
        drain: Span::HOUR,
        population: Population::ONE,
        skew: Skew::Equal,
        rota: vec![0],
        calls: vec![Call {
            published: Some(per_second(5)),
            service: 0,
            header: None,
            dynamic: None,
        }],
        services: vec![service],
        limits: vec![limit()],
        causes: vec![Cause { status: Status::TOO_MANY_REQUESTS, code: None, retry_after: None }],
        workloads: vec![workload],
        strategies,
        bounds: Bounds::default(),
    }
}

/// The figures of every strategy of a plan, a line each.
pub fn figures(plan: &Plan, names: &[&str]) -> String {
    let mut lines = String::new();
    for (strategy, name) in names.iter().enumerate() {
        // Every replication meets the same arrivals and service times under each strategy.
        let run = |replication| simulate(plan, strategy, replication, 0..1);
        let mut total = run(0);
        (1..plan.replications).for_each(|replication| total.merge(&run(replication)));
        let counts = Counts::of(&total, &plan.cell_names(), Slice::Whole);
        let figure = |metric: Metric| counts.value(metric).unwrap_or(f64::NAN);
        lines += &format!(
            "{name}: {} calls, {:.1} % throttled, {:.1} % lost, p95 latency {:.1} s\n",
            counts.attempts.sent(),
            figure(Metric::ThrottleRate) * 100.0,
            figure(Metric::LossRate) * 100.0,
            figure(Metric::Latency(Statistic::Quantile(950))),
        );
    }
    lines
}

fn main() {
    print!("{}", figures(&plan(vec![patient(), paced()]), &["patient", "paced"]));
}
