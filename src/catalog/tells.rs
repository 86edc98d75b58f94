//! What a limit tells: a throttled client, and in every answer.
//!
//! ```text
//!   tells = { status = 429, retry_after = "date" }
//!   tells = { status = 200, code = "THROTTLED", level = true }      2xx needs a code
//!   tells = { remaining = true, reset = "epoch-seconds", rounds = "down" }
//! ```

use super::findings::Findings;
use super::rule::RuleDocument;
use super::spanned::Spanned;
use crate::units::Span;
use crate::wire::{Rounds, Since, Stamp};
use serde::{Deserialize, Serialize};

/// What a throttled client receives, and what every answer tells of the limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TellsDocument {
    /// The status of a throttled call: 400 to 599, or 2xx beside a `code`.
    pub status: Spanned<u16>,
    /// The error code in the body. Default: none.
    pub code: Option<String>,
    /// How `Retry-After` says when to come again. Default: none, the header is not sent.
    pub retry_after: Option<Spanned<TimeForm>>,
    /// `true`: other responses have a header with the limit's rate.
    pub rate_header: Spanned<bool>,
    /// `true`: answers tell how many requests or units are left.
    pub remaining: Spanned<bool>,
    /// `true`: answers tell the level, `32/40`: what is used of the most.
    pub level: Spanned<bool>,
    /// How answers tell when all requests or units are back; of a fixed window, when it ends.
    /// Default: none, they do not.
    pub reset: Option<Spanned<TimeForm>>,
    /// How answers tell when one more request or unit is back. Default: none, they do not.
    pub next: Option<Spanned<TimeForm>>,
    /// How `retry_after`, `reset` and `next` are rounded to their unit. Default: `"up"`.
    pub rounds: Option<Spanned<TimeRounding>>,
}

impl Default for TellsDocument {
    fn default() -> Self {
        Self {
            status: Spanned::new(0..0, 429),
            code: None,
            retry_after: None,
            rate_header: Spanned::default(),
            remaining: Spanned::default(),
            level: Spanned::default(),
            reset: None,
            next: None,
            rounds: None,
        }
    }
}

impl TellsDocument {
    /// How a time of this form is written.
    #[must_use]
    pub fn stamp(&self, form: TimeForm) -> Stamp {
        let rounds = match self.rounds.as_ref().map(|rounds| *rounds.get_ref()) {
            None | Some(TimeRounding::Up) => Rounds::Up,
            Some(TimeRounding::Down) => Rounds::Down,
        };
        let (unit, since) = match form {
            TimeForm::Seconds => (Span::SECOND, Since::Answer),
            TimeForm::Milliseconds => (Span::from_millis(1), Since::Answer),
            TimeForm::EpochSeconds | TimeForm::Date => (Span::SECOND, Since::Calendar),
            TimeForm::EpochMilliseconds => (Span::from_millis(1), Since::Calendar),
        };
        Stamp { unit, since, rounds }
    }

    /// True if answers tell how much is left.
    #[must_use]
    pub fn tells_remaining(&self) -> bool {
        *self.remaining.get_ref() || *self.level.get_ref()
    }
}

/// How a header writes an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TimeForm {
    /// Whole seconds from now.
    Seconds,
    /// Whole milliseconds from now.
    Milliseconds,
    /// Whole seconds since 1970.
    EpochSeconds,
    /// Whole milliseconds since 1970.
    EpochMilliseconds,
    /// A date of HTTP, which has whole seconds.
    Date,
}

/// How a time is rounded to the unit of its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TimeRounding {
    /// A client that waits for it does not come too early.
    Up,
    /// The fraction is cut off: a client that waits for it may come too early.
    Down,
}

/// What is wrong with what a limit tells: a status that refuses nothing, and what its rule does not
/// have.
pub(super) fn problems(tells: &TellsDocument, rule: &RuleDocument, found: &mut Findings) {
    let rule = rule.settings();
    let (status, place) = (*tells.status.get_ref(), tells.status.span());
    match status {
        200..=299 => {
            let message = format!("{status} without a `code` is a success");
            let help = "write 429, or the code in the body: code = \"THROTTLED\"";
            found.out_of_range(tells.code.is_none(), place, &message, help);
        }
        _ => found.statuses([status], &place),
    }
    let what = rule.what();
    for (key, flag) in [("remaining", &tells.remaining), ("level", &tells.level)] {
        if *flag.get_ref() && !rule.has_remaining() {
            let why = format!("{what} has no number of calls that are left");
            found.no_effect(flag, key, &why);
        }
    }
    for (key, form) in [("reset", &tells.reset), ("next", &tells.next)] {
        if let (Some(form), false) = (form, rule.comes_back_by_clock()) {
            found.no_effect(form, key, &format!("{what} has no such time"));
        }
    }
    if let Some(rounds) = &tells.rounds
        && tells.retry_after.is_none()
        && tells.reset.is_none()
        && tells.next.is_none()
    {
        found.no_effect(rounds, "rounds", "no time is told");
    }
}
