//! Which columns of a trace count: those that the scenario names, and those named as by default.

use super::Traced;
use crate::catalog::{Spanned, excerpt};
use crate::recorded::{Columns, Format, Log, Survey};
use crate::scenario::meaning::Meaning;
use crate::scenario::nearest;

impl Meaning<'_> {
    /// The columns that count: those that the scenario names, or that are named as by default.
    pub(super) fn columns(
        &mut self,
        of: Traced<'_>,
        format: Format,
        known: &[String],
    ) -> Option<Columns> {
        let trace = of.trace;
        if format == Format::Combined {
            for (key, column) in
                [("time", &trace.time), ("call", &trace.call), ("status", &trace.status)]
            {
                if let Some(column) = column {
                    let message = format!("a combined log has its own place for the {key}");
                    self.problem(column.span(), message, &format!("leave `{key}` out"));
                }
            }
            let account = trace.account.as_ref();
            let known = |name: &String| ["host", "user"].contains(&name.as_str());
            if let Some(other) = account.filter(|name| !known(name.get_ref())) {
                let message = format!("a combined log has no accounts by `{}`", other.get_ref());
                self.problem(other.span(), message, "write \"host\" or \"user\"");
            }
            return Some(Columns {
                time: "time".into(),
                account: account.map(|name| name.get_ref().clone()),
                call: trace.calls.as_ref().map(|_| "request".into()),
                status: Some("status".into()),
            });
        }
        let is_table = format == Format::Csv;
        let is_there = |name: &str| known.iter().any(|column| column == name);
        let mut column = |named: &Option<Spanned<String>>, default: &str, needed: bool| {
            let name = named.as_ref().map_or(default, |name| name.get_ref().as_str());
            if is_there(name) {
                return Some(name.to_string());
            }
            if is_table && (named.is_some() || needed) {
                let place = named.as_ref().map_or(trace.file.span(), Spanned::span);
                let message = format!("`{}` has no column `{name}`", trace.file.get_ref());
                self.problem(place, message, &remedy(name, default, known));
            }
            (named.is_some() || needed).then(|| name.to_string())
        };
        let own_steps = of.written.call.is_some() || of.written.steps.is_some();
        let needs_call = trace.calls.is_some();
        Some(Columns {
            time: column(&trace.time, "time", true)?,
            account: column(&trace.account, "account", false),
            call: match own_steps && trace.call.is_none() && !needs_call {
                true => None,
                false => column(&trace.call, "call", needs_call),
            },
            // A line of JSON without a status is one whose answer is not known.
            status: column(&trace.status, "status", !is_table),
        })
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
        if found.rows == 0 || log.format == Format::Combined {
            return true;
        }
        for (key, written, column, rows) in [
            ("time", &trace.time, Some(&columns.time), given.time),
            ("account", &trace.account, columns.account.as_ref(), given.account),
            ("call", &trace.call, columns.call.as_ref(), given.call),
            ("status", &trace.status, columns.status.as_ref(), given.status),
        ] {
            // Where nothing says when, the rows were not looked at any further.
            let looked_at = if key == "time" { given.no_time > 0 } else { given.time > 0 };
            let counts = written.is_some() || key == "time";
            let Some(name) = column.filter(|_| rows == 0 && looked_at && counts) else { continue };
            let place = written.as_ref().map_or(trace.file.span(), Spanned::span);
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
            self.problem(place, message, &help);
        }
        self.problems.len() == before
    }
}

/// What to write instead of a name that is not among those that are known.
fn remedy(name: &str, key: &str, known: &[String]) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("write {key} = \"…\""),
        None => format!("write {key} = \"…\"; there is {}", excerpt(&known.join(", "))),
    }
}
