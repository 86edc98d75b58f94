//! As many replications as a scenario wants: so many, or until a figure is known well enough.
//!
//! ```text
//!   n runs leave a half width h of the 95 % interval; a half width w takes about n·(h/w)²
//! ```
//!
//! Each round at most doubles the runs, so that an early guess costs little. The number that it
//! takes depends on the results alone, and so not on threads.

use super::Study;
use super::error::GivenUp;
use super::running::{Running, Watch};
use crate::metrics::figures::Slice;
use crate::scenario::{Scenario, Until};

/// Runs before a first guess.
const FIRST: u32 = 10;

impl Study {
    /// Runs as many replications as the scenario wants.
    ///
    /// # Errors
    /// A run took more than it may and was given up.
    pub fn settle(scenario: &Scenario) -> Result<Self, GivenUp> {
        Self::settle_watched(scenario, &|| {})
    }

    /// The same, with `watch` called whenever a replication of a strategy is done.
    ///
    /// # Errors
    /// A run took more than it may and was given up.
    pub fn settle_watched(scenario: &Scenario, watch: &Watch<'_>) -> Result<Self, GivenUp> {
        let Some(until) = &scenario.until else {
            return Self::run_watched(scenario, watch);
        };
        let mut running = Running::new(scenario);
        let mut number = FIRST.min(until.at_most);
        running.extend(scenario, 0..number, watch)?;
        while let Some(more) = running.wanted(until, number) {
            running.extend(scenario, number..more, watch)?;
            number = more;
        }
        running.finish(scenario, number)
    }
}

impl Running {
    /// How many replications are wanted in all, if more than `number`.
    fn wanted(&self, until: &Until, number: u32) -> Option<u32> {
        let estimates =
            self.strategies.iter().filter_map(|runs| runs.estimate(Slice::Whole, until.metric));
        let wanted = estimates.map(|estimate| {
            let width = until.width.at(estimate.mean);
            estimate.replications_for(number, width).unwrap_or(number)
        });
        let wanted = wanted.max()?.min(number.saturating_mul(2)).min(until.at_most);
        (wanted > number).then_some(wanted)
    }
}
