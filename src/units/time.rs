//! Virtual time: a point on the clock and a length of it, both in whole nanoseconds.
//!
//! 64 bits hold 584 years. Lengths that a person writes are bounded by [`Span::LONGEST`] (a
//! hundred years), so that a sum of two of them cannot overflow.

use super::decimal::{Decimal, Unreadable, split_number};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

/// A point of virtual time \[ns since the run's origin\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

/// A length of virtual time \[ns\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Instant {
    /// The run's origin, virtual time 0.
    pub const ORIGIN: Self = Self(0);

    /// After everything that may happen.
    pub const END: Self = Self(u64::MAX);

    /// The instant `ns` nanoseconds after the origin.
    #[must_use]
    #[inline]
    pub const fn from_nanos(ns: u64) -> Self {
        Self(ns)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the origin; for reports only.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        Span(self.0).as_secs_f64()
    }

    /// How long after `earlier` this is, zero if it is not after it.
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// One minute.
    pub const MINUTE: Self = Self::from_secs(60);
    /// One hour.
    pub const HOUR: Self = Self::from_secs(3_600);
    /// One day of 24 hours.
    pub const DAY: Self = Self::from_secs(86_400);
    /// The longest length that a scenario may name: a hundred years of 365 days.
    pub const LONGEST: Self = Self::from_secs(36_500 * 86_400);

    /// `ns` nanoseconds.
    #[must_use]
    #[inline]
    pub const fn from_nanos(ns: u64) -> Self {
        Self(ns)
    }

    /// `ms` milliseconds.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms * 1_000_000)
    }

    /// `s` seconds.
    #[must_use]
    pub const fn from_secs(s: u64) -> Self {
        Self(s * 1_000_000_000)
    }

    /// The nearest whole nanosecond to `s` seconds, kept within zero and [`Span::LONGEST`];
    /// not-a-number gives zero. Samples of distributions enter integer time here, at once.
    #[must_use]
    #[expect(clippy::cast_possible_truncation)]
    #[inline]
    pub fn from_secs_f64(s: f64) -> Self {
        // Half up by addition: `round` is a call into the maths library on older processors. By
        // way of a signed number, which takes a third of the instructions.
        let nanos = (s * 1e9 + 0.5) as i64;
        Self(nanos.max(0).cast_unsigned().min(Self::LONGEST.0))
    }

    /// Nanoseconds.
    #[must_use]
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds; for distributions and reports only.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// True for no time at all.
    #[must_use]
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This length `n` times, at most [`Span::LONGEST`].
    #[inline]
    #[must_use]
    pub fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n).min(Self::LONGEST.0))
    }

    /// The `n`th part, rounded down. `n` must not be zero.
    #[must_use]
    pub const fn divided_by(self, n: u64) -> Self {
        Self(self.0 / n)
    }

    /// Rounded up to a whole number of `unit`s, as `Retry-After` is to seconds.
    #[must_use]
    pub const fn rounded_up_to(self, unit: Self) -> Self {
        Self(self.0.div_ceil(unit.0) * unit.0)
    }
}

impl Add<Span> for Instant {
    type Output = Self;
    /// Past the end of time it stays there: a wait may be longer than any run.
    #[inline]
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Instant {
    #[inline]
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Span {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

const UNITS: [(&str, u64); 7] = [
    ("w", 7 * 86_400 * 1_000_000_000),
    ("d", 86_400 * 1_000_000_000),
    ("h", 3_600 * 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
];

fn unit_nanos(name: &str) -> Option<u64> {
    let name = match name {
        "ns" => return Some(1),
        "min" => "m",
        "µs" | "μs" => "us",
        other => other,
    };
    UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, ns)| *ns)
}

/// Reads `"250ms"`, `"1.5s"`, `"1h 30m"`; units `ns us ms s m (min) h d w`.
impl FromStr for Span {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(Unreadable("a duration is missing: write \"30s\" or \"1h 30m\"".into()));
        }
        if rest.starts_with('-') {
            return Err(Unreadable(format!(
                "\"{text}\" is not a duration: time does not run back"
            )));
        }
        let mut total = 0u64;
        while !rest.is_empty() {
            let (number, tail) = split_number(rest);
            let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
            let (unit, tail) = (&tail[..end], tail[end..].trim_start());
            total += part_nanos(text, number, unit)?;
            if total > Self::LONGEST.0 {
                return Err(too_long(text));
            }
            rest = tail;
        }
        Ok(Self(total))
    }
}

fn part_nanos(text: &str, number: &str, unit: &str) -> Result<u64, Unreadable> {
    let decimal = Decimal::read(number).ok_or_else(|| {
        Unreadable(format!(
            "\"{text}\" is not a duration: write a number and a unit, \"30s\" or \"1h 30m\""
        ))
    })?;
    if unit.is_empty() {
        return Err(Unreadable(format!(
            "duration \"{text}\" has no unit: write \"{number}s\" or \"{number}ms\""
        )));
    }
    let ns = unit_nanos(unit).ok_or_else(|| {
        Unreadable(format!(
            "\"{unit}\" is no unit of time: use ns, us, ms, s, m (or min), h, d or w"
        ))
    })?;
    if decimal.digits / decimal.scale > u128::from(Span::LONGEST.0 / ns) {
        return Err(too_long(text));
    }
    decimal.times(ns).ok_or_else(|| {
        Unreadable(format!("duration \"{text}\" is finer than a nanosecond: write fewer decimals"))
    })
}

fn too_long(text: &str) -> Unreadable {
    Unreadable(format!("duration \"{text}\" is longer than 36500d, a hundred years: shorten it"))
}

/// The shortest exact form, `"1h 30m"` or `"62500us"`; it reads back as the same span.
impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return out.write_str("0s");
        }
        let mut left = self.0;
        let mut gap = "";
        for (unit, ns) in UNITS.iter().skip(1).chain([&("ns", 1)]) {
            if left >= *ns {
                write!(out, "{gap}{}{unit}", left / ns)?;
                left %= ns;
                gap = " ";
            }
        }
        Ok(())
    }
}

/// The span since the origin.
impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_read_as_written() {
        let cases = [
            ("250ms", 250_000_000),
            ("1.5s", 1_500_000_000),
            ("1h 30m", 5_400_000_000_000),
            ("1h30min", 5_400_000_000_000),
            ("30d", 2_592_000_000_000_000),
            ("62.5ms", 62_500_000),
            ("0s", 0),
        ];
        for (text, ns) in cases {
            assert_eq!(text.parse(), Ok(Span(ns)), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_names_the_remedy() {
        let cases = [
            ("64", "duration \"64\" has no unit: write \"64s\" or \"64ms\""),
            (
                "5 parsecs",
                "\"parsecs\" is no unit of time: use ns, us, ms, s, m (or min), h, d or w",
            ),
            (
                "1.0000000001s",
                "duration \"1.0000000001s\" is finer than a nanosecond: write fewer decimals",
            ),
            ("200000d", "duration \"200000d\" is longer than 36500d, a hundred years: shorten it"),
        ];
        for (text, message) in cases {
            assert_eq!(text.parse::<Span>(), Err(Unreadable(message.into())));
        }
        for bad in ["", "-5s", "soon", "1e9s", "NaNs", "infs", "99999999999999999w"] {
            assert!(bad.parse::<Span>().is_err(), "{bad}");
        }
    }

    #[test]
    fn floats_enter_time_without_surprises() {
        assert_eq!(Span::from_secs_f64(1e-9 * 2.5), Span(3));
        assert_eq!(Span::from_secs_f64(-1.0), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::INFINITY), Span::LONGEST);
    }

    proptest! {
        #[test]
        fn display_reads_back(ns in 0..=Span::LONGEST.0) {
            prop_assert_eq!(Span(ns).to_string().parse(), Ok(Span(ns)));
        }
    }
}
