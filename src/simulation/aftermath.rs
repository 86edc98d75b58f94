//! What an event has brought on, to be seen to when it is over.

use super::callers::CrewId;
use super::index::JobId;

/// Something that an event has brought on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// A request of the job has ended.
    Stirred(JobId),
    /// The crew has a worker free again.
    Freed(CrewId),
    /// Nothing more of that event.
    Over,
}

/// All that has been brought on and not been seen to.
#[derive(Debug)]
pub(super) struct Aftermath {
    /// Jobs of which a request has ended within the event.
    stirred: Vec<JobId>,
    /// Crews that have a worker free again.
    freed: Vec<CrewId>,
    /// What the ends of an instant have brought on, end by end, until the last of them.
    postponed: Vec<Effect>,
}

impl Aftermath {
    /// Nothing.
    pub const fn new() -> Self {
        Self { stirred: Vec::new(), freed: Vec::new(), postponed: Vec::new() }
    }

    /// Something has been brought on.
    #[inline]
    pub fn add(&mut self, effect: Effect) {
        match effect {
            Effect::Stirred(job) => self.stirred.push(job),
            Effect::Freed(crew) => self.freed.push(crew),
            Effect::Over => {}
        }
    }

    /// What comes next: jobs go on first, so that a worker stays with its job; then parked requests
    /// are asked for the workers still free.
    #[inline(always)]
    pub fn next(&mut self) -> Option<Effect> {
        match self.stirred.pop() {
            Some(job) => Some(Effect::Stirred(job)),
            None => self.freed.pop().map(Effect::Freed),
        }
    }

    /// True if something has been postponed.
    pub const fn has_postponed(&self) -> bool {
        !self.postponed.is_empty()
    }

    /// What this event has brought on waits.
    pub fn postpone(&mut self) {
        self.postponed.extend(self.stirred.drain(..).map(Effect::Stirred));
        self.postponed.extend(self.freed.drain(..).map(Effect::Freed));
        self.postponed.push(Effect::Over);
    }

    /// What has been postponed, event by event; its room is to be given back.
    pub fn take_postponed(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.postponed)
    }

    /// Room for what will be postponed.
    pub fn give_back(&mut self, room: Vec<Effect>) {
        self.postponed = room;
    }
}
