//! `readings FILE…`: whether the answer survives what the providers leave open.

use super::output::Output;
use super::{Fault, Loudness, Out, ScenarioArgs, Threads, error, print, say, scenarios, width};
use crate::report::readings;
use crate::study::run_readings;
use clap::Args;

/// Run the scenario under every interpretation of unclear documentation.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReadingsArgs {
    #[command(flatten)]
    scenarios: ScenarioArgs,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim readings scenarios/amazon-pay-30-charges.toml";

pub(super) fn readings(args: &ReadingsArgs) -> Result<u8, Fault> {
    scenarios::check_folders(&args.scenarios.files, &args.out.out)?;
    let pool = args.threads.pool()?;
    for file in &args.scenarios.files {
        let (draft, scenario) = scenarios::load_one(file, &args.scenarios.changes)?;
        let variants = pool.install(|| run_readings(&draft, &scenario.readings));
        let variants = variants.map_err(|why| Fault::new(error(&why.to_string())))?;
        let place = args.out.out.join(&scenario.name).join("readings.md");
        let mut output = Output::default();
        output.add(place.clone(), readings::page(&scenario.readings, &variants));
        output.write()?;
        print(&readings::terminal(&scenario.readings, &variants, width()));
        if !args.loudness.quiet {
            say(&format!("report: {}", place.display()));
        }
    }
    Ok(0)
}
