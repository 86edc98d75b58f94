//! Times as logs write them, in nanoseconds from the zero that they share (1970 for dates).
//!
//! | written | read as |
//! |---|---|
//! | `12`, `1795816800.25` | a number, exactly, to the nanosecond, in the unit of the log |
//! | `1.7958168e9` | the same, to the microsecond: a float holds no more |
//! | `2026-11-27T22:00:00.5Z` | RFC 3339; without an offset, in the zone of the log |
//! | `27/Nov/2026:22:00:00 +0000` | as Apache and nginx write it, whole seconds |
//!
//! Where nobody says so, the size of the first number tells the unit: seconds since 1970 have ten
//! digits, milliseconds thirteen, microseconds sixteen, nanoseconds nineteen. Times are kept from
//! 1678 to 2262.

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use serde::Deserialize;

static DATES: DateTimeParser = DateTimeParser::new();
const SECOND: i64 = 1_000_000_000;

/// The unit of times that are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Microseconds.
    #[serde(rename = "us")]
    Micros,
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanos,
}

impl Unit {
    /// The unit in which a number is a time of these decades.
    fn of(number: f64) -> Self {
        match number.abs() {
            size if size < 1e11 => Self::Seconds,
            size if size < 1e14 => Self::Millis,
            size if size < 1e17 => Self::Micros,
            _ => Self::Nanos,
        }
    }

    /// Its name in a scenario.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Nanos => "ns",
        }
    }

    /// It is ten to this power of nanoseconds.
    const fn power(self) -> u32 {
        match self {
            Self::Seconds => 9,
            Self::Millis => 6,
            Self::Micros => 3,
            Self::Nanos => 0,
        }
    }
}

/// Reads the times of one log.
#[derive(Debug)]
pub(super) struct Clock {
    /// The unit of numbers, as it is stated or was recognised.
    pub unit: Option<Unit>,
    /// How far east of Greenwich dates without an offset are \[s\].
    east: i32,
    /// The date that was read last, and its time: neighbours often share it.
    latest: (Vec<u8>, Option<i64>),
    /// True once a time was a number, and once it was a date without an offset.
    pub numbers: bool,
    pub local_dates: bool,
}

impl Clock {
    pub const fn new(unit: Option<Unit>, east: i32) -> Self {
        Self { unit, east, latest: (Vec::new(), None), numbers: false, local_dates: false }
    }

    /// A time that is a number or a date.
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        let text = text.trim_ascii();
        if let Some(time) = self.number(text) {
            return Some(time);
        }
        if text.is_empty() || text != self.latest.0 {
            let time = self.date(text);
            self.latest.0.clear();
            self.latest.0.extend_from_slice(text);
            self.latest.1 = time;
        }
        self.latest.1
    }

    fn number(&mut self, text: &[u8]) -> Option<i64> {
        let float = || std::str::from_utf8(text).ok()?.parse().ok().filter(|f: &f64| f.is_finite());
        let unit = match self.unit {
            Some(unit) => unit,
            None => Unit::of(float()?),
        };
        let time = decimal(text, unit.power());
        let may_be = text.iter().any(|c| matches!(c, b'e' | b'E'));
        let time = time.or_else(|| rounded(may_be.then(float)??, unit.power()))?;
        (self.unit, self.numbers) = (Some(unit), true);
        Some(time)
    }

    fn date(&mut self, text: &[u8]) -> Option<i64> {
        if let Ok(text) = <&[u8; 26]>::try_from(text)
            && let Some(time) = bracketed(text)
        {
            return Some(time);
        }
        if let Ok(instant) = DATES.parse_timestamp(text) {
            return i64::try_from(instant.as_nanosecond()).ok();
        }
        let civil = DATES.parse_datetime(text).ok()?;
        let local = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
        self.local_dates = true;
        let local = i64::try_from(local.as_nanosecond()).ok()?;
        local.checked_sub(i64::from(self.east) * SECOND)
    }
}

/// A float in a unit of ten to a power of nanoseconds, to the microsecond.
#[expect(clippy::cast_possible_truncation)]
fn rounded(number: f64, power: u32) -> Option<i64> {
    let micros = number * 10f64.powi(power.cast_signed() - 3);
    (micros.abs() < 9.2e15).then(|| micros.round() as i64 * 1000)
}

/// Digits, and some more after a point; none finer than a nanosecond counts.
fn decimal(text: &[u8], power: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        other => (false, other),
    };
    let (mut nanos, mut decimals, mut point) = (0i64, 0u32, false);
    for c in digits {
        match c {
            b'0'..=b'9' if !point || decimals < power => {
                nanos = nanos.checked_mul(10)?.checked_add(i64::from(c - b'0'))?;
                decimals += u32::from(point);
            }
            b'0'..=b'9' => {}
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let nanos = nanos.checked_mul(10i64.pow(power - decimals)).filter(|_| !digits.is_empty())?;
    Some(if negative { -nanos } else { nanos })
}

/// A time as it stands between the brackets of an access log.
fn bracketed(text: &[u8; 26]) -> Option<i64> {
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

    fn read(text: &str) -> Option<i64> {
        Clock::new(None, 0).read(text.as_bytes())
    }

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
            assert_eq!(read(text), Some(TEN), "{text}");
        }
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
            assert_eq!(read(text), Some(nanos), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "-", "soon", "1e400", "nan", "12:30", "2026-13-01T00:00:00Z", "1 2"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("99999999999"), None, "seconds after 2262");
        assert_eq!(read("99999999999999999999999"), None);
        for text in [b"27/Nov/2026:25:00:00 +0000", b"27/Nox/2026:22:00:00 +0000"] {
            assert_eq!(bracketed(text), None);
        }
        assert_eq!(
            bracketed(b"31/Dec/2026:23:59:60 +0000"),
            bracketed(b"31/Dec/2026:23:59:59 +0000")
        );
    }

    #[test]
    fn the_first_number_tells_the_unit_of_all() {
        let half = TEN + SECOND / 2;
        for (first, more, time) in [
            ("1795816800", "1795816800.5", half),
            ("1795816800000", "1795816800500", half),
            ("1795816800000000", "1795816800500000.5", half + 500),
            ("1795816800000000000", "1795816800500000000", half),
            ("1.7958168e12", "1795816800500.0", half),
        ] {
            let mut clock = Clock::new(None, 0);
            assert_eq!(clock.read(first.as_bytes()), Some(TEN), "{first}");
            assert_eq!(clock.read(more.as_bytes()), Some(time), "{more}");
        }
        let mut clock = Clock::new(None, 0);
        assert_eq!(clock.read(b"5"), Some(5 * SECOND));
        assert_eq!(clock.read(b"1795816800123"), None, "milliseconds among seconds");
        assert_eq!(Clock::new(Some(Unit::Millis), 0).read(b"1500"), Some(SECOND * 3 / 2));
        assert_eq!(Clock::new(Some(Unit::Nanos), 0).read(b"1500.7"), Some(1500));
    }

    #[test]
    fn a_date_without_an_offset_is_in_the_zone_of_the_log() {
        let mut clock = Clock::new(None, 5400);
        assert_eq!(clock.read(b"2026-11-27 23:30:00"), Some(TEN));
        assert_eq!(clock.read(b"2026-11-27T22:00:00Z"), Some(TEN));
        assert!(clock.local_dates && !clock.numbers);
    }
}
