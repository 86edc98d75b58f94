//! What a scenario expects of its runs: `metric[.statistic] operator value`.
//!
//! ```text
//!   throttle_rate < 0.1%    job_latency.p95 <= 15m    jobs.unfinished == 0    completion < 8h
//! ```
//!
//! A ratio's value is a fraction or a percentage, a time's a duration, a count's a number.

use crate::metrics::figures::{Answer, Ending, Metric, Slice, Statistic};
use crate::units::{Share, Span};
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

const OPERATORS: [(&str, Comparison); 6] = [
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

/// The metrics without a statistic, by name.
const PLAIN: [(&str, Metric); 6] = [
    ("throttle_rate", Metric::ThrottleRate),
    ("first_try_throttle_rate", Metric::FirstTryThrottleRate),
    ("amplification", Metric::Amplification),
    ("calls_per_success", Metric::CallsPerSuccess),
    ("goodput", Metric::Goodput),
    ("completion", Metric::Completion),
];

const STATISTICS: [(&str, Statistic); 7] = [
    ("mean", Statistic::Mean),
    ("p50", Statistic::Quantile(500)),
    ("p90", Statistic::Quantile(900)),
    ("p95", Statistic::Quantile(950)),
    ("p99", Statistic::Quantile(990)),
    ("p999", Statistic::Quantile(999)),
    ("max", Statistic::Max),
];

const ENDINGS: [(&str, Ending); 5] = [
    ("arrived", Ending::Arrived),
    ("completed", Ending::Completed),
    ("given_up", Ending::GivenUp),
    ("unfinished", Ending::Unfinished),
    ("lost", Ending::Lost),
];

const ANSWERS: [(&str, Answer); 4] = [
    ("sent", Answer::Sent),
    ("admitted", Answer::Admitted),
    ("throttled", Answer::Throttled),
    ("failed", Answer::Failed),
];

/// Every metric's name, as an expectation writes it.
#[must_use]
pub fn metric_names() -> Vec<String> {
    let with = |family: &str, parts: Vec<&str>| {
        parts.into_iter().map(|part| format!("{family}.{part}")).collect::<Vec<_>>()
    };
    let statistics = || STATISTICS.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let endings = || ENDINGS.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let mut names: Vec<String> = PLAIN.iter().map(|(name, _)| (*name).to_string()).collect();
    names.extend(with("latency", statistics()));
    names.extend(with("job_latency", statistics()));
    names.extend(with("age", statistics()));
    names.extend(with("requests", endings()));
    names.extend(with("jobs", endings()));
    names.extend(with("attempts", ANSWERS.iter().map(|(name, _)| *name).collect()));
    names
}

/// A metric's name, as an expectation writes it.
#[must_use]
pub fn metric_name(of: Metric) -> String {
    metric_names().into_iter().find(|name| metric(name) == Some(of)).unwrap_or_default()
}

/// Every comparison's sign.
pub(super) fn signs() -> [&'static str; 6] {
    OPERATORS.map(|(sign, _)| sign)
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// The metric of a name such as `latency.p95`.
#[must_use]
pub fn metric(name: &str) -> Option<Metric> {
    match name.split_once('.') {
        None => find(&PLAIN, name),
        Some(("latency", part)) => find(&STATISTICS, part).map(Metric::Latency),
        Some(("job_latency", part)) => find(&STATISTICS, part).map(Metric::JobLatency),
        Some(("age", part)) => find(&STATISTICS, part).map(Metric::Age),
        Some(("requests", part)) => find(&ENDINGS, part).map(Metric::Requests),
        Some(("jobs", part)) => find(&ENDINGS, part).map(Metric::Jobs),
        Some(("attempts", part)) => find(&ANSWERS, part).map(Metric::Attempts),
        Some(_) => None,
    }
}

/// The parts of `metric operator value`.
///
/// # Errors
/// What is wrong and what would be right.
pub fn read(text: &str) -> Result<(Metric, Comparison, f64), (String, String)> {
    let example = "write it as \"throttle_rate < 1%\" or \"job_latency.p95 <= 15m\"";
    let Some((sign, comparison)) = OPERATORS.iter().find(|(sign, _)| text.contains(sign)) else {
        let message = format!("\"{text}\" compares nothing: no <, <=, >, >=, == or !=");
        return Err((message, example.into()));
    };
    let (name, value) = text.split_once(sign).unwrap_or((text, ""));
    let (name, value) = (name.trim(), value.trim());
    let Some(metric) = metric(name) else {
        let names = metric_names();
        let help = match super::problem::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the metrics are {}", names.join(", ")),
        };
        return Err((format!("no metric `{name}`"), help));
    };
    let (value, form) = read_value(metric, value);
    let value = value.ok_or_else(|| {
        (format!("\"{text}\" ends in no value that {name} can have"), form.to_string())
    })?;
    Ok((metric, *comparison, value))
}

pub(super) fn read_value(metric: Metric, text: &str) -> (Option<f64>, &'static str) {
    let number = || text.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    match metric {
        Metric::ThrottleRate | Metric::FirstTryThrottleRate => {
            let share = text.parse::<Share>().ok().map(Share::as_f64);
            (share.or_else(|| number().filter(|v| *v <= 1.0)), "a ratio: write 0.1% or 0.001")
        }
        Metric::Completion | Metric::Latency(_) | Metric::JobLatency(_) | Metric::Age(_) => {
            let span = text.parse::<Span>().ok().map(Span::as_secs_f64);
            (span, "a time: write 800ms or 4h")
        }
        _ => (number(), "a number: write 0 or 1.5"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_read_as_written() {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        for (text, expected) in [
            ("throttle_rate < 0.1%", (Metric::ThrottleRate, Comparison::Less, 0.001)),
            ("throttle_rate<=0.25", (Metric::ThrottleRate, Comparison::AtMost, 0.25)),
            ("job_latency.p95 <= 15m", (p95, Comparison::AtMost, 900.0)),
            ("jobs.unfinished == 0", (Metric::Jobs(Ending::Unfinished), Comparison::Equal, 0.0)),
            ("completion < 8h", (Metric::Completion, Comparison::Less, 28_800.0)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for name in metric_names() {
            assert!(metric(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_names_the_remedy() {
        for (text, part, help) in [
            ("throttle_rate", "compares nothing", "throttle_rate < 1%"),
            ("trottle_rate < 1%", "no metric `trottle_rate`", "did you mean `throttle_rate`?"),
            ("completion < 5", "ends in no value", "a time"),
            ("throttle_rate < 5", "ends in no value", "a ratio"),
            ("attempts.sent < NaN", "ends in no value", "a number"),
        ] {
            let (message, remedy) = read(text).expect_err("an error");
            assert!(message.contains(part) && remedy.contains(help), "{message}; {remedy}");
        }
    }
}
