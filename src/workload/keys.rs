//! What requests ask for: one of so many things, some of them more often than others.
//!
//! ```text
//!   P(k) ∝ 1/k^s, k = 1 … count;  s = 0: all alike
//! ```
//!
//! Source: G. K. Zipf's law, as L. Breslau and others found it in the requests of web caches, "Web
//! caching and Zipf-like distributions", INFOCOM 1999: s from 0.64 to 0.83.

use crate::random::Draws;

/// So many things to ask for, and how popular each is.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys {
    /// The sum of weights up to each.
    sums: Vec<f64>,
}

impl Keys {
    /// `count` things (at least 1) with Zipf's exponent `s`, 0 or more.
    #[must_use]
    pub fn zipf(count: u32, s: f64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=count.max(1)).map(|k| {
            sum += libm::pow(f64::from(k), -s);
            sum
        });
        Self { sums: weights.collect() }
    }

    /// How many things there are.
    ///
    /// # Panics
    /// Never: there were made at most 2³² - 1.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.sums.len()).expect("made from a u32")
    }

    /// The thing that is asked for, from 0.
    pub fn draw(&self, draws: &mut Draws) -> u32 {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let point = draws.uniform() * total;
        let place = self.sums.partition_point(|sum| *sum <= point);
        u32::try_from(place).unwrap_or(u32::MAX).min(self.count() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    /// Of 4 with s = 1 the shares are 12, 6, 4 and 3 of 25; five deviations of 10 000 draws.
    #[test]
    fn popularity_is_zipfs() {
        let keys = Keys::zipf(4, 1.0);
        let stream = Streams::new(3, 0).stream(Purpose::Keys, 0);
        let mut counts = [0i64; 4];
        for n in 0..10_000 {
            counts[keys.draw(&mut stream.at(n)) as usize] += 1;
        }
        for (count, expected) in counts.iter().zip([4_800i64, 2_400, 1_600, 1_200]) {
            assert!((count - expected).abs() <= 250, "{counts:?}");
        }
    }
}
