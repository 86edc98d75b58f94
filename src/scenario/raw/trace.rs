//! `arrivals.trace = { … }` as it stands in a scenario.

use crate::catalog::{OneOrMany, Quantity, Spanned};
use crate::recorded::{Format, Unit as TimeUnit};
use crate::scenario::text::Fraction;
use crate::units::Span;
use indexmap::IndexMap;
use serde::Deserialize;

/// Recorded traffic from a log.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawTrace {
    /// The path of the log, relative to the scenario's directory.
    pub file: Spanned<String>,
    /// The format of the log. Default: by the ending `.csv`, `.jsonl`, `.ndjson`, `.har` or `.log`
    /// (combined), also before `.gz`.
    #[serde(default)]
    pub format: Option<Spanned<Format>>,
    /// The column or key of times; a key within a key is `"request.time"`, or a JSON pointer such
    /// as `"/request/time"`. Default: `"time"`, or that of the format.
    #[serde(default)]
    pub time: Option<Spanned<String>>,
    /// The column or key of accounts; for a combined log `host` or `user`. Default: `"account"` if
    /// there is one, for a combined log none.
    #[serde(default)]
    pub account: Option<Spanned<String>>,
    /// The column or key of calls, or several that a space joins, such as `["method", "path"]`.
    /// Default: `"call"`, or that of the format; none if the workload has a `call` or `steps`.
    #[serde(default)]
    pub call: Option<Spanned<OneOrMany<String>>>,
    /// The column or key of statuses. Default: `"status"`, or that of the format, if there is one.
    #[serde(default)]
    pub status: Option<Spanned<String>>,
    /// The column or key of the number of items of each row's job, such as its tokens, orders or
    /// products. Default: none; each job has the `items` of its workload.
    #[serde(default)]
    pub items: Option<Spanned<String>>,
    /// Columns or keys and the pattern that each must match, such as
    /// `{ metric_name = "http_reqs" }`; other rows are left out. Default: none, or that of the
    /// format.
    #[serde(default, rename = "where")]
    pub only: Option<IndexMap<Spanned<String>, Spanned<String>>>,
    /// The unit of times that are numbers. Default: by the size of the first number.
    #[serde(default)]
    pub unit: Option<Spanned<TimeUnit>>,
    /// The offset from UTC of dates without one, such as `"+01:00"`. Default: `"Z"`.
    #[serde(default)]
    pub zone: Option<Spanned<String>>,
    /// The character between the columns of a table; a tab is `"\t"`. Default: `","`.
    #[serde(default)]
    pub separator: Option<Spanned<String>>,
    /// Patterns that map rows to operations; rows that match none are left out. Default: none.
    #[serde(default)]
    pub calls: Option<Spanned<Vec<RawCall>>>,
    /// The instant of the first row, in virtual time. Default: `"0s"`.
    #[serde(default)]
    pub at: Option<Spanned<Quantity<Span>>>,
    /// The factor of the recorded speed. Default: `1.0`.
    #[serde(default)]
    pub speed: Option<Spanned<f64>>,
    /// `true`: it starts again, a mean gap after its last row, until arrivals stop. Default:
    /// `false`.
    #[serde(default, rename = "loop")]
    pub again: Option<Spanned<bool>>,
    /// The probability that a row is kept. Default: `"100%"`.
    #[serde(default)]
    pub sample: Option<Spanned<Fraction>>,
    /// What happens to rows with status 429 or 503. Default: `"leave_out"`.
    #[serde(default)]
    pub throttled: Option<Spanned<RawThrottled>>,
    /// Rows that are out of order by up to this are sorted; others are bad. Default: `"2m"`.
    #[serde(default)]
    pub sort_within: Option<Spanned<Quantity<Span>>>,
    /// The greatest share of bad rows, which are left out; more of them are an error. Default:
    /// `"1%"`.
    #[serde(default)]
    pub bad_rows: Option<Spanned<Fraction>>,
}

/// A pattern, and the operation that it stands for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RawCall {
    /// Such as `GET /orders/*/items`: `*` within a segment, `**` over several.
    #[serde(rename = "match")]
    pub pattern: Spanned<String>,
    /// The operation.
    pub call: Spanned<String>,
}

/// What happens to rows with status 429 or 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RawThrottled {
    /// They are replayed like others.
    Keep,
    /// They are left out: they were attempts, not work.
    LeaveOut,
}
