//! The arrival processes: each gives the instant of its n-th arrival from the one before.
//!
//! | process | n-th arrival |
//! |---|---|
//! | burst | as listed, `count` at once |
//! | constant | `offset + n·per/count`, exact, never accumulated |
//! | poisson | previous + Exp(1/rate) |
//! | every | `offset + lag + n·period + U(0, jitter)`, with jitter ≤ period, so in order |
//! | profile | where the integral of a changing rate has grown by Exp(1) |
//! | on/off | the same, with a rate that switches at random |
//! | trace | as recorded; it is read row by row, see [`Trace`] |
//! | closed | none of its own: a member comes back a think time after its job has ended |
//!
//! A schedule's lag is `spread·k/callers` for caller k: the same for all, but not all at once.

use super::memory::Memory;
use super::{Closed, OnOff, Profile, Trace, Turn};
use crate::random::{Distribution, Stream};
use crate::units::{Instant, Rate, Span};

/// When jobs arrive.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Arrivals {
    /// At stated instants, several at once; in order of time.
    Burst(Vec<Burst>),
    /// At even distances.
    Constant {
        /// How often.
        rate: Rate,
        /// The first arrival.
        offset: Span,
    },
    /// Independently of each other.
    Poisson {
        /// From one to the next; exponential.
        gap: Distribution,
    },
    /// On a schedule.
    Every {
        /// From one to the next.
        period: Span,
        /// The first one.
        offset: Span,
        /// Each is late by up to so much; at most the period.
        jitter: Span,
        /// The callers' first ones lie evenly over so much; at most the period.
        spread: Span,
    },
    /// Independently of each other, at a rate that follows a profile.
    Profile(Profile),
    /// Independently of each other, at a rate that switches at random.
    OnOff(OnOff),
    /// As they were recorded; one stream for all callers.
    Trace(Trace),
    /// When the job before has ended and a think time has passed.
    Closed(Closed),
}

/// Arrivals at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// When.
    pub at: Instant,
    /// How many.
    pub count: u64,
}

impl Arrivals {
    /// Independent arrivals, `rate` in the mean.
    #[must_use]
    pub fn poisson(rate: Rate) -> Self {
        Self::Poisson { gap: Distribution::Exponential { mean: 1.0 / rate.per_second_f64() } }
    }

    /// How much later than the first caller's the schedule of a caller is.
    pub(super) fn lag(&self, turn: Turn) -> Span {
        let Self::Every { spread, .. } = self else { return Span::ZERO };
        let nanos = u128::from(spread.as_nanos()) * u128::from(turn.number) / u128::from(turn.of);
        Span::from_nanos(u64::try_from(nanos).unwrap_or(0))
    }

    /// The instant of arrival `number` (from 0), the one before having been at `previous`.
    /// `None` when there are no more.
    #[inline(always)]
    pub(super) fn nth(
        &self,
        number: u64,
        previous: Instant,
        stream: Stream,
        memory: &mut Memory,
    ) -> Option<Instant> {
        match self {
            Self::Poisson { gap } => Some(previous + gap.sample(&mut stream.at(number))),
            _ => self.nth_of_rarer(number, previous, stream, memory),
        }
    }

    /// As `nth`, of all but the most usual process, where a call more does not matter.
    #[inline(never)]
    fn nth_of_rarer(
        &self,
        number: u64,
        previous: Instant,
        stream: Stream,
        memory: &mut Memory,
    ) -> Option<Instant> {
        match self {
            Self::Burst(bursts) => {
                let mut before = 0;
                bursts.iter().find_map(|burst| {
                    before += burst.count;
                    (number < before).then_some(burst.at)
                })
            }
            Self::Constant { rate, offset } => {
                let nanos = u128::from(number) * u128::from(rate.per().as_nanos());
                let nanos = nanos / u128::from(rate.count());
                Some(Instant::ORIGIN + *offset + Span::from_nanos(u64::try_from(nanos).ok()?))
            }
            Self::Every { period, offset, jitter, .. } => {
                let late = stream.at(number).up_to(*jitter);
                let Memory::Lag(lag) = *memory else { return None };
                Some(Instant::ORIGIN + *offset + lag + period.times(number) + late)
            }
            Self::Profile(profile) => profile.after(previous, stream.at(number).exponential()),
            Self::OnOff(on_off) => {
                let Memory::Phase(phase) = memory else { return None };
                on_off.after(previous, stream.at(number).exponential(), stream, phase)
            }
            Self::Trace(_) => {
                let Memory::Replay(replay) = memory else { return None };
                replay.advance(stream)
            }
            Self::Poisson { .. } | Self::Closed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::workload::Source;

    fn first(arrivals: &Arrivals, n: u64) -> Vec<Instant> {
        first_of(Turn::ONLY, arrivals, n)
    }

    fn first_of(turn: Turn, arrivals: &Arrivals, n: u64) -> Vec<Instant> {
        let stream = Streams::new(3, 0).stream(Purpose::Arrivals, 0);
        let (mut source, mut next) = Source::new(arrivals, stream, turn);
        let take = |_| {
            let at = next?;
            next = source.advance(arrivals, at);
            Some(at)
        };
        (0..n).map_while(take).collect()
    }

    fn millis(list: &[u64]) -> Vec<Instant> {
        list.iter().map(|ms| Instant::ORIGIN + Span::from_millis(*ms)).collect()
    }

    #[test]
    fn each_process_arrives_as_its_formula_says() {
        let burst = |ms, count| Burst { at: Instant::ORIGIN + Span::from_millis(ms), count };
        let rate = "3/s".parse().expect("a rate");
        let every = Arrivals::Every {
            period: Span::MINUTE,
            offset: Span::from_secs(11),
            jitter: Span::ZERO,
            spread: Span::ZERO,
        };
        let constant = Arrivals::Constant { rate, offset: Span::ZERO };
        assert_eq!(first(&Arrivals::Burst(vec![burst(5, 2), burst(9, 1)]), 9), millis(&[5, 5, 9]));
        assert_eq!(first(&every, 3), millis(&[11_000, 71_000, 131_000]));
        assert_eq!(first(&constant, 4)[3], Instant::ORIGIN + Span::SECOND, "no drift");
    }

    #[test]
    fn jitter_as_long_as_the_period_stays_in_order_and_within_it() {
        let period = Span::MINUTE;
        let (offset, spread) = (Span::ZERO, Span::ZERO);
        let every = Arrivals::Every { period, offset, jitter: period, spread };
        let times = first(&every, 1000);
        assert!(times.is_sorted());
        for (n, at) in times.iter().enumerate() {
            assert_eq!(at.as_nanos() / period.as_nanos(), n as u64);
        }
    }

    #[test]
    fn a_spread_schedule_begins_for_each_caller_at_its_own_time() {
        let (period, offset) = (Span::HOUR, Span::from_secs(660));
        let every = Arrivals::Every { period, offset, jitter: Span::ZERO, spread: Span::HOUR };
        for (number, expected) in [(0, [660, 4_260]), (1, [1_860, 5_460]), (2, [3_060, 6_660])] {
            let times = first_of(Turn { number, of: 3 }, &every, 2);
            assert_eq!(times, millis(&expected.map(|s| s * 1_000)), "{number}");
        }
    }

    /// Theory: 100 000 arrivals at 10/s take 10 000 s, standard deviation 32 s; five allowed.
    #[test]
    fn poisson_keeps_its_rate() {
        let poisson = Arrivals::poisson("10/s".parse().expect("a rate"));
        let last = first(&poisson, 100_000).pop().expect("an arrival");
        assert!((last.as_secs_f64() - 10_000.0).abs() < 160.0, "{last}");
    }
}
