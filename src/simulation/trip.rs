//! The way of an attempt to the provider and back.
//!
//! ```text
//!   there = round trip / 2      back = the rest
//! ```
//!
//! Where its length varies, each attempt draws one of its own.

use super::observe::Observer;
use super::partition::Partition;
use super::plan::{Call, Plan};
use super::provider::Lot;
use super::records::Request;
use crate::random::{Distribution, Purpose};
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

impl<O: Observer> Partition<'_, O> {
    /// The way there and back of the attempt that a request has sent last.
    #[inline]
    pub(super) fn trip(&self, request: &Request) -> (Span, Span) {
        match self.trips[usize::from(request.operation.0)] {
            Trip::Steady(there, back) => (there, back),
            Trip::Drawn(trip) => {
                let mut draws =
                    self.lot(request).draws(&self.streams, Purpose::Trips, request.attempts);
                halves(trip.sample(&mut draws))
            }
        }
    }

    /// Which draws a request's next attempt uses.
    #[inline(always)]
    pub(super) fn lot(&self, request: &Request) -> Lot {
        Lot {
            owner: request.owner,
            attempts: request.attempts,
            admissions: request.admissions,
            cell: request.cell,
            bad_ppm: if self.has_bad_work { self.work_of(request).bad_request_ppm } else { 0 },
        }
    }
}
