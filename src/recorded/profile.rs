//! What a log holds, before a scenario is written: format, columns, times, calls, accounts,
//! statuses, and what would be left out and why.

use super::counted::Bytes;
use super::reader::Reader;
use super::roll::Roll;
use super::{Answer, Bad, Columns, Format, Log, MOST_ACCOUNTS, Unit, guess, pattern};
use crate::catalog::{Glob, excerpt};
use crate::files::Unreadable;
use crate::units::Span;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Patterns that are told apart, their greatest length \[bytes\], and bad rows that are listed.
const MOST_PATTERNS: usize = 10_000;
const LONGEST_PATTERN: usize = 1000;
const LISTED: usize = 10;

/// What is said about a log beside its path; the rest is guessed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Its format.
    pub format: Option<Format>,
    /// The column of times.
    pub time: Option<String>,
    /// The column of accounts.
    pub account: Option<String>,
    /// The columns of calls.
    pub call: Vec<String>,
    /// The column of statuses.
    pub status: Option<String>,
    /// Columns and the patterns that they must match.
    pub only: Vec<(String, String)>,
}

/// Why there is nothing to say about a log.
#[derive(Debug)]
pub enum Blank {
    /// It cannot be read.
    Unreadable(Unreadable),
    /// Its format is not known.
    NoFormat,
    /// It has no such column.
    NoColumn {
        /// What it is a column of: `time`, `account`, …
        key: &'static str,
        /// The name.
        name: String,
        /// The columns that it has.
        known: Vec<String>,
    },
    /// No row can be read in this format; line and reason of the first ones.
    NoRow(Format, Vec<(u64, &'static str)>),
}

/// What a log holds.
#[derive(Debug)]
pub struct Profile {
    /// How it is read.
    pub log: Log,
    /// True if gzip has compressed it.
    pub is_compressed: bool,
    /// The columns, or keys, that it has.
    pub columns: Vec<String>,
    /// Rows, bad ones included, without those that do not match the filters.
    pub rows: u64,
    /// Rows that do not match the filters.
    pub filtered: u64,
    /// Rows that cannot be read.
    pub bad: u64,
    /// Line and reason of the first ten of them.
    pub bad_lines: Vec<(u64, &'static str)>,
    /// The earliest and the latest time \[ns\].
    pub times: Option<(i64, i64)>,
    /// The unit of times that are numbers.
    pub unit: Option<Unit>,
    /// Rows that stand after one of a later time.
    pub out_of_order: u64,
    /// How far they are out of order at most.
    pub late_by: Span,
    /// Distinct accounts, and rows without one; `None` if no column is one of accounts.
    pub accounts: Option<(u64, u64)>,
    /// Rows of each status.
    pub statuses: BTreeMap<u16, u64>,
    /// Rows whose status is not a number from 100 to 599, and the first such.
    pub strange: (u64, Option<String>),
    /// Patterns of calls and their rows, the most frequent first.
    pub calls: Vec<(String, u64)>,
    /// Rows of other calls: beyond ten thousand patterns, or with a longer one than is kept.
    pub other_calls: u64,
}

impl Profile {
    /// Reads all of a log.
    ///
    /// # Errors
    /// It cannot be read, or not in any format or column that is known.
    pub fn of(path: &Path, asked: &Asked) -> Result<Self, Blank> {
        let guess::Guess { format, separator } = guess::of(path).map_err(Blank::Unreadable)?;
        let format = asked.format.or(format).ok_or(Blank::NoFormat)?;
        let known = Log::columns_of(path, format, separator).map_err(Blank::Unreadable)?;
        let columns = columns(format, &known, asked)?;
        let mut log = Log::new(path.into(), format, columns);
        log.separator = separator;
        let bytes = Bytes::open(path).map_err(Blank::Unreadable)?;
        let is_compressed = bytes.is_gzip;
        let mut reader = Reader::new(bytes, &log).map_err(Blank::Unreadable)?;
        let mut count = Count { newest: i64::MIN, accounts: None, calls: HashMap::new() };
        count.accounts = log.columns.account.as_ref().map(|_| (Roll::new(MOST_ACCOUNTS), 0));
        let mut profile = Self::empty(log, is_compressed, known);
        profile.read(&mut reader, &mut count);
        if let Some(failed) = reader.failed() {
            return Err(Blank::Unreadable(failed));
        }
        if profile.bad == profile.rows {
            return Err(Blank::NoRow(format, profile.bad_lines));
        }
        profile.unit = reader.clock.unit.filter(|_| reader.clock.numbers);
        profile.accounts = count.accounts.map(|(names, without)| (names.len() as u64, without));
        profile.calls = count.calls.into_iter().collect();
        profile.calls.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        profile.drop_sparse_accounts(asked);
        Ok(profile)
    }

    const fn empty(log: Log, is_compressed: bool, columns: Vec<String>) -> Self {
        Self {
            log,
            is_compressed,
            columns,
            rows: 0,
            filtered: 0,
            bad: 0,
            bad_lines: Vec::new(),
            times: None,
            unit: None,
            out_of_order: 0,
            late_by: Span::ZERO,
            accounts: None,
            statuses: BTreeMap::new(),
            strange: (0, None),
            calls: Vec::new(),
            other_calls: 0,
        }
    }

    fn read(&mut self, reader: &mut Reader, count: &mut Count) {
        loop {
            let bad = match reader.next() {
                None => return,
                Some(Ok(None)) => {
                    self.filtered += 1;
                    continue;
                }
                Some(Ok(Some(record))) => {
                    self.rows += 1;
                    self.see(&record, count);
                    continue;
                }
                Some(Err(bad)) => bad,
            };
            self.bad_row(reader.line(), bad);
        }
    }

    fn bad_row(&mut self, line: u64, bad: Bad) {
        self.rows += 1;
        self.bad += 1;
        if self.bad_lines.len() < LISTED {
            self.bad_lines.push((line, bad.reason()));
        }
    }

    fn see(&mut self, record: &super::Record<'_>, count: &mut Count) {
        let time = record.time;
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
        if time < count.newest {
            self.out_of_order += 1;
            self.late_by = self.late_by.max(Span::from_nanos(count.newest.abs_diff(time)));
        }
        count.newest = count.newest.max(time);
        if let Some((names, without)) = &mut count.accounts {
            match record.account.filter(|name| *name != b"-") {
                Some(name) => drop(names.number(name)),
                None => *without += 1,
            }
        }
        match record.answer {
            Answer::Status(status) => *self.statuses.entry(status).or_default() += 1,
            Answer::Strange(text) => {
                self.strange.0 += 1;
                let shown = || excerpt(&String::from_utf8_lossy(text)).into_owned();
                self.strange.1.get_or_insert_with(shown);
            }
            Answer::Unknown => {}
        }
        let Some(call) = record.call else { return };
        let pattern = pattern::of(call);
        if let Some(rows) = count.calls.get_mut(&pattern) {
            *rows += 1;
        } else if count.calls.len() < MOST_PATTERNS && pattern.len() <= LONGEST_PATTERN {
            count.calls.insert(pattern, 1);
        } else {
            self.other_calls += 1;
        }
    }

    /// A column that was guessed is none of accounts if many rows do not have one.
    fn drop_sparse_accounts(&mut self, asked: &Asked) {
        let good = self.rows - self.bad;
        let is_sparse = self.accounts.is_some_and(|(_, without)| without * 100 > good);
        if is_sparse && asked.account.is_none() {
            self.accounts = None;
            self.log.columns.account = None;
        }
    }

    /// Rows that were refused with a 429 or 503: attempts, not work.
    #[must_use]
    pub fn refused(&self) -> u64 {
        [429, 503].iter().filter_map(|status| self.statuses.get(status)).sum()
    }

    /// True if calls are requests, which patterns map to operations.
    #[must_use]
    pub fn has_requests(&self) -> bool {
        self.calls.iter().any(|(call, _)| call.contains('/') && call.contains(' '))
    }
}

/// What is counted on the way.
struct Count {
    newest: i64,
    accounts: Option<(Roll, u64)>,
    calls: HashMap<String, u64>,
}

/// The columns that are asked for, or those that are likely.
fn columns(format: Format, known: &[String], asked: &Asked) -> Result<Columns, Blank> {
    let mut columns = guess::columns(format, known);
    let is_there = |name: &String| {
        let is_path = format.is_json() && (name.starts_with('/') || name.contains('.'));
        is_path || known.contains(name)
    };
    let checked = |key: &'static str, name: &String| match is_there(name) {
        true => Ok(name.clone()),
        false => Err(Blank::NoColumn { key, name: name.clone(), known: known.to_vec() }),
    };
    columns.time = checked("time", asked.time.as_ref().unwrap_or(&columns.time))?;
    if let Some(account) = &asked.account {
        columns.account = Some(checked("account", account)?);
    }
    if !asked.call.is_empty() {
        let parts = asked.call.iter().map(|part| checked("call", part));
        columns.call = parts.collect::<Result<_, _>>()?;
    }
    if let Some(status) = &asked.status {
        columns.status = Some(checked("status", status)?);
    }
    if !asked.only.is_empty() {
        let only = asked.only.iter();
        let only = only.map(|(name, value)| Ok((checked("where", name)?, Glob::new(value))));
        columns.only = only.collect::<Result<_, _>>()?;
    }
    Ok(columns)
}
