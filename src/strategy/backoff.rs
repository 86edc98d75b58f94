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
//! | … plus | min(cap, base·factorⁿ + U(0, plus)) |
//! | … whole seconds | a whole number of seconds from 0 to v, all equally likely |
//! | memoryless | exponentially distributed, with this mean |
//! | polly | (g(n+U(0,1)) − previous)·base/1.4, g(t) = 2^t·tanh √(4t) |
//! | window | U(0, W/rate), W the clients that call under one limit |
//! | next window | to the next window of the clock, and U(0, spread) |
//! | restore wait | 1/rate of the call's published limit, and some more |
//! | header wait | 1/rate that the last header told, and some more |
//!
//! Sources: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015, and its
//! simulator (aws-samples/aws-arch-backoff-simulator). Polly: App-vNext/Polly, commit 173d6d1,
//! `DecorrelatedJitterV2`. Restore wait: Amazon Pay's tip to resubmit by the restore value.

use super::{Exponential, View};
use crate::random::Draws;
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;

/// The wait before another attempt.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
    /// To the next window of a clock that all clients share.
    NextWindow(NextWindow),
    /// One over the published rate of the call.
    RestoreWait(Extra),
    /// One over the rate that the last response told, the published one before there was any.
    HeaderWait(Extra),
}

/// A wait to the next window of a clock that all clients share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextWindow {
    /// The length of a window, above 0.
    pub every: Span,
    /// How far the origin is into a window, below `every`.
    pub offset: Span,
    /// The longest wait after the beginning of the window, drawn for each wait.
    pub spread: Span,
}

impl NextWindow {
    fn after(self, now: Instant, draws: &mut Draws) -> Span {
        let every = u128::from(self.every.as_nanos().max(1));
        let into = (u128::from(now.as_nanos()) + u128::from(self.offset.as_nanos())) % every;
        let rest = Span::from_nanos(u64::try_from(every - into).unwrap_or(u64::MAX));
        rest + draws.up_to(self.spread)
    }
}

/// What is waited besides one over a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extra {
    /// So much more.
    pub plus: Span,
    /// Instead of it all, where no rate has been told; `None` goes by the published rate.
    pub unknown: Option<Span>,
}

impl Backoff {
    /// The wait before the next attempt of a request that has made `view.attempts`, the last of
    /// which was answered with `status`.
    #[inline(always)]
    #[must_use]
    pub fn delay(&self, now: Instant, view: &View, status: Status, draws: &mut Draws) -> Span {
        let n = view.attempts.saturating_sub(1);
        match self {
            Self::None => Span::ZERO,
            Self::Fixed(delay) => *delay,
            Self::Delays(delays) => {
                let place = (n as usize).min(delays.len().saturating_sub(1));
                delays.get(place).copied().unwrap_or(Span::ZERO)
            }
            Self::Linear { step, cap } => step.times(u64::from(n) + 1).min(*cap),
            Self::Exponential(exponential) => {
                exponential.delay((view.attempts, view.delay), status, draws)
            }
            Self::Memoryless(mean) => Span::from_secs_f64(draws.exponential() * mean.as_secs_f64()),
            Self::Polly { base, cap } => polly(*base, view, draws).min(*cap),
            Self::Window(width) => {
                let restored = |rate: Rate| rate.period().times(u64::from(*width));
                draws.up_to(view.published.map_or(Span::ZERO, restored))
            }
            Self::NextWindow(next) => next.after(now, draws),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};
    use crate::units::Instant;
    use crate::wire::Operation;

    /// Waits \[ms\] after attempts that are answered at once, from 100 s on.
    fn delays_told(backoff: &Backoff, n: u32, number: u64, told: Option<Rate>) -> Vec<u64> {
        let stream = Streams::new(5, 0).stream(Purpose::Jitter, number);
        let mut view = View {
            operation: Operation(0),
            published: Rate::one_every(Span::from_secs(4)),
            told,
            since: Instant::ORIGIN,
            attempts: 0,
            delay: Span::ZERO,
            waited: Span::ZERO,
        };
        (0..n)
            .map(|retry| {
                view.attempts += 1;
                let mut draws = stream.at(u64::from(retry));
                view.delay = {
                    let now = Instant::ORIGIN + Span::from_secs(100) + view.waited;
                    backoff.delay(now, &view, Status::TOO_MANY_REQUESTS, &mut draws)
                };
                view.waited = view.waited + view.delay;
                view.delay.as_nanos() / 1_000_000
            })
            .collect()
    }

    fn delays(backoff: &Backoff, n: u32, number: u64) -> Vec<u64> {
        delays_told(backoff, n, number, None)
    }

    #[test]
    fn delays_without_chance_are_the_table() {
        let s = Span::from_secs;
        assert_eq!(delays(&Backoff::None, 2, 0), [0, 0]);
        assert_eq!(delays(&Backoff::Fixed(Span::SECOND), 2, 0), [1000, 1000]);
        assert_eq!(delays(&Backoff::Delays(vec![s(1), s(7)]), 3, 0), [1000, 7000, 7000]);
        let linear = Backoff::Linear { step: Span::from_millis(1500), cap: s(4) };
        assert_eq!(delays(&linear, 4, 0), [1500, 3000, 4000, 4000]);
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

    /// Failed at 100 s, in a window of a minute that began at 50 s: the next ones begin at 110 s
    /// and 170 s. A draw of up to 5 s comes on top.
    #[test]
    fn the_next_window_is_one_of_the_clock() {
        let (every, offset) = (Span::MINUTE, Span::from_secs(10));
        let next = |spread| Backoff::NextWindow(NextWindow { every, offset, spread });
        assert_eq!(delays(&next(Span::ZERO), 3, 0), [10_000, 60_000, 60_000]);
        let waits: Vec<u64> =
            (0..1000).map(|n| delays(&next(Span::from_secs(5)), 1, n)[0]).collect();
        assert!(waits.iter().all(|wait| (10_000..=15_000).contains(wait)));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((mean - 12_500.0).abs() < 5.0 * 5_000.0 / 12f64.sqrt() / 1000f64.sqrt(), "{mean}");
    }

    /// W = 8 calls at one in 4 s: anything up to 32 s, 16 s on average; five deviations of 1000.
    #[test]
    fn a_window_is_what_so_many_calls_take() {
        let waits: Vec<u64> = (0..1000).map(|n| delays(&Backoff::Window(8), 1, n)[0]).collect();
        assert!(waits.iter().all(|wait| *wait <= 32_000));
        let mean = waits.iter().sum::<u64>() as f64 / 1000.0;
        assert!((mean - 16_000.0).abs() < 5.0 * 32_000.0 / 12f64.sqrt() / 1000f64.sqrt(), "{mean}");
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
