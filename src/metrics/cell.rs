//! The counters of one step of one workload: the finest grain, from which totals are added up.

use super::Histogram;
use crate::units::Instant;

/// How many of something arose and how they ended.
///
/// `unfinished = arrived - completed - given_up`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All that arose.
    pub arrived: u64,
    /// Those that succeeded.
    pub completed: u64,
    /// Those that were given up.
    pub given_up: u64,
}

impl Tally {
    /// Those that had not ended when the run did.
    ///
    /// # Panics
    /// If more have ended than arose: conservation is broken, which is a fault of the program.
    #[must_use]
    pub fn unfinished(&self) -> u64 {
        self.arrived.checked_sub(self.completed + self.given_up).expect("conservation")
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.completed += other.completed;
        self.given_up += other.given_up;
    }
}

/// What became of attempts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Those admitted and not failed, bad requests included.
    pub admitted: u64,
    /// Those answered with a 5xx.
    pub failed: u64,
    /// Those among the failed that nobody was there to decide about.
    pub unavailable: u64,
    /// Bad requests among the admitted.
    pub bad_requests: u64,
    /// Those refused, by cause.
    pub throttled: Vec<u64>,
    /// First attempts.
    pub first: u64,
    /// Refused first attempts.
    pub first_throttled: u64,
    /// Those among all of them that had no answer when time was over.
    pub under_way: UnderWay,
}

/// Attempts that a provider has decided about, and whose answer was still to come when time was
/// over, by what it would have been.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnderWay {
    /// Those admitted, by [`Fate`](super::Fate) in its order.
    pub fates: [u64; 4],
    /// Those refused, by cause.
    pub throttled: Vec<u64>,
}

impl UnderWay {
    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.fates.iter().chain(&self.throttled).sum()
    }

    fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.fates.iter_mut().zip(&other.fates) {
            *ours += theirs;
        }
        for (ours, theirs) in self.throttled.iter_mut().zip(&other.throttled) {
            *ours += theirs;
        }
    }
}

impl Attempts {
    /// Nothing yet, with room for so many causes.
    #[must_use]
    pub fn new(causes: usize) -> Self {
        let under_way = UnderWay { throttled: vec![0; causes], ..UnderWay::default() };
        Self { throttled: vec![0; causes], under_way, ..Self::default() }
    }

    /// All that reached a provider: `admitted + failed + Σ throttled`.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.admitted + self.failed + self.refused()
    }

    /// Those refused, for whatever cause.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.throttled.iter().sum()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.admitted += other.admitted;
        self.failed += other.failed;
        self.unavailable += other.unavailable;
        self.bad_requests += other.bad_requests;
        self.first += other.first;
        self.first_throttled += other.first_throttled;
        self.under_way.merge(&other.under_way);
        for (ours, theirs) in self.throttled.iter_mut().zip(&other.throttled) {
            *ours += theirs;
        }
    }
}

/// What a client spared its provider; none of it is an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spared {
    /// Attempts that a guard of the client refused to send.
    pub refused: u64,
    /// Requests answered from a cache.
    pub cached: u64,
    /// Requests that travelled in another one's call.
    pub batched: u64,
}

impl Spared {
    /// True if nothing was.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.refused == 0 && self.cached == 0 && self.batched == 0
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.refused += other.refused;
        self.cached += other.cached;
        self.batched += other.batched;
    }
}

/// One step of one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its requests.
    pub requests: Tally,
    /// Their attempts.
    pub attempts: Attempts,
    /// What the client spared the provider.
    pub spared: Spared,
    /// From a request's arising to its success.
    pub latency: Histogram,
    /// When the last of its requests ended.
    pub last_end: Instant,
}

impl Cell {
    /// Nothing yet, with room for so many causes.
    #[must_use]
    pub fn new(causes: usize) -> Self {
        Self {
            requests: Tally::default(),
            attempts: Attempts::new(causes),
            spared: Spared::default(),
            latency: Histogram::default(),
            last_end: Instant::ORIGIN,
        }
    }

    /// Adds all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.requests.merge(&other.requests);
        self.attempts.merge(&other.attempts);
        self.spared.merge(&other.spared);
        self.latency.merge(&other.latency);
        self.last_end = self.last_end.max(other.last_end);
    }

    /// Asserts what every run must hold.
    ///
    /// # Panics
    /// If it does not hold, which is a fault of the program.
    pub fn assert_conservation(&self) {
        let a = &self.attempts;
        assert!(a.first_throttled <= a.first && a.first <= a.sent(), "attempts are conserved");
        let _ = self.requests.unfinished();
        assert_eq!(self.latency.count(), self.requests.completed, "a latency per success");
    }
}
