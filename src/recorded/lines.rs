//! The lines of a file, one at a time in one buffer, and no line longer than a line should be.

use super::counted::Bytes;
use super::source::Source;
use super::{Bad, LONGEST_ROW};
use crate::files::Unreadable;
use std::io::{self, BufRead, BufReader, Read};

/// A file, line by line.
#[derive(Debug)]
pub(super) struct Lines {
    file: BufReader<Source>,
    line: Vec<u8>,
    /// The number of the line that was read last, from 1.
    pub number: u64,
    /// Why there is no line after it, if not because the file ends.
    pub failed: Option<Unreadable>,
}

impl Lines {
    pub fn new(file: Source) -> Self {
        let file = BufReader::with_capacity(128 * 1024, file);
        Self { file, line: Vec::with_capacity(1024), number: 0, failed: None }
    }

    /// The file that they are read from.
    pub fn bytes(&self) -> &Bytes {
        self.file.get_ref().file()
    }

    /// The next line that is not empty, without its ending; `None` at the end of the file.
    pub fn next(&mut self) -> Option<Result<&[u8], Bad>> {
        loop {
            let whole = match self.read() {
                Ok(whole) => whole?,
                Err(error) => {
                    self.failed = Some(error.into());
                    return None;
                }
            };
            self.number += 1;
            if !whole {
                return Some(Err(Bad::Long));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        let line = match self.number {
            1 => self.line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.line),
            _ => &self.line,
        };
        Some(Ok(line.trim_ascii_end()))
    }

    /// Reads a line; false if it is too long, in which case the rest of it is passed over.
    fn read(&mut self) -> io::Result<Option<bool>> {
        let mut whole = true;
        loop {
            self.line.clear();
            let read = (&mut self.file).take(LONGEST_ROW).read_until(b'\n', &mut self.line)?;
            match self.line.last() {
                None => return Ok((!whole).then_some(false)),
                Some(b'\n') => return Ok(Some(whole)),
                Some(_) if (read as u64) < LONGEST_ROW => return Ok(Some(whole)),
                Some(_) => whole = false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted;
    use super::*;

    #[test]
    fn lines_are_numbered_and_too_long_ones_are_passed_over() {
        let long = "x".repeat(3 * 1024 * 1024);
        let text = format!("\u{feff}one\r\n\n \nfour\n{long}\nsix");
        let mut lines = Lines::new(counted::of(&text));
        let mut found = Vec::new();
        while let Some(line) = lines.next() {
            let line = line.map(|line| String::from_utf8_lossy(line).to_string());
            found.push((line, lines.number));
        }
        let line = |text: &str, number| (Ok(text.to_string()), number);
        assert_eq!(found, [line("one", 1), line("four", 4), (Err(Bad::Long), 5), line("six", 6)]);
        assert!(lines.failed.is_none());
    }
}
