//! Steps of axes: 1, 2 or 5 times a power of ten, each tick with the decimals that it needs.

use crate::units::quantity::short::trimmed;

/// The smallest 1-2-5 step that divides `range` into at most `parts` parts.
pub(super) fn step_of(range: f64, parts: f64) -> f64 {
    let least = range / parts * (1.0 - 1e-9);
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0].map(|m| m * power).into_iter().find(|s| *s >= least).unwrap_or(10.0 * power)
}

/// `value` with as many decimals as its neighbours `step` away need.
pub(super) fn exact(value: f64, step: f64) -> String {
    let decimals = (0..12).find(|n| {
        let scaled = step * 10f64.powi(*n);
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    });
    trimmed(value, usize::try_from(decimals.unwrap_or(12)).unwrap_or(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five() {
        for (range, parts, step) in [(10.0, 5.0, 2.0), (1e9, 4.0, 5e8), (0.3, 3.0, 0.1)] {
            assert!((step_of(range, parts) / step - 1.0).abs() < 1e-9, "{range}");
        }
        assert_eq!(exact(0.1 + 0.2, 0.1), "0.3");
        assert_eq!(exact(20.0, 20.0), "20");
    }
}
