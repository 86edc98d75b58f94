//! A part of a whole, in parts per million: `"95%"` is 950 000.

use super::decimal::{Decimal, Unreadable};
use std::fmt;
use std::str::FromStr;

/// A share \[parts per million\]; it may be above the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Share(u64);

impl Share {
    /// Nothing of it.
    pub const NONE: Self = Self(0);
    /// All of it, 100 %.
    pub const WHOLE: Self = Self(1_000_000);
    /// The greatest share that a scenario may name, 1000 %.
    pub const MOST: Self = Self(10_000_000);

    /// A share of `ppm` parts per million.
    #[must_use]
    pub const fn from_ppm(ppm: u64) -> Self {
        Self(ppm)
    }

    /// The nearest share to a fraction; not-a-number and negatives give nothing.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn from_fraction(fraction: f64) -> Self {
        Self((fraction * 1e6).round() as u64)
    }

    /// Parts per million.
    #[must_use]
    pub const fn ppm(self) -> u64 {
        self.0
    }

    /// The fraction, 1.0 for the whole.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// Reads `"95%"` or `"99.95 %"`, to four decimals and up to 1000 %.
impl FromStr for Share {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let number = text.trim().strip_suffix('%').map(str::trim_end).ok_or_else(|| {
            Unreadable(format!("share \"{text}\" has no percent sign: write \"95%\""))
        })?;
        let share = Decimal::read(number).and_then(|d| d.times(10_000)).map(Self);
        share.filter(|share| *share <= Self::MOST).ok_or_else(|| {
            Unreadable(format!("\"{text}\" is no share: write \"95%\", from 0% to 1000%"))
        })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        let decimals = format!("{part:04}");
        match decimals.trim_end_matches('0') {
            "" => write!(out, "{whole}%"),
            decimals => write!(out, "{whole}.{decimals}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_and_print() {
        for text in ["95%", "99.95%", "0%", "110%"] {
            assert_eq!(text.parse::<Share>().map(|s| s.to_string()), Ok(text.into()));
        }
        for bad in ["95", "", "%", "-5%", "2000%", "NaN%", "0.00001%"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
    }
}
