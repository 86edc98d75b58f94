//! Times as logs write them, in nanoseconds from the zero that they share (1970 for dates).
//!
//! | written | read as |
//! |---|---|
//! | `12`, `1795816800.25` | seconds since any zero, exactly, to the nanosecond |
//! | `1.7958168e9`, JSON's fractions | the same, to the microsecond: a float holds no more |
//! | `2026-11-27T22:00:00.5Z` | RFC 3339; without an offset, UTC |
//! | `27/Nov/2026:22:00:00 +0000` | as Apache and nginx write it, whole seconds |
//!
//! Times are kept from 1678 to 2262, which is also what tells milliseconds from seconds.

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

static DATES: DateTimeParser = DateTimeParser::new();
const SECOND: i64 = 1_000_000_000;

/// A time that is a number of seconds or a date.
pub(super) fn read(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    decimal(text).or_else(|| date(text)).or_else(|| {
        let number: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        seconds(number)
    })
}

/// Seconds as a float, to the microsecond.
#[expect(clippy::cast_possible_truncation)]
pub(super) fn seconds(number: f64) -> Option<i64> {
    ((number * 1e6).abs() < 9.2e15).then(|| (number * 1e6).round() as i64 * 1000)
}

/// Digits, and some more after a point; none beyond the ninth counts.
fn decimal(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        other => (false, other),
    };
    let (mut nanos, mut decimals, mut point) = (0i64, 0u32, false);
    for c in digits {
        match c {
            b'0'..=b'9' if decimals < 9 => {
                nanos = nanos.checked_mul(10)?.checked_add(i64::from(c - b'0'))?;
                decimals += u32::from(point);
            }
            b'0'..=b'9' => {}
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let nanos = nanos.checked_mul(10i64.pow(9 - decimals)).filter(|_| !digits.is_empty())?;
    Some(if negative { -nanos } else { nanos })
}

fn date(text: &[u8]) -> Option<i64> {
    let instant = DATES.parse_timestamp(text).ok().or_else(|| {
        let civil = DATES.parse_datetime(text).ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    i64::try_from(instant?.as_nanosecond()).ok()
}

/// A time as it stands between the brackets of an access log.
pub(super) fn bracketed(text: &[u8; 26]) -> Option<i64> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let marks = [(2, b'/'), (6, b'/'), (11, b':'), (14, b':'), (17, b':'), (20, b' ')];
    if marks.iter().any(|(place, mark)| text[*place] != *mark) {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0i16, |number, c| {
            c.is_ascii_digit().then(|| number * 10 + i16::from(c - b'0'))
        })
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let month = MONTHS.chunks(3).position(|name| name.eq_ignore_ascii_case(&text[3..6]))?;
    let month = i8::try_from(month + 1).ok()?;
    // A leap second is taken as the one before it.
    let second = small(18)?.min(59);
    let at = DateTime::new(number(7, 11)?, month, small(0)?, small(12)?, small(15)?, second, 0);
    let east = i64::from(small(22)?) * 3600 + i64::from(small(24)?) * 60;
    let east = match text[21] {
        b'+' => east,
        b'-' => -east,
        _ => return None,
    };
    let local = at.ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    (local - east).checked_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27T22:00:00Z, by `date -u -d 2026-11-27T22:00:00Z +%s`.
    const TEN: i64 = 1_795_816_800 * SECOND;

    #[test]
    fn every_way_to_write_it_is_the_same_time() {
        for text in [
            "1795816800",
            " 1795816800.000",
            "1.7958168e9",
            "2026-11-27T22:00:00Z",
            "2026-11-27 22:00:00Z",
            "2026-11-27T23:30:00+01:30",
            "2026-11-27T22:00:00",
        ] {
            assert_eq!(read(text.as_bytes()), Some(TEN), "{text}");
        }
        assert_eq!(seconds(1_795_816_800.25), Some(TEN + SECOND / 4));
        for text in [
            b"27/Nov/2026:22:00:00 +0000",
            b"27/Nov/2026:17:00:00 -0500",
            b"28/Nov/2026:03:30:00 +0530",
        ] {
            assert_eq!(bracketed(text), Some(TEN));
        }
    }

    #[test]
    fn numbers_are_exact_to_the_nanosecond() {
        for (text, nanos) in [
            ("0", 0),
            ("0.000000001", 1),
            ("-1.5", -1_500_000_000),
            ("1795816800.123456789", TEN + 123_456_789),
            ("5.1234567899", 5_123_456_789),
            (".5", 500_000_000),
        ] {
            assert_eq!(read(text.as_bytes()), Some(nanos), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "-", "soon", "1e400", "nan", "12:30", "2026-13-01T00:00:00Z", "1 2"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read(b"1795816800123"), None, "milliseconds");
        assert_eq!(read(b"99999999999999999999999"), None);
        for text in [b"27/Nov/2026:25:00:00 +0000", b"27/Nox/2026:22:00:00 +0000"] {
            assert_eq!(bracketed(text), None);
        }
        assert_eq!(
            bracketed(b"31/Dec/2026:23:59:60 +0000"),
            bracketed(b"31/Dec/2026:23:59:59 +0000")
        );
    }
}
