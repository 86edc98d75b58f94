//! Limits with figures that the log leaves possible, to foresee what each would answer to a probe.

use super::model::{Model, Piece, Survivor};

/// No probe sends more calls at once.
const MOST_CALLS: i64 = 300;

/// One limit with all its figures. Times in ns, from the start of the probe, full at that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// Its model.
    pub model: Model,
    /// Burst or limit.
    pub capacity: i64,
    /// Tokens a second, for continuous refill.
    pub rate_per_s: f64,
    /// Window, or time from tick to tick \[ns\].
    pub window: i64,
    /// Tokens of a tick.
    pub tokens: i64,
    /// When the first boundary comes \[ns\].
    pub boundary: i64,
}

/// The corners of what survives: every model with its least and its greatest figures.
#[must_use]
pub fn guesses(survivors: &[Survivor]) -> Vec<Guess> {
    let mut all = Vec::new();
    for survivor in survivors {
        let step = (survivor.pieces.len() / 4).max(1);
        let ends = survivor.pieces.iter().step_by(step).chain(survivor.pieces.last());
        for piece in ends {
            for high in [false, true] {
                all.push(corner(survivor.model, piece, high));
            }
        }
    }
    all
}

fn corner(model: Model, piece: &Piece, high: bool) -> Guess {
    fn end<T: Copy>(bounds: (T, Option<T>), high: bool, beyond: impl Fn(T) -> T) -> T {
        if high { bounds.1.unwrap_or_else(|| beyond(bounds.0)) } else { bounds.0 }
    }
    let capacity = end(piece.capacity, high, |least| least * 2 + 1).clamp(1, MOST_CALLS);
    // Within a piece, the rate falls as the burst grows.
    let rate_per_s = piece.rate_per_s.map_or(0.0, |rate| end(rate, !high, |least| least * 2.0));
    let window = piece
        .window
        .map_or(0, |window| end(window, high, |least| least.saturating_mul(2)))
        .clamp(1, 1 << 55);
    let tokens = piece.tokens.unwrap_or(capacity);
    Guess { model, capacity, rate_per_s, window, tokens, boundary: window / 2 }
}

impl Guess {
    /// How many calls of each burst it accepts: bursts of `size` at `at` \[ns\], in order of time,
    /// each burst at one instant.
    #[must_use]
    pub fn accepts(&self, bursts: &[(i64, i64)]) -> Vec<i64> {
        let mut state = State::default();
        bursts
            .iter()
            .map(|(at, size)| (0..*size).filter(|_| self.admits(&mut state, *at)).count() as i64)
            .collect()
    }

    fn admits(&self, state: &mut State, at: i64) -> bool {
        let fits = self.counted(state, at) + 1.0 <= self.capacity as f64 + 1e-9;
        self.count(state, at, fits, 1);
        fits
    }

    /// What the limit has counted at an instant \[ns\], not before the last one that was asked for:
    /// tokens missing from a full bucket, or calls in the window; 0 for calls at the same time.
    pub(super) fn counted(&self, state: &mut State, at: i64) -> f64 {
        let windows = |at: i64| (at - self.boundary).div_euclid(self.window);
        let passed = windows(at) - windows(state.last);
        let seconds = (at - state.last) as f64 / 1e9;
        state.last = at;
        match self.model {
            Model::Concurrency => 0.0,
            Model::Bucket { .. } => {
                state.deficit = (state.deficit - seconds * self.rate_per_s).max(0.0);
                state.deficit
            }
            Model::Ticks | Model::FixedWindow => {
                let back = passed.saturating_mul(self.tokens) as f64;
                state.deficit = (state.deficit - back).max(0.0);
                state.deficit
            }
            Model::SlidingLog { .. } => {
                if seconds > 0.0 {
                    state.log.retain(|(counted, _)| counted + self.window > at);
                }
                state.log.iter().map(|(_, cost)| f64::from(*cost)).sum()
            }
            Model::SlidingCounter { .. } => {
                match passed {
                    0 => {}
                    1 => (state.previous, state.deficit) = (state.deficit, 0.0),
                    _ => (state.previous, state.deficit) = (0.0, 0.0),
                }
                let elapsed = (at - self.boundary).rem_euclid(self.window) as f64;
                state.deficit + state.previous * (1.0 - elapsed / self.window as f64)
            }
        }
    }

    /// Counts a call of a cost at the instant last asked for, as accepted or refused.
    pub(super) fn count(&self, state: &mut State, at: i64, accepted: bool, cost: u32) {
        let counts_refused = self.model.counts_refused() == Some(true);
        if accepted || (counts_refused && !matches!(self.model, Model::Bucket { .. })) {
            state.deficit += f64::from(cost);
            state.log.push((at, cost));
        } else if counts_refused {
            state.deficit = self.capacity as f64;
        }
    }
}

/// What a limit has counted so far.
#[derive(Default)]
pub(super) struct State {
    deficit: f64,
    previous: f64,
    log: Vec<(i64, u32)>,
    last: i64,
}
