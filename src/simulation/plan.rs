//! What is to be simulated, with every name turned into an index.
//!
//! A plan is made from a scenario (or by hand, in tests and benches). It is shared by all threads
//! and never changes during a run.

use super::episode::Episode;
use super::revenue::RevenueSeries;
use super::tiers::Tiers;
use super::walk::PlanWalk;
use crate::limiter::{Limit, Limiter, Population, Reason, Rule};
use crate::metrics::figures::Slice;
use crate::random::{Distribution, Purpose, Streams};
use crate::strategy::{Counted, Sharing, Strategy};
use crate::units::{Instant, Money, Rate, Span};
use crate::wire::{Caller, Code, Operation, Stamp, Status};
use crate::workload::{Per, StepCost, Turn, Workload};

/// Everything that a run needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The root of all chance.
    pub seed: u64,
    /// Independent repetitions, at least 1.
    pub replications: u32,
    /// Arrivals stop here; work then drains.
    pub duration: Span,
    /// How long it may drain.
    pub drain: Span,
    /// What arrives before this long is simulated, but in no figure.
    pub warm_up: Span,
    /// Applications, accounts and regions.
    pub population: Population,
    /// How unequal accounts are to which one stream of work is dealt.
    pub skew: Skew,
    /// The order in which a caller's processes are dealt jobs, over and over; not empty.
    pub rota: Vec<u32>,
    /// The operations that are called.
    pub calls: Vec<Call>,
    /// How providers answer what they admit.
    pub services: Vec<Service>,
    /// The limits.
    pub limits: Vec<PlannedLimit>,
    /// Why an attempt may be refused, and what the client is told.
    pub causes: Vec<Cause>,
    /// The work.
    pub workloads: Vec<Workload>,
    /// The clients to compare.
    pub strategies: Vec<Strategy>,
    /// What a run may take.
    pub bounds: Bounds,
}

/// How unequal accounts are.
#[derive(Debug, Clone, PartialEq)]
pub enum Skew {
    /// Not at all: they take turns.
    Equal,
    /// By weight, one for each account.
    Weights(Vec<f64>),
}

impl Skew {
    /// Zipf's weights: the k-th account has 1 / k^s.
    #[must_use]
    pub fn zipf(accounts: u32, s: f64) -> Self {
        Self::Weights((1..=accounts).map(|k| libm::pow(f64::from(k), -s)).collect())
    }
}

/// What one run of one strategy may take before it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Things that happen: arrivals, attempts, answers. Checked for each part of the accounts that
    /// is simulated by itself.
    pub events: u64,
    /// Requests and jobs under way at a time, each of about 250 bytes.
    pub waiting: u64,
}

impl Default for Bounds {
    /// An hour or so, and 5 GB.
    fn default() -> Self {
        Self { events: 20_000_000_000, waiting: 20_000_000 }
    }
}

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The rate that the provider publishes for it, the tightest if several.
    pub published: Option<Rate>,
    /// The service that answers it, by index.
    pub service: u16,
    /// The rate that successes carry in a header, if they carry one.
    pub header: Option<Rate>,
    /// The limit whose plan in force the header tells instead, by index.
    pub dynamic: Option<u16>,
}

/// How a provider answers what it admits.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// How long an admitted call takes.
    pub latency: Distribution,
    /// There and back, half of it each way; paid by every attempt.
    pub round_trip: Distribution,
    /// Admitted calls that fail with a 500 \[ppm\].
    pub failure_ppm: u64,
    /// Admitted calls that are bad requests, 400 \[ppm\].
    pub bad_request_ppm: u64,
    /// Responses that carry the rate header, of those that may \[ppm\].
    pub header_ppm: u64,
    /// How old the plan is that the rate header tells.
    pub header_staleness: Span,
    /// Attempts refused whatever the limits hold: how many \[ppm\], and under which cause.
    pub transient: Option<(u64, u16)>,
    /// Revenue that successes earn.
    pub earning: Option<Earning>,
    /// Outages and brown-outs.
    pub episodes: Vec<Episode>,
}

/// Revenue in closed loop: a success earns `amount` with a chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earning {
    /// Successes that earn \[ppm\].
    pub ppm: u64,
    /// What they earn.
    pub amount: Money,
}

/// A limit and the causes of its refusals.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedLimit {
    /// The rule that the gate holds.
    pub rule: Rule,
    /// The cause of each reason that it can refuse for.
    pub causes: Vec<(Reason, u16)>,
    /// What of it differs from account to account.
    pub drawn: Option<Drawn>,
    /// True if its level is read over time, for the first caller.
    pub watched: bool,
    /// What answers tell of it.
    pub tells: Tells,
}

/// What answers tell of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tells {
    /// How much of it is left.
    pub remaining: bool,
    /// When all of it is back, and how that is written.
    pub reset: Option<Stamp>,
    /// When one more is back, and how that is written.
    pub next: Option<Stamp>,
}

/// A part of a limit of which a share is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    /// The limit, by index.
    pub limit: usize,
    /// The operation, if the limit tells operations apart.
    pub operation: Option<Operation>,
    /// Which part of the limit.
    pub part: Reason,
    /// The cause that its refusals count under, by index.
    pub cause: u16,
}

/// What of a limit differs from account to account.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// Its revenue.
    Revenue(RevenueSeries),
    /// Its usage plan.
    Plan(PlanWalk),
    /// Its plan among several that are on sale; not drawn at random.
    Tier(Tiers),
}

/// Why an attempt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cause {
    /// What the client is told.
    pub status: Status,
    /// The error code in the body, if there is one.
    pub code: Option<Code>,
    /// How `Retry-After` is written; `None` sends none.
    pub retry_after: Option<Stamp>,
}

impl PlannedLimit {
    /// The cause that refusals for each reason count under, by index: the first of all for a
    /// reason that has none.
    pub(super) fn causes_by_reason(&self) -> [u16; Reason::COUNT] {
        let mut causes = [self.causes.first().map_or(0, |(_, cause)| *cause); Reason::COUNT];
        for (reason, cause) in self.causes.iter().rev() {
            causes[*reason as usize] = *cause;
        }
        causes
    }

    /// The limiters that instances start as: one, or one for each plan.
    pub fn limiters_mut(&mut self) -> impl Iterator<Item = &mut Limiter> {
        let tiers = match &mut self.drawn {
            Some(Drawn::Tier(tiers)) => &mut tiers.limiters[..],
            _ => &mut [],
        };
        std::iter::once(&mut self.rule.limiter).chain(tiers)
    }

    /// The rate over all callers \[1/s\], if it is published.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn published_in_all(&self, population: Population) -> Option<f64> {
        let instances = self.rule.scope.instances(population) as f64;
        let rate = |limiter: &Limiter| Some(limiter.published()?.per_second_f64());
        let Some(Drawn::Tier(tiers)) = &self.drawn else {
            return Some(rate(&self.rule.limiter)? * instances);
        };
        let of_one = instances / tiers.plan_of.len().max(1) as f64;
        let of_plan = |(limiter, accounts): (&Limiter, Vec<u32>)| {
            Some(rate(limiter)? * accounts.len() as f64 * of_one)
        };
        tiers.accounts().map(of_plan).sum()
    }

    /// What the limit's instance for an account starts as.
    pub(super) fn limiter_of(&self, account: u32, streams: &Streams) -> Limiter {
        match &self.drawn {
            None => self.rule.limiter.clone(),
            Some(Drawn::Tier(tiers)) => tiers.limiter_of(account),
            Some(Drawn::Plan(walk)) => {
                let stream = streams.stream(Purpose::Plans, u64::from(account));
                Limiter::Dynamic(Box::new(walk.draw(stream)))
            }
            Some(Drawn::Revenue(series)) => {
                let stream = streams.stream(Purpose::Revenue, u64::from(account));
                Limiter::Revenue(Box::new(series.draw(stream)))
            }
        }
    }
}

impl Plan {
    /// What the calls of each cell cost in units.
    pub(super) fn costs_of_cells(&self) -> Vec<&[StepCost]> {
        let steps = self.workloads.iter().flat_map(|workload| &workload.steps);
        steps.map(|step| &step.costs[..]).collect()
    }

    /// Operations of which a limit counts units.
    pub(super) fn counted_in_units(&self) -> Vec<bool> {
        let mut counted = vec![false; self.calls.len()];
        for limit in self.limits.iter().filter(|limit| limit.rule.limiter.unit().is_some()) {
            for operation in &limit.rule.operations {
                counted[usize::from(operation.0)] = true;
            }
        }
        counted
    }

    /// Which of the callers of a workload a source is for.
    pub(super) fn turn(&self, workload: &Workload, caller: Caller) -> Turn {
        let people = &self.population;
        match workload.per {
            Per::Account => {
                let of = [people.applications, people.accounts, people.regions];
                workload.callers.turn(caller, of)
            }
            Per::Scenario => Turn::ONLY,
        }
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.workloads.iter().map(|workload| workload.steps.len()).sum()
    }

    /// The workload and operation of every cell.
    #[must_use]
    pub fn cell_names(&self) -> Vec<(u16, Operation)> {
        let workloads = (0u16..).zip(&self.workloads);
        workloads.flat_map(|(n, w)| w.steps.iter().map(move |step| (n, step.operation))).collect()
    }

    /// The limits whose levels are read over time, each with the operation that it is read for.
    #[must_use]
    pub fn watched(&self) -> Vec<(usize, Operation)> {
        let limits = self.limits.iter().enumerate().filter(|(_, limit)| limit.watched);
        let instances = limits.flat_map(|(number, limit)| {
            let rule = &limit.rule;
            let shown = if rule.scope.operation { rule.operations.len() } else { 1 };
            rule.operations.iter().take(shown).map(move |operation| (number, *operation))
        });
        instances.collect()
    }

    /// Requests that an account's instance of a limit admits at once if nobody has called before:
    /// at the origin, of the node that is read.
    #[must_use]
    pub fn most(&self, limit: usize, account: u32) -> Option<u64> {
        let PlannedLimit { rule, drawn, .. } = &self.limits[limit];
        let limiter = match drawn {
            Some(Drawn::Tier(tiers)) => tiers.limiter_of(account),
            _ => rule.limiter.clone(),
        };
        limiter.split(rule.nodes).level(Instant::ORIGIN)
    }

    /// What the limits hold so much of, in order: an entry for each rule, operation that the rule
    /// tells apart, and part.
    #[must_use]
    pub fn meters(&self) -> Vec<Meter> {
        let limits = self.limits.iter().enumerate();
        let meters = limits.flat_map(|(number, limit)| {
            let rule = &limit.rule;
            let copies = match rule.scope.operation {
                true => rule.operations.iter().copied().map(Some).collect(),
                false => vec![None],
            };
            let meter = move |operation| {
                let used_up = limit.causes.iter().filter(|(part, _)| part.is_used_up());
                used_up.map(move |(part, cause)| Meter {
                    limit: number,
                    operation,
                    part: *part,
                    cause: *cause,
                })
            };
            copies.into_iter().flat_map(meter)
        });
        meters.collect()
    }

    /// True if a strategy has any of this part of the work.
    #[must_use]
    pub fn runs(&self, strategy: usize, slice: Slice) -> bool {
        let list = &self.strategies[strategy].workloads;
        let cells = self.cell_names();
        let mut own = cells
            .iter()
            .filter(|(workload, _)| list.as_ref().is_none_or(|list| list.contains(workload)));
        own.any(|(workload, operation)| slice.holds(*workload, *operation))
    }

    /// True if a limit tells apart what requests ask for, or has several nodes.
    pub(super) fn is_fine(&self) -> bool {
        self.limits.iter().any(|limit| limit.rule.scope.key || limit.rule.nodes > 1)
    }

    /// True if any limit learns how requests end.
    pub(super) fn learns(&self) -> bool {
        self.limits.iter().any(|limit| limit.rule.limiter.learns())
    }

    /// The highest priority, if some workloads go before others.
    #[must_use]
    pub fn highest_priority(&self) -> Option<u8> {
        let several = self.workloads.windows(2).any(|pair| pair[0].priority != pair[1].priority);
        self.workloads.iter().map(|workload| workload.priority).max().filter(|_| several)
    }

    /// True if under this strategy no limit, no stream of work, no pacer and no worker is shared by
    /// two accounts, so that each account can be simulated by itself.
    #[must_use]
    pub fn accounts_are_independent(&self, strategy: usize) -> bool {
        let strategy = &self.strategies[strategy];
        let shares = |sharing| sharing == Sharing::Everybody;
        !shares(strategy.crew)
            && strategy.retry.counted != Counted::Accounts
            && !strategy.cache.is_some_and(|caching| shares(caching.sharing))
            && !strategy.pace.as_ref().is_some_and(|pace| shares(pace.sharing))
            && self.limits.iter().all(|limit| limit.rule.scope.account)
            && self.workloads.iter().all(|w| w.per == Per::Account)
    }
}
