//! A client that acts on what answers tell of the limits: how much is left, and when more will be.
//!
//! | heeds | waits |
//! |---|---|
//! | reset | when too little is left, until the reset, or the next token if that is told |
//! | spread | between calls, the time to the reset over what is left |
//! | level | until what is left, less what its calls under way may take, covers the next call |
//!
//! Sources: octokit and most clients of GitHub, Etsy and BigCommerce wait for the reset; Shopify's
//! throttleStatus (currentlyAvailable, restoreRate) is made for the last.
//!
//! Before the first answer a client knows nothing, and sends; with `level` it knows the published
//! figures, and that all is left. The first two take an answer as it comes, so that calls under way
//! at the time may find less than was told. `level` is exact for a client alone, if answers come in
//! the order in which they were given.

use super::Turn;
use crate::strategy::Ended;
use crate::units::{Instant, Rate, Span};
use crate::wire::{Operation, Told};

/// Limits of a call that a lane heeds at most.
pub const MOST_HEEDED: usize = 4;

/// What a client does with what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heed {
    /// When too little is left, it waits until the reset.
    Reset,
    /// It spreads what is left over the time to the reset.
    Spread,
    /// It waits until what is left covers the next call.
    Level,
}

/// The turns of a client that acts on what it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heeding {
    /// What it does.
    pub heed: Heed,
    /// The limits of which it is told.
    pub limits: Vec<Heeded>,
    /// The next call, and the units that it may take.
    next: (Operation, u64),
}

/// A limit that a client is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heeded {
    /// The limit, by index.
    pub limit: u16,
    /// The calls that it holds for.
    pub calls: Vec<Operation>,
    /// True if it counts the units that the client knows; otherwise each call is one.
    pub counts_units: bool,
    /// How fast it comes back, as published; `None`: all at the reset.
    pub rate: Option<Rate>,
    /// The most that it holds, as published.
    pub most: u64,
    known: Known,
}

/// What a client believes of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    /// What is left; `None`: nobody has told yet.
    left: Option<i128>,
    /// When that was told.
    at: Instant,
    /// When more will be there.
    until: Option<Instant>,
    /// What was left when it was told, for a client that spreads it.
    told: u64,
    /// When the last call left.
    last: Option<Instant>,
    /// What calls under way may take.
    under_way: i128,
}

impl Heeding {
    /// A client that has been told nothing.
    #[must_use]
    pub const fn new(heed: Heed, limits: Vec<Heeded>) -> Self {
        Self { heed, limits, next: (Operation(0), 1) }
    }

    /// The next call, and what it may take.
    pub(super) const fn prepare(&mut self, operation: Operation, units: u64) {
        self.next = (operation, units);
    }

    /// An answer to a call that could take so many units has come.
    pub fn hear(
        &mut self,
        now: Instant,
        (operation, units): (Operation, u64),
        told: &[Option<Told>; MOST_HEEDED],
    ) {
        for (limit, told) in self.limits.iter_mut().zip(told) {
            if limit.calls.contains(&operation) {
                let cost = limit.cost(units);
                limit.hear(now, (self.heed, cost), told.as_ref());
            }
        }
    }
}

impl Heeded {
    /// A limit of which nothing has been told.
    #[must_use]
    pub fn new(
        (limit, calls): (u16, Vec<Operation>),
        counts_units: bool,
        (rate, most): (Option<Rate>, u64),
    ) -> Self {
        let (left, at) = (None, Instant::ORIGIN);
        let known = Known { left, at, until: None, told: 0, last: None, under_way: 0 };
        Self { limit, calls, counts_units, rate, most, known }
    }

    const fn cost(&self, units: u64) -> i128 {
        if self.counts_units { units as i128 } else { 1 }
    }

    fn hear(&mut self, now: Instant, (heed, cost): (Heed, i128), told: Option<&Told>) {
        self.known.under_way -= cost;
        let Some(told) = told else {
            // What a call took is gone as far as the client knows.
            if heed == Heed::Level {
                (self.known.left, self.known.at) = (Some(self.left_at(now) - cost), now);
            }
            return;
        };
        let known = &mut self.known;
        (known.left, known.told, known.at) =
            (Some(i128::from(told.remaining)), told.remaining, now);
        known.until = told.reset.or(told.next).map(|when| when.read(now));
    }

    /// True if what was told is over.
    fn is_over(&self, now: Instant) -> bool {
        self.known.until.is_some_and(|until| until <= now)
    }

    fn ready_at(&self, now: Instant, heed: Heed, cost: i128) -> Instant {
        let known = &self.known;
        if heed == Heed::Level {
            return self.covered_at(now, cost);
        }
        let (Some(left), Some(until), false) = (known.left, known.until, self.is_over(now)) else {
            return now;
        };
        if left < cost {
            return until;
        }
        match (heed, known.last) {
            (Heed::Spread, Some(last)) => {
                let time = u128::from(until.since(known.at).as_nanos());
                let gap = time * cost.unsigned_abs() / u128::from(known.told.max(1));
                now.max(last + Span::from_nanos(u64::try_from(gap).unwrap_or(u64::MAX)))
            }
            _ => now,
        }
    }

    /// What is left as far as the client knows, in whole units.
    fn left_at(&self, now: Instant) -> i128 {
        let (known, most) = (&self.known, i128::from(self.most));
        let back = match self.rate {
            None if self.is_over(now) => return most,
            None => 0,
            Some(rate) => {
                let credits = u128::from(now.since(known.at).as_nanos()) * u128::from(rate.count());
                (credits / u128::from(rate.per().as_nanos())).cast_signed()
            }
        };
        most.min(known.left.unwrap_or(most) + back)
    }

    /// When what is left, less what calls under way may take, covers so much.
    fn covered_at(&self, now: Instant, cost: i128) -> Instant {
        let (known, most) = (&self.known, i128::from(self.most));
        let (left, wanted) = (known.left.unwrap_or(most), cost + known.under_way);
        if self.left_at(now) >= wanted || cost > most {
            return now;
        }
        match (self.rate, known.until) {
            // Only an answer frees what is under way.
            _ if wanted > most => Instant::from_nanos(u64::MAX),
            (Some(rate), _) => {
                let missing = (wanted - left).unsigned_abs() * u128::from(rate.per().as_nanos());
                let nanos = missing.div_ceil(u128::from(rate.count()));
                let wait = Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
                now.max(known.at + wait)
            }
            (None, Some(until)) => now.max(until),
            (None, None) => Instant::from_nanos(u64::MAX),
        }
    }

    fn take(&mut self, now: Instant, heed: Heed, cost: i128) {
        let over = self.is_over(now) && (heed != Heed::Level || self.rate.is_none());
        let known = &mut self.known;
        if over {
            // Calls that were under way at the reset may count after it.
            (known.left, known.until) = (None, None);
        }
        known.last = Some(now);
        known.under_way += cost;
        if heed != Heed::Level {
            known.left = known.left.map(|left| left - cost);
        }
    }
}

impl Turn for Heeding {
    fn ready_at(&mut self, now: Instant) -> Instant {
        let (operation, units) = self.next;
        let limits = self.limits.iter().filter(|limit| limit.calls.contains(&operation));
        let ready = limits.map(|limit| limit.ready_at(now, self.heed, limit.cost(units)));
        ready.max().unwrap_or(now)
    }

    fn take(&mut self, now: Instant) {
        let (operation, units) = self.next;
        for limit in self.limits.iter_mut().filter(|limit| limit.calls.contains(&operation)) {
            limit.take(now, self.heed, limit.cost(units));
        }
    }

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::When;

    fn at(ms: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(ms)
    }

    fn lane(heed: Heed, rate: Option<&str>, most: u64) -> Heeding {
        let rate = rate.map(|rate| rate.parse().expect("a rate"));
        let heeded = Heeded::new((0, vec![Operation(0)]), true, (rate, most));
        Heeding::new(heed, vec![heeded])
    }

    fn told(remaining: u64, reset_ms: u64) -> [Option<Told>; MOST_HEEDED] {
        let reset = Some(When::At(at(reset_ms)));
        [Some(Told { remaining, reset, next: None }), None, None, None]
    }

    fn ready(lane: &mut Heeding, now: u64, units: u64) -> u64 {
        lane.prepare(Operation(0), units);
        lane.ready_at(at(now)).as_nanos() / 1_000_000
    }

    #[test]
    fn nothing_left_is_a_wait_until_the_reset() {
        let mut lane = lane(Heed::Reset, None, 5);
        assert_eq!(ready(&mut lane, 0, 1), 0, "it knows nothing");
        lane.take(at(0));
        lane.hear(at(10), (Operation(0), 1), &told(1, 60_000));
        assert_eq!(ready(&mut lane, 10, 1), 10);
        lane.take(at(10));
        assert_eq!(ready(&mut lane, 11, 1), 60_000, "it has taken the last itself");
        assert_eq!(ready(&mut lane, 60_000, 1), 60_000);
    }

    /// 9 left and 50 s to go: a call each 5.56 s; of a call that takes three, each 16.67 s.
    #[test]
    fn what_is_left_is_spread() {
        let mut lane = lane(Heed::Spread, None, 10);
        lane.take(at(0));
        lane.hear(at(10_000), (Operation(0), 1), &told(9, 60_000));
        assert_eq!(ready(&mut lane, 10_000, 1), 10_000, "the last call was 10 s ago");
        lane.take(at(10_000));
        assert_eq!(ready(&mut lane, 10_000, 1), 15_555);
        assert_eq!(ready(&mut lane, 10_000, 3), 26_666);
        lane.hear(at(11_000), (Operation(0), 1), &told(0, 60_000));
        assert_eq!(ready(&mut lane, 11_000, 1), 60_000);
    }

    /// 2,000 points, 100 a second: what is under way is set aside until its answer tells.
    #[test]
    fn the_level_covers_the_call_and_those_under_way() {
        let mut lane = lane(Heed::Level, Some("100/s"), 2_000);
        for _ in 0..2 {
            assert_eq!(ready(&mut lane, 0, 900), 0);
            lane.take(at(0));
        }
        assert!(ready(&mut lane, 0, 900) > 1_000_000_000, "2,700 are never there");
        lane.hear(at(500), (Operation(0), 900), &told(1_050, 10_000));
        assert_eq!(ready(&mut lane, 500, 900), 500 + 7_500, "1,800 of which 1,050 are there");
        lane.hear(at(600), (Operation(0), 900), &told(1_960, 10_000));
        assert_eq!(ready(&mut lane, 600, 900), 600);
        let bare = [None; MOST_HEEDED];
        lane.take(at(600));
        lane.hear(at(700), (Operation(0), 900), &bare);
        assert_eq!(ready(&mut lane, 700, 900), 700, "1,060 are left of what was told");
        assert_eq!(ready(&mut lane, 700, 1_200), 600 + 1_400);
    }
}
