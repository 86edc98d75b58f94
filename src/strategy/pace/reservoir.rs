//! A reservoir: so many turns come at once at every tick of a period, up to a most.
//!
//! ```text
//!   at every k·every after the start: level = min(most, level + amount);  a turn takes 1
//! ```
//!
//! Source: SGrondin/bottleneck, commit b835283 (2.19.5), `reservoirIncreaseInterval`, as the
//! JavaScript client of amzn/selling-partner-api-sdk, commit 2a03f00, sets it: for a rate of r a
//! second ⌊r⌋ each second, or 1 each ⌈1/r⌉ seconds. Its clock ticks every 250 ms, which all of the
//! periods that occur are multiples of.

use super::Turn;
use crate::strategy::Ended;
use crate::units::{Instant, Rate, Span};

/// So many turns come at once at every tick of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservoir {
    /// How many come.
    pub amount: u32,
    /// How often, above 0.
    pub every: Span,
    /// How many there are at first, and at most.
    pub most: u32,
    /// Turns that are out, as of a tick.
    taken: u32,
    tick: u64,
}

impl Reservoir {
    /// A full one, to which so many come so often.
    #[must_use]
    pub const fn each(amount: u32, every: Span, most: u32) -> Self {
        Self { amount, every, most, taken: 0, tick: 0 }
    }

    /// A full one for a rate, by the rounding of its source to whole seconds.
    #[must_use]
    pub fn of(rate: Rate, most: u32) -> Self {
        let (count, per) = (u128::from(rate.count()), u128::from(rate.per().as_nanos()));
        let second = u128::from(Span::SECOND.as_nanos());
        let whole = u32::try_from(count * second / per).unwrap_or(u32::MAX);
        let (amount, seconds) = match whole {
            0 => (1, per.div_ceil(count * second)),
            whole => (whole, 1),
        };
        let every = Span::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX >> 32));
        Self::each(amount, every, most)
    }

    fn roll(&mut self, now: Instant) {
        let tick = now.as_nanos() / self.every.as_nanos().max(1);
        let come = u128::from(tick - self.tick.min(tick)) * u128::from(self.amount);
        self.taken = u32::try_from(u128::from(self.taken).saturating_sub(come)).unwrap_or(0);
        self.tick = tick;
    }
}

impl Turn for Reservoir {
    fn ready_at(&mut self, now: Instant) -> Instant {
        self.roll(now);
        if self.taken < self.most {
            return now;
        }
        Instant::ORIGIN + self.every.times(self.tick + 1)
    }

    fn take(&mut self, now: Instant) {
        self.roll(now);
        self.taken += 1;
    }

    fn learn(&mut self, _: Instant, _: &Ended) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_as_its_source_does() {
        for (rate, amount, every) in
            [("10/s", 10, 1), ("1/60s", 1, 60), ("17/15s", 1, 1), ("3/2s", 1, 1), ("0.4/s", 1, 3)]
        {
            let reservoir = Reservoir::of(rate.parse().expect("a rate"), 5);
            let expected = (amount, Span::from_secs(every));
            assert_eq!((reservoir.amount, reservoir.every), expected, "{rate}");
        }
    }

    #[test]
    fn turns_come_at_ticks_and_no_more_than_fit() {
        let mut reservoir = Reservoir::of("2/s".parse().expect("a rate"), 3);
        let mut left = Vec::new();
        for ms in [0, 0, 0, 0, 0, 0, 5_500, 5_500, 5_500, 5_500] {
            let asked = Instant::ORIGIN + Span::from_millis(ms);
            let now = reservoir.ready_at(asked.max(left.last().copied().unwrap_or(asked)));
            reservoir.take(now);
            left.push(now);
        }
        let ms: Vec<u64> = left.iter().map(|at| at.as_nanos() / 1_000_000).collect();
        assert_eq!(ms, [0, 0, 0, 1_000, 1_000, 2_000, 5_500, 5_500, 5_500, 6_000]);
    }
}
