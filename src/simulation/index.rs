//! What a run numbers, in types of their own: none is taken for another.

use crate::engine::Number;

/// A type for each kind of number.
macro_rules! numbers {
    ($($(#[doc = $doc:literal])+ $name:ident($of:ident),)+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) struct $name(pub $of);

        impl $name {
            /// Its place in a list.
            #[inline(always)]
            pub const fn place(self) -> usize {
                self.0 as usize
            }
        }
    )+ };
}

numbers! {
    /// A request under way.
    RequestId(u32),
    /// A job under way.
    JobId(u32),
    /// A source of arrivals.
    SourceId(u32),
    /// A process of a caller, among those of all callers on the clock.
    ProcessId(u32),
    /// A step of a workload, among those of all workloads.
    CellId(u16),
    /// Where requests of a step are counted: as the step, or beyond all of them if their job
    /// arrived while warming up.
    CountedId(u16),
}

/// What a call will need: its process, and the cell of its step.
pub(super) type Needed = (ProcessId, CellId);

impl Number for RequestId {
    #[inline(always)]
    fn of(number: u32) -> Self {
        Self(number)
    }

    #[inline(always)]
    fn place(self) -> usize {
        self.place()
    }
}

impl Number for JobId {
    #[inline(always)]
    fn of(number: u32) -> Self {
        Self(number)
    }

    #[inline(always)]
    fn place(self) -> usize {
        self.place()
    }
}
