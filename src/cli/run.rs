//! `run FILE…`: simulate, compare, write.

#[cfg(feature = "serve")]
mod replay;

use super::events::Events;
use super::output::{self, Output};
use super::{
    Fault, Loudness, Out, ScenarioArgs, Threads, error, given_up, inputs, print, progress, say,
    scenarios, width,
};
use crate::report::{PICTURES, Report, page::View, perfetto::Trace, safe};
use crate::scenario::Scenario;
use crate::study::{Study, Verdict};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Simulate every strategy of a scenario; print the answer, write a report and pictures.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenarios: ScenarioArgs,
    #[command(flatten)]
    out: Out,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: RunFormat,
    #[command(flatten)]
    threads: Threads,
    /// Write one line for each attempt of the first run (JSON Lines, or CSV if FILE ends in .csv)
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Write a Chrome trace for ui.perfetto.dev: of each strategy's first run the 100 attempts in a
    /// row of which most were refused
    #[arg(long, value_name = "FILE")]
    perfetto: Option<PathBuf>,
    /// Decide again about the calls in a log of serve instead, and compare the decisions
    #[cfg(feature = "serve")]
    #[arg(
        long,
        value_name = "LOG",
        conflicts_with_all = ["out", "format", "threads", "events", "perfetto", "quiet", "verbose"]
    )]
    replay: Option<PathBuf>,
    #[command(flatten)]
    loudness: Loudness,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RunFormat {
    /// The answer, and a table that fits the terminal
    Table,
    /// What `summary.json` holds
    Json,
    /// What a pull request needs
    Markdown,
    /// The table of strategies with every column, for a spreadsheet
    Csv,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim run scenarios/amazon-pay-30-charges.toml
  throttlesim run mine.toml --replications 20 --set strategy.paced.workers=4
  throttlesim run scenarios/*.toml --format json -q";

pub(super) fn run(args: &RunArgs) -> Result<u8, Fault> {
    #[cfg(feature = "serve")]
    if let Some(log) = &args.replay {
        return replay::replayed(&args.scenarios, log);
    }
    scenarios::check_folders(&args.scenarios.files, &args.out.out)?;
    let scenarios = scenarios::load(&args.scenarios)?;
    for file in args.events.iter().chain(&args.perfetto) {
        inputs::check(file)?;
    }
    let pool = args.threads.pool()?;
    let mut events = args.events.as_deref().map(Events::begin).transpose()?;
    // With attempts in one file for all, all reports appear with it.
    let mut held = Vec::new();
    let mut written = Vec::new();
    let mut trace = Trace::default();
    let mut code = 0;
    for (number, scenario) in scenarios.iter().enumerate() {
        let study = study(args, &pool, scenario)?;
        let folder = args.out.out.join(&scenario.name);
        let report = Report::new(scenario, &study);
        let files = match args.perfetto {
            None => pool.install(|| report.files()),
            Some(_) => {
                let looks = pool.install(|| study.look_again(&scenario.plan));
                trace.add(report, &looks);
                pool.install(|| report.files_seen(&looks))
            }
        };
        let output = Output::of(&folder, files)?.replacing(PICTURES);
        let place = format!("report: {}", folder.join("report.md").display());
        match &mut events {
            None => {
                output.write()?;
                print(&printed(args, report, number == 0)?);
                tell(args, &place);
            }
            Some(events) => {
                events.add(scenario)?;
                held.push(output);
                print(&printed(args, report, number == 0)?);
                written.push(place);
            }
        }
        code = worse(code, verdict_code(&study));
    }
    if let Some(path) = &args.perfetto {
        let mut output = Output::default();
        output.add(path.clone(), trace.to_json());
        output.write()?;
        written.push(format!("steps: {}", path.display()));
    }
    if let (Some(events), Some(path)) = (events, &args.events) {
        output::write_together(held, events.finish()?)?;
        written.push(format!("attempts: {}", path.display()));
    }
    written.iter().for_each(|place| tell(args, place));
    Ok(code)
}

fn tell(args: &RunArgs, text: &str) {
    if !args.loudness.quiet {
        say(text);
    }
}

fn study(
    args: &RunArgs,
    pool: &rayon_core::ThreadPool,
    scenario: &Scenario,
) -> Result<Study, Fault> {
    let plan = &scenario.plan;
    let runs = plan.strategies.len() * usize::try_from(plan.replications).unwrap_or(usize::MAX);
    let bar = progress::bar(runs, 0, "runs", args.loudness.quiet);
    let study = pool.install(|| Study::settle_watched(scenario, &|| bar.inc(1)));
    bar.finish_and_clear();
    let mut study = study.map_err(|why| given_up(scenario, &why))?;
    pool.install(|| study.find_ties(scenario));
    if args.loudness.verbose {
        let cells = study.strategies.iter().flat_map(|runs| &runs.total.cells);
        let sent: u64 = cells.map(|cell| cell.attempts.sent()).sum();
        let threads = pool.current_num_threads();
        say(&format!(
            "{}: seed {}, {sent} attempts simulated on {threads} threads",
            scenario.name, scenario.plan.seed
        ));
    }
    Ok(study)
}

fn printed(args: &RunArgs, report: Report<'_>, first: bool) -> Result<String, Fault> {
    Ok(match args.format {
        RunFormat::Json => report.summary().to_json(),
        RunFormat::Table => {
            report.terminal(View { width: width(), verbose: args.loudness.verbose })
        }
        RunFormat::Markdown => safe::markdown(&report.markdown()),
        RunFormat::Csv => report.csv(first).map_err(|e| Fault::new(error(&e.to_string())))?,
    })
}

fn verdict_code(study: &Study) -> u8 {
    match study.findings.iter().map(|finding| finding.verdict).max() {
        Some(Verdict::Failed) => 1,
        Some(Verdict::Inconclusive) => 3,
        Some(Verdict::Met) | None => 0,
    }
}

/// A failure outweighs a doubt, a doubt outweighs success.
const fn worse(a: u8, b: u8) -> u8 {
    match (a, b) {
        (1, _) | (_, 1) => 1,
        (3, _) | (_, 3) => 3,
        _ => 0,
    }
}
