//! A rate as a fraction of two whole numbers, compared without rounding.

use std::cmp::Ordering;

/// `count` tokens per `per` nanoseconds. `per` = 0 stands for a rate without bound.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    /// Tokens; not negative.
    pub count: i64,
    /// Nanoseconds; not negative.
    pub per: i64,
}

impl Ratio {
    /// Nothing ever comes.
    pub const ZERO: Self = Self { count: 0, per: 1 };
    /// Above every rate.
    pub const INFINITE: Self = Self { count: 1, per: 0 };

    /// A fraction, `INFINITE` if `per` is 0. Negative counts give zero.
    #[must_use]
    pub const fn new(count: i64, per: i64) -> Self {
        match (count <= 0, per <= 0) {
            (true, _) => Self::ZERO,
            (_, true) => Self::INFINITE,
            _ => Self { count, per },
        }
    }

    /// So many times this rate.
    #[must_use]
    pub const fn times(self, factor: i64) -> Self {
        Self { count: self.count.saturating_mul(factor), ..self }
    }

    /// True for a rate without bound.
    #[must_use]
    pub const fn is_infinite(self) -> bool {
        self.per == 0
    }

    /// Tokens a second; for choosing what to try, and for reports.
    #[must_use]
    pub fn per_second(self) -> f64 {
        self.count as f64 / self.per as f64 * 1e9
    }

    /// An exact fraction near `value` tokens per nanosecond. Nothing rests on how near.
    #[must_use]
    pub fn near(value: f64) -> Self {
        if value <= 0.0 || !value.is_finite() {
            return Self::ZERO;
        }
        let per = (f64::from(1 << 30) * 1024.0 / value).clamp(1e3, 1e18);
        Self::new((value * per) as i64, per as i64)
    }

    /// A fraction near `part` of the way from one to the other, by ratio if both are above zero.
    #[must_use]
    pub fn between(low: Self, high: Self) -> Self {
        let (a, b) = (low.per_second() / 1e9, high.per_second() / 1e9);
        Self::near(if b.is_finite() { (a + b) / 2.0 } else { a * 2.0 + 1e-12 })
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let ours = i128::from(self.count) * i128::from(other.per);
                ours.cmp(&(i128::from(other.count) * i128::from(self.per)))
            }
        }
    }
}
