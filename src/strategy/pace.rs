//! Pacing: a client-side bucket that is never overdrawn, because every attempt books its turn.
//!
//! ```text
//!   turn(n) = max(now, turn(n-1) + 1/rate), with `burst` turns in hand after idling
//! ```
//!
//! A share of a published limit makes one lane for each limit that the client calls under; a stated
//! rate is one lane for all calls of the process. Instants are kept in units of 1/count ns, so
//! that a rate of 3/s does not drift.

use super::Sharing;
use crate::units::{Instant, Rate, Share};
use crate::wire::Operation;

/// The lanes of a paced client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Each with a pacer of its own.
    pub lanes: Vec<Lane>,
    /// The lane of each operation, by index; `None` is not paced.
    pub lane_of: Vec<Option<u16>>,
    /// Who shares the lanes.
    pub sharing: Sharing,
    /// The share of the rate header that a lane follows; `None` keeps the rate it began with.
    pub follow: Option<Share>,
}

/// One paced stream of attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// How often it sends.
    pub rate: Rate,
    /// How many it may send at once after idling, at least 1.
    pub burst: u32,
}

impl Pace {
    pub(super) fn lane(&self, operation: Operation) -> Option<usize> {
        self.lane_of.get(usize::from(operation.0)).copied().flatten().map(usize::from)
    }
}

/// Where a lane stands.
#[derive(Debug, Clone)]
pub(super) struct Pacer {
    lane: Lane,
    /// When every turn given so far is used up \[ns/count\].
    busy_until: u128,
}

impl Pacer {
    pub const fn new(lane: Lane) -> Self {
        Self { lane, busy_until: 0 }
    }

    /// Goes on at another rate; turns that are booked stay.
    pub fn follow(&mut self, rate: Rate) {
        let (old, new) = (u128::from(self.lane.rate.count()), u128::from(rate.count()));
        self.busy_until = (self.busy_until * new).div_ceil(old);
        self.lane.rate = rate;
    }

    /// The next turn at or after `now`.
    pub fn next(&self, now: Instant) -> Instant {
        let count = u128::from(self.lane.rate.count());
        let per = u128::from(self.lane.rate.per().as_nanos());
        let now = u128::from(now.as_nanos()) * count;
        let in_hand = u128::from(self.lane.burst - 1) * per;
        let turn = now.max(self.busy_until.saturating_sub(in_hand));
        Instant::from_nanos(u64::try_from(turn.div_ceil(count)).unwrap_or(u64::MAX))
    }

    /// Books the next turn at or after `now`.
    pub fn reserve(&mut self, now: Instant) -> Instant {
        let turn = self.next(now);
        let now = u128::from(now.as_nanos()) * u128::from(self.lane.rate.count());
        let per = u128::from(self.lane.rate.per().as_nanos());
        self.busy_until = self.busy_until.max(now) + per;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    /// The turns of requests that come at these milliseconds \[ms, rounded up\].
    fn turns(rate: &str, burst: u32, at: &[u64]) -> Vec<u64> {
        let mut pacer = Pacer::new(Lane { rate: rate.parse().expect("a rate"), burst });
        let mut turn = |ms: &u64| pacer.reserve(Instant::ORIGIN + Span::from_millis(*ms));
        at.iter().map(|ms| turn(ms).as_nanos().div_ceil(1_000_000)).collect()
    }

    #[test]
    fn turns_come_at_the_rate_after_the_burst() {
        assert_eq!(turns("1/4s", 1, &[0, 0, 0]), [0, 4_000, 8_000]);
        assert_eq!(turns("1/4s", 3, &[0, 0, 0, 0, 0]), [0, 0, 0, 4_000, 8_000]);
        assert_eq!(
            turns("1/s", 2, &[0, 0, 0, 10_000, 10_000, 10_000]),
            [0, 0, 1_000, 10_000, 10_000, 11_000]
        );
        assert_eq!(turns("3/s", 1, &[0; 7])[6], 2_000, "no drift");
    }

    /// Two turns at 1/s, then the header says 1/4s: the turn at 2 s stays, the next is 4 s later.
    #[test]
    fn a_lane_follows_another_rate_from_its_next_turn_on() {
        let lane = Lane { rate: "3/3s".parse().expect("a rate"), burst: 1 };
        let mut pacer = Pacer::new(lane);
        let mut turns: Vec<u64> = Vec::new();
        for n in 0..5 {
            if n == 2 {
                pacer.follow("1/4s".parse().expect("a rate"));
            }
            turns.push(pacer.reserve(Instant::ORIGIN).as_nanos() / 1_000_000_000);
        }
        assert_eq!(turns, [0, 1, 2, 6, 10]);
    }

    #[test]
    fn a_request_that_comes_after_its_turn_goes_at_once() {
        assert_eq!(turns("1/s", 1, &[0, 500, 5_000]), [0, 1_000, 5_000]);
    }
}
