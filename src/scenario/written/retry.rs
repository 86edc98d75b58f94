//! `[strategy.NAME] retry` as it stands: attempts, back-off, deadline, and what is worth a retry.

use super::blocks::BudgetWritten;
use super::deadline::DeadlineText;
use crate::catalog::{Quantity, Spanned};
use crate::scenario::text::{Choice, Limitable, ShareText};
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whether and when a client tries again.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RetryWritten {
    /// Attempts in all, by default 5.
    pub attempts: Option<Spanned<Limitable>>,
    /// The wait before another attempt, by default none.
    pub backoff: Option<Spanned<Choice<BackoffWritten>>>,
    /// Whose attempts are counted together, by default those of the request.
    pub counter: Option<Spanned<CounterWritten>>,
    /// How long a request is tried again, by default without end.
    pub deadline: Option<Spanned<DeadlineText>>,
    /// What is tried again, by default 429, 500, 502, 503 and 504.
    pub statuses: Option<Spanned<Vec<u16>>>,
    /// Error codes that are tried again whatever the status, by default none.
    pub codes: Option<Spanned<Vec<String>>>,
    /// Whether refusals of the client's own guard count as attempts, by default true.
    pub refusals: Option<Spanned<bool>>,
    /// True: it waits as long as `Retry-After` says, or longer. By default false.
    pub honour_retry_after: Option<Spanned<bool>>,
    /// It waits as long as `Retry-After` says, and so much longer at most.
    pub retry_after_within: Option<Spanned<Quantity<Span>>>,
    /// The longest `Retry-After` that it believes, by default any; a longer one counts as this.
    pub retry_after_at_most: Option<Spanned<Quantity<Span>>>,
    /// How many attempts it may add in all, by default any number.
    pub budget: Option<Spanned<Choice<BudgetWritten>>>,
}

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum CounterWritten {
    /// Those of the request.
    Request,
    /// Those of the process.
    Process,
    /// Those of all accounts: one process serves them all.
    Accounts,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum BackoffWritten {
    /// None: at once.
    None,
    /// Always the same.
    Fixed(Quantity<Span>),
    /// One after another, the last of them for good.
    Delays(Vec<Quantity<Span>>),
    /// Longer by a step each time.
    Linear(LinearWritten),
    /// Growing by a factor.
    Exponential(ExponentialWritten),
    /// Exponentially distributed, with this mean.
    Memoryless(Quantity<Span>),
    /// Polly's: growing, decorrelated, without jumps.
    Polly(PollyWritten),
    /// Anything up to the time in which so many calls are restored.
    Window(WindowWritten),
    /// To the next window of a clock that all clients share, and a draw.
    NextWindow(NextWindowWritten),
    /// One over the published rate of the call.
    RestoreWait(ExtraWritten),
    /// One over the rate that the last response told.
    HeaderWait(ExtraWritten),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct LinearWritten {
    /// The first wait, and what each is longer than the one before.
    pub step: Quantity<Span>,
    /// The longest wait.
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct ExponentialWritten {
    /// The first wait.
    pub base: Quantity<Span>,
    /// The first wait after failures that were no throttling.
    pub base_other: Option<Quantity<Span>>,
    /// The longest wait.
    pub cap: Option<Quantity<Span>>,
    /// How many times the one before, by default 2.
    pub factor: Option<f64>,
    /// How chance spreads it, by default `none`.
    pub jitter: Option<JitterWritten>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum JitterWritten {
    /// Not at all.
    None,
    /// Anything up to it.
    Full,
    /// Half of it, and anything up to the other half.
    Equal,
    /// Anything from the base to three times the wait before.
    Decorrelated,
    /// Anything between two shares of it.
    Spread([ShareText; 2]),
    /// It, and anything up to this more.
    Plus(Quantity<Span>),
    /// A whole number of seconds from 0 up to it, all equally likely.
    WholeSeconds,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct PollyWritten {
    /// The median of the first wait.
    pub base: Quantity<Span>,
    /// The longest wait.
    pub cap: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct WindowWritten {
    /// How many calls; by default the workers of all processes.
    pub width: Option<u32>,
}

/// A wait to the next window of a clock that all clients share.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct NextWindowWritten {
    /// The length of a window, which begins at whole multiples of it since 1970 UTC.
    pub every: Quantity<Span>,
    /// The longest wait after its beginning, drawn for each wait, by default `0s`.
    pub spread: Option<Quantity<Span>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct ExtraWritten {
    /// What is waited besides.
    pub plus: Option<Quantity<Span>>,
    /// The wait where no rate is known.
    pub unknown: Option<Quantity<Span>>,
}

impl RetryWritten {
    pub fn over(self, base: Self) -> Self {
        first_of!(self, base: attempts, counter, backoff, deadline, statuses, codes, refusals,
            honour_retry_after, retry_after_within, retry_after_at_most, budget;)
    }
}
