//! Which columns of a trace count: those that the scenario names, and those of its format.

use super::Traced;
use super::dialect::parts;
use crate::catalog::{Glob, Spanned, excerpt};
use crate::recorded::{BESIDE, COST, Columns, Format, Log, Survey};
use crate::scenario::nearest;
use crate::scenario::raw::RawTrace;
use crate::scenario::resolve::Resolver;
use std::ops::Range;

impl Resolver<'_> {
    /// The columns that count: those that the scenario names, or those of its format.
    pub(super) fn columns(
        &mut self,
        of: Traced<'_>,
        format: Format,
        known: &[String],
    ) -> Option<Columns> {
        let (trace, usual) = (of.trace, format.usual());
        if format == Format::Combined && !self.check_places(of) {
            return None;
        }
        let (time, account) = (&trace.time, &trace.account);
        let named = Named { of, format, known };
        let own_steps = of.raw.call.is_some() || of.raw.steps.is_some();
        let needs_call = trace.calls.is_some();
        // The rows of these formats have requests, which are no names of operations.
        let is_named = matches!(format, Format::Csv | Format::Jsonl);
        Some(Columns {
            time: self.column(named, ("time", time.as_ref()), usual.time, true)?,
            account: {
                let usual = usual.account.unwrap_or_default();
                self.column(named, ("account", account.as_ref()), usual, false)
            },
            call: match parts(trace) {
                Some(parts) => self.call_parts(named, parts)?,
                None if !needs_call && (own_steps || !is_named && format != Format::Jmeter) => {
                    Vec::new()
                }
                None => {
                    let part = |name: &&str| self.column(named, ("call", None), name, needs_call);
                    let parts: Vec<Option<String>> = usual.call.iter().map(part).collect();
                    parts.into_iter().collect::<Option<Vec<String>>>().unwrap_or_default()
                }
            },
            // An object of JSON without a status is one whose answer is not known.
            status: {
                let is_needed = format == Format::Jsonl;
                self.column(named, ("status", trace.status.as_ref()), usual.status, is_needed)
            },
            only: self.filters(named)?,
            beside: {
                let mut beside = [const { None }; BESIDE];
                if let Some(items) = &trace.items {
                    beside[COST] = Some(self.column(named, ("items", Some(items)), "", true)?);
                }
                beside
            },
        })
    }

    /// A column that is named, or else one that is usual if there is one, or if it is needed.
    fn column(
        &mut self,
        of: Named<'_>,
        (key, named): (&str, Option<&Spanned<String>>),
        usual: &str,
        needed: bool,
    ) -> Option<String> {
        let name = named.map_or(usual, |name| name.get_ref().as_str());
        let is_there = of.known.iter().any(|column| column == name);
        if is_there {
            return Some(name.to_string());
        }
        let counts = named.is_some() || needed;
        if counts && !of.format.is_json() {
            let place = named.map_or(of.of.trace.file.span(), Spanned::span);
            self.no_column(of, place, name, key);
            return None;
        }
        counts.then(|| name.to_string())
    }

    fn no_column(&mut self, of: Named<'_>, place: Range<usize>, name: &str, key: &str) {
        let message = format!("`{}` has no column `{name}`", of.of.trace.file.get_ref());
        self.bad_file(place, message, &remedy(name, key, of.known));
    }

    fn call_parts(&mut self, of: Named<'_>, parts: &[String]) -> Option<Vec<String>> {
        let place = place_of_call(of.of.trace).unwrap_or_default();
        if parts.is_empty() {
            let help = "write call = [\"method\", \"path\"]";
            self.incomplete(place.clone(), "the list of columns of the call is empty", help);
        }
        let part = |name: &String| {
            let name = Spanned::new(place.clone(), name.clone());
            self.column(of, ("call", Some(&name)), "", true)
        };
        let parts: Vec<Option<String>> = parts.iter().map(part).collect();
        parts.into_iter().collect()
    }

    /// What rows must be like to count.
    fn filters(&mut self, of: Named<'_>) -> Option<Vec<(String, Glob)>> {
        let Some(filters) = &of.of.trace.only else {
            let known = |name: &str| of.known.iter().any(|column| column == name);
            let usual = of.format.usual().only.iter().filter(|(name, _)| known(name));
            return Some(usual.map(|(n, value)| (n.to_string(), Glob::new(value))).collect());
        };
        let mut only = Vec::new();
        for (name, pattern) in filters {
            let column = self.column(of, ("where", Some(name)), "", true);
            only.push((column?, Glob::new(pattern.get_ref())));
        }
        Some(only)
    }

    /// Keys that a combined log has no use for; true if there is none.
    fn check_places(&mut self, of: Traced<'_>) -> bool {
        let (trace, before) = (of.trace, self.problems.len());
        let known = |name: &&Spanned<String>| !["host", "user"].contains(&name.get_ref().as_str());
        if let Some(other) = trace.account.as_ref().filter(known) {
            let message = format!("a combined log has no accounts by `{}`", other.get_ref());
            self.malformed(other.span(), message, "write \"host\" or \"user\"");
        }
        let call = place_of_call(trace);
        let place = |column: &Option<Spanned<String>>| column.as_ref().map(Spanned::span);
        if let Some(items) = &trace.items {
            let help = "leave `items` out, or convert the log to CSV or JSON Lines";
            self.contradiction(items.span(), "a combined log tells no items", help);
        }
        for (key, column) in
            [("time", place(&trace.time)), ("call", call), ("status", place(&trace.status))]
        {
            if let Some(column) = column {
                let message = format!("a combined log has its own place for the {key}");
                self.contradiction(column, message, &format!("leave `{key}` out"));
            }
        }
        self.problems.len() == before
    }

    /// Keys of the trace that name what no row has; true if there is none.
    pub(super) fn check_given(
        &mut self,
        of: Traced<'_>,
        log: &Log,
        survey: &Survey,
        known: &[String],
    ) -> bool {
        let (trace, file) = (of.trace, of.trace.file.get_ref());
        let (given, columns, found) = (&survey.given, &log.columns, &survey.found);
        let before = self.problems.len();
        if given.looked == 0 || log.format.is_access_log() {
            return true;
        }
        let place = |column: &Option<Spanned<String>>| column.as_ref().map(Spanned::span);
        let mut keys = Vec::new();
        for ((name, _), rows) in columns.only.iter().zip(&given.only) {
            let raw = trace.only.iter().flat_map(|only| only.keys());
            let raw = raw.into_iter().find(|key| key.get_ref() == name);
            keys.push(("where", raw.map(Spanned::span), name, *rows));
        }
        // Where no row matches the filters, nothing else was looked at.
        if found.filtered < given.looked {
            keys.push(("time", place(&trace.time), &columns.time, given.time));
            let call = place_of_call(trace);
            let parts = columns.call.iter().zip(&given.call);
            keys.extend(parts.map(|(name, rows)| ("call", call.clone(), name, *rows)));
            for (key, raw, column, rows) in [
                ("account", &trace.account, &columns.account, given.account),
                ("status", &trace.status, &columns.status, given.status),
                ("items", &trace.items, &columns.beside[COST], given.items),
            ] {
                keys.extend(column.as_ref().map(|name| (key, place(raw), name, rows)));
            }
        }
        for (key, raw, name, rows) in keys {
            if rows > 0 || raw.is_none() && key != "time" {
                continue;
            }
            let strange = found.first_strange.as_ref().filter(|_| key == "status");
            let (message, help) = match strange {
                Some(strange) => (
                    format!(
                        "no row of `{file}` has a status in `{name}`: the first is `{strange}`"
                    ),
                    "a status is a number from 100 to 599".into(),
                ),
                None => {
                    let other: Vec<String> = known.iter().filter(|k| *k != name).cloned().collect();
                    (format!("no row of `{file}` has `{name}`"), remedy(name, key, &other))
                }
            };
            self.bad_file(raw.unwrap_or(trace.file.span()), message, &help);
        }
        self.problems.len() == before
    }
}

fn place_of_call(trace: &RawTrace) -> Option<Range<usize>> {
    trace.call.as_ref().map(Spanned::span)
}

/// A trace whose columns are looked for.
#[derive(Clone, Copy)]
struct Named<'a> {
    of: Traced<'a>,
    format: Format,
    /// The columns that there are.
    known: &'a [String],
}

/// What to write instead of a name that is not among those that are known.
fn remedy(name: &str, key: &str, known: &[String]) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("write {}", raw(key)),
        None => format!("write {}; there is {}", raw(key), excerpt(&known.join(", "))),
    }
}

fn raw(key: &str) -> String {
    match key {
        "where" => "where = { … = \"…\" }".into(),
        key => format!("{key} = \"…\""),
    }
}
