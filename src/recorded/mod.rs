//! Recorded calls: logs in files, from a row as written to an arrival, or to the reason why it is
//! none.
//!
//! ```text
//!   csv · words · json ─► Record ─► one of the calls? ─► refused? ─► work ─► in order of time
//!                                │bad         │unmatched        │throttled
//! ```
//!
//! A file is read once as a whole (the `survey`, which learns the names and counts what is left
//! out) and again, row by row, in every replay. Both sift the rows with the same `sieve`, and
//! compare the file with what it was when it was `counted`, so that a replay meets exactly what
//! was counted, or none. Nothing here knows scenarios.

mod attempts;
mod clock;
mod columns;
mod counted;
mod csv;
mod format;
mod guess;
mod har;
mod headers;
mod json;
mod keys;
mod lines;
mod order;
mod pattern;
mod profile;
mod reader;
mod replay;
mod roll;
mod sieve;
mod source;
mod survey;
mod words;

pub use attempts::Attempts;
pub use clock::Unit;
pub use columns::{BESIDE, COST, Columns};
pub use format::Format;
pub use guess::{separator_of, statuses_among};
pub use headers::Told;
pub use profile::{Asked, Blank, Profile};
pub use replay::Replayed;
pub use survey::{Found, Given, MOST_ACCOUNTS, MOST_CALLS, Survey};

use crate::catalog::Glob;
use crate::files::Unreadable;
use crate::units::Span;
use counted::Bytes;
use har::Har;
use json::Objects;
use lines::Lines;
use source::Source;
use std::path::{Path, PathBuf};

/// The longest row that is read \[bytes\].
const LONGEST_ROW: u64 = 1024 * 1024;
/// How far rows may be out of order where nobody says: logs are written when requests
/// end, and by several processes.
pub const SORTED_WITHIN: Span = Span::from_secs(120);

/// What is read of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Record<'a> {
    /// Nanoseconds since the zero that the trace's times share.
    time: i64,
    account: Option<&'a [u8]>,
    call: Option<&'a [u8]>,
    answer: Answer<'a>,
    /// What [`Columns::beside`] names.
    beside: [Option<&'a [u8]>; BESIDE],
}

/// How a row says that it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer<'a> {
    /// It does not say.
    Unknown,
    /// With this status, from 100 to 599.
    Status(u16),
    /// With a text that is not a status.
    Strange(&'a [u8]),
}

impl<'a> Answer<'a> {
    /// A status of three digits; `429.0`, as tables with gaps write it, is one.
    fn read(text: Option<&'a [u8]>) -> Self {
        let Some(text) = text else { return Self::Unknown };
        let digits = text.strip_suffix(b".0").unwrap_or(text);
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        match number.filter(|number| (100..=599).contains(number)) {
            Some(status) => Self::Status(status),
            None => Self::Strange(text),
        }
    }

    const fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            Self::Unknown | Self::Strange(_) => None,
        }
    }
}

/// Why a row is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// The time is missing.
    NoTime,
    /// The time cannot be parsed.
    Time,
    /// The time is further back than rows are sorted.
    Back,
    /// So many rows lie within the span of sorting that it came too late.
    Crowded,
    /// The account is missing.
    NoAccount,
    /// The call is missing.
    NoCall,
    /// The number of items is missing, or is no whole number.
    Items,
    /// Not a line of an access log.
    NotCombined,
    /// Not a JSON object.
    NotJson,
    /// Longer than a row may be.
    Long,
}

impl Bad {
    /// The reason in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoTime => "no time",
            Self::Time => "its time is neither seconds nor a date",
            Self::Back => "its time is before that of a row above it by more than `sort_within`",
            Self::Crowded => "its time is before that of a million rows above it",
            Self::NoAccount => "no account",
            Self::NoCall => "no call",
            Self::Items => "its number of items is no whole number",
            Self::NotCombined => "not a line of a combined log",
            Self::NotJson => "not a JSON object with texts and numbers",
            Self::Long => "longer than a megabyte",
        }
    }
}

/// A file and what counts in it.
#[derive(Debug, Clone)]
pub struct Log {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// What counts in it.
    pub columns: Columns,
    /// The unit of times that are numbers; `None`: the size of the first tells it.
    pub unit: Option<Unit>,
    /// How far east of Greenwich dates without an offset are \[s\].
    pub east: i32,
    /// What separates the columns of a table.
    pub separator: u8,
    /// Which calls are which step; `None` if calls are named as the provider names them.
    calls: Option<Vec<(Glob, u16)>>,
    /// True if rows that the provider had refused are work like others.
    pub keep_throttled: bool,
    /// How far rows may be out of order: they are sorted.
    pub sorted_within: Span,
}

impl Log {
    /// A file whose `calls`, if any, are patterns and the steps that they stand for.
    #[must_use]
    pub const fn new(path: PathBuf, format: Format, columns: Columns) -> Self {
        Self {
            path,
            format,
            columns,
            unit: None,
            east: 0,
            separator: b',',
            calls: None,
            keep_throttled: false,
            sorted_within: SORTED_WITHIN,
        }
    }

    /// Maps calls to steps, by pattern; the first that matches counts.
    pub fn map(&mut self, calls: &[(String, u16)]) {
        let glob = |(pattern, step): &(String, u16)| (Glob::new(pattern), *step);
        self.calls = Some(calls.iter().map(glob).collect());
    }

    /// The columns that a file has, or the keys of all its objects.
    ///
    /// # Errors
    /// It is not a regular file, cannot be read, or is not of this format.
    pub fn columns_of(
        path: &Path,
        format: Format,
        separator: u8,
    ) -> Result<Vec<String>, Unreadable> {
        let file = Source::new(Bytes::open(path)?);
        match format {
            Format::Jsonl => keys::of(Objects::Lines(Lines::new(file))),
            Format::Har => keys::of(Objects::Archive(Har::new(file))),
            format if format.is_table() => csv::columns(file, separator),
            format => words::columns(file, format),
        }
    }
}
