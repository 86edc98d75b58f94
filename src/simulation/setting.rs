//! What holds for a whole run of a strategy, and never changes while it goes on.

use super::key_space::KeySpace;
use super::plan::{Meter, Plan};
use super::shortcuts::Shortcuts;
use super::trip::Trip;
use crate::random::Streams;
use crate::strategy::Strategy;
use crate::units::Instant;
use crate::wire::Operation;
use crate::workload::Workload;

/// A step of a workload, found by the number of its cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'p> {
    pub workload: u16,
    pub work: &'p Workload,
    pub operation: Operation,
    /// True if a job of it is a single request, at once and nothing else.
    pub is_plain: bool,
}

/// The plan and the strategy of a run, and what follows from them.
#[derive(Debug)]
pub(super) struct Setting<'p> {
    pub plan: &'p Plan,
    pub strategy: &'p Strategy,
    pub streams: Streams,
    /// The way to the provider and the way back, by operation.
    pub trips: Vec<Trip<'p>>,
    /// One for each cell.
    pub routes: Vec<Route<'p>>,
    pub key_space: KeySpace,
    /// What the limits hold so much of.
    pub meters: Vec<Meter>,
    pub shortcuts: Shortcuts,
    /// When arrivals stop.
    pub arrivals_end: Instant,
    /// The instant after which nothing happens.
    pub horizon: Instant,
    /// The highest priority, if some workloads go before others.
    pub urgent: Option<u8>,
    /// True if what an end brings on must wait for the other ends of its instant: calls reach the
    /// provider at once, and a limit learns how they end.
    pub ends_first: bool,
    /// True if each account could be simulated by itself.
    pub is_divisible: bool,
    /// True if a limit tells apart what requests ask for, or has several nodes.
    pub is_fine: bool,
}

impl<'p> Setting<'p> {
    /// Of a replication of a strategy; somebody looks at attempts, or reads limits all the time, or
    /// not.
    pub fn new(plan: &'p Plan, strategy: usize, replication: u32, watched: (bool, bool)) -> Self {
        let client = &plan.strategies[strategy];
        let trips: Vec<Trip<'p>> = plan.calls.iter().map(|call| Trip::of(plan, call)).collect();
        let arrivals_end = Instant::ORIGIN + plan.duration;
        Self {
            plan,
            strategy: client,
            streams: Streams::new(plan.seed, replication),
            routes: Route::all(plan),
            key_space: KeySpace::new(plan, client),
            meters: plan.meters(),
            shortcuts: Shortcuts::of(plan, client, &trips, watched),
            arrivals_end,
            horizon: arrivals_end + plan.drain,
            urgent: plan.highest_priority(),
            ends_first: plan.learns() && trips.iter().any(Trip::is_nothing),
            is_fine: plan.is_fine(),
            is_divisible: plan.accounts_are_independent(strategy),
            trips,
        }
    }
}

impl<'p> Route<'p> {
    fn all(plan: &'p Plan) -> Vec<Self> {
        let workloads = (0u16..).zip(&plan.workloads);
        let routes = workloads.flat_map(|(workload, work)| {
            let is_plain = work.is_plain();
            work.steps.iter().map(move |step| {
                let operation = step.operation;
                Self { workload, work, operation, is_plain }
            })
        });
        routes.collect()
    }
}
