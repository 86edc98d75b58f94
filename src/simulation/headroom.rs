//! The largest share of each limit that was in use, read when a run is over: limiters keep it.
//!
//! What was in use while warming up is forgotten when that is over.

use super::observe::Observer;
use super::partition::Partition;
use super::plan::Meter;
use super::provider::Provider;
use super::records::Event;
use crate::engine::Rank;
use crate::limiter::{Limit, Population};
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
        let first = self.accounts.start;
        let accounts = self.accounts.end - first;
        let population = Population { accounts, ..self.set.plan.population };
        read(&self.provider, &self.set.meters, (first, population), self.ledger.peaks());
    }
}

/// Adds the largest shares that callers have used, whose accounts count from `first`.
pub(super) fn read(
    provider: &Provider<'_>,
    meters: &[Meter],
    (first, population): (u32, Population),
    peaks: &mut [Option<Peak>],
) {
    for (place, meter) in meters.iter().enumerate() {
        let rule = &provider.plan.limits[meter.limit].rule;
        let Some(operation) = meter.operation.or(rule.operations.first().copied()) else {
            continue;
        };
        let shift = if rule.scope.account { first } else { 0 };
        rule.scope.each_caller(population, |caller| {
            let account = shift + caller.account;
            for node in 0..rule.nodes {
                let of = Caller { node, ..caller };
                let limiter = provider.gate().limiter(meter.limit, of, operation);
                let usage = limiter.and_then(|limiter| limiter.usage(meter.part));
                let caller = Caller { account, ..of };
                Peak::keep(&mut peaks[place], usage.map(|usage| Peak { usage, caller }));
            }
        });
    }
}
