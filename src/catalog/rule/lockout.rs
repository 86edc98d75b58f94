//! The rule of a lockout: nothing more after a number of responses with a status.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::one_or_many::OneOrMany;
use crate::catalog::problem::{Problem, ProblemKind};
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::Figure;
use crate::limiter::{Limiter, Lockout, LockoutRule, LockoutWindow};
use crate::units::Span;
use crate::units::quantity;
use crate::wire::Status;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A lockout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LockoutDocument {
    /// The status that counts, from whichever limit, or a list of several.
    pub status: Spanned<OneOrMany<u16>>,
    /// The number of such responses that locks a caller out, from 1.
    pub count: Spanned<u32>,
    /// The period in which they are counted.
    pub window: Spanned<Quantity<Span>>,
    /// Where that period begins.
    #[serde(default)]
    pub kind: WindowKind,
    /// How long it refuses; then the count begins at 0. Default: until fewer are in the period.
    pub lasts: Option<Spanned<Quantity<Span>>>,
    /// `true`: each call that it refuses starts that time again.
    #[serde(default)]
    pub extends: Spanned<bool>,
}

/// Where a window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WindowKind {
    /// At every multiple of its length on the clock.
    #[default]
    Fixed,
    /// Its length before now, at every instant.
    Sliding,
}

impl Settings for LockoutDocument {
    fn what(&self) -> &'static str {
        "a lockout"
    }

    fn limiter(&self, _: Option<Figures>, calendar: Calendar) -> Option<Limiter> {
        let window = self.window.get_ref().0;
        let kind = match self.kind {
            WindowKind::Fixed => {
                LockoutWindow::Fixed { offset: calendar.offset(window, Span::ZERO) }
            }
            WindowKind::Sliding => LockoutWindow::Sliding,
        };
        Some(Limiter::Lockout(Box::new(Lockout::new(LockoutRule {
            statuses: self.status.get_ref().0.iter().copied().map(Status).collect(),
            count: *self.count.get_ref(),
            window,
            kind,
            lasts: self.lasts.as_ref().map(|lasts| lasts.get_ref().0),
            extends: *self.extends.get_ref(),
        }))))
    }

    fn check(&self, found: &mut Findings) {
        let counted = &self.status.get_ref().0;
        let mut seen = HashSet::new();
        if let Some(again) = counted.iter().find(|status| !seen.insert(**status)) {
            let message = format!("{again} stands in `status` twice");
            let problem = Problem::at(ProblemKind::NoEffect, self.status.span(), message);
            found.0.push(problem.help("leave one of them out"));
        }
        if *self.extends.get_ref() && self.lasts.is_none() {
            let why = "there is no `lasts` that a refusal could start again";
            found.no_effect(&self.extends, "extends", why);
        }
        found.statuses(counted.iter().copied(), &self.status.span());
        let message = "a lockout that counts no status";
        let place = Some(self.status.span());
        found.missing(counted.is_empty(), place, message, "write status = 429");
        found.count(Some(&self.count), "a count");
        found.length(Some(&self.window), "window");
        found.length(self.lasts.as_ref(), "lockout");
    }

    fn has(&self, _: Figure) -> bool {
        false
    }

    fn ignores_rejected(&self) -> Option<&'static str> {
        Some("counts refusals by their status")
    }

    fn ignores_cool_down(&self) -> Option<&'static str> {
        Some("a lockout has `lasts`")
    }

    fn has_rate(&self) -> bool {
        false
    }

    fn has_remaining(&self) -> bool {
        false
    }
}

impl Describe for Lockout {
    /// When it shuts, and for how long.
    fn described(&self) -> String {
        let of = self.rule();
        let (count, window) = (quantity::count(of.count.into()), quantity::span(of.window));
        let (within, ends) = match of.kind {
            LockoutWindow::Fixed { .. } => ("a fixed window", "until it ends"),
            LockoutWindow::Sliding => ("any window", "until fewer are in it"),
        };
        let ends = of.lasts.map_or(ends.into(), |lasts| format!("for {}", quantity::span(lasts)));
        let again = if of.extends { ", again after each call that it refuses" } else { "" };
        let responses = if of.count > 1 { "responses" } else { "response" };
        let statuses: Vec<String> = of.statuses.iter().map(ToString::to_string).collect();
        let after = format!("after {count} {responses} with status {}", statuses.join(" or "));
        format!("lockout: {after} in {within} of {window}, {ends}{again}")
    }
}
