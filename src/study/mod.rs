//! From runs to findings: every strategy, every replication, on all processors.
//!
//! ```text
//!   Scenario ──► strategy × replication × part of the accounts, in parallel ──► Runs
//!                                                                           └─► Findings
//! ```
//!
//! Results are merged in the order of their names, never in the order in which they finish, so
//! that any number of threads gives the same bytes.

mod expectation;
mod ranking;
mod readings;
mod runs;
mod settle;
mod size;
mod sweep;
mod ties;
mod watch;

pub use expectation::{Finding, Judgement, Verdict};
pub use ranking::{Basis, Criterion, Fact, Judged, Lead, Ranked, Rule, rank};
pub use readings::{Variant, run_readings};
pub use runs::{Runs, Study, Watch, given_up};
pub use size::{AT_MOST, Probe, Sized, size_all};
pub use sweep::{
    PointFindings, StrategyFindings, Sweep, fingerprint, fnv, run_point, swept_metrics,
    wrong_settings,
};
pub use ties::{MOST_REVERSED, Tie};
pub use watch::{Look, Looks, MOST_LOOKED_AT, Shown};
