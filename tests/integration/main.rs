//! What must hold of the whole: worked examples, laws, bad input, recorded results, tidiness.

mod addresses;
mod advise;
mod answers;
mod arrivals;
mod bad_arrivals;
mod bad_input;
mod bad_strategies;
mod bad_trace;
mod botocore;
mod bounds;
mod changing_limits;
mod circles;
mod clients;
mod command_line;
mod corners;
mod costs;
mod deadline;
mod decisions;
mod definitions;
mod differential;
mod docs;
mod escapes;
mod examples;
mod faults;
mod fit;
mod headroom;
mod heeded;
mod hostile;
mod html;
mod kinds;
mod large;
mod layout;
mod limits;
mod log_command;
mod log_formats;
mod logs;
mod mutation;
mod nodes;
mod observed;
mod outputs;
mod pictures;
mod plans;
mod presets;
mod readme;
mod recorded;
mod reference;
mod rest;
mod runs;
mod schema;
mod sentences;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "serve")]
mod serve_net;
mod sizing;
mod steps;
mod supply;
mod ten_questions;
mod theory;
mod tidy;
mod ties;
mod told;
mod trace;
mod work;
mod worked_examples;

use std::path::{Path, PathBuf};
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// The repository's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every shipped scenario, by name.
fn shipped() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("scenarios")).expect("the scenarios");
    let files = folder.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Scenario {
    let text = std::fs::read_to_string(path).expect("a scenario");
    let name = path.file_stem().expect("a name").to_string_lossy();
    let folder = path.parent().expect("a folder");
    Scenario::read(&name, &text, folder).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"))
}

/// A scenario of the test's own.
fn scenario(text: &str) -> Scenario {
    Scenario::read("test", text, root()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A shipped scenario and what its runs found.
fn study(name: &str) -> (Scenario, Study) {
    let scenario = read(&root().join("scenarios").join(format!("{name}.toml")));
    let study = Study::run(&scenario).expect("within its bounds");
    (scenario, study)
}
