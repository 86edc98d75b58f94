//! What the numbers of each metric measure, stated once for expectations, tables and charts.

use super::figures::Metric;

/// What a number measures, and so in which unit it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// A fraction, written as a percentage.
    Share,
    /// A time \[s\], written with the unit that fits.
    Seconds,
    /// A rate \[1/s\].
    PerSecond,
    /// A count, or a ratio that may be above 1: a plain number.
    Number,
}

impl Metric {
    /// What its numbers measure.
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::ThrottleRate | Self::FirstTryThrottleRate => Measure::Share,
            Self::Completion | Self::Latency(_) | Self::JobLatency(_) | Self::Age(_) => {
                Measure::Seconds
            }
            Self::Goodput => Measure::PerSecond,
            Self::Amplification
            | Self::CallsPerSuccess
            | Self::Requests(_)
            | Self::Jobs(_)
            | Self::Attempts(_) => Measure::Number,
        }
    }
}
