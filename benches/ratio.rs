//! How near the simulator comes to a bare loop that does nothing but workload W1.
//!
//! `cargo bench --bench ratio` runs the two in turn, in one process, and prints the median of the
//! ratios pair by pair: seconds differ between machines and minutes, the ratio hardly does.

#[path = "shared/bare.rs"]
mod bare;
#[path = "shared/plan.rs"]
mod plan;

use std::hint::black_box;
use std::time::Instant;
use throttlesim::units::Span;

const ACCOUNTS: u32 = 100;
const SECONDS: u64 = 250;

/// Millions of attempts a second.
fn speed(attempts: impl FnOnce() -> u64) -> f64 {
    let begun = Instant::now();
    let attempts = black_box(attempts());
    attempts as f64 / begun.elapsed().as_secs_f64() / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let quick = std::env::args().all(|argument| argument != "--bench");
    let pairs = if quick { 1 } else { 31 };
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
