//! `size FILE…`: the largest or smallest value with which all holds.

use super::output::Output;
use super::{Fault, Loudness, Out, ScenarioArgs, Threads, answered, error, print, say, scenarios};
use crate::report::size::{self, Answers};
use crate::study::{StudyError, size_all};
use clap::Args;

/// Find the largest or smallest value that still meets every expectation, and how sure that is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SizeArgs {
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
  throttlesim size scenarios/sp-api-per-application.toml
  throttlesim size mine.toml --set size.goal=smallest";

pub(super) fn size(args: &SizeArgs) -> Result<u8, Fault> {
    scenarios::check_folders(&args.scenarios.files, &args.out.out)?;
    let pool = args.threads.pool()?;
    let mut code = 0;
    for file in &args.scenarios.files {
        let (draft, scenario) = scenarios::load_one(file, &args.scenarios.changes)?;
        let Some(sizing) = &scenario.size else {
            let help = "add [size] with address, from, to, goal and meet";
            let message = format!("{} sizes nothing\n  help: {help}", file.display());
            return Err(Fault::new(error(&message)));
        };
        let sized = pool.install(|| size_all(&draft, sizing));
        let told = |why: StudyError| error(&format!("{}, [size]: {why}", file.display()));
        let sized = sized.map_err(|why| Fault::new(told(why)))?;
        let answers = Answers { scenario: &scenario, sizing, sized: &sized };
        let folder = args.out.out.join(&scenario.name);
        Output::of(&folder, size::files(answers))?.write()?;
        print(&(answered(&scenario, &size::sentences(answers)) + "\n"));
        if !args.loudness.quiet {
            say(&format!("report: {}", folder.join("size.md").display()));
        }
        code = code.max(u8::from(sized.iter().all(|one| one.answer.is_none())));
    }
    Ok(code)
}
