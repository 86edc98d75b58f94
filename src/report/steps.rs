//! The requests of a window, each on a lane that is free from its first attempt to its last, and
//! what each lane shows.

use crate::simulation::{Attempt, Next, Window};
use crate::units::Instant;
use std::collections::BTreeMap;

/// A request of a window.
#[derive(Debug)]
pub(super) struct Lane<'a> {
    /// The number of its lane, from 0.
    pub number: usize,
    /// Its attempts within the window, in order.
    pub attempts: Vec<&'a Attempt>,
}

/// A part of a lane.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// When it begins.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// What it shows.
    pub what: What<'a>,
}

/// What a part of a lane shows.
#[derive(Debug)]
pub(super) enum What<'a> {
    /// An attempt.
    Attempt(&'a Attempt),
    /// Waiting as the client's retries want it.
    BackOff,
    /// Waiting after that, until the pace has a turn or a worker is free.
    Turn,
}

impl<'a> Lane<'a> {
    /// Its attempts and the waits between them; those under way end with the window.
    pub fn parts(&self, end: Instant) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for (nth, attempt) in self.attempts.iter().copied().enumerate() {
            let answered = attempt.answered.unwrap_or(end);
            let what = What::Attempt(attempt);
            parts.push(Part { from: attempt.sent, to: answered, what });
            if let (Some(next), Next::After(wait)) = (self.attempts.get(nth + 1), attempt.next) {
                let ready = (answered + wait).min(next.sent);
                parts.push(Part { from: answered, to: ready, what: What::BackOff });
                if ready < next.sent {
                    parts.push(Part { from: ready, to: next.sent, what: What::Turn });
                }
            }
        }
        parts
    }
}

/// When the first attempt of a window was sent, and when the last answer came.
pub(super) fn ends(window: &Window) -> (Instant, Instant) {
    let begin = window.attempts.first().map_or(Instant::ORIGIN, |first| first.sent);
    let answered = window.attempts.iter().filter_map(|attempt| attempt.answered);
    (begin, answered.max().unwrap_or(begin).max(begin))
}

/// The requests in the order of their first attempts.
pub(super) fn lanes(window: &Window) -> Vec<Lane<'_>> {
    let (begin, end) = ends(window);
    let mut first = BTreeMap::new();
    let mut requests: BTreeMap<(Instant, u64), Vec<&Attempt>> = BTreeMap::new();
    for attempt in &window.attempts {
        let sent = *first.entry(attempt.request).or_insert(attempt.sent);
        requests.entry((sent, attempt.request)).or_default().push(attempt);
    }
    // Until when each lane is taken.
    let mut taken: Vec<Instant> = Vec::new();
    let lane = |((sent, _), attempts): ((Instant, u64), Vec<_>)| {
        let ends = attempts.iter().map(|attempt: &&Attempt| attempt.answered.unwrap_or(end));
        let last = ends.max().unwrap_or(end);
        let free = taken.iter().position(|until| *until <= sent);
        let number = free.unwrap_or(taken.len());
        taken.resize(taken.len().max(number + 1), begin);
        taken[number] = last;
        Lane { number, attempts }
    };
    requests.into_iter().map(lane).collect()
}
