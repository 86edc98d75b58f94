//! Which columns of a trace count: those that the scenario names, and those named as by default.

use super::Traced;
use crate::catalog::Spanned;
use crate::scenario::meaning::Meaning;
use crate::scenario::nearest;
use crate::scenario::trace::{Columns, Format};

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
        // Other lines of JSON may have keys that the first one lacks.
        let fixed = format == Format::Csv;
        let mut column = |named: &Option<Spanned<String>>, default: &str, needed: bool| {
            let name = named.as_ref().map_or(default, |name| name.get_ref().as_str());
            if known.iter().any(|column| column == name) {
                return Some(name.to_string());
            }
            if fixed && (named.is_some() || needed) {
                let place = named.as_ref().map_or(trace.file.span(), Spanned::span);
                let message = format!("`{}` has no column `{name}`", trace.file.get_ref());
                let help = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("write {default} = \"…\"; it has {}", known.join(", ")),
                };
                self.problem(place, message, &help);
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
            status: column(&trace.status, "status", false),
        })
    }
}
