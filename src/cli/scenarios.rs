//! Loading scenarios, with what the command line changes in them.

use super::{Fault, ScenarioArgs, error};
use crate::scenario::{Problems, Scenario, set};
use std::fs;
use std::io::IsTerminal;
use std::path::Path;

/// Every scenario named, or everything that is wrong with them.
pub(super) fn load(args: &ScenarioArgs) -> Result<Vec<Scenario>, Fault> {
    let mut scenarios = Vec::new();
    let mut faults = Vec::new();
    for file in &args.files {
        match load_one(file, args) {
            Ok(scenario) => scenarios.push(scenario),
            Err(Fault(message)) => faults.push(message),
        }
    }
    if faults.is_empty() { Ok(scenarios) } else { Err(Fault(faults.join("\n\n"))) }
}

fn load_one(file: &Path, args: &ScenarioArgs) -> Result<Scenario, Fault> {
    let shown = file.display().to_string();
    let bytes =
        fs::read(file).map_err(|e| Fault::new(error(&format!("cannot read {shown}: {e}"))))?;
    let mut text = String::from_utf8(bytes)
        .map_err(|_| Fault::new(error(&format!("{shown} is no text: a scenario is UTF-8"))))?;
    let mut sets = args.sets.clone();
    sets.extend(args.seed.map(|seed| format!("seed={seed}")));
    sets.extend(args.replications.map(|number| format!("replications={number}")));
    for assignment in &sets {
        text = set(&text, assignment)
            .map_err(|message| Fault::new(error(&format!("{shown}: {message}"))))?;
    }
    let name = file.file_stem().map_or("scenario".into(), |stem| stem.to_string_lossy());
    let folder = file.parent().unwrap_or(Path::new(""));
    Scenario::read(&name, &text, folder).map_err(|list| {
        let changed = if sets.is_empty() { "" } else { " (with what --set changes)" };
        let problems = Problems::new(&format!("{shown}{changed}"), &text, list);
        Fault(problems.render(std::io::stderr().is_terminal()))
    })
}
