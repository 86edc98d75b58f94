//! Why a study has no result.

use crate::metrics::Excess;
use crate::scenario::{DraftError, Scenario};
use crate::simulation::Bounds;
use crate::units::Instant;
use crate::units::quantity::{count, moment};
use crate::workload::Change;
use std::fmt;

/// A run that took more than it may, and was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The strategy that ran, by name.
    pub strategy: String,
    /// What it took too much of.
    pub reason: GivenUpReason,
}

/// Why a run was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GivenUpReason {
    /// It took more events than the scenario's `max_events`.
    Events {
        /// When.
        at: Instant,
        /// The bound.
        most: u64,
    },
    /// More requests were under way at a time than the scenario's `max_waiting`.
    Waiting {
        /// When.
        at: Instant,
        /// The bound.
        most: u64,
    },
    /// A log of recorded calls is not what it was when its rows were counted.
    Recording {
        /// The log, as the scenario names it.
        file: String,
        /// What has become of it.
        change: Change,
    },
}

impl GivenUp {
    /// What a strategy of a scenario, by index, took too much of.
    #[must_use]
    pub fn of(scenario: &Scenario, strategy: usize, excess: Excess) -> Self {
        let Bounds { events, waiting } = scenario.plan.bounds;
        let reason = match excess {
            Excess::Events(at) => GivenUpReason::Events { at, most: events },
            Excess::Waiting(at) => GivenUpReason::Waiting { at, most: waiting },
            Excess::Recording(workload, change) => {
                let workload = &scenario.names.workloads[usize::from(workload)];
                let reading = scenario.traces.iter().find(|reading| reading.workload == *workload);
                let file = reading.map_or(workload, |reading| &reading.file).clone();
                GivenUpReason::Recording { file, change }
            }
        };
        Self { strategy: scenario.names.strategies[strategy].0.clone(), reason }
    }
}

/// What happened, and what would help.
impl fmt::Display for GivenUp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "strategy {}: ", self.strategy)?;
        match &self.reason {
            GivenUpReason::Events { at, most } => write!(
                out,
                "given up at {}, after {} events: bound its attempts, lengthen its waits or \
                 shorten the duration; or `max_events = {}`",
                moment(*at),
                count(*most),
                most.saturating_mul(10)
            ),
            GivenUpReason::Waiting { at, most } => write!(
                out,
                "given up at {}, with more than {} requests under way, each of about 250 bytes: \
                 bound its attempts or give it a deadline; or `max_waiting = {}`",
                moment(*at),
                count(*most),
                most.saturating_mul(10)
            ),
            GivenUpReason::Recording { file, change } => write!(
                out,
                "`{file}` {change} since its rows were counted: run again with a copy that stays \
                 as it is"
            ),
        }
    }
}

impl std::error::Error for GivenUp {}

/// Why a scenario with other values has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyError {
    /// It cannot be read with these values.
    Draft(DraftError),
    /// A run of it was given up.
    GivenUp(GivenUp),
    /// With these values it has no `[size]`.
    NothingToSize,
}

impl fmt::Display for StudyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(error) => error.fmt(out),
            Self::GivenUp(error) => error.fmt(out),
            Self::NothingToSize => out.write_str("the scenario has no [size] section"),
        }
    }
}

impl std::error::Error for StudyError {}

impl From<DraftError> for StudyError {
    fn from(error: DraftError) -> Self {
        Self::Draft(error)
    }
}

impl From<GivenUp> for StudyError {
    fn from(error: GivenUp) -> Self {
        Self::GivenUp(error)
    }
}
