//! Files that appear whole or not at all.
//!
//! Everything is written beside its place under another name first; only when all of it lies on
//! the disk is it renamed into place. What was there before stays until then.

use super::{Fault, error};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::NamedTempFile;

/// Held while files that belong together are written.
static WRITING: Mutex<()> = Mutex::new(());

/// Does something while no files are being written.
pub(super) fn when_whole(act: impl FnOnce()) {
    let _whole = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    act();
}

/// Files that belong together.
#[derive(Debug, Default)]
pub(super) struct Output {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Output {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, bytes: impl Into<Vec<u8>>) {
        self.files.push((path, bytes.into()));
    }

    /// Files of a folder, each under its name; or why there are none.
    pub fn of(folder: &Path, files: Result<Vec<(String, Vec<u8>)>, String>) -> Result<Self, Fault> {
        let files = files.map_err(|message| Fault::new(error(&message)))?;
        let placed = files.into_iter().map(|(name, bytes)| (folder.join(name), bytes));
        Ok(Self { files: placed.collect() })
    }

    /// The names of its files.
    pub fn names(&self) -> Vec<String> {
        let names = self.files.iter().filter_map(|(path, _)| path.file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    /// Writes all files, or none.
    pub fn write(self) -> Result<(), Fault> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, _) in &self.files {
            if path.is_dir() {
                let folder = std::io::Error::from(std::io::ErrorKind::IsADirectory);
                return Err(fault("write", path, &folder));
            }
        }
        let mut written = Vec::with_capacity(self.files.len());
        for (path, bytes) in self.files {
            let file = whole(&path, |file| file.write_all(&bytes))?;
            written.push((file, path));
        }
        for (file, path) in written {
            keep(file, &path)?;
        }
        Ok(())
    }
}

/// Removes the pictures of an earlier run whose names begin so and that this
/// one has not drawn.
pub(super) fn forget(folder: &Path, kinds: &[&str], written: &[String]) -> Result<(), Fault> {
    let entries = fs::read_dir(folder).map_err(|e| fault("read", folder, &e))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = kinds.iter().any(|kind| name.starts_with(kind));
        let picture = name.ends_with(".png") || name.ends_with(".svg");
        if ours && picture && !written.contains(&name) {
            fs::remove_file(entry.path()).map_err(|e| fault("remove", &entry.path(), &e))?;
        }
    }
    Ok(())
}

/// A new file beside `path`, filled and on the disk, but not yet in its place.
pub(super) fn whole(
    path: &Path,
    fill: impl FnOnce(&mut NamedTempFile) -> std::io::Result<()>,
) -> Result<NamedTempFile, Fault> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| fault("make the folder", parent, &e))?;
    let mut file = NamedTempFile::new_in(parent).map_err(|e| fault("write to", parent, &e))?;
    fill(&mut file)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| fault("write", path, &e))?;
    Ok(file)
}

/// Puts a filled file in its place.
pub(super) fn keep(file: NamedTempFile, path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = file.as_file().set_permissions(fs::Permissions::from_mode(0o644));
    }
    file.persist(path).map(drop).map_err(|e| fault("write", path, &e.error))
}

pub(super) fn fault(verb: &str, path: &Path, reason: &std::io::Error) -> Fault {
    let hint = "what was there before is untouched; choose another place with --out";
    Fault::new(error(&format!("cannot {verb} {}: {reason}\n  {hint}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(!good.exists());
        assert_eq!(fs::read_to_string(&old).expect("kept"), "before");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }
}
