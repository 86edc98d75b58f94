//! What was found in a log that a workload replays.

use crate::recorded::Found;

/// A log that a workload replays, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceReading {
    /// The workload that replays it.
    pub workload: String,
    /// The file, as the scenario names it.
    pub file: String,
    /// What is in it.
    pub found: Found,
    /// Operations that rows name, and how many rows each has.
    pub calls: Vec<(String, u64)>,
    /// A column that is likely to hold statuses, where none does that is read.
    pub unread_status: Option<String>,
    /// True if it is to begin again when it is over, but arrivals stop before.
    pub never_loops: bool,
}
