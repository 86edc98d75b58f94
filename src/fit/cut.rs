//! Parts of a log that are honest about what they lack.
//!
//! ```text
//!   before c:  calls surely decided before c; those that may be are perhaps counted
//!   after c:   calls surely decided after c;  those that may be are perhaps counted
//!   a refusal that may lie on either side proves nothing and is left out
//! ```

use super::rows::{Call, Status};

/// The first `count` calls by their `decided.lo`, for calls in that order, without the refusals
/// that a call after them may explain.
#[must_use]
pub fn head<'a>(calls: &[&'a Call], count: usize) -> Vec<&'a Call> {
    let Some(next) = calls.get(count) else { return calls.to_vec() };
    let kept = calls[..count].iter().copied();
    kept.filter(|call| call.status != Status::Refused || call.decided.hi < next.decided.lo)
        .collect()
}

/// What was decided before `at` \[ns\].
#[must_use]
pub fn before(calls: &[&Call], at: i64) -> Vec<Call> {
    calls
        .iter()
        .filter(|call| call.decided.lo < at)
        .filter_map(|c| sided(c, c.decided.hi < at))
        .collect()
}

/// What was decided after `at` \[ns\].
#[must_use]
pub fn after(calls: &[&Call], at: i64) -> Vec<Call> {
    let late = calls.iter().filter(|call| call.decided.hi > at);
    late.filter_map(|call| {
        let mut call = sided(call, call.decided.lo > at)?;
        call.decided.lo = call.decided.lo.max(at);
        Some(call)
    })
    .collect()
}

fn sided(call: &Call, surely: bool) -> Option<Call> {
    let status = match (surely, call.status) {
        (true, status) => status,
        (false, Status::Refused) => return None,
        (false, _) => Status::Other,
    };
    Some(Call { status, ..*call })
}

/// Calls in order of `decided.lo`.
#[must_use]
pub fn in_order<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Vec<&'a Call> {
    ordered(calls.into_iter().collect())
}

fn ordered(mut calls: Vec<&Call>) -> Vec<&Call> {
    if !calls.is_sorted_by_key(|call| call.decided.lo) {
        calls.sort_by_key(|call| (call.decided.lo, call.line));
    }
    calls
}
