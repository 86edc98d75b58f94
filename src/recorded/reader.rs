//! Rows of a log one by one, whatever its format: what counts of each, or why it is bad.
//!
//! ```text
//!   Csv · Words · Json ─► field(place) ─► the filters match? ─► time, account, call, status
//! ```

use super::clock::Clock;
use super::columns::{TIME, Wanted};
use super::counted::Bytes;
use super::csv::Csv;
use super::har::Har;
use super::json::{Json, Objects};
use super::source::Source;
use super::words::Words;
use super::{Answer, Bad, Columns, Format, Log, Record};
use crate::files::Unreadable;

/// The rows of a log.
#[derive(Debug)]
pub(super) struct Reader {
    rows: Rows,
    columns: Columns,
    wanted: Wanted,
    pub clock: Clock,
    /// The parts of the call, joined.
    call: Vec<u8>,
    /// True if calls are requests, so that a URL counts from its path on.
    are_requests: bool,
    /// Rows that were looked at.
    pub looked: u64,
    /// Rows that have a value, for each column that counts; those of filters in all rows, others
    /// in those that match the filters.
    pub given: Vec<u64>,
}

#[derive(Debug)]
enum Rows {
    Table(Csv),
    Words(Words),
    Json(Json),
}

impl Rows {
    fn next(&mut self) -> Option<Result<(), Bad>> {
        match self {
            Self::Table(table) => table.next().map(Ok),
            Self::Words(words) => words.next(),
            Self::Json(json) => json.next(),
        }
    }

    fn field(&self, column: usize) -> Option<&[u8]> {
        match self {
            Self::Table(table) => table.field(column),
            Self::Words(words) => words.field(column),
            Self::Json(json) => json.field(column),
        }
    }
}

impl Reader {
    /// The rows of a log, from a file that has just been opened.
    pub fn new(file: Bytes, log: &Log) -> Result<Self, Unreadable> {
        let (file, wanted) = (Source::new(file), log.columns.wanted());
        let names = &wanted.names;
        let rows = match log.format {
            format if format.is_table() => Rows::Table(Csv::new(file, log.separator, names)?),
            Format::Jsonl => Rows::Json(Json::lines(file, names)),
            Format::Har => Rows::Json(Json::new(Objects::Archive(Har::new(file)), names)),
            format => Rows::Words(Words::new(file, format, names)),
        };
        let are_requests = wanted.call.len() > 1 || log.format == Format::Alb;
        let given = vec![0; names.len()];
        Ok(Self {
            rows,
            columns: log.columns.clone(),
            wanted,
            clock: Clock::new(log.unit, log.east),
            call: Vec::new(),
            are_requests,
            looked: 0,
            given,
        })
    }

    /// The next row; `Ok(None)` if it does not match the filters.
    pub fn next(&mut self) -> Option<Result<Option<Record<'_>>, Bad>> {
        if let Err(bad) = self.rows.next()? {
            return Some(Err(bad));
        }
        self.looked += 1;
        let mut matches = true;
        for (place, (_, pattern)) in self.wanted.only.clone().zip(&self.columns.only) {
            let value = self.rows.field(place);
            self.given[place] += u64::from(value.is_some());
            matches &= value.is_some_and(|value| pattern.matches(value));
        }
        if !matches {
            return Some(Ok(None));
        }
        let Self { rows, wanted, clock, call, given, are_requests, .. } = self;
        let rows = &*rows;
        let mut field = |place: usize| {
            let field = rows.field(place);
            given[place] += u64::from(field.is_some());
            field
        };
        let written = field(TIME);
        let account = wanted.account.and_then(&mut field);
        let answer = Answer::read(wanted.status.and_then(&mut field));
        let beside = wanted.beside.map(|place| place.and_then(&mut field));
        let called = match wanted.call.len() {
            0 => None,
            1 if !*are_requests => field(wanted.call.start),
            _ => {
                let parts = wanted.call.clone().map(field);
                join(parts, *are_requests, call).then_some(call.as_slice())
            }
        };
        let Some(written) = written else { return Some(Err(Bad::NoTime)) };
        let Some(time) = clock.read(written) else { return Some(Err(Bad::Time)) };
        Some(Ok(Some(Record { time, account, call: called, answer, beside })))
    }

    /// The columns that count, in the order of `given`.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The line of the row that was read last.
    pub fn line(&self) -> u64 {
        match &self.rows {
            Rows::Table(table) => table.line(),
            Rows::Words(words) => words.lines.number,
            Rows::Json(json) => json.objects.line(),
        }
    }

    /// The file that they are read from.
    pub fn bytes(&self) -> &Bytes {
        match &self.rows {
            Rows::Table(table) => table.bytes(),
            Rows::Words(words) => words.lines.bytes(),
            Rows::Json(json) => json.objects.bytes(),
        }
    }

    /// Why there was no row any more, if not because the file ended.
    pub const fn failed(&mut self) -> Option<Unreadable> {
        match &mut self.rows {
            Rows::Table(table) => table.failed.take(),
            Rows::Words(words) => words.lines.failed.take(),
            Rows::Json(json) => json.objects.failed(),
        }
    }
}

/// Joins the parts of a call; false if one of them is missing.
fn join<'a>(
    parts: impl Iterator<Item = Option<&'a [u8]>>,
    are_requests: bool,
    call: &mut Vec<u8>,
) -> bool {
    call.clear();
    let mut is_whole = true;
    for part in parts {
        let Some(part) = part else {
            is_whole = false;
            continue;
        };
        if !call.is_empty() {
            call.push(b' ');
        }
        match are_requests {
            true => push_request(part, call),
            false => call.extend_from_slice(part),
        }
    }
    is_whole
}

/// Words of a request; a URL counts from its path on.
fn push_request(text: &[u8], call: &mut Vec<u8>) {
    for (number, word) in text.split(|c| *c == b' ').enumerate() {
        if number > 0 {
            call.push(b' ');
        }
        let url =
            [&b"https://"[..], b"http://"].iter().find_map(|scheme| word.strip_prefix(*scheme));
        match url {
            None => call.extend_from_slice(word),
            Some(rest) => match rest.iter().position(|c| matches!(c, b'/' | b'?')) {
                Some(path) if rest[path] == b'/' => call.extend_from_slice(&rest[path..]),
                Some(query) => {
                    call.push(b'/');
                    call.extend_from_slice(&rest[query..]);
                }
                None => call.push(b'/'),
            },
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
