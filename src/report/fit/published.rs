//! A published limit in the terms of a fit: which kinds of limit it may be, and its figures.
//!
//! ```text
//!   the log counts   the limit counts   compared as
//!   calls            calls              what is published
//!   units            the same units     what is published
//!   calls            units              so many calls, if each takes a published number of them
//!   units            calls, or others   not: the answer says how to compare it
//! ```

use super::Fitting;
use super::figures::Counted;
use crate::catalog::{AppliedLimit, FixedWindowDocument, RuleDocument, WindowAdmits, WindowMethod};
use crate::fit::counter::Room;
use crate::fit::model::Model;
use crate::report::words;
use crate::units::{CalendarUnit, Period, Span, Zone};

/// A limit that a log can be held against.
pub(super) struct Published {
    /// The kinds of limit that it may be.
    pub models: Vec<Model>,
    /// Burst or limit, in what the log counts.
    pub capacity: i64,
    /// \[1/s\]
    pub rate: Option<f64>,
    /// \[ns\]
    pub window: Option<i64>,
    /// Of a quota of a day: whose clocks, and how long after midnight a day begins.
    pub day: Option<(Zone, Span)>,
    /// As it is published.
    pub words: String,
}

impl Published {
    /// A limit of which every call takes `cost`, if its catalogue says so.
    ///
    /// # Errors
    /// Why the log cannot be held against it.
    pub(super) fn of(
        limit: &AppliedLimit<'_>,
        fitting: Fitting<'_>,
        cost: Option<u32>,
    ) -> Result<Self, String> {
        let counts = limit.limit.counts.as_ref().map(|counts| counts.get_ref().as_str());
        let found = Self::in_its_terms(limit, counts)
            .ok_or_else(|| format!("{} is not compared", limit.rule.what()))?;
        let help = "name the column of what a call costs: --cost COLUMN";
        match (fitting.counted, counts) {
            (Counted::Calls, None) => Ok(found),
            (Counted::Units, Some(unit)) if unit == fitting.unit => Ok(found),
            (Counted::Units, Some(unit)) => {
                Err(format!("it counts {unit}; compare it with --cost COLUMN --unit {unit}"))
            }
            (Counted::Units, None) => Err("it counts calls: compare it without --cost".into()),
            (Counted::Calls, Some(unit)) => match cost {
                Some(cost @ 1..) => {
                    found.in_calls(cost, unit).map_err(|why| format!("{why}: {help}"))
                }
                Some(0) => Err(format!("no call takes {unit} of it")),
                None => Err(format!("it counts {unit}: {help}")),
            },
        }
    }

    /// The same in calls that each take `cost` units.
    fn in_calls(self, cost: u32, unit: &str) -> Result<Self, String> {
        let (calls, rest) = (self.capacity / i64::from(cost), self.capacity % i64::from(cost));
        let is_bucket = self.rate.is_some();
        if is_bucket && rest > 0 {
            let burst = words::count(self.capacity.unsigned_abs());
            return Err(format!("a burst of {burst} {unit} is no whole number of calls of {cost}"));
        }
        let rate = self.rate.map(|rate| rate / f64::from(cost));
        let words = match cost {
            1 => self.words,
            cost => format!("{}; a call takes {}", self.words, words::count(cost.into())),
        };
        Ok(Self { capacity: calls, rate, words, ..self })
    }

    /// `None` for a rule that no log is fitted with.
    fn in_its_terms(limit: &AppliedLimit<'_>, unit: Option<&str>) -> Option<Self> {
        let counts_refused = *limit.limit.count_rejected.get_ref();
        match &*limit.rule {
            RuleDocument::TokenBucket(_) | RuleDocument::Quota(_) => {
                let plan = limit.figures?;
                let models = match counts_refused {
                    true => vec![Model::Bucket { counts_refused }],
                    false => vec![Model::Bucket { counts_refused }, Model::Ticks],
                };
                let of_units = unit.map_or(String::new(), |unit| format!(", of {unit}"));
                let burst = words::count(plan.burst.into());
                Some(Self {
                    models,
                    capacity: i64::from(plan.burst),
                    rate: Some(plan.rate.per_second_f64()),
                    window: None,
                    day: None,
                    words: format!("{}, burst {burst}{of_units}", plan.rate),
                })
            }
            RuleDocument::FixedWindow(rule) => Self::of_fixed_window(rule, unit),
            RuleDocument::SlidingWindow(rule) => {
                let model = match rule.method {
                    WindowMethod::Log => Model::SlidingLog { counts_refused },
                    WindowMethod::TwoBucket => {
                        let admits = rule.admits.as_ref().map(|admits| *admits.get_ref());
                        let room = match admits.unwrap_or_default() {
                            WindowAdmits::WholeCall => Room::Whole,
                            WindowAdmits::AnyRoom => Room::Any,
                        };
                        Model::SlidingCounter { counts_refused, room }
                    }
                };
                let (limit, window) = (*rule.limit.get_ref(), rule.window.get_ref().0);
                Some(Self::of_window(model, (limit, window), ("any window", unit)))
            }
            RuleDocument::Concurrency(most) => Some(Self {
                models: vec![Model::Concurrency],
                capacity: i64::from(*most.get_ref()),
                rate: None,
                window: None,
                day: None,
                words: format!("{} calls at the same time", words::count((*most.get_ref()).into())),
            }),
            _ => None,
        }
    }

    fn of_window(
        model: Model,
        (limit, window): (u32, Span),
        (what, unit): (&str, Option<&str>),
    ) -> Self {
        let (many, unit) = (words::count(limit.into()), unit.unwrap_or("calls"));
        Self {
            models: vec![model],
            capacity: i64::from(limit),
            rate: None,
            window: i64::try_from(window.as_nanos()).ok(),
            day: None,
            words: format!("{many} {unit} in {what} of {}", words::span(window)),
        }
    }

    /// `None` for weeks and months.
    fn of_fixed_window(rule: &FixedWindowDocument, unit: Option<&str>) -> Option<Self> {
        let (limit, model) = (*rule.limit.get_ref(), Model::FixedWindow);
        match rule.window.get_ref().0 {
            Period::Span(window) => {
                Some(Self::of_window(model, (limit, window), ("each window", unit)))
            }
            Period::Calendar(CalendarUnit::Day) => {
                let name = rule.zone.as_ref().map_or("UTC", |zone| zone.get_ref());
                let late = rule.offset.as_ref().map_or(Span::ZERO, |late| late.get_ref().0);
                let from = match late {
                    Span::ZERO => String::new(),
                    late => format!(", from {} after midnight", words::span(late)),
                };
                let (many, of) = (words::count(limit.into()), unit.unwrap_or("calls"));
                let words = format!("{many} {of} in each day of {name}{from}");
                let found = Self::of_window(model, (limit, Span::DAY), ("each day", unit));
                Some(Self { day: Some((Zone::named(name)?, late)), words, ..found })
            }
            Period::Calendar(_) => None,
        }
    }
}
