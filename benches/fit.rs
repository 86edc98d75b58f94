//! What a longer log costs when its limit is sought.
//!
//! `cargo bench --bench fit` writes logs of one bucket (10/s, burst 20; Poisson 12/s; answers some
//! 40 ms later), reads and fits them, and prints
//!
//! - the CPU time of a row in logs of 20,000 to 1,000,000 rows, beside that with 20,000; it may at
//!   most double;
//! - the memory of a row; at most 500 bytes;
//! - whether the true figures are inside the bounds that were found, and the bucket alone.
//!
//! Each measurement is a child process of its own, in turn with the others.

#[path = "shared/median.rs"]
mod median;
#[path = "shared/process.rs"]
mod process;

use median::median;
use rand::SeedableRng;
use rand_distr::{Distribution, Exp, LogNormal};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Tells a process that it is such a child.
const CHILD: &str = "THROTTLESIM_BENCH_CHILD";
const FULL: (usize, &[u32]) = (3, &[20_000, 200_000, 1_000_000]);
const QUICK: (usize, &[u32]) = (1, &[10_000, 20_000]);

/// A log of so many calls to a bucket, as its client saw them.
fn log(rows: u32) -> String {
    let mut dice = rand::rngs::ChaCha20Rng::seed_from_u64(7);
    let gap = Exp::new(12.0).expect("a rate");
    let way = LogNormal::new(-3.9, 0.5).expect("a delay");
    let (mut at, mut level, mut text) = (1e9f64, 20.0f64, String::from("time,received,status\n"));
    for _ in 0..rows {
        let pause: f64 = gap.sample(&mut dice);
        at += pause;
        level = (level + pause * 10.0).min(20.0);
        let accepted = level >= 1.0;
        level -= f64::from(u8::from(accepted));
        let (sent, received) = (at - way.sample(&mut dice), at + way.sample(&mut dice));
        let status = if accepted { 200 } else { 429 };
        let _ = writeln!(text, "{sent:.6},{received:.6},{status}");
    }
    text
}

/// In a child process: the command itself, and then what it cost, on standard error.
fn child() -> ExitCode {
    let code = throttlesim::cli::main();
    eprintln!("{} {}", process::time(), process::memory());
    code
}

/// CPU time \[ns\], memory \[bytes\], and whether the answer was right.
fn measure(file: &Path) -> (f64, f64, bool) {
    let this = std::env::current_exe().expect("a name");
    let output = Command::new(this)
        .env(CHILD, "")
        .args(["fit", "--format", "json"])
        .arg(file)
        .output()
        .expect("a child process");
    let text = String::from_utf8(output.stderr).expect("a line");
    let read: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [time, memory] = read[..] else { panic!("{}: {text}", file.display()) };
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let limit = &found["limits"][0];
    let inside = |bounds: &Value, x: f64| {
        bounds[0].as_f64().is_some_and(|low| low <= x)
            && bounds[1].as_f64().is_none_or(|high| x <= high)
    };
    let right = inside(&limit["rate_per_s"], 10.0) && inside(&limit["burst"], 20.0);
    (time, memory, right && limit["model"] == "token_bucket")
}

/// True if all bounds hold.
fn report((rounds, sizes): (usize, &[u32]), full: bool) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |rows: u32| folder.path().join(format!("{rows}.csv"));
    for rows in sizes {
        std::fs::write(file(*rows), log(*rows)).expect("a log");
    }
    let mut times: Vec<Vec<f64>> = sizes.iter().map(|_| Vec::new()).collect();
    let (mut most, mut right) = (0.0f64, true);
    for _ in 0..rounds {
        for (rows, times) in sizes.iter().zip(&mut times) {
            let (time, memory, is_right) = measure(&file(*rows));
            times.push(time / f64::from(*rows));
            most = memory / f64::from(*rows);
            right &= is_right;
        }
    }
    let each: Vec<f64> = times.into_iter().map(median).collect();
    for (rows, each) in sizes.iter().zip(&each) {
        println!("  {rows:>9} rows  {each:6.0} ns each, reading included");
    }
    let growth = each[each.len() - 1] / each[0];
    let said = |holds| if holds { "holds," } else { "MISSED," };
    println!("  {} at most 2 times as long a row: {growth:.2}", said(growth <= 2.0));
    println!("  {} at most 500 bytes a row: {most:.0}", said(most <= 500.0));
    println!("  {} the true figures are inside", said(right));
    right && (!full || (growth <= 2.0 && most <= 500.0))
}

fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        return child();
    }
    if !process::is_told() {
        println!("not measured: the system does not tell CPU time and memory in /proc/self");
        return ExitCode::SUCCESS;
    }
    let full = std::env::args().any(|argument| argument == "--bench");
    if !full {
        println!("quick: sizes are too small for their figures to tell anything");
    }
    if report(if full { FULL } else { QUICK }, full) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
