//! Lengths of time that vary, each sample rounded to a whole nanosecond at once.
//!
//! `exponential: mean·E`, `lognormal: median·exp(σ·N)` with `σ = ln(p99/median)/2.326…`, so that
//! it is stated by two figures that a latency dashboard shows; `gamma: mean shape·scale`. The
//! exponential and logarithm of a number come from one software library, so that every machine
//! gets the same bits.

use super::Draws;
use crate::units::Span;
use std::sync::Arc;

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
    /// A sum of exponentials, as of a call that passes several stations.
    Gamma {
        /// How many, not necessarily whole; above 0.
        shape: f64,
        /// The mean of each \[s\].
        scale: f64,
    },
    /// Any of those that were measured, alike; at least one.
    Empirical(Arc<[Span]>),
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
            Self::Exponential { mean } => Span::from_secs_f64(mean * draws.exponential()),
            _ => {
                // A copy, so that the draws of the others stay in registers.
                let mut own = draws.clone();
                let span = self.sample_rarer(&mut own);
                *draws = own;
                span
            }
        }
    }

    /// As `sample`, of those that take so long that a call more does not matter.
    fn sample_rarer(&self, draws: &mut Draws) -> Span {
        match *self {
            Self::Constant(_) | Self::Exponential { .. } => Span::ZERO,
            Self::Uniform { low, high } => low + draws.up_to(high - low),
            Self::LogNormal { median, sigma } => {
                Span::from_secs_f64(median * libm::exp(sigma * draws.normal()))
            }
            Self::Gamma { shape, scale } => Span::from_secs_f64(scale * gamma(shape, draws)),
            Self::Empirical(ref samples) => {
                let place = draws.below(samples.len() as u64);
                usize::try_from(place)
                    .ok()
                    .and_then(|place| samples.get(place))
                    .copied()
                    .unwrap_or(Span::ZERO)
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
            Self::Gamma { shape, scale } => shape * scale,
            Self::Empirical(ref samples) => {
                let sum: f64 = samples.iter().map(|span| span.as_secs_f64()).sum();
                sum / samples.len().max(1) as f64
            }
        }
    }
}

/// A gamma variate of scale 1 (Marsaglia and Tsang, "A simple method for generating gamma
/// variables", 2000); a shape below 1 is that of one more, times U^(1/shape).
fn gamma(shape: f64, draws: &mut Draws) -> f64 {
    if shape < 1.0 {
        let lift = libm::pow(uniform(draws), 1.0 / shape);
        return gamma(shape + 1.0, draws) * lift;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = draws.normal();
        let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
        if v > 0.0 && libm::log(uniform(draws)) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// Uniform above 0 and below 1.
fn uniform(draws: &mut Draws) -> f64 {
    (draws.below(1 << 52) as f64 + 0.5) / (1u64 << 52) as f64
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
        let measured = [ms(100), ms(200), ms(300)];
        let cases = [
            (Distribution::Constant(ms(5)), 0.005, 0.005, 0.005),
            (Distribution::Uniform { low: s(1), high: s(3) }, 2.0, 2.98, 2.0),
            (Distribution::exponential(s(1)), 2f64.ln(), 100f64.ln(), 1.0),
            (Distribution::lognormal(ms(180), ms(900)), 0.18, 0.9, 0.228_7),
            (Distribution::Gamma { shape: 2.0, scale: 0.5 }, 0.839_2, 3.319_2, 1.0),
            (Distribution::Gamma { shape: 0.5, scale: 2.0 }, 0.454_9, 6.634_9, 1.0),
            (Distribution::Empirical(measured.into()), 0.2, 0.3, 0.2),
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
