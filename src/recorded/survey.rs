//! The first reading of a trace: what is in it, what is left out, and what names it uses.

use super::columns::{COST, TIME};
use super::counted::{Bytes, Counted};
use super::reader::Reader;
use super::roll::{Numbers, Roll};
use super::sieve::{Clerk, Sieve, Sifted, Work};
use super::{Answer, Bad, Log, Record, Unit};
use crate::catalog::excerpt;
use crate::files::Unreadable;
use crate::units::Span;

/// Names of accounts that are kept at most: more are no names but something else.
pub const MOST_ACCOUNTS: usize = 1_000_000;
/// Names of calls that are kept at most.
pub const MOST_CALLS: usize = 250;
/// Bad rows that are listed.
const LISTED: usize = 10;

/// What the reading of a log found, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Rows in the file, bad ones included.
    pub rows: u64,
    /// Rows that are work, before a sample is drawn.
    pub replayed: u64,
    /// Of these, how many arrive only after arrivals stop.
    pub after_end: u64,
    /// Rows that do not match the filters; left out, and not among the rows of the file.
    pub filtered: u64,
    /// The unit of times that are numbers; `None` if all are dates.
    pub unit: Option<Unit>,
    /// Rows that match none of the calls; left out.
    pub unmatched: u64,
    /// The call of the first of them.
    pub first_unmatched: Option<String>,
    /// Patterns of `calls` by which no row was matched.
    pub idle_patterns: Vec<String>,
    /// Rows of our calls that tell how they were answered.
    pub answered: u64,
    /// Of these, how many were refused with a 429 or 503.
    pub throttled: u64,
    /// True if these are replayed like others.
    pub throttled_kept: bool,
    /// Rows whose status is not a number from 100 to 599.
    pub strange_statuses: u64,
    /// The first such status.
    pub first_strange: Option<String>,
    /// Rows that cannot be used.
    pub bad: u64,
    /// Line and reason of the first ten of them.
    pub bad_lines: Vec<(u64, &'static str)>,
    /// Rows that stood after one of a later time; sorted.
    pub out_of_order: u64,
    /// How far rows may be out of order.
    pub sorted_within: Span,
    /// Distinct accounts; `None` if rows name none.
    pub accounts: Option<u64>,
    /// The first row's time \[s since 1970\], if that is what times count from.
    pub starts: Option<i64>,
    /// From the first row to the last.
    pub span: Span,
}

impl Found {
    /// The share of answered rows that were refused; `None` if no row tells how it was answered.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn throttle_rate(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.throttled as f64 / self.answered as f64)
    }
}

/// Rows that have a value, column by column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Rows that were looked at.
    pub looked: u64,
    /// A time, whether it can be parsed or not.
    pub time: u64,
    /// An account.
    pub account: u64,
    /// Each part of the call.
    pub call: Vec<u64>,
    /// A status from 100 to 599.
    pub status: u64,
    /// A number of items, whether it can be read or not.
    pub items: u64,
    /// Each column of the filters, in all rows.
    pub only: Vec<u64>,
    /// True if a time is a number.
    pub numbers: bool,
    /// True if a time is a date without an offset.
    pub local_dates: bool,
}

/// What the reading of a trace found, for the runs.
#[derive(Debug)]
pub struct Survey {
    /// For people.
    pub found: Found,
    /// Which columns have values.
    pub given: Given,
    /// What the file was.
    pub(super) counted: Counted,
    /// The time of the first row \[ns\].
    pub(super) first: i64,
    /// The accounts, numbered in order of their first row.
    pub(super) accounts: Numbers,
    /// The calls that rows name, numbered in order of their first row.
    pub(super) calls: Numbers,
    /// Their names, in this order.
    pub call_names: Vec<String>,
    /// Rows of each step.
    pub by_step: Vec<u64>,
    /// True if there are more accounts than can be told apart.
    pub too_many_accounts: bool,
    /// True if there are more calls than can be told apart.
    pub too_many_calls: bool,
    /// Items of all rows that are work.
    pub items: u64,
    /// From the first row that is work to the last.
    pub work_span: Span,
    /// True if several rows share a time and all times are whole seconds.
    pub whole_seconds: bool,
}

impl Survey {
    /// Reads all of a trace; rows from `end` on come after arrivals stop.
    ///
    /// # Errors
    /// The file cannot be read to its end, or changes meanwhile.
    pub fn of(log: &Log, end: Span) -> Result<Self, Unreadable> {
        let mut sieve = Sieve::new(Bytes::open(&log.path)?, log)?;
        let mut surveyor = Surveyor::new(log);
        while let Some((time, sifted)) = sieve.next(log, &mut surveyor) {
            surveyor.count(time, sifted, end);
        }
        if let Some(unreadable) = sieve.reader.failed() {
            return Err(unreadable);
        }
        let counted = sieve.reader.bytes().counted()?;
        surveyor.learn(&sieve.reader);
        surveyor.found.out_of_order = sieve.moved();
        Ok(surveyor.finish(log, counted))
    }

    /// The number that stands for the bytes of the file.
    pub const fn digest(&self) -> u64 {
        self.counted.digest
    }
}

/// Counts what there is in a trace.
struct Surveyor {
    found: Found,
    given: Given,
    by_pattern: Vec<u64>,
    by_step: Vec<u64>,
    accounts: Roll,
    calls: Roll,
    items: u64,
    /// True if rows name their calls.
    names_calls: bool,
    /// The times of the first row, of the first that is work, and of the last of each.
    first: Option<i64>,
    first_work: Option<i64>,
    last: i64,
    last_work: Option<i64>,
    /// True if several rows of work share a time.
    shared: bool,
    /// True if a row of work has a time that is not a whole second.
    broken: bool,
}

impl Surveyor {
    fn new(log: &Log) -> Self {
        Self {
            found: Found::default(),
            given: Given::default(),
            by_pattern: vec![0; log.calls.as_ref().map_or(0, Vec::len)],
            by_step: Vec::new(),
            accounts: Roll::new(MOST_ACCOUNTS),
            calls: Roll::new(MOST_CALLS),
            items: 0,
            names_calls: log.calls.is_none() && !log.columns.call.is_empty(),
            first: None,
            first_work: None,
            last: 0,
            last_work: None,
            shared: false,
            broken: false,
        }
    }

    /// Learns which columns have values.
    fn learn(&mut self, reader: &Reader) {
        let (wanted, given) = (reader.wanted(), &reader.given);
        let of = |place: Option<usize>| place.map_or(0, |place| given[place]);
        self.found.unit = reader.clock.unit.filter(|_| reader.clock.numbers);
        self.given = Given {
            looked: reader.looked,
            time: given[TIME],
            account: of(wanted.account),
            call: given[wanted.call.clone()].to_vec(),
            status: self.given.status,
            items: of(wanted.beside[COST]),
            only: given[wanted.only.clone()].to_vec(),
            numbers: reader.clock.numbers,
            local_dates: reader.clock.local_dates,
        };
    }

    /// Counts a row, in order of time.
    fn count(&mut self, time: i64, sifted: Sifted, end: Span) {
        let first = *self.first.get_or_insert(time);
        self.last = time;
        let found = &mut self.found;
        let work = match sifted {
            Sifted::Work(work) => work,
            Sifted::Unmatched => {
                found.unmatched += 1;
                return;
            }
            Sifted::Throttled => {
                found.answered += 1;
                found.throttled += 1;
                return;
            }
        };
        let Work { account, step, items, throttled } = work;
        self.items = self.items.saturating_add(items.unwrap_or(0).into());
        found.replayed += 1;
        found.after_end += u64::from(Span::from_nanos(time.abs_diff(first)) >= end);
        found.answered += u64::from(throttled.is_some());
        found.throttled += u64::from(throttled == Some(true));
        self.shared |= self.last_work == Some(time);
        self.first_work.get_or_insert(time);
        self.last_work = Some(time);
        self.broken |= time % 1_000_000_000 != 0;
        if let Some(account) = account {
            self.accounts.put(account);
        }
        if let Some(step) = step {
            let step = if self.names_calls { self.calls.put(step.into()) } else { step.into() };
            self.by_step.resize(self.by_step.len().max(step as usize + 1), 0);
            self.by_step[step as usize] += 1;
        }
    }

    fn finish(self, log: &Log, counted: Counted) -> Survey {
        let mut found = self.found;
        let first = self.first.unwrap_or_default();
        let idle = log.calls.iter().flatten().zip(&self.by_pattern);
        let idle = idle.filter(|(_, rows)| **rows == 0).map(|((glob, _), _)| glob.text());
        found.idle_patterns = idle.collect();
        found.throttled_kept = log.keep_throttled;
        found.sorted_within = log.sorted_within;
        found.span = Span::from_nanos(self.last.abs_diff(first));
        // Seconds that count from elsewhere would have to count for more than thirty years.
        found.starts = Some(first / 1_000_000_000).filter(|seconds| *seconds >= 1_000_000_000);
        found.accounts = log.columns.account.as_ref().map(|_| self.accounts.len() as u64);
        let work_span = self.last_work.unwrap_or(0).abs_diff(self.first_work.unwrap_or(0));
        let (too_many_accounts, too_many_calls) = (self.accounts.is_full, self.calls.is_full);
        let (calls, names) = self.calls.in_order();
        Survey {
            found,
            given: self.given,
            counted,
            first,
            accounts: self.accounts.in_order().0,
            calls,
            call_names: names.iter().map(|name| text(name)).collect(),
            by_step: self.by_step,
            too_many_accounts,
            too_many_calls,
            items: self.items,
            work_span: Span::from_nanos(work_span),
            whole_seconds: self.shared && !self.broken,
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Clerk for Surveyor {
    fn account(&mut self, name: &[u8]) -> Option<u32> {
        self.accounts.number(name)
    }

    fn call(&mut self, name: &[u8]) -> Option<u16> {
        self.calls.number(name).and_then(|number| u16::try_from(number).ok())
    }

    fn see(&mut self, record: &Record<'_>) {
        self.found.rows += 1;
        self.given.status += u64::from(record.answer.status().is_some());
        if let Answer::Strange(status) = record.answer {
            self.found.strange_statuses += 1;
            let shown = || excerpt(&text(status)).into_owned();
            self.found.first_strange.get_or_insert_with(shown);
        }
    }

    fn left_out(&mut self) {
        self.found.filtered += 1;
    }

    fn matched(&mut self, pattern: usize) {
        self.by_pattern[pattern] += 1;
    }

    fn unmatched(&mut self, call: &[u8]) {
        let shown = || excerpt(&text(call)).into_owned();
        self.found.first_unmatched.get_or_insert_with(shown);
    }

    fn bad(&mut self, line: u64, bad: Bad) {
        // What could be read was seen before.
        let is_read =
            matches!(bad, Bad::Back | Bad::Crowded | Bad::NoAccount | Bad::NoCall | Bad::Items);
        self.found.rows += u64::from(!is_read);
        self.found.bad += 1;
        if self.found.bad_lines.len() < LISTED {
            self.found.bad_lines.push((line, bad.reason()));
        }
    }
}
