//! What a limit had counted at each call of a log, with figures that explain the log.
//!
//! ```text
//!   need ┤      ×  ×        refused: one more would be above the capacity
//!   10   ┤- -●- - - -●- -   accepted: one more fits
//!        ┤ ●    ╲__╱
//! ```
//!
//! A picture needs one instant for each call and one value for each figure, although only bounds of
//! both are known. Calls are placed in the middle of their bounds, and of the figures that are left
//! those are taken that put the fewest calls on the wrong side of the capacity.

use super::guess::{Guess, State};
use super::model::{Model, Piece, Survivor};
use super::rows::{Call, Status};

/// A call of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// The middle of the bounds of its decision \[ns since the log's origin\].
    pub at: i64,
    /// What would be counted with it: tokens, calls or units, at least its cost.
    pub need: f64,
    /// What became of it.
    pub status: Status,
    /// What it takes.
    pub cost: u32,
}

/// The calls of one limit, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// The figures.
    pub guess: Guess,
    /// The calls that were accepted or refused.
    pub marks: Vec<Mark>,
    /// How many of them are on the wrong side of the capacity, since times and figures are not
    /// known exactly.
    pub misplaced: usize,
}

/// Calls by which figures are chosen.
const CALLS: usize = 4000;
/// Pieces that are tried.
const PIECES: usize = 12;
/// Where between its bounds a figure is tried.
const PLACES: [f64; 5] = [0.5, 0.25, 0.75, 0.0, 1.0];

/// The track of the calls of one limit under a model that explains them; `None` for calls at the
/// same time, which need no memory of what was counted.
#[must_use]
pub fn track(survivor: &Survivor, calls: &[&Call]) -> Option<Track> {
    if survivor.model == Model::Concurrency {
        return None;
    }
    let mut calls: Vec<(i64, Status, u32)> =
        calls.iter().map(|call| (middle(call), call.status, call.cost)).collect();
    calls.sort_by_key(|call| call.0);
    let first = &calls[..calls.len().min(CALLS)];
    let mut best: Option<(usize, Guess)> = None;
    for guess in candidates(survivor) {
        let wrong = misplaced(&guess, &marks(&guess, first));
        if best.is_none_or(|(least, _)| wrong < least) {
            best = Some((wrong, guess));
        }
        if wrong == 0 {
            break;
        }
    }
    let guess = best?.1;
    let marks = marks(&guess, &calls);
    Some(Track { guess, misplaced: misplaced(&guess, &marks), marks })
}

impl Track {
    /// What was counted from one instant to another \[ns\], at so many instants between them and
    /// before and after each call.
    #[must_use]
    pub fn line(&self, from: i64, to: i64, parts: i64) -> Vec<(i64, f64)> {
        let (mut state, mut line) = (State::default(), Vec::new());
        let step = ((to - from) / parts.max(1)).max(1);
        let mut next = from;
        for mark in &self.marks {
            while next <= to && next < mark.at {
                line.push((next, self.guess.counted(&mut state, next)));
                next = next.saturating_add(step);
            }
            let before = self.guess.counted(&mut state, mark.at);
            self.guess.count(&mut state, mark.at, mark.status == Status::Accepted, mark.cost);
            if mark.at >= from && mark.at <= to {
                line.push((mark.at, before));
                line.push((mark.at, self.guess.counted(&mut state, mark.at)));
            }
        }
        line
    }
}

fn middle(call: &Call) -> i64 {
    call.decided.lo + (call.decided.hi - call.decided.lo) / 2
}

fn marks(guess: &Guess, calls: &[(i64, Status, u32)]) -> Vec<Mark> {
    let mut state = State::default();
    let known = calls.iter().filter(|(_, status, _)| *status != Status::Other);
    known
        .map(|(at, status, cost)| {
            let need = guess.counted(&mut state, *at) + f64::from(*cost);
            guess.count(&mut state, *at, *status == Status::Accepted, *cost);
            Mark { at: *at, need, status: *status, cost: *cost }
        })
        .collect()
}

fn misplaced(guess: &Guess, marks: &[Mark]) -> usize {
    let fits = |mark: &Mark| mark.need <= guess.capacity as f64 + 1e-9;
    marks.iter().filter(|mark| fits(mark) != (mark.status == Status::Accepted)).count()
}

/// Figures to try: those in the middle of what is left first.
fn candidates(survivor: &Survivor) -> Vec<Guess> {
    let pieces = &survivor.pieces;
    let step = pieces.len().div_ceil(PIECES).max(1);
    let mut places: Vec<usize> = (0..pieces.len()).step_by(step).collect();
    places.sort_by_key(|place| place.abs_diff(pieces.len() / 2));
    let mut all = Vec::new();
    for piece in places.iter().map(|place| &pieces[*place]) {
        for part in PLACES {
            // Only figures with a clock have a second one to choose.
            let boundaries = if piece.boundary.is_some() { &PLACES[..] } else { &PLACES[..1] };
            all.extend(boundaries.iter().map(|other| guess(survivor.model, piece, part, *other)));
        }
    }
    all
}

fn guess(model: Model, piece: &Piece, part: f64, other: f64) -> Guess {
    let between = |low: i64, high: i64, part: f64| low + ((high - low) as f64 * part) as i64;
    let rate_per_s = piece
        .rate_per_s
        .map_or(0.0, |(low, high)| high.map_or(low, |high| low + (high - low) * part));
    let window = piece
        .window
        .map_or(1, |(low, high)| high.map_or(low, |high| between(low, high, part)))
        .max(1);
    let boundary = piece.boundary.map_or(0, |(low, high)| between(low, high, other));
    let capacity = piece.capacity.0;
    let tokens = piece.tokens.unwrap_or(capacity);
    Guess { model, capacity, rate_per_s, window, tokens, boundary }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::rows::Within;

    const S: i64 = 1_000_000_000;

    fn survivor(model: Model, rate: Option<f64>, window: Option<i64>) -> Survivor {
        let piece = Piece {
            capacity: (2, Some(2)),
            rate_per_s: rate.map(|rate| (rate, Some(rate))),
            window: window.map(|window| (window, Some(window))),
            tokens: None,
            boundary: None,
        };
        Survivor { model, pieces: vec![piece], rough: false }
    }

    fn calls(all: &[(i64, Status)]) -> Vec<Call> {
        let call = |(line, (at, status)): (u32, &(i64, Status))| {
            Call::new(line, Within::exactly(at * S), *status)
        };
        (1..).zip(all).map(call).collect()
    }

    #[test]
    fn a_bucket_of_two_is_followed() {
        let calls = calls(&[
            (0, Status::Accepted),
            (0, Status::Accepted),
            (1, Status::Refused),
            (2, Status::Accepted),
        ]);
        let left = survivor(Model::Bucket { counts_refused: false }, Some(0.5), None);
        let track = track(&left, &calls.iter().collect::<Vec<_>>()).expect("a track");
        let needs: Vec<f64> = track.marks.iter().map(|mark| mark.need).collect();
        assert_eq!((needs, track.misplaced), (vec![1.0, 2.0, 2.5, 2.0], 0));
        let line = track.line(0, 2 * S, 4);
        assert!(line.contains(&(S / 2, 1.75)) && line.contains(&(2 * S, 2.0)), "{line:?}");
    }

    #[test]
    fn a_window_of_two_is_followed_and_wrong_sides_are_counted() {
        let calls = calls(&[
            (0, Status::Accepted),
            (1, Status::Accepted),
            (2, Status::Accepted),
            (11, Status::Refused),
        ]);
        let left = survivor(Model::SlidingLog { counts_refused: false }, None, Some(10 * S));
        let track = track(&left, &calls.iter().collect::<Vec<_>>()).expect("a track");
        let needs: Vec<f64> = track.marks.iter().map(|mark| mark.need).collect();
        assert_eq!((needs, track.misplaced), (vec![1.0, 2.0, 3.0, 2.0], 2));
        let same = survivor(Model::Concurrency, None, None);
        assert_eq!(super::track(&same, &[]), None);
    }
}
