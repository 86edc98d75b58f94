//! The way of an attempt to the provider and back.
//!
//! ```text
//!   there = round trip / 2      back = the rest
//! ```
//!
//! Where its length varies, each attempt draws one of its own.

use super::plan::{Call, Plan};
use crate::random::{Distribution, Draws};
use crate::units::Span;

/// The way of an operation's attempts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trip<'p> {
    /// Always as long: there, and back.
    Steady(Span, Span),
    /// Of a length that each attempt draws.
    Drawn(&'p Distribution),
}

impl<'p> Trip<'p> {
    pub fn of(plan: &'p Plan, call: &Call) -> Self {
        match &plan.services[usize::from(call.service)].round_trip {
            Distribution::Constant(round_trip) => {
                let (there, back) = halves(*round_trip);
                Self::Steady(there, back)
            }
            drawn => Self::Drawn(drawn),
        }
    }
}

impl Trip<'_> {
    /// How long the way there and the way back are, by draws that are made if it varies.
    #[inline]
    pub fn halves(self, draws: impl FnOnce() -> Draws) -> (Span, Span) {
        match self {
            Self::Steady(there, back) => (there, back),
            Self::Drawn(trip) => halves(trip.sample(&mut draws())),
        }
    }

    /// True of a way that takes no time.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Steady(Span::ZERO, Span::ZERO))
    }
}

/// The way there and the way back.
fn halves(round_trip: Span) -> (Span, Span) {
    let there = round_trip.divided_by(2);
    (there, round_trip - there)
}
