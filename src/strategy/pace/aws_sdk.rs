//! The AWS SDKs' adaptive rate limiter: a client-side bucket whose rate follows a cubic, switched
//! on by the first throttle.
//!
//! ```text
//!   measured = s·responses/time + (1−s)·measured, at ends of half seconds
//!   throttled: w = min(measured, fill), K = ∛(w·(1−β)/c), rate = β·w
//!   otherwise: rate = c·(t − t_throttled − K)³ + w
//!   rate = min(rate, 2·measured);  fill = max(rate, 0.5/s);  capacity = max(rate, 1)
//! ```
//!
//! The bucket and the cubic run before the first throttle too, but hold nothing back. Source:
//! botocore 1.43.11, `retries/adaptive.py`, `throttling.py`, `bucket.py`; smithy-rs, commit
//! 56ee88c, `client_rate_limiter.rs`, has the same constants. `tests/recorded/botocore.json` holds
//! its decisions.
//!
//! Those that wait leave in no order, each as likely as the others: there every thread sleeps until
//! the next token, all wake together, and one of them takes it. Of 960 calls at once by 16 threads
//! under 1/s and burst 10 botocore 1.44.8 loses 42 to 49 when its threads wake within 0.1 ms of the
//! instant, 52 of them if they left in order, 46 in a random one.

use super::Turn;
use crate::strategy::Unsound;
use crate::strategy::{Answer, Ended};
use crate::units::{Instant, Span};

/// A bucket whose rate follows a cubic, switched on by the first throttle.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsSdk {
    /// What of the rate is kept after a throttle.
    pub beta: f64,
    /// How steep the cubic is.
    pub scale: f64,
    /// The weight of the last half second in the measured rate.
    pub smoothing: f64,
    /// The least rate \[1/s\].
    pub least_rate: f64,
    state: Option<State>,
}

/// Where it stands. Times are seconds since the origin, as its source counts them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct State {
    enabled: bool,
    /// Of the bucket: rate \[1/s\], capacity, level, and as of when \[s\].
    fill: f64,
    capacity: f64,
    tokens: f64,
    as_of: f64,
    /// Of the cubic.
    w_max: f64,
    k: f64,
    throttled_at: f64,
    /// Of the measured rate: \[1/s\], responses since the last slot, and that slot \[s\].
    measured: f64,
    responses: u32,
    slot: f64,
}

impl Default for AwsSdk {
    fn default() -> Self {
        Self { beta: 0.7, scale: 0.4, smoothing: 0.8, least_rate: 0.5, state: None }
    }
}

impl AwsSdk {
    /// What is contradictory about its settings, and what would be right.
    #[must_use]
    pub fn problem(&self) -> Option<Unsound> {
        let share = |value: f64| value > 0.0 && value < 1.0;
        if !share(self.beta) || !share(self.smoothing) {
            return Some(Unsound::new(
                "beta and smoothing are shares",
                "write numbers between 0 and 1",
            ));
        }
        let above = |value: f64| value > 0.0 && value <= 1e9;
        (!above(self.scale) || !above(self.least_rate)).then_some(Unsound::new(
            "a rate that never grows",
            "write a scale and a least_rate above 0",
        ))
    }

    /// A limiter made at `now`.
    #[must_use]
    pub fn made_at(self, now: Instant) -> Self {
        let now = now.as_secs_f64();
        let state = State {
            enabled: false,
            fill: 1.0,
            capacity: 1.0,
            tokens: 0.0,
            as_of: now,
            w_max: 0.0,
            k: 0.0,
            throttled_at: now,
            measured: 0.0,
            responses: 0,
            slot: libm::floor(now),
        };
        Self { state: Some(state), ..self }
    }

    /// True once it has been throttled.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.state.is_some_and(|state| state.enabled)
    }

    /// Rate \[1/s\], capacity and level of its bucket, and the measured rate \[1/s\].
    #[must_use]
    pub fn figures(&self) -> [f64; 4] {
        self.state.map_or([1.0, 1.0, 0.0, 0.0], |s| [s.fill, s.capacity, s.tokens, s.measured])
    }

    fn state(&mut self) -> &mut State {
        if self.state.is_none() {
            *self = self.clone().made_at(Instant::ORIGIN);
        }
        self.state.as_mut().expect("made")
    }
}

impl State {
    fn refill(&mut self, now: f64) {
        self.tokens = self.capacity.min(self.tokens + (now - self.as_of) * self.fill);
        self.as_of = now;
    }

    fn measure(&mut self, now: f64, smoothing: f64) {
        self.responses += 1;
        let slot = libm::floor(now * 2.0) / 2.0;
        if slot > self.slot {
            let current = f64::from(self.responses) / (slot - self.slot);
            self.measured = current * smoothing + self.measured * (1.0 - smoothing);
            (self.responses, self.slot) = (0, slot);
        }
    }
}

impl Turn for AwsSdk {
    fn ready_at(&mut self, now: Instant) -> Instant {
        let state = self.state();
        if !state.enabled {
            return now;
        }
        state.refill(now.as_secs_f64());
        if state.tokens >= 1.0 {
            return now;
        }
        let wait = (1.0 - state.tokens) / state.fill;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let nanos = libm::ceil(wait * 1e9) as u64;
        now + Span::from_nanos(nanos.max(1))
    }

    fn take(&mut self, now: Instant) {
        let state = self.state();
        if state.enabled {
            state.refill(now.as_secs_f64());
            state.tokens -= 1.0;
        }
    }

    fn learn(&mut self, now: Instant, ended: &Ended) {
        let Self { beta, scale, smoothing, least_rate, .. } = *self;
        let state = self.state();
        let now = now.as_secs_f64();
        state.measure(now, smoothing);
        let rate = if ended.answer == Answer::Throttled {
            let used = if state.enabled { state.measured.min(state.fill) } else { state.measured };
            state.w_max = used;
            state.k = libm::cbrt(used * (1.0 - beta) / scale);
            state.throttled_at = now;
            state.enabled = true;
            used * beta
        } else {
            let t = now - state.throttled_at - state.k;
            scale * (t * t * t) + state.w_max
        };
        let rate = rate.min(2.0 * state.measured);
        state.refill(now);
        state.fill = rate.max(least_rate);
        state.capacity = if rate >= 1.0 { rate } else { 1.0 };
        state.tokens = state.tokens.min(state.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Response, Status};
    use proptest::prelude::*;

    fn at_ms(ms: u64) -> Instant {
        Instant::ORIGIN + Span::from_millis(ms)
    }

    /// Nothing before the first throttle; after it half a call a second at the least.
    #[test]
    fn a_throttle_switches_it_on_at_the_floor() {
        let mut limiter = AwsSdk::default();
        assert_eq!(limiter.ready_at(at_ms(1)), at_ms(1));
        limiter.take(at_ms(1));
        let throttled = Ended::first(&Response::bare(Status::TOO_MANY_REQUESTS));
        limiter.learn(at_ms(100), &throttled);
        assert!(limiter.is_enabled());
        assert_eq!(limiter.figures()[0], 0.5);
        let ready = limiter.ready_at(at_ms(100));
        assert_eq!(ready, at_ms(1900), "0.1 s at 1/s are there, the rest comes at 0.5/s");
    }

    proptest! {
        /// Whatever happens: never slower than the floor, a turn is takeable when it is promised,
        /// and waiting comes to an end.
        #[test]
        fn turns_come(events in proptest::collection::vec((0u64..3_000, 0u8..3), 1..200)) {
            let mut limiter = AwsSdk::default();
            let mut now = Instant::ORIGIN;
            for (later, kind) in events {
                now += Span::from_millis(later);
                let status = [Status::OK, Status::TOO_MANY_REQUESTS, Status::UNAVAILABLE];
                limiter.learn(now, &Ended::first(&Response::bare(status[usize::from(kind)])));
                prop_assert!(limiter.figures()[0] >= 0.5);
                let mut ready = limiter.ready_at(now);
                for _ in 0..4 {
                    ready = limiter.ready_at(ready);
                }
                prop_assert_eq!(limiter.ready_at(ready), ready);
                prop_assert!(ready.since(now) <= Span::from_millis(2_001));
                limiter.take(ready);
                prop_assert!(limiter.figures()[2] >= -1e-9);
                now = ready;
            }
        }
    }
}
