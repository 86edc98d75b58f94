//! How logs are written, and what the ending of a file's name says of it.

use schemars::JsonSchema;
use serde::Deserialize;

/// The format of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values; the first line names the columns.
    Csv,
    /// JSON Lines, an object on each line.
    Jsonl,
    /// The access log of Apache and nginx.
    Combined,
}

impl Format {
    /// The format that the ending of a file's name stands for.
    #[must_use]
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
