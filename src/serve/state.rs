//! What all parts of a stand-in look at: the scenario, its clock, and the books.

use super::books::Books;
use super::clock::Clock;
use super::opened::Opened;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A stand-in without the ways that lead to it.
#[derive(Debug)]
pub(super) struct State {
    pub opened: &'static Opened,
    pub clock: Clock,
    books: Mutex<Books>,
    /// Answers that have not left yet.
    pub under_way: AtomicU64,
}

impl State {
    pub const fn new(opened: &'static Opened, clock: Clock, books: Books) -> Self {
        Self { opened, clock, books: Mutex::new(books), under_way: AtomicU64::new(0) }
    }

    /// The books, for a moment.
    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
