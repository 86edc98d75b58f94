//! Numbers as people read them: three digits that matter, a unit, no `20.0`.

/// A fraction as a percentage: `0`, `0.04 %`, `12.3 %`, `100 %`.
#[must_use]
pub fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    if value == 0.0 {
        return "0 %".into();
    }
    format!("{} %", digits(value))
}

/// A number with its thousands apart, to a tenth where it is small: `40 000`, `2.5`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 || value >= 1000.0 {
        return count(value.round().max(0.0) as u64);
    }
    digits(value)
}

/// A length of time: `180 ms`, `12.5 s`, `1 m 20 s`, `3 h 05 m`, `2 d 4 h`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn seconds(value: f64) -> String {
    if value == 0.0 {
        return "0 s".into();
    }
    if value < 1.0 {
        return format!("{} ms", digits(value * 1e3));
    }
    if value < 59.95 {
        return format!("{} s", digits(value));
    }
    // From a day on whole hours are shown, from an hour on whole minutes: rounded, not cut.
    let unit = match value {
        v if v >= 84_600.0 => 3600.0,
        v if v >= 3_570.0 => 60.0,
        _ => 1.0,
    };
    let total = ((value / unit).round() * unit) as u64;
    let (days, hours, minutes, secs) =
        (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60);
    match (days, hours, minutes, secs) {
        (0, 0, m, 0) => format!("{m} m"),
        (0, 0, m, s) => format!("{m} m {s:02} s"),
        (0, h, 0, _) => format!("{h} h"),
        (0, h, m, _) => format!("{h} h {m:02} m"),
        (d, 0, _, _) => format!("{d} d"),
        (d, h, _, _) => format!("{d} d {h} h"),
    }
}

/// A rate in the unit that suits it: `0.5/s`, `1/min`, `2000/h`.
#[must_use]
pub fn rate(per_second: f64) -> String {
    if per_second == 0.0 {
        return "0/s".into();
    }
    let units = [("s", 1.0), ("min", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
    let values = units.map(|(unit, seconds)| (per_second * seconds, unit));
    // The first that three digits tell without loss, or else the first with a whole part.
    let exact =
        |value: f64| digits(value).parse().is_ok_and(|told: f64| (told / value - 1.0).abs() < 1e-9);
    let suits = values.iter().find(|(value, _)| exact(*value));
    let (value, unit) =
        suits.or(values.iter().find(|(value, _)| *value >= 1.0)).unwrap_or(&values[3]);
    format!("{}/{unit}", digits(*value))
}

/// Several names in a sentence: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A whole number in groups of three: `40 000`.
#[must_use]
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// Three significant digits, more where the whole part has more, and no trailing zeros.
#[must_use]
pub fn digits(value: f64) -> String {
    let decimals: usize = match value.abs() {
        v if v >= 99.95 || v == 0.0 => 0,
        v if v >= 9.995 => 1,
        v if v >= 0.9995 => 2,
        v if v >= 0.09995 => 3,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([86_399.0, 2_591_999.0, 3_599.0].map(seconds), ["1 d", "30 d", "1 h"]);
        assert_eq!(
            [0.0, 0.0004, 0.123, 0.6667, 1.0].map(percent),
            ["0 %", "0.04 %", "12.3 %", "66.7 %", "100 %"]
        );
        assert_eq!(
            [0.0, 0.18, 12.5, 59.99, 80.0, 11_100.0, 187_200.0].map(seconds),
            ["0 s", "180 ms", "12.5 s", "1 m", "1 m 20 s", "3 h 05 m", "2 d 4 h"]
        );
        assert_eq!(
            [7, 40_000, 1_234_567].map(count),
            ["7", "40\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
        assert_eq!([2.0, 2.5, 1.499].map(digits), ["2", "2.5", "1.5"]);
        assert_eq!(
            [0.5, 0.0, 1.0 / 60.0, 2_000.0 / 3_600.0, 1.0 / 7.0, 12.345_678].map(rate),
            ["0.5/s", "0/s", "1/min", "2000/h", "8.57/min", "12.3/s"]
        );
    }
}
