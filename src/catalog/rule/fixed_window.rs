//! The rule of a fixed window: a number of requests in each window of the clock or the calendar.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::problem::{Problem, ProblemKind, nearest_names};
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{Begins, FixedWindow, Limiter};
use crate::units::quantity::{count, span};
use crate::units::{CalendarUnit, Period, Span, Zone};
use serde::{Deserialize, Serialize};

/// A window of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FixedWindowDocument {
    /// Requests in each window, from 1.
    pub limit: Spanned<u32>,
    /// The length of a window: a duration, or `1 day`, `1 week` (from Monday) or `1 month` of the
    /// calendar.
    pub window: Spanned<Quantity<Period>>,
    /// The time zone of a window of the calendar, such as `America/Los_Angeles`, whose days have 23
    /// or 25 hours when clocks change. Default: UTC.
    pub zone: Option<Spanned<String>>,
    /// How long after midnight, the week's first midnight or the month's a window begins; of a
    /// duration, how long after its multiples since 1970 UTC. Default: at once.
    pub offset: Option<Spanned<Quantity<Span>>>,
}

impl Settings for FixedWindowDocument {
    fn what(&self) -> &'static str {
        "a fixed window"
    }

    /// Where a window of the calendar, or one with an offset, begins.
    fn details(&self) -> Option<String> {
        let late = self.offset.as_ref().map(|late| span(late.get_ref().0));
        match (self.window.get_ref().0, late) {
            (Period::Span(_), None) => None,
            (Period::Span(of), Some(late)) => {
                Some(format!("begins {late} after each multiple of {}", span(of)))
            }
            (Period::Calendar(unit), late) => {
                let zone = self.zone.as_ref().map_or("UTC", |zone| zone.get_ref());
                let first = match unit {
                    CalendarUnit::Day => "midnight",
                    CalendarUnit::Week => "Monday's midnight",
                    CalendarUnit::Month => "midnight of the first",
                };
                let at = || format!("at {first}");
                let when = late.map_or_else(at, |late| format!("{late} after {first}"));
                Some(format!("begins {when} in {zone}"))
            }
        }
    }

    fn limiter(&self, _: Option<Figures>, calendar: Calendar) -> Option<Limiter> {
        let limit = *self.limit.get_ref();
        let late = self.offset.as_ref().map_or(Span::ZERO, |late| late.get_ref().0);
        Some(Limiter::FixedWindow(match self.window.get_ref().0 {
            Period::Span(window) => FixedWindow::new(limit, window, calendar.offset(window, late)),
            Period::Calendar(unit) => {
                let zone = self.zone.as_ref().and_then(|name| Zone::named(name.get_ref()));
                let begins = calendar.beginnings(&zone.unwrap_or_default(), unit, late);
                FixedWindow::of_calendar(limit, unit, begins)
            }
        }))
    }

    fn check(&self, found: &mut Findings) {
        found.count(Some(&self.limit), "a limit");
        found.0.extend(problems(self));
    }

    fn has(&self, figure: Figure) -> bool {
        figure == Figure::Limit
    }

    fn take(&mut self, figure: Figure, own: &Supplied) {
        own.put(figure, &mut self.limit);
    }

    fn counts_units(&self) -> bool {
        true
    }
}

impl Describe for FixedWindow {
    fn described(&self) -> String {
        let limit = count(self.limit().into());
        match self.begins() {
            Begins::Even { length, .. } => {
                format!("{limit} in each fixed window of {}", span(*length))
            }
            Begins::Calendar { unit, .. } => {
                format!("{limit} in each {} of the calendar", unit.name())
            }
        }
    }
}

/// All that is wrong with the period of a window.
fn problems(rule: &FixedWindowDocument) -> Vec<Problem> {
    let period = rule.window.get_ref().0;
    let mut found = Vec::new();
    if period == Period::Span(Span::ZERO) {
        let problem =
            Problem::at(ProblemKind::OutOfRange, rule.window.span(), "a window of no time");
        found.push(problem.help("write \"1s\" or more"));
    }
    found.extend(rule.zone.as_ref().and_then(|zone| zone_problem(zone, period)));
    if let Some(offset) = &rule.offset {
        let most = match period {
            Period::Span(window) => window,
            Period::Calendar(unit) => unit.at_least(),
        };
        if offset.get_ref().0 >= most && !most.is_zero() {
            let message = format!("`offset` must be less than the window, {most}");
            let help = format!("write less than \"{most}\"");
            found.push(Problem::at(ProblemKind::OutOfRange, offset.span(), message).help(help));
        }
    }
    found
}

fn zone_problem(zone: &Spanned<String>, period: Period) -> Option<Problem> {
    let name = zone.get_ref();
    if let Period::Span(span) = period {
        let why = format!("a window of {span} is no period of a calendar");
        let message = format!("`zone` has no effect: {why}");
        let help = "write window = \"1 day\", \"1 week\" or \"1 month\", or leave `zone` out";
        return Some(Problem::at(ProblemKind::NoEffect, zone.span(), message).help(help));
    }
    if Zone::named(name).is_some() {
        return None;
    }
    let names = Zone::names();
    let near = nearest_names(name, names.iter().map(String::as_str));
    let help = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a name of the IANA database, such as \"America/Los_Angeles\"".into(),
    };
    let message = format!("no time zone `{name}`");
    Some(Problem::at(ProblemKind::unknown(name), zone.span(), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn windows_that_are_none_are_told() {
        for (rule, place, message, help) in [
            ("window = \"0s\"", "\"0s\"", "a window of no time", "\"1s\""),
            (
                "window = \"24h\", zone = \"UTC\"",
                "\"UTC\"",
                "a window of 1d is no period of a calendar",
                "window = \"1 day\"",
            ),
            (
                "window = \"1 day\", zone = \"America/Los_Angles\"",
                "\"America/Los_Angles\"",
                "no time zone `America/Los_Angles`",
                "did you mean `America/Los_Angeles`?",
            ),
            ("window = \"1 day\", zone = \"Pacific\"", "\"Pacific\"", "no time zone `Pacific`", ""),
            (
                "window = \"1 month\", offset = \"28d\"",
                "\"28d\"",
                "`offset` must be less than the window, 28d",
                "28d",
            ),
            ("window = \"1m\", offset = \"60s\"", "\"60s\"", "less than the window, 1m", "1m"),
        ] {
            let text = format!("rule = {{ limit = 1, {rule} }}");
            #[derive(serde::Deserialize)]
            struct Holder {
                rule: FixedWindowDocument,
            }
            let holder: Holder = reader::from_text(&text).expect("the form");
            let [problem] = &problems(&holder.rule)[..] else { panic!("{text}: one problem") };
            assert_eq!(&text[problem.span.clone().expect("a place")], place);
            assert!(problem.message.contains(message), "{}", problem.message);
            let told = problem.help.as_deref().unwrap_or_default();
            assert!(told.contains(help), "{text}: {told}");
        }
    }
}
