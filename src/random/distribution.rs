//! Lengths of time that vary, each sample rounded to a whole nanosecond at once.
//!
//! `exponential: mean·E`, `lognormal: median·exp(σ·N)` with `σ = ln(p99/median)/2.326…`, so that
//! it is stated by two figures that a latency dashboard shows. The exponential of a number comes
//! from one software library, so that every machine gets the same bits.

use super::Draws;
use crate::units::Span;
use rand_distr::{Distribution as _, Exp1, StandardNormal};

/// The 99th percentile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

/// A distribution of spans.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(Span),
    /// Anything from `low` to `high`, both included, alike.
    Uniform {
        /// The least.
        low: Span,
        /// The greatest.
        high: Span,
    },
    /// Memoryless, as between the arrivals of a crowd.
    Exponential {
        /// The mean \[s\].
        mean: f64,
    },
    /// A body with a long tail, as real latencies have.
    LogNormal {
        /// Half of the samples are below \[s\].
        median: f64,
        /// The standard deviation of the logarithm.
        sigma: f64,
    },
}

impl Distribution {
    /// The exponential distribution with this mean.
    #[must_use]
    pub fn exponential(mean: Span) -> Self {
        Self::Exponential { mean: mean.as_secs_f64() }
    }

    /// The log-normal distribution with this median and 99th percentile, which must not be less.
    #[must_use]
    pub fn lognormal(median: Span, p99: Span) -> Self {
        let (median, p99) = (median.as_secs_f64(), p99.as_secs_f64());
        Self::LogNormal { median, sigma: libm::log(p99 / median) / Z99 }
    }

    /// One sample.
    #[inline]
    #[must_use]
    pub fn sample(&self, draws: &mut Draws) -> Span {
        match *self {
            Self::Constant(span) => span,
            Self::Uniform { low, high } => low + draws.up_to(high - low),
            Self::Exponential { mean } => {
                let unit: f64 = Exp1.sample(draws);
                Span::from_secs_f64(mean * unit)
            }
            Self::LogNormal { median, sigma } => {
                let unit: f64 = StandardNormal.sample(draws);
                Span::from_secs_f64(median * libm::exp(sigma * unit))
            }
        }
    }

    /// The mean, where it is known in closed form \[s\].
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Constant(span) => span.as_secs_f64(),
            Self::Uniform { low, high } => f64::midpoint(low.as_secs_f64(), high.as_secs_f64()),
            Self::Exponential { mean } => mean,
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn sorted_samples(distribution: &Distribution, n: u64) -> Vec<f64> {
        let stream = Streams::new(11, 0).stream(Purpose::Service, 0);
        let sample = |i| distribution.sample(&mut stream.at(i)).as_secs_f64();
        let mut samples: Vec<f64> = (0..n).map(sample).collect();
        samples.sort_by(f64::total_cmp);
        samples
    }

    /// Theory's quantiles, tolerance 2 % on 200 000 samples.
    #[test]
    fn samples_have_the_quantiles_of_the_theory() {
        let (ms, s) = (Span::from_millis, Span::from_secs);
        let cases = [
            (Distribution::Constant(ms(5)), 0.005, 0.005, 0.005),
            (Distribution::Uniform { low: s(1), high: s(3) }, 2.0, 2.98, 2.0),
            (Distribution::exponential(s(1)), 2f64.ln(), 100f64.ln(), 1.0),
            (Distribution::lognormal(ms(180), ms(900)), 0.18, 0.9, 0.228_7),
        ];
        for (distribution, median, p99, mean) in cases {
            let samples = sorted_samples(&distribution, 200_000);
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.02;
            assert!(near(samples[100_000], median), "{distribution:?}: {}", samples[100_000]);
            assert!(near(samples[198_000], p99), "{distribution:?}: {}", samples[198_000]);
            assert!(near(samples.iter().sum::<f64>() / 2e5, mean), "{distribution:?}");
            assert!(near(distribution.mean(), mean), "{distribution:?}: {}", distribution.mean());
        }
    }
}
