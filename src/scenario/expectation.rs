//! What a scenario expects of its runs: `metric[.statistic] operator value`.
//!
//! ```text
//!   throttle_rate < 0.1%    job_latency.p95 <= 15m    jobs.unfinished == 0    completion < 8h
//! ```
//!
//! A share is written as a percentage (or as a fraction below 1), a time as a duration, a rate as
//! a number per time, a count as a number.

use super::mistake::Mistake;
use crate::metrics::Measure;
use crate::metrics::figures::{Metric, Slice};
use crate::units::{Rate, Share, Span};
use std::fmt;

/// An expectation, with every name turned into an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// As it was written.
    pub text: String,
    /// What is looked at.
    pub metric: Metric,
    /// How it must compare.
    pub comparison: Comparison,
    /// With what: a fraction, seconds, or a count.
    pub value: f64,
    /// Of which part of the run.
    pub slice: Slice,
    /// Of which strategy, by index; `None` is every one.
    pub strategy: Option<usize>,
    /// Why it matters.
    pub why: Option<String>,
    /// The line of the scenario that says so.
    pub line: usize,
}

/// How a value must compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Below.
    Less,
    /// Not above.
    AtMost,
    /// Above.
    Greater,
    /// Not below.
    AtLeast,
    /// The same, to nine digits.
    Equal,
    /// Another.
    NotEqual,
}

pub(super) const OPERATORS: [(&str, Comparison); 6] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Comparison {
    /// True if `value` compares so with `bound`.
    #[must_use]
    pub fn holds(self, value: f64, bound: f64) -> bool {
        let same = (value - bound).abs() <= 1e-9 * value.abs().max(bound.abs()).max(1.0);
        match self {
            Self::Less => value < bound && !same,
            Self::AtMost => value <= bound || same,
            Self::Greater => value > bound && !same,
            Self::AtLeast => value >= bound || same,
            Self::Equal => same,
            Self::NotEqual => !same,
        }
    }
}

impl Comparison {
    /// True if values may not be above the bound.
    #[must_use]
    pub const fn bounds_above(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::Equal)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = OPERATORS.iter().find(|(_, comparison)| comparison == self);
        out.write_str(sign.map_or("", |(sign, _)| sign))
    }
}

/// The parts of `metric operator value`.
///
/// # Errors
/// What is wrong, and so what would be right.
pub(super) fn read(text: &str) -> Result<(Metric, Comparison, f64), Mistake> {
    let Some((sign, comparison)) = OPERATORS.iter().find(|(sign, _)| text.contains(sign)) else {
        return Err(Mistake::NoComparison { text: text.into() });
    };
    let (name, value) = text.split_once(sign).unwrap_or((text, ""));
    let name = name.trim();
    let metric = Metric::of_key(name).ok_or_else(|| Mistake::NoMetric { name: name.into() })?;
    Ok((metric, *comparison, read_value(metric, text, value.trim())?))
}

/// The value at the end of `text`, in the metric's unit.
///
/// A share has a percent sign, or else is `0` or a fraction below 1 that has a point: `1` may mean
/// 1 % or 100 %.
pub(super) fn read_value(metric: Metric, text: &str, value: &str) -> Result<f64, Mistake> {
    let number = value.parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
    let found = match metric.measure() {
        Measure::Share => match value.parse::<Share>() {
            Ok(share) if share > Share::WHOLE => {
                return Err(Mistake::AboveWhole { metric, value: value.into() });
            }
            Ok(share) => Some(share.as_f64()),
            Err(_) => number.filter(|v| *v == 0.0 || (*v < 1.0 && value.contains('.'))),
        },
        Measure::Seconds => value.parse::<Span>().ok().map(Span::as_secs_f64),
        Measure::PerSecond => value.parse::<Rate>().ok().map(Rate::per_second_f64),
        Measure::Number => number,
    };
    found.ok_or_else(|| match number {
        Some(number) => {
            let start = text.strip_suffix(value).unwrap_or(text).trim();
            Mistake::NoUnit { metric, start: start.into(), number }
        }
        None => Mistake::NoValue { metric, text: text.into() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::figures::{Ending, Statistic};

    #[test]
    fn expectations_read_as_written() {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        for (text, expected) in [
            ("throttle_rate < 0.1%", (Metric::ThrottleRate, Comparison::Less, 0.001)),
            ("throttle_rate<=0.25", (Metric::ThrottleRate, Comparison::AtMost, 0.25)),
            ("throttle_rate == 0", (Metric::ThrottleRate, Comparison::Equal, 0.0)),
            ("throttle_rate <= 100%", (Metric::ThrottleRate, Comparison::AtMost, 1.0)),
            ("goodput >= 30/min", (Metric::Goodput, Comparison::AtLeast, 0.5)),
            ("job_latency.p95 <= 15m", (p95, Comparison::AtMost, 900.0)),
            ("jobs.unfinished == 0", (Metric::Jobs(Ending::Unfinished), Comparison::Equal, 0.0)),
            ("completion < 8h", (Metric::Completion, Comparison::Less, 28_800.0)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_names_the_remedy() {
        for (text, part, help) in [
            ("throttle_rate", "has no comparison", "throttle_rate < 1%"),
            ("trottle_rate < 1%", "no metric `trottle_rate`", "did you mean `throttle_rate`?"),
            ("completion < 5", "a time, and `5` has no unit", "write \"completion < 5s\" or"),
            ("goodput > 100", "a rate, and `100` has no unit", "write \"goodput > 100/s\" or"),
            ("throttle_rate < 5", "a share, and `5` has no", "write \"throttle_rate < 5%\""),
            ("throttle_rate<1", "no unit", "\"throttle_rate< 1%\" or \"throttle_rate< 100%\""),
            ("throttle_rate < 1.0", "no unit", "< 1%\" or \"throttle_rate < 100%\""),
            ("first_try_throttle_rate >= 1e-2", "no unit", "first_try_throttle_rate >= 1%\""),
            ("throttle_rate < 101", "has no unit", "from 0% to 100%"),
            ("throttle_rate < 120%", "never above 100 %, and 120% is", "from 0% to 100%"),
            ("throttle_rate < 5s", "does not end in a value", "a share"),
            ("jobs.lost < 1%", "does not end in a value", "a number"),
            ("attempts.sent < NaN", "does not end in a value", "a number"),
        ] {
            let mistake = read(text).expect_err("a mistake");
            let (message, remedy) = (mistake.message(), mistake.help());
            assert!(message.contains(part) && remedy.contains(help), "{message}; {remedy}");
        }
    }
}
