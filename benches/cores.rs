//! What a second core is worth within one run: W1 with 10,000 accounts on one thread and on two.
//!
//! `cargo bench --bench cores` runs the two in turn and prints the median of the ratios pair by
//! pair; both must count the same. A second core is not worth two everywhere and at any minute:
//! beside it stands what two bare loops at once are worth that share nothing at all.

#[allow(dead_code)]
#[path = "shared/bare.rs"]
mod bare;
#[allow(dead_code)]
#[path = "shared/counts.rs"]
mod counts;
#[path = "shared/median.rs"]
mod median;

use median::median;
use std::path::Path;
use std::time::Instant;
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// W1 at length, with as many accounts as this is for.
fn w1(duration: &str) -> Scenario {
    let text = include_str!("w1.toml").replace("accounts = 100", "accounts = 10_000");
    let text = text.replace("duration = \"8333s\"", &format!("duration = \"{duration}\""));
    Scenario::read("w1", &text, Path::new("")).expect("a sound scenario")
}

/// Seconds, and the attempts counted.
fn run(scenario: &Scenario, threads: usize) -> (f64, u64) {
    let pool = rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let begun = Instant::now();
    let study = pool.install(|| Study::run(scenario)).expect("within its bounds");
    let seconds = begun.elapsed().as_secs_f64();
    let cells = &study.strategies[0].total.cells;
    (seconds, cells.iter().map(|cell| cell.attempts.sent()).sum())
}

/// Seconds of so many bare loops at once, each on a thread of its own.
fn bare_loops(number: u64, seconds: u64) -> f64 {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for seed in 0..number {
            scope.spawn(move || std::hint::black_box(bare::run(100, seconds, seed).sent));
        }
    });
    begun.elapsed().as_secs_f64()
}

fn main() {
    let quick = std::env::args().all(|argument| argument != "--bench");
    let (duration, bare, pairs) = if quick { ("1s", 1, 1) } else { ("40s", 4_000, 11) };
    let scenario = w1(duration);
    let (mut ratios, mut possible) = (Vec::new(), Vec::new());
    for _ in 0..pairs {
        let ((alone, counted), (both, same)) = (run(&scenario, 1), run(&scenario, 2));
        assert_eq!(counted, same, "any number of threads counts the same");
        ratios.push(alone / both);
        possible.push(2.0 * bare_loops(1, bare) / bare_loops(2, bare));
    }
    println!("two bare loops at once are worth {:.2} (median of {pairs} pairs)", median(possible));
    println!("two cores are worth {:.2}", median(ratios));
}
