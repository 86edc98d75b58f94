//! How often: a count per span, kept as the two integers and never divided.
//!
//! A bucket earns `count` credits a nanosecond and pays `per` nanoseconds' worth for a token, so a
//! rate of `0.0167/s` is exactly 167 per 10 000 s and 1/60 s is exactly one a minute.

use super::decimal::{Decimal, Unreadable, gcd};
use super::{Share, Span};
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// A number of requests per span of time, in lowest terms; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    count: NonZeroU64,
    per_nanos: NonZeroU64,
}

impl Rate {
    /// The greatest rate that a scenario may name: a million million a second.
    const MOST_PER_SECOND: u128 = 1_000_000_000_000;

    /// `count` per `per`. `None` if either is zero.
    #[must_use]
    pub fn new(count: u64, per: Span) -> Option<Self> {
        Self::reduced(u128::from(count), u128::from(per.as_nanos()))
    }

    /// One every `period`, as Amazon Pay states its restore. `None` if the period is zero.
    #[must_use]
    pub fn one_every(period: Span) -> Option<Self> {
        Self::new(1, period)
    }

    /// `count` a second. `None` if it is zero.
    #[must_use]
    pub fn per_second(count: u64) -> Option<Self> {
        Self::new(count, Span::SECOND)
    }

    fn reduced(count: u128, per_nanos: u128) -> Option<Self> {
        let divisor = gcd(count, per_nanos);
        if divisor == 0 {
            return None;
        }
        let part = |n: u128| u64::try_from(n / divisor).ok().and_then(NonZeroU64::new);
        Some(Self { count: part(count)?, per_nanos: part(per_nanos)? })
    }

    /// The count, in lowest terms.
    #[must_use]
    #[inline]
    pub const fn count(self) -> u64 {
        self.count.get()
    }

    /// The span that the count is for, in lowest terms.
    #[must_use]
    #[inline]
    pub const fn per(self) -> Span {
        Span::from_nanos(self.per_nanos.get())
    }

    /// The time from one request to the next, rounded up to a whole nanosecond.
    #[must_use]
    pub const fn period(self) -> Span {
        Span::from_nanos(self.per_nanos.get().div_ceil(self.count.get()))
    }

    /// A share of this rate, `0.5/s` at 95 % being 0.475/s. `None` for a share of nothing, or one
    /// that does not fit in lowest terms.
    #[must_use]
    pub fn share(self, share: Share) -> Option<Self> {
        let count = u128::from(self.count()) * u128::from(share.ppm());
        Self::reduced(count, u128::from(self.per_nanos.get()) * u128::from(Share::WHOLE.ppm()))
    }

    /// Requests a second; for reports only.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn per_second_f64(self) -> f64 {
        self.count() as f64 * 1e9 / self.per_nanos.get() as f64
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let ours = u128::from(self.count()) * u128::from(other.per_nanos.get());
        ours.cmp(&(u128::from(other.count()) * u128::from(self.per_nanos.get())))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reads `"0.5/s"`, `"120/min"`, `"1/60s"`: a decimal number, a stroke, a span (`s` for `1s`).
impl FromStr for Rate {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let Some((count, per)) = text.split_once('/') else {
            return Err(Unreadable(format!(
                "rate \"{text}\" needs a period: \"0.5/s\", \"120/min\" or \"1/60s\""
            )));
        };
        let (count, per) = (count.trim(), per.trim());
        let Some(count) = Decimal::read(count) else {
            return Err(Unreadable(format!(
                "\"{count}\" is no count: a rate is a number per time, \"0.5/s\" or \"120/min\""
            )));
        };
        let per: Span = match per.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            true => per.parse()?,
            false => format!("1{per}").parse()?,
        };
        if count.digits == 0 || per.is_zero() {
            return Err(Unreadable(format!(
                "rate \"{text}\" is nothing at all: a rate must be above zero"
            )));
        }
        let per_nanos = u128::from(per.as_nanos());
        if count.digits * 1_000_000_000 > Self::MOST_PER_SECOND * count.scale * per_nanos {
            return Err(Unreadable(format!("rate \"{text}\" is above a million million a second")));
        }
        Self::reduced(count.digits, count.scale * per_nanos)
            .ok_or_else(|| Unreadable(format!("rate \"{text}\" has too many digits: shorten it")))
    }
}

/// A decimal per second where that is exact (`0.5/s`), else one per span (`1/min`, `1/15m`), else a
/// decimal per minute, hour or day where that is exact (`0.95/min`), else count per span (`1/3s`).
impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u128, &str); 4] = [(1, "s"), (60, "min"), (3_600, "h"), (86_400, "d")];
        let per = u128::from(self.per_nanos.get());
        let tenths_of_thousandths = |seconds: u128| {
            let scaled = u128::from(self.count()) * seconds * 1_000_000_000 * 10_000;
            scaled.is_multiple_of(per).then_some(scaled / per)
        };
        let exact = UNITS.iter().find_map(|(unit, name)| {
            // One in 15 minutes is said so, not as 4 an hour.
            let whole = per.is_multiple_of(1_000_000_000) && per != unit * 1_000_000_000;
            let one = self.count() == 1 && *unit > 1 && whole;
            Some((tenths_of_thousandths(*unit).filter(|_| !one)?, name))
        });
        let Some((value, unit)) = exact else {
            return write!(out, "{}/{}", self.count(), self.per());
        };
        let decimals = format!("{:04}", value % 10_000);
        let (whole, decimals) = (value / 10_000, decimals.trim_end_matches('0'));
        let point = if decimals.is_empty() { "" } else { "." };
        write!(out, "{whole}{point}{decimals}/{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(text: &str) -> Rate {
        text.parse().expect("a rate")
    }

    #[test]
    fn rates_keep_their_integers() {
        assert_eq!((rate("0.5/s").count(), rate("0.5/s").per()), (1, Span::from_secs(2)));
        assert_eq!(rate("1/60s"), rate("1/min"));
        assert_eq!(rate("120/min"), rate("2/s"));
        assert_eq!(
            (rate("0.0167/s").count(), rate("0.0167/s").per()),
            (167, Span::from_secs(10_000))
        );
        assert_eq!(rate("3/s").period(), Span::from_nanos(333_333_334));
        assert!(rate("0.0167/s") > rate("1/60s"));
    }

    #[test]
    fn a_share_is_exact() {
        let share = "95%".parse().expect("a share");
        assert_eq!(rate("0.5/s").share(share), Some(rate("0.475/s")));
    }

    #[test]
    fn rates_print_as_people_write_them() {
        for text in ["0.5/s", "10/s", "0.0167/s", "62.5/s"] {
            assert_eq!(rate(text).to_string(), text);
        }
        for (text, told) in [
            ("1/60s", "1/min"),
            ("1/15m", "1/15m"),
            ("1/24h", "1/d"),
            ("19/20m", "0.95/min"),
            ("55/min", "55/min"),
            ("17/15s", "68/min"),
            ("2/3s", "40/min"),
            ("1/3s", "1/3s"),
            ("7/11s", "7/11s"),
        ] {
            assert_eq!(rate(text).to_string(), told);
        }
    }

    #[test]
    fn what_is_wrong_names_the_remedy() {
        for (text, message) in [
            ("0.5", "rate \"0.5\" needs a period: \"0.5/s\", \"120/min\" or \"1/60s\""),
            ("0/s", "rate \"0/s\" is nothing at all: a rate must be above zero"),
            ("-1/s", "\"-1\" is no count: a rate is a number per time, \"0.5/s\" or \"120/min\""),
            ("9999999999999/s", "rate \"9999999999999/s\" is above a million million a second"),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(Unreadable(message.into())));
        }
        for bad in ["", "/", "1/", "/s", "NaN/s", "inf/s", "1/0s", "1e3/s", "1/-1s"] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn display_reads_back(count in 1u64..1_000_000, per in 1_000u64..1_000_000_000_000_000) {
            let rate = Rate::new(count, Span::from_nanos(per)).expect("not zero");
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
