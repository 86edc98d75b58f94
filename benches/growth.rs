//! What more accounts, more waiting and idle time cost.
//!
//! `cargo bench --bench growth` prints
//!
//! - the CPU time of an attempt with 100 to 1 000 000 accounts of workload W1, beside that with
//!   100; it may at most triple. Accounts are independent, or on one clock by a limit over all. The
//!   more accounts, the shorter they call; buckets are empty at first, so that most attempts are
//!   refused all the same;
//! - the memory of an account, by those that hardly ever call; at most 200 bytes;
//! - the speed of a storm, a million requests that wait for a retry, beside W1's; at least a third;
//! - what a year with one call a day takes: nothing.
//!
//! Each measurement is a child process of its own, in turn with the others. It reads what the
//! system knows of itself, `/proc/self`, and so needs Linux.

#[path = "shared/median.rs"]
mod median;
#[path = "shared/plan.rs"]
mod plan;
#[path = "shared/process.rs"]
mod process;

use median::median;
use process::{memory, time};
use std::process::{Command, ExitCode};
use throttlesim::simulation::Plan;
use throttlesim::units::Span;

/// What a child process measures.
struct Cost {
    attempts: f64,
    /// CPU time of the simulation \[ns\].
    time: f64,
    /// The most memory it ever had \[bytes\].
    memory: f64,
}

/// The sizes of a full measurement, or of a quick one that only sees that all runs.
struct Sizes {
    rounds: usize,
    accounts: &'static [u32],
    /// Seconds of arrivals, all accounts taken together.
    seconds: u64,
    storm: u64,
}

const FULL: Sizes = Sizes {
    rounds: 5,
    accounts: &[100, 1_000, 10_000, 100_000, 1_000_000],
    seconds: 1_000_000,
    storm: 1_000_000,
};
const QUICK: Sizes = Sizes { rounds: 1, accounts: &[100, 1_000], seconds: 1_000, storm: 2_000 };
const FORMS: [&str; 2] = ["independent", "clock"];
const YEAR: Span = Span::from_secs(365 * 86_400);

/// W1 with accounts in a form.
fn of_form(form: &str, accounts: u32, duration: Span) -> Plan {
    match form {
        "clock" => plan::on_one_clock(accounts, duration),
        _ => plan::w1(accounts, duration),
    }
}

fn plan_of(what: &str, form: &str, accounts: u32, amount: u64) -> Plan {
    match what {
        "work" => {
            let duration = Span::from_secs(amount).divided_by(accounts.into());
            plan::with_empty_buckets(of_form(form, accounts, duration))
        }
        // One in a thousand calls.
        "idle" => {
            let plan = of_form(form, accounts, Span::from_secs(1));
            plan::calling_every(plan, Span::from_secs(1_000))
        }
        "storm" => plan::storm(amount),
        _ => plan::calling_every(plan::w1(1, YEAR), Span::from_secs(86_400)),
    }
}

/// In a child process: measures, and prints what it has measured.
fn child(arguments: &[String]) {
    let number = |place: usize| -> u64 { arguments[place].parse().expect("a number") };
    let accounts = u32::try_from(number(2)).expect("fewer than 2^32");
    let plan = plan_of(&arguments[0], &arguments[1], accounts, number(3));
    let begun = time();
    let attempts = plan::attempts(&plan);
    // The clock of a process may stand still for some milliseconds.
    println!("{attempts} {} {}", (time() - begun).max(1), memory());
}

fn measure(what: &str, form: &str, accounts: u32, amount: u64) -> Cost {
    let this = std::env::current_exe().expect("a name");
    let numbers = [accounts.to_string(), amount.to_string()];
    let output = Command::new(this).args(["--child", what, form]).args(numbers).output();
    let output = output.expect("a child process");
    let text = String::from_utf8(output.stdout).expect("a line");
    let read: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [attempts, time, memory] = read[..] else { panic!("{what} {form} {accounts}: {text}") };
    Cost { attempts, time, memory }
}

/// The least and the greatest.
fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)))
}

fn growth(sizes: &Sizes, form: &str) -> f64 {
    let mut costs: Vec<Vec<Cost>> = sizes.accounts.iter().map(|_| Vec::new()).collect();
    for _ in 0..sizes.rounds {
        for (place, accounts) in sizes.accounts.iter().enumerate() {
            costs[place].push(measure("work", form, *accounts, sizes.seconds));
        }
    }
    let each = |cost: &Cost| cost.time / cost.attempts;
    let mut most = 0.0f64;
    for (accounts, of_size) in sizes.accounts.iter().zip(&costs) {
        let ratios: Vec<f64> =
            of_size.iter().zip(&costs[0]).map(|(cost, base)| each(cost) / each(base)).collect();
        let (low, high) = range(&ratios);
        let ratio = median(ratios);
        let nanos = median(of_size.iter().map(each).collect());
        let first = &of_size[0];
        println!(
            "  {accounts:>9}  {:5.2} million attempts  {nanos:6.0} ns each  {ratio:5.2} times \
             ({low:.2} to {high:.2})  {:4.0} MB",
            first.attempts / 1e6,
            first.memory / 1e6
        );
        most = most.max(ratio);
    }
    most
}

/// Bytes an account, of those that hardly ever call.
fn bytes(sizes: &Sizes, form: &str) -> f64 {
    let (first, last) = (sizes.accounts[0], sizes.accounts[sizes.accounts.len() - 1]);
    let memory = |accounts| measure("idle", form, accounts, 0).memory;
    (memory(last) - memory(first)) / f64::from(last - first)
}

/// The speed of a storm beside that of W1, pair by pair.
fn storm(sizes: &Sizes) -> Vec<f64> {
    let speed = |cost: &Cost| cost.attempts / cost.time;
    let mut ratios = Vec::new();
    for round in 0..sizes.rounds {
        let calm = measure("work", "independent", 100, sizes.seconds);
        let storm = measure("storm", "", 1, sizes.storm);
        if round == 0 {
            let (millions, memory) = (storm.attempts / 1e6, storm.memory / 1e6);
            println!(
                "  {millions:.2} million attempts of {} requests, {memory:.0} MB",
                sizes.storm
            );
        }
        ratios.push(speed(&storm) / speed(&calm));
    }
    ratios
}

/// Prints a bound, and whether it holds.
fn judge(what: &str, found: String, holds: bool) -> bool {
    println!("  {} {what}: {found}", if holds { "holds," } else { "MISSED," });
    holds
}

/// True if all bounds hold.
fn report(sizes: &Sizes) -> bool {
    let mut good = true;
    for form in FORMS {
        println!(
            "\naccounts, {form}: CPU time of an attempt, times that with {}",
            sizes.accounts[0]
        );
        let most = growth(sizes, form);
        good &= judge("at most 3 times", format!("{most:.2}"), most <= 3.0);
        let bytes = bytes(sizes, form);
        good &= judge("at most 200 bytes an account", format!("{bytes:.0}"), bytes <= 200.0);
    }
    println!("\na storm: speed, times W1's");
    let ratios = storm(sizes);
    let (low, high) = range(&ratios);
    let ratio = median(ratios);
    let found = format!("{ratio:.2} ({low:.2} to {high:.2})");
    good & judge("at least a third", found, ratio >= 1.0 / 3.0)
}

/// True if a year with one call a day takes less than a tenth of a second.
fn year_is_instant() -> bool {
    let year = measure("year", "", 1, 0);
    println!("\na year with one call a day: {} calls", year.attempts);
    let found = format!("{:.0} ms", year.time / 1e6);
    judge("at most 100 ms", found, year.attempts > 300.0 && year.time <= 1e8)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--child") {
        child(&arguments[place + 1..]);
        return ExitCode::SUCCESS;
    }
    if !process::is_told() {
        println!("not measured: the system does not tell CPU time and memory in /proc/self");
        return ExitCode::SUCCESS;
    }
    let full = arguments.iter().any(|argument| argument == "--bench");
    if !full {
        println!("quick: sizes are too small for their figures to tell anything");
    }
    let good = report(if full { &FULL } else { &QUICK }) || !full;
    if year_is_instant() && good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
