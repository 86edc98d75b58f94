//! Shows what an API's throttling limits will do to an integration, before production does.
//!
//! A scenario (TOML) says which limits hold, what work arrives, and which client strategies are to
//! be compared. A virtual clock replays it; what comes out is how much is throttled, by which
//! limit, and how late the work is.
//!
//! ```text
//! units · parallel → random → engine → wire → { limiter · workload · strategy } → metrics
//!                                                                                   │
//!    cli ← report ← serve ← study ← scenario ← fit ← recorded ← files ← catalog ← simulation
//! ```
//!
//! A module uses only what stands before it; those in braces are strangers to each other. A test
//! holds this, and the laws of absence:
//!
//! - the engine knows no request; limiters schedule nothing and draw no random number;
//! - a refusal changes nothing but limits that count refusals;
//! - a strategy sees responses, never a provider's limiter;
//! - nothing before `catalog` knows a string key (but those of metrics), a file or serde;
//! - nothing but `cli` prints or exits; nothing reads the wall clock but `cli` and `serve`, and
//!   `serve` takes its clock as a value;
//! - time, tokens and money are integers; observing a run never changes it.
//!
//! The life of one request is told in [`simulation`]. To simulate from Rust:
//!
//! ```
//! use std::path::Path;
//! use throttlesim::{Scenario, Slice, Study};
//!
//! let text = r#"
//!     schema = 1
//!     question = "Thirty charges at once: how many are throttled?"
//!     [provider.pay]
//!     catalog = "amazon-pay"
//!     [workload.charges]
//!     arrivals.backlog = 30
//!     call = "CreateCharge"
//!     [strategy.once]
//! "#;
//! let scenario = Scenario::read("charges", text, Path::new("")).expect("a sound scenario");
//! let study = Study::run(&scenario).expect("within its bounds");
//! let counts = study.strategies[0].counts(&scenario.plan, Slice::Whole);
//! assert_eq!((counts.attempts.admitted, counts.attempts.refused()), (10, 20));
//! ```
//!
//! | to | take |
//! |---|---|
//! | read a scenario, or say what is wrong with it | [`Scenario`], [`Draft`], [`Problems`] |
//! | run it and read figures | [`Study`], [`Runs`], [`Metric`], [`Slice`] |
//! | write tables, pages, pictures, JSON | [`Report`], [`Summary`] |
//! | build a [`Plan`] and run it | [`limiter`], [`strategy`], [`workload`], [`simulation`] |
//!
//! `examples/run_scenario.rs` and `examples/plan_in_code.rs` do both. All other modules are of the
//! program itself: they are public for its tests and benches, and change without notice.

#![cfg_attr(test, allow(clippy::cast_possible_truncation, clippy::cast_sign_loss))]

#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod engine;
pub(crate) mod files;
#[doc(hidden)]
pub mod fit;
pub mod limiter;
pub mod metrics;
mod parallel;
pub mod random;
pub(crate) mod recorded;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod scenario;
#[cfg(feature = "serve")]
#[doc(hidden)]
pub mod serve;
pub mod simulation;
pub mod strategy;
#[doc(hidden)]
pub mod study;
pub mod units;
pub mod wire;
pub mod workload;

#[doc(inline)]
pub use catalog::Problem;
#[doc(inline)]
pub use metrics::figures::{Counts, Metric, Slice, Statistic};
#[doc(inline)]
pub use metrics::{Estimate, Outcome};
#[doc(inline)]
pub use report::{Report, ReportError, summary::Summary};
#[doc(inline)]
pub use scenario::{Draft, DraftError, Expectation, Problems, Scenario, SetError};
#[doc(inline)]
pub use simulation::Plan;
#[doc(inline)]
pub use study::{Finding, GivenUp, GivenUpReason, Judgement, Runs, Study, StudyError, Verdict};
