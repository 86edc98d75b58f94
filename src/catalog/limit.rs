//! A limit as a file writes it: whom it is for, how it decides, and what it tells.
//!
//! ```toml
//! [limit.concurrency]
//! scope = ["account", "operation"]      # one instance for each distinct combination
//! rule.concurrency = 3
//! tells = { status = 429 }              # no retry_after: no clock can tell
//! ```
//!
//! Scenarios use the same form for limits of their own.

use super::rule::RuleDocument;
use super::spanned::Spanned;
use crate::limiter::Scope;
use crate::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitDocument {
    /// Whom one instance is for: one exists for each distinct combination. Empty: for everybody.
    pub scope: Vec<Factor>,
    /// The operations it holds for; every one if left out.
    pub calls: Option<Vec<Spanned<String>>>,
    /// How it decides.
    pub rule: RuleDocument,
    /// Which of an operation's figures the rule takes.
    #[serde(default)]
    pub figures: FiguresOf,
    /// What a refused client is told.
    #[serde(default)]
    pub tells: TellsDocument,
    /// True if a refused request is counted too.
    #[serde(default)]
    pub count_rejected: bool,
    /// Guesses, printed by every report that leaned on them.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// What a reader should know.
    pub note: Option<String>,
}

/// What a limit can tell callers apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// The developer application.
    Application,
    /// The account on whose behalf it calls.
    Account,
    /// The region.
    Region,
    /// The operation.
    Operation,
}

/// Which of an operation's figures a limit takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FiguresOf {
    /// `rate` or `restore`, and `burst`.
    #[default]
    Operation,
    /// `application_rate` and `application_burst`; holds only for operations that have the rate.
    Application,
}

/// What a refused client is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TellsDocument {
    /// The status.
    pub status: Spanned<u16>,
    /// The error code in the body, which some clients go by.
    pub code: Option<String>,
    /// In which unit `Retry-After` is sent, rounded up to it; not sent if left out.
    pub retry_after: Option<RetryAfterUnit>,
    /// True if other responses carry the limit's rate (`x-amzn-RateLimit-Limit`).
    pub rate_header: bool,
}

impl Default for TellsDocument {
    fn default() -> Self {
        Self { status: Spanned::new(0..0, 429), code: None, retry_after: None, rate_header: false }
    }
}

/// The unit of `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfterUnit {
    /// Whole seconds, as HTTP has it.
    Seconds,
    /// Whole milliseconds.
    Milliseconds,
}

impl RetryAfterUnit {
    /// The unit as a span.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Seconds => Span::SECOND,
            Self::Milliseconds => Span::from_millis(1),
        }
    }
}

impl LimitDocument {
    /// The scope as a set.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let has = |factor| self.scope.contains(&factor);
        Scope {
            application: has(Factor::Application),
            account: has(Factor::Account),
            region: has(Factor::Region),
            operation: has(Factor::Operation),
        }
    }

    /// True if it holds for an operation of this name.
    #[must_use]
    pub fn covers(&self, operation: &str) -> bool {
        let Some(calls) = &self.calls else { return true };
        calls.iter().any(|call| call.get_ref() == operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_concurrency_rule_reads_as_written() {
        let text = "scope = [\"account\", \"operation\"]\nrule.concurrency = 3";
        let limit: LimitDocument = toml::from_str(text).expect("a limit");
        let scope = Scope { account: true, operation: true, ..Scope::default() };
        assert_eq!((limit.scope(), limit.tells.status.get_ref()), (scope, &429));
        assert!(limit.covers("GET /Inventory/"));
    }

    #[test]
    fn a_limit_names_its_calls() {
        let text = "scope = []\nrule.concurrency = 3\ncalls = [\"a\"]";
        let limit: LimitDocument = toml::from_str(text).expect("a limit");
        assert!(limit.covers("a") && !limit.covers("b"));
    }

    #[test]
    fn unknown_words_fail() {
        for bad in [
            "scope = [\"\"]\nrule.concurrency = 3",
            "scope = []\nrule.tokens = 3",
            "scope = []\nrule = { concurrency = 3, lockout = 4 }",
            "scope = []\nrule.concurrency = 3\ntells.retry_after = \"minutes\"",
            "rule.concurrency = 3",
        ] {
            assert!(toml::from_str::<LimitDocument>(bad).is_err(), "{bad}");
        }
    }
}
