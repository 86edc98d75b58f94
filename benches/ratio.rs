//! How near the simulator comes to a bare loop that does nothing but workload W1.
//!
//! `cargo bench --bench ratio` runs the two in turn, in one process, and prints the median of the
//! ratios pair by pair: seconds differ between machines and minutes, the ratio hardly does.
//!
//! `cargo bench --bench ratio -- --count PROGRAM SECONDS FIRST RUNS` is for `benches/peers/run`:
//! PROGRAM is `bare` or `throttlesim`, and there is a line of figures for each of RUNS runs, whose
//! seeds count up from FIRST.

#[path = "shared/bare.rs"]
mod bare;
#[path = "shared/counts.rs"]
mod counts;
#[path = "shared/median.rs"]
mod median;
#[path = "shared/plan.rs"]
mod plan;

use median::median;
use std::hint::black_box;
use std::time::Instant;
use throttlesim::simulation::simulate;
use throttlesim::units::{Share, Span};

const ACCOUNTS: u32 = 100;
const SECONDS: u64 = 250;

/// Millions of attempts a second.
fn speed(attempts: impl FnOnce() -> u64) -> f64 {
    let begun = Instant::now();
    let attempts = black_box(attempts());
    attempts as f64 / begun.elapsed().as_secs_f64() / 1e6
}

fn compare(pairs: u64) {
    let plan = plan::w1(ACCOUNTS, Span::from_secs(SECONDS));
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for pair in 0..=pairs {
        let mark = speed(|| bare::run(ACCOUNTS, SECONDS, pair).sent);
        let own = speed(|| plan::attempts(black_box(&plan)));
        // The first pair warms up.
        if pair > 0 {
            bare.push(mark);
            ours.push(own);
        }
    }
    let ratios = ours.iter().zip(&bare).map(|(own, mark)| own / mark).collect();
    println!("bare loop    {:6.2} million attempts a second", median(bare));
    println!("throttlesim  {:6.2} million attempts a second", median(ours));
    println!("ratio        {:6.2} (median of {pairs} pairs)", median(ratios));
}

/// The line of figures of one run of ours, a replication of W1.
fn line_of(seconds: u64, replication: u32) -> String {
    let plan = plan::w1(ACCOUNTS, Span::from_secs(seconds));
    let outcome = simulate(&plan, 0, replication, 0..ACCOUNTS);
    let cell = &outcome.cells[0];
    let (requests, attempts) = (&cell.requests, &cell.attempts);
    let counted = [requests.arrived, attempts.sent(), attempts.refused(), requests.given_up];
    let mean = cell.latency.mean_s().unwrap_or(0.0);
    let p95 = cell.latency.quantile(Share::from_fraction(0.95)).map_or(0.0, Span::as_secs_f64);
    counts::line(counted, mean, p95)
}

fn count(arguments: &[String]) {
    let number = |place: usize| -> u32 {
        arguments[place].parse().expect("--count PROGRAM SECONDS FIRST RUNS")
    };
    let (seconds, first, runs) = (u64::from(number(1)), number(2), number(3));
    for seed in first..first + runs {
        println!(
            "{}",
            match arguments[0].as_str() {
                "bare" => bare::run(ACCOUNTS, seconds, seed.into()).line(),
                _ => line_of(seconds, seed),
            }
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == "--count") {
        Some(place) => count(&arguments[place + 1..]),
        None if arguments.iter().any(|argument| argument == "--bench") => compare(31),
        None => compare(1),
    }
}
