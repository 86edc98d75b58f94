//! `arrivals.trace = { … }` as it stands in a scenario.

use crate::catalog::Quantity;
use crate::scenario::text::Fraction;
use crate::units::Span;
use serde::Deserialize;
use toml::Spanned;

/// A trace.
#[derive(Debug, Clone, Deserialize)]
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
    /// That of accounts: by default `account` if there is one, none otherwise. Of a combined log
    /// `host` or `user`, by default none. Likewise `call` and `status`, which a combined log has.
    #[serde(default)]
    pub account: Option<Spanned<String>>,
    /// By default it is not used where the workload has a `call` or `steps` of its own.
    #[serde(default)]
    pub call: Option<Spanned<String>>,
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
    /// By default left out.
    #[serde(default)]
    pub throttled: Option<Spanned<ThrottledWritten>>,
    /// The share of bad rows up to which they are left out, by default 1 %.
    #[serde(default)]
    pub bad_rows: Option<Spanned<Fraction>>,
}

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values, the first line naming the columns.
    Csv,
    /// An object of JSON a line.
    Jsonl,
    /// Apache's and nginx's access log.
    Combined,
}

/// Which rows are an operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallWritten {
    #[serde(rename = "match")]
    pub pattern: Spanned<String>,
    pub call: Spanned<String>,
}

/// What becomes of rows that the provider had refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThrottledWritten {
    Keep,
    LeaveOut,
}

impl Format {
    /// The format that the ending of a file's name stands for.
    pub fn of(file: &str) -> Option<Self> {
        let ending = file.rsplit_once('.')?.1;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "log" => Some(Self::Combined),
            _ => None,
        }
    }
}
