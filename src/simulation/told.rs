//! What an answer tells of the limits of its call, for clients that act on it.
//!
//! ```text
//!   refused, or served ──► note_told: what is left as the answer leaves ──(way back)──► hear: lane
//! ```
//!
//! It travels beside the response, in a table that stays empty unless a lane heeds it.

use super::callers::LaneId;
use super::index::RequestId;
use super::observe::Observer;
use super::partition::Partition;
use super::provider::{Lot, Provider};
use super::records::Bulletin;
use crate::limiter::Limit;
use crate::random::Purpose;
use crate::strategy::Turns;
use crate::units::Instant;
use crate::wire::{Caller, Operation, Told};

impl Provider<'_> {
    /// True if refusals for a cause tell a date.
    #[cold]
    pub(super) fn tells_dates(&self, cause: Option<u16>) -> bool {
        let of = |cause: u16| self.plan.causes[usize::from(cause)].retry_after;
        cause.and_then(of).is_some_and(|stamp| stamp.is_date())
    }

    /// What an answer that leaves at `now` tells of a limit.
    pub(super) fn told(
        &self,
        now: Instant,
        (caller, operation): (Caller, Operation),
        limit: u16,
    ) -> Option<Told> {
        let number = usize::from(limit);
        let tells = self.plan.limits[number].tells;
        let limiter = self.gate().limiter(number, caller, operation)?;
        let reset = tells.reset.and_then(|stamp| Some(stamp.told(now, limiter.resets_at(now)?)));
        let next = tells.next.and_then(|stamp| Some(stamp.told(now, limiter.next_at(now)?)));
        let remaining = limiter.level(now).filter(|_| tells.remaining)?;
        Some(Told { remaining, reset, next })
    }

    /// True if the answer to an attempt has its headers.
    fn has_headers(&self, operation: Operation, lot: Lot) -> bool {
        let plan = self.plan;
        let call = &plan.calls[usize::from(operation.0)];
        let ppm = plan.services[usize::from(call.service)].header_ppm;
        lot.draws(&self.streams, Purpose::Headers, lot.attempts).chance(ppm)
    }
}

impl<O: Observer> Partition<'_, O> {
    /// An answer is about to leave: what it tells is noted, if it is one that tells anything.
    #[inline(always)]
    pub(super) fn note_told(&mut self, now: Instant, number: RequestId, tells: bool) {
        if self.set.strategy.pace.as_ref().is_some_and(|pace| pace.heeds()) {
            self.note(now, number, tells);
        }
    }

    #[inline(never)]
    fn note(&mut self, now: Instant, number: RequestId, tells: bool) {
        let Some(lane) = self.lane_of(number) else { return };
        let request = &self.transit[number];
        let (operation, lot) = (request.operation, self.lot(request));
        let caller = self.caller_of(request);
        let mut bulletin = Bulletin::default();
        if let Turns::Heeding(heeding) = &self.callers.lane(lane).turns
            && tells
            && self.provider.has_headers(operation, lot)
        {
            for (place, heeded) in bulletin.iter_mut().zip(&heeding.limits) {
                if heeded.calls.contains(&operation) {
                    *place = self.provider.told(now, (caller, operation), heeded.limit);
                }
            }
        }
        *self.transit.told_mut(number) = bulletin;
    }

    /// A lane learns what an answer tells.
    #[inline]
    pub(super) fn hear(&mut self, now: Instant, lane: LaneId, number: RequestId) {
        if !matches!(self.callers.lane(lane).turns, Turns::Heeding(_)) {
            return;
        }
        let reserve = self.reserve(number);
        let (operation, told) = (self.transit[number].operation, *self.transit.told_mut(number));
        if let Turns::Heeding(heeding) = &mut self.callers.lane_mut(lane).turns {
            heeding.hear(now, (operation, reserve), &told);
        }
    }
}
