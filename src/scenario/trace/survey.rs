//! The first reading of a trace: what is in it, what is left out, and what names it uses.

use super::replay::Numbers;
use super::{Bad, Log, Sifted, Step, Work};
use crate::units::Span;
use std::io;

/// Names of accounts that are kept at most, and of calls: more are no names but something else.
const MOST_ACCOUNTS: usize = 1_000_000;
const MOST_CALLS: usize = 250;
/// Bad rows that are listed.
const LISTED: usize = 10;

/// What the reading of a trace found, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceReading {
    /// The workload that replays it.
    pub workload: String,
    /// The file, as the scenario names it.
    pub file: String,
    /// Rows in the file, bad ones included.
    pub rows: u64,
    /// Rows that are work, before a sample is drawn.
    pub replayed: u64,
    /// Of these, how many arrive only after arrivals stop.
    pub after_end: u64,
    /// Rows that match none of the calls; left out.
    pub unmatched: u64,
    /// The call of the first of them.
    pub first_unmatched: Option<String>,
    /// Rows of our calls that tell how they were answered.
    pub answered: u64,
    /// Of these, how many were refused with a 429 or 503.
    pub throttled: u64,
    /// True if these are replayed like others.
    pub throttled_kept: bool,
    /// Rows that cannot be used.
    pub bad: u64,
    /// Line and reason of the first ten of them.
    pub bad_lines: Vec<(u64, &'static str)>,
    /// Rows that stood after a later one, and are replayed at its time.
    pub out_of_order: u64,
    /// Distinct accounts; `None` if rows name none.
    pub accounts: Option<u64>,
    /// The first row's time \[s since 1970\], if that is what times count from.
    pub starts: Option<i64>,
    /// From the first row to the last.
    pub span: Span,
    /// Operations that rows name, and how many rows each has.
    pub calls: Vec<(String, u64)>,
}

impl TraceReading {
    /// The share of answered rows that were refused; `None` if no row tells how it was answered.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn throttle_rate(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.throttled as f64 / self.answered as f64)
    }
}

/// What the reading of a trace found, for the runs.
#[derive(Debug, Default)]
pub struct Survey {
    /// For people.
    pub reading: TraceReading,
    /// The accounts, numbered as they appear first.
    pub(super) accounts: Numbers<u32>,
    /// The calls that rows name, numbered as they appear first.
    pub(super) calls: Numbers<u16>,
    /// Their names, in this order.
    pub call_names: Vec<String>,
    /// Rows of each step.
    pub by_step: Vec<u64>,
    /// True if there are more distinct names than can be told apart.
    pub too_many_calls: bool,
    /// From the first row that is work to the last.
    pub work_span: Span,
    /// True if several rows share a time and all times are whole seconds.
    pub whole_seconds: bool,
    first_work: Option<Span>,
    shared: bool,
    broken: bool,
}

impl Survey {
    /// Reads all of a trace; rows from `end` on come after arrivals stop.
    ///
    /// # Errors
    /// The file cannot be read to its end.
    pub fn of(log: &Log, end: Span) -> io::Result<Self> {
        let mut survey = Self::default();
        let mut sieve = log.open()?;
        let mut latest = None;
        while let Some(sifted) = sieve.next(log) {
            survey.reading.rows += 1;
            let bad = match sifted {
                Sifted::Work(work) => {
                    survey.shared |= latest == Some(work.at);
                    latest = Some(work.at);
                    survey.note(&work, end);
                    continue;
                }
                Sifted::Unmatched(call) => {
                    survey.reading.unmatched += 1;
                    let shown = || String::from_utf8_lossy(call).chars().take(80).collect();
                    survey.reading.first_unmatched.get_or_insert_with(shown);
                    continue;
                }
                Sifted::Throttled => {
                    survey.reading.answered += 1;
                    survey.reading.throttled += 1;
                    continue;
                }
                Sifted::Bad(bad) => bad,
            };
            survey.note_bad(sieve.line(), bad);
        }
        if let Some(error) = sieve.failed() {
            return Err(error);
        }
        let reading = &mut survey.reading;
        let first = sieve.order.first.unwrap_or_default();
        reading.throttled_kept = log.keep_throttled;
        reading.out_of_order = sieve.order.late;
        reading.span = Span::from_nanos(sieve.order.latest.abs_diff(first));
        // Seconds that count from elsewhere would have to count for more than thirty years.
        reading.starts = Some(first / 1_000_000_000).filter(|seconds| *seconds >= 1_000_000_000);
        reading.accounts = log.columns.account.as_ref().map(|_| survey.accounts.len() as u64);
        let whole = first % 1_000_000_000 == 0 && !survey.broken;
        survey.whole_seconds = whole && survey.shared;
        Ok(survey)
    }

    fn note(&mut self, work: &Work<'_>, end: Span) {
        let reading = &mut self.reading;
        reading.replayed += 1;
        reading.after_end += u64::from(work.at >= end);
        reading.answered += u64::from(work.throttled.is_some());
        reading.throttled += u64::from(work.throttled == Some(true));
        self.work_span = work.at - *self.first_work.get_or_insert(work.at);
        self.broken |= !work.at.as_nanos().is_multiple_of(Span::SECOND.as_nanos());
        if let Some(name) = work.account
            && self.accounts.len() < MOST_ACCOUNTS
            && !self.accounts.contains_key(name)
        {
            let number = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
            self.accounts.insert(name.into(), number);
        }
        let step = match work.step {
            Step::All => return,
            Step::Mapped(step) => step,
            Step::Named(name) => match self.calls.get(name) {
                Some(step) => *step,
                None if self.calls.len() < MOST_CALLS => self.learn(name),
                None => {
                    self.too_many_calls = true;
                    return;
                }
            },
        };
        let step = usize::from(step);
        self.by_step.resize(self.by_step.len().max(step + 1), 0);
        self.by_step[step] += 1;
    }

    fn learn(&mut self, name: &[u8]) -> u16 {
        let number = u16::try_from(self.calls.len()).unwrap_or(u16::MAX);
        self.calls.insert(name.into(), number);
        self.call_names.push(String::from_utf8_lossy(name).to_string());
        number
    }

    fn note_bad(&mut self, line: u64, bad: Bad) {
        self.reading.bad += 1;
        if self.reading.bad_lines.len() < LISTED {
            self.reading.bad_lines.push((line, bad.reason()));
        }
    }
}
