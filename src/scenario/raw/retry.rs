//! `[strategy.NAME] retry` as it stands: attempts, back-off, deadline, and what is worth a retry.

use super::blocks::{RawBackoff, RawBudget};
use super::deadline::DeadlineText;
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{Choice, Limitable};
use crate::units::Span;
use serde::Deserialize;

/// Whether and when a client tries again.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawCounter {
    /// Those of the request.
    Request,
    /// Those of the process.
    Process,
    /// Those of all accounts, which one process serves.
    Accounts,
}

impl RawRetry {
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: attempts, counter, backoff, deadline, statuses, codes, refusals,
            honour_retry_after, retry_after_within, retry_after_at_most, retry_after_beyond,
            budget;)
    }
}
