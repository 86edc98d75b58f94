//! One account step by step: the attempts of the window in which it was refused most, and what its
//! limits had left meanwhile.
//!
//! ```text
//!   attempt, attempt, … ─► the last STEPS ─► more refusals than in the window kept? keep it
//! ```
//!
//! Memory is bounded, however long the run: two windows and the levels that belong to them. Where a
//! level changes more often than that holds, the lowest of each two that follow one another stays.

use super::observe::{Attempt, Left, Observer};
use std::collections::VecDeque;

/// The most attempts of a window.
pub const STEPS: usize = 100;
/// The most levels that are remembered of a limit.
const LEVELS: usize = 20 * STEPS;

/// Attempts of one account that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// The attempts, in the order in which they were sent.
    pub attempts: Vec<Attempt>,
    /// What the limits had left: before the window once, and then whenever it changed.
    pub levels: Vec<Left>,
}

impl Window {
    /// How many of its attempts a limit, or the service, refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.attempts.iter().filter(|attempt| attempt.cause.is_some()).count()
    }
}

/// Whoever keeps the window of an account in which most attempts were refused; where none was, the
/// first.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    account: u32,
    recent: VecDeque<Attempt>,
    refused: usize,
    /// For each limit what it had left, since the window began and once before.
    levels: Vec<Vec<Left>>,
    kept: Window,
    kept_refused: usize,
}

impl Steps {
    /// Nothing yet of an account, by its number among all.
    pub const fn of(account: u32) -> Self {
        Self {
            account,
            recent: VecDeque::new(),
            refused: 0,
            levels: Vec::new(),
            kept: Window { attempts: Vec::new(), levels: Vec::new() },
            kept_refused: 0,
        }
    }

    /// The window.
    pub fn into_window(mut self) -> Window {
        // All of a run that fits.
        if self.recent.len() < STEPS {
            self.keep();
        }
        self.kept.attempts.sort_by_key(|attempt| (attempt.sent, attempt.request, attempt.attempt));
        self.kept
    }

    fn keep(&mut self) {
        self.forget_levels();
        self.kept = Window {
            attempts: self.recent.iter().copied().collect(),
            levels: self.levels.concat(),
        };
        self.kept_refused = self.refused;
    }

    /// Forgets levels that ended before the window begins.
    fn forget_levels(&mut self) {
        let begin = self.recent.iter().map(|attempt| attempt.sent).min();
        for levels in &mut self.levels {
            let before = match begin {
                Some(begin) => levels.partition_point(|level| level.at <= begin),
                None => levels.len(),
            };
            levels.drain(..before.saturating_sub(1));
        }
    }
}

/// Half as many levels: the lowest of each two.
fn coarser(levels: &mut Vec<Left>) {
    let lowest = levels.chunks(2).map(|pair| Left {
        left: pair.iter().map(|level| level.left).min().unwrap_or(0),
        ..pair[0]
    });
    *levels = lowest.collect();
}

impl Observer for Steps {
    const READS: bool = true;

    fn attempt(&mut self, attempt: &Attempt) {
        if attempt.caller.account != self.account {
            return;
        }
        if self.recent.len() == STEPS
            && let Some(oldest) = self.recent.pop_front()
        {
            self.refused -= usize::from(oldest.cause.is_some());
        }
        self.refused += usize::from(attempt.cause.is_some());
        self.recent.push_back(*attempt);
        let is_first = self.kept.attempts.is_empty() && self.recent.len() == STEPS;
        if is_first || self.refused > self.kept_refused {
            self.keep();
        }
    }

    fn level(&mut self, level: Left) {
        if self.levels.len() <= level.limit {
            self.levels.resize(level.limit + 1, Vec::new());
        }
        let levels = &mut self.levels[level.limit];
        if levels.last().is_some_and(|last| last.left == level.left) {
            return;
        }
        levels.push(level);
        if levels.len() == LEVELS {
            self.forget_levels();
            let levels = &mut self.levels[level.limit];
            if levels.len() > LEVELS / 2 {
                coarser(levels);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::observe::Next;
    use super::*;
    use crate::units::{Instant, Span};
    use crate::wire::{Caller, Operation};

    fn attempt(second: u64, account: u32, is_refused: bool) -> Attempt {
        let at = Instant::ORIGIN + Span::from_secs(second);
        Attempt {
            arrived: at,
            sent: at,
            answered: Some(at),
            workload: 0,
            caller: Caller { account, ..Caller::default() },
            operation: Operation(0),
            request: second,
            attempt: 1,
            status: None,
            cause: is_refused.then_some(0),
            clear_at: None,
            retry_after: None,
            rate_limit: None,
            next: Next::Done,
        }
    }

    /// Ten thousand attempts, of which those from 5,000 to 5,050 were refused, and one of another
    /// account between any two.
    #[test]
    fn the_window_with_most_refusals_is_kept() {
        let mut steps = Steps::of(1);
        for second in 0..10_000 {
            let at = Instant::ORIGIN + Span::from_secs(second);
            steps.level(Left { limit: 0, at, left: second / 10 });
            steps.attempt(&attempt(second, 1, (5_000..5_050).contains(&second)));
            steps.attempt(&attempt(second, 2, true));
        }
        let window = steps.into_window();
        assert_eq!((window.attempts.len(), window.refused()), (STEPS, 50));
        let first = window.attempts[0].sent;
        assert_eq!(first, Instant::ORIGIN + Span::from_secs(4_950));
        assert_eq!(window.levels[0].at, first);
        assert_eq!(window.levels.len(), 10);
    }

    /// A level that changes a million times within a window is remembered coarsely, another whole.
    #[test]
    fn levels_are_bounded() {
        let mut steps = Steps::of(0);
        steps.attempt(&attempt(0, 0, true));
        steps.level(Left { limit: 0, at: Instant::ORIGIN, left: 9 });
        for ms in 0..1_000_000 {
            let at = Instant::ORIGIN + Span::from_millis(ms);
            steps.level(Left { limit: 1, at, left: 3 + ms % 2 });
        }
        steps.attempt(&attempt(1_000, 0, true));
        let window = steps.into_window();
        let of = |limit| window.levels.iter().filter(move |level| level.limit == limit);
        assert_eq!(of(0).count(), 1);
        assert!((100..LEVELS).contains(&of(1).count()), "{}", of(1).count());
        assert_eq!(of(1).next().map(|level| level.at), Some(Instant::ORIGIN));
        assert!(of(1).rev().skip(LEVELS / 2).all(|level| level.left == 3));
    }

    #[test]
    fn without_refusals_it_is_the_first_window() {
        for (seconds, kept) in [(7, 7), (1_000, STEPS)] {
            let mut steps = Steps::of(0);
            (0..seconds).for_each(|second| steps.attempt(&attempt(second, 0, false)));
            let window = steps.into_window();
            assert_eq!((window.attempts.len(), window.refused()), (kept, 0));
            assert_eq!(window.attempts[0].sent, Instant::ORIGIN);
        }
        assert_eq!(Steps::of(0).into_window(), Window::default());
    }
}
