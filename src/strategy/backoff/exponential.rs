//! A back-off that grows by a factor, spread by chance: the most usual one.
//!
//! ```text
//!   v = min(cap, base·factorⁿ), n the retry's number from 0;  jitter: see `mod.rs`
//! ```

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Share, Span};
use crate::wire::Status;

/// A wait that grows by a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    /// The first wait.
    pub base: Span,
    /// The first wait after failures that were no throttling, if that is another.
    pub base_other: Option<Span>,
    /// The longest wait.
    pub cap: Span,
    /// What each is of the one before; 200 % doubles.
    pub factor: Share,
    /// How chance spreads it.
    pub jitter: Jitter,
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
    /// Anything from one share of the whole to another.
    Spread(Share, Share),
    /// The whole, and anything up to this more; the cap holds for both together.
    Plus(Span),
    /// A whole number of seconds from none to the whole, all equally likely.
    WholeSeconds,
}

/// The usual growth, which needs no division.
const DOUBLE: Share = Share::from_ppm(2_000_000);

impl Exponential {
    /// Waits that double from this one without end and without chance.
    #[must_use]
    pub const fn new(base: Span) -> Self {
        let (cap, jitter) = (Span::LONGEST, Jitter::None);
        Self { base, base_other: None, cap, factor: DOUBLE, jitter }
    }

    /// What is wrong with its settings.
    #[must_use]
    pub fn problem(&self) -> Vec<Unsound> {
        let other = self.base_other.map(|base| ("base_other", base));
        let bases = [("base", self.base)].into_iter().chain(other);
        let mut found: Vec<Unsound> =
            bases.clone().filter_map(|of| Unsound::first_wait(of, self.cap)).collect();
        found.extend(match self.jitter {
            Jitter::Spread(low, high) if low > high => {
                let wrong = format!("a spread from {low} to {high}");
                Some(Unsound::out_of_range(wrong, "the lower share stands first"))
            }
            Jitter::Plus(Span::ZERO) => {
                let remedy = "write jitter.plus = \"1s\", or leave `jitter` out";
                Some(Unsound::out_of_range("a jitter of no time", remedy))
            }
            Jitter::WholeSeconds if bases.clone().any(|(_, base)| base < Span::SECOND) => {
                let wrong = "`jitter = \"whole_seconds\"` makes no wait of less than a second";
                Some(Unsound::out_of_range(wrong, "write a base of \"1s\" or more"))
            }
            _ => None,
        });
        found
    }

    /// The wait after so many attempts, of which the last wait was `previous`.
    #[inline(always)]
    #[must_use]
    pub fn after(
        &self,
        (attempts, previous): (u32, Span),
        status: Status,
        draws: &mut Draws,
    ) -> Span {
        let base = match self.base_other {
            Some(other) if !status.is_throttling() => other,
            _ => self.base,
        };
        if self.jitter == Jitter::Full {
            return draws.up_to(grown(base, self.factor, attempts.saturating_sub(1), self.cap));
        }
        let mut own = draws.clone();
        let delay = self.spread((base, attempts, previous), &mut own);
        *draws = own;
        delay
    }

    /// The wait after so many attempts with another jitter than the full one.
    #[inline(never)]
    fn spread(&self, (base, attempts, previous): (Span, u32, Span), draws: &mut Draws) -> Span {
        if self.jitter == Jitter::Decorrelated {
            let previous = if previous.is_zero() { base } else { previous };
            let most = previous.times(3).max(base);
            return (base + draws.up_to(most - base)).min(self.cap);
        }
        let whole = grown(base, self.factor, attempts.saturating_sub(1), self.cap);
        match self.jitter {
            Jitter::Full => draws.up_to(whole),
            Jitter::Equal => {
                let half = whole.divided_by(2);
                half + draws.up_to(whole - half)
            }
            Jitter::Spread(low, high) => {
                let (low, high) = (part(whole, low), part(whole, high));
                low + draws.up_to(high.max(low) - low)
            }
            Jitter::Plus(most) => (whole + draws.up_to(most)).min(self.cap),
            Jitter::WholeSeconds => {
                let seconds = whole.as_nanos() / Span::SECOND.as_nanos();
                Span::from_secs(draws.below(seconds + 1))
            }
            Jitter::None | Jitter::Decorrelated => whole,
        }
    }
}

impl Wait for Exponential {
    #[inline(always)]
    fn delay(&self, _: Instant, view: &View, status: Status, draws: &mut Draws) -> Span {
        self.after((view.attempts, view.delay), status, draws)
    }

    fn scale(&self) -> Option<Span> {
        Some(self.base)
    }
}

/// A share of a span, rounded down.
fn part(span: Span, share: Share) -> Span {
    let whole = u128::from(Share::WHOLE.ppm());
    let nanos = u128::from(span.as_nanos()) * u128::from(share.ppm()) / whole;
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// `min(cap, base·factorⁿ)` in whole nanoseconds, rounded down at each step.
#[inline(always)]
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
    use crate::strategy::backoff::waits::delays;

    fn exponential(jitter: Jitter) -> Exponential {
        Exponential {
            base: Span::from_millis(5),
            base_other: None,
            cap: Span::from_millis(2000),
            factor: DOUBLE,
            jitter,
        }
    }

    #[test]
    fn waits_without_chance_double_up_to_the_cap() {
        let doubling = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2000, 2000];
        assert_eq!(delays(&exponential(Jitter::None), 11, 0), doubling);
    }

    /// tenacity: 1, 2, 4, 8 s and up to 1 s more, the fourth capped at 8.5 s with what is added.
    #[test]
    fn a_draw_can_be_added_to_the_wait() {
        let cap = Span::from_millis(8500);
        let (base, jitter) = (Span::SECOND, Jitter::Plus(Span::SECOND));
        let of = Exponential { base, cap, ..exponential(jitter) };
        let rows: Vec<_> = (0..2000).map(|n| delays(&of, 4, n)).collect();
        for (retry, whole) in [1000u64, 2000, 4000].into_iter().enumerate() {
            let column = || rows.iter().map(|row| row[retry]);
            assert!(column().all(|wait| (whole..=whole + 1000).contains(&wait)));
            let mean = column().sum::<u64>() as f64 / 2000.0 - whole as f64;
            assert!((mean - 500.0).abs() < 5.0 * 1000.0 / 12f64.sqrt() / 2000f64.sqrt(), "{mean}");
        }
        let capped = rows.iter().filter(|row| row[3] == 8500).count();
        assert!((850..1150).contains(&capped), "half of them: {capped}");
    }

    /// celery: 0 or 1 s, then 0 to 2 s, then 0 to 4 s, each as often as any other.
    #[test]
    fn whole_seconds_are_all_equally_likely() {
        let (base, cap) = (Span::SECOND, Span::HOUR);
        let of = Exponential { base, cap, ..exponential(Jitter::WholeSeconds) };
        let rows: Vec<_> = (0..3000).map(|n| delays(&of, 3, n)).collect();
        for (retry, most) in [1u64, 2, 4].into_iter().enumerate() {
            let expected = 3000.0 / (most + 1) as f64;
            for second in 0..=most {
                let found = rows.iter().filter(|row| row[retry] == second * 1000).count() as f64;
                let off = (found - expected).abs();
                assert!(off < 5.0 * expected.sqrt(), "{retry} {second}: {found}");
            }
        }
    }

    /// A real client: 5 s growing by 1.3, ten tries; the ninth wait is 5·1.3⁸ = 40.79 s.
    #[test]
    fn a_factor_need_not_double() {
        let backoff = Exponential {
            base: Span::from_secs(5),
            base_other: None,
            cap: Span::HOUR,
            factor: Share::from_ppm(1_300_000),
            jitter: Jitter::None,
        };
        assert_eq!(delays(&backoff, 9, 0)[8], 40_786);
        assert_eq!(grown(Span::SECOND, Share::WHOLE, u32::MAX, Span::HOUR), Span::SECOND);
    }

    #[test]
    fn jitter_keeps_its_bounds_and_its_mean() {
        let whole = [5u64, 10, 20, 40, 80, 160, 320, 640, 1280, 2000];
        let spread = Jitter::Spread(Share::from_ppm(750_000), Share::from_ppm(1_250_000));
        for (jitter, low, mean) in
            [(Jitter::Full, 0.0, 0.5), (Jitter::Equal, 0.5, 0.75), (spread, 0.75, 1.0)]
        {
            let rows: Vec<_> = (0..2000).map(|n| delays(&exponential(jitter), 10, n)).collect();
            for (retry, v) in whole.iter().enumerate() {
                let v = *v as f64;
                let column = || rows.iter().map(|row| row[retry] as f64);
                let high = 2.0 * mean - low;
                assert!(column().all(|d| d >= (low * v).floor() && d <= high * v), "{jitter:?}");
                let found = column().sum::<f64>() / 2000.0;
                assert!((found - mean * v).abs() <= 0.03 * v + 0.6, "{jitter:?} {retry}: {found}");
            }
        }
    }

    #[test]
    fn decorrelated_jitter_starts_from_the_base_and_keeps_the_cap() {
        for n in 0..500 {
            let row = delays(&exponential(Jitter::Decorrelated), 12, n);
            assert!(row[0] >= 5 && row[0] <= 15, "{row:?}");
            assert!(row.windows(2).all(|w| w[1] >= 5 && w[1] <= (3 * (w[0] + 1)).min(2000)));
        }
    }
}
