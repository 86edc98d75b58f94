//! What is left of limits, and the backlog, read while a run goes on.
//!
//! A run that has been counted is run once more for this, so that no other run pays for it. Reading
//! changes nothing: a limit tells its level at any instant without being rolled there. Levels fall
//! with what happens and rise with time, so that the lowest of an interval is found at its
//! beginning and after each event. A backlog counts when it has lasted, for however short a time.

use super::observe::{Left, Observer};
use super::plan::Plan;
use super::provider::Provider;
use crate::limiter::Limit;
use crate::metrics::{Extremes, Keep};
use crate::units::Instant;
use crate::wire::{Caller, Operation};

/// A limit whose level is read.
#[derive(Debug)]
struct Level {
    rule: usize,
    operation: Operation,
    lowest: Extremes,
}

impl Level {
    fn at(&self, at: Instant, provider: &Provider<'_>, caller: Caller) -> u64 {
        let limiter = provider.gate().limiter(self.rule, caller, self.operation);
        limiter.and_then(|limiter| limiter.level(at)).unwrap_or(0)
    }
}

/// All that is read in a run.
#[derive(Debug)]
pub(super) struct Watches {
    caller: Caller,
    levels: Vec<Level>,
    backlog: Extremes,
    /// When something happened last.
    last: Instant,
}

impl Default for Watches {
    fn default() -> Self {
        let backlog = Extremes::new(Keep::Highest);
        Self { caller: Caller::default(), levels: Vec::new(), backlog, last: Instant::ORIGIN }
    }
}

impl Watches {
    /// Nothing yet of what a plan watches, for an account of the partition, by its number there.
    pub fn new(plan: &Plan, account: u32) -> Self {
        let level =
            |(rule, operation)| Level { rule, operation, lowest: Extremes::new(Keep::Lowest) };
        let levels = plan.watched().into_iter().map(level).collect();
        Self { caller: Caller { account, ..Caller::default() }, levels, ..Self::default() }
    }

    /// Time has passed until `now`, with so many requests waiting, and nothing has happened yet.
    pub fn pass(&mut self, now: Instant, provider: &Provider<'_>, waiting: u64) {
        if now > self.last && self.backlog.next() > self.last {
            self.backlog.see(waiting);
        }
        self.last = now;
        while self.backlog.next() < now {
            self.backlog.begin(waiting);
        }
        for level in &mut self.levels {
            while level.lowest.next() <= now {
                let left = level.at(level.lowest.next(), provider, self.caller);
                level.lowest.begin(left);
            }
        }
    }

    /// Something has happened now.
    pub fn see(&mut self, now: Instant, provider: &Provider<'_>, observer: &mut impl Observer) {
        for (limit, level) in self.levels.iter_mut().enumerate() {
            let left = level.at(now, provider, self.caller);
            level.lowest.see(left);
            observer.level(Left { limit, at: now, left });
        }
    }

    /// The highest backlog, and the lowest level of each limit.
    pub fn into_extremes(self) -> (Extremes, Vec<Extremes>) {
        (self.backlog, self.levels.into_iter().map(|level| level.lowest).collect())
    }
}
