//! When work arrives and what it consists of; one arrival process a file.
//!
//! ```text
//!   Arrivals ──► Source (per workload and caller) ──► job ──► step 1: n requests ──► step 2 ──► …
//! ```
//!
//! Open arrivals are computed one after another, in order, and never enter the event queue. Only a
//! closed population does: its members come back a think time after their last job ended.

mod arrivals;
mod cost;
mod keys;
mod memory;
mod on_off;
mod profile;
mod source;
mod step;
mod trace;

pub use arrivals::{Arrivals, Burst};
pub use cost::{Cost, Price, StepCost};
pub use keys::Keys;
pub use on_off::OnOff;
pub use profile::{Profile, Stage};
pub use source::Source;
pub use step::{Load, Poll, Step, Task, Units};
pub use trace::{Change, Reading, Row, Rows, Trace};

use crate::random::{Count, Distribution};
use crate::units::Span;
use crate::wire::Caller;

/// One kind of work: when it arrives, for whom, and the calls that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// When jobs arrive.
    pub arrivals: Arrivals,
    /// From a job's arrival to its first step, as of a notification on its way.
    pub delivery: Distribution,
    /// Whether every caller has arrivals of its own.
    pub per: Per,
    /// The callers that it is for.
    pub callers: Callers,
    /// The items of a job: orders, products, whatever its steps page through.
    pub items: Count,
    /// The steps of a job, in order; at least one.
    pub steps: Vec<Step>,
    /// What a given-up request does to its job.
    pub on_failure: OnFailure,
    /// What its requests ask for, if that is known.
    pub keys: Option<Keys>,
    /// Whether the age of what its jobs fetch is measured.
    pub view: View,
    /// Requests that are bad, and answered with a 400, besides those of the service \[ppm\].
    pub bad_request_ppm: u64,
    /// Parked requests of a higher priority go before those of a lower.
    pub priority: u8,
}

impl Workload {
    /// True if a job is a single request, with which it begins and ends, and nothing comes of that.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(&self.steps[..], [step] if step.is_single())
            && self.delivery == Distribution::Constant(Span::ZERO)
            && self.on_failure == OnFailure::Drop
            && self.view == View::None
            && !matches!(self.arrivals, Arrivals::Trace(_) | Arrivals::Closed(_))
    }

    /// True if a job may have several requests under way at once.
    #[must_use]
    pub fn has_siblings(&self) -> bool {
        self.steps.iter().any(Step::has_siblings)
    }

    /// Requests of one job to be expected.
    #[must_use]
    pub fn mean_requests(&self) -> f64 {
        let (mut items, mut requests) = (self.items.mean(), 1.0);
        self.steps.iter().map(|step| step.mean_requests(&mut items, &mut requests)).sum()
    }
}

/// What a job's end tells its caller about the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Nothing that grows old.
    None,
    /// How things were when the job arrived.
    Polled,
    /// That something happened when the job arrived.
    Notified,
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
    #[inline]
    #[must_use]
    pub fn include(&self, caller: Caller) -> bool {
        let named = |list: &Option<Vec<u32>>, index: u32| {
            list.as_ref().is_none_or(|list| list.contains(&index))
        };
        named(&self.applications, caller.application)
            && named(&self.accounts, caller.account)
            && named(&self.regions, caller.region)
    }

    /// The turn of a caller among those that the workload is for, of a population of so many
    /// applications, accounts and regions.
    #[inline]
    #[must_use]
    pub fn turn(&self, caller: Caller, of: [u32; 3]) -> Turn {
        let lists = [&self.applications, &self.accounts, &self.regions];
        let indices = [caller.application, caller.account, caller.region];
        let among = |which: usize| match lists[which] {
            None => (u64::from(indices[which]), u64::from(of[which])),
            Some(list) => {
                let before = list.iter().filter(|listed| **listed < indices[which]).count();
                (before as u64, list.len() as u64)
            }
        };
        let (applications, accounts, regions) = (among(0), among(1), among(2));
        Turn {
            number: (accounts.0 * applications.1 + applications.0) * regions.1 + regions.0,
            of: applications.1 * accounts.1 * regions.1,
        }
    }
}

/// Which of several callers it is that a source is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// From 0.
    pub number: u64,
    /// How many there are; at least 1.
    pub of: u64,
}

impl Turn {
    /// The turn of a source that is for all callers, or for a single one.
    pub const ONLY: Self = Self { number: 0, of: 1 };
}

/// What a given-up request does to its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The job is given up too.
    Drop,
    /// The job goes on without it.
    Skip,
    /// The job begins again with its first step, after so long.
    Restart(Span),
    /// The job is given up, and with it all that its source has and will have.
    Stop,
}

/// A closed population's time between two jobs, and how many members it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Members for each source.
    pub population: u32,
    /// From the end of a job to the member's next.
    pub think: Distribution,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_of_a_workload_take_every_turn_once() {
        let of = [2, 5, 3];
        let some = Callers { applications: None, accounts: Some(vec![4, 1]), regions: None };
        for callers in [Callers::default(), some] {
            let mut turns = Vec::new();
            for number in 0..of.iter().product() {
                let caller = Caller {
                    application: number % 2,
                    account: number / 2 % 5,
                    region: number / 10,
                    ..Caller::default()
                };
                if callers.include(caller) {
                    turns.push(callers.turn(caller, of));
                }
            }
            turns.sort_by_key(|turn| turn.number);
            let count = turns.len() as u64;
            let expected = (0..count).map(|number| Turn { number, of: count });
            assert!(turns.iter().copied().eq(expected), "{turns:?}");
        }
    }
}
