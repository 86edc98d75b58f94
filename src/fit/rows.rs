//! Calls as a client saw them, and what is known of the instant at which each was decided.
//!
//! ```text
//!   sent            decided?                ended?            received
//!    ├── one way ──────┤                      ├── one way ──────┤
//!    decided in [sent, sent + round trip]     ended in [received - round trip, received]
//! ```
//!
//! The provider decides at some instant between sending and answer. A bound on the round trip
//! (network only) narrows that for calls that take long to serve.

/// Bounds of an instant, both included \[ns since the log's origin\].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// Not before.
    pub lo: i64,
    /// Not after.
    pub hi: i64,
}

impl Within {
    /// An instant that is known exactly.
    #[must_use]
    pub const fn exactly(at: i64) -> Self {
        Self { lo: at, hi: at }
    }
}

/// What became of a call, as far as a limit cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The limit admitted it.
    Accepted,
    /// The limit refused it.
    Refused,
    /// Nobody knows: a server error, a time-out, no status. It may have been counted.
    Other,
}

/// What a limit holds when the log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// Nothing has been counted before: buckets are full, windows are empty.
    Full,
    /// Anything may have been counted before.
    Unknown,
}

/// The parts of a key that a limit may be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The seller, merchant or shop.
    Account,
    /// The application that calls.
    Application,
    /// The provider's region.
    Region,
    /// The operation called.
    Call,
}

impl Part {
    /// All parts, in the order of [`Call::key`].
    pub const ALL: [Self; 4] = [Self::Account, Self::Application, Self::Region, Self::Call];
}

/// One row of a log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// Its line in the file, for evidence.
    pub line: u32,
    /// When the provider decided it.
    pub decided: Within,
    /// When the provider was done with it, if the log has the answer's time.
    pub ended: Option<Within>,
    /// Account, application, region and call, as indices of names.
    pub key: [u32; 4],
    /// What became of it.
    pub status: Status,
    /// What it takes from the limit, in whole units; 1 where calls are counted.
    pub cost: u32,
}

impl Call {
    /// A call of cost 1 decided within `decided`, of key 0.
    #[must_use]
    pub fn new(line: u32, decided: Within, status: Status) -> Self {
        Self { line, decided, ended: None, key: [0; 4], status, cost: 1 }
    }

    /// Derives the bounds from the times of a log. `received` and `round_trip` \[ns\] may each be
    /// missing, but not both.
    #[must_use]
    pub fn timed(
        line: u32,
        sent: Within,
        received: Option<i64>,
        round_trip: Option<i64>,
        status: Status,
    ) -> Option<Self> {
        let by_trip = round_trip.map(|trip| sent.hi.saturating_add(trip.max(0)));
        let hi = match (by_trip, received) {
            (Some(by_trip), Some(received)) => by_trip.min(received),
            (Some(by), None) | (None, Some(by)) => by,
            (None, None) => return None,
        };
        let mut call = Self::new(line, Within { lo: sent.lo, hi: hi.max(sent.lo) }, status);
        call.ended = received.map(|received| {
            let lo = round_trip.map_or(sent.lo, |trip| (received - trip).max(sent.lo));
            Within { lo: lo.min(received), hi: received.max(sent.lo) }
        });
        Some(call)
    }
}
