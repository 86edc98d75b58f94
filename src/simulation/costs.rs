//! Calls that cost units: what each asks of the limits, and what it turns out to have used.
//!
//! The cost of a request is drawn from its own stream whenever it is asked for, so that nothing is
//! kept of it, and every attempt and every strategy meets the same one.

use super::callers::LaneId;
use super::index::RequestId;
use super::lane::Lane;
use super::observe::Observer;
use super::partition::Partition;
use super::provider::{Lot, Provider};
use crate::limiter::{Charge, Correction};
use crate::metrics::Fate;
use crate::random::Purpose;
use crate::strategy::Answer;
use crate::units::Instant;
use crate::wire::{Caller, Operation};
use crate::workload::{Price, StepCost};

/// Units that a plan counts at most.
pub const MOST_UNITS: usize = 4;

impl Provider<'_> {
    fn prices(&self, lot: Lot) -> impl Iterator<Item = (u16, Price)> {
        let costs = self.costs[lot.cell.place()].iter();
        costs.map(move |StepCost { unit, cost }| {
            let mut draws = lot.draws(&self.streams, Purpose::Costs, u32::from(*unit));
            (*unit, cost.draw(lot.items, &mut draws))
        })
    }

    /// What a call asks of the limits that count a unit.
    pub(super) fn charges(&self, lot: Lot) -> ([Charge; MOST_UNITS], usize) {
        let mut charges = [Charge::default(); MOST_UNITS];
        let mut many = 0;
        for (place, (unit, price)) in charges.iter_mut().zip(self.prices(lot)) {
            *place = Charge { unit, wanted: price.wanted, taken: price.taken };
            many += 1;
        }
        (charges, many)
    }

    /// What a call has used, which its limits learn with its answer.
    #[inline(never)]
    pub(super) fn correct(
        &mut self,
        now: Instant,
        from: (Caller, Operation),
        (fate, lot): (Fate, Lot),
    ) {
        let mut corrections = [Correction::default(); MOST_UNITS];
        let mut many = 0;
        for (place, (unit, price)) in corrections.iter_mut().zip(self.prices(lot)) {
            *place = correction(unit, price, fate == Fate::Success);
            many += 1;
        }
        self.gate_mut().correct(now, from, &corrections[..many]);
    }

    /// The cost of a call in a unit: one of what it does not cost.
    fn price(&self, lot: Lot, unit: u16) -> Price {
        let one = Price { wanted: 1, taken: 1, used: 1, used_by_failure: 1 };
        self.prices(lot).find(|(of, _)| *of == unit).map_or(one, |(_, price)| price)
    }
}

fn correction(unit: u16, price: Price, success: bool) -> Correction {
    let used = if success { price.used } else { price.used_by_failure };
    let (back, more) = (price.taken.saturating_sub(used), used.saturating_sub(price.taken));
    Correction { unit, back, more }
}

impl<O: Observer> Partition<'_, O> {
    /// Which draws a call uses, and the items that it is for, if a cost depends on them: those of
    /// all requests that travel in it.
    #[inline(always)]
    pub(super) fn lot_of_call(&self, number: RequestId) -> Lot {
        let lot = self.lot(&self.transit[number]);
        match self.set.shortcuts.counts_items {
            false => lot,
            true => Lot { items: self.items_in_call(number), ..lot },
        }
    }

    #[inline(never)]
    fn items_in_call(&self, number: RequestId) -> u32 {
        let members = std::iter::successors(Some(number), |member| self.next_in_call(*member));
        members.map(|member| self.transit.flight(member).items).fold(0, u32::saturating_add)
    }

    /// The items that a request of a job is for, if a cost depends on them; otherwise 1.
    pub(super) fn items_of(&self, number: RequestId) -> u32 {
        let Some(job) = self.transit[number].job.filter(|_| self.set.shortcuts.counts_items) else {
            return 1;
        };
        let job = &self.work[job];
        // The upper half tells apart how often the job began.
        let made = job.made & u64::from(u32::MAX);
        let items = self.step_of(job).1.items_of_request(job.load, made);
        u32::try_from(items).unwrap_or(u32::MAX)
    }

    /// The price of a request in the unit that its client paces by, if it does.
    #[inline]
    fn paced_price(&self, number: RequestId) -> Option<(u16, Price)> {
        let unit = self.set.strategy.pace.as_ref()?.counts?;
        Some((unit, self.provider.price(self.lot_of_call(number), unit)))
    }

    /// A lane learns what the request is, and costs, that is to leave next.
    #[inline]
    pub(super) fn prepare(&mut self, lane: LaneId, number: RequestId) {
        let Some(pace) = &self.set.strategy.pace else { return };
        if pace.counts.is_none() && !pace.heeds() {
            return;
        }
        let cost =
            self.paced_price(number).map_or((1, 1), |(_, price)| (price.wanted, price.taken));
        let operation = self.transit[number].operation;
        self.callers.lane_mut(lane).turns.prepare(operation, cost);
    }

    /// What a request counts as to a client that keeps count of its calls under way.
    pub(super) fn reserve(&self, number: RequestId) -> u64 {
        self.paced_price(number).map_or(1, |(_, price)| price.wanted.max(price.taken))
    }

    /// The same of the first of those that queue in a lane.
    #[inline]
    pub(super) fn prepare_head(&mut self, lane: LaneId) {
        let head = |lane: &Lane| lane.wait_queue.front().copied();
        if let Some(head) = head(self.callers.lane(lane)) {
            self.prepare(lane, head);
        }
    }

    /// A lane learns what a request has used: nothing, if it was refused.
    pub(super) fn correct_lane(
        &mut self,
        now: Instant,
        (lane, number): (LaneId, RequestId),
        (answer, refused): (Answer, bool),
    ) {
        let Some((unit, price)) = self.paced_price(number) else { return };
        let correction = match refused {
            true => Correction { unit, back: price.taken, more: 0 },
            false => correction(unit, price, answer == Answer::Success),
        };
        self.callers.lane_mut(lane).turns.correct(now, correction.back, correction.more);
    }
}
