//! All that one run of one strategy has counted.

use super::{Account, Age, Cell, Histogram, Peak, Tally, Timeline, jain};
use crate::limiter::Phase;
use crate::units::{Instant, Money, Rate, Span};
use crate::wire::Status;
use crate::workload::Change;

/// The jobs of one workload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jobs {
    /// How they ended.
    pub tally: Tally,
    /// From arrival to the end of the last step.
    pub latency: Histogram,
    /// How old what they fetch is, if that matters.
    pub age: Age,
    /// Requests given up that their jobs went on without.
    pub skipped: u64,
}

/// A revenue-derived quota at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaDay {
    /// The day, from 0 at the origin.
    pub day: u32,
    /// The phase that the account is in.
    pub phase: Phase,
    /// Shipped revenue of the trailing days.
    pub revenue: Money,
    /// Requests a day.
    pub per_day: u64,
    /// Requests a second; `None` is none at all.
    pub per_second: Option<Rate>,
    /// Requests that the day has used.
    pub used: u64,
}

/// Why a run was given up, and when: what it has counted is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// More has happened than it may.
    Events(Instant),
    /// More requests wait at a time than it may keep.
    Waiting(Instant),
    /// The recorded arrivals of a workload are not those that were counted.
    Recording(u16, Change),
}

/// All that one run has counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Why it was given up, if it was.
    pub excess: Option<Excess>,
    /// One for each step of each workload.
    pub cells: Vec<Cell>,
    /// One for each workload.
    pub jobs: Vec<Jobs>,
    /// One for each account.
    pub accounts: Vec<Account>,
    /// The largest share in use of each part of each limit; `None` of what nobody used.
    pub peaks: Vec<Option<Peak>>,
    /// Counts per interval.
    pub timeline: Timeline,
    /// The first account's revenue-derived quota, day by day.
    pub days: Vec<QuotaDay>,
}

impl Jobs {
    /// A job has ended; `latency` is that of a completed one.
    #[inline]
    pub fn end(&mut self, latency: Option<Span>) {
        if let Some(latency) = latency {
            self.tally.completed += 1;
            self.latency.record(latency);
        } else {
            self.tally.given_up += 1;
        }
    }
}

impl Outcome {
    /// Nothing yet.
    #[must_use]
    pub fn new(cells: usize, workloads: usize, accounts: usize, causes: usize) -> Self {
        Self {
            excess: None,
            cells: vec![Cell::new(causes); cells],
            jobs: vec![Jobs::default(); workloads],
            accounts: vec![Account::default(); accounts],
            peaks: Vec::new(),
            timeline: Timeline::new(causes),
            days: Vec::new(),
        }
    }

    /// Jain's index of the share of its requests that each account got done; `None` where nobody
    /// asked for anything, or nobody got it.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn fairness(&self) -> Option<f64> {
        let asked = self.accounts.iter().filter(|account| account.arrived > 0);
        jain(asked.map(|account| account.completed as f64 / account.arrived as f64))
    }

    /// The largest share that was in use of any limit; `None` if there is none.
    #[must_use]
    pub fn limit_use(&self) -> Option<f64> {
        let shares = self.peaks.iter().map(|peak| peak.map_or(0.0, |peak| peak.usage.share()));
        shares.max_by(f64::total_cmp)
    }

    /// Adds what the same run has counted for the accounts after these.
    pub fn join(&mut self, mut next: Self) {
        self.accounts.append(&mut next.accounts);
        self.add(&next);
        self.days.append(&mut next.days);
    }

    /// Adds what another replication has counted for the same accounts. The days of a quota stay
    /// those of the first.
    pub fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.accounts.iter_mut().zip(&other.accounts) {
            ours.merge(theirs);
        }
        self.add(other);
    }

    fn add(&mut self, other: &Self) {
        for (ours, theirs) in self.cells.iter_mut().zip(&other.cells) {
            ours.merge(theirs);
        }
        for (ours, theirs) in self.jobs.iter_mut().zip(&other.jobs) {
            ours.merge(theirs);
        }
        for (ours, theirs) in self.peaks.iter_mut().zip(&other.peaks) {
            Peak::keep(ours, *theirs);
        }
        self.timeline.merge(&other.timeline);
        self.excess = self.excess.or(other.excess);
    }
}

impl Jobs {
    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.tally.merge(&other.tally);
        self.latency.merge(&other.latency);
        self.age.merge(&other.age);
        self.skipped += other.skipped;
    }
}

/// How an admitted attempt will be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// With a 200.
    Success,
    /// With a 400.
    BadRequest,
    /// With a 500.
    Failure,
    /// Not admitted at all, for nobody was there: with a 503.
    Unavailable,
}

impl Fate {
    /// The fate that a response with this status tells.
    #[must_use]
    pub fn of(status: Status) -> Self {
        match status {
            Status::BAD_REQUEST => Self::BadRequest,
            Status::INTERNAL_ERROR => Self::Failure,
            Status::UNAVAILABLE => Self::Unavailable,
            _ => Self::Success,
        }
    }
}
