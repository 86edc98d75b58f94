//! Rates that change, as a scenario writes them: `arrivals.stages`, `.hourly` and `.on_off`.
//!
//! ```text
//!   { for = "1h", rate = "1/s" }                   steady
//!   { for = "1h", from = "1/s", to = "3/s" }       a ramp
//!   { for = "1h", to = "0/s" }                     a ramp from where the stage before ended
//!   { for = "1h" }                                 a pause
//! ```

use crate::catalog::Spanned;
use crate::catalog::{Quantity, Text, Written};
use crate::units::{Rate, Span, Unreadable};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A rate that may also be nothing, `"0/s"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scenario) struct RateOrNone(pub Option<Rate>);

impl FromStr for RateOrNone {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let nothing = text.split_once('/').is_some_and(|(count, per)| {
            count.trim().parse() == Ok(0.0) && format!("1/{}", per.trim()).parse::<Rate>().is_ok()
        });
        if nothing { Ok(Self(None)) } else { text.parse().map(|rate| Self(Some(rate))) }
    }
}

impl fmt::Display for RateOrNone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(rate) => rate.fmt(out),
            None => out.write_str("0/s"),
        }
    }
}

impl Written for RateOrNone {
    const EXPECTED: &'static str = "a rate such as \"0.5/s\", or \"0/s\" for nothing";
    const TEXT: Text = Text::RATE_OR_NONE;
}

/// A stage of `arrivals.stages`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct StageWritten {
    /// How long it lasts.
    #[serde(rename = "for")]
    pub length: Quantity<Span>,
    /// A steady rate; a stage without any is a pause.
    #[serde(default)]
    pub rate: Option<Quantity<RateOrNone>>,
    /// What a ramp begins with, by default the end of the stage before.
    #[serde(default)]
    pub from: Option<Quantity<RateOrNone>>,
    /// What a ramp ends with.
    #[serde(default)]
    pub to: Option<Quantity<RateOrNone>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct HourlyWritten {
    /// The mean rate of all hours.
    pub mean: Quantity<Rate>,
    /// 24 for the hours of a day, or 168 for a week from Monday on; UTC.
    pub weights: Spanned<Vec<f64>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct OnOffWritten {
    /// The rate of a bout.
    pub on: Quantity<Rate>,
    /// The rate between bouts, by default `0/s`.
    #[serde(default)]
    pub off: Option<Quantity<RateOrNone>>,
    /// How long a bout lasts, on the mean.
    pub mean_on: Spanned<Quantity<Span>>,
    /// How long it is to the next, on the mean.
    pub mean_off: Spanned<Quantity<Span>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_rate_here() {
        let some = "0.5/s".parse().ok();
        assert!(some.is_some());
        for (text, expected) in [
            ("0/s", Some(RateOrNone(None))),
            ("0.0 / 2h", Some(RateOrNone(None))),
            ("0.5/s", Some(RateOrNone(some))),
            ("0/parsec", None),
            ("0/0s", None),
            ("0", None),
            ("-1/s", None),
        ] {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
    }
}
