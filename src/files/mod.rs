//! Files that are read: regular files only, and no more of them than memory has room for.
//!
//! A pipe or a device can be read once or never ends, and a scenario's files may be read again; so
//! they are refused before a byte is read.

mod digest;

pub use digest::Digest;

use std::fmt;
use std::fs::{File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest file that is read into memory as a whole \[bytes\]. Logs are read row by row and may
/// be longer.
pub const LONGEST_FILE: u64 = 64 * 1024 * 1024;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// A number that stands for its bytes.
    pub digest: u64,
}

/// Why a file cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The system says why.
    Failed(io::Error),
    /// It is not a regular file but this.
    NotAFile(&'static str),
    /// It has more than [`LONGEST_FILE`] bytes.
    TooLong,
    /// It is not UTF-8 from this byte on.
    NotText(usize),
    /// The row that begins on this line has more bytes than a row may have.
    LongRow(u64),
    /// It is not of the format that it should be of, for this reason.
    Unlike(&'static str),
    /// It changed while it was read.
    Changed,
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl Unreadable {
    /// What to write instead of its path in a scenario.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Failed(_) => "paths start from the scenario's own folder",
            Self::NotAFile(_) => "write the path of a regular file",
            Self::TooLong | Self::NotText(_) => "a file of this kind is a short text",
            Self::LongRow(_) => "close the quote, or check that the file is a CSV table",
            Self::Unlike(_) => "name its format: format = \"…\"",
            Self::Changed => "a log may not be written to while it is read",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(out),
            Self::NotAFile(kind) => write!(out, "it is {kind}, not a file"),
            Self::TooLong => {
                write!(out, "it is longer than {} MiB", LONGEST_FILE / (1024 * 1024))
            }
            Self::NotText(place) => write!(out, "it is not valid UTF-8 (at byte {place})"),
            Self::LongRow(line) => write!(
                out,
                "the row that begins on line {line} is longer than a megabyte (is a quote never \
                 closed?)"
            ),
            Self::Unlike(why) => out.write_str(why),
            Self::Changed => out.write_str("it changed while it was read: use a copy of it"),
        }
    }
}

/// Opens a regular file; links to one are followed.
///
/// # Errors
/// It is something else, or cannot be opened.
pub fn open(path: &Path) -> Result<File, Unreadable> {
    let found = path.metadata()?.file_type();
    if !found.is_file() {
        return Err(Unreadable::NotAFile(kind(found)));
    }
    Ok(File::open(path)?)
}

/// The text of a file.
///
/// # Errors
/// It cannot be opened or read, is longer than [`LONGEST_FILE`], or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Unreadable> {
    let file = open(path)?;
    if file.metadata()?.len() > LONGEST_FILE {
        return Err(Unreadable::TooLong);
    }
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(Unreadable::TooLong);
    }
    String::from_utf8(bytes).map_err(|e| Unreadable::NotText(e.utf8_error().valid_up_to()))
}

impl Input {
    /// A file that was read as this text.
    #[must_use]
    pub fn of(path: PathBuf, text: &str) -> Self {
        Self { path, digest: Digest::of(text.as_bytes()) }
    }
}

#[cfg(unix)]
fn kind(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if found.is_dir() => "a directory",
        () if found.is_fifo() => "a pipe",
        () if found.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn kind(found: FileType) -> &'static str {
    if found.is_dir() { "a directory" } else { "a device" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_regular_files_of_text_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("file");
        std::fs::write(&place, "é").expect("written");
        assert_eq!(read_text(&place).expect("a text"), "é");
        std::fs::write(&place, b"ab\xff").expect("written");
        assert!(matches!(read_text(&place), Err(Unreadable::NotText(2))));
        // A file with a hole takes no room on the disk.
        File::create(&place).and_then(|file| file.set_len(LONGEST_FILE + 1)).expect("made");
        assert!(matches!(read_text(&place), Err(Unreadable::TooLong)));
        let kinds = [(folder.path(), "a directory"), (Path::new("/dev/zero"), "a device")];
        for (path, kind) in kinds.into_iter().filter(|(path, _)| path.exists()) {
            assert!(matches!(read_text(path), Err(Unreadable::NotAFile(k)) if k == kind), "{kind}");
        }
        assert!(matches!(read_text(&place.join("x")), Err(Unreadable::Failed(_))));
    }
}
