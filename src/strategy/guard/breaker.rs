//! A circuit breaker: when too many of the last calls have failed, none leaves for a while; then a
//! few trials decide.
//!
//! ```text
//!   closed ──(failed/calls ≥ ratio, calls ≥ least)──► open ──(wait over)──► half-open: trials
//!      ▲                                               ▲                        │
//!      └────────(fewer than `ratio` of them fail)──────┼────────────────────────┤
//!                                                      └───────(otherwise)──────┘
//! ```
//!
//! Calls are the last `calls`, or those of the last `within`. An answer to a call that left before
//! the trials decides nothing. Sources: resilience4j, commit af9e7c9: 50 % of 100, least 100, open
//! 60 s, 10 trials. App-vNext/Polly, commit 173d6d1: 10 %, least 100, within 30 s, open 5 s, one.

use super::Watch;
use crate::strategy::Ended;
use crate::strategy::Unsound;
use crate::strategy::slots::Slots;
use crate::units::{Instant, Share, Span};
use std::collections::VecDeque;

/// When too many calls have failed, none leaves for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// The share of failures that opens it.
    pub ratio: Share,
    /// The calls that count.
    pub calls: u32,
    /// How long calls count instead, if by time.
    pub within: Option<Span>,
    /// Calls without which it stays closed.
    pub least: u32,
    /// How long it stays open.
    pub open: Span,
    /// Calls that decide whether it closes.
    pub trials: u32,
    state: State,
    /// The last calls: true for those that failed.
    last: VecDeque<bool>,
    /// Calls, failures, if by time.
    slots: Slots,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum State {
    #[default]
    Closed,
    Open {
        until: Instant,
    },
    HalfOpen {
        since: Instant,
        left: u32,
        ended: u32,
        failed: u32,
    },
}

const SLOTS: usize = 10;

impl Default for Breaker {
    fn default() -> Self {
        Self {
            ratio: Share::from_ppm(500_000),
            calls: 100,
            within: None,
            least: 100,
            open: Span::MINUTE,
            trials: 10,
            state: State::Closed,
            last: VecDeque::new(),
            slots: Slots::default(),
        }
    }
}

impl Breaker {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        if self.ratio == Share::NONE || self.trials == 0 {
            return Some(Unsound::new(
                "a breaker that stays open",
                "write a ratio and trials above 0",
            ));
        }
        if self.open.is_zero() {
            return Some(Unsound::new(
                "a breaker that is never open",
                "write how long, such as open = \"60s\"",
            ));
        }
        (self.within.is_none() && self.least > self.calls)
            .then_some(Unsound::new("fewer calls count than must", "write least up to calls"))
    }

    fn reaches(&self, failed: u64, calls: u64) -> bool {
        let share = u128::from(failed) * u128::from(Share::WHOLE.ppm());
        share >= u128::from(self.ratio.ppm()) * u128::from(calls)
    }

    fn learn_closed(&mut self, now: Instant, failed: bool) {
        let [calls, failures] = if let Some(within) = self.within {
            let slot = (SLOTS, within.divided_by(SLOTS as u64));
            self.slots.add(now, slot, 0, 1);
            self.slots.add(now, slot, 1, i64::from(failed));
            self.slots.sums(now, slot.0, slot.1).map(|n| u64::try_from(n).unwrap_or(0))
        } else {
            if self.last.len() >= self.calls.max(1) as usize {
                self.last.pop_front();
            }
            self.last.push_back(failed);
            let failures = self.last.iter().filter(|failed| **failed).count();
            [self.last.len() as u64, failures as u64]
        };
        if calls >= u64::from(self.least) && self.reaches(failures, calls) {
            self.go(State::Open { until: now + self.open });
        }
    }

    fn go(&mut self, state: State) {
        self.state = state;
        self.last.clear();
        self.slots.clear();
    }
}

impl Watch for Breaker {
    fn admits(&mut self, now: Instant, _: f64, _: bool) -> bool {
        if let State::Open { until } = self.state
            && now >= until
        {
            self.go(State::HalfOpen { since: now, left: 0, ended: 0, failed: 0 });
        }
        match self.state {
            State::Closed => true,
            State::Open { .. } => false,
            State::HalfOpen { left, .. } => left < self.trials,
        }
    }

    fn left(&mut self, _: Instant) {
        if let State::HalfOpen { left, .. } = &mut self.state {
            *left += 1;
        }
    }

    fn learn(&mut self, now: Instant, ended: &Ended) {
        let failure = !ended.answer.is_accepted();
        match &mut self.state {
            State::Closed => self.learn_closed(now, failure),
            State::Open { .. } => {}
            State::HalfOpen { since, ended: answered, failed, .. } => {
                if now.since(*since) < ended.round_trip {
                    return;
                }
                *answered += 1;
                *failed += u32::from(failure);
                let (answered, failed) = (u64::from(*answered), u64::from(*failed));
                if answered >= u64::from(self.trials) {
                    let open = self.reaches(failed, answered);
                    let until = now + self.open;
                    self.go(if open { State::Open { until } } else { State::Closed });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    /// Asks for a call and, if it leaves, answers it at once.
    fn call(breaker: &mut Breaker, now: Instant, status: Status) -> bool {
        let leaves = breaker.admits(now, 0.0, true);
        if leaves {
            breaker.left(now);
            breaker.learn(now, &Ended::first(&Response::bare(status)));
        }
        leaves
    }

    fn calls(breaker: &mut Breaker, now: Instant, status: Status, n: u32) -> u32 {
        (0..n).map(|_| u32::from(call(breaker, now, status))).sum()
    }

    #[test]
    fn half_of_a_hundred_opens_it_and_ten_trials_decide() {
        let mut breaker = Breaker::default();
        assert_eq!(calls(&mut breaker, at(0), Status::OK, 50), 50);
        assert_eq!(calls(&mut breaker, at(0), Status::TOO_MANY_REQUESTS, 60), 50, "open");
        assert!(!call(&mut breaker, at(59), Status::OK));
        assert_eq!(calls(&mut breaker, at(60), Status::UNAVAILABLE, 20), 10, "trials fail");
        assert!(!call(&mut breaker, at(119), Status::OK));
        assert_eq!(calls(&mut breaker, at(120), Status::OK, 200), 200, "trials succeed");
    }

    /// Polly: 90 successes, then failures: the tenth makes 10 % of 100.
    #[test]
    fn by_time_the_tenth_failure_of_a_hundred_opens_it() {
        let mut breaker = Breaker {
            ratio: Share::from_ppm(100_000),
            within: Some(Span::from_secs(30)),
            open: Span::from_secs(5),
            trials: 1,
            ..Breaker::default()
        };
        calls(&mut breaker, at(0), Status::OK, 90);
        assert_eq!(calls(&mut breaker, at(1), Status::TOO_MANY_REQUESTS, 20), 10);
        assert_eq!(calls(&mut breaker, at(6), Status::OK, 20), 20);
    }

    #[test]
    fn no_more_than_the_trials_leave_and_late_answers_are_no_trials() {
        let mut breaker = Breaker { calls: 2, least: 2, trials: 3, ..Breaker::default() };
        calls(&mut breaker, at(0), Status::UNAVAILABLE, 2);
        let admitted = (0..9).filter(|_| {
            let leaves = breaker.admits(at(60), 0.0, true);
            if leaves {
                breaker.left(at(60));
            }
            leaves
        });
        assert_eq!(admitted.count(), 3);
        let late = Ended {
            round_trip: Span::from_secs(70),
            ..Ended::first(&Response::bare(Status::UNAVAILABLE))
        };
        (0..5).for_each(|_| breaker.learn(at(61), &late));
        let ok = Ended::first(&Response::bare(Status::OK));
        (0..3).for_each(|_| breaker.learn(at(61), &ok));
        assert!(breaker.admits(at(61), 0.0, true));
        assert_eq!(breaker.state, State::Closed);
    }
}
