//! Rates that change, as a scenario writes them: `arrivals.stages`, `.hourly` and `.on_off`.
//!
//! ```text
//!   { for = "1h", rate = "1/s" }                   steady
//!   { for = "1h", from = "1/s", to = "3/s" }       a ramp
//!   { for = "1h", to = "0/s" }                     a ramp from where the stage before ended
//!   { for = "1h" }                                 a pause
//! ```

use crate::catalog::Spanned;
use crate::catalog::{Quantity, Written};
use crate::units::{Rate, Span, Unreadable};
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
}

/// A stage of `arrivals.stages`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawStage {
    /// How long the stage lasts.
    #[serde(rename = "for")]
    pub length: Quantity<Span>,
    /// A constant rate. Default: none; a stage without any rate is a pause.
    #[serde(default)]
    pub rate: Option<Quantity<RateOrNone>>,
    /// The rate at the start of a ramp. Default: the rate at which the stage before ended.
    #[serde(default)]
    pub from: Option<Quantity<RateOrNone>>,
    /// The rate at the end of a ramp. Default: none.
    #[serde(default)]
    pub to: Option<Quantity<RateOrNone>>,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawHourly {
    /// The mean rate over all hours.
    pub mean: Quantity<Rate>,
    /// 24 weights for the hours of a day, or 168 for a week from Monday on, in UTC.
    pub weights: Spanned<Vec<f64>>,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawOnOff {
    /// The rate in active periods.
    pub on: Quantity<Rate>,
    /// The rate in the periods between. Default: `"0/s"`.
    #[serde(default)]
    pub off: Option<Quantity<RateOrNone>>,
    /// The mean length of active periods.
    pub mean_on: Spanned<Quantity<Span>>,
    /// The mean length of the periods between.
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
