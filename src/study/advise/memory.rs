//! What a search remembers: runs of an earlier search that was interrupted, and how far this one
//! has come.

/// A run of the race.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Accounts that were simulated, from the first.
    pub accounts: u32,
    /// The candidate, by its place in the field.
    pub place: usize,
    /// The replication, from 0.
    pub replication: u32,
}

/// What a run found.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its figures; `None` if it took more events than it may.
    pub figures: Option<Vec<f64>>,
    /// True if every attempt succeeded.
    pub is_smooth: bool,
}

/// What is done with each run, beside the search.
pub trait Memory: Sync {
    /// What an earlier search of the same scenario found.
    fn known(&self, _key: Key) -> Option<Kept> {
        None
    }

    /// Keeps what a run found.
    fn keep(&self, _key: Key, _kept: &Kept) {}

    /// So many accounts more were simulated, over all runs.
    fn done(&self, _accounts: u64) {}

    /// From now on at most so many accounts are simulated, over all runs.
    fn left(&self, _accounts: u64) {}

    /// True if the search is to end before its next run.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forgetful;

impl Memory for Forgetful {}
