//! One request's life, from arrival to end: the only module that knows workloads, strategies and
//! limits at once.
//!
//! ```text
//! workload ─arrive─► job ─step─► client.first ─SendAt(t)─► attempt ─► gate: check every limit
//!                                   ▲   │Park │GiveUp                  │refuse     │admit: charge
//!                                   │ wait_queue   end                      ▼           ▼
//!                                   └──────── client.again ◄──── answered ◄──── served → settle
//! ```
//!
//! A [`Plan`] with independent accounts is simulated account by account, which keeps the working
//! set in the processor's cache and gives the same counts as all at once; otherwise all accounts
//! share one clock. At one instant calls end first, then calls are decided, in order of arrival;
//! where a limit learns how calls end, what an end brings on waits for the last end of its instant.
//!
//! A partition of accounts that share a clock is divided by ownership, and nothing reaches into the
//! fields of another part:
//!
//! | part | owns |
//! |---|---|
//! | `Setting` | plan, strategy, streams, shortcuts: what never changes |
//! | `Work` | sources, the next arrivals, jobs |
//! | `Callers` | clients, workers, lanes, caches |
//! | `Transit` | requests and their attempts under way |
//! | `Aftermath` | what an event has brought on |
//! | `Ledger` | counters, those of the warm-up apart |
//! | `Provider` | limits and services |
//!
//! The stations (`sources`, `job`, `pre_send`, `life`, `turns`, `answers`, `hedge`, `express`) work
//! on a partition; the parts know nothing of them.
//!
//! Shortcuts for what is common, none of which moves a figure: a job that is one request has no
//! record of its own; a client that holds nothing back is not asked whether it sends; where nobody
//! learns of answers but the request itself, it takes a short way (`express`) without a record and
//! without an event for its success. Where much waits, what the next events need is read ahead.

mod aftermath;
mod answers;
mod arrival;
mod batch;
mod calendar;
mod callers;
mod costs;
mod counter;
mod dealer;
mod draws;
mod effort;
mod episode;
mod express;
mod headroom;
mod hedge;
mod index;
mod job;
mod key_space;
mod lane;
mod ledger;
mod life;
mod observe;
mod partition;
mod plan;
mod pre_send;
mod prefetch;
mod provider;
mod records;
mod rest;
mod revenue;
mod setting;
mod shortcuts;
mod sources;
mod staff;
mod steps;
mod tiers;
mod told;
mod transit;
mod trip;
mod turns;
mod walk;
mod watch;
mod work;

pub use costs::MOST_UNITS;
pub use counter::{Asked, Counter, Decided, Level};
pub use episode::{Episode, Trouble};
use observe::Shown;
pub use observe::{Attempt, Left, Next, Observer, Silent};
pub use plan::{
    Bounds, Call, Cause, Drawn, Earning, Meter, Plan, PlannedLimit, Service, Skew, Tells,
};
pub use revenue::RevenueSeries;
pub use steps::{STEPS, Window};
pub use tiers::{Tiers, spread};
pub use walk::PlanWalk;
pub use watch::Reading;

use crate::metrics::{Extremes, Outcome, Timeline};
use partition::Partition;
use std::ops::Range;
use steps::Steps;

/// Simulates one replication of one strategy for some of the accounts, which must be all of them
/// unless [`Plan::accounts_are_independent`].
#[must_use]
pub fn simulate(plan: &Plan, strategy: usize, replication: u32, accounts: Range<u32>) -> Outcome {
    group_by_group(Partition::new(plan, strategy, replication, Silent), accounts)
}

/// The same, but what happens at one instant happens in the reverse order: arrivals, ends and
/// attempts of one instant, each among themselves. The two outcomes differ where the order of ties
/// decides.
#[must_use]
pub fn simulate_reversed(
    plan: &Plan,
    strategy: usize,
    replication: u32,
    accounts: Range<u32>,
) -> Outcome {
    let mut partition = Partition::new(plan, strategy, replication, Silent);
    partition.reverse_ties();
    group_by_group(partition, accounts)
}

/// Runs a partition for these accounts: one by one where they are independent.
fn group_by_group(mut partition: Partition<'_, Silent>, accounts: Range<u32>) -> Outcome {
    partition.ledger.reserve(accounts.len());
    let step = if partition.is_divisible() { 1 } else { accounts.len() };
    for first in accounts.clone().step_by(step.max(1)) {
        let last = accounts.end.min(first.saturating_add(u32::try_from(step).unwrap_or(u32::MAX)));
        partition.run(first..last);
    }
    partition.into_outcome().0
}

/// Simulates one replication of one strategy for all accounts on one clock, and shows every
/// attempt to `observer` when it is answered. The outcome is that of [`simulate`]. An observer that
/// reads levels, which [`watch`] shows, does not compile.
pub fn observe<O: Observer>(
    plan: &Plan,
    strategy: usize,
    replication: u32,
    mut observer: O,
) -> (Outcome, O) {
    const { assert!(!O::READS, "levels are shown by `watch` only") };
    let mut show = |attempt: &Attempt| observer.attempt(attempt);
    let mut partition = Partition::new(plan, strategy, replication, Shown(&mut show));
    partition.run(0..plan.population.accounts);
    let (outcome, _) = partition.into_outcome();
    (outcome, observer)
}

/// What was read of a run while it went on, interval by interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The backlog: requests that had arrived and not ended.
    pub backlog: Extremes,
    /// Of each limit that [`Plan::watched`] names.
    pub limits: Vec<Reading>,
    /// What was counted meanwhile.
    pub timeline: Timeline,
    /// The account step by step, where it was refused most.
    pub steps: Window,
}

/// Runs once more what [`simulate`] has counted of some accounts, on one clock, and reads the
/// limits of `account` and the backlog of all of them. `accounts` must be all there are unless
/// [`Plan::accounts_are_independent`].
#[must_use]
pub fn watch(
    plan: &Plan,
    strategy: usize,
    replication: u32,
    (account, accounts): (u32, Range<u32>),
) -> Watched {
    let mut partition = Partition::new(plan, strategy, replication, Steps::of(account));
    partition.watch(account - accounts.start);
    partition.run(accounts);
    let (outcome, watches, steps) = partition.into_readings();
    let (backlog, limits) = watches.into_readings();
    Watched { backlog, limits, timeline: outcome.timeline, steps: steps.into_window() }
}
