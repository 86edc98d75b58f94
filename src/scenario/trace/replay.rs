//! A trace in a file, read again row by row.
//!
//! What can no longer be read, because the file has changed since it was surveyed, is left out; a
//! file that is gone ends the trace.

use super::{Log, Sieve, Sifted, Step, Survey, Work};
use crate::workload::{Row, Rows};
use std::collections::HashMap;
use std::sync::Arc;

/// Names and the numbers that they stand for.
pub(super) type Numbers<T> = HashMap<Box<[u8]>, T>;

/// A trace in a file, with the numbers of its names.
#[derive(Debug)]
pub struct Replayed(Arc<Known>);

#[derive(Debug)]
struct Known {
    log: Log,
    accounts: Numbers<u32>,
    steps: Numbers<u16>,
}

impl Replayed {
    /// The rows that a survey has counted.
    pub fn new(log: Log, survey: Survey) -> Self {
        Self(Arc::new(Known { log, accounts: survey.accounts, steps: survey.calls }))
    }
}

impl Rows for Replayed {
    fn open(&self) -> Box<dyn Iterator<Item = Row> + Send> {
        match self.0.log.open() {
            Ok(sieve) => Box::new(Reading { known: Arc::clone(&self.0), sieve }),
            Err(_) => Box::new(std::iter::empty()),
        }
    }
}

struct Reading {
    known: Arc<Known>,
    sieve: Sieve,
}

impl Iterator for Reading {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if let Sifted::Work(work) = self.sieve.next(&self.known.log)?
                && let Some(row) = self.known.row(&work)
            {
                return Some(row);
            }
        }
    }
}

impl Known {
    fn row(&self, work: &Work<'_>) -> Option<Row> {
        let caller = match work.account {
            None => None,
            Some(name) => Some(*self.accounts.get(name)?),
        };
        let step = match work.step {
            Step::All => None,
            Step::Mapped(step) => Some(step),
            Step::Named(name) => Some(*self.steps.get(name)?),
        };
        Some(Row { at: work.at, caller, step })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Format};
    use super::*;
    use crate::units::Span;
    use std::path::Path;

    const TEXT: &str = "time,account,call,status\n5,b,x,200\n6,a,y,200\n6,a,y,429\n7,b,y,\n";

    fn replayed(path: &Path) -> Replayed {
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("account"), column("call"), column("status"));
        let columns = Columns { time: "time".into(), account, call, status };
        let log = Log::new(path.into(), Format::Csv, columns);
        let survey = Survey::of(&log, Span::DAY).expect("a survey");
        assert_eq!((survey.reading.rows, survey.reading.replayed), (4, 3));
        assert_eq!(survey.call_names, ["x", "y"]);
        Replayed::new(log, survey)
    }

    fn rows(replayed: &Replayed) -> Vec<(u64, Option<u32>, Option<u16>)> {
        let seconds = |at: Span| at.as_nanos() / 1_000_000_000;
        replayed.open().map(|row| (seconds(row.at), row.caller, row.step)).collect()
    }

    #[test]
    fn names_are_numbers_in_order_of_their_first_row_every_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trace.csv");
        std::fs::write(&path, TEXT).expect("written");
        let replayed = replayed(&path);
        let expected = [(0, Some(0), Some(0)), (1, Some(1), Some(1)), (2, Some(0), Some(1))];
        assert_eq!(rows(&replayed), expected);
        assert_eq!(rows(&replayed), expected);
    }

    #[test]
    fn a_file_that_has_changed_is_read_as_far_as_it_makes_sense() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trace.csv");
        std::fs::write(&path, TEXT).expect("written");
        let replayed = replayed(&path);
        for (text, left) in [
            ("time,account,call,status\n5,b,x,200\n6,new,y,200\n6,a,new,200\nx\n9,a,y,", 2),
            ("account,status,call,time\nb,200,x,5\n", 1),
            ("time,account\n5,b\n", 0),
            ("", 0),
        ] {
            std::fs::write(&path, text).expect("written");
            assert_eq!(rows(&replayed).len(), left, "{text}");
        }
        std::fs::remove_file(&path).expect("removed");
        assert!(rows(&replayed).is_empty());
    }
}
