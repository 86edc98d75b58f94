//! Workers that rest after a call; jobs that begin again, or end all that comes later.
//!
//! ```text
//!   a call ends ──(pause)──► its job goes on, with the worker ──► whoever is parked
//!   a request is lost ──► drop · skip · restart: its job from the first step · stop: its source
//! ```

use super::index::{JobId, ProcessId};
use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use crate::engine::Rank;
use crate::units::Instant;
use crate::workload::{Load, OnFailure};

impl<O: Observer> Partition<'_, O> {
    /// A worker has rested. It stays with its job, which goes on at this instant, if it does.
    #[cold]
    pub(super) fn rested(&mut self, now: Instant, process: ProcessId) {
        if self.callers.free_worker(process).is_some() {
            self.clock.schedule(now, Rank::Start, Event::Wake(process));
        }
    }

    /// A request of a job is lost.
    pub(super) fn lose(&mut self, number: JobId) {
        let (index, workload) = self.workload_of(&self.work[number]);
        let job = &mut self.work[number];
        if workload.on_failure == OnFailure::Skip {
            let arrived = job.arrived;
            self.ledger.jobs(arrived, index).skipped += 1;
            return;
        }
        (job.given_up, job.left) = (true, 0);
        let (source, arrived) = (job.source, job.arrived);
        match workload.on_failure {
            OnFailure::Skip | OnFailure::Restart(_) => return,
            OnFailure::Drop => {}
            OnFailure::Stop => self.work.stop(source),
        }
        self.ledger.jobs(arrived, index).end(None);
    }

    /// True if nobody waits for the requests of a job: it is lost, or all of its source is.
    #[inline]
    pub(super) fn is_given_up(&self, number: JobId) -> bool {
        let job = &self.work[number];
        job.given_up || self.work.has_stopped(job.source)
    }

    /// The last request under way of a job that has lost one has ended.
    pub(super) fn end_or_begin_again(&mut self, now: Instant, number: JobId) {
        let workload = self.workload_of(&self.work[number]).1;
        match workload.on_failure {
            OnFailure::Restart(after) => {
                self.clock.schedule(now + after, Rank::Start, Event::Again(number));
            }
            _ => self.leave(now, number, workload),
        }
    }

    /// A job begins again: with its first step, and requests that meet other faults.
    pub(super) fn begin_again(&mut self, now: Instant, number: JobId) {
        let job = &mut self.work[number];
        job.round += 1;
        job.load = Load { items: job.items, requests: 1 };
        (job.given_up, job.step) = (false, job.only.unwrap_or(0));
        self.advance(now, number);
    }
}
