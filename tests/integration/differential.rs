//! Our limiters against others that know nothing of them: the bucket against the GCRA of the crate
//! `governor`, windows against models that remember every admitted instant.
//!
//! Calls come where it matters: at once, at whole periods, a nanosecond before and after, at the
//! instant that a refusal has named, and after long silence. Some five million calls in all.
//!
//! No crate was found to hold windows against: those that tell the time by a clock of seconds
//! cannot be asked within one, and the clockless ones take another formula.

use governor::clock::{FakeRelativeClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota as GcraQuota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;
use throttlesim::limiter::{
    FixedWindow, Limit, Limiter, Quota, Refill, Room, SlidingCounter, SlidingLog, TokenBucket,
    Verdict,
};
use throttlesim::random::{Draws, Purpose, Streams};
use throttlesim::units::{Instant, Rate, Span};

/// A limiter of `governor`'s with a clock of our own.
struct Gcra {
    clock: FakeRelativeClock,
    limiter: RateLimiter<NotKeyed, InMemoryState, FakeRelativeClock, NoOpMiddleware<Nanos>>,
    now: Instant,
}

impl Gcra {
    /// `burst` at once and one more every `period`.
    fn new(period: Span, burst: u32) -> Self {
        let clock = FakeRelativeClock::default();
        let quota = GcraQuota::with_period(Duration::from_nanos(period.as_nanos()));
        let burst = NonZeroU32::new(burst).expect("a burst");
        let quota = quota.expect("a period").allow_burst(burst);
        let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
        Self { clock, limiter, now: Instant::ORIGIN }
    }

    /// Nothing if the call is admitted, else the instant from which it would be.
    fn call(&mut self, now: Instant) -> Option<Instant> {
        self.clock.advance(Duration::from_nanos(now.since(self.now).as_nanos()));
        self.now = now;
        let refused = self.limiter.check().err()?;
        let since_start = refused.earliest_possible().duration_since(Nanos::new(0));
        Some(Instant::from_nanos(since_start.as_u64()))
    }
}

/// Nothing if the call is admitted (and charged), else the instant from which it would be.
fn call(limiter: &mut Limiter, now: Instant) -> Option<Instant> {
    match limiter.check(now) {
        Verdict::Admit => {
            limiter.charge(now);
            None
        }
        Verdict::Refuse(refusal) => Some(refusal.retry_at.expect("a clock can tell")),
    }
}

fn draws(test: u64, timeline: u64) -> Draws {
    Streams::new(test, 0).stream(Purpose::Arrivals, 0).at(timeline)
}

/// A number from 1 up to 10^`digits`, its logarithm being uniform.
fn scaled(draws: &mut Draws, digits: u64) -> u64 {
    let most = 10u64.pow(u32::try_from(1 + draws.below(digits)).expect("few"));
    1 + draws.below(most)
}

/// The instant of the next call, not before `now`: `period` is where it matters, and a refusal
/// has named `told`.
fn next(draws: &mut Draws, now: Instant, period: u64, told: Option<Instant>) -> Instant {
    let gap = match draws.below(10) {
        0 | 1 => 0,
        2 => draws.below(3),
        3 => period * draws.below(4) + draws.below(3),
        4 => (period * (1 + draws.below(3))).saturating_sub(1),
        5 => draws.below(period + 1),
        6 => draws.below(2 * period + 1),
        7 if draws.below(12) == 0 => draws.below(period.saturating_mul(40)),
        7 => draws.below(period / 3 + 1),
        // To the boundary from where this is in its window.
        8 => period - now.as_nanos() % period - draws.below(2).min(period - 1),
        _ => match told.filter(|told| *told > now) {
            Some(told) => told.since(now).as_nanos() - draws.below(2),
            None => 0,
        },
    };
    now + Span::from_nanos(gap)
}

/// Periods of whole nanoseconds: the same decision every time, and the same instant of the next
/// admission, with no difference whatever. Amazon Pay's quota is the same thing once more.
#[test]
fn a_bucket_decides_as_governors_gcra_does() {
    let (mut decisions, mut refused) = (0u32, 0u32);
    for timeline in 0..1_500 {
        let mut draws = draws(1, timeline);
        let period = scaled(&mut draws, 11);
        let burst = u32::try_from(scaled(&mut draws, 2)).expect("small");
        let rate = Rate::one_every(Span::from_nanos(period)).expect("not zero");
        let bucket = TokenBucket::new(rate, burst, Refill::Continuous, burst);
        let mut bucket = Limiter::TokenBucket(bucket);
        let mut quota = Limiter::Quota(Quota::new(rate, burst));
        let mut gcra = Gcra::new(Span::from_nanos(period), burst);
        let (mut now, mut told) = (Instant::ORIGIN, None);
        for _ in 0..1_000 {
            now = next(&mut draws, now, period, told);
            told = gcra.call(now);
            let ours = (call(&mut bucket, now), call(&mut quota, now));
            let place = || format!("timeline {timeline} at {now}: {rate} with {burst} at once");
            assert_eq!(ours, (told, told), "{}", place());
            decisions += 1;
            refused += u32::from(told.is_some());
        }
    }
    let share = f64::from(refused) / f64::from(decisions);
    assert!((0.2..0.8).contains(&share), "{share} refused: both answers are common");
}

/// `governor` knows periods of whole nanoseconds only, and our rates are exact. So the bucket of
/// n in p lies between the two whose period is p/n rounded down and up: it has never admitted less
/// than the slower nor more than the faster. An admission moves them a nanosecond apart at most,
/// and so does each that fits in the burst: the first call of a timeline that one admits and the
/// next refuses comes within so many nanoseconds of being admitted. From then on they have
/// different histories, and only the sums are bound.
#[test]
fn a_rate_that_is_no_whole_period_lies_between_two_that_are() {
    let mut differences = 0u64;
    for timeline in 0..700 {
        let mut draws = draws(2, timeline);
        let count = 1 + scaled(&mut draws, 3);
        let per = Span::from_nanos(count * (10 + scaled(&mut draws, 9)) + draws.below(count));
        let burst = u32::try_from(scaled(&mut draws, 2)).expect("small");
        let rate = Rate::new(count, per).expect("not zero");
        let (down, up) = (per.as_nanos() / count, per.as_nanos().div_ceil(count));
        let bucket = TokenBucket::new(rate, burst, Refill::Continuous, burst);
        let mut bucket = Limiter::TokenBucket(bucket);
        let mut faster = Gcra::new(Span::from_nanos(down), burst);
        let mut slower = Gcra::new(Span::from_nanos(up), burst);
        let (mut now, mut told) = (Instant::ORIGIN, None);
        let (mut admitted, mut apart) = ([0u64; 3], false);
        for _ in 0..1_000 {
            now = next(&mut draws, now, up, told);
            told = call(&mut bucket, now);
            let answers = [slower.call(now), told, faster.call(now)];
            for (admitted, answer) in admitted.iter_mut().zip(answers) {
                *admitted += u64::from(answer.is_none());
            }
            let place = format!("timeline {timeline} at {now}: {rate}, {burst} at once");
            assert!(admitted.is_sorted(), "{admitted:?}, {place}");
            let near = Span::from_nanos(admitted[2] + u64::from(burst));
            for pair in answers.windows(2) {
                if let ([Some(until), None], false) = (pair, apart) {
                    assert!(until.since(now) <= near, "{answers:?}, {place}");
                    (apart, differences) = (true, differences + 1);
                }
            }
        }
    }
    assert!(differences > 350, "{differences} of 700: the calls come where rounding shows");
}

/// The `n`th last of all instants, if there are so many.
fn nth_last(all: &[Instant], n: u32) -> Option<Instant> {
    let place = all.len().checked_sub(usize::try_from(n).expect("small"))?;
    all.get(place).copied()
}

/// Asks a limiter and a model of it, which sees all that was admitted and says whether one more
/// is, and if it can, when; of `timelines` of 400 calls.
fn compare(
    test: u64,
    timelines: u64,
    make: impl Fn(u32, Span, Span) -> Limiter,
    model: impl Fn(u32, Span, Span, &[Instant], Instant) -> (bool, Option<Instant>),
) {
    let mut refused = 0u64;
    for timeline in 0..timelines {
        let mut draws = draws(test, timeline);
        let window = scaled(&mut draws, 11);
        let limit = u32::try_from(scaled(&mut draws, 2)).expect("small");
        let offset = Span::from_nanos(draws.below(window));
        let window = Span::from_nanos(window);
        let mut limiter = make(limit, window, offset);
        let (mut now, mut told, mut seen) = (Instant::ORIGIN, None, Vec::new());
        for _ in 0..400 {
            // Now and then a whole window passes in a moment, so that limits are met.
            let unit = window.as_nanos() / if draws.below(4) == 0 { 1 } else { 40 };
            now = next(&mut draws, now, unit.max(1), told);
            let (admit, until) = model(limit, window, offset, &seen, now);
            told = call(&mut limiter, now);
            assert_eq!(told.is_none(), admit, "timeline {timeline} at {now}: {limiter:?}");
            if until.is_some() {
                assert_eq!(told, until, "timeline {timeline} at {now}: {limiter:?}");
            }
            if admit {
                seen.push(now);
            }
            refused += u64::from(!admit);
        }
    }
    let share = refused as f64 / (timelines * 400) as f64;
    assert!((0.1..0.9).contains(&share), "{share} refused: both answers are common");
}

/// Windows of the clock, counted anew at every call.
#[test]
fn a_fixed_window_is_its_count() {
    let make =
        |limit, window, offset| Limiter::FixedWindow(FixedWindow::new(limit, window, offset));
    compare(3, 2_500, make, |limit, window, offset, seen, now| {
        let number = |at: Instant| (at.as_nanos() + offset.as_nanos()) / window.as_nanos();
        let used = seen.iter().filter(|at| number(**at) == number(now)).count();
        let end = (number(now) + 1) * window.as_nanos() - offset.as_nanos();
        let full = used >= usize::try_from(limit).expect("small");
        (!full, full.then(|| Instant::from_nanos(end)))
    });
}

/// Those of the last window: a call at t counts before t + window, and no longer.
#[test]
fn a_sliding_log_is_its_count() {
    let make = |limit, window, _| Limiter::SlidingLog(SlidingLog::new(limit, window));
    compare(4, 2_500, make, |limit, window, _, seen, now| {
        let used = seen.iter().filter(|at| now.since(**at) < window).count();
        let full = used >= usize::try_from(limit).expect("small");
        let free = nth_last(seen, limit).map(|oldest| oldest + window);
        (!full, free.filter(|_| full))
    });
}

/// This window and the part of the one before that a window up to now overlaps, by fractions of
/// 128 bits: `current + 1 + previous·(1 - elapsed/window) ≤ limit`, or the same without the 1 and
/// below the limit.
#[test]
fn a_sliding_counter_is_its_two_counts() {
    two_counts(5, Room::WholeCall);
    two_counts(6, Room::Any);
}

fn two_counts(lot: u64, room: Room) {
    let make = |limit, window, offset| {
        Limiter::SlidingCounter(SlidingCounter::new(limit, window, offset, room))
    };
    compare(lot, 2_500, make, |limit, window, offset, seen, now| {
        let (w, t) = (i128::from(window.as_nanos()), i128::from(now.as_nanos()));
        let begin = t - (t + i128::from(offset.as_nanos())) % w;
        let within = |from: i128, to: i128| {
            let at = seen.iter().map(|at| i128::from(at.as_nanos()));
            i128::try_from(at.filter(|at| (from..to).contains(at)).count()).expect("small")
        };
        let (current, previous) = (within(begin, begin + w), within(begin - w, begin));
        let left = begin + w - t;
        let (estimate, limit) = (current * w + previous * left, i128::from(limit) * w);
        let fits = if room == Room::Any { estimate < limit } else { estimate + w <= limit };
        (fits, None)
    });
}
