//! The counters that one request moves: those of its cell, of its account, and of the time.

use super::{Account, Cell, Channel, Fate, Outcome, Timeline, tick};
use crate::units::{Instant, Span};

/// The counters of a cell and an account, found once for all that happens to a request at a time.
#[derive(Debug)]
pub struct Counters<'a> {
    cell: &'a mut Cell,
    account: &'a mut Account,
    timeline: &'a mut Timeline,
    now: Instant,
}

impl Outcome {
    /// The counters of requests of a cell and an account, both by index, for what happens at `now`.
    #[inline(always)]
    pub fn counters(&mut self, cell: usize, account: usize, now: Instant) -> Counters<'_> {
        self.timeline.turn(now);
        Counters {
            cell: &mut self.cells[cell],
            account: &mut self.accounts[account],
            timeline: &mut self.timeline,
            now,
        }
    }
}

impl Counters<'_> {
    /// A request has arisen.
    #[inline(always)]
    pub fn arrive(&mut self) {
        tick(&mut self.cell.requests.arrived, true);
        tick(&mut self.account.arrived, true);
        self.timeline.count(Channel::Arrived);
    }

    /// A provider has refused an attempt: the first of its request, or a later one.
    #[inline(always)]
    pub fn refuse(&mut self, cause: u16, first: bool) {
        let attempts = &mut self.cell.attempts;
        tick(&mut attempts.throttled[usize::from(cause)], true);
        tick(&mut attempts.first, first);
        tick(&mut attempts.first_throttled, first);
        tick(&mut self.account.throttled, true);
        self.timeline.count(Channel::Throttled(cause));
    }

    /// A provider has admitted an attempt, which will succeed, fail, or be a bad request; or it was
    /// not there.
    #[inline(always)]
    pub fn admit(&mut self, fate: Fate, first: bool) {
        let attempts = &mut self.cell.attempts;
        tick(&mut attempts.first, first);
        let channel = match fate {
            Fate::Failure | Fate::Unavailable => {
                tick(&mut attempts.failed, true);
                tick(&mut attempts.unavailable, fate == Fate::Unavailable);
                Channel::Failed
            }
            Fate::Success | Fate::BadRequest => {
                tick(&mut attempts.admitted, true);
                tick(&mut attempts.bad_requests, fate == Fate::BadRequest);
                Channel::Admitted
            }
        };
        tick(&mut self.account.admitted, channel == Channel::Admitted);
        tick(&mut self.account.failed, channel == Channel::Failed);
        self.timeline.count(channel);
    }

    /// A request has ended; `latency` is that of a success.
    #[inline]
    pub fn end(&mut self, latency: Option<Span>) {
        let Some(latency) = latency else { return self.give_up() };
        self.succeed(self.now, latency);
        self.timeline.count(Channel::Ended);
    }

    /// A request has been given up.
    #[inline(always)]
    pub fn give_up(&mut self) {
        tick(&mut self.cell.requests.given_up, true);
        tick(&mut self.account.given_up, true);
        self.cell.last_end = self.cell.last_end.max(self.now);
        self.timeline.count(Channel::GivenUp);
        self.timeline.count(Channel::Ended);
    }

    /// A request will succeed at `at`, so long after it arose.
    #[inline(always)]
    pub fn end_ahead(&mut self, at: Instant, latency: Span) {
        self.succeed(at, latency);
        self.timeline.count_ahead(at, Channel::Ended);
    }

    #[inline(always)]
    fn succeed(&mut self, at: Instant, latency: Span) {
        tick(&mut self.cell.requests.completed, true);
        self.cell.latency.record(latency);
        self.cell.last_end = self.cell.last_end.max(at);
        tick(&mut self.account.completed, true);
        self.account.longest = self.account.longest.max(latency);
    }

    /// A request would have succeeded, but for time that is over before.
    #[inline(always)]
    pub fn leave_under_way(&mut self) {
        self.cell.leave_under_way(Ok(Fate::Success));
    }
}

impl Cell {
    /// Time is over, and an attempt has no answer yet: this fate, or a refusal for this cause, was
    /// on its way.
    #[cold]
    pub fn leave_under_way(&mut self, answer: Result<Fate, u16>) {
        let under_way = &mut self.attempts.under_way;
        match answer {
            Ok(fate) => under_way.fates[fate as usize] += 1,
            Err(cause) => under_way.throttled[usize::from(cause)] += 1,
        }
    }
}
