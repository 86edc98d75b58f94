//! Quantities as people read them: three digits that matter, a unit, no `20.0`.
//!
//! | quantity | long, in sentences, tables and pictures | [`short`], on axes and in small cells |
//! |---|---|---|
//! | duration | `1 min 20 s`, `3 h 05 min` | `80 s`, `3.08 h` |
//! | share | `12.3 %` | `12.3 %` |
//! | count | `40,000` | `40 k` |
//! | rate | `0.5/s`, `2,000/h` | |
//!
//! Figures that are known within bounds are in [`bounds`]. Money writes itself (`5.00 USD`), and so
//! does what a scenario states, in the language's own form (`80s`, `95%`), which reads back.

pub mod bounds;
pub mod short;

use super::{Instant, Span};

/// Shorter than this \[s\] is no time at all: half of the last digit that is written.
const LEAST: f64 = 5e-8;

/// A fraction as a percentage: `0`, `0.04 %`, `12.3 %`, `100 %`.
#[must_use]
pub fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    if value == 0.0 {
        return "0 %".into();
    }
    format!("{} %", digits(value))
}

/// A number with its thousands apart, to a tenth where it is small: `40,000`, `2.5`.
#[must_use]
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 || value >= 1000.0 {
        return whole(value);
    }
    digits(value)
}

/// The whole number nearest to a number from 0: `11,362`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn whole(value: f64) -> String {
    count(value.round().max(0.0) as u64)
}

/// A length of time, rounded: `180 ms`, `12.5 s`, `1 min 20 s`, `3 h 05 min`, `49 h 30 min`,
/// `30 d 2 h`. Below 100 hours there are no days, so that two lengths compare at a glance.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn seconds(value: f64) -> String {
    if value.abs() < LEAST {
        return "0 s".into();
    }
    if value < 0.9995 {
        return format!("{} ms", digits(value * 1e3));
    }
    if value < 59.95 {
        return format!("{} s", digits(value));
    }
    // From an hour on whole minutes are shown: rounded, not cut.
    let unit = if value >= 3_570.0 { 60.0 } else { 1.0 };
    let total = ((value / unit).round() * unit) as u64;
    long(total)
}

/// A length of time, exact: `250 ms`, `1 min 20.5 s`, `15 min`, `30 d`.
#[must_use]
pub fn span(span: Span) -> String {
    let nanos = span.as_nanos();
    let (total, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if rest == 0 {
        return if total < 60 { format!("{total} s") } else { long(total) };
    }
    if total == 0 {
        return match rest {
            0..1_000 => format!("{rest} ns"),
            1_000..1_000_000 => format!("{} µs", decimal(rest, 1_000)),
            _ => format!("{} ms", decimal(rest, 1_000_000)),
        };
    }
    let seconds = format!("{} s", decimal(nanos % 60_000_000_000, 1_000_000_000));
    if total < 60 { seconds } else { format!("{} {seconds}", long(total - total % 60)) }
}

/// An instant as the time since the start, exact: `0 s`, `1 h 30 min`.
#[must_use]
pub fn moment(instant: Instant) -> String {
    span(instant.since(Instant::ORIGIN))
}

/// So many parts of which `whole`, a power of ten, make one: `1.5`.
fn decimal(parts: u64, whole: u64) -> String {
    let width = whole.to_string().len() - 1;
    let text = format!("{}.{:0width$}", parts / whole, parts % whole);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// Whole seconds from a minute on, parts of 0 at the end left out.
fn long(total: u64) -> String {
    let hours = total / 3_600;
    let days = if hours < 100 { 0 } else { hours / 24 };
    let parts =
        [(days, "d"), (hours - days * 24, "h"), (total / 60 % 60, "min"), (total % 60, "s")];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(3);
    let last = parts.iter().rposition(|(count, _)| *count > 0).unwrap_or(3);
    let words = (first..=last).map(|place| match parts[place] {
        (count, unit) if place > first && unit != "h" => format!("{count:02} {unit}"),
        (count, unit) => format!("{count} {unit}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A rate in the unit that suits it: `0.5/s`, `1/min`, `2,000/h`.
#[must_use]
pub fn rate(per_second: f64) -> String {
    if per_second == 0.0 {
        return "0/s".into();
    }
    let units = [("s", 1.0), ("min", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
    let values = units.map(|(unit, seconds)| (per_second * seconds, unit));
    // The first that three digits tell without loss, or else the first with a whole part.
    let exact =
        |value: f64| plain(value).parse().is_ok_and(|told: f64| (told / value - 1.0).abs() < 1e-9);
    let suits = values.iter().find(|(value, _)| exact(*value));
    let (value, unit) =
        suits.or(values.iter().find(|(value, _)| *value >= 1.0)).unwrap_or(&values[3]);
    format!("{}/{unit}", digits(*value))
}

/// A whole number in groups of three: `40,000`.
#[must_use]
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// Three significant digits, more where the whole part has more, and no trailing zeros: `0.457`,
/// `12.3`, `11,362`.
#[must_use]
pub fn digits(value: f64) -> String {
    grouped(&plain(value))
}

/// Three significant digits, without separators.
fn plain(value: f64) -> String {
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

/// A number's text with commas between thousands, as a spreadsheet reads them.
#[must_use]
pub fn grouped(text: &str) -> String {
    let whole = text.find('.').unwrap_or(text.len());
    let mut grouped = String::new();
    for (place, digit) in text.char_indices() {
        let after_digit = grouped.ends_with(|c: char| c.is_ascii_digit());
        if place < whole && after_digit && (whole - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_exactly() {
        let spans =
            ["0s", "250ms", "1500us", "7ns", "1.5s", "80s", "80.25s", "1h", "1h5m7s", "30d"];
        assert_eq!(
            spans.map(|text| span(text.parse().expect("a span"))),
            [
                "0 s",
                "250 ms",
                "1.5 ms",
                "7 ns",
                "1.5 s",
                "1 min 20 s",
                "1 min 20.25 s",
                "1 h",
                "1 h 05 min 07 s",
                "30 d"
            ]
        );
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!([1e-9, 6e-8].map(seconds), ["0 s", "0.0001 ms"]);
        assert_eq!(
            [86_399.0, 2_591_999.0, 3_599.0, 178_200.0, 360_000.0, 363_900.0].map(seconds),
            ["24 h", "30 d", "1 h", "49 h 30 min", "4 d 4 h", "4 d 5 h 05 min"]
        );
        assert_eq!(
            [0.0, 0.0004, 0.123, 0.6667, 1.0].map(percent),
            ["0 %", "0.04 %", "12.3 %", "66.7 %", "100 %"]
        );
        assert_eq!(
            [0.0, 0.18, 12.5, 59.99, 80.0, 11_100.0, 187_200.0].map(seconds),
            ["0 s", "180 ms", "12.5 s", "1 min", "1 min 20 s", "3 h 05 min", "52 h"]
        );
        assert_eq!([7, 40_000, 1_234_567].map(count), ["7", "40,000", "1,234,567"]);
        assert_eq!(
            [2.0, 2.5, 1.499, -99.4, 123_456.7, -1_000.0].map(digits),
            ["2", "2.5", "1.5", "-99.4", "123,457", "-1,000"]
        );
        assert_eq!(
            [0.5, 0.0, 1.0 / 60.0, 2_000.0 / 3_600.0, 1.0 / 7.0, 12.345_678].map(rate),
            ["0.5/s", "0/s", "1/min", "2,000/h", "8.57/min", "12.3/s"]
        );
    }
}
