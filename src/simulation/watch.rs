//! What is left of limits, and the backlog, read while a run goes on.
//!
//! A run that has been counted is run once more for this, so that no other run pays for it. Reading
//! changes nothing: a limit tells its level at any instant without being rolled there. Levels fall
//! with what happens and rise with time, so that an interval is known from its beginning, its end,
//! and what is just before and after each event. A backlog counts when it has lasted, for however
//! short a time.

use super::observe::{Left, Observer};
use super::plan::Plan;
use super::provider::Provider;
use crate::limiter::{Limit, Limiter};
use crate::metrics::Extremes;
use crate::units::Instant;
use crate::wire::{Caller, Operation};

/// A share of one, in parts.
const PARTS: u64 = 1_000_000;

/// What is read of a limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What is left.
    pub left: Extremes,
    /// The share in use of what it admits at once at that time \[ppm\]; 0 of a limit that counts
    /// nothing.
    pub in_use: Extremes,
}

impl Reading {
    /// The largest share of each interval, as a fraction, with the instant at which that begins.
    pub fn shares(&self) -> impl Iterator<Item = (Instant, f64)> + '_ {
        #[expect(clippy::cast_precision_loss)]
        self.in_use.points().map(|(at, of)| (at, of.highest as f64 / PARTS as f64))
    }
}

/// A limit that is read.
#[derive(Debug)]
struct Watch {
    rule: usize,
    operation: Operation,
    reading: Reading,
}

impl Watch {
    /// What is left, and the share in use.
    fn at(&self, at: Instant, provider: &Provider<'_>, caller: Caller) -> (u64, u64) {
        let Some(limiter) = provider.gate().limiter(self.rule, caller, self.operation) else {
            return (0, 0);
        };
        let left = limiter.level(at).unwrap_or(0);
        (left, share(left, limiter, at))
    }

    /// Nothing has happened until `now`.
    fn pass(&mut self, now: Instant, provider: &Provider<'_>, caller: Caller) {
        while self.reading.left.next() <= now {
            let next = self.reading.left.next();
            if next > Instant::ORIGIN {
                self.see(Instant::from_nanos(next.as_nanos() - 1), provider, caller);
            }
            let (left, in_use) = self.at(next, provider, caller);
            self.reading.left.begin(left);
            self.reading.in_use.begin(in_use);
        }
        self.see(now, provider, caller);
    }

    /// What is left.
    fn see(&mut self, now: Instant, provider: &Provider<'_>, caller: Caller) -> u64 {
        let (left, in_use) = self.at(now, provider, caller);
        self.reading.left.see(left);
        self.reading.in_use.see(in_use);
        left
    }
}

/// The share of a limit in use, of what it admits at once at that time \[ppm\].
fn share(left: u64, limiter: &Limiter, at: Instant) -> u64 {
    match limiter.most_at(at) {
        Some(most) if most > 0 => most.saturating_sub(left).saturating_mul(PARTS) / most,
        _ => 0,
    }
}

/// All that is read in a run.
#[derive(Debug, Default)]
pub(super) struct Watches {
    caller: Caller,
    limits: Vec<Watch>,
    backlog: Extremes,
    /// When something happened last.
    last: Instant,
}

impl Watches {
    /// Nothing yet of what a plan watches, for an account of the partition, by its number there.
    pub fn new(plan: &Plan, account: u32) -> Self {
        let watch = |(rule, operation)| Watch { rule, operation, reading: Reading::default() };
        let limits = plan.watched().into_iter().map(watch).collect();
        Self { caller: Caller { account, ..Caller::default() }, limits, ..Self::default() }
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
        for limit in &mut self.limits {
            limit.pass(now, provider, self.caller);
        }
    }

    /// Something has happened now.
    pub fn see(&mut self, now: Instant, provider: &Provider<'_>, observer: &mut impl Observer) {
        for (limit, watch) in self.limits.iter_mut().enumerate() {
            let left = watch.see(now, provider, self.caller);
            observer.level(Left { limit, at: now, left });
        }
    }

    /// The backlog, and what was read of each limit.
    pub fn into_readings(self) -> (Extremes, Vec<Reading>) {
        (self.backlog, self.limits.into_iter().map(|watch| watch.reading).collect())
    }
}
