//! A mean over replications with its 95 % interval, `m ± t(0.975, n-1)·s/√n`, Student's.
//!
//! It needs two replications; of one there is a mean and no interval. The mean of a share that
//! counts make in each replication, `R = Σaᵢ/Σbᵢ`, has `± t·s/√n` over the mean of `b`, with `s` of
//! the residuals `aᵢ - R·bᵢ` (Cochran, "Sampling Techniques").

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean over replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The 95 % interval, from two replications on.
    pub ci95: Option<[f64; 2]>,
}

/// Estimates from so many values each.
#[derive(Debug, Clone, Copy)]
pub struct Student {
    n: f64,
    /// Student's t; `None` of one value.
    t: Option<f64>,
}

impl Student {
    /// From `number` values.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn of(number: usize) -> Self {
        let n = number as f64;
        let student = StudentsT::new(0.0, 1.0, n - 1.0).ok();
        Self { n, t: student.map(|student| student.inverse_cdf(0.975)) }
    }

    /// The mean of one value per replication; `None` of no values.
    #[must_use]
    pub fn mean(&self, values: &[f64]) -> Option<Estimate> {
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / self.n;
        let half = self.half(values.iter().map(|value| value - mean));
        Some(Estimate { mean, ci95: half.map(|half| [mean - half, mean + half]) })
    }

    /// The share that counts `(part, whole)` of each replication make; `None` of nothing.
    #[must_use]
    pub fn share(&self, counts: &[(f64, f64)]) -> Option<Estimate> {
        let whole: f64 = counts.iter().map(|(_, whole)| whole).sum();
        if whole <= 0.0 {
            return None;
        }
        let mean = counts.iter().map(|(part, _)| part).sum::<f64>() / whole;
        let half = self.half(counts.iter().map(|(part, whole)| part - mean * whole));
        let half = half.map(|half| half * self.n / whole);
        let ci95 = half.map(|half| [(mean - half).max(0.0), (mean + half).min(1.0)]);
        Some(Estimate { mean, ci95 })
    }

    /// Half of the interval of a mean, from how far each value is from it.
    fn half(&self, residuals: impl Iterator<Item = f64>) -> Option<f64> {
        let squares: f64 = residuals.map(|residual| residual.powi(2)).sum();
        Some(self.t? * (squares / (self.n - 1.0) / self.n).sqrt())
    }
}

impl Estimate {
    /// The estimate from one value per replication; `None` of no values.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        Student::of(values.len()).mean(values)
    }

    /// The ends of the interval; both are the mean, if it is not known.
    #[must_use]
    pub fn ends(&self) -> [f64; 2] {
        self.ci95.unwrap_or([self.mean; 2])
    }

    /// Half of the interval.
    #[must_use]
    pub fn half(&self) -> Option<f64> {
        self.ci95.map(|[low, high]| (high - low) / 2.0)
    }

    /// How many replications bring half of the interval of `number` to a width; `None` if these
    /// do. Half a width takes about four times as many.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn replications_for(&self, number: u32, width: f64) -> Option<u32> {
        let half = self.half()?;
        if half <= width {
            return None;
        }
        let times = (half / width).powi(2);
        // Beyond four thousand million nobody waits.
        let wanted = (f64::from(number) * times).ceil().min(f64::from(u32::MAX)).max(1.0) as u32;
        Some(wanted.max(number.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student's t for 29 degrees of freedom is 2.045230 in every table.
    #[test]
    fn intervals_are_students() {
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        let estimate = Estimate::of(&values).expect("values");
        let deviation = (30.0f64 * 31.0 / 12.0).sqrt();
        let half = 2.045_230 * deviation / 30f64.sqrt();
        let [low, high] = estimate.ci95.expect("an interval");
        assert!((low - (14.5 - half)).abs() < 1e-5 && (high - (14.5 + half)).abs() < 1e-5);
        assert_eq!(Estimate::of(&[3.0]), Some(Estimate { mean: 3.0, ci95: None }));
        assert_eq!(Estimate::of(&[]), None);
    }

    /// Counts of equal wholes are values; of others the residuals are 2 and -2 of 30 in two runs,
    /// with Student's t for 1 degree of freedom, 12.706205.
    #[test]
    fn a_share_of_counts_has_the_interval_of_its_residuals() {
        let equal = Student::of(3).share(&[(1.0, 10.0), (2.0, 10.0), (6.0, 10.0)]);
        let (equal, mean) = (equal.expect("a share"), Estimate::of(&[0.1, 0.2, 0.6]));
        let mean = mean.expect("a mean");
        assert!((equal.mean - mean.mean).abs() < 1e-12);
        let [low, high] = equal.ends();
        assert!(low == 0.0 && (high - mean.ends()[1]).abs() < 1e-12, "{low} {high}");
        let share = Student::of(2).share(&[(7.0, 10.0), (8.0, 20.0)]).expect("a share");
        assert!((share.mean - 0.5).abs() < 1e-12);
        let half = 12.706_205 * (8.0f64 / 2.0).sqrt() / 15.0;
        assert!(half > 0.5 && share.ends() == [0.0, 1.0], "{share:?}");
        assert_eq!(Student::of(2).share(&[(0.0, 0.0); 2]), None);
        assert_eq!(Student::of(1).share(&[(1.0, 4.0)]).map(|of| of.ends()), Some([0.25; 2]));
    }

    #[test]
    fn half_the_width_takes_four_times_the_runs() {
        let estimate = Estimate { mean: 10.0, ci95: Some([8.0, 12.0]) };
        assert_eq!(estimate.replications_for(10, 1.0), Some(40));
        assert_eq!(estimate.replications_for(10, 2.0), None);
        assert_eq!(Estimate { mean: 1.0, ci95: None }.replications_for(1, 0.1), None);
    }
}
