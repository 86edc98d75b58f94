//! Files that appear whole or not at all, and together with those that belong to them.
//!
//! ```text
//!   claim the folder ─► write all into `.unfinished` ─► mark it complete ─► rename one by one ─►
//!   remove `.unfinished`, give the claim up
//! ```
//!
//! What was there before stays until all that is new lies on the disk. A run that is killed before
//! the mark has changed nothing, and the next run removes what it left; one that is killed after it
//! is finished by the next run. Ctrl-C removes what is not complete, and waits for what is.

mod claim;

use super::{Fault, error, inputs};
use crate::report::{self, ReportError, html};
use claim::Claim;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Held while files that belong together are put in their places.
static WRITING: Mutex<()> = Mutex::new(());

/// Files and folders to be removed if the program ends now.
static LEFTOVERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Does something while no files are put in their places, when unfinished ones are removed; nothing
/// is written after it.
pub(super) fn when_whole(act: impl FnOnce()) {
    let _whole = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut leftovers = LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner);
    for path in leftovers.drain(..) {
        remove(&path);
    }
    act();
}

/// From now on `path` is removed if the program ends.
fn remember(path: &Path) {
    LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner).push(path.into());
}

fn forget_leftover(path: &Path) {
    let mut leftovers = LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner);
    leftovers.retain(|known| known != path);
}

fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Where the files of a folder are written first.
const UNFINISHED: &str = ".unfinished";
/// The file in it that says that it is complete, and names the files that are to go.
const COMPLETE: &str = ".complete";

/// Files that belong together.
#[derive(Debug, Default)]
pub(super) struct Output {
    files: Vec<(PathBuf, Vec<u8>)>,
    /// How the names of pictures begin that go if they are not written anew.
    replaced: &'static [&'static str],
}

impl Output {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, bytes: impl Into<Vec<u8>>) {
        self.files.push((path, bytes.into()));
    }

    /// Files of a folder, each under its name, and a page for each report; or why there are none.
    pub fn of(folder: &Path, files: Result<Vec<report::File>, ReportError>) -> Result<Self, Fault> {
        let files = files.map_err(|why| Fault::new(error(&why.to_string())))?;
        let placed =
            html::with_pages(files).into_iter().map(|(name, bytes)| (folder.join(name), bytes));
        Ok(Self { files: placed.collect(), replaced: &[] })
    }

    /// The same, in the place of all pictures of an earlier run whose names begin so.
    pub fn replacing(self, kinds: &'static [&'static str]) -> Self {
        Self { replaced: kinds, ..self }
    }

    /// Writes all files, or none.
    pub fn write(self) -> Result<(), Fault> {
        write_together(vec![self], None)
    }

    /// Writes all files beside their places.
    fn stage(self) -> Result<Vec<Staged>, Fault> {
        for (path, _) in &self.files {
            inputs::check(path)?;
            if path.is_dir() {
                let folder = std::io::Error::from(std::io::ErrorKind::IsADirectory);
                return Err(fault("write", path, &folder));
            }
        }
        let mut folders: BTreeMap<PathBuf, Vec<(PathBuf, Vec<u8>)>> = BTreeMap::new();
        for (path, bytes) in self.files {
            folders.entry(folder_of(&path).into()).or_default().push((path, bytes));
        }
        let stage = |(folder, files): (PathBuf, Vec<_>)| Staged::new(folder, files, self.replaced);
        folders.into_iter().map(stage).collect()
    }
}

/// Writes the files of several outputs, and one that grew meanwhile, or none of them.
pub(super) fn write_together(
    mut outputs: Vec<Output>,
    filled: Option<Filled>,
) -> Result<(), Fault> {
    // All runs claim folders in one order, so that no two wait for each other.
    outputs.sort_by(|a, b| a.files.iter().map(|f| &f.0).cmp(b.files.iter().map(|f| &f.0)));
    let mut staged = Vec::new();
    for output in outputs {
        staged.extend(output.stage()?);
    }
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    for folder in &staged {
        folder.complete()?;
    }
    for folder in staged {
        folder.settle()?;
    }
    filled.map_or(Ok(()), Filled::settle)
}

/// Files of a folder that lie beside their places.
struct Staged {
    folder: PathBuf,
    /// The names of files that go.
    outdated: Vec<String>,
    is_settled: bool,
    /// Given up last.
    _claim: Claim,
}

impl Staged {
    fn new(
        folder: PathBuf,
        files: Vec<(PathBuf, Vec<u8>)>,
        replaced: &[&str],
    ) -> Result<Self, Fault> {
        fs::create_dir_all(&folder).map_err(|e| fault("make the folder", &folder, &e))?;
        let shown = &files[0].0;
        let claim = Claim::wait(&folder.join(format!("{UNFINISHED}.claim")))
            .map_err(|e| fault("write", shown, &e))?;
        recover(&folder).map_err(|e| fault("finish what an earlier run left in", &folder, &e))?;
        let stage = folder.join(UNFINISHED);
        let mut staged = Self { folder, outdated: Vec::new(), is_settled: false, _claim: claim };
        remember(&stage);
        fs::create_dir(&stage).map_err(|e| fault("write", shown, &e))?;
        let mut names = Vec::new();
        for (path, bytes) in &files {
            let name = path.file_name().unwrap_or_default();
            write_down(&stage.join(name), bytes).map_err(|e| fault("write", path, &e))?;
            names.push(name.to_string_lossy().into_owned());
        }
        staged.outdated = outdated(&staged.folder, replaced, &names)
            .map_err(|e| fault("read", &staged.folder, &e))?;
        Ok(staged)
    }

    /// From now on what is staged replaces what was there, whatever comes between.
    fn complete(&self) -> Result<(), Fault> {
        let mark = self.folder.join(UNFINISHED).join(COMPLETE);
        write_down(&mark, self.outdated.join("\n").as_bytes())
            .map_err(|e| fault("write", &self.folder, &e))
    }

    fn settle(mut self) -> Result<(), Fault> {
        self.is_settled = true;
        forget_leftover(&self.folder.join(UNFINISHED));
        recover(&self.folder).map_err(|e| fault("write to", &self.folder, &e))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let stage = self.folder.join(UNFINISHED);
        if !self.is_settled {
            remove(&stage);
            forget_leftover(&stage);
        }
    }
}

/// Puts complete files of a folder in their places, and removes files that were never completed.
fn recover(folder: &Path) -> std::io::Result<()> {
    let stage = folder.join(UNFINISHED);
    if !stage.exists() {
        return Ok(());
    }
    let Ok(outdated) = fs::read_to_string(stage.join(COMPLETE)) else {
        return fs::remove_dir_all(&stage);
    };
    for entry in fs::read_dir(&stage)? {
        let entry = entry?;
        if entry.file_name() != COMPLETE {
            fs::rename(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    for name in outdated.lines() {
        let _ = fs::remove_file(folder.join(name));
    }
    fs::remove_dir_all(&stage)
}

/// The names of pictures of an earlier run that begin so, and that are not written anew.
fn outdated(folder: &Path, kinds: &[&str], written: &[String]) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    if kinds.is_empty() {
        return Ok(names);
    }
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = kinds.iter().any(|kind| name.starts_with(kind));
        let picture = name.ends_with(".png") || name.ends_with(".svg");
        if ours && picture && !written.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// A new file with these bytes, on the disk.
fn write_down(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// A file that is filled beside its place.
#[derive(Debug)]
pub(super) struct Filled {
    claim: Claim,
    place: PathBuf,
}

impl Filled {
    /// An empty file beside `place`, which `option` names. Only one run at a time has it.
    pub fn new(place: &Path, option: &'static str) -> Result<Self, Fault> {
        inputs::check(place)?;
        let folder = folder_of(place);
        let fault = |verb: &str, e: &std::io::Error| unwritten(verb, folder, e, option);
        fs::create_dir_all(folder).map_err(|e| fault("make the folder", &e))?;
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let claim = Claim::take(&folder.join(format!(".tmp-{name}")));
        let claim = claim.map_err(|e| fault("write to", &e))?.ok_or_else(|| {
            let place = place.display();
            Fault::new(error(&format!(
                "another run is writing {place}: wait until it is done, or name another file"
            )))
        })?;
        Ok(Self { claim, place: place.into() })
    }

    /// What is to be filled.
    pub const fn file(&mut self) -> &mut File {
        self.claim.file()
    }

    /// Puts it in its place.
    pub fn settle(self) -> Result<(), Fault> {
        let Self { claim, place } = self;
        claim.become_file(&place).map_err(|e| fault("write", &place, &e))
    }
}

/// Writes one file, which `option` names, whole or not at all.
pub(super) fn write_one(
    path: &Path,
    option: &'static str,
    fill: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<(), Fault> {
    let mut filled = Filled::new(path, option)?;
    fill(filled.file()).map_err(|e| unwritten("write", path, &e, option))?;
    write_together(Vec::new(), Some(filled))
}

pub(super) fn fault(verb: &str, path: &Path, reason: &std::io::Error) -> Fault {
    unwritten(verb, path, reason, "--out")
}

/// What an option names cannot be written.
fn unwritten(verb: &str, path: &Path, reason: &std::io::Error, option: &str) -> Fault {
    let hint = format!("what was there before is untouched; choose another place with {option}");
    Fault::new(error(&format!("cannot {verb} {}: {reason}\n  {hint}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable").flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_appear_or_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let (good, old) = (folder.path().join("good.txt"), folder.path().join("old.txt"));
        fs::write(&old, "before").expect("written");
        let mut output = Output::default();
        output.add(good.clone(), "new");
        output.add(old.join("below-a-file.txt"), "new");
        let message = output.write().expect_err("a file is no folder").0;
        assert!(message.contains("old.txt") && message.contains("untouched"), "{message}");
        assert_eq!(fs::read_to_string(&old).expect("kept"), "before");
        assert_eq!(names(folder.path()), ["old.txt"]);
        let mut output = Output::default();
        output.add(good, "new");
        output.write().expect("written");
        assert_eq!(names(folder.path()), ["good.txt", "old.txt"]);
    }

    #[test]
    fn pictures_that_are_not_drawn_anew_go() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["level-1.png", "level-2.png", "level.txt", "other.png"] {
            fs::write(folder.path().join(name), "before").expect("written");
        }
        let files = Ok(vec![("level-1.png".into(), b"new".to_vec())]);
        let output = Output::of(folder.path(), files).expect("files").replacing(&["level"]);
        output.write().expect("written");
        assert_eq!(names(folder.path()), ["level-1.png", "level.txt", "other.png"]);
        assert_eq!(fs::read(folder.path().join("level-1.png")).expect("read"), b"new");
    }

    /// A run that was killed before all of it was on the disk, and one that was killed after.
    #[test]
    fn the_next_run_removes_or_finishes_what_a_killed_one_left() {
        for is_complete in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let stage = folder.path().join(UNFINISHED);
            fs::create_dir(&stage).expect("made");
            fs::write(folder.path().join("a.txt"), "old").expect("written");
            fs::write(folder.path().join("b.png"), "old").expect("written");
            fs::write(stage.join("a.txt"), "new").expect("written");
            if is_complete {
                fs::write(stage.join(COMPLETE), "b.png").expect("written");
            }
            let mut output = Output::default();
            output.add(folder.path().join("c.txt"), "c");
            output.write().expect("written");
            let (text, left): (&str, &[&str]) = match is_complete {
                true => ("new", &["a.txt", "c.txt"]),
                false => ("old", &["a.txt", "b.png", "c.txt"]),
            };
            assert_eq!(fs::read_to_string(folder.path().join("a.txt")).expect("a text"), text);
            assert_eq!(names(folder.path()), left);
        }
    }

    #[test]
    fn one_run_at_a_time_fills_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("e.jsonl");
        let mut first = Filled::new(&place, "--out").expect("a file");
        let message = Filled::new(&place, "--out").expect_err("it is taken").0;
        assert!(message.contains("another run is writing"), "{message}");
        first.file().write_all(b"first").expect("written");
        first.settle().expect("in its place");
        // What a killed run left is begun anew.
        fs::write(folder.path().join(".tmp-e.jsonl"), "half a li").expect("written");
        let mut second = Filled::new(&place, "--out").expect("a file");
        second.file().write_all(b"2").expect("written");
        second.settle().expect("in its place");
        assert_eq!(fs::read(&place).expect("read"), b"2");
        drop(Filled::new(&place, "--out").expect("a file"));
        assert_eq!(names(folder.path()), ["e.jsonl"]);
    }
}
