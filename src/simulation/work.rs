//! The work of a group of accounts: its sources, what comes of them next, and the jobs under way.

use super::arrival::{ArrivalSource, Upcoming};
use super::dealer::Dealer;
use super::index::{JobId, SourceId};
use super::records::Job;
use crate::engine::Pool;
use crate::units::Instant;
use std::ops::{Index, IndexMut};

/// What the caller of a polled workload sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    /// When that was true.
    pub as_of: Instant,
    /// When it came in.
    pub since: Instant,
}

/// Sources and jobs.
#[derive(Debug)]
pub(super) struct Work {
    sources: Vec<ArrivalSource>,
    upcoming: Upcoming,
    /// What the callers of polled workloads see, by source.
    seen: Vec<Sight>,
    /// For each workload, who gets its jobs if they are one stream for all.
    dealers: Vec<Dealer>,
    jobs: Pool<JobId, Job>,
    /// Whether the work of a source has ended for good, by source; empty while none has.
    stopped: Vec<bool>,
}

impl Work {
    /// No work.
    pub fn new() -> Self {
        Self {
            sources: Vec::new(),
            upcoming: Upcoming::new(),
            seen: Vec::new(),
            dealers: Vec::new(),
            jobs: Pool::new(),
            stopped: Vec::new(),
        }
    }

    /// No source and no job any more.
    pub fn clear(&mut self) {
        self.sources.clear();
        self.upcoming.clear();
        self.seen.clear();
        self.jobs.clear();
        self.stopped.clear();
    }

    /// The work of a source has ended for good.
    pub fn stop(&mut self, source: SourceId) {
        self.stopped.resize(self.sources.len(), false);
        self.stopped[source.place()] = true;
    }

    /// True if the work of a source has ended for good.
    #[inline]
    pub fn has_stopped(&self, source: SourceId) -> bool {
        self.stopped.get(source.place()).is_some_and(|stopped| *stopped)
    }

    /// From now on the last arrival of one instant comes first.
    pub fn take_last_first(&mut self) {
        self.upcoming.take_last_first();
    }

    /// Who gets the jobs of each workload that is one stream for all.
    pub fn deal_by(&mut self, dealers: Vec<Dealer>) {
        self.dealers = dealers;
    }

    /// Who gets the jobs of a workload.
    pub fn dealer(&self, workload: u16) -> &Dealer {
        &self.dealers[usize::from(workload)]
    }

    /// Room for so many more sources.
    pub fn reserve(&mut self, sources: u32) {
        self.sources.reserve_exact(sources as usize);
    }

    /// One more source, whose first job arrives then, if it has any; its number.
    pub fn open(&mut self, source: ArrivalSource, first: Option<Instant>) -> SourceId {
        let number = u32::try_from(self.sources.len()).expect("fewer sources than 2³²");
        self.sources.push(source);
        if let Some(at) = first {
            self.upcoming.add(at, SourceId(number));
        }
        SourceId(number)
    }

    /// Keeps what the callers of all sources so far see, too: nothing yet.
    pub fn keep_sights(&mut self) {
        let nothing = Sight { as_of: Instant::ORIGIN, since: Instant::ORIGIN };
        self.seen.resize(self.sources.len(), nothing);
    }

    /// All sources are open.
    pub fn begin(&mut self) {
        self.upcoming.begin();
    }

    /// The next arrivals.
    #[inline(always)]
    pub const fn upcoming(&self) -> &Upcoming {
        &self.upcoming
    }

    /// The next arrivals, to change them.
    #[inline(always)]
    pub const fn upcoming_mut(&mut self) -> &mut Upcoming {
        &mut self.upcoming
    }

    /// A source.
    #[inline(always)]
    pub fn source(&self, number: SourceId) -> &ArrivalSource {
        &self.sources[number.place()]
    }

    /// A source, to take an arrival from it.
    #[inline(always)]
    pub fn source_mut(&mut self, number: SourceId) -> &mut ArrivalSource {
        &mut self.sources[number.place()]
    }

    /// All sources.
    pub fn sources(&self) -> &[ArrivalSource] {
        &self.sources
    }

    /// What the caller of a polled source sees.
    pub fn sight(&mut self, source: SourceId) -> &mut Sight {
        &mut self.seen[source.place()]
    }

    /// The sources that are looked at, with what is seen.
    pub fn sights(&self) -> impl Iterator<Item = (&ArrivalSource, Sight)> {
        (self.seen.iter().enumerate()).map(|(place, sight)| (&self.sources[place], *sight))
    }

    /// Keeps a job, and gives its number.
    pub fn insert(&mut self, job: Job) -> JobId {
        self.jobs.insert(job)
    }

    /// A job has left.
    pub fn remove(&mut self, job: JobId) {
        self.jobs.remove(job);
    }

    /// How many jobs are kept.
    pub fn jobs(&self) -> usize {
        self.jobs.len()
    }
}

impl Index<JobId> for Work {
    type Output = Job;

    #[inline(always)]
    fn index(&self, number: JobId) -> &Job {
        &self.jobs[number]
    }
}

impl IndexMut<JobId> for Work {
    #[inline(always)]
    fn index_mut(&mut self, number: JobId) -> &mut Job {
        &mut self.jobs[number]
    }
}
