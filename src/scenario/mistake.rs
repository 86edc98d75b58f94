//! What can be wrong with an expectation or a precision, with what to write instead.

use super::nearest;
use crate::catalog::ProblemKind;
use crate::metrics::Measure;
use crate::metrics::figures::{Metric, rounded};

/// Why a text is neither an expectation nor a precision.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mistake {
    /// It has no comparison.
    NoComparison { text: String },
    /// It has no `±`.
    NoPrecision { text: String },
    /// Its metric is unknown.
    NoMetric { name: String },
    /// A number without a unit stands where the metric has one. `start` is the text before it.
    NoUnit { metric: Metric, start: String, number: f64 },
    /// A share is above 100 %, which this metric never is.
    AboveWhole { metric: Metric, value: String },
    /// The value is not of the metric's kind, or is a width of zero.
    NoValue { metric: Metric, text: String },
}

impl Mistake {
    /// What sort of mistake it is.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::NoMetric { name } => ProblemKind::unknown(name),
            Self::AboveWhole { .. } => ProblemKind::OutOfRange,
            Self::NoComparison { .. }
            | Self::NoPrecision { .. }
            | Self::NoUnit { .. }
            | Self::NoValue { .. } => ProblemKind::Value,
        }
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::NoComparison { text } => {
                format!("\"{text}\" has no comparison: no <, <=, >, >=, == or !=")
            }
            Self::NoPrecision { text } => format!("\"{text}\" has no ± and so no precision"),
            Self::NoMetric { name } => format!("no metric `{name}`"),
            Self::NoUnit { metric, number, .. } => {
                let name = metric.key();
                match metric.measure() {
                    Measure::Share => format!("{name} is a share, and `{number}` has no unit"),
                    Measure::Seconds => format!("{name} is a time, and `{number}` has no unit"),
                    _ => format!("{name} is a rate, and `{number}` has no unit"),
                }
            }
            Self::AboveWhole { metric, value } => {
                format!("{} is never above 100 %, and {value} is", metric.key())
            }
            Self::NoValue { metric, text } => {
                format!("\"{text}\" does not end in a value that {} can have", metric.key())
            }
        }
    }

    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Self::NoComparison { .. } => {
                "write it as \"throttle_rate < 1%\" or \"job_latency.p95 <= 15m\"".into()
            }
            Self::NoPrecision { .. } => {
                "write it as \"throttle_rate ± 0.5%\" or \"completion ± 30s\"".into()
            }
            Self::NoMetric { name } => {
                let names = metric_keys();
                match nearest(name, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the metrics are {}", names.join(", ")),
                }
            }
            Self::NoUnit { metric, start, number } => with_unit(metric.measure(), start, *number),
            Self::AboveWhole { .. } => "write a share from 0% to 100%".into(),
            Self::NoValue { metric, .. } => match metric.measure() {
                Measure::Share => "write a share such as 0.1%",
                Measure::Seconds => "write a time such as 800ms or 4h",
                Measure::PerSecond => "write a rate such as 0.5/s",
                Measure::Number => "write a number such as 0 or 1.5",
            }
            .into(),
        }
    }
}

/// Every metric's key.
pub(super) fn metric_keys() -> Vec<String> {
    Metric::all().into_iter().map(Metric::key).collect()
}

/// What a number without a unit may have meant.
fn with_unit(measure: Measure, start: &str, number: f64) -> String {
    let meant: Vec<String> = match measure {
        Measure::Share if number < 1.0 => vec![format!("{}%", rounded(number * 100.0))],
        // One of a hundred, or all of them: both are meant by people who write 1.
        Measure::Share if number == 1.0 => vec!["1%".into(), "100%".into()],
        Measure::Share if number <= 100.0 => vec![format!("{number}%")],
        Measure::Share => return "write a share from 0% to 100%".into(),
        Measure::PerSecond => vec![format!("{number}/s"), format!("{number}/min")],
        Measure::Seconds | Measure::Number => {
            ["s", "m", "h"].map(|unit| format!("{number}{unit}")).into()
        }
    };
    let meant: Vec<String> = meant.iter().map(|value| format!("\"{start} {value}\"")).collect();
    format!("write {}", meant.join(" or "))
}
