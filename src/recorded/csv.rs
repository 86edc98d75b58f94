//! Traces as CSV (RFC 4180): the first line names the columns.
//!
//! ```text
//!   time,account,call,status
//!   2026-11-27T22:00:00.250Z,seller-a,orders/v0/getOrders,200
//! ```

use super::LONGEST_ROW;
use super::counted::Bytes;
use super::source::Source;
use crate::files::Unreadable;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// A table.
#[derive(Debug)]
pub(super) struct Csv {
    table: Reader<Rationed>,
    row: ByteRecord,
    /// Where the columns that count stand.
    places: Vec<usize>,
    /// Lines that a row's place is behind: one where lines end in CR LF, whose LF comes later.
    behind: u64,
    pub failed: Option<Unreadable>,
}

/// A file that is not read further once a row has had its ration: a row's end may never come.
#[derive(Debug)]
struct Rationed {
    file: Source,
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

fn reader(file: Source, separator: u8) -> Reader<Rationed> {
    let file = Rationed { file, left: LONGEST_ROW };
    let mut table = ReaderBuilder::new();
    table.flexible(true).delimiter(separator).buffer_capacity(128 * 1024).from_reader(file)
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
pub(super) fn columns(file: Source, separator: u8) -> Result<Vec<String>, Unreadable> {
    let mut table = reader(file, separator);
    let header = table.byte_headers().map_err(|error| failed(error, 1))?;
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).to_string();
    Ok(header.iter().map(name).collect())
}

impl Csv {
    /// The table, of which these columns count.
    pub fn new(file: Source, separator: u8, names: &[String]) -> Result<Self, Unreadable> {
        let mut table = reader(file, separator);
        let header = table.byte_headers().map_err(|error| failed(error, 1))?;
        let place = |name: &String| header.iter().position(|c| c.trim_ascii() == name.as_bytes());
        let places = names.iter().map(|name| place(name).ok_or(Unreadable::Changed));
        let places = places.collect::<Result<Vec<usize>, Unreadable>>()?;
        let behind = 2u64.saturating_sub(table.position().line());
        Ok(Self { table, row: ByteRecord::new(), places, behind, failed: None })
    }

    /// The line on which the row that was read last begins, or the first empty line before it.
    pub fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line) + self.behind
    }

    /// The file that it is read from.
    pub fn bytes(&self) -> &Bytes {
        self.table.get_ref().file.file()
    }

    pub fn next(&mut self) -> Option<()> {
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
        Some(())
    }

    /// What stands in a column, by its place among those that count.
    pub fn field(&self, column: usize) -> Option<&[u8]> {
        let field = self.row.get(self.places[column])?.trim_ascii();
        (!field.is_empty()).then_some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted;
    use super::*;

    /// A quote that is never closed makes one row of all that follows.
    #[test]
    fn a_row_without_an_end_is_told_where_it_begins() {
        let most = usize::try_from(LONGEST_ROW).expect("a length");
        let told = |text: String| {
            let mut table = Csv::new(counted::of(&text), b',', &["time".into()])?;
            let rows = std::iter::from_fn(|| table.next()).count();
            table.failed.map_or(Ok(rows), Err)
        };
        let row = |length: usize| format!("time\n1\n2,{}\n3\n", "x".repeat(length - 3));
        assert_eq!(told(row(most)).expect("read"), 3);
        assert!(matches!(told(row(most + 1)), Err(Unreadable::LongRow(3))));
        let open = format!("time\r\n1\r\n\"2\r\n{}", "3\r\n".repeat(most));
        assert!(matches!(told(open), Err(Unreadable::LongRow(3))));
        let header = "x".repeat(2 * most);
        assert!(matches!(told(header.clone()), Err(Unreadable::LongRow(1))));
        assert!(matches!(columns(counted::of(&header), b','), Err(Unreadable::LongRow(1))));
    }
}
