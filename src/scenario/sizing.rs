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

/// Which of the values with which all holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The greatest.
    Largest,
    /// The least.
    Smallest,
}
