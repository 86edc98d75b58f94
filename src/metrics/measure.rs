//! What the numbers of each metric measure, and which are better: stated once for expectations,
//! ranks, tables and charts.

use super::figures::{Answer, Ending, Metric};

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
            Self::ThrottleRate | Self::FirstTryThrottleRate | Self::LossRate | Self::LimitUse => {
                Measure::Share
            }
            Self::Completion
            | Self::LastEnd
            | Self::Latency(_)
            | Self::JobLatency(_)
            | Self::Age(_) => Measure::Seconds,
            Self::Goodput => Measure::PerSecond,
            Self::Amplification
            | Self::Fairness
            | Self::CallsPerSuccess
            | Self::Requests(_)
            | Self::Jobs(_)
            | Self::Attempts(_) => Measure::Number,
        }
    }

    /// True of what has no value, and so is worse than any, in a run that had work but lost too
    /// much of it.
    #[must_use]
    pub const fn is_never_where_work_is_lost(self) -> bool {
        matches!(
            self,
            Self::Completion
                | Self::LastEnd
                | Self::CallsPerSuccess
                | Self::Latency(_)
                | Self::JobLatency(_)
                | Self::Age(_)
        )
    }

    /// True if a greater figure is better; of all others a smaller one is.
    #[must_use]
    pub const fn more_is_better(self) -> bool {
        matches!(
            self,
            Self::Goodput
                | Self::Fairness
                | Self::Jobs(Ending::Completed)
                | Self::Requests(Ending::Completed)
                | Self::Attempts(Answer::Admitted)
        )
    }
}
