//! Files that were read, over which nothing is written.
//!
//! A file is known by what it is and not by its name, so that links to it and other spellings of
//! its path are found as well.

use super::{Fault, error};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What tells a file from every other, and its path.
type Known = (Identity, PathBuf);

/// Files that were read.
static READ: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// Device and number on it.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

/// What tells a file from every other, whatever names it has; `None` if there is none.
fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        path.metadata().ok().map(|file| (file.dev(), file.ino()))
    }
    #[cfg(not(unix))]
    path.canonicalize().ok()
}

/// Lets nothing be written over a file, by whatever name it is called.
pub(super) fn protect(path: &Path) {
    let known = identity(path).map(|identity| (identity, path.to_path_buf()));
    READ.lock().unwrap_or_else(PoisonError::into_inner).extend(known);
}

/// Refuses to write over a file that was read.
pub(super) fn check(path: &Path) -> Result<(), Fault> {
    let Some(identity) = identity(path) else { return Ok(()) };
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((_, input)) = read.iter().find(|(known, _)| *known == identity) else {
        return Ok(());
    };
    let (path, input) = (path.display(), input.display());
    Err(Fault::new(error(&format!(
        "writing {path} would replace {input}, which was read: name another place"
    ))))
}
