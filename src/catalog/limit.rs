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

use super::glob::means;
use super::quantity::Quantity;
use super::rule::RuleDocument;
use super::spanned::Spanned;
use super::tells::TellsDocument;
use crate::limiter::Scope;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LimitDocument {
    /// For whom one instance exists: one for each combination of these. Empty: one for everybody.
    pub scope: Vec<Spanned<Factor>>,
    /// The operations for which it holds, by name or pattern (`POST /**`; `*` within a segment).
    /// Default: every operation.
    pub calls: Option<Vec<Spanned<String>>>,
    /// How it decides.
    pub rule: RuleDocument,
    /// What a token bucket or a fixed window counts: a unit of that name, of which calls have a
    /// `cost`. Default: requests.
    pub counts: Option<Spanned<String>>,
    /// Which figures of an operation the rule takes where it has none of its own.
    #[serde(default)]
    pub figures: Spanned<FiguresOf>,
    /// What a throttled client receives. Default: status 429.
    #[serde(default)]
    pub tells: TellsDocument,
    /// `true`: refused requests count as admitted ones do, for buckets, quotas and windows.
    #[serde(default)]
    pub count_rejected: Spanned<bool>,
    /// How long it admits nothing after a refusal of its own; refusals meanwhile do not make it
    /// longer. Default: it admits again as soon as its rule does.
    pub cool_down: Option<Spanned<Quantity<Span>>>,
    /// The number of nodes, 2 to 1,000, among which the limit is split: each decides by itself
    /// about the calls that reach it at random, with its part of the rate and the burst, at least
    /// 1 at once. Default: one decides about all.
    pub nodes: Option<Spanned<u32>>,
    /// Assumptions, which reports print if they matter. Default: none.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// What readers should know. Default: none.
    pub note: Option<String>,
}

/// What a limit distinguishes callers by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// The developer application.
    Application,
    /// The account for which it calls.
    Account,
    /// The region.
    Region,
    /// The operation.
    Operation,
    /// The process: the IP address that it calls from. Process 1 of every account is one machine,
    /// unless the scope has the account as well.
    Process,
    /// What a request asks for, of which a workload has `keys`: an object such as one payment.
    Key,
}

/// Which figures of an operation a limit takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FiguresOf {
    /// `rate` or `restore`, and `burst`.
    #[default]
    Operation,
    /// `application_rate` and `application_burst`; only for operations that have them.
    Application,
}

impl LimitDocument {
    /// The scope as a set.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let has = |factor| self.scope.iter().any(|named| *named.get_ref() == factor);
        Scope {
            application: has(Factor::Application),
            account: has(Factor::Account),
            region: has(Factor::Region),
            operation: has(Factor::Operation),
            process: has(Factor::Process),
            key: has(Factor::Key),
        }
    }

    /// True if it holds for a call of this name.
    #[must_use]
    pub fn covers(&self, call: &str) -> bool {
        let Some(calls) = &self.calls else { return true };
        calls.iter().any(|name| means(name.get_ref(), call))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn the_concurrency_rule_reads_as_written() {
        let text = "scope = [\"account\", \"operation\"]\nrule.concurrency = 3";
        let limit: LimitDocument = reader::from_text(text).expect("a limit");
        let scope = Scope { account: true, operation: true, ..Scope::default() };
        assert_eq!((limit.scope(), limit.tells.status.get_ref()), (scope, &429));
        assert!(limit.covers("GET /Inventory/"));
    }

    #[test]
    fn a_limit_names_its_calls() {
        let text = "scope = []\nrule.concurrency = 3\ncalls = [\"a\", \"POST /**\"]";
        let limit: LimitDocument = reader::from_text(text).expect("a limit");
        assert!(limit.covers("a") && !limit.covers("b"));
        assert!(limit.covers("POST /orders/{id}") && !limit.covers("GET /orders"));
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
            assert!(reader::from_text::<LimitDocument>(bad).is_err(), "{bad}");
        }
    }
}
