//! A limit that changed once: when, and its figures before and after.
//!
//! ```text
//!   ├──── explained up to here ────┤P
//!                Q├──── explained from here ────┤        the change is between Q and P
//! ```
//!
//! The head of the log that one set of figures explains ends before P; the tail that another
//! explains begins after Q. More calls are harder to explain, so bisection finds both ends.

use super::cut::{after, before, head, in_order};
use super::model::{Model, Survivor, fit};
use super::rows::{Call, Start};
use super::series::Series;

/// One change of a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The model on both sides.
    pub model: Model,
    /// When it changed, if it changed once \[ns since the log's origin\].
    pub within: (i64, i64),
    /// Its lines: the last call that still belongs to what follows, and the first that no longer
    /// belongs to what went before.
    pub lines: (u32, u32),
    /// What holds before.
    pub before: Survivor,
    /// What holds after.
    pub after: Survivor,
}

/// The first of `models` that explains the calls of one limit with one change.
#[must_use]
pub fn find<'a>(
    calls: impl IntoIterator<Item = &'a Call>,
    models: &[Model],
    start: Start,
) -> Option<Change> {
    let calls = in_order(calls);
    models.iter().find_map(|model| change(&calls, *model, start))
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
        lines: (calls[last].line, calls[until].line),
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
