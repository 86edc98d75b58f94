//! A limit that changed once: when, and its figures before and after.
//!
//! ```text
//!   ├──── explained up to here ────┤P
//!                Q├──── explained from here ────┤        the change is between Q and P
//! ```
//!
//! The head of the log that one set of figures explains ends before P; the tail that another
//! explains begins after Q. More calls are harder to explain, so bisection finds both ends.
//!
//! A log without some of its calls looks like a change, too: the calls before one that is missing
//! agree with the limit, and so do those after it. Then figures before and after have some in
//! common. Either is told only if it would not explain the log without one more call.

use super::cut::{after, before, head, in_order};
use super::meet::meet;
use super::model::{Model, Survivor, fit};
use super::rows::{Call, Start};
use super::series::Series;
use super::trust::Trust;

/// One change of a limit, or one gap in its log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The model on both sides.
    pub model: Model,
    /// When it changed, if it changed once \[ns since the log's origin\].
    pub within: (i64, i64),
    /// Its lines, the lower first: the last call that does not belong to what follows, and the
    /// first that does not belong to what went before.
    pub lines: (u32, u32),
    /// What holds before.
    pub before: Survivor,
    /// What holds after.
    pub after: Survivor,
}

impl Change {
    /// The figures that explain both sides: the limit has not changed, but calls are missing
    /// between them, or others used it then.
    #[must_use]
    pub fn same(&self) -> Option<Survivor> {
        meet(&self.before, std::slice::from_ref(&self.after))
    }
}

/// The first of `models` that explains the calls of one limit with one gap, or else with one
/// change, if it is sure though further calls may be missing, or if the log is `complete`.
#[must_use]
pub fn find<'a>(
    calls: impl IntoIterator<Item = &'a Call>,
    models: &[Model],
    (start, complete): (Start, bool),
) -> Option<Change> {
    let calls = in_order(calls);
    let mut all = models.iter().filter_map(|model| change(&calls, *model, start));
    let first = all.next()?;
    // A gap needs less to be true than a limit that changed.
    let found = match first.same() {
        Some(_) => first,
        None => all.find(|other| other.same().is_some()).unwrap_or(first),
    };
    (complete || trust(&calls, &found, start).holds()).then_some(found)
}

/// Calls around a change, and how many of them are taken away, each at most.
const AROUND: usize = 2048;
const CHECKS: usize = 12;

/// Whether the change would no longer explain the calls around it if one of them were missing.
fn trust(calls: &[&Call], found: &Change, start: Start) -> Trust {
    let from = calls.partition_point(|call| call.decided.lo < found.within.0);
    let until = calls.partition_point(|call| call.decided.lo <= found.within.1);
    let side = AROUND.saturating_sub(until - from) / 2;
    let first = from.saturating_sub(side);
    let start = if first == 0 { start } else { Start::Unknown };
    let around = after(&head(calls, until + side), calls[first].decided.lo - 1);
    let around = in_order(&around);
    let falls = |left: &[&Call]| change(left, found.model, start).is_none();
    match falls(&around) {
        // These calls do not show the change.
        true => Trust::OnlyIfComplete { noticed: 0, tried: 0 },
        false => Trust::of(&around, CHECKS, falls),
    }
}

fn survives(model: Model, calls: &[&Call], start: Start) -> Option<Survivor> {
    fit(model, calls, &Series::new(calls.iter().copied()), start).ok()
}

fn change(calls: &[&Call], model: Model, start: Start) -> Option<Change> {
    let tail = |from: usize| {
        let at = calls[from].decided.lo - 1;
        let rows = after(calls, at);
        let rows = in_order(&rows);
        survives(model, &rows, Start::Unknown)
    };
    // The first call that the head cannot take in, and the last that the tail cannot.
    let until = first(calls.len(), |count| survives(model, &head(calls, count), start).is_none());
    let until = until.checked_sub(1)?;
    let from = first(calls.len() - 1, |from| tail(from).is_some());
    let last = from.checked_sub(1)?;
    if last > until {
        return None;
    }
    let latest = calls[..=until].iter().map(|call| call.decided.hi).max()?;
    let within = (calls[last].decided.lo, latest);
    let (old, new) = (before(calls, within.0), after(calls, within.1));
    Some(Change {
        model,
        within,
        lines: (calls[last].line.min(calls[until].line), calls[last].line.max(calls[until].line)),
        before: survives(model, &in_order(&old), start)?,
        after: survives(model, &in_order(&new), Start::Unknown)?,
    })
}

/// The least number up to `most` for which `holds`, which stays true once it is; `most` if none.
fn first(most: usize, mut holds: impl FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    low
}
