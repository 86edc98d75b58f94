//! How many replications there are: so many, or as many as a figure needs to be known so well.
//!
//! ```text
//!   until = "throttle_rate ± 0.5%"     a ratio: half a percentage point to either side
//!   until = "completion ± 30s"         a time: half a minute to either side
//!   until = "job_latency.p95 ± 2%"     any but a ratio: 2 % of its mean to either side
//! ```

use super::expectation::read_value;
use super::mistake::Mistake;
use crate::metrics::Measure;
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
/// What is wrong, and so what would be right.
pub(super) fn read(text: &str) -> Result<(Metric, Width), Mistake> {
    let parts = text.split_once('±').or_else(|| text.split_once("+-"));
    let Some((name, width)) = parts.map(|(name, width)| (name.trim(), width.trim())) else {
        return Err(Mistake::NoPrecision { text: text.into() });
    };
    let metric = Metric::of_key(name).ok_or_else(|| Mistake::NoMetric { name: name.into() })?;
    let is_share = metric.measure() == Measure::Share;
    let width = match width.parse::<Share>() {
        Ok(share) if !is_share => Width::Relative(share.as_f64()),
        _ => Width::Absolute(read_value(metric, text, width)?),
    };
    match width.at(1.0) > 0.0 {
        true => Ok((metric, width)),
        false => Err(Mistake::NoValue { metric, text: text.into() }),
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
            ("throttle_rate < 1%", "has no ±"),
            ("throtle_rate ± 1%", "no metric `throtle_rate`"),
            ("completion ± 0s", "does not end in a value that completion can have"),
            ("completion ± 5", "completion is a time, and `5` has no unit"),
            ("throttle_rate ± 1", "throttle_rate is a share, and `1` has no unit"),
        ] {
            let message = read(text).expect_err("a mistake").message();
            assert!(message.contains(part), "{message}");
        }
    }
}
