//! Requests under way, and what there is of their attempts.

use super::index::RequestId;
use super::records::{Bulletin, Flight, Request};
use crate::engine::Pool;
use crate::units::Instant;
use std::ops::{Index, IndexMut};

/// The requests of a group of accounts, each found by its number until it ends.
#[derive(Debug)]
pub(super) struct Transit {
    requests: Pool<RequestId, Request>,
    /// For each request, what there is of the attempt under way; as far as anything was ever kept.
    flights: Vec<Flight>,
    /// Records of attempts that are no request of their own: twins and orphans.
    shadows: u32,
    /// Requests that each account has made so far, for whoever watches.
    made: Vec<u64>,
    /// For each request, when limits that refused its attempt admit again, for whoever watches.
    clear: Vec<Option<Instant>>,
    /// For each request, what the answer to its attempt tells of limits; as far as a client acts on
    /// it.
    told: Vec<Bulletin>,
}

impl Transit {
    /// Nothing under way.
    pub const fn new() -> Self {
        Self {
            requests: Pool::new(),
            flights: Vec::new(),
            shadows: 0,
            made: Vec::new(),
            told: Vec::new(),
            clear: Vec::new(),
        }
    }

    /// Nothing is under way any more; the requests of so many accounts will be numbered.
    pub fn clear(&mut self, numbered: usize) {
        self.requests.clear();
        self.shadows = 0;
        self.made.clear();
        if numbered > 0 {
            self.made.resize(numbered, 0);
        }
    }

    /// Keeps a request, and gives its number.
    #[inline(always)]
    pub fn insert(&mut self, request: Request) -> RequestId {
        self.requests.insert(request)
    }

    /// A request has ended.
    #[inline(always)]
    pub fn remove(&mut self, number: RequestId) {
        self.requests.remove(number);
    }

    /// Keeps an attempt that is no request of its own, and gives its number.
    pub fn insert_shadow(&mut self, record: Request, flight: Flight) -> RequestId {
        let number = self.requests.insert(record);
        self.shadows += 1;
        *self.flight_mut(number) = flight;
        number
    }

    /// An attempt that is no request of its own has ended.
    pub fn remove_shadow(&mut self, number: RequestId) {
        self.requests.remove(number);
        self.shadows -= 1;
    }

    /// Notes when the limits that have refused a request's attempt admit again.
    pub fn note_clear(&mut self, number: RequestId, at: Option<Instant>) {
        let place = number.place();
        if place >= self.clear.len() {
            self.clear.resize(place + 1, None);
        }
        self.clear[place] = at;
    }

    /// When the limits that have refused a request's attempt admit again.
    pub fn clear_at(&self, number: RequestId) -> Option<Instant> {
        self.clear.get(number.place()).copied().flatten()
    }

    /// How many records are kept.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Requests that have arrived and not ended.
    pub fn backlog(&self) -> u64 {
        self.requests.len() as u64 - u64::from(self.shadows)
    }

    /// What there is of the attempt of a request of which something is kept.
    #[inline(always)]
    pub fn flight(&self, number: RequestId) -> &Flight {
        &self.flights[number.place()]
    }

    /// What is kept of the attempt of a request.
    #[inline]
    pub fn flight_mut(&mut self, number: RequestId) -> &mut Flight {
        let place = number.place();
        if place >= self.flights.len() {
            self.flights.resize(place + 1, Flight::NONE);
        }
        &mut self.flights[place]
    }

    /// A request, and what there is of its attempt.
    pub fn both(&mut self, number: RequestId) -> (&mut Request, &mut Flight) {
        (&mut self.requests[number], &mut self.flights[number.place()])
    }

    /// What the answer to the attempt of a request tells, for a client that acts on it.
    pub fn told_mut(&mut self, number: RequestId) -> &mut Bulletin {
        let place = number.place();
        if place >= self.told.len() {
            self.told.resize(place + 1, Bulletin::default());
        }
        &mut self.told[place]
    }

    /// The next number of a request of an account whose requests are numbered.
    pub fn number_of(&mut self, account: u32) -> u64 {
        let made = &mut self.made[account as usize];
        *made += 1;
        *made - 1
    }
}

impl Index<RequestId> for Transit {
    type Output = Request;

    #[inline(always)]
    fn index(&self, number: RequestId) -> &Request {
        &self.requests[number]
    }
}

impl IndexMut<RequestId> for Transit {
    #[inline(always)]
    fn index_mut(&mut self, number: RequestId) -> &mut Request {
        &mut self.requests[number]
    }
}
