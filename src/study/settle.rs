//! As many replications as a scenario wants: so many, or until a figure is known well enough.
//!
//! ```text
//!   n runs leave a half width h of the 95 % interval; a half width w takes about n·(h/w)²
//! ```
//!
//! Each round at most doubles the runs, so that an early guess costs little. The number that it
//! takes depends on the results alone, and so not on threads.

use super::Study;
use super::runs::{Running, Watch};
use crate::metrics::Estimate;
use crate::metrics::figures::Slice;
use crate::scenario::{Scenario, Until};

/// Runs before a first guess.
const FIRST: u32 = 10;

impl Study {
    /// Runs as many replications as the scenario wants, and notes in its plan how many that were.
    ///
    /// # Errors
    /// A sentence, if a run took more than it may and was given up.
    pub fn settle(scenario: &mut Scenario) -> Result<Self, String> {
        Self::settle_watched(scenario, &|| {})
    }

    /// The same, with `watch` called whenever a replication of a strategy is done.
    ///
    /// # Errors
    /// A sentence, if a run took more than it may and was given up.
    pub fn settle_watched(scenario: &mut Scenario, watch: &Watch<'_>) -> Result<Self, String> {
        let Some(until) = scenario.until.clone() else {
            return Self::run_watched(scenario, watch);
        };
        let mut running = Running::new(scenario);
        let mut number = FIRST.min(until.at_most);
        running.extend(scenario, 0..number, watch)?;
        while let Some(more) = running.wanted(&until, number) {
            running.extend(scenario, number..more, watch)?;
            number = more;
        }
        scenario.plan.replications = number;
        running.finish(scenario)
    }
}

impl Running {
    /// How many replications are wanted in all, if more than `number`.
    fn wanted(&self, until: &Until, number: u32) -> Option<u32> {
        let estimates =
            self.strategies.iter().filter_map(|runs| runs.estimate(Slice::Whole, until.metric));
        let wanted = estimates.map(|estimate| {
            let width = until.width.at(estimate.mean);
            needed(&estimate, number, width).unwrap_or(number)
        });
        let wanted = wanted.max()?.min(number.saturating_mul(2)).min(until.at_most);
        (wanted > number).then_some(wanted)
    }
}

/// How many replications bring an estimate of `number` to half a width; `None` if these do.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn needed(estimate: &Estimate, number: u32, width: f64) -> Option<u32> {
    let half = estimate.half()?;
    if half <= width {
        return None;
    }
    let times = (half / width).powi(2);
    // Beyond four thousand million nobody waits.
    Some((f64::from(number) * times).ceil().min(f64::from(u32::MAX)).max(1.0) as u32)
        .map(|wanted| wanted.max(number.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_width_takes_four_times_the_runs() {
        let estimate = Estimate { mean: 10.0, ci95: Some([8.0, 12.0]) };
        assert_eq!(needed(&estimate, 10, 1.0), Some(40));
        assert_eq!(needed(&estimate, 10, 2.0), None);
        assert_eq!(needed(&Estimate { mean: 1.0, ci95: None }, 1, 0.1), None);
    }
}
