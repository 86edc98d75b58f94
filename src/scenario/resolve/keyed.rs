//! Limits for each thing that requests ask for (`scope = ["key"]`): which calls say what that is.
//!
//! ```text
//!   a call of which every workload has `keys`     is held to the limit
//!   another, under a limit of the scenario's      an error at `"key"`
//!   another, under a limit of a catalogue         is not held to it, which is assumed
//! ```

use super::Resolver;
use crate::catalog::Factor;
use crate::limiter::Population;
use crate::wire::Operation;
use crate::workload::Workload;
use std::collections::HashSet;
use std::ops::Range;

/// Copies of limits by key at most, for the accounts that share a clock.
const MOST_COPIES: u64 = 10_000_000;

impl Resolver<'_> {
    /// Notes of how many things the requests of each call may ask for; none if a workload does not
    /// say.
    pub(super) fn note_keys(&mut self, workloads: &[Workload]) {
        let mut keys = vec![Some(1); self.calls.len()];
        for workload in workloads {
            let own = workload.keys.as_ref().map(|keys| keys.count());
            for step in &workload.steps {
                let known = &mut keys[usize::from(step.operation.0)];
                *known = known.zip(own).map(|(known, own)| known.max(own));
            }
        }
        self.keys_of = keys;
    }

    /// True if every workload of a call says what its requests ask for.
    pub(super) fn says_keys(&self, call: u16) -> bool {
        self.keys_of.get(usize::from(call)).copied().flatten().is_some()
    }

    /// Calls are not held to limits by key of a catalogue.
    pub(super) fn assume_unheld(&mut self, unheld: &[(u16, String)]) {
        for (call, limit) in unheld {
            let call = &self.names.calls[usize::from(*call)];
            self.assume(format!(
                "`{call}` is not held to `{limit}`, a limit for each thing that requests ask for: \
                 a workload of it has no `keys`"
            ));
        }
    }

    /// The population, with as many keys as limits tell apart; notes whose keys those are.
    pub(super) fn with_keys(
        &mut self,
        population: Population,
        workloads: &[Workload],
    ) -> Population {
        let keyed: HashSet<Operation> = (self.limits.iter())
            .filter(|limit| limit.rule.scope.key)
            .flat_map(|limit| limit.rule.operations.iter().copied())
            .collect();
        let is_keyed = |work: &Workload| work.steps.iter().any(|of| keyed.contains(&of.operation));
        self.keyed = workloads.iter().map(is_keyed).collect();
        let calls = keyed.iter();
        let keys =
            calls.filter_map(|call| self.keys_of.get(usize::from(call.0)).copied().flatten());
        let population = Population { keys: keys.max().unwrap_or(1), ..population };
        let keyed = self.limits.iter().map(|limit| limit.rule.scope).filter(|scope| scope.key);
        let copies = keyed.map(|scope| scope.instances(population)).max().unwrap_or(0);
        if copies > MOST_COPIES {
            let message = format!("{copies} copies of a limit by key would take too much memory");
            let help = format!("lower the count of `keys`, or `accounts`: {MOST_COPIES} at most");
            let place = self.raw.workload.values().find_map(|work| work.keys.as_ref());
            let place = place.map_or(0..0, crate::catalog::Spanned::span);
            self.too_much(place, message, &help);
        }
        population
    }

    /// Limits of the scenario's own by key over workloads that do not say what they ask for.
    pub(super) fn check_keyed(&mut self, workloads: &[Workload]) {
        let by_key = |limit: &crate::catalog::LimitDocument| {
            let mut scope = limit.scope.iter();
            scope.find(|factor| *factor.get_ref() == Factor::Key).map(|factor| factor.span())
        };
        let mut wrong: Vec<(Range<usize>, String)> = Vec::new();
        for (name, limit) in &self.raw.limit {
            let Some(place) = by_key(limit) else { continue };
            let rules = self.names.limits.iter().zip(&self.limits);
            let own: Vec<_> = rules.filter(|(known, _)| *known == name.get_ref()).collect();
            let works = self.names.workloads.iter().zip(workloads);
            let silent = works.filter(|(_, work)| work.keys.is_none()).find(|(_, work)| {
                let mut steps = work.steps.iter();
                steps.any(|step| {
                    own.iter().any(|(_, of)| of.rule.operations.contains(&step.operation))
                })
            });
            wrong.extend(silent.map(|(work, _)| (place, work.clone())));
        }
        for (place, work) in wrong {
            let message = format!("workload `{work}` does not say what its requests ask for");
            let help = format!("write keys = {{ count = 1000, zipf = 0.8 }} in [workload.{work}]");
            self.incomplete(place, message, &help);
        }
    }
}
