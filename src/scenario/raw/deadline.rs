//! `retry.deadline` as it stands: a length of time, or a table with its meaning.
//!
//! ```toml
//! deadline = "2m"                                    # from the first attempt
//! deadline = { after = "2m", from = "arrival", last_wait = "shorten" }
//! ```

use crate::catalog::Quantity;
use crate::units::Span;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// How long a request is tried again: `"2m"`, or a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct DeadlineText(pub DeadlineTable);

/// How long a request is tried again.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct DeadlineTable {
    /// The time from the start of the deadline to its end.
    pub after: Quantity<Span>,
    /// When it starts. Default: `"first_attempt"`.
    pub from: Option<RawDeadlineFrom>,
    /// What happens to a wait that would end after the deadline. Default: `"skip"`.
    pub last_wait: Option<RawLastWait>,
}

/// When a deadline starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawDeadlineFrom {
    /// With the request: waiting for a worker or for the pace counts.
    Arrival,
    /// With its first attempt, as client libraries count.
    FirstAttempt,
}

/// What happens to a wait that would end after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawLastWait {
    /// The request is given up at once.
    Skip,
    /// The wait ends at the deadline.
    Shorten,
    /// The wait is completed; only a failure after the deadline gives the request up.
    Full,
}

impl<'de> Deserialize<'de> for DeadlineText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = DeadlineText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a length of time, or a table such as { after = \"2m\" }")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<DeadlineText, E> {
                let after = Quantity::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(DeadlineText(DeadlineTable { after, from: None, last_wait: None }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DeadlineText, A::Error> {
                let map = de::value::MapAccessDeserializer::new(map);
                DeadlineTable::deserialize(map).map(DeadlineText)
            }
        }
        from.deserialize_any(Either)
    }
}
