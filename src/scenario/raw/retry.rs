//! `[strategy.NAME] retry` as it stands: attempts, back-off, deadline, and what is worth a retry.

use super::blocks::RawBudget;
use super::deadline::DeadlineText;
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{Choice, Limitable, ShareText};
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whether and when a client tries again.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawRetry {
    /// The greatest number of attempts, the first included. Default: `5`.
    pub attempts: Option<Spanned<Limitable>>,
    /// The wait before another attempt. Default: none, at once.
    pub backoff: Option<Spanned<Choice<RawBackoff>>>,
    /// Whose attempts are counted together. Default: `"request"`.
    pub counter: Option<Spanned<RawCounter>>,
    /// How long a request is tried again. Default: without end.
    pub deadline: Option<Spanned<DeadlineText>>,
    /// The statuses that are tried again. Default: `[429, 500, 502, 503, 504]`.
    pub statuses: Option<Spanned<Vec<u16>>>,
    /// Error codes that are tried again whatever the status. Default: none.
    pub codes: Option<Spanned<Vec<String>>>,
    /// Whether refusals of the client's own guard count as attempts. Default: `true`.
    pub refusals: Option<Spanned<bool>>,
    /// `true`: it waits as long as `Retry-After` says, or longer. Default: `false`.
    pub honour_retry_after: Option<Spanned<bool>>,
    /// It waits as long as `Retry-After` says, and longer by this at most. Default: none.
    pub retry_after_within: Option<Spanned<Quantity<Span>>>,
    /// The longest `Retry-After` that it waits for. Default: any.
    pub retry_after_at_most: Option<Spanned<Quantity<Span>>>,
    /// What a `Retry-After` above `retry_after_at_most` does. Default: `"cap"`.
    pub retry_after_beyond: Option<Spanned<RawBeyond>>,
    /// How many retries it allows itself. Default: any number.
    pub budget: Option<Spanned<Choice<RawBudget>>>,
}

/// What a `Retry-After` above `retry_after_at_most` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawBeyond {
    /// It counts as `retry_after_at_most`.
    Cap,
    /// It is ignored: the back-off is waited instead.
    Ignore,
    /// The request is given up.
    GiveUp,
}

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawCounter {
    /// Those of the request.
    Request,
    /// Those of the process.
    Process,
    /// Those of all accounts, which one process serves.
    Accounts,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawBackoff {
    /// No wait.
    None,
    /// Always the same wait.
    Fixed(Quantity<Span>),
    /// One wait after another; the last one is repeated.
    Delays(Vec<Quantity<Span>>),
    /// Longer by the same step each time.
    Linear(RawLinear),
    /// Longer by a factor each time.
    Exponential(RawExponential),
    /// Exponentially distributed, with this mean.
    Memoryless(Quantity<Span>),
    /// As in Polly: growing and random, without jumps.
    Polly(RawPolly),
    /// A random wait up to the time in which a number of calls is restored.
    Window(RawWindow),
    /// Until the next window of a clock that all clients share, plus a random time.
    NextWindow(RawNextWindow),
    /// One over the published rate of the call.
    RestoreWait(RawExtra),
    /// One over the rate in the last rate header.
    HeaderWait(RawExtra),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawLinear {
    /// The first wait, and the difference of each wait to the one before.
    pub step: Quantity<Span>,
    /// The longest wait. Default: none.
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawExponential {
    /// The first wait.
    pub base: Quantity<Span>,
    /// The first wait after failures other than throttling. Default: `base`.
    pub base_other: Option<Quantity<Span>>,
    /// The longest wait. Default: none.
    pub cap: Option<Quantity<Span>>,
    /// The factor from one wait to the next. Default: `2`.
    pub factor: Option<f64>,
    /// The random part of the wait. Default: `"none"`.
    pub jitter: Option<RawJitter>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawJitter {
    /// No random part.
    None,
    /// A random time from 0 to the wait.
    Full,
    /// Half of the wait, plus a random time up to the other half.
    Equal,
    /// A random time from the base to three times the last wait.
    Decorrelated,
    /// A random time between two shares of the wait.
    Spread([ShareText; 2]),
    /// The wait, plus a random time up to this.
    Plus(Quantity<Span>),
    /// A random whole number of seconds from 0 to the wait.
    WholeSeconds,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawPolly {
    /// The median of the first wait.
    pub base: Quantity<Span>,
    /// The longest wait. Default: none.
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawWindow {
    /// The number of calls. Default: the workers of all processes.
    pub width: Option<u32>,
}

/// A wait until the next window of a clock that all clients share.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawNextWindow {
    /// The length of a window; windows start at multiples of it since 1970-01-01 UTC.
    pub every: Quantity<Span>,
    /// The longest random time after the start of the window. Default: `"0s"`.
    pub spread: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "AddedWait")]
pub(in crate::scenario) struct RawExtra {
    /// A time that is added to the wait. Default: `"0s"`.
    pub plus: Option<Quantity<Span>>,
    /// The wait where no rate is known. Default: one over the published rate, or no wait.
    pub unknown: Option<Quantity<Span>>,
}

impl RawRetry {
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: attempts, counter, backoff, deadline, statuses, codes, refusals,
            honour_retry_after, retry_after_within, retry_after_at_most, retry_after_beyond,
            budget;)
    }
}
