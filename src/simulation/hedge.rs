//! Hedging: a second attempt for a request whose first has no answer yet; the first answer counts.
//!
//! ```text
//!   send ──(after)──► still no answer, a worker and a turn free? ──► a twin is sent
//!   success of either ──► the request ends; the other is an orphan, and only frees its worker
//!   failure of one    ──► the other decides; failure of both ──► the retry rules
//! ```
//!
//! What was sent cannot be called back: an orphan has used the provider's limits all the same.

use super::index::RequestId;
use super::observe::{Next, Observer};
use super::partition::Partition;
use super::records::{Event, Flight, Pending, Request, Role};
use crate::engine::Rank;
use crate::strategy::Turn;
use crate::units::Instant;
use crate::wire::Response;

/// The admissions of twins are counted from here, so that they draw service times of their own.
const TWINS: u32 = 1 << 20;

/// What an answer is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It decides about this request.
    Decides(RequestId),
    /// Nothing: another attempt is still under way, or the request has ended.
    Idle,
}

impl<O: Observer> Partition<'_, O> {
    /// Sees to it that an attempt that has just been sent is looked after.
    #[inline]
    pub(super) fn watch_for_hedge(&mut self, now: Instant, number: RequestId) {
        if let Some(hedging) = self.set.strategy.hedge
            && self.transit.flight(number).role == Role::Own
        {
            self.clock.schedule(now + hedging.after, Rank::Start, Event::Hedge(number));
        }
    }

    /// A second attempt, if the one that this event is for is still under way.
    pub(super) fn hedge(&mut self, now: Instant, number: RequestId) {
        let Some(hedging) = self.set.strategy.hedge else { return };
        // Of a request that has ended, nothing flies.
        let (request, flight) = (self.transit[number], *self.transit.flight(number));
        let same = flight.flies && flight.sent + hedging.after == now;
        if !same || flight.role != Role::Own || flight.twin.is_some() {
            return;
        }
        let lane = self.lane_of(number);
        if let Some(lane) = lane {
            self.prepare(lane, number);
        }
        if lane.is_some_and(|lane| !self.callers.lane_mut(lane).is_ready(now)) {
            return;
        }
        let (_, crew) = self.callers.client_and_crew(request.process);
        if !crew.spare(self.set.strategy) {
            return;
        }
        if let Some(lane) = lane {
            self.callers.lane_mut(lane).turns.take(now);
        }
        let twin = Request {
            attempts: request.attempts,
            admissions: TWINS + request.attempts,
            holds: true,
            ..request
        };
        let flight = Flight {
            pending: Pending::Nothing,
            next: None,
            twin: Some(number),
            role: Role::Hedge,
            flies: false,
            ..flight
        };
        let twin = self.transit.insert_shadow(twin, flight);
        self.transit.flight_mut(number).twin = Some(twin);
        self.send(now, twin);
    }

    /// Whom an answer is for, when it has been learned; if for nobody, its worker is freed.
    pub(super) fn standing(
        &mut self,
        (now, number): (Instant, RequestId),
        (response, cause): (&Response, Option<u16>),
    ) -> Standing {
        let success = response.is_success();
        let flight = self.transit.flight_mut(number);
        flight.flies = false;
        let (role, twin) = (flight.role, flight.twin);
        let standing = match (role, twin) {
            (Role::Own, None) => Standing::Decides(number),
            (Role::Own, Some(twin)) if success => {
                flight.twin = None;
                self.transit.flight_mut(twin).role = Role::Orphan;
                Standing::Decides(number)
            }
            // The twin will decide.
            (Role::Own, Some(_)) | (Role::Orphan, _) => Standing::Idle,
            (Role::Hedge, own) => {
                self.back_to_own(number, own.expect("a hedge knows its request"), success)
            }
        };
        if standing == Standing::Idle {
            self.tell((now, number), response, cause, Next::Nothing);
        }
        if standing != Standing::Decides(number) {
            self.release(now, number);
        }
        if role != Role::Own {
            self.transit.remove_shadow(number);
        }
        standing
    }

    /// A twin has been answered: its request has it as its own attempt from now on.
    fn back_to_own(&mut self, twin: RequestId, own: RequestId, success: bool) -> Standing {
        let (sent, attempts) = (self.transit.flight(twin).sent, self.transit[twin].attempts);
        let (request, flight) = self.transit.both(own);
        flight.twin = None;
        if !flight.flies {
            (flight.sent, request.attempts) = (sent, attempts);
            return Standing::Decides(own);
        }
        if !success {
            request.attempts = attempts;
            return Standing::Idle;
        }
        // The request goes on under another number, and its own attempt is an orphan.
        let request = Request { attempts, holds: false, ..*request };
        let ended = Flight { sent, pending: Pending::Nothing, flies: false, ..*flight };
        (flight.role, flight.next, flight.key) = (Role::Orphan, None, None);
        Standing::Decides(self.transit.insert_shadow(request, ended))
    }
}
