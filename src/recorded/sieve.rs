//! Rows on their way to become arrivals: sifted one by one, then put in order of time.

use super::attempts::whole;
use super::columns::COST;
use super::counted::Bytes;
use super::order::Order;
use super::reader::Reader;
use super::{Bad, Log, Record};
use crate::files::Unreadable;

/// Who turns the names of rows into numbers, and is told what else they hold.
pub(super) trait Clerk {
    /// The number of an account; `None` if it has none.
    fn account(&mut self, name: &[u8]) -> Option<u32>;
    /// The number of a call; `None` if it has none.
    fn call(&mut self, name: &[u8]) -> Option<u16>;
    /// A row that can be read.
    fn see(&mut self, _: &Record<'_>) {}
    /// A row that does not match the filters.
    fn left_out(&mut self) {}
    /// A row of a call that matches a pattern, the pattern by its place.
    fn matched(&mut self, _: usize) {}
    /// A row of a call that matches no pattern.
    fn unmatched(&mut self, _: &[u8]) {}
    /// A row that cannot be used, with its line.
    fn bad(&mut self, _: u64, _: Bad) {}
}

/// A row that has been sifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sifted {
    Work(Work),
    /// A call that matches no pattern.
    Unmatched,
    /// An attempt that the provider had refused.
    Throttled,
}

/// A row that is work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    /// Whose, by number, if rows say so.
    pub account: Option<u32>,
    /// The step or call, by number; `None`: all steps of the workload.
    pub step: Option<u16>,
    /// The items that it has, if rows say so.
    pub items: Option<u32>,
    /// Whether its answer is known, and was a refusal.
    pub throttled: Option<bool>,
}

/// Rows on their way to become arrivals.
#[derive(Debug)]
pub(super) struct Sieve {
    pub reader: Reader,
    order: Order<Sifted>,
    ended: bool,
}

impl Sieve {
    /// The rows of a log, from a file that has just been opened.
    pub fn new(file: Bytes, log: &Log) -> Result<Self, Unreadable> {
        let order = Order::new(log.sorted_within);
        Ok(Self { reader: Reader::new(file, log)?, order, ended: false })
    }

    /// The next row in order of time, and its time \[ns\].
    pub fn next(&mut self, log: &Log, clerk: &mut impl Clerk) -> Option<(i64, Sifted)> {
        loop {
            if let Some(row) = self.order.next() {
                return Some(row);
            }
            if self.ended {
                return None;
            }
            let sifted = match self.reader.next() {
                None => {
                    self.ended = true;
                    self.order.end();
                    continue;
                }
                Some(Err(bad)) => Err(bad),
                Some(Ok(None)) => {
                    clerk.left_out();
                    continue;
                }
                Some(Ok(Some(record))) => {
                    clerk.see(&record);
                    let admitted = self.order.admits(record.time);
                    admitted.and_then(|()| Ok((record.time, sift(log, &record, clerk)?)))
                }
            };
            match sifted {
                Ok((time, sifted)) => self.order.hold(time, sifted),
                Err(bad) => clerk.bad(self.reader.line(), bad),
            }
        }
    }

    /// Rows that stood after one of a later time.
    pub const fn moved(&self) -> u64 {
        self.order.moved
    }
}

fn sift(log: &Log, record: &Record<'_>, clerk: &mut impl Clerk) -> Result<Sifted, Bad> {
    let mapped = match &log.calls {
        None => None,
        Some(calls) => {
            let call = record.call.unwrap_or_default();
            let Some(place) = calls.iter().position(|(glob, _)| glob.matches(call)) else {
                clerk.unmatched(call);
                return Ok(Sifted::Unmatched);
            };
            clerk.matched(place);
            Some(calls[place].1)
        }
    };
    let named = match mapped.is_none() && !log.columns.call.is_empty() {
        true => Some(record.call.ok_or(Bad::NoCall)?),
        false => None,
    };
    let throttled = record.answer.status().map(|status| matches!(status, 429 | 503));
    if throttled == Some(true) && !log.keep_throttled {
        return Ok(Sifted::Throttled);
    }
    let account = match &log.columns.account {
        None => None,
        Some(_) => Some(record.account.filter(|name| *name != b"-").ok_or(Bad::NoAccount)?),
    };
    let items = match &log.columns.beside[COST] {
        None => None,
        Some(_) => Some(record.beside[COST].and_then(whole).ok_or(Bad::Items)?),
    };
    let step = mapped.or_else(|| named.and_then(|name| clerk.call(name)));
    let account = account.and_then(|name| clerk.account(name));
    Ok(Sifted::Work(Work { account, step, items, throttled }))
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Columns, Format};
    use super::*;
    use std::path::PathBuf;

    /// Gives every name the number 7, and remembers what it is told.
    #[derive(Default)]
    struct Told(Vec<String>);

    impl Clerk for Told {
        fn account(&mut self, _: &[u8]) -> Option<u32> {
            Some(7)
        }
        fn call(&mut self, _: &[u8]) -> Option<u16> {
            Some(7)
        }
        fn matched(&mut self, pattern: usize) {
            self.0.push(format!("pattern {pattern}"));
        }
        fn unmatched(&mut self, call: &[u8]) {
            self.0.push(String::from_utf8_lossy(call).into());
        }
    }

    #[test]
    fn what_is_not_work_is_left_out_in_this_order() {
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("account"), "call".into(), column("status"));
        let columns =
            Columns { account, call: vec![call], status, ..Columns::of_time("time".into()) };
        let mut log = Log::new(PathBuf::new(), Format::Csv, columns);
        log.map(&[("GET /a/*".into(), 4), ("GET /**".into(), 5)]);
        let sifted = |log: &Log, account: &str, call: &str, answer| {
            let (account, call) = (Some(account.as_bytes()), Some(call.as_bytes()));
            let mut told = Told::default();
            let record =
                Record { time: 0, account, call, answer, beside: [None; crate::recorded::BESIDE] };
            let row = match sift(log, &record, &mut told) {
                Ok(Sifted::Work(work)) => {
                    assert_eq!(work.account, Some(7));
                    format!("step {:?}", work.step.expect("a step"))
                }
                Ok(Sifted::Unmatched) => "unmatched".into(),
                Ok(Sifted::Throttled) => "throttled".into(),
                Err(bad) => bad.reason().into(),
            };
            format!("{row}, {}", told.0.join(" "))
        };
        let status = Answer::Status;
        assert_eq!(sifted(&log, "a", "GET /a/b?c", status(200)), "step 4, pattern 0");
        assert_eq!(sifted(&log, "a", "GET /a/b/c", Answer::Unknown), "step 5, pattern 1");
        assert_eq!(sifted(&log, "a", "GET /b", Answer::Strange(b"429!")), "step 5, pattern 1");
        assert_eq!(sifted(&log, "-", "POST /a/b", status(429)), "unmatched, POST /a/b");
        assert_eq!(sifted(&log, "-", "GET /a/b", status(429)), "throttled, pattern 0");
        assert_eq!(sifted(&log, "a", "GET /a/b", status(503)), "throttled, pattern 0");
        assert_eq!(sifted(&log, "-", "GET /a/b", status(500)), "no account, pattern 0");
        log.keep_throttled = true;
        assert_eq!(sifted(&log, "a", "GET /a/b", status(503)), "step 4, pattern 0");
        log.calls = None;
        assert_eq!(sifted(&log, "a", "get", Answer::Unknown), "step 7, ");
    }
}
