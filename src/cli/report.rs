//! `report DIR…`: stored reports as pages that need nothing beside them.

use super::inputs::{check, protect};
use super::output::Output;
use super::{Fault, error, say};
use crate::files::read_text;
use crate::report::gallery::{self, Exhibit};
use crate::report::html;
use clap::Args;
use std::path::{Path, PathBuf};

/// Make pages to send from stored results: report.html from report.md and its pictures.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReportArgs {
    /// Folders of results, as `run`, `sweep`, `size`, `readings` and `compare` write them, or
    /// folders of such folders
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Write one page about all folders instead, with each question, answer and first picture
    #[arg(long, value_name = "FILE")]
    gallery: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim report out/mine
  throttlesim report out --gallery docs/gallery.md";

pub(super) fn report(args: &ReportArgs) -> Result<u8, Fault> {
    let mut folders = Vec::new();
    for folder in &args.folders {
        folders.extend(with_reports(folder)?);
    }
    match &args.gallery {
        Some(place) => gallery(&folders, place)?.write()?,
        None => folders.iter().try_for_each(|folder| pages(folder)?.write())?,
    }
    Ok(0)
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|why| cannot(folder, &why))? {
        let entry = entry.map_err(|why| cannot(folder, &why))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn has_report(names: &[String]) -> bool {
    names.iter().any(|name| name.ends_with(".md"))
}

/// A folder of results, or those that it holds where it has no report of its own.
fn with_reports(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let own = names(folder)?;
    if has_report(&own) {
        return Ok(vec![folder.into()]);
    }
    let mut found = Vec::new();
    for below in own.iter().map(|name| folder.join(name)).filter(|place| place.is_dir()) {
        if has_report(&names(&below)?) {
            found.push(below);
        }
    }
    if found.is_empty() {
        let (shown, help) = (folder.display(), "name a folder of results, such as reports/NAME");
        return Err(Fault::new(error(&format!("{shown} holds no report\n  help: {help}"))));
    }
    Ok(found)
}

/// A file of a folder of results, which nothing is written over.
fn read(place: &Path) -> Result<String, Fault> {
    protect(place);
    read_text(place).map_err(|why| cannot(place, &why))
}

fn cannot(place: &Path, why: &dyn std::fmt::Display) -> Fault {
    Fault::new(error(&format!("cannot read {}: {why}", place.display())))
}

/// One page about all folders.
fn gallery(folders: &[PathBuf], place: &Path) -> Result<Output, Fault> {
    let exhibits = folders.iter().map(|folder| exhibit(folder, place));
    let page = gallery::markdown(&exhibits.collect::<Result<Vec<_>, Fault>>()?);
    check(place)?;
    let mut output = Output::default();
    output.add(place.into(), page);
    say(&format!("gallery: {}", place.display()));
    Ok(output)
}

/// What a gallery at `page` shows of a folder.
fn exhibit(folder: &Path, page: &Path) -> Result<Exhibit, Fault> {
    let place = folder.join("summary.json");
    let summary: serde_json::Value =
        serde_json::from_str(&read(&place)?).map_err(|why| cannot(&place, &why))?;
    let text = |key: &str| {
        let help = "help: run the scenario again";
        let missing = || cannot(&place, &format!("it has no `{key}`\n  {help}"));
        summary[key].as_str().map(String::from).ok_or_else(missing)
    };
    let linked =
        |name: &str| path_from(page, &folder.join(name)).map_err(|why| cannot(folder, &why));
    let picture = html::first_picture(&read(&folder.join("report.md"))?);
    Ok(Exhibit {
        question: text("question")?,
        answer: text("answer")?,
        picture: picture.map(|(title, file)| Ok((title, linked(&file)?))).transpose()?,
        report: linked("report.md")?,
    })
}

/// The path of a file as a page beside which it does not stand links to it, with `/`.
fn path_from(page: &Path, file: &Path) -> std::io::Result<String> {
    let (page, file) = (std::path::absolute(page)?, std::path::absolute(file)?);
    let folder = page.parent().unwrap_or(&page);
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".into());
    let down = file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// A page for each Markdown report of a folder.
fn pages(folder: &Path) -> Result<Output, Fault> {
    let names = names(folder)?;
    let reports = names.iter().filter_map(|name| name.strip_suffix(".md"));
    let mut stored = html::Stored::new();
    for name in names.iter().filter(|name| html::is_part(name) || name.ends_with(".md")) {
        stored.insert(name.clone(), read(&folder.join(name))?);
    }
    let mut output = Output::default();
    for name in reports {
        let place = folder.join(format!("{name}.html"));
        let Some(page) = html::page(name, &stored) else { continue };
        output.add(place.clone(), page);
        say(&format!("page: {}", place.display()));
    }
    Ok(output)
}
