//! Traces as CSV (RFC 4180): the first line names the columns.
//!
//! ```text
//!   time,account,call,status
//!   2026-11-27T22:00:00.250Z,seller-a,orders/v0/getOrders,200
//! ```

use super::{Bad, Columns, Record, time};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::fs::File;
use std::io;

/// A table.
#[derive(Debug)]
pub(super) struct Csv {
    table: Reader<File>,
    row: ByteRecord,
    time: usize,
    account: Option<usize>,
    call: Option<usize>,
    status: Option<usize>,
    /// Lines that a row's place is behind: one where lines end in CR LF, whose LF comes later.
    behind: u64,
    failed: Option<io::Error>,
}

fn reader(file: File) -> Reader<File> {
    ReaderBuilder::new().flexible(true).buffer_capacity(128 * 1024).from_reader(file)
}

/// The names of the columns.
pub(super) fn columns(file: File) -> io::Result<Vec<String>> {
    let mut table = reader(file);
    let header = table.byte_headers()?;
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).to_string();
    Ok(header.iter().map(name).collect())
}

impl Csv {
    /// The table with these columns; `None` if it has them no longer.
    pub fn new(file: File, columns: &Columns) -> Option<Self> {
        let mut table = reader(file);
        let header = table.byte_headers().ok()?;
        let place = |name: &str| header.iter().position(|c| c.trim_ascii() == name.as_bytes());
        let chosen = |name: &Option<String>| match name {
            None => Some(None),
            Some(name) => place(name).map(Some),
        };
        let time = place(&columns.time)?;
        let account = chosen(&columns.account)?;
        let (call, status) = (chosen(&columns.call)?, chosen(&columns.status)?);
        let behind = 2u64.saturating_sub(table.position().line());
        let row = ByteRecord::new();
        Some(Self { table, row, time, account, call, status, behind, failed: None })
    }

    /// The line on which the row that was read last begins, or the first empty line before it.
    pub fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line) + self.behind
    }

    pub const fn failed(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    pub fn next(&mut self) -> Option<Result<Record<'_>, Bad>> {
        match self.table.read_byte_record(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.failed = Some(error.into());
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
            status: field(self.status).and_then(super::status),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    /// What is read of a table: line, time \[s\], account, call and status, or why it is bad.
    fn read(text: &str) -> Vec<String> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        file.rewind().expect("a file");
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("who"), column("call"), column("status"));
        let columns = Columns { time: "time".into(), account, call, status };
        let mut table = Csv::new(file, &columns).expect("columns");
        let mut rows = Vec::new();
        while let Some(row) = table.next() {
            let text = |bytes: Option<&[u8]>| {
                bytes.map_or("-".into(), |bytes| String::from_utf8_lossy(bytes).to_string())
            };
            let row = row.map_or_else(
                |bad| bad.reason().to_string(),
                |r| format!("{} {} {} {:?}", r.time, text(r.account), text(r.call), r.status),
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
}
