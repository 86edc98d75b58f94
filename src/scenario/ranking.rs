//! How strategies are ranked: what a scenario says of the measures that decide, and of which
//! differences matter.
//!
//! ```toml
//! goal = "job_latency.p95"       # or a list, of which the first decides
//! worth = "1%"                   # or "5s": differences up to this are ties
//! negligible_loss = "0.1%"       # of jobs: differences of lost work up to this are ties
//! ```

use super::Width;
use crate::metrics::Measure;
use crate::metrics::figures::{Ending, Metric, Part};

/// How strategies are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The measures that decide, in order; none: they follow from the work.
    pub goals: Vec<Metric>,
    /// The largest difference at which two figures are a tie; an absolute one is a time \[s\].
    pub worth: Width,
    /// The largest difference at which two shares of lost work are a tie, from 0 to 1.
    pub negligible_loss: f64,
}

impl Ranking {
    /// Differences up to 1 % of a figure are ties.
    pub const WORTH: Width = Width::Relative(0.01);
    /// Differences of lost work up to 0.1 % of all jobs are ties.
    pub const NEGLIGIBLE_LOSS: f64 = 0.001;

    /// The largest difference of a metric that is a tie.
    #[must_use]
    pub fn worth_of(&self, metric: Metric) -> Width {
        let is_time = metric.measure() == Measure::Seconds;
        match self.worth {
            _ if metric.is_loss() => Width::Absolute(self.negligible_loss),
            Width::Absolute(_) if !is_time => Self::WORTH,
            worth => worth,
        }
    }
}

impl Default for Ranking {
    fn default() -> Self {
        let (worth, negligible_loss) = (Self::WORTH, Self::NEGLIGIBLE_LOSS);
        Self { goals: Vec::new(), worth, negligible_loss }
    }
}

/// True of a metric by which strategies can be ranked: not of what arrives whatever they do.
pub(super) fn is_goal(metric: Metric) -> bool {
    metric.part() != Some(Part::Ending(Ending::Arrived))
}
