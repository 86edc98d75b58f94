//! What a log looks like: its format, what separates its columns, and which of them count.

use super::counted::Bytes;
use super::lines::Lines;
use super::source::Source;
use super::{Columns, Format, words};
use crate::catalog::Glob;
use crate::files::Unreadable;
use std::path::Path;

/// Lines that are looked at.
const LOOKED: usize = 50;

/// Names that columns have in programs, the likeliest first, without case and marks.
const TIMES: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "at",
    "when",
    "date",
    "datetime",
    "starttime",
    "eventtime",
    "requesttime",
    "createdat",
    "startutc",
];
const ACCOUNTS: &[&str] = &[
    "account",
    "accountid",
    "seller",
    "sellerid",
    "merchant",
    "merchantid",
    "shop",
    "shopid",
    "tenant",
    "tenantid",
    "customer",
    "customerid",
    "client",
    "clientid",
    "user",
    "userid",
    "apikey",
];
const METHODS: &[&str] = &["method", "httpmethod", "requestmethod", "csmethod", "verb"];
const PATHS: &[&str] = &[
    "path",
    "route",
    "uri",
    "url",
    "requestpath",
    "requesturi",
    "requesturl",
    "csuristem",
    "endpoint",
];
const CALLS: &[&str] = &["call", "operation", "op", "action", "request", "endpoint"];
const STATUSES: &[&str] = &[
    "status",
    "statuscode",
    "httpstatus",
    "responsecode",
    "responsestatus",
    "code",
    "downstreamstatus",
    "scstatus",
];

/// What the first lines of a log look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    /// `None` if it is none that is known.
    pub format: Option<Format>,
    /// What separates the columns, if it is a table.
    pub separator: u8,
}

/// What a log looks like by its first lines, and by its ending where they do not tell.
pub(super) fn of(path: &Path) -> Result<Guess, Unreadable> {
    let ending = path.to_str().and_then(Format::of);
    let mut lines = Lines::new(Source::new(Bytes::open(path)?));
    let mut begins: Vec<Vec<u8>> = Vec::new();
    while let Some(line) = lines.next() {
        begins.extend(line.ok().map(<[u8]>::to_vec));
        if begins.len() >= LOOKED {
            break;
        }
    }
    if let Some(failed) = lines.failed {
        return Err(failed);
    }
    let first = begins.first().map_or(&[][..], Vec::as_slice);
    let format = seen(first, &begins, ending).or(ending);
    Ok(Guess { format, separator: separator(first) })
}

fn seen(first: &[u8], lines: &[Vec<u8>], ending: Option<Format>) -> Option<Format> {
    if ending == Some(Format::Har) {
        return ending;
    }
    if first.starts_with(b"{") {
        return Some(match ending {
            Some(Format::Jsonl) => Format::Jsonl,
            _ => archive_or_lines(lines),
        });
    }
    if lines.iter().any(|line| line.starts_with(words::FIELDS)) {
        return Some(Format::W3c);
    }
    lines.iter().find_map(|line| words::format_of(line)).or_else(|| table(first))
}

/// One object over many lines is an archive.
fn archive_or_lines(lines: &[Vec<u8>]) -> Format {
    let holds = |text: &[u8]| lines.iter().any(|line| line.windows(text.len()).any(|w| w == text));
    if holds(b"\"log\"") && holds(b"\"entries\"") { Format::Har } else { Format::Jsonl }
}

/// What separates the columns of a table, by its first line.
///
/// # Errors
/// It cannot be read.
pub fn separator_of(path: &Path) -> Result<u8, Unreadable> {
    Ok(of(path)?.separator)
}

/// What separates the columns of a table, as far as its first line tells.
fn separator(first: &[u8]) -> u8 {
    let number = |mark: u8| first.iter().filter(|c| **c == mark).count();
    let marks = [b'|', b'\t', b';', b','];
    marks.into_iter().max_by_key(|mark| number(*mark)).unwrap_or(b',')
}

/// A table, whose first line names columns, one of them of times.
fn table(first: &[u8]) -> Option<Format> {
    let separator = separator(first);
    let names = first.split(|c| *c == separator);
    let names: Vec<&[u8]> = names.map(unquoted).collect();
    let has = |name: &str| names.contains(&name.as_bytes());
    match () {
        () if has("metric_name") && has("timestamp") => Some(Format::K6),
        () if has("timeStamp") && has("label") => Some(Format::Jmeter),
        () => {
            let is_time = |name: &&[u8]| TIMES.contains(&plain(&lossy(name)).as_str());
            names.iter().any(is_time).then_some(Format::Csv)
        }
    }
}

fn unquoted(name: &[u8]) -> &[u8] {
    let name = name.trim_ascii();
    name.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(name)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The columns that count, as far as their names tell; the time has a name that may not be there.
pub(super) fn columns(format: Format, known: &[String]) -> Columns {
    let usual = format.usual();
    let has = |name: &str| known.iter().any(|column| column == name);
    let usually = |name: &str| has(name).then(|| name.to_string());
    let of_table = matches!(format, Format::Csv | Format::Jsonl);
    let named = |names: &[&str]| if of_table { likeliest(known, names) } else { None };
    let call: Vec<String> = match usual.call.iter().copied().map(usually).collect() {
        Some(parts) => parts,
        None => match (named(METHODS), named(PATHS)) {
            (Some(method), Some(path)) => vec![method, path],
            (_, path) => named(CALLS).or(path).into_iter().collect(),
        },
    };
    let only = usual.only.iter().filter(|(name, _)| has(name));
    Columns {
        time: usually(usual.time).or_else(|| named(TIMES)).unwrap_or_else(|| usual.time.into()),
        account: match format.is_access_log() {
            true => Some("user".into()),
            false => usual.account.and_then(usually).or_else(|| named(ACCOUNTS)),
        },
        call,
        status: usually(usual.status).or_else(|| named(STATUSES)),
        only: only.map(|(name, value)| ((*name).to_string(), Glob::new(value))).collect(),
        beside: [const { None }; super::BESIDE],
    }
}

/// The column that is likely to hold statuses, by its name.
#[must_use]
pub fn statuses_among(known: &[String]) -> Option<String> {
    likeliest(known, STATUSES)
}

/// The column whose name, or the last key of it, is the likeliest; case and marks do not matter.
fn likeliest(known: &[String], names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let is_it = |column: &&String| {
            plain(column) == *name
                || column.rsplit('.').next().is_some_and(|key| plain(key) == *name)
        };
        known.iter().find(is_it).cloned()
    })
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
