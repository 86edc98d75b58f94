//! Hedging: a second attempt for a request whose first has no answer yet; the first answer counts.
//!
//! ```text
//!   send ──(after)──► still no answer, a worker and a turn free? ──► a twin is sent
//!   success of either ──► the request ends; the other is an orphan, and only frees its worker
//!   failure of one    ──► the other decides; failure of both ──► the retry rules
//! ```
//!
//! What was sent cannot be called back: an orphan has used the provider's limits all the same.

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
    Decides(u32),
    /// Nothing: another attempt is still under way, or the request has ended.
    Idle,
}

impl<O: Observer> Partition<'_, O> {
    /// Sees to it that an attempt that has just been sent is looked after.
    #[inline]
    pub(super) fn watch_for_hedge(&mut self, now: Instant, number: u32) {
        if let Some(hedging) = self.strategy.hedge
            && self.flights[number as usize].role == Role::Own
        {
            self.clock.schedule(now + hedging.after, Rank::Start, Event::Hedge(number));
        }
    }

    /// A second attempt, if the one that this event is for is still under way.
    pub(super) fn hedge(&mut self, now: Instant, number: u32) {
        let Some(hedging) = self.strategy.hedge else { return };
        // Of a request that has ended, nothing flies.
        let (request, flight) = (&self.requests[number], &self.flights[number as usize]);
        let same = flight.flies && flight.sent + hedging.after == now;
        if !same || flight.role != Role::Own || flight.twin.is_some() {
            return;
        }
        let lane = self.lane_of(number);
        if lane.is_some_and(|lane| !self.lanes[lane].is_ready(now)) {
            return;
        }
        let crew = self.roster.crew(request.process);
        if !self.crews[crew].crew.spare(self.strategy) {
            return;
        }
        if let Some(lane) = lane {
            self.lanes[lane].turns.take(now);
        }
        let twin = Request {
            attempts: request.attempts,
            admissions: TWINS + request.attempts,
            holds: true,
            ..*request
        };
        let flight = Flight {
            pending: Pending::Nothing,
            next: None,
            twin: Some(number),
            role: Role::Hedge,
            flies: false,
            ..*flight
        };
        let twin = self.requests.insert(twin);
        self.shadows += 1;
        *self.flight(twin) = flight;
        self.flights[number as usize].twin = Some(twin);
        self.send_off(now, twin);
    }

    /// Whom an answer is for, when it has been learned; if for nobody, its worker is freed.
    pub(super) fn standing(
        &mut self,
        number: u32,
        (response, cause): (&Response, Option<u16>),
    ) -> Standing {
        let success = response.status.is_success();
        let flight = &mut self.flights[number as usize];
        flight.flies = false;
        let (role, twin) = (flight.role, flight.twin);
        let standing = match (role, twin) {
            (Role::Own, None) => Standing::Decides(number),
            (Role::Own, Some(twin)) if success => {
                flight.twin = None;
                self.flights[twin as usize].role = Role::Orphan;
                Standing::Decides(number)
            }
            // The twin will decide.
            (Role::Own, Some(_)) | (Role::Orphan, _) => Standing::Idle,
            (Role::Hedge, own) => {
                self.back_to_own(number, own.expect("a hedge knows its request"), success)
            }
        };
        if standing == Standing::Idle {
            self.tell(number, response, cause, Next::Nothing);
        }
        if standing != Standing::Decides(number) {
            self.release(number);
        }
        if role != Role::Own {
            self.requests.remove(number);
            self.shadows -= 1;
        }
        standing
    }

    /// A twin has been answered: its request has it as its own attempt from now on.
    fn back_to_own(&mut self, twin: u32, own: u32, success: bool) -> Standing {
        let (sent, attempts) = (self.flights[twin as usize].sent, self.requests[twin].attempts);
        let (request, flight) = (&mut self.requests[own], &mut self.flights[own as usize]);
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
        let number = self.requests.insert(request);
        self.shadows += 1;
        *self.flight(number) = ended;
        Standing::Decides(number)
    }
}
