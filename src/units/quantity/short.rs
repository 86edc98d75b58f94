//! The short form of quantities, for ticks of axes and cells of maps: one number, one unit.

use super::grouped;

/// Units of time and their seconds, the longest first.
pub(crate) const UNITS: [(&str, f64); 7] = [
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
pub(crate) fn multiple(peak: f64) -> (&'static str, f64) {
    let found = MULTIPLES.iter().find(|(_, from, _)| peak.abs() >= *from);
    found.map_or(("", 1.0), |(suffix, _, divisor)| (suffix, *divisor))
}

/// `value` with `decimals` decimals at most, no zeros at their end, and thousands apart.
pub(crate) fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    grouped(&match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').replace("-0", "0"),
        false => text,
    })
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
pub(crate) fn amount(value: f64) -> String {
    let (suffix, divisor) = multiple(value);
    format!("{}{suffix}", short(value / divisor))
}

/// A length of time from seconds: `350 ms`, `2.1 min`, `1.5 d`.
pub(crate) fn duration(seconds: f64) -> String {
    let unit = UNITS.iter().find(|(_, size)| seconds.abs() >= *size);
    unit.map_or_else(|| "0 s".into(), |(name, size)| format!("{} {name}", short(seconds / size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_and_one_unit() {
        let amounts = [(0.0, "0"), (1.5, "1.5"), (1.234, "1.23"), (40_000.0, "40 k"), (1e9, "1 G")];
        for (value, text) in amounts {
            assert_eq!(amount(value), text);
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
