//! HTTP archives (HAR 1.2): the objects of `log.entries`, one at a time.
//!
//! ```text
//!   {"log": {"version": "1.2", "entries": [ {…}, {…} ]}}
//! ```
//!
//! An archive holds the bodies of answers. Texts are cut, so that an entry takes no more memory
//! than a row. Source: "HAR 1.2 Spec" by J. Odvarko.

use super::counted::Bytes;
use super::source::Source;
use super::{Bad, LONGEST_ROW};
use crate::files::Unreadable;
use std::io::{self, BufRead, BufReader};

/// The longest text that is kept of an entry \[bytes\].
const LONGEST_TEXT: usize = 16 * 1024;

/// An archive.
#[derive(Debug)]
pub(super) struct Har {
    file: BufReader<Source>,
    entry: Vec<u8>,
    /// The line that is being read, from 1.
    line: u64,
    /// The line on which the entry that was read last begins.
    pub number: u64,
    stage: Stage,
    pub failed: Option<Unreadable>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Within,
    After,
}

impl Har {
    pub fn new(file: Source) -> Self {
        let file = BufReader::with_capacity(128 * 1024, file);
        let (entry, stage) = (Vec::new(), Stage::Before);
        Self { file, entry, line: 1, number: 0, stage, failed: None }
    }

    /// The file that they are read from.
    pub fn bytes(&self) -> &Bytes {
        self.file.get_ref().file()
    }

    /// The next entry.
    pub fn next(&mut self) -> Option<Result<&[u8], Bad>> {
        match self.read() {
            Ok(None) => None,
            Ok(Some(true)) => Some(Ok(&self.entry)),
            Ok(Some(false)) => {
                let is_long = self.entry.len() as u64 >= LONGEST_ROW;
                Some(Err(if is_long { Bad::Long } else { Bad::NotJson }))
            }
            Err(error) => {
                self.failed = Some(error.into());
                None
            }
        }
    }

    /// Reads an entry; false if it is too long, or no object.
    fn read(&mut self) -> io::Result<Option<bool>> {
        if self.stage == Stage::Before {
            self.stage = Stage::Within;
            if !self.find()? {
                self.stage = Stage::After;
                self.failed = Some(Unreadable::Unlike("it is not an HTTP archive: `log.entries`"));
                return Ok(None);
            }
        }
        self.entry.clear();
        let first = self.peek_after(b",")?.filter(|_| self.stage == Stage::Within);
        self.number = self.line;
        match first {
            Some(b'{') => self.object().map(Some),
            Some(b']') | None => {
                self.stage = Stage::After;
                while self.byte()?.is_some() {}
                Ok(None)
            }
            Some(_) => {
                // What stands here is no entry; nothing tells where the next one begins.
                self.stage = Stage::After;
                Ok(Some(false))
            }
        }
    }

    /// Goes to the first entry; false if there is no list of them.
    fn find(&mut self) -> io::Result<bool> {
        let (mut depth, mut in_log) = (0_u32, false);
        while let Some(byte) = self.byte()? {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => {
                    self.entry.clear();
                    self.text()?;
                    let is_key = self.peek_after(b"")? == Some(b':');
                    match depth {
                        1 if is_key => in_log = self.entry == b"log\"",
                        2 if is_key && in_log && self.entry == b"entries\"" => {
                            let begins = self.peek_after(b":")? == Some(b'[');
                            self.byte()?;
                            return Ok(begins);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Reads an object that begins here.
    fn object(&mut self) -> io::Result<bool> {
        let mut depth = 0_u32;
        let mut whole = true;
        while let Some(byte) = self.byte()? {
            self.entry.push(byte);
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => self.text()?,
                _ => {}
            }
            if self.entry.len() as u64 > LONGEST_ROW {
                whole = false;
                self.entry.truncate(usize::try_from(LONGEST_ROW).unwrap_or(usize::MAX));
            }
            if depth == 0 {
                return Ok(whole);
            }
        }
        Ok(false)
    }

    /// Reads the rest of a text, with the quote that closes it, and keeps its beginning.
    fn text(&mut self) -> io::Result<()> {
        let (begins, mut escape, mut cut) = (self.entry.len(), 0_u8, false);
        while let Some(byte) = self.byte()? {
            let closes = byte == b'"' && escape == 0;
            // A character is kept whole, also one that is written as `\u00e9`.
            let begins_one = escape == 0 && byte & 0xc0 != 0x80;
            cut |= begins_one && self.entry.len() - begins >= LONGEST_TEXT;
            escape = match (escape, byte) {
                (0, b'\\') => 1,
                (1, b'u') => 4,
                (0, _) => 0,
                (left, _) => left - 1,
            };
            if closes || !cut {
                self.entry.push(byte);
            }
            if closes {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next byte that is neither white space nor one of these, which stays where it is.
    fn peek_after(&mut self, others: &[u8]) -> io::Result<Option<u8>> {
        loop {
            match self.file.fill_buf()?.first() {
                Some(byte) if byte.is_ascii_whitespace() || others.contains(byte) => {
                    self.byte()?;
                }
                other => return Ok(other.copied()),
            }
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let Some(byte) = self.file.fill_buf()?.first().copied() else { return Ok(None) };
        self.file.consume(1);
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }
}
