//! A file that one run has at a time: locked while it is filled or stands for a folder, and gone
//! when the run ends.

use super::{forget_leftover, remember, remove};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// An empty file of this run's own, removed when it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    file: File,
    path: PathBuf,
    is_mine: bool,
}

impl Claim {
    /// The file at `path`, emptied; `None` if another run has it.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        Self::try_take(path, |file| match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(e)) => Err(e),
        })
    }

    /// The file at `path`, once no other run has it.
    pub fn wait(path: &Path) -> io::Result<Self> {
        let claim = Self::try_take(path, |file| file.lock().map(|()| true))?;
        claim.ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }

    fn try_take(path: &Path, lock: impl Fn(&File) -> io::Result<bool>) -> io::Result<Option<Self>> {
        loop {
            let opened = OpenOptions::new().write(true).create(true).truncate(false).open(path);
            let file = opened?;
            if !lock(&file)? {
                return Ok(None);
            }
            // Whoever had it may have moved or removed it meanwhile.
            if is_at(&file, path) {
                remember(path);
                file.set_len(0)?;
                return Ok(Some(Self { file, path: path.into(), is_mine: true }));
            }
        }
    }

    /// What it holds.
    pub const fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Moves it to `place`, where it stays.
    pub fn become_file(mut self, place: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, place)?;
        self.is_mine = false;
        forget_leftover(&self.path);
        Ok(())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.is_mine {
            remove(&self.path);
            forget_leftover(&self.path);
        }
    }
}

/// True if the open file is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (open, there) = (file.metadata(), path.metadata());
    let same = |open: fs::Metadata, there: fs::Metadata| {
        (open.dev(), open.ino()) == (there.dev(), there.ino())
    };
    open.and_then(|open| Ok(same(open, there?))).unwrap_or(false)
}

/// Where an open file can be neither moved nor removed, it is the one at its path.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
