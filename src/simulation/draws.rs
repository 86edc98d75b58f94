//! Which draws an attempt uses.

use super::observe::Observer;
use super::partition::Partition;
use super::provider::Lot;
use super::records::Request;
use crate::random::{Draws, Purpose};
use crate::units::Span;

impl<O: Observer> Partition<'_, O> {
    /// The way there and back of the attempt that a request has sent last.
    #[inline]
    pub(super) fn trip(&self, request: &Request) -> (Span, Span) {
        let trip = self.set.trips[usize::from(request.operation.0)];
        let streams = &self.set.streams;
        trip.halves(|| self.lot(request).draws(streams, Purpose::Trips, request.attempts))
    }

    /// The draws of the wait after the attempts so far.
    #[inline(always)]
    pub(super) fn jitter(&self, request: &Request) -> Draws {
        let tries = request.attempts + request.refusals;
        self.lot(request).draws(&self.set.streams, Purpose::Jitter, tries)
    }

    /// Which draws a request's next attempt uses.
    #[inline(always)]
    pub(super) fn lot(&self, request: &Request) -> Lot {
        Lot {
            owner: request.owner,
            attempts: request.attempts,
            admissions: request.admissions,
            cell: request.cell,
            items: 1,
            bad_ppm: match self.set.shortcuts.has_good_work {
                true => 0,
                false => self.work_of(request).bad_request_ppm,
            },
        }
    }
}
