//! Where one workload's work comes from, and whose it is.
//!
//! ```text
//!   own arrivals      job n ─► the caller
//!   one stream        job n ─► the caller that it names, or callers[n mod their number]
//! ```

use crate::random::Stream;
use crate::workload::Source;

/// Where one workload's work for one caller comes from.
#[derive(Debug)]
pub(super) struct Spring {
    pub workload: u16,
    /// The caller, by number; the first of all for a stream that is dealt to several.
    pub caller: u32,
    /// The callers that a stream is dealt to, each with how many jobs it has had so far.
    pub dealt: Vec<(u32, u64)>,
    pub source: Source,
    /// The cell of the workload's first step.
    pub first_cell: u16,
    /// Draws that belong to its jobs.
    pub counts: Stream,
}

impl Spring {
    /// The caller that gets job `number`, and how many it got before: the one that the job names
    /// by its place, or each in turn.
    pub fn deal(&mut self, number: u64, named: Option<u32>) -> (u32, u64) {
        if self.dealt.is_empty() {
            return (self.caller, number);
        }
        let turn = named.map_or(number, u64::from) % self.dealt.len() as u64;
        let (caller, jobs) = &mut self.dealt[usize::try_from(turn).unwrap_or(0)];
        *jobs += 1;
        (*caller, *jobs - 1)
    }
}
