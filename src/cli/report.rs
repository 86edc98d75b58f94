//! `report DIR…`: stored reports as pages that need nothing beside them.

use super::inputs::protect;
use super::output::Output;
use super::{Fault, error, say};
use crate::files::read_text;
use crate::report::html;
use clap::Args;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Make pages to send from stored results: report.html from report.md and its pictures.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReportArgs {
    /// Folders of results, as `run`, `sweep`, `size`, `readings` and `compare` write them
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim report reports/amazon-pay-30-charges";

pub(super) fn report(args: &ReportArgs) -> Result<u8, Fault> {
    for folder in &args.folders {
        let output = pages(folder)?;
        output.write()?;
    }
    Ok(0)
}

/// A page for each Markdown report of a folder.
fn pages(folder: &Path) -> Result<Output, Fault> {
    let shown = folder.display();
    let cannot =
        |why: &dyn std::fmt::Display| Fault::new(error(&format!("cannot read {shown}: {why}")));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|why| cannot(&why))? {
        names.push(entry.map_err(|why| cannot(&why))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let read = |name: &str| {
        let place = folder.join(name);
        protect(&place);
        read_text(&place)
            .map_err(|why| Fault::new(error(&format!("cannot read {}: {why}", place.display()))))
    };
    let mut pictures = HashMap::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".svg")) {
        pictures.insert(name.to_string(), read(&format!("{name}.svg"))?);
    }
    let mut output = Output::default();
    let reports: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".md")).collect();
    if reports.is_empty() {
        let help = "name a folder of results, such as reports/NAME";
        return Err(Fault::new(error(&format!("{shown} holds no report\n  help: {help}"))));
    }
    for name in reports {
        let place = folder.join(format!("{name}.html"));
        output.add(place.clone(), html::page(&read(&format!("{name}.md"))?, &pictures));
        say(&format!("page: {}", place.display()));
    }
    Ok(output)
}
