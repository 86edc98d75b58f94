//! How many replications there are: so many, or as many as a figure needs to be known so well.
//!
//! ```text
//!   until = "throttle_rate ± 0.5%"     a ratio: half a percentage point to either side
//!   until = "completion ± 30s"         a time: half a minute to either side
//!   until = "job_latency.p95 ± 2%"     any but a ratio: 2 % of its mean to either side
//! ```

use super::expectation::{metric, metric_names, read_value};
use super::nearest;
use crate::metrics::figures::Metric;
use crate::units::Share;

/// As many replications as it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// As it was written.
    pub text: String,
    /// The figure that must be known.
    pub metric: Metric,
    /// How well.
    pub width: Width,
    /// When it is given up.
    pub at_most: u32,
}

/// Half of a 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// In the figure's own unit.
    Absolute(f64),
    /// As a share of the mean.
    Relative(f64),
}

impl Width {
    /// What it is at a mean.
    #[must_use]
    pub fn at(self, mean: f64) -> f64 {
        match self {
            Self::Absolute(half) => half,
            Self::Relative(share) => share * mean.abs(),
        }
    }
}

/// The metric and the width of `metric ± width`.
///
/// # Errors
/// What is wrong and what would be right.
pub(super) fn read(text: &str) -> Result<(Metric, Width), (String, String)> {
    let example = "write it as \"throttle_rate ± 0.5%\" or \"completion ± 30s\"";
    let parts = text.split_once('±').or_else(|| text.split_once("+-"));
    let Some((name, width)) = parts.map(|(name, width)| (name.trim(), width.trim())) else {
        return Err((format!("\"{text}\" states no precision: it has no ±"), example.into()));
    };
    let Some(metric) = metric(name) else {
        let names = metric_names();
        let help = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the metrics are {}", names.join(", ")),
        };
        return Err((format!("no metric `{name}`"), help));
    };
    let ratio = matches!(metric, Metric::ThrottleRate | Metric::FirstTryThrottleRate);
    let relative = width.parse::<Share>().ok().filter(|_| !ratio && width.ends_with('%'));
    let width = match relative {
        Some(share) => Some(Width::Relative(share.as_f64())),
        None => read_value(metric, width).0.map(Width::Absolute),
    };
    match width {
        Some(width) if width.at(1.0) > 0.0 => Ok((metric, width)),
        _ => Err((format!("\"{text}\" ends in no width that {name} can have"), example.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_read_as_written() {
        for (text, expected) in [
            ("throttle_rate ± 0.5%", (Metric::ThrottleRate, Width::Absolute(0.005))),
            ("completion +- 30s", (Metric::Completion, Width::Absolute(30.0))),
            ("completion ± 2%", (Metric::Completion, Width::Relative(0.02))),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for (text, part) in [
            ("throttle_rate < 1%", "it has no ±"),
            ("throtle_rate ± 1%", "no metric `throtle_rate`"),
            ("completion ± 0s", "no width that completion can have"),
            ("completion ± 5", "no width that completion can have"),
        ] {
            assert!(read(text).is_err_and(|(message, _)| message.contains(part)), "{text}");
        }
    }
}
