//! Everything that calls change, in one place, so that decisions have an order.
//!
//! ```text
//!   call ──► an index for its application and account ──► the provider decides ──► counted, logged
//! ```

use super::journal::{Entry, Journal};
use super::opened::Opened;
use super::route::Target;
use super::token::Tokens;
use super::waits::{Heard, Waits};
use crate::metrics::{Fate, Outcome};
use crate::simulation::{Asked, Counter, Decided, Level};
use crate::units::{Instant, Span};
use crate::wire::{Caller, Operation};
use std::collections::HashMap;

/// Who says that they call, in their own words.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// The application; the first if they say nothing.
    pub application: Option<String>,
    /// The account; `None` shares one with all who say nothing.
    pub account: Option<String>,
}

/// More callers than the scenario has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    Applications(u32),
    Accounts(u32),
}

/// A call, as far as it matters.
#[derive(Debug)]
pub(super) struct Call {
    pub target: Target,
    pub identity: Identity,
    pub region: u32,
    /// What it asks for, where a limit tells that apart.
    pub key: u32,
    /// Tells it from other calls of the same operation.
    pub print: u64,
}

/// A call that has been decided about.
#[derive(Debug)]
pub(super) struct Settled {
    pub now: Instant,
    pub number: u64,
    pub decided: Decided,
    pub levels: Vec<Level>,
    pub cost: u64,
}

/// What a caller has done with an operation.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    /// Until when it was told to wait.
    told: Option<Instant>,
    /// The call that cannot succeed, which it made last.
    hopeless: Option<u64>,
}

/// How clients behave, over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manners {
    /// Calls that came before the time that a refusal had told.
    pub early: u64,
    /// The longest time by which one was early.
    pub earliest: Span,
    /// Refusals that told a time.
    pub told: u64,
    /// Calls like the one before them, which was answered with a 400, 403 or 404.
    pub hopeless: u64,
    /// Calls to paths that there are not.
    pub lost: u64,
}

/// All that calls change.
#[derive(Debug)]
pub(super) struct Books {
    opened: &'static Opened,
    pub counter: Counter<'static>,
    pub outcome: Outcome,
    cells: Vec<u16>,
    applications: HashMap<String, u32>,
    accounts: HashMap<String, u32>,
    past: HashMap<(Caller, Operation), Past>,
    pub manners: Manners,
    pub waits: Waits,
    pub tokens: Tokens,
    pub journal: Journal,
    pub numbers: u64,
    /// The last time of a decision.
    now: Instant,
}

impl Books {
    pub fn new(opened: &'static Opened, cells: Vec<u16>, journal: Journal) -> Self {
        let counter = Counter::new(&opened.scenario.plan, 1);
        Self {
            opened,
            outcome: nothing(opened),
            counter,
            cells,
            applications: HashMap::new(),
            accounts: HashMap::new(),
            past: HashMap::new(),
            manners: Manners::default(),
            waits: Waits::default(),
            tokens: Tokens::default(),
            journal,
            numbers: 0,
            now: Instant::ORIGIN,
        }
    }

    /// All limits are full again, and nothing is counted; who has which account stays.
    pub fn reset(&mut self) {
        self.counter.reset();
        self.outcome = nothing(self.opened);
        self.past.clear();
        self.manners = Manners::default();
        self.waits = Waits::default();
        self.journal.clear();
        self.numbers = 0;
    }

    /// Decides about a call at the time that `clock` tells.
    ///
    /// # Errors
    /// There are more callers than the scenario has.
    pub fn decide(&mut self, clock: impl FnOnce() -> Instant, call: Call) -> Result<Settled, Full> {
        let caller = self.caller(&call)?;
        self.now = self.now.max(clock());
        let (now, number) = (self.now, self.numbers);
        self.numbers += 1;
        let operation = call.target.operation;
        let cell = self.cells[usize::from(operation.0)];
        let asked = Asked { caller, operation, cell, number };
        let decided = self.counter.decide(now, asked);
        let cost = self.counter.cost(asked);
        self.count(now, asked, &decided);
        self.judge(now, (caller, operation), &decided, call.print);
        self.waits.hear(Heard {
            of: (caller, operation, call.print),
            at: now,
            left: decided.leaves + decided.way,
            response: decided.response,
            published: self.opened.scenario.plan.calls[usize::from(operation.0)].published,
        });
        let (status, cause) = (decided.response.status.0, decided.cause);
        self.journal.write(now, Entry { asked, status, cause, cost });
        let levels = self.counter.levels(now, (caller, operation)).collect();
        Ok(Settled { now, number, decided, levels, cost })
    }

    fn caller(&mut self, call: &Call) -> Result<Caller, Full> {
        let people = self.opened.population();
        let application = match &call.identity.application {
            None => 0,
            Some(name) => deal(&mut self.applications, name, people.applications)
                .ok_or(Full::Applications(people.applications))?,
        };
        let account = match &call.identity.account {
            None => people.accounts,
            Some(name) => deal(&mut self.accounts, name, people.accounts)
                .ok_or(Full::Accounts(people.accounts))?,
        };
        let (region, key) = (call.region, call.key % people.keys.max(1));
        Ok(Caller { application, account, region, key, ..Caller::default() })
    }

    fn count(&mut self, now: Instant, asked: Asked, decided: &Decided) {
        let account = asked.caller.account as usize;
        let mut counters = self.outcome.counters(usize::from(asked.cell), account, now);
        counters.arrive();
        match (decided.cause, decided.fate) {
            (Some(cause), _) => {
                counters.refuse(cause, true);
                counters.end(None);
            }
            (None, Some(Fate::Success)) => {
                counters.admit(Fate::Success, true);
                let latency = decided.leaves.since(now) + decided.way;
                counters.end_ahead(now + latency, latency);
            }
            (None, fate) => {
                counters.admit(fate.unwrap_or(Fate::Failure), true);
                counters.end(None);
            }
        }
    }

    /// What the call tells of its client.
    fn judge(&mut self, now: Instant, of: (Caller, Operation), decided: &Decided, print: u64) {
        let past = self.past.entry(of).or_default();
        if let Some(told) = past.told.take().filter(|told| now < *told) {
            self.manners.early += 1;
            self.manners.earliest = self.manners.earliest.max(told.since(now));
        }
        if past.hopeless.take() == Some(print) {
            self.manners.hopeless += 1;
        }
        let response = decided.response;
        if let Some(wait) = response.retry_after {
            self.manners.told += 1;
            past.told = Some(now + wait);
        }
        let is_final = matches!(response.status.0, 400 | 403 | 404) && past.told.is_none();
        past.hopeless = is_final.then_some(print);
    }

    /// The callers that have called, each with the operations that it has called.
    pub fn past(&self) -> Vec<(Caller, Operation)> {
        let mut all: Vec<(Caller, Operation)> = self.past.keys().copied().collect();
        all.sort_unstable();
        all
    }
}

/// The index of a name: the next one if it is new, as long as there are any.
fn deal(dealt: &mut HashMap<String, u32>, name: &str, most: u32) -> Option<u32> {
    if let Some(known) = dealt.get(name) {
        return Some(*known);
    }
    let next = u32::try_from(dealt.len()).ok().filter(|next| *next < most)?;
    dealt.insert(name.to_string(), next);
    Some(next)
}

/// The counters of a scenario that nobody has called; one account more is that of whoever says
/// nothing of theirs.
fn nothing(opened: &Opened) -> Outcome {
    let plan = &opened.scenario.plan;
    let accounts = plan.population.accounts as usize + 1;
    Outcome::new(plan.cells(), plan.workloads.len(), accounts, plan.causes.len())
}
