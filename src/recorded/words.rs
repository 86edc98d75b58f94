//! Logs whose lines are words: a space (or tab) separates them, quotes or brackets hold them
//! together.
//!
//! ```text
//!   10.0.0.7 - seller-a [27/Nov/2026:22:00:00 +0000] "GET /orders?x=1 HTTP/1.1" 200 5120 "-" …
//!   host     ident user  time                         request                   status
//! ```
//!
//! The call is `GET /orders?x=1`: the request without its protocol. Sources: Apache HTTP Server
//! 2.4, "Log Files"; W3C, "Extended Log File Format" (1996); those of the formats' [columns].
//!
//! [columns]: super::format

use super::lines::Lines;
use super::source::Source;
use super::{Bad, Format};
use crate::files::Unreadable;
use std::ops::Range;

/// What begins the line of a W3C log that names its columns.
pub(super) const FIELDS: &[u8] = b"#Fields:";

/// A log of words.
#[derive(Debug)]
pub(super) struct Words {
    pub lines: Lines,
    format: Format,
    names: Vec<String>,
    places: Vec<Place>,
    line: Vec<u8>,
    words: Vec<Range<usize>>,
    /// The date and the time of a W3C log.
    moment: Vec<u8>,
}

/// Where a column stands, and what of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It does not stand anywhere.
    Nowhere,
    Whole(usize),
    /// A request without its protocol.
    Request(usize),
    /// An address without its port.
    Host(usize),
    /// A date, and the time of day.
    Moment(usize, usize),
}

/// The format that a line looks like, if it is one of words.
pub(super) fn format_of(line: &[u8]) -> Option<Format> {
    const SCHEMES: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];
    let mut words = Vec::new();
    if access(line, &mut words).is_some() {
        let is_timed = words.len() >= 13 && line.ends_with(b"ms");
        return Some(if is_timed { Format::Traefik } else { Format::Combined });
    }
    words.clear();
    split(line, 0, &mut words);
    let word = |place: usize| words.get(place).map(|place| &line[place.clone()]);
    let is_request = |place: usize| word(place).is_some_and(|word| word.contains(&b' '));
    match () {
        () if line.starts_with(b"[") && words.len() >= 10 && is_request(1) => Some(Format::Envoy),
        () if words.len() >= 22 && is_request(12) => {
            word(0).filter(|scheme| SCHEMES.contains(scheme)).map(|_| Format::Alb)
        }
        () => None,
    }
}

/// The names of the columns.
pub(super) fn columns(file: Source, format: Format) -> Result<Vec<String>, Unreadable> {
    if let Some(names) = format.columns() {
        return Ok(names.iter().map(ToString::to_string).collect());
    }
    let mut lines = Lines::new(file);
    while let Some(line) = lines.next() {
        if let Ok(line) = line
            && let Some(fields) = line.strip_prefix(FIELDS)
        {
            return Ok(named(fields));
        }
    }
    Err(lines.failed.unwrap_or(Unreadable::Unlike("it has no line that begins with `#Fields:`")))
}

/// The columns that a line of a W3C log names; the date and the time are one.
fn named(fields: &[u8]) -> Vec<String> {
    let names = String::from_utf8_lossy(fields);
    let mut names: Vec<String> = names.split_ascii_whitespace().map(String::from).collect();
    if names.iter().any(|name| name == "time") {
        names.retain(|name| name != "date");
    }
    names
}

impl Words {
    pub fn new(file: Source, format: Format, names: &[String]) -> Self {
        let columns = format.columns().unwrap_or_default();
        let columns: Vec<&str> = columns.to_vec();
        let places = names.iter().map(|name| place(&columns, name)).collect();
        let (line, words, moment) = (Vec::new(), Vec::new(), Vec::new());
        Self { lines: Lines::new(file), format, names: names.to_vec(), places, line, words, moment }
    }

    pub fn next(&mut self) -> Option<Result<(), Bad>> {
        loop {
            match self.lines.next()? {
                Ok(line) => {
                    self.line.clear();
                    self.line.extend_from_slice(line);
                }
                Err(bad) => return Some(Err(bad)),
            }
            if self.format != Format::W3c || !self.line.starts_with(b"#") {
                break;
            }
            if let Some(fields) = self.line.strip_prefix(FIELDS) {
                let columns = String::from_utf8_lossy(fields);
                let columns: Vec<&str> = columns.split_ascii_whitespace().collect();
                self.places = self.names.iter().map(|name| place(&columns, name)).collect();
            }
        }
        self.words.clear();
        if self.format.is_access_log() {
            return Some(access(&self.line, &mut self.words).ok_or(Bad::NotCombined));
        }
        split(&self.line, 0, &mut self.words);
        self.join_moment();
        Some(Ok(()))
    }

    fn join_moment(&mut self) {
        self.moment.clear();
        let moments = self.places.iter().filter_map(|place| match place {
            Place::Moment(date, time) => Some((self.words.get(*date)?, self.words.get(*time)?)),
            _ => None,
        });
        for (date, time) in moments.take(1) {
            self.moment.extend_from_slice(&self.line[date.clone()]);
            self.moment.push(b'T');
            self.moment.extend_from_slice(&self.line[time.clone()]);
        }
    }

    /// What stands in a column, by its place among those that count; `-` is nothing.
    pub fn field(&self, column: usize) -> Option<&[u8]> {
        let word = |place: usize| {
            let word = &self.line[self.words.get(place)?.clone()];
            let is_empty = word.is_empty() || word == b"-" && !self.format.is_access_log();
            (!is_empty).then_some(word)
        };
        match self.places[column] {
            Place::Nowhere => None,
            Place::Whole(place) => word(place),
            Place::Request(place) => word(place).map(call),
            Place::Host(place) => word(place).map(host),
            Place::Moment(..) => (!self.moment.is_empty()).then_some(&self.moment),
        }
    }
}

fn place(columns: &[&str], name: &str) -> Place {
    let at = |name: &str| columns.iter().position(|column| *column == name);
    match (at(name), at("date")) {
        (Some(time), Some(date)) if name == "time" => Place::Moment(date, time),
        (Some(place), _) if name == "request" => Place::Request(place),
        (Some(place), _) if name.ends_with(":port") => Place::Host(place),
        (Some(place), _) => Place::Whole(place),
        (None, _) => Place::Nowhere,
    }
}

/// The words of a line from a place on.
fn split(line: &[u8], mut from: usize, words: &mut Vec<Range<usize>>) {
    while let Some(skipped) = line[from..].iter().position(|c| !matches!(c, b' ' | b'\t')) {
        from += skipped;
        let (begin, end) = match line[from] {
            b'"' => (from + 1, closing_quote(&line[from + 1..])),
            b'[' => (from + 1, line[from + 1..].iter().position(|c| *c == b']')),
            _ => (from, line[from..].iter().position(|c| matches!(c, b' ' | b'\t'))),
        };
        let end = end.map_or(line.len(), |length| begin + length);
        words.push(begin..end);
        // What closes a word is no word of its own.
        from = (end + usize::from(begin > from)).min(line.len());
    }
}

/// The words of an access log, in which the name of a user may hold spaces.
fn access(line: &[u8], words: &mut Vec<Range<usize>>) -> Option<()> {
    let find = |from: usize, mark: u8| Some(from + line[from..].iter().position(|c| *c == mark)?);
    let time = find(0, b'[')?;
    let host = find(0, b' ').filter(|place| *place < time)?;
    let ident = find(host + 1, b' ').filter(|place| *place < time).unwrap_or(host);
    let user = line[ident + 1..time].trim_ascii_start();
    let (from, length) = (time - user.len(), user.trim_ascii_end().len());
    let end = find(time, b']')?;
    words.extend([0..host, (host + 1).min(ident)..ident, from..from + length, time + 1..end]);
    if !line[end + 1..].starts_with(b" \"") {
        return None;
    }
    closing_quote(&line[end + 3..])?;
    split(line, end + 1, words);
    let status = words.get(5).map(|place| &line[place.clone()]);
    status.filter(|text| super::Answer::read(Some(text)).status().is_some()).map(|_| ())
}

/// The quote that ends a text; one in it stands behind a backslash.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|c| {
        let closes = *c == b'"' && !escaped;
        escaped = *c == b'\\' && !escaped;
        closes
    })
}

/// A request without its protocol.
fn call(request: &[u8]) -> &[u8] {
    let protocol = request.windows(6).rposition(|part| part == b" HTTP/");
    &request[..protocol.unwrap_or(request.len())]
}

/// An address without its port.
fn host(address: &[u8]) -> &[u8] {
    &address[..address.iter().rposition(|c| *c == b':').unwrap_or(address.len())]
}
