//! What a run counts, streaming: memory grows with accounts and calls, never with requests.
//!
//! ```text
//!   Outcome ─┬─ cells: one per workload and step ── Tally, Attempts, latency Histogram
//!            ├─ jobs: one per workload ── Tally, Histogram, Age
//!            ├─ accounts: one per account
//!            ├─ peaks: one per limit
//!            └─ timeline: counts per interval
//! ```
//!
//! Everything here is an integer and merges exactly, in any order, so that a run divided over
//! threads gives the same bytes as an undivided one. Ratios and intervals are derived once, in
//! [`figures`].

mod account;
mod age;
mod cell;
mod counters;
mod estimate;
mod extremes;
pub mod figures;
mod histogram;
mod measure;
mod metric;
mod outcome;
mod part;
mod peak;
mod timeline;

pub use account::{Account, jain};
pub use age::Age;
pub use cell::{Attempts, Cell, Spared, Tally, UnderWay};
pub use counters::Counters;
pub use estimate::{Estimate, Student};
pub use extremes::{Extent, Extremes};
pub use histogram::Histogram;
pub use measure::Measure;
pub use outcome::{Excess, Fate, Jobs, Outcome, QuotaDay};
pub use peak::Peak;
pub use timeline::{Channel, Timeline};

/// One more of them, if so. Unchecked: what is counted one by one never comes to 2⁶⁴.
#[inline]
const fn tick(counter: &mut u64, one: bool) {
    *counter = counter.wrapping_add(one as u64);
}
