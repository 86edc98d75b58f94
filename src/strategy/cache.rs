//! A cache: what has been fetched lately is not fetched again.
//!
//! ```text
//!   key known, and no older than `ttl` ──► answered at once, without a call
//!   a success ──► kept for `ttl`; above `capacity` what was used longest ago makes room
//! ```
//!
//! Keys are numbers, so that a look costs no hash: entries stand in a table by key, and in a list
//! by last use. Source of the idea: the cache hooks of lionheart/bottlenose, commit 6861fb4.

use super::Sharing;
use crate::units::{Instant, Span};

/// What a strategy caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caching {
    /// How long an answer is good.
    pub ttl: Span,
    /// Answers kept at most; `None` is all of them.
    pub capacity: Option<u32>,
    /// Who shares it.
    pub sharing: Sharing,
}

/// One entry: until when it is good, and its neighbours by last use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    until: Instant,
    older: Option<u32>,
    newer: Option<u32>,
}

/// What one client, or several together, have fetched.
#[derive(Debug, Clone)]
pub struct Cache {
    ttl: Span,
    capacity: usize,
    entries: Vec<Option<Entry>>,
    kept: usize,
    oldest: Option<u32>,
    newest: Option<u32>,
}

impl Cache {
    /// An empty cache for keys below `keys`.
    #[must_use]
    pub fn new(caching: &Caching, keys: u32) -> Self {
        let capacity = caching.capacity.map_or(usize::MAX, |capacity| capacity as usize);
        let entries = vec![None; keys as usize];
        Self { ttl: caching.ttl, capacity, entries, kept: 0, oldest: None, newest: None }
    }

    /// True if the answer for a key is known and still good, which counts as a use of it.
    pub fn holds(&mut self, now: Instant, key: u32) -> bool {
        let Some(entry) = self.entries[key as usize] else { return false };
        self.unlink(key, entry);
        if now >= entry.until {
            return false;
        }
        self.link(key, entry.until);
        true
    }

    /// Keeps the answer for a key that has come now.
    pub fn keep(&mut self, now: Instant, key: u32) {
        if let Some(entry) = self.entries[key as usize] {
            self.unlink(key, entry);
        }
        if self.kept >= self.capacity
            && let Some(oldest) = self.oldest
            && let Some(entry) = self.entries[oldest as usize]
        {
            self.unlink(oldest, entry);
        }
        if self.kept < self.capacity {
            self.link(key, now + self.ttl);
        }
    }

    fn entry(&mut self, key: u32) -> &mut Entry {
        self.entries[key as usize].as_mut().expect("only what is kept is linked")
    }

    fn unlink(&mut self, key: u32, entry: Entry) {
        match entry.older {
            Some(older) => self.entry(older).newer = entry.newer,
            None => self.oldest = entry.newer,
        }
        match entry.newer {
            Some(newer) => self.entry(newer).older = entry.older,
            None => self.newest = entry.older,
        }
        self.entries[key as usize] = None;
        self.kept -= 1;
    }

    fn link(&mut self, key: u32, until: Instant) {
        let older = self.newest;
        match older {
            Some(older) => self.entry(older).newer = Some(key),
            None => self.oldest = Some(key),
        }
        self.entries[key as usize] = Some(Entry { until, older, newer: None });
        self.newest = Some(key);
        self.kept += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cache(ttl: u64, capacity: Option<u32>, keys: u32) -> Cache {
        let ttl = Span::from_secs(ttl);
        Cache::new(&Caching { ttl, capacity, sharing: Sharing::Process }, keys)
    }

    fn at(s: u64) -> Instant {
        Instant::ORIGIN + Span::from_secs(s)
    }

    #[test]
    fn an_answer_is_good_for_its_time_to_live() {
        let mut cache = cache(10, None, 2);
        assert!(!cache.holds(at(0), 0));
        cache.keep(at(5), 0);
        assert!(cache.holds(at(14), 0), "a look makes it no younger");
        assert!(!cache.holds(at(15), 0));
        assert!(!cache.holds(at(15), 1));
    }

    #[test]
    fn the_longest_unused_makes_room() {
        let mut cache = cache(1_000, Some(2), 3);
        cache.keep(at(0), 0);
        cache.keep(at(1), 1);
        assert!(cache.holds(at(2), 0));
        cache.keep(at(3), 2);
        let held: Vec<bool> = (0..3).map(|key| cache.holds(at(4), key)).collect();
        assert_eq!(held, [true, false, true]);
    }

    proptest! {
        /// Against a list of (key, until) in the order of use.
        #[test]
        fn it_is_a_list_by_last_use(
            steps in proptest::collection::vec((0u32..12, any::<bool>(), 0u64..4), 1..300),
            capacity in 0u32..8,
        ) {
            let mut cache = cache(9, Some(capacity), 12);
            let mut list: Vec<(u32, u64)> = Vec::new();
            let mut now = 0;
            for (key, keeps, later) in steps {
                now += later;
                let place = list.iter().position(|(k, _)| *k == key);
                let entry = place.map(|place| list.remove(place));
                if keeps {
                    if list.len() >= capacity as usize && !list.is_empty() {
                        list.remove(0);
                    }
                    if list.len() < capacity as usize {
                        list.push((key, now + 9));
                    }
                    cache.keep(at(now), key);
                } else {
                    let good = entry.filter(|(_, until)| now < *until);
                    list.extend(good);
                    prop_assert_eq!(cache.holds(at(now), key), good.is_some());
                }
            }
        }
    }
}
