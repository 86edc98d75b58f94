//! The command line: one command a file. Only here is anything printed, and only `main` exits.
//!
//! | exit code | means |
//! |---|---|
//! | 0 | done, every expectation met |
//! | 1 | an expectation failed, or a check found a difference |
//! | 2 | the call, the scenario or a file is at fault |
//! | 3 | nothing failed, but an expectation is inconclusive |
//! | 130 | interrupted |
//!
//! Results go to standard output, everything else to standard error.

mod advise;
mod catalog;
mod check;
mod compare;
mod events;
mod explain;
mod fit;
mod init;
mod inputs;
mod log;
mod merge;
mod output;
mod parts;
mod progress;
mod readings;
mod report;
mod run;
mod scenarios;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod shard;
mod shell;
mod size;
mod sweep;

use crate::report::{notes, safe, words};
use crate::scenario::Scenario;
use crate::study::GivenUp;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Simulate how an API's throttling limits affect an integration.
#[derive(Debug, Parser)]
#[command(name = "throttlesim", version, about, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim run scenarios/amazon-pay-30-charges.toml
  throttlesim run scenarios/*.toml --format json -q
  throttlesim check scenarios/*.toml
  throttlesim sweep scenarios/one-quota-many-processes.toml
  throttlesim size scenarios/sp-api-repricing.toml
  throttlesim advise scenarios/charges-at-three.toml
  throttlesim readings scenarios/amazon-pay-30-charges.toml
  throttlesim fit calls.csv --round-trip 200ms
  throttlesim compare scenarios/amazon-pay-renewals-*.toml
  throttlesim init sp-api my-question.toml
  throttlesim log access.log
  throttlesim serve sp-api --port 8080
  throttlesim explain scenarios/ecomdash-six-at-once.toml
  throttlesim catalog sp-api orders/v0/getOrderItems
  throttlesim catalog --strategies";

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulate every strategy of a scenario; print the answer, write a report and pictures
    Run(run::RunArgs),
    /// Run the scenario at every point of its [sweep]; write tables and pictures
    Sweep(sweep::SweepArgs),
    /// Find the largest or smallest value that still meets every expectation ([size])
    Size(size::SizeArgs),
    /// Find the best strategy for a scenario, with its table to paste ([advise])
    Advise(advise::AdviseArgs),
    /// Merge the parts of a sharded sweep
    Merge(merge::MergeArgs),
    /// Compare scenarios, strategies and earlier results
    Compare(compare::CompareArgs),
    /// Find the provider's real limits in a log of calls and refusals
    Fit(Box<fit::FitArgs>),
    /// Answer calls on this machine as a provider would, to test a real client
    #[cfg(feature = "serve")]
    Serve(Box<serve::ServeArgs>),
    /// Run the scenario under every interpretation of unclear documentation
    Readings(readings::ReadingsArgs),
    /// Run scenarios and compare with recorded results, for CI
    Check(check::CheckArgs),
    /// Show a scenario with every default, limit and assumption filled in
    Explain(explain::ExplainArgs),
    /// Print a commented scenario to start from, or write it to a new file
    Init(init::InitArgs),
    /// Show what a log holds, and the table of a scenario that replays it
    Log(log::LogArgs),
    /// Show published limits, and clients by name, with their sources
    Catalog(catalog::CatalogArgs),
    /// Make a page to send, report.html, from stored results
    Report(report::ReportArgs),
    /// Print completions for a shell
    Completions(shell::CompletionsArgs),
    /// Write manual pages, one for each command
    Manual(shell::ManualArgs),
    /// Print the scenario language: a JSON Schema for editors, or a page that lists every key
    Schema(schema::SchemaArgs),
}

/// What every command that reads scenarios takes.
#[derive(Debug, Args)]
struct ScenarioArgs {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
}

/// What the command line changes in a scenario.
#[derive(Debug, Clone, Default, Args)]
struct Changes {
    /// Replace one value of the scenario, for example strategy.paced.workers=4
    #[arg(long = "set", value_name = "ADDRESS=VALUE")]
    sets: Vec<String>,
    /// Random seed (overrides the scenario's)
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of independent runs (overrides the scenario's)
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
}

/// On how many processors is run.
#[derive(Debug, Clone, Copy, Args)]
struct Threads {
    /// Number of threads [default: one for each processor]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    /// So many threads, or as many as there are processors.
    fn pool(self) -> Result<rayon_core::ThreadPool, Fault> {
        let number = self.threads.map_or(0, usize::from);
        let pool = rayon_core::ThreadPoolBuilder::new().num_threads(number).build();
        let many = self.threads.map_or("a thread for each processor".into(), |number| {
            if number == 1 { "1 thread".into() } else { format!("{number} threads") }
        });
        pool.map_err(|e| Fault::new(error(&format!("cannot start {many}: {e}"))))
    }
}

/// Where results are written.
#[derive(Debug, Clone, Args)]
struct Out {
    /// Output directory; one subdirectory for each scenario
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, Args)]
struct Loudness {
    /// Print results and errors only
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print details too: every column, tables by workload, call and cause, all assumptions
    #[arg(short, long)]
    verbose: bool,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for a terminal
    Table,
    /// What `summary.json` holds
    Json,
    /// A table for a pull request
    Markdown,
}

/// Something is at fault: what, in a sentence for a person.
#[derive(Debug)]
struct Fault(String);

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Runs the command line's words, and tells the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    progress::end_between_files();
    let done = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Size(args) => size::size(&args),
        Command::Advise(args) => advise::advise(&args),
        Command::Readings(args) => readings::readings(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Completions(args) => Ok(shell::completions(&args)),
        Command::Manual(args) => shell::manual(&args),
        Command::Merge(args) => merge::merge(&args),
        Command::Check(args) => check::check(&args),
        Command::Fit(args) => fit::fit(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Init(args) => init::init(&args),
        Command::Report(args) => report::report(&args),
        Command::Log(args) => log::log(&args),
        Command::Catalog(args) => catalog::catalog(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::serve(&args),
        Command::Schema(args) => Ok(schema::schema(&args)),
    };
    match done {
        Ok(code) => ExitCode::from(code_of(code)),
        Err(Fault(message)) => {
            say(&message);
            ExitCode::from(2)
        }
    }
}

/// True once results could not be printed, for another reason than that nobody reads them.
static UNPRINTED: AtomicBool = AtomicBool::new(false);

/// Prints results; a reader that has gone away is no fault of ours, a full disk is told. Either way
/// the work goes on, and the exit code says how it went.
fn print(text: &str) {
    use std::io::Write;
    let mut out = anstream::stdout().lock();
    match out.write_all(safe::terminal(text).as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => {}
        Err(gone) if gone.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(e) => {
            if !UNPRINTED.swap(true, Ordering::Relaxed) {
                say(&error(&format!("cannot print: {e}")));
            }
        }
    }
}

/// The exit code, when results may not have been printed: a failure outweighs that.
fn code_of(code: u8) -> u8 {
    match UNPRINTED.load(Ordering::Relaxed) {
        true if code != 1 && code != 130 => 2,
        _ => code,
    }
}

/// Says something besides the results; if nobody can hear it, it is not said.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(anstream::stderr().lock(), "{}", safe::terminal(text));
}

/// What is said of a run that took more than it may.
fn given_up(scenario: &Scenario, why: &GivenUp) -> Fault {
    Fault::new(error(&format!("{}: {why}", scenario.name)))
}

/// What an answer in sentences is to a terminal: question, sentences, notes, assumptions.
fn answered(scenario: &Scenario, sentences: &[String]) -> String {
    let width = width();
    let mut text = words::clipped(&scenario.question, width) + "\n";
    for note in notes::first(scenario) {
        text += &words::wrapped(&note, width, "");
    }
    for sentence in sentences {
        text += &words::wrapped(sentence, width, "  ");
    }
    text.push('\n');
    for note in notes::sentences(scenario) {
        text += &words::wrapped(&format!("note: {note}"), width, "  ");
    }
    for assumption in &scenario.assumptions {
        text += &words::wrapped(&format!("assumed: {assumption}"), width, "  ");
    }
    text
}

/// The width of the terminal \[characters\]: what `COLUMNS` says, or the terminal itself, or 80
/// where there is neither.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || Some(usize::from(terminal_size::terminal_size_of(std::io::stdout())?.0.0));
    told.or_else(terminal).unwrap_or(80).max(40)
}

fn error(message: &str) -> String {
    let red = anstyle::Style::new().fg_color(Some(anstyle::AnsiColor::Red.into())).bold();
    format!("{red}error{red:#}: {message}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
