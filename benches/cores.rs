//! What a second core is worth within one run: W1 with 10,000 accounts on one thread and on two.
//!
//! `cargo bench --bench cores` runs the two in turn and prints the median of the ratios pair by
//! pair; both must count the same.

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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let begun = Instant::now();
    let study = pool.install(|| Study::run(scenario)).expect("within its bounds");
    let seconds = begun.elapsed().as_secs_f64();
    let cells = &study.strategies[0].total.cells;
    (seconds, cells.iter().map(|cell| cell.attempts.sent).sum())
}

fn main() {
    let quick = std::env::args().all(|argument| argument != "--bench");
    let (duration, pairs) = if quick { ("1s", 1) } else { ("40s", 11) };
    let scenario = w1(duration);
    let mut ratios = Vec::new();
    for _ in 0..pairs {
        let ((alone, counted), (both, same)) = (run(&scenario, 1), run(&scenario, 2));
        assert_eq!(counted, same, "any number of threads counts the same");
        ratios.push(alone / both);
    }
    ratios.sort_by(f64::total_cmp);
    println!("two cores are worth {:.2} (median of {pairs} pairs)", ratios[ratios.len() / 2]);
}
