//! Any number of limits over their scopes, none charged unless all admit.
//!
//! ```text
//!   (caller, operation) ──► every rule for the operation ──► its instance for the caller's scope
//!                              one refuses: nothing charged, its rule is the cause
//!                              all admit: all charged
//! ```
//!
//! One instance exists for each distinct value of a rule's scope. It is found by arithmetic:
//! `first + application·a + account·b + region·c + process·d + key·e + node`, a factor outside the
//! scope having stride 0. The nodes of a limit each hold a part of it, and get calls at random.

mod costs;
mod scope;

pub use costs::{Charge, Correction};
pub use scope::{Population, Scope};

use super::{Limit, Limiter, Outcome, Reason, Refusal, Verdict};
use crate::units::{Instant, Span};
use crate::wire::{Caller, Operation, Status};

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What each instance starts as.
    pub limiter: Limiter,
    /// What tells instances apart.
    pub scope: Scope,
    /// The operations that it holds for.
    pub operations: Vec<Operation>,
    /// True if refused requests are charged too.
    pub count_rejected: bool,
    /// Nodes that each hold a part of it, at least 1, and decide by themselves.
    pub nodes: u32,
}

/// What a gate decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Every limit has admitted and been charged.
    Admitted {
        /// How long the provider holds the request back before it serves it.
        hold: Span,
    },
    /// A limit has refused, and none was charged.
    Refused {
        /// The first rule that refused, by index.
        rule: usize,
        /// Which part of it.
        reason: Reason,
    },
}

/// A limiter in a line of a processor's cache of its own: there are millions.
#[derive(Debug)]
#[repr(align(64))]
struct Instance(Limiter);

const _: () = assert!(size_of::<Instance>() == 64, "a limiter fits a line of the cache");

/// Where a rule's instances are.
#[derive(Debug, Clone, Copy)]
struct Address {
    rule: u32,
    first: u32,
    application: u32,
    account: u32,
    region: u32,
    process: u32,
    key: u32,
    /// Nodes of an instance, one after another.
    nodes: u32,
    /// True if it tells processes or keys apart, or has several nodes.
    is_fine: bool,
    count_rejected: bool,
}

impl Address {
    /// The place of the instance for a caller.
    #[inline]
    const fn of(&self, caller: Caller) -> usize {
        let account = self.of_account(caller);
        if !self.is_fine {
            return account;
        }
        // All that are counted here fit 32 bits, so no sum of them overflows.
        let process = self.process.wrapping_mul(caller.process);
        let key = self.key.wrapping_mul(caller.key);
        let node = caller.node % self.nodes;
        account + process.wrapping_add(key).wrapping_add(node) as usize
    }

    /// The same, of a rule that is not fine.
    #[inline]
    const fn of_account(&self, caller: Caller) -> usize {
        let application = self.application.wrapping_mul(caller.application);
        let account = self.account.wrapping_mul(caller.account);
        let region = self.region.wrapping_mul(caller.region);
        self.first.wrapping_add(application).wrapping_add(account).wrapping_add(region) as usize
    }
}

/// The limits of all providers, for some callers.
#[derive(Debug, Default)]
pub struct Gate {
    instances: Vec<Instance>,
    /// For each operation, the rules that hold for it.
    routes: Vec<Vec<Address>>,
    /// For each operation, the only rule that holds for it, if it is asked and charged at once.
    alone: Vec<Option<Address>>,
    counts_rejected: bool,
    keeps_calendar: bool,
    /// True if any limit learns how requests end.
    learns: bool,
    /// True if any limit counts refusals by their status.
    counts_statuses: bool,
}

impl Gate {
    /// A gate with an instance of every rule for every distinct value of its scope, made by
    /// `make` from the rule's index and the first caller that it is for.
    pub fn new<'r>(
        rules: impl IntoIterator<Item = &'r Rule>,
        operations: usize,
        population: Population,
        make: impl FnMut(usize, Caller) -> Limiter,
    ) -> Self {
        let mut gate = Self::default();
        gate.set_up(rules, operations, population, make);
        gate
    }

    /// Puts others in place of all that there was; keeps its memory.
    pub fn set_up<'r>(
        &mut self,
        rules: impl IntoIterator<Item = &'r Rule>,
        operations: usize,
        population: Population,
        mut make: impl FnMut(usize, Caller) -> Limiter,
    ) {
        self.instances.clear();
        self.routes.iter_mut().for_each(Vec::clear);
        // Every account comes here: `resize` is a call even if nothing changes.
        if self.routes.len() != operations {
            self.routes.resize(operations, Vec::new());
        }
        (self.counts_rejected, self.keeps_calendar) = (false, false);
        (self.learns, self.counts_statuses) = (false, false);
        for (number, rule) in rules.into_iter().enumerate() {
            self.counts_rejected |= rule.count_rejected;
            self.keeps_calendar |=
                matches!(rule.limiter, Limiter::Revenue(_) | Limiter::Dynamic(_));
            self.learns |= rule.limiter.learns();
            self.counts_statuses |= matches!(rule.limiter, Limiter::Lockout(_));
            let copies = if rule.scope.operation { rule.operations.len() } else { 1 };
            for copy in 0..copies {
                let address = self.add(number, rule, population, &mut make);
                let held = match rule.scope.operation {
                    true => &rule.operations[copy..=copy],
                    false => &rule.operations[..],
                };
                for operation in held {
                    self.routes[usize::from(operation.0)].push(address);
                }
            }
        }
        let at_once = !self.counts_rejected && !self.keeps_calendar;
        self.alone.clear();
        for route in &self.routes {
            self.alone.push(match route[..] {
                [only] if at_once && !only.is_fine => Some(only),
                _ => None,
            });
        }
    }

    fn add(
        &mut self,
        number: usize,
        rule: &Rule,
        population: Population,
        make: &mut impl FnMut(usize, Caller) -> Limiter,
    ) -> Address {
        let first = u32::try_from(self.instances.len()).expect("fewer limits than 2³²");
        let [_, accounts, regions, processes, keys] = rule.scope.counts(population);
        let nodes = rule.nodes.max(1);
        let copies = rule.scope.instances(population) * u64::from(nodes);
        self.instances.reserve_exact(usize::try_from(copies).expect("they fit memory"));
        let instances = &mut self.instances;
        match nodes {
            1 => rule.scope.each_caller(population, |caller| {
                instances.push(Instance(make(number, caller)));
            }),
            nodes => rule.scope.each_caller(population, |caller| {
                let part = make(number, caller).split(nodes);
                instances.extend((0..nodes).map(|_| Instance(part.clone())));
            }),
        }
        let stride = |scoped: bool, n: u32| if scoped { n * nodes } else { 0 };
        Address {
            rule: u32::try_from(number).expect("fewer rules than 2³²"),
            first,
            application: stride(rule.scope.application, accounts * regions * processes * keys),
            account: stride(rule.scope.account, regions * processes * keys),
            region: stride(rule.scope.region, processes * keys),
            process: stride(rule.scope.process, keys),
            key: stride(rule.scope.key, 1),
            nodes,
            is_fine: rule.scope.process || rule.scope.key || nodes > 1,
            count_rejected: rule.count_rejected,
        }
    }

    /// Asks every limit in scope, and charges them all if all admit.
    #[inline(always)]
    pub fn decide(&mut self, now: Instant, caller: Caller, operation: Operation) -> Decision {
        if let Some(only) = &self.alone[usize::from(operation.0)] {
            return match self.instances[only.of_account(caller)].0.admit(now) {
                Ok(hold) => Decision::Admitted { hold },
                Err(reason) => Decision::Refused { rule: only.rule as usize, reason },
            };
        }
        self.decide_together(now, &caller, operation)
    }

    /// As `decide`, of several limits, or of one that takes more than that.
    #[inline(never)]
    fn decide_together(&mut self, now: Instant, caller: &Caller, operation: Operation) -> Decision {
        let caller = *caller;
        let route = &self.routes[usize::from(operation.0)];
        if let [only] = &route[..]
            && !self.counts_rejected
        {
            let limiter = &mut self.instances[only.of(caller)].0;
            limiter.roll(now);
            return match limiter.admit(now) {
                Ok(hold) => Decision::Admitted { hold },
                Err(reason) => Decision::Refused { rule: only.rule as usize, reason },
            };
        }
        for address in route {
            let limiter = &mut self.instances[address.of(caller)].0;
            if self.keeps_calendar {
                limiter.roll(now);
            }
            if let Verdict::Refuse(refusal) = limiter.check(now) {
                limiter.ran_out(now, refusal.reason);
                let (address, rule) = (*address, address.rule as usize);
                let mut reason = refusal.reason;
                if self.counts_rejected {
                    // What is told is what holds once the refusal itself has been counted.
                    self.charge_refused(now, caller, operation);
                    if let Verdict::Refuse(later) = self.instances[address.of(caller)].0.check(now)
                    {
                        reason = later.reason;
                        self.instances[address.of(caller)].0.ran_out(now, reason);
                    }
                }
                return Decision::Refused { rule, reason };
            }
        }
        let mut hold = Span::ZERO;
        for address in route {
            hold = hold.max(self.instances[address.of(caller)].0.charge(now));
        }
        Decision::Admitted { hold }
    }

    /// Reads every limit in scope, so that it lies near the processor when it is asked; the number
    /// means nothing.
    #[inline]
    #[must_use]
    pub fn prefetch(&self, caller: Caller, operation: Operation) -> u64 {
        let mut read = 0;
        for address in &self.routes[usize::from(operation.0)] {
            read ^= u64::from(self.instances[address.of(caller)].0.learns());
        }
        read
    }

    #[cold]
    fn charge_refused(&mut self, now: Instant, caller: Caller, operation: Operation) {
        for address in &self.routes[usize::from(operation.0)] {
            if address.count_rejected {
                self.instances[address.of(caller)].0.charge_refused(now);
            }
        }
    }

    /// The first instant at which every limit in scope would admit, if nobody is charged
    /// meanwhile; `None` if no clock can tell.
    #[must_use]
    pub fn clear_at(&self, now: Instant, caller: Caller, operation: Operation) -> Option<Instant> {
        let mut latest = now;
        for address in &self.routes[usize::from(operation.0)] {
            if let Verdict::Refuse(refusal) = self.instances[address.of(caller)].0.check(now) {
                latest = latest.max(refusal.retry_at?);
            }
        }
        Some(latest)
    }

    /// What a rule says to a caller that it has just refused; `None` if it would admit.
    #[must_use]
    pub fn refusal(
        &self,
        rule: usize,
        now: Instant,
        (caller, operation): (Caller, Operation),
    ) -> Option<Refusal> {
        match self.limiter(rule, caller, operation)?.check(now) {
            Verdict::Refuse(refusal) => Some(refusal),
            Verdict::Admit => None,
        }
    }

    /// Tells every limit in scope how an admitted request has ended.
    #[inline(always)]
    pub fn settle(&mut self, now: Instant, caller: Caller, operation: Operation, outcome: Outcome) {
        if !self.learns {
            return;
        }
        for address in &self.routes[usize::from(operation.0)] {
            self.instances[address.of(caller)].0.settle(now, outcome);
        }
    }

    /// Tells every limit in scope that a request was refused with a status: by another rule, or by
    /// the service itself if there is no rule.
    #[inline]
    pub fn refused(
        &mut self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        (rule, status): (Option<usize>, Status),
    ) {
        if self.counts_statuses {
            self.count_refusal(now, (caller, operation), (rule, status));
        }
    }

    #[cold]
    fn count_refusal(
        &mut self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        (rule, status): (Option<usize>, Status),
    ) {
        for address in &self.routes[usize::from(operation.0)] {
            if rule != Some(address.rule as usize) {
                self.instances[address.of(caller)].0.refused(now, status);
            }
        }
    }

    /// The first rule in scope that has locked the caller out and refuses it now, with its reason.
    pub fn locked_out(
        &mut self,
        now: Instant,
        caller: Caller,
        operation: Operation,
    ) -> Option<(usize, Reason)> {
        let route = self.routes[usize::from(operation.0)].iter().filter(|_| self.counts_statuses);
        for address in route {
            let limiter = &mut self.instances[address.of(caller)].0;
            if let (Limiter::Lockout(_), Verdict::Refuse(refusal)) = (&*limiter, limiter.check(now))
            {
                limiter.ran_out(now, refusal.reason);
                return Some((address.rule as usize, refusal.reason));
            }
        }
        None
    }

    /// Forgets which share of each limit was in use so far.
    pub fn forget_usage(&mut self) {
        self.instances.iter_mut().for_each(|instance| instance.0.forget_usage());
    }

    /// True if any limit learns how requests end.
    #[must_use]
    pub const fn learns(&self) -> bool {
        self.learns
    }

    /// A rule's instance for a caller and an operation that the rule holds for.
    #[must_use]
    pub fn limiter(&self, rule: usize, caller: Caller, operation: Operation) -> Option<&Limiter> {
        let route = self.routes.get(usize::from(operation.0))?;
        let address = route.iter().find(|address| address.rule as usize == rule)?;
        self.instances.get(address.of(caller)).map(|instance| &instance.0)
    }
}
