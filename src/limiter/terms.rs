//! What a limit allows, as figures that may change during a run.
//!
//! ```text
//!   rate and burst    buckets, quotas, queues      what is held stays, up to the new burst
//!   a number          windows, concurrency         what is counted stays counted
//! ```

use crate::units::{Rate, Share};

/// What a limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// Requests come back at a rate.
    Rate {
        /// How fast.
        rate: Rate,
        /// The most at once, at least 1; a queue has none.
        burst: u32,
    },
    /// So many requests in a window, or at the same time; at least 1.
    Number(u32),
}

impl Terms {
    /// The most that it admits at once: the burst, or the number.
    #[must_use]
    pub const fn most(self) -> u32 {
        match self {
            Self::Rate { burst: most, .. } | Self::Number(most) => most,
        }
    }

    /// The part that one of so many nodes holds: at least one request at once.
    #[must_use]
    pub fn part_of(self, nodes: u32) -> Self {
        let share = |number: u32| (number / nodes.max(1)).max(1);
        match self {
            Self::Rate { rate, burst } => {
                let per = rate.per().times(u64::from(nodes.max(1)));
                let rate = Rate::new(rate.count(), per).unwrap_or(rate);
                Self::Rate { rate, burst: share(burst) }
            }
            Self::Number(number) => Self::Number(share(number)),
        }
    }

    /// So many times the rate or the number, which is rounded to the nearest, but not to 0; the
    /// burst stays. `None` if there is no such rate.
    #[must_use]
    pub fn times(self, factor: Share) -> Option<Self> {
        match self {
            Self::Rate { rate, burst } => Some(Self::Rate { rate: rate.share(factor)?, burst }),
            Self::Number(number) => {
                let (whole, parts) = (u128::from(Share::WHOLE.ppm()), u128::from(factor.ppm()));
                let nearest = (u128::from(number) * parts + whole / 2) / whole;
                Some(Self::Number(u32::try_from(nearest).unwrap_or(u32::MAX).max(1)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_scales_a_rate_exactly_and_a_number_to_the_nearest() {
        let share = Share::from_fraction;
        for (number, factor, expected) in [(60, 0.333, 20), (60, 2.0, 120), (3, 0.1, 1)] {
            let terms = Terms::Number(number).times(share(factor));
            assert_eq!(terms, Some(Terms::Number(expected)), "{number} · {factor}");
        }
        let rate = |text: &str| text.parse::<Rate>().expect("a rate");
        let terms = Terms::Rate { rate: rate("1/s"), burst: 9 }.times(share(0.333));
        assert_eq!(terms, Some(Terms::Rate { rate: rate("0.333/s"), burst: 9 }));
    }
}
