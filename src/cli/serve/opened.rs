//! What is served: a scenario's file, a catalogue's file, or a catalogue by name.

use super::super::catalog::{faults, open};
use super::super::inputs::protect;
use super::super::{Changes, Fault, error, scenarios};
use crate::catalog::nearest_names;
use crate::files::read_text;
use crate::serve::Opened;
use std::path::Path;

/// Opens what a command names.
pub(in crate::cli) fn opened(what: &str, changes: &Changes) -> Result<Opened, Fault> {
    let path = Path::new(what);
    let is_file = path.exists() || what.ends_with(".toml");
    if is_file && !is_catalogue(path)? {
        return scenarios::load_served(path, changes);
    }
    if let Some(option) = changing(changes) {
        let message = format!("{option} changes a scenario, and {what} is a catalogue");
        return Err(Fault::new(error(&message)));
    }
    let provider = open(what)?;
    if is_file {
        protect(path);
    }
    Opened::catalogue(what, &provider, Path::new("")).map_err(faults)
}

/// The option that changes the scenario, if one does.
const fn changing(changes: &Changes) -> Option<&'static str> {
    match (changes.sets.is_empty(), changes.seed, changes.replications) {
        (false, ..) => Some("--set"),
        (true, Some(_), _) => Some("--seed"),
        (true, None, Some(_)) => Some("--replications"),
        (true, None, None) => None,
    }
}

/// True if a file holds a catalogue. Only a scenario asks a question.
fn is_catalogue(path: &Path) -> Result<bool, Fault> {
    let text = read_text(path).map_err(|reason| {
        let near =
            near(path).map_or(String::new(), |near| format!("\n  help: did you mean {near}?"));
        Fault::new(error(&format!("cannot read {}: {reason}", path.display())) + &near)
    })?;
    // A file that is not TOML is read as a scenario, which says why it is not.
    let table: toml::Table = text.parse().unwrap_or_default();
    Ok(table.contains_key("source") && !table.contains_key("question"))
}

/// The file in the same folder whose name is nearest to that of one that does not exist.
fn near(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?.flatten();
    let names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let wanted = path.file_name()?.to_str()?;
    let known = names.iter().map(String::as_str).filter(|name| name.ends_with(".toml"));
    let near = *nearest_names(wanted, known).first()?;
    Some(path.with_file_name(near).display().to_string())
}
