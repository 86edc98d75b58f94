//! Counts over virtual time in a bounded number of intervals.
//!
//! Intervals begin at 1 ms. When the run outgrows them they are folded into the next length of a
//! ladder that people read (1 ms, 5 ms, … 1 s, … 1 min, … 1 day, …), each a multiple of the one
//! before, so that folding adds whole intervals and two timelines of any lengths merge exactly.

use super::tick;
use crate::units::{Instant, Span};
use std::iter::repeat_n;
use std::num::NonZeroU64;

/// The lengths of an interval \[ms\].
pub(super) const LADDER: [u64; 23] = [
    1,
    5,
    10,
    50,
    100,
    500,
    1_000,
    5_000,
    10_000,
    30_000,
    60_000,
    300_000,
    600_000,
    1_800_000,
    3_600_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
    2_419_200_000,
    12_096_000_000,
    120_960_000_000,
];

/// Intervals at most.
pub(super) const MOST: usize = 480;

pub(super) const fn width(rung: usize) -> Span {
    Span::from_millis(LADDER[rung])
}

/// The same in nanoseconds, to divide by.
fn nanos(rung: usize) -> NonZeroU64 {
    NonZeroU64::new(width(rung).as_nanos()).expect("an interval has a length")
}

/// What an interval counts; refusals follow, a channel for each cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Requests that arose.
    Arrived,
    /// Requests that ended.
    Ended,
    /// Requests that were given up, which are among those that ended.
    GivenUp,
    /// Attempts admitted and not failed.
    Admitted,
    /// Attempts that failed.
    Failed,
    /// Attempts refused for this cause.
    Throttled(u16),
}

const FIXED_CHANNELS: usize = 5;

impl Channel {
    fn index(self) -> usize {
        match self {
            Self::Arrived => 0,
            Self::Ended => 1,
            Self::GivenUp => 2,
            Self::Admitted => 3,
            Self::Failed => 4,
            Self::Throttled(cause) => FIXED_CHANNELS + usize::from(cause),
        }
    }
}

/// Counts per interval, in several channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    rung: usize,
    channels: usize,
    /// Interval by interval, channel by channel.
    counts: Vec<u64>,
    /// The length of an interval \[ns\].
    width: NonZeroU64,
    current: Current,
}

/// The interval that is counted in as long as time does not leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Current {
    /// Where its first count is.
    place: usize,
    /// When it begins \[ns\].
    from: u64,
}

impl Current {
    /// None: it begins after any time that there is, by more than an interval is long.
    const NONE: Self = Self { place: 0, from: 1 << 63 };
}

impl Timeline {
    /// Nothing yet, with channels for so many causes.
    #[must_use]
    pub fn new(causes: usize) -> Self {
        let (channels, width) = (FIXED_CHANNELS + causes, nanos(0));
        Self { rung: 0, channels, counts: Vec::new(), width, current: Current::NONE }
    }

    /// From now on counts are those of the interval of `at`.
    #[inline(always)]
    pub fn turn(&mut self, at: Instant) {
        if at.as_nanos().wrapping_sub(self.current.from) >= self.width.get() {
            self.turn_to(at);
        }
    }

    /// Counts one in the interval that it was turned to.
    #[inline(always)]
    pub fn count(&mut self, channel: Channel) {
        tick(&mut self.counts[self.current.place + channel.index()], true);
    }

    /// Counts one that is known before it happens; until the next turn, counts may be of its
    /// interval.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation)]
    pub fn count_ahead(&mut self, at: Instant, channel: Channel) {
        let interval = (at.as_nanos() / self.width) as usize;
        match self.counts.get_mut(interval * self.channels + channel.index()) {
            Some(count) => tick(count, true),
            None => {
                self.turn(at);
                self.count(channel);
            }
        }
    }

    /// The length of an interval.
    #[must_use]
    pub const fn width(&self) -> Span {
        width(self.rung)
    }

    /// How many intervals there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len() / self.channels
    }

    /// True if nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The counts of one channel, interval by interval.
    pub fn channel(&self, channel: Channel) -> impl Iterator<Item = u64> + '_ {
        self.counts.chunks(self.channels).map(move |interval| interval[channel.index()])
    }

    /// All refusals, interval by interval.
    pub fn throttled(&self) -> impl Iterator<Item = u64> + '_ {
        self.counts.chunks(self.channels).map(|interval| interval[FIXED_CHANNELS..].iter().sum())
    }

    /// Requests arrived and not yet ended at each interval's end.
    pub fn backlog(&self) -> impl Iterator<Item = u64> + '_ {
        let mut waiting = 0;
        self.channel(Channel::Arrived).zip(self.channel(Channel::Ended)).map(move |(in_, out)| {
            waiting = waiting + in_ - out;
            waiting
        })
    }

    /// The same counts, with one channel for refusals of all causes.
    #[must_use]
    pub fn condensed(&self) -> Self {
        let channels = FIXED_CHANNELS + 1;
        let interval = |counts: &[u64]| {
            let (fixed, refused) = counts.split_at(FIXED_CHANNELS);
            let all: Vec<u64> = fixed.iter().copied().chain([refused.iter().sum()]).collect();
            all
        };
        let counts = self.counts.chunks(self.channels).flat_map(interval).collect();
        Self { channels, counts, current: Current::NONE, ..*self }
    }

    /// The same counts in intervals of at least `width`.
    #[must_use]
    pub fn folded_to(&self, width: Span) -> Self {
        let mut folded = self.clone();
        while folded.width() < width && folded.rung + 1 < LADDER.len() {
            folded.fold();
        }
        folded
    }

    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        while self.rung < other.rung {
            self.fold();
        }
        while other.rung < self.rung {
            other.fold();
        }
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
    }

    #[inline(never)]
    #[expect(clippy::cast_possible_truncation)]
    fn turn_to(&mut self, at: Instant) {
        let interval = at.as_nanos() / self.width;
        let place = interval as usize * self.channels;
        if place >= self.counts.len() {
            return self.grow_to(at);
        }
        self.current = Current { place, from: interval * self.width.get() };
    }

    /// As `turn_to`, of an interval that is not there yet.
    #[cold]
    #[expect(clippy::cast_possible_truncation)]
    fn grow_to(&mut self, at: Instant) {
        let mut interval = at.as_nanos() / self.width;
        while interval >= MOST as u64 && self.rung + 1 < LADDER.len() {
            self.fold();
            interval = at.as_nanos() / self.width;
        }
        let more = (interval as usize + 1).saturating_sub(self.len()) * self.channels;
        self.counts.extend(repeat_n(0, more));
        self.turn_to(at);
    }

    fn fold(&mut self) {
        let ratio = fold_ratio(&mut self.rung);
        let mut folded = vec![0; self.len().div_ceil(ratio) * self.channels];
        for (number, interval) in self.counts.chunks(self.channels).enumerate() {
            let first = number / ratio * self.channels;
            let sums = &mut folded[first..first + interval.len()];
            for (channel, count) in interval.iter().enumerate() {
                sums[channel] += count;
            }
        }
        self.counts = folded;
        (self.width, self.current) = (nanos(self.rung), Current::NONE);
    }
}

/// Moves a rung up the ladder; how many old intervals make a new one.
#[expect(clippy::cast_possible_truncation)]
pub(super) fn fold_ratio(rung: &mut usize) -> usize {
    *rung += 1;
    (LADDER[*rung] / LADDER[*rung - 1]) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(causes: usize, millis: &[u64]) -> Timeline {
        let mut timeline = Timeline::new(causes);
        for (n, ms) in millis.iter().enumerate() {
            let channel = if n % 2 == 0 { Channel::Admitted } else { Channel::Throttled(0) };
            timeline.turn(Instant::ORIGIN + Span::from_millis(*ms));
            timeline.count(channel);
        }
        timeline
    }

    #[test]
    fn the_ladder_is_one() {
        for pair in LADDER.windows(2) {
            assert_eq!(pair[1] % pair[0], 0, "{pair:?}");
        }
        let last = LADDER[LADDER.len() - 1];
        assert!(
            u128::from(last) * MOST as u128 >= 2 * u128::from(Span::LONGEST.as_nanos() / 1_000_000)
        );
    }

    #[test]
    fn a_run_that_outgrows_its_intervals_folds_them() {
        let timeline = of(1, &[0, 1, 2, 3, 4, 5, 3_600_000]);
        assert_eq!(timeline.width(), Span::from_secs(10));
        assert_eq!(timeline.channel(Channel::Admitted).sum::<u64>(), 4);
        assert_eq!(timeline.throttled().next(), Some(3));
        assert_eq!(timeline.len(), 361);
    }

    #[test]
    fn the_backlog_is_what_arrived_less_what_ended() {
        let mut timeline = Timeline::new(0);
        for (ms, channel) in
            [(0, Channel::Arrived), (0, Channel::Arrived), (1, Channel::Ended), (3, Channel::Ended)]
        {
            timeline.turn(Instant::ORIGIN + Span::from_millis(ms));
            timeline.count(channel);
        }
        assert_eq!(timeline.backlog().collect::<Vec<_>>(), [2, 1, 1, 0]);
    }

    proptest! {
        #[test]
        fn merging_is_counting_together(
            a in prop::collection::vec(0u64..10_000_000, 0..60),
            b in prop::collection::vec(0u64..2_000, 0..60),
        ) {
            let a = [a, vec![]].concat();
            let even = a.len() / 2 * 2;
            let mut merged = of(1, &a[..even]);
            merged.merge(&of(1, &b));
            let together = of(1, &[&a[..even], &b].concat());
            prop_assert_eq!(merged.width(), together.width());
            prop_assert_eq!(merged.counts, together.counts);
        }
    }
}
