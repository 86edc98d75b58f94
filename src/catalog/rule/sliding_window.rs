//! The rule of a sliding window: a number of requests in any window that ends now.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::problem::{Problem, ProblemKind};
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{Limiter, Room, SlidingCounter, SlidingLog};
use crate::units::Span;
use crate::units::quantity::{count, span};
use serde::{Deserialize, Serialize};

/// A window that ends now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SlidingWindowDocument {
    /// Requests in any window, from 1.
    pub limit: Spanned<u32>,
    /// The length of the window.
    pub window: Spanned<Quantity<Span>>,
    /// How the window is counted.
    #[serde(default)]
    pub method: WindowMethod,
    /// What an estimate from two windows must leave room for, for the method `two-bucket`. Default:
    /// `"whole-call"`.
    pub admits: Option<Spanned<WindowAdmits>>,
}

/// How a sliding window is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WindowMethod {
    /// Exactly.
    #[default]
    Log,
    /// Estimated from two windows of the clock: this window's calls, plus the last window's calls ×
    /// the part of it that is still within the sliding window.
    TwoBucket,
}

/// What an estimate must leave room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WindowAdmits {
    /// A whole call: estimate + 1 <= limit.
    #[default]
    WholeCall,
    /// Any part of a call: estimate < limit.
    AnyRoom,
}

impl Settings for SlidingWindowDocument {
    fn what(&self) -> &'static str {
        "a sliding window"
    }

    fn limiter(&self, _: Option<Figures>, calendar: Calendar) -> Option<Limiter> {
        let (limit, window) = (*self.limit.get_ref(), self.window.get_ref().0);
        Some(match self.method {
            WindowMethod::Log => Limiter::SlidingLog(SlidingLog::new(limit, window)),
            WindowMethod::TwoBucket => {
                let admits = self.admits.as_ref().map(|admits| *admits.get_ref());
                let room = match admits.unwrap_or_default() {
                    WindowAdmits::WholeCall => Room::WholeCall,
                    WindowAdmits::AnyRoom => Room::Any,
                };
                let offset = calendar.offset(window, Span::ZERO);
                Limiter::SlidingCounter(SlidingCounter::new(limit, window, offset, room))
            }
        })
    }

    fn check(&self, found: &mut Findings) {
        if let (Some(admits), WindowMethod::Log) = (&self.admits, self.method) {
            let message = "`admits` has no effect: a log counts whole calls, for which both \
                           choices are the same";
            let help = "write method = \"two-bucket\", or leave `admits` out";
            found.0.push(Problem::at(ProblemKind::NoEffect, admits.span(), message).help(help));
        }
        found.count(Some(&self.limit), "a limit");
        found.length(Some(&self.window), "window");
    }

    fn has(&self, figure: Figure) -> bool {
        figure == Figure::Limit
    }

    fn take(&mut self, figure: Figure, own: &Supplied) {
        own.put(figure, &mut self.limit);
    }
}

impl Describe for SlidingLog {
    fn described(&self) -> String {
        format!("{} in any window of {}", count(self.limit().into()), span(self.window()))
    }
}

impl Describe for SlidingCounter {
    fn described(&self) -> String {
        let admits = match self.room() {
            Room::WholeCall => "estimate + 1 <= limit",
            Room::Any => "estimate < limit",
        };
        let (limit, window) = (count(self.limit().into()), span(self.window()));
        format!("{limit} in any window of {window}, estimated from two: {admits}")
    }
}
