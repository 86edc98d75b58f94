//! `explain FILE`: what a scenario means once every default is filled in. Runs nothing.

use super::{Fault, ScenarioArgs, print, scenarios};
use crate::report::explanation;
use clap::Args;

/// Show a scenario with every default, limit and assumption filled in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    scenarios: ScenarioArgs,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim explain scenarios/ecomdash-six-at-once.toml";

pub(super) fn explain(args: &ExplainArgs) -> Result<u8, Fault> {
    for scenario in scenarios::load(&args.scenarios)? {
        print(&explanation::explain(&scenario));
    }
    Ok(0)
}
