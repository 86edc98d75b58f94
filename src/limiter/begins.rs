//! When windows begin: at even distances, or as a calendar says.
//!
//! ```text
//!   even      window(t) = ⌊(t + offset) / length⌋
//!   calendar  begins: sorted instants      window(t) = those of them that are at or before t
//!             ├──── 5,000 ───┼─ 5,000 (23 h) ─┼──►
//! ```

use crate::units::{CalendarUnit, Instant, Span};
use std::sync::Arc;

/// When windows begin. They are numbered; the origin is in window 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begins {
    /// All are of one length.
    Even {
        /// How long a window is.
        length: Span,
        /// How far the origin is into one.
        offset: Span,
    },
    /// Days, weeks or months.
    Calendar {
        /// What a window is.
        unit: CalendarUnit,
        /// When windows begin after the origin, in order. The last has no end.
        begins: Arc<[Instant]>,
    },
}

impl Begins {
    /// The window of `now`, which is not before window `known`.
    pub(super) fn number_at(&self, now: Instant, known: u64) -> u64 {
        match self {
            Self::Even { length, offset } => {
                (now.as_nanos() + offset.as_nanos()) / length.as_nanos()
            }
            Self::Calendar { begins, .. } => match begins.get(place(known)) {
                Some(next) if *next <= now => begins.partition_point(|at| *at <= now) as u64,
                _ => known,
            },
        }
    }

    /// When a window ends, if it does.
    pub(super) fn end_of(&self, number: u64) -> Option<Instant> {
        match self {
            Self::Even { length, offset } => Some(beginning(number + 1, *length, *offset)),
            Self::Calendar { begins, .. } => begins.get(place(number)).copied(),
        }
    }

    /// How long a window is, or usually is.
    pub(super) fn about(&self) -> Span {
        match self {
            Self::Even { length, .. } => *length,
            Self::Calendar { unit, .. } => unit.about(),
        }
    }
}

/// The place of a window's end among the beginnings.
fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The instant at which window `number` begins, for an origin that is `offset` into window 0.
pub(super) const fn beginning(number: u64, length: Span, offset: Span) -> Instant {
    Instant::from_nanos((number * length.as_nanos()).saturating_sub(offset.as_nanos()))
}
