//! How long to wait before another attempt.
//!
//! With `n` the retry's number from 0 and `v = min(cap, base·factorⁿ)`:
//!
//! | back-off | delay |
//! |---|---|
//! | none | 0 |
//! | fixed | base |
//! | delays | the list's n-th, its last ever after |
//! | linear | min(cap, step·(n+1)) |
//! | exponential, no jitter | v |
//! | … full jitter | U(0, v) |
//! | … equal jitter | v/2 + U(0, v/2) |
//! | … decorrelated jitter | min(cap, U(base, 3·previous)), the first previous being base |
//! | … spread | v·U(low, high) |
//! | memoryless | exponentially distributed, with this mean |
//! | polly | (g(n+U(0,1)) − previous)·base/1.4, g(t) = 2^t·tanh √(4t) |
//! | window | U(0, W/rate), W the clients that call under one limit |
//! | restore wait | 1/rate of the call's published limit, and some more |
//! | header wait | 1/rate that the last header told, and some more |
//!
//! Sources: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015, and its
//! simulator (aws-samples/aws-arch-backoff-simulator). Polly: App-vNext/Polly, commit 173d6d1,
//! `DecorrelatedJitterV2`. Restore wait: Amazon Pay's tip to resubmit by the restore value.

use super::View;
use crate::random::Draws;
use crate::units::{Rate, Share, Span};
use crate::wire::Status;

/// The wait before another attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Backoff {
    /// None: at once, when the response has come.
    None,
    /// Always the same.
    Fixed(Span),
    /// One after another, the last of them for good; at least one.
    Delays(Vec<Span>),
    /// Longer by a step each time.
    Linear {
        /// The first wait, and what each is longer than the one before.
        step: Span,
        /// The longest wait.
        cap: Span,
    },
    /// Growing.
    Exponential(Exponential),
    /// Anything, exponentially distributed, with this mean.
    Memoryless(Span),
    /// Growing, decorrelated, without the jumps of the usual formula.
    Polly {
        /// The median of the first wait.
        base: Span,
        /// The longest wait.
        cap: Span,
    },
    /// Anything up to the time in which so many calls are restored.
    Window(u32),
    /// One over the published rate of the call.
    RestoreWait(Extra),
    /// One over the rate that the last response told, the published one before there was any.
    HeaderWait(Extra),
}

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

/// What is waited besides one over a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extra {
    /// So much more.
    pub plus: Span,
    /// Instead of it all, where no rate has been told; `None` goes by the published rate.
    pub unknown: Option<Span>,
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
}

/// The usual growth, which needs no division.
const DOUBLE: Share = Share::from_ppm(2_000_000);

impl Backoff {
    /// The wait before the next attempt of a request that has made `view.attempts`, the last of
    /// which was answered with `status`.
    #[inline(always)]
    pub(super) fn delay(&self, view: &View, status: Status, draws: &mut Draws) -> Span {
        let n = view.attempts.saturating_sub(1);
        match self {
            Self::None => Span::ZERO,
            Self::Fixed(delay) => *delay,
            Self::Delays(delays) => {
                let place = (n as usize).min(delays.len().saturating_sub(1));
                delays.get(place).copied().unwrap_or(Span::ZERO)
            }
            Self::Linear { step, cap } => step.times(u64::from(n) + 1).min(*cap),
            Self::Exponential(exponential) => exponential.delay(view, status, draws),
            Self::Memoryless(mean) => Span::from_secs_f64(draws.exponential() * mean.as_secs_f64()),
            Self::Polly { base, cap } => polly(*base, view, draws).min(*cap),
            Self::Window(width) => {
                let restored = |rate: Rate| rate.period().times(u64::from(*width));
                draws.up_to(view.published.map_or(Span::ZERO, restored))
            }
            Self::RestoreWait(extra) => extra.after(view.published, view.published),
            Self::HeaderWait(extra) => extra.after(view.told, view.published),
        }
    }

    /// True if what headers tell must be remembered for it.
    pub(super) const fn reads_header(&self) -> bool {
        matches!(self, Self::HeaderWait(_))
    }
}

impl Extra {
    fn after(self, told: Option<Rate>, published: Option<Rate>) -> Span {
        let rate = match (told, self.unknown) {
            (None, Some(unknown)) => return unknown,
            (told, _) => told.or(published),
        };
        rate.map_or(Span::ZERO, Rate::period) + self.plus
    }
}

impl Exponential {
    #[inline(always)]
    fn delay(&self, view: &View, status: Status, draws: &mut Draws) -> Span {
        let throttled = status == Status::TOO_MANY_REQUESTS;
        let base = if throttled { self.base } else { self.base_other.unwrap_or(self.base) };
        if self.jitter == Jitter::Decorrelated {
            let previous = if view.delay.is_zero() { base } else { view.delay };
            let most = previous.times(3).max(base);
            return (base + draws.up_to(most - base)).min(self.cap);
        }
        let whole = grown(base, self.factor, view.attempts.saturating_sub(1), self.cap);
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
            Jitter::None | Jitter::Decorrelated => whole,
        }
    }
}

/// A share of a span, rounded down.
fn part(span: Span, share: Share) -> Span {
    let whole = u128::from(Share::WHOLE.ppm());
    let nanos = u128::from(span.as_nanos()) * u128::from(share.ppm()) / whole;
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The next wait of Polly's second decorrelated jitter: all waits so far are what its formula
/// remembers.
fn polly(base: Span, view: &View, draws: &mut Draws) -> Span {
    /// What makes the median of the first wait the base.
    const SCALE: f64 = 1.4;
    let t = f64::from(view.attempts.saturating_sub(1)) + draws.uniform();
    let curve = libm::exp2(t) * libm::tanh(libm::sqrt(4.0 * t));
    let until = curve / SCALE * base.as_secs_f64();
    Span::from_secs_f64((until - view.waited.as_secs_f64()).max(0.0))
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
    use crate::random::{Purpose, Streams};
    use crate::units::Instant;
    use crate::wire::Operation;

    fn delays_told(backoff: &Backoff, n: u32, number: u64, told: Option<Rate>) -> Vec<u64> {
        let stream = Streams::new(5, 0).stream(Purpose::Jitter, number);
        let mut view = View {
            operation: Operation(0),
            published: Rate::one_every(Span::from_secs(4)),
            told,
            arrived: Instant::ORIGIN,
            attempts: 0,
            delay: Span::ZERO,
            waited: Span::ZERO,
        };
        (0..n)
            .map(|retry| {
                view.attempts += 1;
                let mut draws = stream.at(u64::from(retry));
                view.delay = backoff.delay(&view, Status::TOO_MANY_REQUESTS, &mut draws);
                view.waited = view.waited + view.delay;
                view.delay.as_nanos() / 1_000_000
            })
            .collect()
    }

    fn delays(backoff: &Backoff, n: u32, number: u64) -> Vec<u64> {
        delays_told(backoff, n, number, None)
    }

    fn exponential(jitter: Jitter) -> Backoff {
        Backoff::Exponential(Exponential {
            base: Span::from_millis(5),
            base_other: None,
            cap: Span::from_millis(2000),
            factor: DOUBLE,
            jitter,
        })
    }

    #[test]
    fn delays_without_chance_are_the_table() {
        let s = Span::from_secs;
        assert_eq!(delays(&Backoff::None, 2, 0), [0, 0]);
        assert_eq!(delays(&Backoff::Fixed(Span::SECOND), 2, 0), [1000, 1000]);
        assert_eq!(delays(&Backoff::Delays(vec![s(1), s(7)]), 3, 0), [1000, 7000, 7000]);
        let linear = Backoff::Linear { step: Span::from_millis(1500), cap: s(4) };
        assert_eq!(delays(&linear, 4, 0), [1500, 3000, 4000, 4000]);
        let doubling = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2000, 2000];
        assert_eq!(delays(&exponential(Jitter::None), 11, 0), doubling);
    }

    #[test]
    fn a_wait_by_the_rate_knows_the_published_one_or_the_header() {
        let extra = Extra { plus: Span::from_millis(1500), unknown: None };
        let lost = Extra { unknown: Some(Span::MINUTE), ..extra };
        let told = Rate::one_every(Span::from_secs(10));
        let plain = Backoff::RestoreWait(Extra::default());
        assert_eq!(delays(&plain, 2, 0), [4000, 4000]);
        for (extra, unknown) in [(extra, 5_500), (lost, 60_000)] {
            let header = Backoff::HeaderWait(extra);
            assert_eq!(delays(&header, 1, 0), [unknown]);
            assert_eq!(delays_told(&header, 1, 0, told), [11_500]);
        }
    }

    /// W = 8 calls at one in 4 s: anything up to 32 s, 16 s on average; five deviations of 1000.
    #[test]
    fn a_window_is_what_so_many_calls_take() {
        let waits: Vec<u64> = (0..1000).map(|n| delays(&Backoff::Window(8), 1, n)[0]).collect();
        assert!(waits.iter().all(|wait| *wait <= 32_000));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((mean - 16_000.0).abs() < 5.0 * 32_000.0 / 12f64.sqrt() / 1000f64.sqrt(), "{mean}");
    }

    /// A real client: 5 s growing by 1.3, ten tries; the ninth wait is 5·1.3⁸ = 40.79 s.
    #[test]
    fn a_factor_need_not_double() {
        let backoff = Backoff::Exponential(Exponential {
            base: Span::from_secs(5),
            base_other: None,
            cap: Span::HOUR,
            factor: Share::from_ppm(1_300_000),
            jitter: Jitter::None,
        });
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

    /// The sum of n waits is g(n-1+U)/1.4·base, and so lies within g(n-1) and g(n).
    #[test]
    fn pollys_waits_add_up_to_its_curve() {
        let base = Span::from_secs(2);
        let curve = |t: f64| libm::exp2(t) * libm::tanh(libm::sqrt(4.0 * t)) / 1.4 * 2000.0;
        let mut first: Vec<u64> = Vec::new();
        for number in 0..501 {
            let waits = delays(&Backoff::Polly { base, cap: Span::HOUR }, 6, number);
            let mut sum = 0.0;
            for (n, wait) in waits.iter().enumerate() {
                sum += *wait as f64;
                assert!(sum >= curve(n as f64) - 6.0 && sum <= curve(n as f64 + 1.0), "{waits:?}");
            }
            first.push(waits[0]);
        }
        first.sort_unstable();
        assert!(
            (1_700..2_200).contains(&first[250]),
            "the median is about the base: {}",
            first[250]
        );
    }
}
