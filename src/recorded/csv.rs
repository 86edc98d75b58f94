//! Traces as CSV (RFC 4180): the first line names the columns.
//!
//! ```text
//!   time,account,call,status
//!   2026-11-27T22:00:00.250Z,seller-a,orders/v0/getOrders,200
//! ```

use super::counted::Bytes;
use super::{Answer, Bad, Columns, LONGEST_ROW, Record, time};
use crate::files::Unreadable;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// A table.
#[derive(Debug)]
pub(super) struct Csv {
    table: Reader<Rationed>,
    row: ByteRecord,
    time: usize,
    account: Option<usize>,
    call: Option<usize>,
    status: Option<usize>,
    /// Lines that a row's place is behind: one where lines end in CR LF, whose LF comes later.
    behind: u64,
    pub failed: Option<Unreadable>,
}

/// A file that is not read further once a row has had its ration: a row's end may never come.
#[derive(Debug)]
struct Rationed {
    file: Bytes,
    left: u64,
}

impl Read for Rationed {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.file.read(room)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

fn reader(file: Bytes) -> Reader<Rationed> {
    let file = Rationed { file, left: LONGEST_ROW };
    ReaderBuilder::new().flexible(true).buffer_capacity(128 * 1024).from_reader(file)
}

/// Why a row could not be read to its end.
fn failed(error: csv::Error, line: u64) -> Unreadable {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Unreadable::LongRow(line)
        }
        csv::ErrorKind::Io(error) => Unreadable::Failed(error),
        other => Unreadable::Failed(io::Error::other(format!("{other:?}"))),
    }
}

/// The names of the columns.
pub(super) fn columns(file: Bytes) -> Result<Vec<String>, Unreadable> {
    let mut table = reader(file);
    let header = table.byte_headers().map_err(|error| failed(error, 1))?;
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).to_string();
    Ok(header.iter().map(name).collect())
}

impl Csv {
    /// The table with these columns.
    pub fn new(file: Bytes, columns: &Columns) -> Result<Self, Unreadable> {
        let mut table = reader(file);
        let header = table.byte_headers().map_err(|error| failed(error, 1))?;
        let place = |name: &str| header.iter().position(|c| c.trim_ascii() == name.as_bytes());
        let place = |name: &str| place(name).ok_or(Unreadable::Changed);
        let chosen = |name: &Option<String>| name.as_deref().map(place).transpose();
        let time = place(&columns.time)?;
        let account = chosen(&columns.account)?;
        let (call, status) = (chosen(&columns.call)?, chosen(&columns.status)?);
        let behind = 2u64.saturating_sub(table.position().line());
        let row = ByteRecord::new();
        Ok(Self { table, row, time, account, call, status, behind, failed: None })
    }

    /// The line on which the row that was read last begins, or the first empty line before it.
    pub fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line) + self.behind
    }

    /// The file that it is read from.
    pub fn bytes(&self) -> &Bytes {
        &self.table.get_ref().file
    }

    pub fn next(&mut self) -> Option<Result<Record<'_>, Bad>> {
        let begins = self.table.position().clone();
        self.table.get_mut().left = LONGEST_ROW;
        let is_long = |table: &Reader<_>| table.position().byte() - begins.byte() > LONGEST_ROW;
        match self.table.read_byte_record(&mut self.row) {
            Ok(false) => return None,
            Ok(true) if is_long(&self.table) => {
                self.failed = Some(Unreadable::LongRow(self.line()));
                return None;
            }
            Ok(true) => {}
            Err(error) => {
                self.failed = Some(failed(error, begins.line() + self.behind));
                return None;
            }
        }
        let field = |place: Option<usize>| {
            let field = self.row.get(place?)?.trim_ascii();
            (!field.is_empty()).then_some(field)
        };
        let Some(written) = field(Some(self.time)) else { return Some(Err(Bad::NoTime)) };
        let Some(time) = time::read(written) else { return Some(Err(Bad::Time)) };
        Some(Ok(Record {
            time,
            account: field(self.account),
            call: field(self.call),
            answer: Answer::read(field(self.status)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted;
    use super::*;

    /// What is read of a table: line, time \[s\], account, call and status, or why it is bad.
    fn read(text: &str) -> Vec<String> {
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("who"), column("call"), column("status"));
        let columns = Columns { time: "time".into(), account, call, status };
        let mut table = Csv::new(counted::of(text), &columns).expect("columns");
        let mut rows = Vec::new();
        while let Some(row) = table.next() {
            let text = |bytes: Option<&[u8]>| {
                bytes.map_or("-".into(), |bytes| String::from_utf8_lossy(bytes).to_string())
            };
            let row = row.map_or_else(
                |bad| bad.reason().to_string(),
                |r| {
                    format!(
                        "{} {} {} {:?}",
                        r.time,
                        text(r.account),
                        text(r.call),
                        r.answer.status()
                    )
                },
            );
            rows.push(format!("{}: {row}", table.line()));
        }
        rows
    }

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        let text = "\u{feff}who,time , status,call\r\n\
                    a,0.5,200,x\r\n\
                    \"b, c\", 1 ,429.0,\"two\nlines\"\r\n\
                    \r\n\
                    ,2,-\r\n\
                    d,soon,200,x\r\n\
                    d\r\n";
        assert_eq!(
            read(text),
            [
                "2: 500000000 a x Some(200)",
                "3: 1000000000 b, c two\nlines Some(429)",
                "5: 2000000000 - - None",
                "7: its time is neither seconds nor a date",
                "8: no time",
            ]
        );
    }

    /// A quote that is never closed makes one row of all that follows.
    #[test]
    fn a_row_without_an_end_is_told_where_it_begins() {
        let most = usize::try_from(LONGEST_ROW).expect("a length");
        let column =
            |name: &str| Columns { time: name.into(), account: None, call: None, status: None };
        let told = |text: String| {
            let mut table = Csv::new(counted::of(&text), &column("time"))?;
            let rows = std::iter::from_fn(|| table.next().map(drop)).count();
            table.failed.map_or(Ok(rows), Err)
        };
        let row = |length: usize| format!("time\n1\n2,{}\n3\n", "x".repeat(length - 3));
        assert_eq!(told(row(most)).expect("read"), 3);
        assert!(matches!(told(row(most + 1)), Err(Unreadable::LongRow(3))));
        let open = format!("time\r\n1\r\n\"2\r\n{}", "3\r\n".repeat(most));
        assert!(matches!(told(open), Err(Unreadable::LongRow(3))));
        let header = "x".repeat(2 * most);
        assert!(matches!(told(header.clone()), Err(Unreadable::LongRow(1))));
        assert!(matches!(columns(counted::of(&header)), Err(Unreadable::LongRow(1))));
    }
}
