//! A mean over replications with its 95 % interval, `m ± t(0.975, n-1)·s/√n`, Student's.
//!
//! It needs two replications; of one there is a mean and no interval.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean over replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The 95 % interval, from two replications on.
    pub ci95: Option<[f64; 2]>,
}

impl Estimate {
    /// The estimate from one value per replication; `None` of no values.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n;
        let student = StudentsT::new(0.0, 1.0, n - 1.0).ok();
        let ci95 = student.map(|student| {
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            let half = student.inverse_cdf(0.975) * (squares / (n - 1.0) / n).sqrt();
            [mean - half, mean + half]
        });
        Some(Self { mean, ci95 })
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

    #[test]
    fn half_the_width_takes_four_times_the_runs() {
        let estimate = Estimate { mean: 10.0, ci95: Some([8.0, 12.0]) };
        assert_eq!(estimate.replications_for(10, 1.0), Some(40));
        assert_eq!(estimate.replications_for(10, 2.0), None);
        assert_eq!(Estimate { mean: 1.0, ci95: None }.replications_for(1, 0.1), None);
    }
}
