//! The provider's side of the counter on its own, for whoever has calls but no simulated clients.
//!
//! ```text
//!   decide(now, asked) ──► what has ended by now is settled ──► limits decide ──► Decided
//! ```
//!
//! What it decides follows from the calls, their order and their times alone: a call that it admits
//! ends when its service time is over, whenever its answer really leaves.

use super::headroom;
use super::index::CellId;
use super::plan::Plan;
use super::provider::{Lot, Provider, Reply};
use super::trip::Trip;
use crate::engine::{Clock, Rank};
use crate::limiter::{Limit, Population, Terms};
use crate::metrics::{Fate, Peak};
use crate::random::{Purpose, Streams};
use crate::units::{Instant, Money, Span};
use crate::wire::{Caller, Operation, Response, Told};

/// A provider that answers calls one after another.
#[derive(Debug)]
pub struct Counter<'p> {
    provider: Provider<'p>,
    population: Population,
    trips: Vec<Trip<'p>>,
    /// For each operation, the limits that hold for it.
    limits_of: Vec<Vec<u16>>,
    is_fine: bool,
    ends: Clock<End>,
}

/// A call as it comes to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who calls: the node is drawn.
    pub caller: Caller,
    /// What is called.
    pub operation: Operation,
    /// The step of a workload whose costs it has, by index among all steps.
    pub cell: u16,
    /// Its number, which tells its draws from those of all others.
    pub number: u64,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// What it is told.
    pub response: Response,
    /// Why it was refused, by index; `None` if it was admitted, or nobody was there.
    pub cause: Option<u16>,
    /// How it ends; `None` if it was refused.
    pub fate: Option<Fate>,
    /// When its answer leaves the provider.
    pub leaves: Instant,
    /// The way to the provider and back.
    pub way: Span,
}

/// A limit as a caller finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The limit, by index.
    pub limit: usize,
    /// What is left of it; `None` if it counts nothing.
    pub left: Option<u64>,
    /// What it allows, if it has figures.
    pub terms: Option<Terms>,
    /// What answers tell of it.
    pub told: Option<Told>,
}

/// The end of an admitted call.
#[derive(Debug, Clone, Copy)]
struct End {
    caller: Caller,
    operation: Operation,
    ended: (Fate, Money),
    lot: Lot,
}

impl<'p> Counter<'p> {
    /// A provider that nobody has called, for a plan's population and so many accounts more.
    #[must_use]
    pub fn new(plan: &'p Plan, more: u32) -> Self {
        let accounts = plan.population.accounts.saturating_add(more);
        let mut limits_of = vec![Vec::new(); plan.calls.len()];
        for (number, limit) in (0u16..).zip(&plan.limits) {
            for operation in &limit.rule.operations {
                limits_of[usize::from(operation.0)].push(number);
            }
        }
        let mut counter = Self {
            provider: Provider::new(plan, Streams::new(plan.seed, 0)),
            population: Population { accounts, ..plan.population },
            trips: plan.calls.iter().map(|call| Trip::of(plan, call)).collect(),
            limits_of,
            is_fine: plan.is_fine(),
            ends: Clock::new(),
        };
        counter.reset();
        counter
    }

    /// All limits are as they were before the first call.
    pub fn reset(&mut self) {
        self.ends.reset();
        self.provider.open(0, self.population);
    }

    /// Decides about a call that comes now, after all that came before it.
    pub fn decide(&mut self, now: Instant, asked: Asked) -> Decided {
        self.pass(now);
        let (operation, lot) = (asked.operation, lot(asked));
        let caller = self.at_a_node(asked);
        let trip = self.trips[usize::from(operation.0)];
        let (there, back) =
            trip.halves(|| lot.draws(&self.provider.streams, Purpose::Trips, lot.attempts));
        let way = there + back;
        let refused = |response, cause, fate| Decided { response, cause, fate, leaves: now, way };
        match self.provider.decide(now, caller, operation, lot) {
            Reply::Refused { cause, response } => refused(response, Some(cause), None),
            Reply::Down(response) => refused(response, None, Some(Fate::Unavailable)),
            Reply::Admitted { fate, earned, busy } => {
                let leaves = now + busy;
                let end = End { caller, operation, ended: (fate, earned), lot };
                self.ends.schedule(leaves, Rank::End, end);
                let response = self.provider.answer(leaves, (caller, operation), fate, lot);
                self.pass(now);
                Decided { response, cause: None, fate: Some(fate), leaves, way }
            }
        }
    }

    /// What a call asks of the first unit that limits count; 1 where they count calls.
    #[must_use]
    pub fn cost(&self, asked: Asked) -> u64 {
        let (charges, many) = self.provider.charges(lot(asked));
        charges[..many].first().map_or(1, |charge| charge.wanted)
    }

    /// Settles what has ended by now.
    pub fn pass(&mut self, now: Instant) {
        while self.ends.peek().is_some_and(|at| at <= now) {
            let Some((at, end)) = self.ends.take() else { return };
            let End { caller, operation, ended, lot } = end;
            let _ = self.provider.settle(at, caller, operation, ended, lot);
        }
    }

    /// The limits of a caller's operation as they are now.
    pub fn levels(&self, now: Instant, of: (Caller, Operation)) -> impl Iterator<Item = Level> {
        let limits = self.limits_of[usize::from(of.1.0)].iter();
        limits.filter_map(move |limit| {
            let number = usize::from(*limit);
            let limiter = self.provider.gate().limiter(number, of.0, of.1)?;
            Some(Level {
                limit: number,
                left: limiter.level(now),
                terms: limiter.terms(),
                told: self.provider.told(now, of, *limit),
            })
        })
    }

    /// The largest share in use so far of each of the plan's meters.
    #[must_use]
    pub fn peaks(&self) -> Vec<Option<Peak>> {
        let meters = self.provider.plan.meters();
        let mut peaks = vec![None; meters.len()];
        headroom::read(&self.provider, &meters, (0, self.population), &mut peaks);
        peaks
    }

    /// The caller, at the node that decides about the call.
    fn at_a_node(&self, asked: Asked) -> Caller {
        if !self.is_fine {
            return asked.caller;
        }
        let streams = &self.provider.streams;
        let mut draws = streams.stream(Purpose::Nodes, asked.number).at(1);
        let node = u32::try_from(draws.below(1 << 32)).unwrap_or(0);
        let key = asked.caller.key % self.population.keys.max(1);
        Caller { node, key, ..asked.caller }
    }
}

/// Which draws a call uses: those of its number.
const fn lot(asked: Asked) -> Lot {
    Lot {
        owner: asked.number,
        attempts: 1,
        admissions: 0,
        cell: CellId(asked.cell),
        items: 1,
        bad_ppm: 0,
    }
}
