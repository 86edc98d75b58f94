//! `compare A B…`: scenarios and earlier results side by side.

use super::inputs::protect;
use super::output::Output;
use super::{Changes, Fault, Loudness, Out, Threads, error, given_up, print, say, scenarios};
use crate::files::read_text;
use crate::report::compare::{self, Side};
use crate::report::table::Medium;
use crate::study::Study;
use clap::Args;
use std::path::{Path, PathBuf};

/// Compare scenarios, strategies and earlier results.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArgs {
    /// Scenario files, and `summary.json` files of earlier runs
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim compare live.toml sandbox.toml --replications 20
  throttlesim compare mine.toml reports/mine/summary.json";

pub(super) fn compare(args: &CompareArgs) -> Result<u8, Fault> {
    let pool = args.threads.pool()?;
    let mut sides = Vec::new();
    for file in &args.files {
        let earlier = file.extension().is_some_and(|ending| ending == "json");
        sides.push(match earlier {
            true => read(file)?,
            false => pool.install(|| run(file, &args.changes))?,
        });
    }
    let mut text = compare::table(&sides, Medium::Terminal) + "\n\n";
    for sentence in compare::differences(&sides) {
        text += &format!("{sentence}\n");
    }
    let folder = args.out.out.join("compare");
    Output::of(&folder, compare::files(&sides))?.write()?;
    print(&text);
    if !args.loudness.quiet {
        say(&format!("report: {}", folder.join("compare.md").display()));
    }
    Ok(0)
}

fn run(file: &Path, changes: &Changes) -> Result<Side, Fault> {
    let (_, scenario) = scenarios::load_one(file, changes)?;
    let study = Study::settle(&scenario);
    let study = study.map_err(|why| given_up(&scenario, &why))?;
    Ok(Side::of(scenario, study))
}

/// The summary of an earlier run.
fn read(file: &Path) -> Result<Side, Fault> {
    let shown = file.display();
    let told = |what: String| Fault::new(error(&format!("cannot read {shown}: {what}")));
    let text = read_text(file).map_err(|e| told(e.to_string()))?;
    protect(file);
    let summary: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| told(format!("it is no JSON: {e}")))?;
    Side::earlier(&summary).map_err(|wrong| told(wrong.to_string()))
}
