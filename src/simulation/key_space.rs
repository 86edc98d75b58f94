//! Where the keys of each cell begin in a cache that several of them share.

use super::index::CellId;
use super::plan::Plan;
use crate::strategy::Strategy;

/// Where each cell's keys begin in a cache, and how many there are of all; nothing is cached of
/// cells whose keys are not known.
#[derive(Debug, Default)]
pub(super) struct KeySpace {
    first: Vec<Option<u32>>,
    count: u32,
}

impl KeySpace {
    pub fn new(plan: &Plan, strategy: &Strategy) -> Self {
        let mut space = Self::default();
        if strategy.cache.is_none() {
            return space;
        }
        for workload in &plan.workloads {
            for _ in &workload.steps {
                space.first.push(workload.keys.as_ref().map(|_| space.count));
                space.count += workload.keys.as_ref().map_or(0, |keys| keys.count());
            }
        }
        space
    }

    /// How many keys there are of all.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The first key of a cell, if its keys are known.
    pub fn first(&self, cell: CellId) -> Option<u32> {
        self.first[cell.place()]
    }
}
