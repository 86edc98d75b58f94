//! `[size]`: the largest or smallest value of one address with which something holds.
//!
//! ```toml
//! [size]
//! address = "clients.accounts"
//! from = 1
//! to = 500
//! goal = "largest"
//! meet = ["throttle_rate < 1%"]       # the scenario's expectations, if absent
//! strategies = ["paced"]              # all, if absent
//! ```

use super::Expectation;
use super::amount::Amount;

/// What is sized.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizing {
    /// The address, in TOML's dotted form.
    pub address: String,
    /// The least value that is tried.
    pub from: Amount,
    /// The greatest.
    pub to: Amount,
    /// Which value is looked for.
    pub goal: Goal,
    /// What must hold.
    pub meet: Vec<Expectation>,
    /// For which strategies, by index.
    pub strategies: Vec<usize>,
}

/// From which ratio of its ends on a range is walked on a logarithm.
const WIDE: f64 = 50.0;

impl Sizing {
    /// What must hold of a strategy, each with its place among all that must hold.
    pub fn must_hold(&self, strategy: usize) -> impl Iterator<Item = (usize, &Expectation)> {
        let all = self.meet.iter().enumerate();
        all.filter(move |(_, meet)| meet.strategy.is_none_or(|of| of == strategy))
    }

    /// True if the range is walked on a logarithm.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.from.number > 0.0 && self.to.number / self.from.number >= WIDE
    }
}

/// Which of the values with which all holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The greatest.
    Largest,
    /// The least.
    Smallest,
}
