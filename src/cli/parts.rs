//! Parts of a sweep on the disk: a line that says what they are of, then a line for each point.
//!
//! ```text
//!   parts/part-2-of-8.jsonl.unfinished   grows by a line as each point is done
//!   parts/part-2-of-8.jsonl              all points of the shard, to be merged
//! ```
//!
//! A line that was cut off, as by a power failure, is not counted: its point is run again.

use super::output::fault;
use super::shard::Shard;
use super::{Fault, error};
use crate::files::read_text;
use crate::study::{PointFindings, fnv};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What parts must have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Title {
    pub throttlesim: String,
    pub scenario: String,
    pub seed: u64,
    /// Of the scenario's text and all that it means.
    pub fingerprint: String,
    pub points: usize,
}

/// The line that a part begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    #[serde(flatten)]
    title: Title,
    shard: [usize; 2],
}

/// The line that a finished part ends with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tail {
    /// Of all lines before.
    digest: String,
}

impl Tail {
    fn of(text: &str) -> Self {
        Self { digest: format!("{:016x}", fnv(text.bytes())) }
    }
}

/// What a part holds.
pub(super) struct Part {
    pub title: Title,
    pub shard: Shard,
    pub points: Vec<PointFindings>,
    /// How many bytes of the file are whole lines of points.
    whole: u64,
    /// True if the digest of all that follows them is that of the points.
    is_sealed: bool,
}

/// Where a shard's part lies.
pub(super) fn place(folder: &Path, shard: Shard) -> PathBuf {
    folder.join(format!("part-{}-of-{}.jsonl", shard.number, shard.of))
}

fn unfinished(place: &Path) -> PathBuf {
    place.with_extension("jsonl.unfinished")
}

/// Reads a part; `None` of a file that does not begin as one.
fn parse(text: &str) -> Option<Part> {
    let (head, rest) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(head).ok()?;
    let mut part = Part {
        title: head.title,
        shard: Shard { number: head.shard[0], of: head.shard[1] },
        points: Vec::new(),
        whole: text.len() as u64 - rest.len() as u64,
        is_sealed: false,
    };
    for line in rest.split_inclusive('\n') {
        let Some(point) = line.strip_suffix('\n').and_then(|l| serde_json::from_str(l).ok()) else {
            break;
        };
        part.points.push(point);
        part.whole += line.len() as u64;
    }
    let (points, tail) = text.split_at(usize::try_from(part.whole).ok()?);
    part.is_sealed = serde_json::from_str(tail).is_ok_and(|tail: Tail| tail == Tail::of(points));
    Some(part)
}

/// Reads a finished part.
pub(super) fn read(place: &Path) -> Result<Part, Fault> {
    let shown = place.display();
    let text =
        read_text(place).map_err(|e| Fault::new(error(&format!("cannot read {shown}: {e}"))))?;
    let part =
        parse(&text).ok_or_else(|| Fault::new(error(&format!("{shown} is no part of a sweep"))))?;
    super::inputs::protect(place);
    if !part.is_sealed {
        let points = part.points.len();
        let message = format!(
            "{shown} is damaged: its digest is not that of its {points} points: run its shard again"
        );
        return Err(Fault::new(error(&message)));
    }
    Ok(part)
}

/// A part that grows.
pub(super) struct Journal {
    place: PathBuf,
    file: Mutex<File>,
    /// What earlier runs had done.
    pub done: BTreeMap<usize, PointFindings>,
}

impl Journal {
    /// Opens the part of a shard, with what an earlier run of the same sweep has left.
    ///
    /// A part with a point for which `sound` does not hold is begun anew.
    pub fn open(
        folder: &Path,
        title: &Title,
        shard: Shard,
        sound: impl Fn(&PointFindings) -> bool,
    ) -> Result<Self, Fault> {
        let place = place(folder, shard);
        let growing = unfinished(&place);
        std::fs::create_dir_all(folder).map_err(|e| fault("make the folder", folder, &e))?;
        let earlier = [&growing, &place].into_iter().find_map(|file| {
            let part = parse(&read_text(file).ok()?)?;
            let own = |point: &PointFindings| shard.has(point.point) && sound(point);
            let trusted = part.points.iter().all(own) && (file == &growing || part.is_sealed);
            let same = part.title == *title && part.shard == shard && trusted;
            same.then_some((file == &growing, part))
        });
        super::inputs::check(&growing)?;
        let told = |e: std::io::Error| fault("write", &growing, &e);
        let mut done = BTreeMap::new();
        let file = match earlier {
            Some((true, part)) => {
                let mut file = OpenOptions::new().write(true).open(&growing).map_err(told)?;
                file.set_len(part.whole).map_err(told)?;
                file.seek(std::io::SeekFrom::End(0)).map_err(told)?;
                done.extend(part.points.into_iter().map(|point| (point.point, point)));
                file
            }
            other => {
                let mut file = File::create(&growing).map_err(told)?;
                let head = Head { title: title.clone(), shard: [shard.number, shard.of] };
                let mut lines = line(&head)?;
                if let Some((_, part)) = other {
                    for point in part.points {
                        lines += &line(&point)?;
                        done.insert(point.point, point);
                    }
                }
                file.write_all(lines.as_bytes()).map_err(told)?;
                file
            }
        };
        Ok(Self { place, file: Mutex::new(file), done })
    }

    /// Keeps what was found at a point.
    pub fn keep(&self, point: &PointFindings) -> Result<(), Fault> {
        let line = line(point)?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(|e| fault("write", &self.place, &e))
    }

    /// Makes the part a finished one, its points in order.
    pub fn finish(
        self,
        title: &Title,
        shard: Shard,
        points: &[PointFindings],
    ) -> Result<(), Fault> {
        let head = Head { title: title.clone(), shard: [shard.number, shard.of] };
        let mut text = line(&head)?;
        for point in points {
            text += &line(point)?;
        }
        text += &line(&Tail::of(&text))?;
        let mut output = super::output::Output::default();
        output.add(self.place.clone(), text);
        output.write()?;
        self.forget();
        Ok(())
    }

    /// Removes what is needed no more.
    pub fn forget(self) {
        drop(self.file);
        let _ = std::fs::remove_file(unfinished(&self.place));
        // The folder goes with its last part, and stays if there are others.
        let _ = self.place.parent().map(std::fs::remove_dir);
    }
}

fn line(of: &impl Serialize) -> Result<String, Fault> {
    let text = serde_json::to_string(of);
    text.map(|text| text + "\n").map_err(|e| Fault::new(error(&e.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title() -> Title {
        Title {
            throttlesim: "0".into(),
            scenario: "s".into(),
            seed: 1,
            fingerprint: "f".into(),
            points: 3,
        }
    }

    #[test]
    fn a_line_cut_off_is_not_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal =
            Journal::open(folder.path(), &title(), Shard::WHOLE, |_| true).expect("a journal");
        for point in [2, 0] {
            journal.keep(&PointFindings { point, strategies: Vec::new() }).expect("kept");
        }
        drop(journal);
        let place = unfinished(&place(folder.path(), Shard::WHOLE));
        let text = std::fs::read_to_string(&place).expect("a part");
        std::fs::write(&place, &text[..text.len() - 5]).expect("cut");
        let journal =
            Journal::open(folder.path(), &title(), Shard::WHOLE, |_| true).expect("a journal");
        assert_eq!(journal.done.keys().copied().collect::<Vec<_>>(), [2]);
        journal.keep(&PointFindings { point: 1, strategies: Vec::new() }).expect("kept");
        drop(journal);
        let other = Title { seed: 2, ..title() };
        let journal =
            Journal::open(folder.path(), &title(), Shard::WHOLE, |_| true).expect("a journal");
        assert_eq!(journal.done.keys().copied().collect::<Vec<_>>(), [1, 2]);
        let journal =
            Journal::open(folder.path(), &other, Shard::WHOLE, |_| true).expect("a journal");
        assert!(journal.done.is_empty(), "another seed begins anew");
    }
}
