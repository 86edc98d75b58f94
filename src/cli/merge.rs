//! `merge FILE [PART…]`: the parts of a sweep that ran on several machines, as if on one.

use super::parts::{self, Title};
use super::sweep::{Prepared, prepare, write};
use super::{Changes, Fault, Loudness, Out, error};
use crate::study::PointFindings;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Merge the parts of a sharded sweep; the files are the same as those of one unsplit run.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MergeArgs {
    /// The scenario file that was swept
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Part files [default: all parts in the scenario's output directory]
    #[arg(value_name = "PART")]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    out: Out,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim merge mine.toml
  throttlesim merge mine.toml from-other-machines/part-*.jsonl";

pub(super) fn merge(args: &MergeArgs) -> Result<u8, Fault> {
    let prepared = prepare(&args.file, &args.changes)?;
    let folder = args.out.out.join(&prepared.scenario.name);
    let places = match args.parts.is_empty() {
        true => parts_in(&folder.join("parts"))?,
        false => args.parts.clone(),
    };
    let points = gather(&prepared, &places)?;
    write(&prepared, points, &folder, args.loudness)?;
    Ok(0)
}

fn parts_in(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let shown = folder.display();
    let entries = std::fs::read_dir(folder)
        .map_err(|e| Fault::new(error(&format!("cannot read {shown}: {e}"))))?;
    let mut places: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|place| place.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    places.sort();
    if places.is_empty() {
        return Err(Fault::new(error(&format!("there are no parts in {shown}"))));
    }
    Ok(places)
}

/// All points, each once; or everything that is wrong with the parts.
fn gather(prepared: &Prepared, places: &[PathBuf]) -> Result<Vec<PointFindings>, Fault> {
    let mut found: BTreeMap<usize, (PathBuf, PointFindings)> = BTreeMap::new();
    let mut faults = Vec::new();
    for place in places {
        let part = match parts::read(place) {
            Ok(part) => part,
            Err(Fault(message)) => {
                faults.push(message);
                continue;
            }
        };
        if let Some(message) = differs(&prepared.title, &part.title) {
            faults.push(error(&format!("{}: {message}", place.display())));
            continue;
        }
        for point in part.points {
            let fault = prepared.fault_of(&point).map(|fault| fault.to_string());
            let foreign = (!part.shard.has(point.point)).then(|| "it is another shard's".into());
            if let Some(fault) = fault.or(foreign) {
                let (place, number) = (place.display(), point.point);
                faults.push(error(&format!("{place}: point {number} is wrong: {fault}")));
                break;
            }
            if let Some((other, _)) = found.get(&point.point) {
                let (place, other) = (place.display(), other.display());
                let message = format!("point {} is in {other} and in {place}", point.point);
                faults.push(error(&message));
                break;
            }
            found.insert(point.point, (place.clone(), point));
        }
    }
    let missing: Vec<usize> =
        (0..prepared.grid.len()).filter(|point| !found.contains_key(point)).collect();
    if faults.is_empty() && !missing.is_empty() {
        let few: Vec<String> = missing.iter().take(8).map(usize::to_string).collect();
        let more = if missing.len() > few.len() { ", …" } else { "" };
        let message = format!(
            "{} of {} points are missing ({}{more}): run their shards again",
            missing.len(),
            prepared.grid.len(),
            few.join(", ")
        );
        faults.push(error(&message));
    }
    match faults.is_empty() {
        true => Ok(found.into_values().map(|(_, point)| point).collect()),
        false => Err(Fault::new(faults.join("\n"))),
    }
}

/// What a part has other than the sweep that it is to be part of.
fn differs(own: &Title, other: &Title) -> Option<String> {
    let of =
        |what: &str, other: &str, own: &str| Some(format!("it is of {what} {other}, not {own}"));
    if own.throttlesim != other.throttlesim {
        return of("version", &other.throttlesim, &own.throttlesim);
    }
    if own.scenario != other.scenario {
        return of("scenario", &other.scenario, &own.scenario);
    }
    if own.seed != other.seed {
        return of("seed", &other.seed.to_string(), &own.seed.to_string());
    }
    if own != other {
        return Some(format!("`{}` said something else when it was run", own.scenario));
    }
    None
}
