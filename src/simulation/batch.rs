//! Requests that linger, to travel in one call.

use super::index::RequestId;
use crate::units::Instant;

#[derive(Debug, Clone, Copy)]
struct Batch {
    /// The first, which carries the others.
    carrier: RequestId,
    /// The last that has joined.
    last: RequestId,
    count: u32,
    due: Instant,
}

/// What came of joining those that linger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// It is the first, and lingers.
    First,
    /// It travels behind this one.
    Behind(RequestId),
    /// It travels behind the first of these, and the batch is full: the second carries it.
    Full(RequestId, RequestId),
}

/// The requests that linger, for each process and operation.
#[derive(Debug)]
pub(super) struct Batches {
    places: Vec<Option<Batch>>,
}

impl Batches {
    pub const fn new() -> Self {
        Self { places: Vec::new() }
    }

    /// Nothing lingers, in so many places.
    pub fn clear(&mut self, places: usize) {
        self.places.clear();
        if places > 0 {
            self.places.resize(places, None);
        }
    }

    /// A request joins those that linger in a place, at most so many of them; the first lingers
    /// until `due`.
    pub fn join(&mut self, place: usize, number: RequestId, (size, due): (u32, Instant)) -> Joined {
        let Some(batch) = &mut self.places[place] else {
            self.places[place] = Some(Batch { carrier: number, last: number, count: 1, due });
            return Joined::First;
        };
        let last = std::mem::replace(&mut batch.last, number);
        batch.count += 1;
        if batch.count < size {
            return Joined::Behind(last);
        }
        let carrier = batch.carrier;
        self.places[place] = None;
        Joined::Full(last, carrier)
    }

    /// The carrier of what lingers in a place and leaves now; it may also have left, being full.
    pub fn flush(&mut self, place: u32, now: Instant) -> Option<RequestId> {
        let batch = &mut self.places[place as usize];
        let ripe = batch.filter(|batch| batch.due == now)?;
        *batch = None;
        Some(ripe.carrier)
    }
}
