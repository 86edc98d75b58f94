//! What a run counts, and where: what arrives while warming up is simulated like all else, and
//! counted beyond all that is reported.
//!
//! ```text
//!   cells      0 … n−1 │ n … 2n−1      of jobs that arrived while warming up; cut off at the end
//!   workloads  0 … m−1 │ m … 2m−1
//!   accounts   1 … k   │ 0             all of them together
//! ```

use super::index::{CellId, CountedId};
use super::plan::Plan;
use crate::metrics::{Account, Cell, Counters, Excess, Jobs, Outcome, Peak, QuotaDay};
use crate::units::Instant;

/// The counters of a run, group of accounts after group.
#[derive(Debug)]
pub(super) struct Ledger {
    outcome: Outcome,
    /// When all is warm: what arrives from here on is in the figures.
    warm_at: Instant,
    cells: u16,
    workloads: usize,
    /// Where the figures of the first account are, among those of the groups before.
    first_account: usize,
}

impl Ledger {
    /// Nothing yet, of a plan.
    pub fn new(plan: &Plan) -> Self {
        let (times, warming) = if plan.warm_up.is_zero() { (1, 0) } else { (2, 1) };
        let (cells, workloads) = (plan.cells(), plan.workloads.len());
        let outcome = Outcome::new(cells * times, workloads * times, warming, plan.causes.len());
        Self {
            outcome: Outcome { peaks: vec![None; plan.meters().len()], ..outcome },
            warm_at: Instant::ORIGIN + plan.warm_up,
            cells: u16::try_from(cells).expect("fewer steps than 65 536"),
            workloads,
            first_account: 0,
        }
    }

    /// Room for so many accounts, in groups, none of which moves the others then.
    pub fn reserve(&mut self, accounts: usize) {
        self.outcome.accounts.reserve_exact(accounts);
    }

    /// So many accounts follow those of the groups before.
    pub fn open(&mut self, accounts: usize) {
        self.first_account = self.outcome.accounts.len();
        self.outcome.accounts.resize(self.first_account + accounts, Account::default());
    }

    /// Where the requests of a cell are counted whose job arrived then.
    #[inline(always)]
    pub fn counted(&self, arrived: Instant, cell: CellId) -> CountedId {
        let warms = arrived < self.warm_at;
        CountedId(if warms { cell.0 + self.cells } else { cell.0 })
    }

    /// The counters of a request that is counted there, of an account by its place in the group,
    /// for what happens at `now`.
    #[inline(always)]
    pub fn counters(&mut self, counted: CountedId, account: u32, now: Instant) -> Counters<'_> {
        let warm = counted.0 < self.cells;
        let account = if warm { self.first_account + account as usize } else { 0 };
        self.outcome.counters(counted.place(), account, now)
    }

    /// The cell in which a request is counted.
    pub fn cell(&mut self, counted: CountedId) -> &mut Cell {
        &mut self.outcome.cells[counted.place()]
    }

    /// Reads the counters of an account, so that they lie near the processor when they are moved;
    /// the number means nothing.
    pub fn prefetch(&self, account: u32) -> u64 {
        self.outcome.accounts[self.first_account + account as usize].admitted
    }

    /// Where the jobs of a workload are counted that arrived then.
    #[inline]
    pub fn jobs(&mut self, arrived: Instant, workload: usize) -> &mut Jobs {
        let beyond = if arrived < self.warm_at { self.workloads } else { 0 };
        &mut self.outcome.jobs[workload + beyond]
    }

    /// The largest shares in use of the limits, meter by meter.
    pub fn peaks(&mut self) -> &mut [Option<Peak>] {
        &mut self.outcome.peaks
    }

    /// The days of the first account's quota.
    pub fn add_days(&mut self, days: &mut Vec<QuotaDay>) {
        self.outcome.days.append(days);
    }

    /// The run is given up: what it has counted is no result.
    #[cold]
    pub fn give_up(&mut self, excess: Excess) {
        self.outcome.excess = Some(excess);
    }

    /// True if the run has been given up.
    pub const fn is_given_up(&self) -> bool {
        self.outcome.excess.is_some()
    }

    /// All that is reported. Of the cells named, each request is all of its job, and gives the job
    /// its figures: workload by workload.
    pub fn close(self, plain: impl Iterator<Item = (CellId, usize)>) -> Outcome {
        let mut outcome = self.outcome;
        for cell in &outcome.cells {
            cell.assert_conservation();
        }
        for (cell, workload) in plain {
            let (cell, jobs) = (&outcome.cells[cell.place()], &mut outcome.jobs[workload]);
            (jobs.tally, jobs.latency) = (cell.requests, cell.latency.clone());
        }
        outcome.cells.truncate(usize::from(self.cells));
        outcome.jobs.truncate(self.workloads);
        if self.warm_at > Instant::ORIGIN {
            outcome.accounts.remove(0);
        }
        outcome
    }
}
