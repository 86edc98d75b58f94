//! So many calls at the same time.
//!
//! ```text
//!   surely under way:    from the latest decision to the earliest end   at most the limit
//!   possibly under way:  from the earliest decision to the latest end   at a refusal, at least it
//! ```
//!
//! Needs the time of the answer. At one instant calls end, then calls are decided.

use super::blocks::Pair;
use super::rows::{Call, Start, Status, Within};
use std::collections::VecDeque;

/// Limits that explain what was accepted and refused, or the two calls that none explains.
/// `None` as the greatest: nothing was refused. Whoever began before the log is taken to have ended
/// once the longest call of the log would have.
///
/// # Errors
/// The two calls that no limit explains; `None` if an accepted call has no end.
pub fn fit(calls: &[&Call], start: Start) -> Result<(i64, Option<i64>), Option<Pair>> {
    let ((least, accepted), refused) = read(calls, start)?;
    // The first of the fewest.
    let most = refused.into_iter().reduce(|a, b| if b.1 < a.1 { b } else { a });
    match most {
        Some((refused, most)) if most < least.max(1) => {
            // With nothing under way, the refusal alone is too much.
            let accepted = if least > 1 { accepted } else { refused };
            Err(Some(Pair { accepted, refused }))
        }
        _ => Ok((least.max(1), most.map(|most| most.1))),
    }
}

/// The least limit that explains the accepted calls; and in order of lines, the greatest that
/// explains each refused call. Those that anything before the log may explain are left out.
///
/// # Errors
/// An accepted call has no end.
pub(super) fn at_refusals(
    calls: &[&Call],
    start: Start,
) -> Result<(i64, Vec<Under>), Option<Pair>> {
    let ((least, _), mut refused) = read(calls, start)?;
    refused.sort_unstable();
    Ok((least.max(1), refused))
}

/// A line, and how many are under way.
type Under = (u32, i64);

/// The most calls under way at one time, with the line of the last to come; and what is under way
/// at refused calls.
type Reading = ((i64, u32), Vec<Under>);

/// The most calls that are surely under way; and for each refused call how many may be.
///
/// # Errors
/// An accepted call has no end.
fn read(calls: &[&Call], start: Start) -> Result<Reading, Option<Pair>> {
    let (mut sure, mut may) = (Vec::new(), Vec::new());
    let mut longest = 0;
    for call in calls {
        let Within { lo, hi } = call.decided;
        let end = match (call.status, call.ended) {
            (Status::Refused, _) => continue,
            (Status::Accepted, None) => return Err(None),
            (_, end) => end.unwrap_or(Within { lo, hi: i64::MAX }),
        };
        if let Some(end) = call.ended {
            longest = longest.max(end.hi.saturating_sub(lo));
        }
        may.push((lo, 0, call.line));
        may.push((end.hi, 2, call.line));
        if call.status == Status::Accepted && hi < end.lo {
            sure.push((hi, 1, call.line));
            sure.push((end.lo, 0, call.line));
        }
    }
    let origin = calls.iter().map(|call| call.decided.lo).min().unwrap_or(0);
    let blind = if start == Start::Full { origin } else { origin.saturating_add(longest) };
    let mut refused: Vec<(Within, u32)> = calls
        .iter()
        .filter(|call| call.status == Status::Refused && call.decided.lo >= blind)
        .map(|call| (call.decided, call.line))
        .collect();
    refused.sort_unstable_by_key(|refusal| (refusal.0.hi, refusal.0.lo));
    Ok((most_at_once(sure), most_at_refusals(may, &refused)))
}

/// The most calls that are surely under way at one time, and the line of the last to come.
fn most_at_once(mut edges: Vec<(i64, u8, u32)>) -> (i64, u32) {
    edges.sort_unstable();
    let (mut running, mut most) = (0, (0, 0));
    for (_, kind, line) in edges {
        running += if kind == 1 { 1 } else { -1 };
        if running > most.0 {
            most = (running, line);
        }
    }
    most
}

/// How many calls may be under way at each refusal, at the best moment for it.
fn most_at_refusals(mut edges: Vec<(i64, u8, u32)>, refused: &[(Within, u32)]) -> Vec<Under> {
    edges.sort_unstable();
    let mut oldest: Vec<i64> = Vec::with_capacity(refused.len());
    let mut least = i64::MAX;
    for refusal in refused.iter().rev() {
        least = least.min(refusal.0.lo);
        oldest.push(least);
    }
    oldest.reverse();
    // Calls under way after each edge; the greatest since `oldest`, falling from front to back.
    let mut peaks: VecDeque<(i64, i64)> = VecDeque::new();
    let (mut next, mut running) = (0, 0);
    let mut all = Vec::with_capacity(refused.len());
    for ((within, line), oldest) in refused.iter().zip(oldest) {
        while next < edges.len() && edges[next].0 <= within.hi {
            running += if edges[next].1 == 0 { 1 } else { -1 };
            while peaks.back().is_some_and(|peak| peak.1 <= running) {
                peaks.pop_back();
            }
            peaks.push_back((edges[next].0, running));
            next += 1;
        }
        // The last edge before `lo` says what is under way at it.
        while peaks.len() > 1 && peaks[1].0 < oldest {
            peaks.pop_front();
        }
        let from = peaks.partition_point(|peak| peak.0 < within.lo).saturating_sub(1);
        all.push((*line, peaks.get(from).map_or(0, |peak| peak.1)));
    }
    all
}
