//! Chance, in named streams, so that everything is drawn once and found again.
//!
//! ```text
//!   seed ─ChaCha8, a stream per (replication, purpose)─► key ──► Stream(owner) ──► at(n) ──► Draws
//! ```
//!
//! A draw is a pure function of (seed, replication, purpose, owner, number): the service time of
//! request 17 of account 3 is the same whichever strategy sends it, in whatever order, on whatever
//! thread, and costs no memory per account. That is what makes a comparison of strategies one of
//! common random numbers, and a run independent of how it was divided over processors.
//!
//! The root keys come from ChaCha8, whose numbers are promised for every platform. Within a stream
//! the generator is `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014): eight bytes of state, started anew for every number.

mod count;
mod distribution;
mod ziggurat;

pub use count::Count;
pub use distribution::Distribution;

use crate::units::Span;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng, TryRng};
use std::convert::Infallible;

/// What a draw is for. Purposes never share numbers, so drawing more of one changes no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// When work arrives.
    Arrivals,
    /// How many requests a step makes.
    Counts,
    /// How long an admitted call takes.
    Service,
    /// Whether an admitted call fails or is a bad request, and what it earns.
    Fate,
    /// Whether an attempt is refused whatever the limits hold.
    Transients,
    /// Whether a response carries the rate header.
    Headers,
    /// The client's own jitter.
    Jitter,
    /// Revenue that does not come from the calls themselves.
    Revenue,
    /// What tells the requests of a source of work apart.
    Requests,
    /// Which caller gets a job of a stream for all.
    Dealing,
    /// How a usage plan changes.
    Plans,
    /// What a client's guard decides by chance.
    Guards,
    /// Which of the things that can be asked for a request asks for.
    Keys,
    /// How long a client holds a request before its first attempt.
    Starts,
    /// How long an attempt's way to the provider and back is.
    Trips,
    /// Which of those that wait for a turn of a client's pacer gets it.
    Turns,
    /// How many units a call costs.
    Costs,
    /// Which node of a provider decides about an attempt.
    Nodes,
}

const PURPOSES: usize = Purpose::Nodes as usize + 1;

/// The streams of one replication.
#[derive(Debug, Clone)]
pub struct Streams {
    keys: [u64; PURPOSES],
}

/// The draws of one purpose and owner (an account, a source of work).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

/// A generator for one draw, or a few that belong together.
#[derive(Debug, Clone)]
pub struct Draws {
    state: u64,
}

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
const NUMBER: u64 = 0xD1B5_4A32_D192_ED03;

/// The output function of `SplitMix64`: every input bit reaches every output bit.
#[inline]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Streams {
    /// The streams of replication number `replication` of a run seeded with `seed`.
    #[must_use]
    pub fn new(seed: u64, replication: u32) -> Self {
        let mut keys = [0; PURPOSES];
        for (purpose, key) in keys.iter_mut().enumerate() {
            let mut root = ChaCha8Rng::seed_from_u64(seed);
            root.set_stream(u64::from(replication) << 8 | purpose as u64);
            *key = root.next_u64();
        }
        Self { keys }
    }

    /// The stream of `owner` for `purpose`.
    #[must_use]
    pub fn stream(&self, purpose: Purpose, owner: u64) -> Stream {
        Stream { key: mix(self.keys[purpose as usize].wrapping_add(owner.wrapping_mul(GAMMA))) }
    }
}

impl Stream {
    /// The draws numbered `number`: the same ones however often and whenever they are asked for.
    #[inline]
    #[must_use]
    pub const fn at(self, number: u64) -> Draws {
        Draws { state: mix(self.key.wrapping_add(number.wrapping_mul(NUMBER))) }
    }
}

impl Stream {
    /// The owner of all draws for the `index`th thing of `number`, the same in every run.
    #[must_use]
    pub const fn owner(self, number: u64, index: u64) -> u64 {
        mix(self.at(number).state.wrapping_add(index.wrapping_mul(GAMMA)))
    }
}

impl Draws {
    /// True in a share `ppm` of a million.
    pub fn chance(&mut self, ppm: u64) -> bool {
        ppm > 0 && self.below(1_000_000) < ppm
    }

    /// A uniform span from zero to `most`, both included.
    #[inline(always)]
    pub fn up_to(&mut self, most: Span) -> Span {
        Span::from_nanos(self.below(most.as_nanos() + 1))
    }

    /// An exponential number with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        ziggurat::exponential(self)
    }

    /// A normal number with mean 0 and variance 1.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        ziggurat::normal(self)
    }

    /// 64 random bits.
    #[inline]
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        mix(self.state)
    }

    /// A uniform number from 0 to below 1, a multiple of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss)]
    pub fn uniform(&mut self) -> f64 {
        self.below(1 << 53) as f64 / (1u64 << 53) as f64
    }

    /// A uniform whole number below `n` (at least 1), off by less than n/2⁶⁴ of a chance.
    #[inline(always)]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_numbers_do_not_change_between_versions() {
        let streams = Streams::new(42, 0);
        let draws: Vec<u64> =
            [(Purpose::Arrivals, 0), (Purpose::Service, 0), (Purpose::Service, 7)]
                .map(|(purpose, owner)| streams.stream(purpose, owner).at(3).next_u64())
                .to_vec();
        assert_eq!(
            draws,
            [5_532_956_314_395_749_854, 10_476_350_101_523_651_494, 16_182_855_740_398_447_526]
        );
    }

    #[test]
    fn streams_are_told_apart_by_every_part_of_their_name() {
        let first = |seed, replication, purpose, owner, number| {
            Streams::new(seed, replication).stream(purpose, owner).at(number).next_u64()
        };
        let base = first(1, 0, Purpose::Service, 0, 0);
        assert_eq!(base, first(1, 0, Purpose::Service, 0, 0));
        for other in [
            first(2, 0, Purpose::Service, 0, 0),
            first(1, 1, Purpose::Service, 0, 0),
            first(1, 0, Purpose::Fate, 0, 0),
            first(1, 0, Purpose::Service, 1, 0),
            first(1, 0, Purpose::Service, 0, 1),
        ] {
            assert_ne!(base, other);
        }
    }

    /// The first draw of successive numbers is the pattern that the simulator uses most. 200 000
    /// of them over 100 cells: chi-squared with 99 degrees of freedom exceeds 149 once in 1000.
    #[test]
    fn first_draws_of_successive_numbers_are_uniform_and_uncorrelated() {
        let stream = Streams::new(7, 0).stream(Purpose::Service, 5);
        let cells: Vec<u64> = (0..200_000).map(|n| stream.at(n).below(100)).collect();
        for lag in [0, 1, 2, 7] {
            let mut counts = [0f64; 100];
            for (n, cell) in cells.iter().enumerate() {
                let other = if lag == 0 { 0 } else { cells[(n + lag) % cells.len()] };
                counts[usize::try_from((cell + other) % 100).expect("small")] += 1.0;
            }
            let chi: f64 = counts.iter().map(|count| (count - 2000.0).powi(2) / 2000.0).sum();
            assert!(chi < 149.0, "lag {lag}: chi-squared {chi}");
        }
    }

    #[test]
    fn chance_keeps_its_share() {
        let stream = Streams::new(7, 0).stream(Purpose::Fate, 0);
        let hits = (0..100_000).filter(|n| stream.at(*n).chance(20_000)).count();
        // Binomial(100 000, 0.02): mean 2000, standard deviation 44; five of them allowed.
        assert!((1780..=2220).contains(&hits), "{hits}");
        assert!(!stream.at(0).chance(0));
        assert!((0..1000).all(|n| stream.at(n).chance(1_000_000)));
    }
}
