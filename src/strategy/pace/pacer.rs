//! A pacer: a client-side bucket that is never overdrawn.
//!
//! ```text
//!   turn(n) = max(now, turn(n-1) + 1/rate), with `burst` turns in hand after idling,
//!   and `initial` of them at first
//! ```
//!
//! Instants are kept in units of 1/count ns, so that a rate of 3/s does not drift. A pacer may
//! follow the rate header, keeping to a share of it, and may take a 429 for a sign that
//! the provider's bucket is empty and empty its own (hexrw/sp-api, commit 4443a08, `core.ts`).

use super::Turn;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Rate, Share};

/// A fixed rate with a burst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pacer {
    /// How often it sends.
    pub rate: Rate,
    /// How many it may send at once after idling, at least 1.
    pub burst: u32,
    /// The share of the rate header that it follows; `None` keeps the rate it began with.
    pub follow: Option<Share>,
    /// True if a 429 empties it.
    pub emptied: bool,
    /// When every turn given so far is used up \[ns/count\].
    busy_until: u128,
}

impl Pacer {
    /// A pacer that has been idle, and follows no header.
    #[must_use]
    pub const fn new(rate: Rate, burst: u32) -> Self {
        Self { rate, burst, follow: None, emptied: false, busy_until: 0 }
    }

    /// The same, with so many turns in hand at first instead of the whole burst: with none the
    /// first turn comes after 1/rate.
    #[must_use]
    pub fn beginning_with(self, initial: u32) -> Self {
        let missing = u128::from(self.burst.saturating_sub(initial));
        Self { busy_until: missing * u128::from(self.rate.per().as_nanos()), ..self }
    }

    /// Turns in hand at the origin, while none has been taken.
    #[must_use]
    pub fn in_hand_at_first(&self) -> u32 {
        let missing = self.busy_until / u128::from(self.rate.per().as_nanos().max(1));
        self.burst.saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX))
    }

    fn go_on_at(&mut self, rate: Rate) {
        let (old, new) = (u128::from(self.rate.count()), u128::from(rate.count()));
        self.busy_until = (self.busy_until * new).div_ceil(old);
        self.rate = rate;
    }
}

impl Turn for Pacer {
    #[inline]
    fn ready_at(&mut self, now: Instant) -> Instant {
        let count = u128::from(self.rate.count());
        let per = u128::from(self.rate.per().as_nanos());
        let now = u128::from(now.as_nanos()) * count;
        let in_hand = u128::from(self.burst - 1) * per;
        let turn = now.max(self.busy_until.saturating_sub(in_hand));
        Instant::from_nanos(u64::try_from(turn.div_ceil(count)).unwrap_or(u64::MAX))
    }

    #[inline]
    fn take(&mut self, now: Instant) {
        let count = u128::from(self.rate.count());
        let now = u128::from(now.as_nanos()) * count;
        // A turn between two nanoseconds is taken at the later; the next one counts from the turn.
        let idle = now.saturating_sub(count - 1) > self.busy_until;
        let from = if idle { now } else { self.busy_until };
        self.busy_until = from + u128::from(self.rate.per().as_nanos());
    }

    fn learn(&mut self, now: Instant, ended: &Ended) {
        let told = ended.rate_limit.zip(self.follow).and_then(|(rate, share)| rate.share(share));
        if let Some(rate) = told {
            self.go_on_at(rate);
        }
        if self.emptied && ended.answer == Answer::Throttled {
            let all = u128::from(self.burst) * u128::from(self.rate.per().as_nanos());
            let empty = u128::from(now.as_nanos()) * u128::from(self.rate.count()) + all;
            self.busy_until = self.busy_until.max(empty);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use crate::wire::{Response, Status};

    /// When requests leave that come at these milliseconds, in order \[ms, rounded up\].
    fn turns(rate: &str, burst: u32, at: &[u64]) -> Vec<u64> {
        turns_of(Pacer::new(rate.parse().expect("a rate"), burst), at)
    }

    fn turns_of(mut pacer: Pacer, at: &[u64]) -> Vec<u64> {
        let mut now = Instant::ORIGIN;
        let mut turn = |ms: &u64| {
            now = pacer.ready_at(now.max(Instant::ORIGIN + Span::from_millis(*ms)));
            pacer.take(now);
            now.as_nanos().div_ceil(1_000_000)
        };
        at.iter().map(&mut turn).collect()
    }

    #[test]
    fn turns_come_at_the_rate_after_the_burst() {
        assert_eq!(turns("1/4s", 1, &[0, 0, 0]), [0, 4_000, 8_000]);
        assert_eq!(turns("1/4s", 3, &[0, 0, 0, 0, 0]), [0, 0, 0, 4_000, 8_000]);
        assert_eq!(
            turns("1/s", 2, &[0, 0, 0, 10_000, 10_000, 10_000]),
            [0, 0, 1_000, 10_000, 10_000, 11_000]
        );
        assert_eq!(turns("3/s", 1, &[0; 3_001])[3_000], 1_000_000, "no drift");
    }

    /// Burst 3 at 1/4s: none in hand at first, one, and all; full again 12 s later.
    #[test]
    fn a_pacer_may_begin_with_fewer_turns_in_hand() {
        let at = [0, 0, 0, 0, 40_000, 40_000, 40_000, 40_000];
        let pacer = Pacer::new("1/4s".parse().expect("a rate"), 3);
        for (initial, expected) in [
            (0, [4_000, 8_000, 12_000, 16_000, 40_000, 40_000, 40_000, 44_000]),
            (1, [0, 4_000, 8_000, 12_000, 40_000, 40_000, 40_000, 44_000]),
            (3, [0, 0, 0, 4_000, 40_000, 40_000, 40_000, 44_000]),
        ] {
            let turns = turns_of(pacer.clone().beginning_with(initial), &at);
            assert_eq!(turns, expected, "{initial}");
        }
        let alone = Pacer::new("1/4s".parse().expect("a rate"), 1).beginning_with(0);
        assert_eq!(turns_of(alone, &[0, 0]), [4_000, 8_000]);
    }

    /// Two turns at 1/s, then the header says 1/4s: the turn at 2 s stays, the next is 4 s later.
    #[test]
    fn a_lane_follows_another_rate_from_its_next_turn_on() {
        let rate = |text: &str| text.parse().expect("a rate");
        let mut pacer = Pacer { follow: Some(Share::WHOLE), ..Pacer::new(rate("3/3s"), 1) };
        let told = Response { rate_limit: Some(rate("1/4s")), ..Response::bare(Status::OK) };
        let (mut now, mut turns) = (Instant::ORIGIN, Vec::new());
        for n in 0..5 {
            if n == 2 {
                pacer.learn(now, &Ended::first(&told));
            }
            now = pacer.ready_at(now);
            pacer.take(now);
            turns.push(now.as_nanos() / 1_000_000_000);
        }
        assert_eq!(turns, [0, 1, 2, 6, 10]);
    }

    /// Burst 2 at 1/4s, and a 429 at 1 s: one turn at 5 s, another 4 s later.
    #[test]
    fn a_429_takes_all_turns_away_where_the_client_says_so() {
        let pacer = Pacer::new("1/4s".parse().expect("a rate"), 2);
        let throttled = Ended::first(&Response::bare(Status::TOO_MANY_REQUESTS));
        let turns = |mut pacer: Pacer| {
            let mut now = Instant::ORIGIN + Span::SECOND;
            pacer.learn(now, &throttled);
            let mut turn = || {
                now = pacer.ready_at(now);
                pacer.take(now);
                now.as_nanos() / 1_000_000_000
            };
            [turn(), turn(), turn()]
        };
        assert_eq!(turns(pacer.clone()), [1, 1, 5]);
        assert_eq!(turns(Pacer { emptied: true, ..pacer }), [5, 9, 13]);
    }

    #[test]
    fn a_request_that_comes_after_its_turn_goes_at_once() {
        assert_eq!(turns("1/s", 1, &[0, 500, 5_000]), [0, 1_000, 5_000]);
    }
}
