//! A trace in a file, read again row by row, and held to what was counted.

use super::counted::{Bytes, Counted, because};
use super::roll::Numbers;
use super::sieve::{Clerk, Sieve, Sifted};
use super::{Log, Survey};
use crate::files::Unreadable;
use crate::units::Span;
use crate::workload::{Change, Reading, Row, Rows};
use std::fmt;
use std::sync::Arc;

/// A trace in a file, with the numbers of its names.
pub struct Replayed(Arc<Known>);

struct Known {
    log: Log,
    counted: Counted,
    /// The time of the first row \[ns\].
    first: i64,
    accounts: Numbers,
    calls: Numbers,
}

/// Two traces look alike only if their files hold the same bytes.
impl fmt::Debug for Replayed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Known { log, counted, .. } = &*self.0;
        let read = (&log.format, &log.columns, log.unit, log.east, log.separator);
        let of = (read, &log.calls, log.keep_throttled, log.sorted_within);
        write!(out, "Replayed({of:?}, {:016x})", counted.digest)
    }
}

impl Replayed {
    /// The rows that a survey has counted.
    pub fn new(mut log: Log, survey: Survey) -> Self {
        if survey.found.out_of_order == 0 {
            // Nothing has to be held back: what would be late was bad, and is so again.
            log.sorted_within = Span::ZERO;
        }
        let Survey { counted, first, accounts, calls, .. } = survey;
        Self(Arc::new(Known { log, counted, first, accounts, calls }))
    }
}

impl Rows for Replayed {
    fn open(&self) -> Result<Box<dyn Reading>, Change> {
        let Known { log, counted, .. } = &*self.0;
        let file = Bytes::open_again(&log.path, counted)?;
        let sieve = Sieve::new(file, log).map_err(change)?;
        Ok(Box::new(Replaying { known: Arc::clone(&self.0), sieve }))
    }
}

struct Replaying {
    known: Arc<Known>,
    sieve: Sieve,
}

impl Reading for Replaying {
    fn next(&mut self) -> Result<Option<Row>, Change> {
        let known = &*self.known;
        let mut clerk = Lookup { known, strange: false };
        loop {
            let next = self.sieve.next(&known.log, &mut clerk);
            if clerk.strange {
                self.check()?;
                return Err(Change::Rewritten);
            }
            match next {
                Some((time, Sifted::Work(work))) => {
                    let at = Span::from_nanos(time.abs_diff(known.first));
                    return Ok(Some(Row {
                        at,
                        caller: work.account,
                        step: work.step,
                        items: work.items,
                    }));
                }
                Some((_, Sifted::Unmatched | Sifted::Throttled)) => {}
                None => {
                    let failed = self.sieve.reader.failed();
                    self.check()?;
                    return failed.map_or(Ok(None), |failed| Err(change(failed)));
                }
            }
        }
    }

    fn check(&self) -> Result<(), Change> {
        self.sieve.reader.bytes().check(&self.known.log.path, &self.known.counted)
    }
}

/// Why a file cannot be read as it was before.
fn change(unreadable: Unreadable) -> Change {
    match unreadable {
        Unreadable::Failed(error) => because(&error),
        _ => Change::Rewritten,
    }
}

/// The numbers that the survey gave.
struct Lookup<'a> {
    known: &'a Known,
    /// True if there was a name that the survey has not met.
    strange: bool,
}

impl Clerk for Lookup<'_> {
    fn account(&mut self, name: &[u8]) -> Option<u32> {
        let number = self.known.accounts.get(name).copied();
        self.strange |= number.is_none();
        number
    }

    fn call(&mut self, name: &[u8]) -> Option<u16> {
        let number = self.known.calls.get(name).copied();
        self.strange |= number.is_none();
        number.and_then(|number| u16::try_from(number).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, Format};
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    const TEXT: &str = "time,account,call,status\n5,b,x,200\n6,a,y,200\n6,a,y,429\n7,b,y,\n";

    fn replayed(path: &Path, text: &str) -> Replayed {
        fs::write(path, text).expect("written");
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("account"), vec!["call".into()], column("status"));
        let columns = Columns { account, call, status, ..Columns::of_time("time".into()) };
        let log = Log::new(path.into(), Format::Csv, columns);
        let survey = Survey::of(&log, Span::DAY).expect("a survey");
        assert_eq!((survey.found.rows, survey.found.replayed), (4, 3));
        assert_eq!(survey.call_names, ["x", "y"]);
        Replayed::new(log, survey)
    }

    fn rest(reading: &mut dyn Reading) -> Result<Vec<Row>, Change> {
        std::iter::from_fn(|| reading.next().transpose()).collect()
    }

    fn rows(replayed: &Replayed) -> Result<Vec<(u64, u32, u16)>, Change> {
        let known = |row: &Row| {
            (row.at.as_nanos() / 1_000_000_000, row.caller.expect("one"), row.step.expect("one"))
        };
        Ok(rest(&mut *replayed.open()?)?.iter().map(known).collect())
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trace.csv");
        (folder, path)
    }

    #[test]
    fn names_are_numbers_in_order_of_their_first_row_every_time() {
        let (_folder, path) = place();
        let expected = Ok(vec![(0, 0, 0), (1, 1, 1), (2, 0, 1)]);
        let sorted = replayed(&path, TEXT);
        assert_eq!([rows(&sorted), rows(&sorted)], [expected.clone(), expected.clone()]);
        let shuffled = "time,account,call,status\n7,b,y,\n6,a,y,429\n6,a,y,200\n5,b,x,200\n";
        let shuffled = replayed(&path, shuffled);
        assert_eq!([rows(&shuffled), rows(&shuffled)], [expected.clone(), expected]);
    }

    /// What becomes of the file before it is opened, or while it is read.
    #[test]
    fn a_file_that_has_changed_gives_no_rows_but_the_change() {
        fn cut(path: &Path) {
            fs::write(path, &TEXT[..30]).expect("written");
        }
        fn grow(path: &Path) {
            fs::write(path, format!("{TEXT}8,b,y,\n")).expect("written");
        }
        fn put_another(path: &Path) {
            let other = path.with_extension("new");
            fs::write(&other, TEXT).expect("written");
            fs::rename(&other, path).expect("renamed");
        }
        fn remove(path: &Path) {
            fs::remove_file(path).expect("removed");
        }
        fn put_a_folder(path: &Path) {
            remove(path);
            fs::create_dir(path).expect("made");
        }
        type Act = fn(&Path);
        let changes: [(Act, Change); 5] = [
            (cut, Change::Shorter),
            (grow, Change::Longer),
            (put_another, Change::Replaced),
            (remove, Change::Gone),
            (put_a_folder, Change::Replaced),
        ];
        for (change, expected) in changes {
            let (_folder, path) = place();
            let replayed = replayed(&path, TEXT);
            let mut early = replayed.open().expect("as it was");
            let mut late = replayed.open().expect("as it was");
            assert!(early.next().is_ok_and(|row| row.is_some()));
            assert_eq!(early.check(), Ok(()));
            change(&path);
            assert_eq!(replayed.open().map(drop), Err(expected));
            assert_eq!(early.check(), Err(expected));
            assert_eq!(rest(&mut *late), Err(expected));
        }
    }

    /// Written over with as many bytes, at a time that looks like the one before.
    #[test]
    fn other_bytes_are_found_though_nothing_else_tells_them() {
        let (_folder, path) = place();
        let replayed = replayed(&path, TEXT);
        let was = fs::metadata(&path).and_then(|meta| meta.modified()).expect("a time");
        for text in [TEXT.replace("7,b", "8,b"), TEXT.replace("7,b", "7,c")] {
            fs::write(&path, text).expect("written");
            let file = fs::File::options().write(true).open(&path).expect("a file");
            file.set_modified(was).expect("set");
            assert_eq!(rows(&replayed), Err(Change::Rewritten));
        }
        fs::write(&path, TEXT.replace("7,b", "8,b")).expect("written");
        let file = fs::File::options().write(true).open(&path).expect("a file");
        file.set_modified(was + std::time::Duration::from_secs(1)).expect("set");
        assert_eq!(rows(&replayed), Err(Change::Rewritten));
    }
}
