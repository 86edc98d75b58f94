//! Loading scenarios, with what the command line changes in them.

use super::{Changes, Fault, ScenarioArgs, error};
use crate::scenario::{Draft, Problems, Scenario, set};
use std::fs;
use std::io::IsTerminal;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most that is read of a scenario file \[bytes\].
const LARGEST: u64 = 16 * 1024 * 1024;

/// Every scenario named, or everything that is wrong with them.
pub(super) fn load(args: &ScenarioArgs) -> Result<Vec<Scenario>, Fault> {
    let mut scenarios = Vec::new();
    let mut faults = Vec::new();
    for (number, file) in args.files.iter().enumerate() {
        let same = |earlier: &&PathBuf| earlier.file_stem() == file.file_stem();
        if let Some(earlier) = args.files[..number].iter().find(same) {
            let (a, b) = (earlier.display(), file.display());
            faults.push(error(&format!("{a} and {b} would write the same report: rename one")));
        }
        match load_one(file, &args.changes) {
            Ok((_, scenario)) => scenarios.push(scenario),
            Err(Fault(message)) => faults.push(message),
        }
    }
    if faults.is_empty() { Ok(scenarios) } else { Err(Fault(faults.join("\n\n"))) }
}

/// The text of a file, or why there is none.
fn read(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map(|open| open.take(LARGEST + 1));
    opened.and_then(|mut open| open.read_to_end(&mut bytes)).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is longer than 16 MB, which no scenario is".into());
    }
    String::from_utf8(bytes).map_err(|_| "it is no text: a scenario is UTF-8".into())
}

/// A scenario's name is that of its file, and its results lie in a folder of that name.
fn name_of(file: &Path) -> Result<String, String> {
    let stem = file.file_stem().map_or("scenario".into(), |stem| stem.to_string_lossy());
    let harmless = |c: char| !c.is_control() && !std::path::is_separator(c);
    match stem.chars().all(harmless) && !stem.chars().all(|c| c == '.') {
        true => Ok(stem.into_owned()),
        false => Err(format!(
            "{}: results would lie in a folder of the name {stem:?}, which is none: rename the \
             file",
            file.display()
        )),
    }
}

/// One scenario, and its text with what the command line changes.
pub(super) fn load_one(file: &Path, args: &Changes) -> Result<(Draft, Scenario), Fault> {
    let shown = file.display().to_string();
    let mut text = read(file)
        .map_err(|reason| Fault::new(error(&format!("cannot read {shown}: {reason}"))))?;
    let mut sets = args.sets.clone();
    sets.extend(args.seed.map(|seed| format!("seed={seed}")));
    sets.extend(args.replications.map(|number| format!("replications={number}")));
    for assignment in &sets {
        text = set(&text, assignment)
            .map_err(|message| Fault::new(error(&format!("{shown}: {message}"))))?;
    }
    let name = name_of(file).map_err(|message| Fault::new(error(&message)))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let draft = Draft { name, text, folder: folder.into() };
    let scenario = draft.scenario().map_err(|list| {
        let changed = if sets.is_empty() { "" } else { " (with what --set changes)" };
        let problems = Problems::new(&format!("{shown}{changed}"), &draft.text, list);
        Fault(problems.render(std::io::stderr().is_terminal()))
    })?;
    Ok((draft, scenario))
}
