//! Loading scenarios, with what the command line changes in them.

use super::inputs::protect;
use super::{Changes, Fault, ScenarioArgs, error};
use crate::catalog::Problem;
use crate::files::read_text;
use crate::scenario::{Draft, Problems, Scenario, set};
#[cfg(feature = "serve")]
use crate::serve::Opened;
use crate::study::readable;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Every scenario named, or everything that is wrong with them.
pub(super) fn load(args: &ScenarioArgs) -> Result<Vec<Scenario>, Fault> {
    let mut scenarios = Vec::new();
    let mut faults = Vec::new();
    for file in &args.files {
        match load_one(file, &args.changes) {
            Ok((_, scenario)) => scenarios.push(scenario),
            Err(Fault(message)) => faults.push(message),
        }
    }
    if faults.is_empty() { Ok(scenarios) } else { Err(Fault(faults.join("\n\n"))) }
}

/// Refuses scenarios whose results would lie in one folder of `out`.
///
/// Folders have the names of the files. Names that differ only in case are one on many disks, and a
/// link makes one folder of two names.
pub(super) fn check_folders(files: &[PathBuf], out: &Path) -> Result<(), Fault> {
    let places: Vec<(Option<String>, Option<PathBuf>)> = files
        .iter()
        .map(|file| {
            let stem = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase());
            let folder = file.file_stem().map(|stem| out.join(stem));
            (stem, folder.and_then(|folder| folder.canonicalize().ok()))
        })
        .collect();
    let mut faults = Vec::new();
    for (number, (stem, folder)) in places.iter().enumerate() {
        let same = |(other, other_folder): &(Option<String>, Option<PathBuf>)| {
            other == stem || (folder.is_some() && other_folder == folder)
        };
        if let Some(earlier) = places[..number].iter().position(same) {
            let (a, b) = (files[earlier].display(), files[number].display());
            let message = format!("the results of {a} and {b} would share a folder: rename one");
            faults.push(error(&message));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Fault(faults.join("\n"))) }
}

/// A scenario's name is that of its file, and its results lie in a folder of that name.
fn name_of(file: &Path) -> Result<String, String> {
    let stem = file.file_stem().map_or("scenario".into(), |stem| stem.to_string_lossy());
    let harmless = |c: char| !c.is_control() && !std::path::is_separator(c);
    match stem.chars().all(harmless) && !stem.chars().all(|c| c == '.') {
        true => Ok(stem.into_owned()),
        false => Err(format!(
            "{}: results would lie in a folder of the name “{stem}”, which is none: rename the \
             file",
            file.display()
        )),
    }
}

/// One scenario, and its text with what the command line changes.
pub(super) fn load_one(file: &Path, args: &Changes) -> Result<(Draft, Scenario), Fault> {
    let (mut draft, is_changed) = draft_of(file, args)?;
    let scenario = read(&draft, file, is_changed)?;
    draft.inputs.clone_from(&scenario.inputs);
    Ok((draft, scenario))
}

/// The same of a scenario that may have no strategy: it is read with one that does nothing special.
pub(super) fn load_advised(file: &Path, args: &Changes) -> Result<(Draft, Scenario), Fault> {
    let (mut draft, is_changed) = draft_of(file, args)?;
    let scenario = read(&readable(&draft), file, is_changed)?;
    draft.inputs.clone_from(&scenario.inputs);
    Ok((draft, scenario))
}

/// A scenario that is open for calls.
#[cfg(feature = "serve")]
pub(super) fn load_served(file: &Path, args: &Changes) -> Result<Opened, Fault> {
    let (draft, is_changed) = draft_of(file, args)?;
    let opened = Opened::scenario(&draft.name, &draft.text, &draft.folder)
        .map_err(|list| unread(&draft, file, is_changed, list))?;
    opened.scenario.inputs.iter().for_each(|input| protect(&input.path));
    Ok(opened)
}

/// A scenario's text with what the command line changes, and whether it changes anything.
fn draft_of(file: &Path, args: &Changes) -> Result<(Draft, bool), Fault> {
    let shown = file.display().to_string();
    let mut text = read_text(file)
        .map_err(|reason| Fault::new(error(&format!("cannot read {shown}: {reason}"))))?;
    protect(file);
    let mut sets = args.sets.clone();
    sets.extend(args.seed.map(|seed| format!("seed={seed}")));
    sets.extend(args.replications.map(|number| format!("replications={number}")));
    for assignment in &sets {
        text = set(&text, assignment)
            .map_err(|wrong| wrong.of_option("--set").to_string())
            .map_err(|message| Fault::new(error(&format!("{shown}: {message}"))))?;
    }
    let name = name_of(file).map_err(|message| Fault::new(error(&message)))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    Ok((Draft { name, text, folder: folder.into(), inputs: Vec::new() }, !sets.is_empty()))
}

fn read(draft: &Draft, file: &Path, is_changed: bool) -> Result<Scenario, Fault> {
    let scenario = draft.scenario().map_err(|list| unread(draft, file, is_changed, list))?;
    scenario.inputs.iter().for_each(|input| protect(&input.path));
    Ok(scenario)
}

/// What is wrong with a scenario.
fn unread(draft: &Draft, file: &Path, is_changed: bool, list: Vec<Problem>) -> Fault {
    let changed = if is_changed { " (with what --set changes)" } else { "" };
    let name = format!("{}{changed}", file.display());
    let problems = Problems::new(&name, &draft.text, list);
    Fault(problems.render(std::io::stderr().is_terminal()))
}
