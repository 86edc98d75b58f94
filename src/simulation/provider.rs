//! The provider's side of the counter: its limits, its service times, and what it tells.

use super::episode::{Trouble, stretched, trouble_at};
use super::index::CellId;
use super::plan::{Call, Plan, PlannedLimit, Service};
use crate::limiter::{Decision, Gate, Limiter, Outcome, Population, Reason};
use crate::metrics::Fate;
use crate::random::{Draws, Purpose, Streams};
use crate::units::{Instant, Money, Span};
use crate::wire::{Caller, Operation, Response, Stamp, Status};
use crate::workload::StepCost;

/// What is decided about an attempt when it reaches the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It is refused, and the client is told so.
    Refused {
        /// Why, by index.
        cause: u16,
        /// What it is told.
        response: Response,
    },
    /// Nobody is there to decide, and the client is told so.
    Down(Response),
    /// It is admitted, and will be answered.
    Admitted {
        /// How it ends.
        fate: Fate,
        /// What it earns.
        earned: Money,
        /// From now to the answer's leaving.
        busy: Span,
    },
}

/// How an admitted call is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Served {
    /// How it ends.
    pub fate: Fate,
    /// What it earns.
    pub earned: Money,
    /// How long it takes.
    pub latency: Span,
}

/// Which draws an attempt uses: those of the request's place in its work (workload, source, job,
/// step), so that every strategy meets the same ones in whatever order it sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lot {
    /// The owner of the request's draws.
    pub owner: u64,
    /// Attempts made before this one.
    pub attempts: u32,
    /// Attempts admitted before this one.
    pub admissions: u32,
    /// The cell of its request.
    pub cell: CellId,
    /// The items that the call is for, where a cost depends on them; otherwise 1.
    pub items: u32,
    /// Requests of its work that are bad, besides those that any work may have \[ppm\].
    pub bad_ppm: u64,
}

impl Lot {
    #[inline(always)]
    pub fn draws(self, streams: &Streams, purpose: Purpose, number: u32) -> Draws {
        streams.stream(purpose, self.owner).at(u64::from(number))
    }
}

/// A provider, seen from one partition of accounts.
#[derive(Debug)]
pub(super) struct Provider<'p> {
    pub plan: &'p Plan,
    pub streams: Streams,
    gate: Gate,
    /// One for each operation.
    desks: Vec<Desk<'p>>,
    /// For each limit and reason, the cause that its refusals count under.
    causes: Vec<[u16; Reason::COUNT]>,
    /// What the calls of each cell cost in units.
    pub costs: Vec<&'p [StepCost]>,
    /// True if any limit counts units.
    counts_units: bool,
}

/// Where the attempts at one operation are answered.
#[derive(Debug, Clone, Copy)]
struct Desk<'p> {
    service: &'p Service,
    /// True if nothing but the limits ever refuses, and they count requests.
    is_calm: bool,
    /// True if a limit counts units.
    counts_units: bool,
    /// True if an admitted call may do anything but succeed, or earns.
    has_fates: bool,
}

impl<'p> Provider<'p> {
    pub fn new(plan: &'p Plan, streams: Streams) -> Self {
        let desk = |(call, counts_units): (&Call, bool)| {
            let service = &plan.services[usize::from(call.service)];
            let is_calm = service.is_calm() && !counts_units;
            Desk { service, is_calm, counts_units, has_fates: service.has_fates() }
        };
        let counted = plan.counted_in_units();
        let counts_units = counted.contains(&true);
        let desks = plan.calls.iter().zip(counted).map(desk).collect();
        let causes = plan.limits.iter().map(PlannedLimit::causes_by_reason).collect();
        let (gate, costs) = (Gate::default(), plan.costs_of_cells());
        Self { plan, streams, gate, desks, causes, costs, counts_units }
    }

    pub const fn gate(&self) -> &Gate {
        &self.gate
    }

    pub const fn gate_mut(&mut self) -> &mut Gate {
        &mut self.gate
    }

    /// Limits that nobody has used yet, for so many callers, whose accounts are those of the plan
    /// from the first one on; accounts beyond the plan's have limits like its first.
    pub fn open(&mut self, first: u32, population: Population) {
        let (plan, streams) = (self.plan, &self.streams);
        let rules = plan.limits.iter().map(|limit| &limit.rule);
        self.gate.set_up(rules, plan.calls.len(), population, |rule, caller| {
            let account = first + caller.account;
            let known = if account < plan.population.accounts { account } else { 0 };
            plan.limits[rule].limiter_of(known, streams)
        });
    }

    /// Decides about an attempt that arrives now, and charges it if it is admitted.
    #[inline(always)]
    pub fn decide(
        &mut self,
        now: Instant,
        caller: Caller,
        operation: Operation,
        lot: Lot,
    ) -> Reply {
        let Desk { service, is_calm, counts_units, .. } = self.desks[usize::from(operation.0)];
        let mut trouble = None;
        if !is_calm {
            trouble = trouble_at(&service.episodes, now);
            if trouble == Some(Trouble::Outage) {
                return Reply::Down(Response::bare(Status::UNAVAILABLE));
            }
            if let Some((ppm, cause)) = service.transient
                && lot.draws(&self.streams, Purpose::Transients, lot.attempts).chance(ppm)
            {
                return self.refuse_transiently(now, (caller, operation), cause);
            }
            if counts_units {
                return self.decide_units(now, (caller, operation), lot, trouble);
            }
        }
        match self.gate.decide(now, caller, operation) {
            Decision::Refused { rule, reason } => {
                self.refuse_by(now, (caller, operation), (rule, reason))
            }
            Decision::Admitted { hold } => {
                let Served { fate, earned, latency } = self.serve(operation, lot, trouble);
                Reply::Admitted { fate, earned, busy: hold + latency }
            }
        }
    }

    /// Decides about a call that costs units.
    #[inline(never)]
    fn decide_units(
        &mut self,
        now: Instant,
        from: (Caller, Operation),
        lot: Lot,
        trouble: Option<Trouble>,
    ) -> Reply {
        let (charges, many) = self.charges(lot);
        match self.gate.decide_units(now, from, &charges[..many]) {
            (Decision::Refused { rule, reason }, retry_at) => {
                let cause = self.cause(rule, reason);
                let mut response = self.refusal(cause);
                let stamp = self.plan.causes[usize::from(cause)].retry_after;
                response.retry_after = retry_at.zip(stamp).map(|(at, stamp)| stamp.wait(now, at));
                self.gate.refused(now, from, (Some(rule), response.status));
                Reply::Refused { cause, response }
            }
            (Decision::Admitted { hold }, _) => {
                let Served { fate, earned, latency } = self.serve(from.1, lot, trouble);
                Reply::Admitted { fate, earned, busy: hold + latency }
            }
        }
    }

    /// What the limits alone decide about an attempt that arrives now, which they charge if they
    /// admit it.
    #[inline(always)]
    pub fn ask_limits(&mut self, now: Instant, caller: Caller, operation: Operation) -> Decision {
        self.gate.decide(now, caller, operation)
    }

    /// The cause that refusals by a rule for a reason count under, by index.
    #[inline(always)]
    pub fn cause(&self, rule: usize, reason: Reason) -> u16 {
        self.causes[rule][reason as usize]
    }

    /// A refusal by the service itself, which a caller that is locked out does not reach.
    #[cold]
    fn refuse_transiently(&mut self, now: Instant, from: (Caller, Operation), cause: u16) -> Reply {
        if let Some(locked) = self.gate.locked_out(now, from.0, from.1) {
            return self.refuse_by(now, from, locked);
        }
        let response = self.refusal(cause);
        self.gate.refused(now, from, (None, response.status));
        Reply::Refused { cause, response }
    }

    /// A refusal by a rule for a reason.
    #[inline(always)]
    fn refuse_by(
        &mut self,
        now: Instant,
        from: (Caller, Operation),
        (rule, reason): (usize, Reason),
    ) -> Reply {
        let cause = self.cause(rule, reason);
        let mut response = self.refusal(cause);
        response.retry_after = self.retry_after(now, || from, (rule, cause));
        self.gate.refused(now, from, (Some(rule), response.status));
        Reply::Refused { cause, response }
    }

    /// How an admitted call is served.
    #[inline(always)]
    pub fn serve(&self, operation: Operation, lot: Lot, trouble: Option<Trouble>) -> Served {
        let Desk { service, has_fates, .. } = self.desks[usize::from(operation.0)];
        let mut draws = lot.draws(&self.streams, Purpose::Service, lot.admissions);
        let latency = service.latency.sample(&mut draws);
        if has_fates || lot.bad_ppm > 0 || trouble.is_some() {
            let draws = lot.draws(&self.streams, Purpose::Fate, lot.admissions);
            return serve_by_chance(service, (trouble, latency), lot.bad_ppm, draws);
        }
        Served { fate: Fate::Success, earned: Money::ZERO, latency }
    }

    /// What a client is told that is refused for a cause, but for how long that will last.
    #[inline(always)]
    pub fn refusal(&self, cause: u16) -> Response {
        let told = &self.plan.causes[usize::from(cause)];
        Response { code: told.code, ..Response::bare(told.status) }
    }

    /// How long a client is told to wait that a rule has just refused, if it is told.
    #[inline(always)]
    pub fn retry_after(
        &self,
        now: Instant,
        from: impl FnOnce() -> (Caller, Operation),
        (rule, cause): (usize, u16),
    ) -> Option<Span> {
        let stamp = self.plan.causes[usize::from(cause)].retry_after?;
        self.wait_in(stamp, now, from(), rule)
    }

    #[inline(never)]
    fn wait_in(
        &self,
        stamp: Stamp,
        now: Instant,
        from: (Caller, Operation),
        rule: usize,
    ) -> Option<Span> {
        let at = self.gate.refusal(rule, now, from)?.retry_at?;
        Some(stamp.wait(now, at))
    }

    /// An admitted call has been served: tells its limits, and what the client will be told.
    #[inline(always)]
    pub fn settle(
        &mut self,
        now: Instant,
        caller: Caller,
        operation: Operation,
        (fate, earned): (Fate, Money),
        lot: Lot,
    ) -> Response {
        let status = status_of(fate);
        self.gate.settle(now, caller, operation, Outcome { status, earned });
        if self.counts_units {
            self.correct(now, (caller, operation), (fate, lot));
        }
        self.answer(now, (caller, operation), fate, lot)
    }

    /// What the client of an admitted call is told that has been served by now.
    #[inline(always)]
    pub fn answer(
        &self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        fate: Fate,
        lot: Lot,
    ) -> Response {
        let call = &self.plan.calls[usize::from(operation.0)];
        let mut response = Response::bare(status_of(fate));
        if call.header.is_some() && fate != Fate::Failure {
            let Desk { service, .. } = self.desks[usize::from(operation.0)];
            let mut draws = lot.draws(&self.streams, Purpose::Headers, lot.attempts);
            let sent = draws.chance(service.header_ppm);
            response.rate_limit = match call.dynamic {
                None => call.header.filter(|_| sent),
                Some(rule) => {
                    let limiter = self.gate.limiter(usize::from(rule), caller, operation);
                    limiter.filter(|_| sent).and_then(|limiter| match limiter {
                        Limiter::Dynamic(plan) => plan.rate_at(back(now, service.header_staleness)),
                        _ => call.header,
                    })
                }
            };
        }
        response
    }
}

/// What a client is told of how its call has ended.
#[inline(always)]
const fn status_of(fate: Fate) -> Status {
    match fate {
        Fate::Success => Status::OK,
        Fate::BadRequest => Status::BAD_REQUEST,
        Fate::Failure => Status::INTERNAL_ERROR,
        Fate::Unavailable => Status::UNAVAILABLE,
    }
}

/// How a call is served that may do anything but succeed, or earns; in any trouble there is.
#[inline(never)]
fn serve_by_chance(
    service: &Service,
    (trouble, mut latency): (Option<Trouble>, Span),
    bad_ppm: u64,
    mut draws: Draws,
) -> Served {
    let mut failure_ppm = service.failure_ppm;
    if let Some(Trouble::BrownOut { slower, failure_ppm: more }) = trouble {
        latency = stretched(latency, slower);
        failure_ppm = (failure_ppm + more).min(1_000_000);
    }
    let (mut fate, mut earned) = (Fate::Success, Money::ZERO);
    if draws.chance(failure_ppm) {
        fate = Fate::Failure;
    } else if draws.chance(service.bad_request_ppm + bad_ppm) {
        fate = Fate::BadRequest;
    } else if let Some(earning) = service.earning.filter(|e| draws.chance(e.ppm)) {
        earned = earning.amount;
    }
    Served { fate, earned, latency }
}

/// So long before, but not before the origin.
fn back(now: Instant, span: Span) -> Instant {
    Instant::from_nanos(now.as_nanos().saturating_sub(span.as_nanos()))
}

impl Service {
    /// True if nothing but the limits ever refuses.
    pub(super) const fn is_calm(&self) -> bool {
        self.episodes.is_empty() && self.transient.is_none()
    }

    const fn has_fates(&self) -> bool {
        self.failure_ppm > 0 || self.bad_request_ppm > 0 || self.earning.is_some()
    }
}
