//! `sweep FILE`: the scenario at every point of its grid.

use super::output::Output;
use super::parts::{Journal, Title};
use super::shard::Shard;
use super::{
    Changes, Fault, Loudness, Out, Threads, answered, error, print, progress, say, scenarios,
};
use crate::parallel;
use crate::report::sweep::{self, Swept};
use crate::scenario::{Draft, Grid, Scenario};
use crate::study::{PointFault, PointFindings, Sweep, fingerprint, run_point, wrong_settings};
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Run the scenario at every point of its `[sweep]`; write tables and pictures.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SweepArgs {
    /// A scenario file with a [sweep]
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Run only the points of shard K of N, to be merged later; `auto` asks the scheduler
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim sweep scenarios/one-quota-many-processes.toml
  throttlesim sweep mine.toml --shard 2/8      # on one of eight machines
  throttlesim merge mine.toml                  # afterwards, with all parts in one place

What is finished is kept: a sweep that was stopped goes on where it was.";

/// A sweep, ready to run.
pub(super) struct Prepared {
    pub draft: Draft,
    pub scenario: Scenario,
    pub grid: Grid,
    pub title: Title,
}

impl Prepared {
    /// What is wrong with findings that were read, if anything.
    pub fn fault_of(&self, point: &PointFindings) -> Option<PointFault> {
        point.fault(&self.grid, self.scenario.plan.strategies.len())
    }
}

/// Reads a scenario with its grid.
pub(super) fn prepare(file: &Path, changes: &Changes) -> Result<Prepared, Fault> {
    let (draft, scenario) = scenarios::load_one(file, changes)?;
    let Some(grid) = scenario.sweep.clone() else {
        let help = "add [sweep] with \"clients.accounts\" = [1, 10, 100]";
        let message = format!("{} sweeps nothing\n  help: {help}", file.display());
        return Err(Fault::new(error(&message)));
    };
    let wrong = wrong_settings(&draft, &grid);
    if !wrong.is_empty() {
        let faults: Vec<String> = wrong.iter().map(|wrong| told(file, wrong).0).collect();
        return Err(Fault(faults.join("\n")));
    }
    let title = Title {
        throttlesim: env!("CARGO_PKG_VERSION").into(),
        scenario: scenario.name.clone(),
        seed: scenario.plan.seed,
        fingerprint: fingerprint(&draft, &scenario),
        points: grid.len(),
    };
    Ok(Prepared { draft, scenario, grid, title })
}

pub(super) fn sweep(args: &SweepArgs) -> Result<u8, Fault> {
    let prepared = prepare(&args.file, &args.changes)?;
    let shard = match &args.shard {
        None => Shard::WHOLE,
        Some(text) => Shard::read(text, |name| std::env::var(name).ok())
            .map_err(|message| Fault::new(error(&message)))?,
    };
    let folder = args.out.out.join(&prepared.scenario.name);
    let sound = |point: &PointFindings| prepared.fault_of(point).is_none();
    let journal = Journal::open(&folder.join("parts"), &prepared.title, shard, sound)?;
    let pool = args.threads.pool()?;
    progress::listen();
    let Some(points) = pool.install(|| run(args, &prepared, shard, &journal))? else {
        return Ok(130);
    };
    if args.shard.is_some() {
        journal.finish(&prepared.title, shard, &points)?;
        if !args.loudness.quiet {
            let place = super::parts::place(&folder.join("parts"), shard);
            say(&format!("{} points: {}", points.len(), place.display()));
        }
        return Ok(0);
    }
    pool.install(|| write(&prepared, points, &folder, args.loudness))?;
    journal.forget();
    Ok(0)
}

/// Runs the points of a shard that are not done yet; `None` if Ctrl-C came between.
fn run(
    args: &SweepArgs,
    prepared: &Prepared,
    shard: Shard,
    journal: &Journal,
) -> Result<Option<Vec<PointFindings>>, Fault> {
    let own: Vec<usize> = (0..prepared.grid.len()).filter(|point| shard.has(*point)).collect();
    let left: Vec<usize> =
        own.iter().copied().filter(|point| !journal.done.contains_key(point)).collect();
    let done = own.len() - left.len();
    if done > 0 && !args.loudness.quiet {
        say(&format!("{done} of {} points were done before", own.len()));
    }
    let bar = progress::bar(own.len(), done, "points", args.loudness.quiet);
    let found: Result<Vec<Option<PointFindings>>, Fault> = parallel::try_map(&left, |point| {
        if progress::stopped() {
            return Ok(None);
        }
        let found = run_point(&prepared.draft, &prepared.grid, *point)
            .map_err(|why| told(&args.file, &why))?;
        journal.keep(&found)?;
        bar.inc(1);
        Ok(Some(found))
    });
    bar.finish_and_clear();
    let mut all: BTreeMap<usize, PointFindings> =
        journal.done.iter().map(|(point, found)| (*point, found.clone())).collect();
    all.extend(found?.into_iter().flatten().map(|found| (found.point, found)));
    if all.len() < own.len() {
        let kept = format!("stopped: {} of {} points are done and kept", all.len(), own.len());
        say(&format!("{kept}; the same command goes on from there"));
        return Ok(None);
    }
    Ok(Some(all.into_values().collect()))
}

fn told(file: &Path, why: &dyn Display) -> Fault {
    Fault::new(error(&format!("{}, [sweep]: {why}", file.display())))
}

/// Writes tables and pictures of all points, and prints what they say.
pub(super) fn write(
    prepared: &Prepared,
    points: Vec<PointFindings>,
    folder: &Path,
    loudness: Loudness,
) -> Result<(), Fault> {
    let found = Sweep::of(&prepared.grid, points);
    let swept = Swept { scenario: &prepared.scenario, grid: &prepared.grid, sweep: &found };
    Output::of(folder, sweep::files(swept))?.replacing(&["sweep"]).write()?;
    print(&answered(&prepared.scenario, &sweep::sentences(swept)));
    print(&format!("\n{}\n", sweep::points(swept, loudness.verbose)));
    if !loudness.quiet {
        say(&format!("report: {}", folder.join("sweep.md").display()));
    }
    Ok(())
}
