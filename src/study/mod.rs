//! From runs to findings: every strategy, every replication, on all processors.
//!
//! ```text
//!   Scenario ──► strategy × replication × part of the accounts, in parallel ──► Runs
//!                                                                           └─► Findings
//! ```
//!
//! Results are merged in the order of their names, never in the order in which they finish, so
//! that any number of threads gives the same bytes.

mod advise;
mod error;
mod expectation;
mod ideal;
mod over_time;
mod ranking;
mod readings;
mod running;
mod runs;
mod settle;
mod size;
mod sweep;
mod ties;
mod watch;

pub use advise::{
    Advice, AdviseError, Candidate, Circumstance, Dropped, Entrant, Fate, Field, Forgetful, Kept,
    Key, MOST_RUNS, Margin, Memory, Options, Race, Reason, Relief, Robust, Round, Standing, advise,
    readable,
};
pub use error::{GivenUp, GivenUpReason, StudyError};
pub use expectation::{Finding, Judgement, Verdict, judge_calls};
pub use ideal::{Ideal, ideals};
pub use ranking::{Basis, Criterion, Fact, Judged, Lead, Ranked, Rule, rank};
pub use readings::{Variant, run_readings};
pub use running::Watch;
pub use runs::Runs;
pub use size::{AT_MOST, Probe, Sized, size_all};
pub use sweep::{
    PointFault, PointFindings, StrategyFindings, Sweep, fingerprint, fnv, run_point, swept_metrics,
    wrong_settings,
};
pub use ties::{MOST_REVERSED, Tie};
pub use watch::{Look, Looks, MOST_LOOKED_AT, Shown};

/// All runs of a scenario.
#[derive(Debug, Clone)]
pub struct Study {
    /// How many replications of every strategy there were.
    pub replications: u32,
    /// One for each strategy, in the scenario's order.
    pub strategies: Vec<Runs>,
    /// One for each expectation and strategy that it is about.
    pub findings: Vec<Finding>,
    /// The strategies of which the order of what happens at one instant decides a figure; none
    /// before [`Study::find_ties`].
    pub ties: Vec<Tie>,
}
