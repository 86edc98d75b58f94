//! `advise FILE`: the best strategy for a scenario, with or without strategies of its own.

mod journal;

use super::output::Output;
use super::{
    Changes, Fault, Format, Loudness, Out, Threads, error, print, progress, say, scenarios, width,
};
use crate::report::{advise as report, words};
use crate::study::{AdviseError, Options, Verdict, advise as find};
use clap::Args;
use journal::Journal;
use std::path::PathBuf;

/// Find the best strategy for a scenario, and what each of its settings is worth.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct AdviseArgs {
    /// A scenario file; it needs no [strategy]
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Compare in other circumstances too; the strategy with the best worst case wins
    #[arg(long)]
    robust: bool,
    /// The most runs that the search may take (overrides the scenario's)
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(1..))]
    budget: Option<u32>,
    /// How the answer is printed; json is what `advice.json` holds
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim advise scenarios/sixty-sellers.toml
  throttlesim advise mine.toml --robust --format json
  throttlesim advise mine.toml --set 'advise.goal=\"completion\"'

What is finished is kept: a search that was stopped goes on where it was.
Exit code: 0 if the advised strategy meets every condition, 1 if none does, 3 if it is in doubt.";

pub(super) fn advise(args: &AdviseArgs) -> Result<u8, Fault> {
    let (draft, scenario) = scenarios::load_advised(&args.file, &args.changes)?;
    let pool = args.threads.pool()?;
    let options = Options { robust: args.robust, budget: args.budget };
    let folder = args.out.out.join(&scenario.name);
    let bar = progress::bar(0, 0, "runs", args.loudness.quiet);
    let journal = Journal::open(&folder, (&draft, &scenario), args.budget, bar)?;
    if journal.known() > 0 && !args.loudness.quiet {
        say(&format!("{} runs were done before", words::count(journal.known() as u64)));
    }
    progress::listen();
    let found = pool.install(|| find(&draft, options, &journal));
    journal.end()?;
    let advice = match found {
        Err(AdviseError::Stopped) => {
            say("stopped: the runs that are done are kept; the same command goes on from there");
            return Ok(130);
        }
        Err(why) => {
            journal.forget();
            return Err(Fault::new(error(&format!("{}: {why}", args.file.display()))));
        }
        Ok(advice) => advice,
    };
    let files = pool.install(|| report::files(&advice));
    Output::of(&folder, files)?.replacing(&["advice-"]).write()?;
    journal.forget();
    print(&match args.format {
        Format::Table => report::terminal(&advice, width()) + "\n",
        Format::Json => report::json(&advice),
        Format::Markdown => report::page(&advice),
    });
    if !args.loudness.quiet {
        say(&format!("report: {}", folder.join("advice.md").display()));
    }
    Ok(match advice.verdict() {
        None | Some(Verdict::Met) => 0,
        Some(Verdict::Failed) => 1,
        Some(Verdict::Inconclusive) => 3,
    })
}
