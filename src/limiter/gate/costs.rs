//! Calls that cost units: what they ask of each limit, and what is corrected with their answers.
//!
//! ```text
//!   decide_units: every limit in scope has what is wanted ──► each is charged what is taken
//!   correct:      gives back, or takes more, when the answer tells what was used
//! ```

use super::{Decision, Gate};
use crate::limiter::{Limit, Verdict};
use crate::units::{Instant, Span};
use crate::wire::{Caller, Operation};

/// What a call asks of the limits that count a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Charge {
    /// The unit, by index.
    pub unit: u16,
    /// Units that must be there.
    pub wanted: u64,
    /// Units that are taken then, at most those.
    pub taken: u64,
}

/// What a call turns out to have used of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Correction {
    /// The unit, by index.
    pub unit: u16,
    /// Units that are given back.
    pub back: u64,
    /// Units that are taken now.
    pub more: u64,
}

impl Gate {
    /// As [`Gate::decide`], for a call that costs units: a limit that counts one of these is asked
    /// for what the call wants of it, every other limit for one request. Tells with a refusal when
    /// it ends, if a clock can tell.
    pub fn decide_units(
        &mut self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        charges: &[Charge],
    ) -> (Decision, Option<Instant>) {
        let route = &self.routes[usize::from(operation.0)];
        let of = |unit: Option<u16>| {
            let charge = charges.iter().find(|charge| Some(charge.unit) == unit);
            charge.map_or((1, 1), |charge| (charge.wanted, charge.taken))
        };
        for address in route {
            let limiter = &mut self.instances[address.of(caller)].0;
            limiter.roll(now);
            let (wanted, _) = of(limiter.unit());
            let Verdict::Refuse(refusal) = limiter.check_units(now, wanted) else { continue };
            limiter.ran_out(now, refusal.reason);
            let address = *address;
            self.charge_refused(now, caller, operation);
            let limiter = &mut self.instances[address.of(caller)].0;
            // What is told is what holds once the refusal itself has been counted or punished.
            let told = match limiter.check_units(now, wanted) {
                Verdict::Refuse(later) => later,
                Verdict::Admit => refusal,
            };
            limiter.ran_out(now, told.reason);
            let refused = Decision::Refused { rule: address.rule as usize, reason: told.reason };
            return (refused, told.retry_at);
        }
        let mut hold = Span::ZERO;
        for address in route {
            let limiter = &mut self.instances[address.of(caller)].0;
            let (_, taken) = of(limiter.unit());
            hold = hold.max(limiter.charge_units(now, taken));
        }
        (Decision::Admitted { hold }, None)
    }

    /// An admitted call has been answered: the limits that count a unit learn what it used.
    pub fn correct(
        &mut self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        corrections: &[Correction],
    ) {
        for address in &self.routes[usize::from(operation.0)] {
            let limiter = &mut self.instances[address.of(caller)].0;
            let unit = limiter.unit();
            for of in corrections.iter().filter(|of| Some(of.unit) == unit) {
                limiter.correct(now, of.back, of.more);
            }
        }
    }
}
