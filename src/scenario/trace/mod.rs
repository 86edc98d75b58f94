//! Traces in files: from a row as written to an arrival, or to the reason why it is none.
//!
//! ```text
//!   csv · jsonl · combined ─► Record ─► in order? ─► one of the calls? ─► refused? ─► work
//!                                            │bad         │unmatched        │throttled
//! ```
//!
//! A file is read once when the scenario is loaded (the [`survey`], which learns the names and
//! counts what is left out) and again, row by row, in every run (the [`replay`]). Both sift the
//! rows here, so that a run meets exactly what was counted.

mod combined;
mod csv;
mod jsonl;
mod lines;
mod replay;
mod survey;
mod time;
mod written;

pub use replay::Replayed;
pub use survey::{Survey, TraceReading};
pub use written::{Format, ThrottledWritten, TraceWritten};

use crate::catalog::Glob;
use crate::units::Span;
use combined::Combined;
use csv::Csv;
use jsonl::Jsonl;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// How far a row may go back in time \[ns\]: logs are written when requests end, or in parts, and
/// are shuffled by so much. What is older belongs elsewhere.
const SHUFFLED: i64 = 60_000_000_000;

/// What is read of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Record<'a> {
    /// Nanoseconds since the zero that the trace's times share.
    time: i64,
    account: Option<&'a [u8]>,
    call: Option<&'a [u8]>,
    status: Option<u16>,
}

/// Why a row is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// The time is missing.
    NoTime,
    /// The time is none.
    Time,
    /// The time is long before that of the rows before it.
    Back,
    /// The account is missing.
    NoAccount,
    /// The call is missing.
    NoCall,
    /// No line of an access log.
    NotCombined,
    /// No object of JSON.
    NotJson,
    /// No line that anybody wrote.
    Long,
}

impl Bad {
    /// The reason in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoTime => "no time",
            Self::Time => "its time is neither seconds nor a date",
            Self::Back => "more than a minute before the rows above it",
            Self::NoAccount => "no account",
            Self::NoCall => "no call",
            Self::NotCombined => "no line of a combined log",
            Self::NotJson => "no JSON object with texts and numbers",
            Self::Long => "longer than a megabyte",
        }
    }
}

/// The columns, or keys, that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// When.
    pub time: String,
    /// Whose.
    pub account: Option<String>,
    /// What was called.
    pub call: Option<String>,
    /// How it was answered.
    pub status: Option<String>,
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
    /// Which calls are which step; `None` if calls are named as the provider names them.
    calls: Option<Vec<(Glob, u16)>>,
    /// True if rows that the provider had refused are work like others.
    pub keep_throttled: bool,
}

impl Log {
    /// A file whose `calls`, if any, are patterns and the steps that they stand for.
    pub fn new(path: PathBuf, format: Format, columns: Columns) -> Self {
        Self { path, format, columns, calls: None, keep_throttled: false }
    }

    /// Maps calls to steps, by pattern; the first that matches counts.
    pub fn map(&mut self, calls: &[(String, u16)]) {
        let glob = |(pattern, step): &(String, u16)| (Glob::new(pattern), *step);
        self.calls = Some(calls.iter().map(glob).collect());
    }

    /// The columns that a file has; of JSON Lines, the keys of the first line.
    ///
    /// # Errors
    /// It is no file, or cannot be read.
    pub fn columns_of(path: &Path, format: Format) -> io::Result<Vec<String>> {
        let file = open(path)?;
        match format {
            Format::Csv => csv::columns(file),
            Format::Jsonl => jsonl::columns(file),
            Format::Combined => Ok(combined::COLUMNS.map(String::from).to_vec()),
        }
    }

    fn open(&self) -> io::Result<Sieve> {
        let file = open(&self.path)?;
        let changed = || io::Error::other("its columns have changed");
        let reader = match self.format {
            Format::Csv => Reader::Csv(Csv::new(file, &self.columns).ok_or_else(changed)?),
            Format::Jsonl => Reader::Jsonl(Jsonl::new(file, &self.columns)),
            Format::Combined => Reader::Combined(Combined::new(file, &self.columns)),
        };
        Ok(Sieve { reader, order: Order::default() })
    }
}

/// Opens what is a file: a pipe could be read only once, and a folder not at all.
fn open(path: &Path) -> io::Result<File> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no file, which is read once for every run"));
    }
    File::open(path)
}

/// A status of three digits; `429.0`, as tables with gaps write it, is one.
fn status(text: &[u8]) -> Option<u16> {
    let text = text.strip_suffix(b".0").unwrap_or(text);
    let number: u16 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (100..=599).contains(&number).then_some(number)
}

#[derive(Debug)]
enum Reader {
    Csv(Csv),
    Jsonl(Jsonl),
    Combined(Combined),
}

impl Reader {
    fn next(&mut self) -> Option<Result<Record<'_>, Bad>> {
        match self {
            Self::Csv(reader) => reader.next(),
            Self::Jsonl(reader) => reader.next(),
            Self::Combined(reader) => reader.next(),
        }
    }
}

/// Rows on their way to become arrivals.
#[derive(Debug)]
struct Sieve {
    reader: Reader,
    order: Order,
}

/// A row that has been sifted.
#[derive(Debug, PartialEq, Eq)]
enum Sifted<'a> {
    Work(Work<'a>),
    /// A call that matches no pattern.
    Unmatched(&'a [u8]),
    /// An attempt that the provider had refused.
    Throttled,
    Bad(Bad),
}

/// A row that is work.
#[derive(Debug, PartialEq, Eq)]
struct Work<'a> {
    at: Span,
    account: Option<&'a [u8]>,
    step: Step<'a>,
    /// Whether its answer is known, and was a refusal.
    throttled: Option<bool>,
}

/// What the job of a row does.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    /// All steps of its workload.
    All,
    /// The step of a pattern.
    Mapped(u16),
    /// The operation of this name.
    Named(&'a [u8]),
}

impl Sieve {
    fn next(&mut self, log: &Log) -> Option<Sifted<'_>> {
        let sifted = match self.reader.next()? {
            Ok(record) => self.order.at(record.time).and_then(|at| sift(log, &record, at)),
            Err(bad) => Err(bad),
        };
        Some(sifted.unwrap_or_else(Sifted::Bad))
    }

    /// The line of the row that was read last.
    fn line(&self) -> u64 {
        match &self.reader {
            Reader::Csv(reader) => reader.line(),
            Reader::Jsonl(reader) => reader.line(),
            Reader::Combined(reader) => reader.line(),
        }
    }

    /// Why there was no row any more, if not because the file ended.
    fn failed(&mut self) -> Option<io::Error> {
        match &mut self.reader {
            Reader::Csv(reader) => reader.failed(),
            Reader::Jsonl(reader) => reader.failed(),
            Reader::Combined(reader) => reader.failed(),
        }
    }
}

fn sift<'a>(log: &Log, record: &Record<'a>, at: Span) -> Result<Sifted<'a>, Bad> {
    let step = match (&log.calls, &log.columns.call) {
        (None, None) => Step::All,
        (None, Some(_)) => Step::Named(record.call.ok_or(Bad::NoCall)?),
        (Some(calls), _) => {
            let call = record.call.unwrap_or_default();
            match calls.iter().find(|(glob, _)| glob.matches(call)) {
                Some((_, step)) => Step::Mapped(*step),
                None => return Ok(Sifted::Unmatched(call)),
            }
        }
    };
    let throttled = record.status.map(|status| matches!(status, 429 | 503));
    if throttled == Some(true) && !log.keep_throttled {
        return Ok(Sifted::Throttled);
    }
    let account = match &log.columns.account {
        None => None,
        Some(_) => Some(record.account.filter(|name| *name != b"-").ok_or(Bad::NoAccount)?),
    };
    Ok(Sifted::Work(Work { at, account, step, throttled }))
}

/// Keeps rows in order of time.
#[derive(Debug, Default)]
struct Order {
    first: Option<i64>,
    latest: i64,
    /// Rows that were taken at the time of one before them.
    late: u64,
}

impl Order {
    /// How long after the first row this one is, at least as long as any before it.
    fn at(&mut self, time: i64) -> Result<Span, Bad> {
        let first = *self.first.get_or_insert_with(|| {
            self.latest = time;
            time
        });
        if time < self.latest.saturating_sub(SHUFFLED) {
            return Err(Bad::Back);
        }
        self.late += u64::from(time < self.latest);
        self.latest = self.latest.max(time);
        Ok(Span::from_nanos(self.latest.abs_diff(first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_in_order_and_what_is_far_back_is_bad() {
        let mut order = Order::default();
        let seconds = |s: i64| 1_795_816_800_000_000_000 + s * 1_000_000_000;
        let mut at = |s| order.at(seconds(s)).map(|at| at.as_nanos() / 1_000_000_000);
        assert_eq!([at(0), at(10), at(9), at(10)], [Ok(0), Ok(10), Ok(10), Ok(10)]);
        assert_eq!([at(-50), at(-51)], [Ok(10), Err(Bad::Back)]);
        assert_eq!((at(11), order.late), (Ok(11), 2));
        let mut order = Order::default();
        assert_eq!(order.at(i64::MIN), Ok(Span::ZERO));
        assert_eq!(order.at(i64::MAX), Ok(Span::from_nanos(u64::MAX)));
    }

    fn log() -> Log {
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("account"), column("call"), column("status"));
        let columns = Columns { time: "time".into(), account, call, status };
        Log::new(PathBuf::new(), Format::Csv, columns)
    }

    #[test]
    fn what_is_not_work_is_left_out_in_this_order() {
        let mut log = log();
        log.map(&[("GET /a/*".into(), 0), ("GET /**".into(), 1)]);
        let sifted = |log: &Log, account: &str, call: &str, status| {
            let (account, call) = (Some(account.as_bytes()), Some(call.as_bytes()));
            let record = Record { time: 0, account, call, status };
            match sift(log, &record, Span::ZERO) {
                Ok(Sifted::Work(Work { step: Step::Mapped(step), .. })) => format!("step {step}"),
                Ok(Sifted::Unmatched(_)) => "unmatched".into(),
                Ok(Sifted::Throttled) => "throttled".into(),
                Err(bad) => bad.reason().into(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(sifted(&log, "a", "GET /a/b?c", Some(200)), "step 0");
        assert_eq!(sifted(&log, "a", "GET /a/b/c", None), "step 1");
        assert_eq!(sifted(&log, "-", "POST /a/b", Some(429)), "unmatched");
        assert_eq!(sifted(&log, "-", "GET /a/b", Some(429)), "throttled");
        assert_eq!(sifted(&log, "a", "GET /a/b", Some(503)), "throttled");
        assert_eq!(sifted(&log, "-", "GET /a/b", Some(500)), "no account");
        log.keep_throttled = true;
        assert_eq!(sifted(&log, "a", "GET /a/b", Some(503)), "step 0");
    }
}
