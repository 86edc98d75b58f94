//! The way of an answer back to its client, and what the client makes of it.
//!
//! ```text
//!   reply ──(way back)──► answered ──► learn ──► success: end
//!                                         └────► again: back off, or give up
//! ```

use super::hedge::Standing;
use super::observe::{Attempt, Next, Observer};
use super::partition::Partition;
use super::records::{Event, Flight, Pending, Request};
use crate::engine::Rank;
use crate::metrics::Fate;
use crate::random::{Draws, Purpose};
use crate::strategy::{Again, Answer, Ended, Turn};
use crate::units::{Instant, Span};
use crate::wire::Response;

impl<O: Observer> Partition<'_, O> {
    /// The place for the flight of a request.
    pub(super) fn flight(&mut self, number: u32) -> &mut Flight {
        let place = number as usize;
        if place >= self.flights.len() {
            self.flights.resize(place + 1, Flight::NONE);
        }
        &mut self.flights[place]
    }

    /// An answer is on its way to a request.
    #[inline(never)]
    pub(super) fn expect_answer(&mut self, number: u32, pending: Pending) {
        self.flight(number).pending = pending;
    }

    #[inline(always)]
    pub(super) fn reply(
        &mut self,
        now: Instant,
        number: u32,
        response: Response,
        cause: Option<u16>,
    ) {
        if self.is_near {
            return self.answered(now, number, response, cause);
        }
        self.send_back(now, number, response, cause);
    }

    /// An answer is on its way to the client.
    #[inline(never)]
    fn send_back(&mut self, now: Instant, number: u32, response: Response, cause: Option<u16>) {
        let (_, back) = self.trip(&self.requests[number]);
        self.expect_answer(number, Pending::Response(response, cause));
        if back.is_zero() {
            self.arrived_back(now, number);
        } else {
            self.clock.schedule(now + back, Rank::End, Event::Answered(number));
        }
    }

    pub(super) fn arrived_back(&mut self, now: Instant, number: u32) {
        if let Pending::Response(response, cause) = self.flights[number as usize].pending {
            self.answered(now, number, response, cause);
        }
    }

    /// The client has its answer, and decides what to do about it.
    #[inline(always)]
    fn answered(&mut self, now: Instant, number: u32, response: Response, cause: Option<u16>) {
        let ended = self.listens.then(|| self.learn(now, number, (&response, cause.is_some())));
        let success = response.status.is_success();
        let number = match self.strategy.hedge {
            None => number,
            Some(_) => match self.standing(number, (&response, cause)) {
                Standing::Decides(number) => number,
                Standing::Idle => return,
            },
        };
        let request = &self.requests[number];
        if success {
            self.tell(number, &response, cause, Next::Done);
            self.release(number);
            return self.end(now, number, true);
        }
        let (mut view, mut draws) = (self.view(number), self.jitter(request));
        let counter = self.roster.counter(request.process);
        if let Some(counter) = counter {
            view.attempts = self.counters[counter].count(view.operation);
        }
        let client = &mut self.clients[self.roster.client(request.process)];
        let answer = (&response, ended.as_ref());
        match client.again(self.strategy, now, &view, answer, &mut draws) {
            Again::GiveUp => {
                if let Some(counter) = counter {
                    self.counters[counter].reset(view.operation);
                }
                self.release(number);
                self.tell(number, &response, cause, Next::GivenUp);
                self.end(now, number, false);
            }
            Again::After(delay) => {
                self.tell(number, &response, cause, Next::After(delay));
                self.back_off(now, number, delay);
            }
        }
    }

    /// Time is over: attempts that have reached a provider, and whose answers are still to come,
    /// are counted and told as such.
    pub(super) fn leave_under_way(&mut self) {
        while let Some((_, event)) = self.clock.take() {
            let (Event::Served(number) | Event::Answered(number)) = event else { continue };
            let (answer, cause) = match self.flights[number as usize].pending {
                Pending::Nothing => continue,
                Pending::Service(fate, _) => (Ok(fate), None),
                Pending::Response(_, Some(cause)) => (Err(cause), Some(cause)),
                Pending::Response(response, None) => (Ok(Fate::of(response.status)), None),
            };
            let cell = usize::from(self.requests[number].counted);
            self.outcome.leave_under_way(cell, answer);
            if O::LOOKS {
                let attempt = self.under_way(number, cause);
                self.observer.attempt(&attempt);
            }
        }
    }

    /// All that learns of the client is told how an attempt has ended.
    fn learn(
        &mut self,
        now: Instant,
        number: u32,
        (response, refused): (&Response, bool),
    ) -> Ended {
        let lane = self.lane_of(number);
        let (request, flight) = (&self.requests[number], &mut self.flights[number as usize]);
        let client = &mut self.clients[self.roster.client(request.process)];
        let ended = Ended {
            answer: Answer::of(response.status),
            before: flight.before,
            attempts: request.attempts,
            round_trip: now.since(flight.sent),
            in_flight: client.in_flight(),
            rate_limit: response.rate_limit,
        };
        flight.before = Some(ended.answer);
        let crew = &mut self.crews[self.roster.crew(request.process)].crew;
        client.learn(self.strategy, now, request.operation, (&ended, crew));
        if let (Answer::Success, Some(counter)) =
            (ended.answer, self.roster.counter(request.process))
        {
            self.counters[counter].reset(request.operation);
        }
        if let Some(lane) = lane {
            self.correct_lane(now, (lane, number), (ended.answer, refused));
            self.lanes[lane].turns.learn(now, &ended);
            self.await_turn(now, lane);
        }
        ended
    }

    /// A guard of the client has refused an attempt.
    pub(super) fn refuse(&mut self, now: Instant, number: u32) {
        let request = &mut self.requests[number];
        request.refusals += 1;
        self.outcome.cells[usize::from(request.counted)].spared.refused += 1;
        if request.attempts == 0 && request.refusals == 1 {
            self.flight(number).begun = now;
        }
        let request = &self.requests[number];
        let (view, mut draws) = (self.view(number), self.jitter(request));
        let client = &self.clients[self.roster.client(request.process)];
        match client.refused(self.strategy, now, &view, &mut draws) {
            Again::GiveUp => self.abandon(now, number),
            Again::After(delay) => self.back_off(now, number, delay),
        }
    }

    #[inline(always)]
    fn jitter(&self, request: &Request) -> Draws {
        let tries = request.attempts + request.refusals;
        self.lot(request).draws(&self.streams, Purpose::Jitter, tries)
    }

    #[inline(always)]
    fn back_off(&mut self, now: Instant, number: u32, delay: Span) {
        let request = &mut self.requests[number];
        request.delay = delay;
        request.waited = request.waited + delay;
        if !self.strategy.hold_worker {
            self.release(number);
        }
        self.clock.schedule(now + delay, Rank::Start, Event::Ready(number));
    }

    /// An attempt of which the client has no answer, for whoever watches.
    pub(super) fn under_way(&self, number: u32, cause: Option<u16>) -> Attempt {
        let (request, flight) = (&self.requests[number], &self.flights[number as usize]);
        Attempt {
            sent: flight.sent,
            workload: self.routes[usize::from(request.cell)].workload,
            caller: self.globally(self.roster.caller_of(request.process)),
            operation: request.operation,
            request: flight.number,
            attempt: request.attempts,
            status: None,
            cause,
            retry_after: None,
            rate_limit: None,
            next: Next::UnderWay,
        }
    }
}
