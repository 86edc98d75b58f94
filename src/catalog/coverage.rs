//! Which limits hold for a call, found by its name: the limits of a large file are many, and each
//! call has few.

use super::glob::is_pattern;
use super::limit::LimitDocument;
use std::collections::HashMap;

/// The places of limits, by the calls that they name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Coverage {
    /// Limits that name their calls, for each of these.
    by_name: HashMap<String, Vec<usize>>,
    /// Limits of every call, and those with patterns: they may cover any.
    others: Vec<usize>,
}

impl Coverage {
    pub fn of<'l>(limits: impl IntoIterator<Item = &'l LimitDocument>) -> Self {
        let mut coverage = Self::default();
        for (place, limit) in limits.into_iter().enumerate() {
            coverage.put(place, limit);
        }
        coverage
    }

    /// Adds the limit at a place, which is not there yet.
    pub fn put(&mut self, place: usize, limit: &LimitDocument) {
        match names(limit) {
            None => self.others.push(place),
            Some(names) => {
                for name in names {
                    self.by_name.entry(name.into()).or_default().push(place);
                }
            }
        }
    }

    /// Forgets the limit at a place.
    pub fn forget(&mut self, place: usize, limit: &LimitDocument) {
        match names(limit) {
            None => self.others.retain(|of| *of != place),
            Some(names) => {
                for name in names {
                    if let Some(places) = self.by_name.get_mut(name) {
                        places.retain(|of| *of != place);
                    }
                }
            }
        }
    }

    /// The places of all limits that may cover a call, in order; true for those that do.
    pub fn candidates(&self, call: &str) -> Vec<(usize, bool)> {
        let named = self.by_name.get(call).into_iter().flatten().map(|place| (*place, true));
        let others = self.others.iter().map(|place| (*place, false));
        let mut places: Vec<(usize, bool)> = named.chain(others).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The calls that a limit names, if it names them all.
fn names(limit: &LimitDocument) -> Option<impl Iterator<Item = &str>> {
    let calls = limit.calls.as_ref()?;
    let plain = calls.iter().all(|call| !is_pattern(call.get_ref()));
    plain.then(|| calls.iter().map(|call| call.get_ref().as_str()))
}
