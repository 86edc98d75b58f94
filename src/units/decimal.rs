//! Decimal text read exactly: digits, at most one point, no exponent and no sign.
//!
//! `value = digits / 10^places`; the caller scales it to its own integer unit.

use std::fmt;

/// Why a text is not the quantity it should be, in a sentence that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// A non-negative decimal number, exactly as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub digits: u128,
    pub scale: u128,
}

impl Decimal {
    /// Reads `12`, `0.5` or `.5`. `None` for anything else, a sign or an exponent included, and
    /// for more digits than 18 before or 12 after the point.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() && part.is_empty() || whole.len() > 18 || part.len() > 12 {
            return None;
        }
        let mut digits = 0u128;
        for byte in whole.bytes().chain(part.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits * 10 + u128::from(byte - b'0');
        }
        Some(Self { digits, scale: 10u128.pow(u32::try_from(part.len()).ok()?) })
    }

    /// The number times `unit`, if that is a whole number that fits.
    pub fn times(self, unit: u64) -> Option<u64> {
        let product = self.digits.checked_mul(u128::from(unit))?;
        (product % self.scale == 0).then(|| u64::try_from(product / self.scale).ok())?
    }
}

/// Splits `"250 ms"` into its number and the rest, both trimmed.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    (text[..end].trim(), text[end..].trim_start())
}

/// The greatest common divisor; `gcd(0, n) = n`.
pub(super) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Decimal::read("0.0167"), Some(Decimal { digits: 167, scale: 10_000 }));
        assert_eq!(Decimal::read(".5").and_then(|d| d.times(10)), Some(5));
        assert_eq!(Decimal::read("1.5").and_then(|d| d.times(1)), None);
        for bad in ["", ".", "1e3", "-1", "+1", "1.2.3", "inf", "NaN", "1_000"] {
            assert_eq!(Decimal::read(bad), None, "{bad}");
        }
    }
}
