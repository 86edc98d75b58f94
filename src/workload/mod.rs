//! When work arrives and what it consists of; one arrival process a file.
//!
//! ```text
//!   Arrivals ──► Source (per workload and caller) ──► job ──► step 1: n requests ──► step 2 ──► …
//! ```
//!
//! Open arrivals are computed one after another, in order, and never enter the event queue. Only a
//! closed population does: its members come back a think time after their last job ended.

mod arrivals;
mod source;
mod trace;

pub use arrivals::{Arrivals, Burst};
pub use source::Source;
pub use trace::{Row, Rows, Trace};

use crate::random::{Count, Distribution};
use crate::wire::{Caller, Operation};

/// One kind of work: when it arrives, for whom, and the calls that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// When jobs arrive.
    pub arrivals: Arrivals,
    /// Whether every caller has arrivals of its own.
    pub per: Per,
    /// The callers that it is for.
    pub callers: Callers,
    /// The steps of a job, in order; at least one.
    pub steps: Vec<Step>,
    /// What a given-up request does to its job.
    pub on_failure: OnFailure,
}

/// Whose arrivals an arrival process describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Each caller has arrivals of its own.
    Account,
    /// One stream for all, dealt to the callers in turn.
    Scenario,
}

/// The callers that a workload is for: those that every given list names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Callers {
    /// Applications by index; `None` is all.
    pub applications: Option<Vec<u32>>,
    /// Accounts by index; `None` is all.
    pub accounts: Option<Vec<u32>>,
    /// Regional accounts by index; `None` is all.
    pub regions: Option<Vec<u32>>,
}

impl Callers {
    /// True if the workload is for this caller.
    #[must_use]
    pub fn include(&self, caller: Caller) -> bool {
        let named = |list: &Option<Vec<u32>>, index: u32| {
            list.as_ref().is_none_or(|list| list.contains(&index))
        };
        named(&self.applications, caller.application)
            && named(&self.accounts, caller.account)
            && named(&self.regions, caller.region)
    }
}

/// One step of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The operation that its requests call.
    pub operation: Operation,
    /// How many requests it makes.
    pub count: Count,
}

/// What a given-up request does to its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The job is given up too.
    Drop,
    /// The job goes on without it.
    Skip,
}

/// A closed population's time between two jobs, and how many members it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Members for each source.
    pub population: u32,
    /// From the end of a job to the member's next.
    pub think: Distribution,
}
