//! Figures as text: three significant digits, a unit that a person would choose, no `20.0`.

/// Units of time and their seconds, the longest first.
pub(super) const UNITS: [(&str, f64); 7] = [
    ("d", 86_400.0),
    ("h", 3_600.0),
    ("min", 60.0),
    ("s", 1.0),
    ("ms", 1e-3),
    ("µs", 1e-6),
    ("ns", 1e-9),
];

/// Thousands, millions, milliards; below ten thousand a number is short enough as it is.
const MULTIPLES: [(&str, f64, f64); 3] = [(" G", 1e9, 1e9), (" M", 1e6, 1e6), (" k", 1e4, 1e3)];

/// The suffix and divisor with which numbers up to `peak` are written: `(" k", 1000.0)`.
pub(super) fn multiple(peak: f64) -> (&'static str, f64) {
    let found = MULTIPLES.iter().find(|(_, from, _)| peak.abs() >= *from);
    found.map_or(("", 1.0), |(suffix, _, divisor)| (suffix, *divisor))
}

/// `value` with `decimals` decimals at most, and no zeros at their end.
pub(super) fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').replace("-0", "0"),
        false => text,
    }
}

/// `value` to three significant digits.
fn short(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        size if size >= 0.01 => 4,
        _ => 5,
    };
    trimmed(value, decimals)
}

/// A number: `40 k`, `1.53`, `0`.
pub(super) fn amount(value: f64) -> String {
    let (suffix, divisor) = multiple(value);
    format!("{}{suffix}", short(value / divisor))
}

/// A fraction as a percentage: `12.3 %`.
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", short(fraction * 100.0))
}

/// A length of time from seconds: `350 ms`, `2.1 min`, `1.5 d`.
pub(super) fn duration(seconds: f64) -> String {
    let unit = UNITS.iter().find(|(_, size)| seconds.abs() >= *size);
    unit.map_or_else(|| "0 s".into(), |(name, size)| format!("{} {name}", short(seconds / size)))
}

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

    #[test]
    fn figures_read_as_people_write_them() {
        let amounts = [(0.0, "0"), (1.5, "1.5"), (1.234, "1.23"), (40_000.0, "40 k"), (1e9, "1 G")];
        for (value, text) in amounts {
            assert_eq!(amount(value), text);
        }
        for (value, text) in [(0.0, "0 %"), (0.2, "20 %"), (0.1234, "12.3 %"), (0.0005, "0.05 %")] {
            assert_eq!(percent(value), text);
        }
        let durations = [
            (0.0, "0 s"),
            (0.35, "350 ms"),
            (126.0, "2.1 min"),
            (5_400.0, "1.5 h"),
            (2e5, "2.31 d"),
        ];
        for (value, text) in durations {
            assert_eq!(duration(value), text);
        }
    }
}
