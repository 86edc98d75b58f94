//! How a log writes its times and separates its columns, as far as a scenario says so.

use crate::recorded::{Columns, Format, Given, Log, Unit};
use crate::scenario::raw::RawTrace;
use crate::scenario::resolve::Resolver;
use crate::scenario::text::value;
use std::path::PathBuf;

/// What a scenario says about how a log is written.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    unit: Option<Unit>,
    /// How far east of Greenwich dates without an offset are \[s\].
    east: i32,
    pub separator: u8,
}

impl Dialect {
    /// The log that is written so.
    pub fn of(self, path: PathBuf, format: Format, columns: Columns) -> Log {
        let mut log = Log::new(path, format, columns);
        (log.unit, log.east, log.separator) = (self.unit, self.east, self.separator);
        log
    }
}

impl Resolver<'_> {
    pub(super) fn dialect(&mut self, trace: &RawTrace, format: Format) -> Dialect {
        let mut dialect = Dialect { unit: value(trace.unit.as_ref()), east: 0, separator: b',' };
        if let Some(separator) = &trace.separator {
            match separator.get_ref().as_bytes() {
                _ if !format.is_table() => {
                    let message = format!("`{}` is not a table with a separator", format.name());
                    self.contradiction(separator.span(), message, "leave `separator` out");
                }
                [one] if one.is_ascii() && !matches!(one, b'"' | b'\r' | b'\n') => {
                    dialect.separator = *one;
                }
                _ => self.malformed(
                    separator.span(),
                    "the separator must be one ASCII character",
                    "write \";\", \"|\" or \"\\t\"",
                ),
            }
        }
        if let Some(zone) = &trace.zone {
            match offset(zone.get_ref()) {
                Some(east) => dialect.east = east,
                None => self.malformed(
                    zone.span(),
                    format!("`{}` is not an offset from UTC", zone.get_ref()),
                    "write \"+01:00\", \"-08:00\" or \"Z\"",
                ),
            }
        }
        dialect
    }

    /// What the scenario says about times that are not there.
    pub(super) fn check_dialect(&mut self, trace: &RawTrace, given: &Given) {
        let file = trace.file.get_ref();
        if let Some(unit) = trace.unit.as_ref().filter(|_| !given.numbers) {
            let message = format!("`unit` has no effect: no time in `{file}` is a number");
            self.no_effect(unit.span(), message, "leave `unit` out");
        }
        if let Some(zone) = trace.zone.as_ref().filter(|_| !given.local_dates) {
            let message = format!("`zone` has no effect: every time in `{file}` has an offset");
            self.no_effect(zone.span(), message, "leave `zone` out");
        }
    }
}

/// An offset as ISO 8601 writes it \[s\].
fn offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str, below: i32| {
        let digits = text.len() == 2 && text.bytes().all(|c| c.is_ascii_digit());
        text.parse().ok().filter(|number: &i32| digits && *number < below)
    };
    Some(sign * (two(hours, 24)? * 3600 + two(minutes, 60)? * 60))
}

/// The parts of a call that a scenario names.
pub(super) fn parts(trace: &RawTrace) -> Option<&[String]> {
    trace.call.as_ref().map(|call| call.get_ref().0.as_slice())
}
