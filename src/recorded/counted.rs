//! The bytes of a log, and whether they are still those that were counted.
//!
//! ```text
//!   survey   open ─► read to the length that it had ─► same stamp? ─► Counted (stamp, digest)
//!   replay   open, same stamp? ─► read as many bytes ─► same stamp, and the same digest?
//! ```

#[cfg(test)]
use super::source::Source;
use crate::files::{self, Digest, Unreadable};
use crate::workload::Change;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::path::Path;

/// What begins a file that gzip has compressed.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What tells a file from another, and from itself after it was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Device and number on it, where the system has such.
    identity: (u64, u64),
    length: u64,
    /// When it was written last, in whatever the system counts.
    modified: (i64, i64),
}

/// What was counted: all the bytes of this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    stamp: Stamp,
    /// A number that stands for the bytes.
    pub digest: u64,
}

/// A file that is read no further than to the length that it had when it was opened.
#[derive(Debug)]
pub(super) struct Bytes {
    file: File,
    stamp: Stamp,
    left: u64,
    digest: Digest,
    /// True if gzip has compressed it.
    pub is_gzip: bool,
}

impl Bytes {
    /// Opens a regular file.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let mut file = files::open(path)?;
        let stamp = Stamp::of(&file.metadata()?);
        let mut begins = Vec::with_capacity(GZIP.len());
        (&mut file).take(GZIP.len() as u64).read_to_end(&mut begins)?;
        file.rewind()?;
        let is_gzip = begins == GZIP;
        Ok(Self { file, stamp, left: stamp.length, digest: Digest::NOTHING, is_gzip })
    }

    /// Opens the file that was counted.
    pub fn open_again(path: &Path, counted: &Counted) -> Result<Self, Change> {
        let bytes = Self::open(path).map_err(|unreadable| match unreadable {
            Unreadable::Failed(error) => because(&error),
            _ => Change::Replaced,
        })?;
        bytes.stamp.is_as(&counted.stamp)?;
        Ok(bytes)
    }

    /// What was counted, once all of it was read.
    pub fn counted(&self) -> Result<Counted, Unreadable> {
        let now = Stamp::of(&self.file.metadata()?);
        if now != self.stamp || self.left > 0 {
            return Err(Unreadable::Changed);
        }
        Ok(Counted { stamp: now, digest: self.digest.value() })
    }

    /// Whether what was read so far is as it was counted, and the file still in its place.
    pub fn check(&self, path: &Path, counted: &Counted) -> Result<(), Change> {
        let here = self.file.metadata().map_err(|error| because(&error))?;
        Stamp::of(&here).is_as(&counted.stamp)?;
        let there = path.metadata().map_err(|error| because(&error))?;
        Stamp::of(&there).is_as(&counted.stamp)?;
        match self.left == 0 && self.digest.value() != counted.digest {
            true => Err(Change::Rewritten),
            false => Ok(()),
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(room.len());
        let read = self.file.read(&mut room[..most])?;
        self.digest.add(&room[..read]);
        self.left -= read as u64;
        Ok(read)
    }
}

/// Why a file that was there is not to be had.
pub(super) fn because(error: &io::Error) -> Change {
    match error.kind() {
        io::ErrorKind::NotFound => Change::Gone,
        kind => Change::Unreadable(kind),
    }
}

impl Stamp {
    #[cfg(unix)]
    fn of(file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let (identity, modified) = ((file.dev(), file.ino()), (file.mtime(), file.mtime_nsec()));
        Self { identity, length: file.len(), modified }
    }

    #[cfg(windows)]
    fn of(file: &Metadata) -> Self {
        use std::os::windows::fs::MetadataExt;
        let modified = (0, file.last_write_time().cast_signed());
        Self { identity: (0, file.creation_time()), length: file.len(), modified }
    }

    #[cfg(not(any(unix, windows)))]
    fn of(file: &Metadata) -> Self {
        Self { identity: (0, 0), length: file.len(), modified: (0, 0) }
    }

    /// Whether this is what it was before.
    fn is_as(&self, before: &Self) -> Result<(), Change> {
        match self {
            now if now.identity != before.identity => Err(Change::Replaced),
            now if now.length < before.length => Err(Change::Shorter),
            now if now.length > before.length => Err(Change::Longer),
            now if now.modified != before.modified => Err(Change::Rewritten),
            _ => Ok(()),
        }
    }
}

/// A file of this text, for tests.
#[cfg(test)]
pub(super) fn of(text: &str) -> Source {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    Source::new(Bytes::open(file.path()).expect("a file"))
}
