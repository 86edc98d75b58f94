//! How far a mean of some runs may be from the true mean.
//!
//! ```text
//!   level   5 % ÷ (candidates × bounds of each × looks), to one side
//!   bound   Student's quantile at this level × standard error, of n runs n − 1 degrees of freedom
//! ```
//!
//! The race is that of Kim and Nelson (2001): paired differences on common random numbers, an
//! indifference zone, and candidates that drop out as soon as they are surely not better. Their
//! bound pays for a look after every run. The race looks only so often that Student's bound, its
//! level shared by all looks, is narrower; a test holds that. Both suppose that the differences of
//! a pair are about normally distributed.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The chance that any bound of a race is wrong, at most.
pub(super) const RISK: f64 = 0.05;

/// The chance that one bound is wrong, to one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level(f64);

impl Level {
    /// So many bounds, of which none is wrong with a chance of 95 %.
    #[expect(clippy::cast_precision_loss)]
    pub fn shared_by(bounds: usize) -> Self {
        Self(RISK / bounds.max(1) as f64)
    }

    /// One interval of 95 %, as expectations have it.
    pub const fn of_one() -> Self {
        Self(0.025)
    }

    /// Student's quantile for so many runs; infinite for one.
    #[expect(clippy::cast_precision_loss)]
    fn quantile(self, runs: usize) -> f64 {
        let student = StudentsT::new(0.0, 1.0, runs as f64 - 1.0).ok();
        student.map_or(f64::INFINITY, |student| student.inverse_cdf(1.0 - self.0))
    }

    /// The quantiles for every number of runs up to this.
    pub fn quantiles(self, most: usize) -> Quantiles {
        Quantiles((0..=most).map(|runs| self.quantile(runs)).collect())
    }
}

/// Quantiles by the number of runs.
#[derive(Debug, Clone)]
pub(super) struct Quantiles(Vec<f64>);

impl Quantiles {
    /// Half of the interval of the mean: 0 of several values that are all the same, infinite of
    /// one.
    #[expect(clippy::cast_precision_loss)]
    pub fn half(&self, values: &[f64]) -> f64 {
        let middle = mean(values);
        let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
        let runs = values.len() as f64;
        if values.len() < 2 {
            return f64::INFINITY;
        }
        if squares == 0.0 || !middle.is_finite() {
            return 0.0;
        }
        self.of(values.len()) * (squares / (runs - 1.0).max(1.0) / runs).sqrt()
    }

    /// What a half after so many runs comes to after `most`, if the runs go on as they began.
    #[expect(clippy::cast_precision_loss)]
    pub fn after(&self, half: f64, runs: usize, most: usize) -> f64 {
        let shrinks = (runs.max(1) as f64 / most.max(1) as f64).sqrt();
        half * shrinks * self.of(most) / self.of(runs)
    }

    fn of(&self, runs: usize) -> f64 {
        self.0.get(runs).copied().unwrap_or(f64::INFINITY)
    }
}

/// The mean; 0 of nothing.
#[expect(clippy::cast_precision_loss)]
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The difference of two costs; what never comes equals itself.
pub(super) fn difference(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { a - b }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the interval of Kim and Nelson, in standard deviations, after so many of `most`
    /// runs: the variance is that of the first, and every later run is looked at.
    fn kim_nelson(beta: f64, first: f64, runs: f64, most: f64) -> f64 {
        let h = ((first - 1.0) * (beta.powf(-2.0 / (first - 1.0)) - 1.0)).sqrt();
        h / 2.0 * (most.sqrt() / runs + 1.0 / most.sqrt())
    }

    #[test]
    fn a_few_looks_cost_less_than_a_look_after_every_run() {
        let bounds = 400 * 4;
        let looks = [4, 8, 12, 16, 24, 32];
        let quantiles = Level::shared_by(bounds * looks.len()).quantiles(32);
        let student = |runs: usize| quantiles.0[runs] / (runs as f64).sqrt();
        let beta = RISK / bounds as f64;
        for (runs, first) in [(8, 8.0), (16, 8.0), (16, 16.0), (32, 8.0), (32, 16.0)] {
            let other = kim_nelson(beta, first, runs as f64, 32.0);
            assert!(student(runs) < other, "{runs}: {} against {other}", student(runs));
        }
    }

    #[test]
    fn equal_values_have_no_interval() {
        let quantiles = Level::of_one().quantiles(4);
        assert_eq!(quantiles.half(&[2.0; 4]), 0.0);
        assert_eq!(quantiles.half(&[f64::INFINITY, 1.0]), 0.0);
        assert_eq!(quantiles.half(&[1.0]), f64::INFINITY);
        // Student's quantile of three degrees of freedom, and a standard error of 1.
        let half = quantiles.half(&[0.0, 2.0, 0.0, 4.0]);
        assert!((half - 3.182 * 0.957).abs() < 0.01);
        // Of two runs the quantile is 12.71, and the standard error is the square root of 2 larger.
        assert!((quantiles.after(half * 12.71 / 3.182 * 2_f64.sqrt(), 2, 4) - half).abs() < 0.01);
    }
}
