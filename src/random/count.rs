//! How many requests a step makes: a fixed number, or one drawn for every job.
//!
//! A Poisson count compares a number drawn with one that is worked out by the system's exponential
//! and logarithm. Where those are off in the last bit, the count is another once in 10¹⁵ draws.

use super::Draws;
use rand_distr::{Distribution as _, Poisson};

/// A number of requests.
#[derive(Debug, Clone, PartialEq)]
pub enum Count {
    /// Always so many.
    Fixed(u32),
    /// Anything from `low` to `high`, both included, alike.
    Uniform {
        /// The least.
        low: u32,
        /// The greatest.
        high: u32,
    },
    /// Poisson distributed.
    Poisson {
        /// The mean.
        mean: f64,
        /// The sampler for it.
        sampler: Poisson<f64>,
    },
}

impl Count {
    /// Poisson with this mean. `None` unless the mean is above zero and at most 10⁹.
    #[must_use]
    pub fn poisson(mean: f64) -> Option<Self> {
        let sampler = Poisson::new(mean).ok().filter(|_| mean <= 1e9)?;
        Some(Self::Poisson { mean, sampler })
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(n) => f64::from(*n),
            Self::Uniform { low, high } => f64::midpoint(f64::from(*low), f64::from(*high)),
            Self::Poisson { mean, .. } => *mean,
        }
    }

    /// One sample.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn sample(&self, draws: &mut Draws) -> u32 {
        match self {
            Self::Fixed(n) => *n,
            Self::Uniform { low, high } => {
                low + draws.below(u64::from(high.saturating_sub(*low)) + 1) as u32
            }
            Self::Poisson { sampler, .. } => sampler.sample(draws) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn poisson_has_its_mean_and_variance() {
        let stream = Streams::new(11, 0).stream(Purpose::Counts, 0);
        let count = Count::poisson(30.0).expect("a mean above zero");
        let samples: Vec<f64> =
            (0..100_000).map(|n| f64::from(count.sample(&mut stream.at(n)))).collect();
        let mean = samples.iter().sum::<f64>() / 1e5;
        let variance = samples.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 1e5;
        assert!((mean - 30.0).abs() < 0.1, "{mean}");
        assert!((variance - 30.0).abs() < 0.7, "{variance}");
    }

    #[test]
    fn a_mean_must_be_a_number_above_zero() {
        for mean in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e10] {
            assert_eq!(Count::poisson(mean), None, "{mean}");
        }
    }
}
