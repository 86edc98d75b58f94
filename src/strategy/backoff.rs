//! How long to wait before another attempt.
//!
//! With `n` the retry's number from 0 and `v = min(cap, base·factorⁿ)`:
//!
//! | back-off | delay |
//! |---|---|
//! | none | 0 |
//! | fixed | base |
//! | exponential, no jitter | v |
//! | … full jitter | U(0, v) |
//! | … equal jitter | v/2 + U(0, v/2) |
//! | … decorrelated jitter | min(cap, U(base, 3·previous)), the first previous being base |
//! | restore wait | 1/rate of the call's published limit |
//!
//! Source: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015, and its
//! simulator (aws-samples/aws-arch-backoff-simulator). Restore wait: Amazon Pay's tip to resubmit
//! by the restore value.

use super::View;
use crate::random::Draws;
use crate::units::{Share, Span};

/// The wait before another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// None: at once, when the response has come.
    None,
    /// Always the same.
    Fixed(Span),
    /// Growing.
    Exponential {
        /// The first wait.
        base: Span,
        /// The longest wait.
        cap: Span,
        /// What each is of the one before; 200 % doubles.
        factor: Share,
        /// How chance spreads it.
        jitter: Jitter,
    },
    /// One over the published rate of the call.
    RestoreWait,
    /// One over the rate that the last response told, the published one before there was any.
    HeaderWait,
}

/// How chance spreads an exponential back-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Anything from nothing to the whole.
    Full,
    /// Anything from half to the whole.
    Equal,
    /// Anything from the base to three times the last wait.
    Decorrelated,
}

/// The usual growth, which needs no division.
const DOUBLE: Share = Share::from_ppm(2_000_000);

impl Backoff {
    /// The wait before the next attempt of a request that has made `view.attempts`.
    pub(super) fn delay(&self, view: &View, draws: &mut Draws) -> Span {
        match *self {
            Self::None => Span::ZERO,
            Self::Fixed(delay) => delay,
            Self::RestoreWait | Self::HeaderWait => {
                view.published.map_or(Span::ZERO, |rate| rate.period())
            }
            Self::Exponential { base, cap, jitter: Jitter::Decorrelated, .. } => {
                let previous = if view.delay.is_zero() { base } else { view.delay };
                let most = previous.times(3).max(base);
                (base + draws.up_to(most - base)).min(cap)
            }
            Self::Exponential { base, cap, factor, jitter } => {
                let whole = grown(base, factor, view.attempts.saturating_sub(1), cap);
                match jitter {
                    Jitter::Full => draws.up_to(whole),
                    Jitter::Equal => {
                        let half = whole.divided_by(2);
                        half + draws.up_to(whole - half)
                    }
                    Jitter::None | Jitter::Decorrelated => whole,
                }
            }
        }
    }
}

/// `min(cap, base·factorⁿ)` in whole nanoseconds, rounded down at each step.
fn grown(base: Span, factor: Share, n: u32, cap: Span) -> Span {
    if factor == DOUBLE {
        let doubled = 1u64.checked_shl(n).map_or(Span::LONGEST, |times| base.times(times));
        return doubled.min(cap);
    }
    let mut nanos = u128::from(base.as_nanos());
    let cap_nanos = u128::from(cap.as_nanos());
    for _ in 0..n {
        if nanos >= cap_nanos {
            break;
        }
        let next = nanos * u128::from(factor.ppm()) / u128::from(Share::WHOLE.ppm());
        if next == nanos {
            break;
        }
        nanos = next;
    }
    Span::from_nanos(u64::try_from(nanos.min(cap_nanos)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::units::{Instant, Rate};
    use crate::wire::Operation;

    fn delays(backoff: Backoff, n: u32, number: u64) -> Vec<u64> {
        let stream = Streams::new(5, 0).stream(Purpose::Jitter, number);
        let mut view = View {
            operation: Operation(0),
            published: Rate::one_every(Span::from_secs(4)),
            arrived: Instant::ORIGIN,
            attempts: 0,
            delay: Span::ZERO,
        };
        (0..n)
            .map(|retry| {
                view.attempts += 1;
                view.delay = backoff.delay(&view, &mut stream.at(u64::from(retry)));
                view.delay.as_nanos() / 1_000_000
            })
            .collect()
    }

    fn exponential(jitter: Jitter) -> Backoff {
        let factor = Share::from_ppm(2_000_000);
        Backoff::Exponential {
            base: Span::from_millis(5),
            cap: Span::from_millis(2000),
            factor,
            jitter,
        }
    }

    #[test]
    fn delays_without_chance_are_the_table() {
        assert_eq!(delays(Backoff::None, 2, 0), [0, 0]);
        assert_eq!(delays(Backoff::Fixed(Span::SECOND), 2, 0), [1000, 1000]);
        assert_eq!(delays(Backoff::RestoreWait, 2, 0), [4000, 4000]);
        let doubling = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2000, 2000];
        assert_eq!(delays(exponential(Jitter::None), 11, 0), doubling);
    }

    /// A real client: 5 s growing by 1.3, ten tries; the ninth wait is 5·1.3⁸ = 40.79 s.
    #[test]
    fn a_factor_need_not_double() {
        let backoff = Backoff::Exponential {
            base: Span::from_secs(5),
            cap: Span::HOUR,
            factor: Share::from_ppm(1_300_000),
            jitter: Jitter::None,
        };
        assert_eq!(delays(backoff, 9, 0)[8], 40_786);
        assert_eq!(grown(Span::SECOND, Share::WHOLE, u32::MAX, Span::HOUR), Span::SECOND);
    }

    #[test]
    fn jitter_keeps_its_bounds_and_its_mean() {
        let whole = [5u64, 10, 20, 40, 80, 160, 320, 640, 1280, 2000];
        for (jitter, low, mean) in [(Jitter::Full, 0.0, 0.5), (Jitter::Equal, 0.5, 0.75)] {
            let rows: Vec<_> = (0..2000).map(|n| delays(exponential(jitter), 10, n)).collect();
            for (retry, v) in whole.iter().enumerate() {
                let v = *v as f64;
                let column = || rows.iter().map(|row| row[retry] as f64);
                assert!(column().all(|d| d >= (low * v).floor() && d <= v), "{jitter:?} {retry}");
                let found = column().sum::<f64>() / 2000.0;
                assert!((found - mean * v).abs() <= 0.03 * v + 0.6, "{jitter:?} {retry}: {found}");
            }
        }
    }

    #[test]
    fn decorrelated_jitter_starts_from_the_base_and_keeps_the_cap() {
        for n in 0..500 {
            let row = delays(exponential(Jitter::Decorrelated), 12, n);
            assert!(row[0] >= 5 && row[0] <= 15, "{row:?}");
            assert!(row.windows(2).all(|w| w[1] >= 5 && w[1] <= (3 * (w[0] + 1)).min(2000)));
        }
    }
}
