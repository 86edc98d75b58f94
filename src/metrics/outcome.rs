//! All that one run of one strategy has counted.

use super::{Account, Age, Cell, Channel, Histogram, Levels, Tally, Timeline, jain};
use crate::limiter::Phase;
use crate::units::{Instant, Money, Rate, Span};

/// The jobs of one workload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jobs {
    /// How they ended.
    pub tally: Tally,
    /// From arrival to the end of the last step.
    pub latency: Histogram,
    /// How old what they fetch is, if that matters.
    pub age: Age,
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

/// All that one run has counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// One for each step of each workload.
    pub cells: Vec<Cell>,
    /// One for each workload.
    pub jobs: Vec<Jobs>,
    /// One for each account.
    pub accounts: Vec<Account>,
    /// Counts per interval.
    pub timeline: Timeline,
    /// The levels of the watched limits.
    pub levels: Vec<Levels>,
    /// The watched account's revenue-derived quota, day by day.
    pub days: Vec<QuotaDay>,
    /// When the last job ended.
    pub last_end: Instant,
}

impl Outcome {
    /// Nothing yet.
    #[must_use]
    pub fn new(cells: usize, workloads: usize, accounts: usize, causes: usize) -> Self {
        Self {
            cells: vec![Cell::new(causes); cells],
            jobs: vec![Jobs::default(); workloads],
            accounts: vec![Account::default(); accounts],
            timeline: Timeline::new(causes),
            levels: Vec::new(),
            days: Vec::new(),
            last_end: Instant::ORIGIN,
        }
    }

    /// A request has arisen.
    #[inline]
    pub fn arrive(&mut self, now: Instant, cell: usize, account: usize) {
        self.cells[cell].requests.arrived += 1;
        self.accounts[account].arrived += 1;
        self.timeline.count(now, Channel::Arrived);
    }

    /// A provider has refused an attempt.
    #[inline]
    pub fn refuse(&mut self, now: Instant, cell: usize, account: usize, cause: u16, first: bool) {
        let attempts = &mut self.cells[cell].attempts;
        attempts.sent += 1;
        attempts.throttled[usize::from(cause)] += 1;
        attempts.first += u64::from(first);
        attempts.first_throttled += u64::from(first);
        self.accounts[account].sent += 1;
        self.accounts[account].throttled += 1;
        self.timeline.count(now, Channel::Throttled(cause));
    }

    /// A provider has admitted an attempt, which will succeed, fail, or be a bad request; or it was
    /// not there.
    #[inline]
    pub fn admit(&mut self, now: Instant, cell: usize, account: usize, fate: Fate, first: bool) {
        let attempts = &mut self.cells[cell].attempts;
        attempts.sent += 1;
        attempts.first += u64::from(first);
        let channel = match fate {
            Fate::Failure | Fate::Unavailable => {
                attempts.failed += 1;
                attempts.unavailable += u64::from(fate == Fate::Unavailable);
                Channel::Failed
            }
            Fate::Success | Fate::BadRequest => {
                attempts.admitted += 1;
                attempts.bad_requests += u64::from(fate == Fate::BadRequest);
                Channel::Admitted
            }
        };
        self.accounts[account].sent += 1;
        self.accounts[account].failed += u64::from(channel == Channel::Failed);
        self.timeline.count(now, channel);
    }

    /// A request has ended; `latency` is that of a success.
    #[inline]
    pub fn end(&mut self, now: Instant, cell: usize, account: usize, latency: Option<Span>) {
        let cell = &mut self.cells[cell];
        if let Some(latency) = latency {
            cell.requests.completed += 1;
            cell.latency.record(latency);
            self.accounts[account].complete(latency);
        } else {
            cell.requests.given_up += 1;
            self.accounts[account].given_up += 1;
        }
        cell.last_end = now;
        self.timeline.count(now, Channel::Ended);
    }

    /// A job has ended; `latency` is that of a completed one.
    #[inline]
    pub fn end_job(&mut self, now: Instant, workload: usize, latency: Option<Span>) {
        let jobs = &mut self.jobs[workload];
        if let Some(latency) = latency {
            jobs.tally.completed += 1;
            jobs.latency.record(latency);
        } else {
            jobs.tally.given_up += 1;
        }
        self.last_end = self.last_end.max(now);
    }

    /// Jain's index of the share of its requests that each account got done; `None` where nobody
    /// asked for anything, or nobody got it.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn fairness(&self) -> Option<f64> {
        let asked = self.accounts.iter().filter(|account| account.arrived > 0);
        jain(asked.map(|account| account.completed as f64 / account.arrived as f64))
    }

    /// Adds what the same run has counted for the accounts after these.
    pub fn join(&mut self, mut next: Self) {
        self.accounts.append(&mut next.accounts);
        self.add(&next);
        self.levels.append(&mut next.levels);
        self.days.append(&mut next.days);
    }

    /// Adds what another replication has counted for the same accounts. The levels and days of
    /// watched limits stay those of the first.
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
        self.timeline.merge(&other.timeline);
        self.last_end = self.last_end.max(other.last_end);
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
