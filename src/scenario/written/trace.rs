//! `arrivals.trace = { … }` as it stands in a scenario.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::recorded::Format;
use crate::scenario::text::Fraction;
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// A trace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceWritten {
    /// Its path, from the scenario's own folder.
    pub file: Spanned<String>,
    /// By default what the ending says: `.csv`, `.jsonl` (`.ndjson`), or `.log` for combined.
    #[serde(default)]
    pub format: Option<Spanned<Format>>,
    /// The column or key of times, by default `time`.
    #[serde(default)]
    pub time: Option<Spanned<String>>,
    /// The column or key of accounts: by default `account` if there is one, none otherwise. Of a
    /// combined log `host` or `user`, by default none.
    #[serde(default)]
    pub account: Option<Spanned<String>>,
    /// The column or key of calls, by default `call`; by default it is not used where the workload
    /// has a `call` or `steps` of its own.
    #[serde(default)]
    pub call: Option<Spanned<String>>,
    /// The column or key of statuses, by default `status` if there is one; a combined log has them.
    #[serde(default)]
    pub status: Option<Spanned<String>>,
    /// Which calls are which operation; rows that are none of them are left out.
    #[serde(default)]
    pub calls: Option<Spanned<Vec<CallWritten>>>,
    /// When the first row arrives, by default at once.
    #[serde(default)]
    pub at: Option<Spanned<Quantity<Span>>>,
    /// How much faster than recorded, by default 1.
    #[serde(default)]
    pub speed: Option<Spanned<f64>>,
    /// Whether it starts again, a mean gap after its last row, until arrivals stop.
    #[serde(default, rename = "loop")]
    pub again: Option<Spanned<bool>>,
    /// The chance of each row to be kept, by default all are.
    #[serde(default)]
    pub sample: Option<Spanned<Fraction>>,
    /// What becomes of rows that the provider had refused, by default left out.
    #[serde(default)]
    pub throttled: Option<Spanned<ThrottledWritten>>,
    /// How far rows may be out of order and still be sorted, by default `2m`; rows that are further
    /// back are bad.
    #[serde(default)]
    pub sort_within: Option<Spanned<Quantity<Span>>>,
    /// The share of bad rows up to which they are left out, by default 1 %.
    #[serde(default)]
    pub bad_rows: Option<Spanned<Fraction>>,
}

/// Which rows are an operation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallWritten {
    /// Such as `GET /orders/*/items`: `*` within a segment, `**` across.
    #[serde(rename = "match")]
    pub pattern: Spanned<String>,
    /// The operation that it is.
    pub call: Spanned<String>,
}

/// What becomes of rows that the provider had refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThrottledWritten {
    /// They are replayed like others.
    Keep,
    /// They were attempts, not work.
    LeaveOut,
}
