//! Warming up: what arrives first is simulated like all else, and counted beyond all that is
//! reported.
//!
//! ```text
//!   cells      0 … n−1 │ n … 2n−1      of jobs that arrived while warming up; cut off at the end
//!   workloads  0 … m−1 │ m … 2m−1
//!   accounts   1 … k   │ 0             all of them together
//! ```

use super::observe::Observer;
use super::partition::Partition;
use crate::units::Instant;

impl<O: Observer> Partition<'_, O> {
    /// True of what arrived while warming up.
    #[inline(always)]
    fn warms(&self, arrived: Instant) -> bool {
        arrived < self.warm_at
    }

    /// The cell that counts the requests of a job that arrived then.
    #[inline(always)]
    pub(super) fn counted(&self, arrived: Instant, cell: u16) -> u16 {
        match self.warms(arrived) {
            true => u16::try_from(self.routes.len()).map_or(cell, |beyond| cell + beyond),
            false => cell,
        }
    }

    /// Where the jobs of a workload are counted that arrived then.
    #[inline(always)]
    pub(super) fn jobs_slot(&self, arrived: Instant, workload: usize) -> usize {
        workload + if self.warms(arrived) { self.plan.workloads.len() } else { 0 }
    }

    /// Where an account is counted, of requests that are counted in a cell.
    #[inline(always)]
    pub(super) fn account_slot(&self, counted: u16, account: usize) -> usize {
        match usize::from(counted) < self.routes.len() {
            true => self.first_account + account,
            false => 0,
        }
    }
}
