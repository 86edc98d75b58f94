//! The largest share of each limit that was in use, read when a run is over: limiters keep it.
//!
//! What was in use while warming up is forgotten when that is over.

use super::observe::Observer;
use super::partition::Partition;
use super::records::Event;
use crate::engine::Rank;
use crate::limiter::{Limit, Population, Scope};
use crate::metrics::Peak;
use crate::units::Instant;
use crate::wire::Caller;

impl<O: Observer> Partition<'_, O> {
    /// Arranges that what is in use while warming up is forgotten.
    pub(super) fn watch_warm_up(&mut self) {
        if !self.set.plan.warm_up.is_zero() {
            self.clock.schedule(Instant::ORIGIN + self.set.plan.warm_up, Rank::End, Event::Warm);
        }
    }

    /// Adds the largest shares that these accounts used to those of the groups before.
    pub(super) fn read_usage(&mut self) {
        let (plan, gate, first) = (self.set.plan, self.provider.gate(), self.accounts.start);
        let accounts = self.accounts.end - first;
        let population = Population { accounts, ..plan.population };
        for (meter, kept) in self.set.meters.iter().zip(self.ledger.peaks()) {
            let rule = &plan.limits[meter.limit].rule;
            let Some(operation) = meter.operation.or(rule.operations.first().copied()) else {
                continue;
            };
            let shift = if rule.scope.account { first } else { 0 };
            for caller in callers(rule.scope, population) {
                let limiter = gate.limiter(meter.limit, caller, operation);
                let usage = limiter.and_then(|limiter| limiter.usage(meter.part));
                let caller = Caller { account: shift + caller.account, ..caller };
                Peak::keep(kept, usage.map(|usage| Peak { usage, caller }));
            }
        }
    }
}

/// Every caller that a scope tells apart; what it does not tell apart is 0.
fn callers(scope: Scope, of: Population) -> impl Iterator<Item = Caller> {
    let count = |scoped: bool, n: u32| 0..if scoped { n } else { 1 };
    let regions = count(scope.region, of.regions);
    let accounts = count(scope.account, of.accounts);
    count(scope.application, of.applications).flat_map(move |application| {
        let regions = regions.clone();
        accounts.clone().flat_map(move |account| {
            regions.clone().map(move |region| Caller { application, account, region })
        })
    })
}
