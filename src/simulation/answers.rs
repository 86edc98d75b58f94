//! The way of an answer back to its client, and what the client makes of it.
//!
//! ```text
//!   reply ──(way back)──► answered ──► learn ──► success: end
//!                                         └────► again: back off, or give up
//! ```

use super::hedge::Standing;
use super::index::RequestId;
use super::observe::{Attempt, Next, Observer};
use super::partition::Partition;
use super::records::{Event, Pending};
use crate::engine::Rank;
use crate::metrics::Fate;
use crate::strategy::{Again, Answer, Ended, Turn};
use crate::units::{Instant, Span};
use crate::wire::Response;

impl<O: Observer> Partition<'_, O> {
    /// An answer is on its way to a request.
    pub(super) fn expect_answer(&mut self, number: RequestId, pending: Pending) {
        self.transit.flight_mut(number).pending = pending;
    }

    #[inline(always)]
    pub(super) fn reply(
        &mut self,
        now: Instant,
        number: RequestId,
        response: Response,
        cause: Option<u16>,
    ) {
        if self.set.shortcuts.is_near {
            return self.answered(now, number, response, cause);
        }
        self.send_back(now, number, response, cause);
    }

    /// An answer is on its way to the client.
    fn send_back(
        &mut self,
        now: Instant,
        number: RequestId,
        mut response: Response,
        cause: Option<u16>,
    ) {
        let (_, back) = self.trip(&self.transit[number]);
        if response.retry_after.is_some() && self.provider.tells_dates(cause) {
            // Until a date it is not as long when the answer has come.
            let left = |wait: Span| wait - back.min(wait);
            response.retry_after = response.retry_after.map(left);
        }
        self.expect_answer(number, Pending::Response(response, cause));
        if back.is_zero() {
            self.arrived_back(now, number);
        } else {
            self.clock.schedule(now + back, Rank::End, Event::Answered(number));
        }
    }

    pub(super) fn arrived_back(&mut self, now: Instant, number: RequestId) {
        if let Pending::Response(response, cause) = self.transit.flight(number).pending {
            self.answered(now, number, response, cause);
        }
    }

    /// The client has its answer, and decides what to do about it.
    #[inline(always)]
    fn answered(
        &mut self,
        now: Instant,
        number: RequestId,
        response: Response,
        cause: Option<u16>,
    ) {
        let ended = (!self.set.shortcuts.learns_nothing)
            .then(|| self.learn(now, number, (&response, cause.is_some())));
        let success = response.is_success();
        let number = match self.set.strategy.hedge {
            None => number,
            Some(_) => match self.standing((now, number), (&response, cause)) {
                Standing::Decides(number) => number,
                Standing::Idle => return,
            },
        };
        let request = &self.transit[number];
        if success {
            self.tell((now, number), &response, cause, Next::Done);
            self.release(now, number);
            return self.end(now, number, true);
        }
        let (mut view, mut draws) = (self.view(number), self.jitter(request));
        let process = request.process;
        if let Some(attempts) = self.callers.counted(process, view.operation) {
            view.attempts = attempts;
        }
        let client = self.callers.client(process);
        let answer = (&response, ended.as_ref());
        match client.again(self.set.strategy, now, &view, answer, &mut draws) {
            Again::GiveUp => {
                self.callers.forget_counted(process, view.operation);
                self.release(now, number);
                self.tell((now, number), &response, cause, Next::GivenUp);
                self.end(now, number, false);
            }
            Again::After(delay) => {
                self.tell((now, number), &response, cause, Next::After(delay));
                self.back_off(now, number, delay);
            }
        }
    }

    /// Time is over: attempts that have reached a provider, and whose answers are still to come,
    /// are counted and told as such.
    pub(super) fn leave_under_way(&mut self) {
        while let Some((_, event)) = self.clock.take() {
            let (Event::Served(number) | Event::Answered(number)) = event else { continue };
            let (answer, cause) = match self.transit.flight(number).pending {
                Pending::Nothing => continue,
                Pending::Service(fate, _) => (Ok(fate), None),
                Pending::Response(_, Some(cause)) => (Err(cause), Some(cause)),
                Pending::Response(response, None) => (Ok(Fate::of(response.status)), None),
            };
            let counted = self.transit[number].counted;
            self.ledger.cell(counted).leave_under_way(answer);
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
        number: RequestId,
        (response, refused): (&Response, bool),
    ) -> Ended {
        let lane = self.lane_of(number);
        let (request, flight) = self.transit.both(number);
        let (process, operation) = (request.process, request.operation);
        let (client, crew) = self.callers.client_and_crew(process);
        let ended = Ended {
            answer: Answer::of(response),
            before: flight.before,
            attempts: request.attempts,
            round_trip: now.since(flight.sent),
            in_flight: client.in_flight(),
            rate_limit: response.rate_limit,
        };
        flight.before = Some(ended.answer);
        client.learn(self.set.strategy, now, operation, (&ended, crew));
        if ended.answer == Answer::Success {
            self.callers.forget_counted(process, operation);
        }
        if let Some(lane) = lane {
            self.correct_lane(now, (lane, number), (ended.answer, refused));
            self.callers.lane_mut(lane).turns.learn(now, &ended);
            self.hear(now, lane, number);
            self.await_turn(now, lane);
        }
        ended
    }

    /// A guard of the client has refused an attempt.
    pub(super) fn refuse(&mut self, now: Instant, number: RequestId) {
        let request = &mut self.transit[number];
        request.refusals += 1;
        self.ledger.cell(request.counted).spared.refused += 1;
        if request.attempts == 0 && request.refusals == 1 {
            self.transit.flight_mut(number).begun = now;
        }
        let request = &self.transit[number];
        let (view, mut draws) = (self.view(number), self.jitter(request));
        let client = self.callers.client(request.process);
        match client.refused(self.set.strategy, now, &view, &mut draws) {
            Again::GiveUp => self.abandon(now, number),
            Again::After(delay) => self.back_off(now, number, delay),
        }
    }

    #[inline(always)]
    fn back_off(&mut self, now: Instant, number: RequestId, delay: Span) {
        let request = &mut self.transit[number];
        request.delay = delay;
        request.waited = request.waited + delay;
        if !self.set.strategy.hold_worker {
            self.release(now, number);
        }
        self.clock.schedule(now + delay, Rank::Start, Event::Ready(number));
    }

    /// An attempt of which the client has no answer, for whoever watches.
    pub(super) fn under_way(&self, number: RequestId, cause: Option<u16>) -> Attempt {
        let (request, flight) = (&self.transit[number], self.transit.flight(number));
        Attempt {
            arrived: request.arrived,
            sent: flight.sent,
            answered: None,
            workload: self.set.routes[request.cell.place()].workload,
            caller: self.globally(self.caller_of(request)),
            operation: request.operation,
            request: flight.number,
            attempt: request.attempts,
            status: None,
            cause,
            clear_at: cause.and_then(|_| self.transit.clear_at(number)),
            retry_after: None,
            rate_limit: None,
            next: Next::UnderWay,
        }
    }
}
