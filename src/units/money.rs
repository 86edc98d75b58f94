//! Revenue in whole cents, the unit in which Amazon Associates counts five of them as one call.

use super::decimal::{Decimal, Unreadable};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

/// An amount of money \[cents of a US dollar\].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(u64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The most that a scenario may name: ten million million dollars.
    pub const MOST: Self = Self(1_000_000_000_000_000);

    /// `cents` cents.
    #[must_use]
    pub const fn from_cents(cents: u64) -> Self {
        Self(cents)
    }

    /// Whole cents.
    #[must_use]
    #[inline]
    pub const fn cents(self) -> u64 {
        self.0
    }

    /// Dollars; for reports only.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Reads `"432 USD"`, `"$432"` or `"0.05 USD"`.
impl FromStr for Money {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let trimmed = text.trim();
        let number = trimmed.strip_suffix("USD").or_else(|| trimmed.strip_prefix('$'));
        let money = number.and_then(|n| Decimal::read(n.trim())?.times(100)).map(Self);
        money.filter(|money| *money <= Self::MOST).ok_or_else(|| {
            Unreadable(format!(
                "\"{text}\" is no amount: write \"432 USD\" or \"0.05 USD\", in whole cents"
            ))
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02} USD", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_print() {
        for text in ["432.00 USD", "0.05 USD", "4320.10 USD"] {
            assert_eq!(text.parse::<Money>().map(|m| m.to_string()), Ok(text.into()));
        }
        assert_eq!("$0.05".parse(), Ok(Money(5)));
        assert_eq!("432 USD".parse(), Ok(Money(43_200)));
        for bad in ["432", "", "USD", "-1 USD", "0.005 USD", "1e9 USD", "99999999999999999 USD"] {
            assert!(bad.parse::<Money>().is_err(), "{bad}");
        }
    }
}
