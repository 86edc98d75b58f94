//! The hot paths one by one, for `benches/instructions` to count the instructions of.
//!
//! `cargo bench --bench hot -- NAME` runs one workload and prints how many operations it was;
//! without a name it lists them all, and runs each.

#[path = "shared/plan.rs"]
mod plan;

use std::hint::black_box;
use throttlesim::engine::{Clock, Rank};
use throttlesim::limiter::{Decision, Gate, Population};
use throttlesim::metrics::Histogram;
use throttlesim::random::{Purpose, Streams};
use throttlesim::units::{Instant, Span};
use throttlesim::wire::{Caller, Operation};

/// Operations of those that are a loop over a single one.
const LOOPS: u64 = 100_000;

/// A workload, which gives the number of its operations.
type Hot = fn() -> u64;

const ALL: [(&str, Hot); 12] = [
    ("nothing", || 1),
    ("w1", || plan::attempts(&plan::w1(100, Span::from_secs(20)))),
    ("one_clock", || plan::attempts(&plan::on_one_clock(100, Span::from_secs(20)))),
    ("storm", || plan::attempts(&plan::storm(5_000))),
    ("accounts", accounts),
    ("year", year),
    ("queue_10", || queue(10)),
    ("queue_10_000", || queue(10_000)),
    ("gate", gate),
    ("histogram", histogram),
    ("draws_exponential", draws_exponential),
    ("draws_uniform", draws_uniform),
];

/// To set up accounts that do nothing.
fn accounts() -> u64 {
    let accounts = 2_000;
    let plan = plan::w1(accounts, Span::from_nanos(1));
    plan::attempts(black_box(&plan));
    accounts.into()
}

/// Days of a year with one call each.
fn year() -> u64 {
    let days = 365;
    let day = Span::from_secs(86_400);
    plan::attempts(&plan::calling_every(plan::w1(1, day.times(days)), day));
    days
}

/// An event comes, and makes another one come within a second, while so many wait.
fn queue(waiting: u64) -> u64 {
    let mut clock = Clock::new();
    let mut state = 1u64;
    let mut ahead = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Span::from_nanos(state >> 34)
    };
    for number in 0..waiting {
        clock.schedule(Instant::ORIGIN + ahead(), Rank::Start, number);
    }
    for _ in 0..LOOPS {
        let (now, event) = clock.take().expect("as many as before");
        clock.schedule(now + ahead(), Rank::Start, black_box(event));
    }
    LOOPS
}

/// W1's gate decides, of attempts three times as frequent as it allows.
fn gate() -> u64 {
    let plan = plan::w1(1, Span::SECOND);
    let rules = plan.limits.iter().map(|limit| &limit.rule);
    let one = Population::ONE;
    let limiter = plan.limits[0].rule.limiter.clone();
    let mut gate = Gate::new(rules, 1, one, |_, _| limiter.clone());
    let mut admitted = 0u64;
    for number in 0..LOOPS {
        let now = Instant::from_nanos(number * 33_333_333);
        let decision = gate.decide(now, black_box(Caller::default()), Operation(0));
        admitted += u64::from(matches!(decision, Decision::Admitted { .. }));
    }
    assert!(admitted > LOOPS / 4 && admitted < LOOPS / 2, "{admitted}");
    LOOPS
}

/// Spans from a microsecond to a minute are counted.
fn histogram() -> u64 {
    let mut histogram = Histogram::default();
    let mut nanos = 1_000u64;
    for _ in 0..LOOPS {
        histogram.record(black_box(Span::from_nanos(nanos)));
        nanos = nanos * 9 / 8 % 60_000_000_000;
    }
    black_box(&histogram);
    LOOPS
}

fn draws_exponential() -> u64 {
    let stream = Streams::new(42, 0).stream(Purpose::Service, 0);
    let sum: f64 = (0..LOOPS).map(|number| stream.at(number).exponential()).sum();
    black_box(sum);
    LOOPS
}

fn draws_uniform() -> u64 {
    let stream = Streams::new(42, 0).stream(Purpose::Jitter, 0);
    let most = Span::from_millis(100);
    let sum: u64 = (0..LOOPS).map(|number| stream.at(number).up_to(most).as_nanos() >> 20).sum();
    black_box(sum);
    LOOPS
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let one = ALL.iter().find(|(name, _)| named(name));
    for (name, hot) in ALL.iter().filter(|(name, _)| one.is_none_or(|one| one.0 == *name)) {
        println!("{name} {}", black_box(hot()));
    }
}
