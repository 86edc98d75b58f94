//! Limits with figures that the log leaves possible, to foresee what each would answer to a probe.

use super::counter::Room;
use super::model::{Model, Piece, Survivor};

/// Calls that are sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// How many; not negative.
    pub calls: i64,
    /// What each takes from the limit; at least 1.
    pub cost: u32,
}

impl Burst {
    /// What all of them take.
    #[must_use]
    pub fn units(self) -> i64 {
        self.calls.saturating_mul(i64::from(self.cost))
    }
}

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
                let guess = corner(survivor.model, piece, high);
                if !all.contains(&guess) {
                    all.push(guess);
                }
            }
        }
    }
    all
}

fn corner(model: Model, piece: &Piece, high: bool) -> Guess {
    fn end<T: Copy>(bounds: (T, Option<T>), high: bool, beyond: impl Fn(T) -> T) -> T {
        if high { bounds.1.unwrap_or_else(|| beyond(bounds.0)) } else { bounds.0 }
    }
    let capacity = end(piece.capacity, high, |least| least * 2 + 1).max(1);
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
    /// How many calls of each burst it accepts: bursts with their instants \[ns\], in order of
    /// time, each burst at one instant.
    #[must_use]
    pub fn accepts(&self, bursts: &[(i64, Burst)]) -> Vec<i64> {
        let mut state = State::default();
        bursts.iter().map(|(at, burst)| self.admits(&mut state, *at, *burst)).collect()
    }

    /// How many calls of a burst it accepts. They are counted all at once: what is counted between
    /// two of them is only their own cost.
    fn admits(&self, state: &mut State, at: i64, burst: Burst) -> i64 {
        if self.model == Model::Concurrency {
            return self.capacity.min(burst.calls);
        }
        let room = self.capacity as f64 - self.counted(state, at);
        let fit = room / f64::from(burst.cost.max(1));
        let fit = match self.model {
            // The last one needs any room at all.
            Model::SlidingCounter { room: Room::Any, .. } => (fit - 1e-9).ceil(),
            _ => (fit + 1e-9).floor(),
        };
        let accepted = (fit.max(0.0) as i64).min(burst.calls);
        let cost = |calls: i64| {
            let units = Burst { calls, ..burst }.units();
            u32::try_from(units).unwrap_or(u32::MAX)
        };
        if accepted > 0 {
            self.count(state, at, true, cost(accepted));
        }
        if burst.calls > accepted {
            self.count(state, at, false, cost(burst.calls - accepted));
        }
        accepted
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

    /// Counts what calls cost at the instant last asked for, as accepted or refused.
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

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;

    fn guess(model: Model, capacity: i64) -> Guess {
        Guess {
            model,
            capacity,
            rate_per_s: 2.0,
            window: 10 * S,
            tokens: capacity,
            boundary: 5 * S,
        }
    }

    /// A bucket of 10 units at 2/s: 3 calls of 3 fit, 1 unit is left; 2 s later there are 5.
    #[test]
    fn a_burst_takes_what_its_calls_cost() {
        let bursts = [(0, Burst { calls: 5, cost: 3 }), (2 * S, Burst { calls: 9, cost: 2 })];
        let bucket = |counts_refused| guess(Model::Bucket { counts_refused }, 10);
        assert_eq!(bucket(false).accepts(&bursts), [3, 2]);
        assert_eq!(bucket(true).accepts(&bursts), [3, 2], "empty at once, 4 come in 2 s");
        let window = guess(Model::FixedWindow, 10);
        assert_eq!(window.accepts(&bursts), [3, 0], "one unit is left until 5 s");
        let later = [bursts[0], (5 * S, bursts[1].1)];
        assert_eq!(window.accepts(&later), [3, 5]);
        assert_eq!(guess(Model::SlidingLog { counts_refused: false }, 10).accepts(&later), [3, 0]);
        assert_eq!(guess(Model::Concurrency, 4).accepts(&bursts), [4, 4], "it counts calls");
    }

    /// 10 units in windows of 10 s: the last call needs room for all of it, or for any part.
    #[test]
    fn a_counter_may_admit_a_call_for_which_there_is_little_room() {
        for (room, accepted) in [(Room::Whole, 3), (Room::Any, 4)] {
            let model = Model::SlidingCounter { counts_refused: false, room };
            let found = guess(model, 10).accepts(&[(0, Burst { calls: 9, cost: 3 })]);
            assert_eq!(found, [accepted]);
        }
    }
}
