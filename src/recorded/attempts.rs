//! The rows of a log as attempts: every row, in the order of the file, with its line.
//!
//! A replay wants the work that stands behind the rows; whoever asks for the limit wants each
//! attempt as it was, with its answer.

use super::clock::Clock;
use super::counted::Bytes;
use super::headers::Told;
use super::reader::Reader;
use super::roll::Roll;
use super::{Answer, Bad, Log};
use crate::catalog::Glob;
use crate::files::Unreadable;
use std::collections::HashMap;

/// Names of one kind that are told apart at most.
const MOST_NAMES: usize = 100_000;
/// Bad rows that are listed.
const LISTED: usize = 3;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Its line.
    pub line: u64,
    /// When it was sent \[ns since the zero that the log's times share\].
    pub sent: i64,
    /// When the answer came \[ns since the same zero\].
    pub received: Option<i64>,
    /// Account, application, region and call, as places in [`Attempts::names`].
    pub key: [u32; 4],
    /// The status, from 100 to 599.
    pub status: Option<u16>,
    /// What it costs; 1 where calls are counted.
    pub cost: u32,
}

/// Account, application, region and call: their names by place; the first is that of rows without.
pub type Named = [Vec<String>; 4];

/// All rows of a log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attempts {
    /// The rows that can be read.
    pub rows: Vec<Attempt>,
    /// Line of each row with a header that can be read, and what it said.
    pub told: Vec<(u64, Told)>,
    /// Line of the first row whose cost is not a whole number.
    pub uncosted: Option<u64>,
    /// Headers that cannot be read.
    pub strange_headers: u64,
    /// What the places in their keys stand for.
    pub names: Named,
    /// The last line.
    pub lines: u64,
    /// Rows that cannot be read.
    pub bad: u64,
    /// Line and reason of the first of them.
    pub bad_lines: Vec<(u64, Bad)>,
    /// Rows whose status is not a number from 100 to 599.
    pub strange: u64,
    /// Rows without a status.
    pub unanswered: u64,
    /// Rows whose time of the answer cannot be read, or is before the time sent.
    pub backwards: u64,
    /// Rows that stood after one of a later time.
    pub out_of_order: u64,
    /// Rows of calls that match no pattern; left out.
    pub unmatched: u64,
    /// True if there are more names of a kind than are told apart.
    pub too_many_names: bool,
}

impl Attempts {
    /// Reads a log.
    ///
    /// # Errors
    /// It is not a regular file, cannot be read, has rows without an end, or more names than are
    /// told apart.
    pub fn of(log: &Log) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(Bytes::open(&log.path)?, log)?;
        let mut rolls: [Roll; 4] = std::array::from_fn(|_| Roll::new(MOST_NAMES));
        let mut found = Self::default();
        let mut answers = Clock::new(log.unit, log.east);
        let mut latest = i64::MIN;
        while let Some(row) = reader.next() {
            let (told, is_costed) = match row {
                Ok(None) => continue,
                Ok(Some(record)) => {
                    let [received, application, region, cost, headers @ ..] = record.beside;
                    // An access log has a host in every row, whether it counts or not.
                    let account = record.account.filter(|_| log.columns.account.is_some());
                    let names = [account, application, region, record.call];
                    let mut key = [0; 4];
                    for ((place, name), roll) in key.iter_mut().zip(names).zip(&mut rolls) {
                        // Place 0 is for rows without a name.
                        let name = name.filter(|name| *name != b"-");
                        *place = name.and_then(|name| roll.number(name)).map_or(0, |n| n + 1);
                    }
                    found.strange += u64::from(matches!(record.answer, Answer::Strange(_)));
                    found.unanswered += u64::from(record.answer == Answer::Unknown);
                    found.out_of_order += u64::from(record.time < latest);
                    latest = latest.max(record.time);
                    let sent = record.time;
                    let read = received.map(|text| answers.read(text).filter(|at| *at >= sent));
                    found.backwards += u64::from(read == Some(None));
                    let (received, status) = (read.flatten(), record.answer.status());
                    let told =
                        headers.iter().any(Option::is_some).then(|| Told::read(headers, sent));
                    let whole = cost.map_or(Some(1), whole);
                    let cost = whole.unwrap_or(1);
                    found.rows.push(Attempt { line: 0, sent, received, key, status, cost });
                    (told, whole.is_some())
                }
                Err(bad) => {
                    found.bad += 1;
                    if found.bad_lines.len() < LISTED {
                        found.bad_lines.push((0, bad));
                    }
                    let line = reader.line();
                    found.bad_lines.iter_mut().filter(|one| one.0 == 0).for_each(|o| o.0 = line);
                    continue;
                }
            };
            let line = reader.line();
            found.rows.last_mut().into_iter().for_each(|row| row.line = line);
            found.uncosted = found.uncosted.or((!is_costed).then_some(line));
            if let Some((told, strange)) = told {
                found.strange_headers += strange;
                found.told.extend((told != Told::default()).then_some((line, told)));
            }
        }
        if let Some(failed) = reader.failed() {
            return Err(failed);
        }
        found.lines = reader.line();
        found.too_many_names = rolls.iter().any(|roll| roll.is_full);
        found.names = rolls.map(|roll| {
            // In order of the file: each number is its own place.
            let mut names = vec![String::new(); roll.len() + 1];
            roll.each(|name, number| {
                names[number as usize + 1] = String::from_utf8_lossy(name).into();
            });
            names
        });
        Ok(found)
    }

    /// Adds the rows of a file that comes after this one. Lines count on.
    pub fn join(&mut self, other: Self) {
        let places: [Vec<u32>; 4] = std::array::from_fn(|kind| {
            let own = &mut self.names[kind];
            if own.is_empty() {
                own.push(String::new());
            }
            let mut known: HashMap<String, u32> = own.iter().cloned().zip(0..).collect();
            let mut place = |name: &String| match known.get(name) {
                Some(place) => *place,
                None => {
                    let next = u32::try_from(own.len()).unwrap_or(u32::MAX);
                    own.push(name.clone());
                    known.insert(name.clone(), next);
                    next
                }
            };
            other.names[kind].iter().map(&mut place).collect()
        });
        let before = self.lines;
        self.rows.extend(other.rows.into_iter().map(|row| {
            let key = std::array::from_fn(|kind| places[kind][row.key[kind] as usize]);
            Attempt { line: before + row.line, key, ..row }
        }));
        self.told.extend(other.told.into_iter().map(|(line, told)| (before + line, told)));
        self.uncosted = self.uncosted.or(other.uncosted.map(|line| before + line));
        self.strange_headers += other.strange_headers;
        self.bad_lines.extend(other.bad_lines.into_iter().map(|(line, bad)| (before + line, bad)));
        self.lines += other.lines;
        self.bad += other.bad;
        self.strange += other.strange;
        self.unanswered += other.unanswered;
        self.backwards += other.backwards;
        self.out_of_order += other.out_of_order;
        self.too_many_names |= other.too_many_names;
    }

    /// Gives calls the name of the first pattern that matches, and leaves out those of none.
    pub fn rename(&mut self, patterns: &[(Glob, String)]) {
        let mut names = vec![String::new()];
        let place = |call: &String| {
            let (_, name) = patterns.iter().find(|(glob, _)| glob.matches(call.as_bytes()))?;
            let known = names.iter().position(|other| other == name).unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
            u32::try_from(known).ok()
        };
        let places: Vec<Option<u32>> = self.names[3].iter().map(place).collect();
        let before = self.rows.len();
        self.rows.retain(|row| places[row.key[3] as usize].is_some());
        self.unmatched += (before - self.rows.len()) as u64;
        for row in &mut self.rows {
            row.key[3] = places[row.key[3] as usize].unwrap_or(0);
        }
        self.names[3] = names;
    }
}

pub(super) fn whole(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}
