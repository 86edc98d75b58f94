//! What headers said, and what the calls of the log say against it.
//!
//! ```text
//!   too long     ×── "wait 60 s" ─────────┤      an accepted call within the time
//!                      ●
//!   too short    ×── "wait 5 s" ──┤              the next call, after the time, is refused
//!                                     ×
//!   calls left   ●── "3 left" ── ×               the next call is refused
//! ```
//!
//! Each is found only where it is sure, whenever within its bounds each call was decided.

use super::cut::in_order;
use super::log::Header;
use super::rows::{Call, Status};

/// Two calls, by their lines: what was said, and what happened.
pub type Lines = (u32, u32);

/// How often something was said, and how often calls contradict it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claim {
    /// Calls on which it was said.
    pub told: u64,
    /// Contradictions, and the lines of the first of them.
    pub wrong: (u64, Option<Lines>),
}

/// Times that refused calls were told to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waits {
    /// Refused calls after which a call was surely accepted within the time.
    pub too_long: Claim,
    /// Refused calls after which the next call was surely later, and refused.
    pub too_short: Claim,
}

/// What the headers of one limit say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Headers {
    /// The lowest and the highest rate \[1/s\].
    pub rate: Option<(f64, f64)>,
    /// `Retry-After`.
    pub retry_after: Waits,
    /// When the limit resets.
    pub reset: Waits,
    /// Calls left: wrong if the next call is refused although some were left.
    pub remaining: Claim,
}

impl Headers {
    /// The headers of the calls of one limit: `told` in order of lines.
    #[must_use]
    pub fn of<'a>(calls: impl IntoIterator<Item = &'a Call>, told: &[(u32, Header)]) -> Self {
        let header = |call: &Call| {
            let place = told.binary_search_by_key(&call.line, |(line, _)| *line);
            place.map_or_else(|_| Header::default(), |place| told[place].1)
        };
        let calls: Vec<Heard<'a>> =
            in_order(calls).into_iter().map(|call| (call, header(call))).collect();
        let mut all = Self::default();
        for rate in calls.iter().filter_map(|(_, told)| told.rate) {
            let (low, high) = all.rate.unwrap_or((rate, rate));
            all.rate = Some((low.min(rate), high.max(rate)));
        }
        let settled = settled(&calls);
        all.retry_after = waits(&calls, &settled, |told| told.retry_after);
        all.reset = waits(&calls, &settled, |told| told.reset);
        all.remaining = remaining(&calls, &settled);
        all
    }

    /// The headers of several limits of one kind.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let rate = match (self.rate, other.rate) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        Self {
            rate,
            retry_after: self.retry_after.join(other.retry_after),
            reset: self.reset.join(other.reset),
            remaining: self.remaining.join(other.remaining),
        }
    }

    /// Whether the log has no header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Waits {
    fn join(self, other: Self) -> Self {
        Self {
            too_long: self.too_long.join(other.too_long),
            too_short: self.too_short.join(other.too_short),
        }
    }
}

impl Claim {
    fn join(self, other: Self) -> Self {
        let first = match (self.wrong.1, other.wrong.1) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { told: self.told + other.told, wrong: (self.wrong.0 + other.wrong.0, first) }
    }

    fn contradicted(&mut self, lines: Lines) {
        self.wrong = (self.wrong.0 + 1, self.wrong.1.or(Some(lines)));
    }
}

/// A call and its headers.
type Heard<'a> = (&'a Call, Header);

fn waits(calls: &[Heard<'_>], settled: &[bool], told: impl Fn(&Header) -> Option<i64>) -> Waits {
    let mut waits = Waits::default();
    let all = calls.iter().map(|(call, _)| *call);
    let accepted: Vec<&Call> = all.filter(|call| call.status == Status::Accepted).collect();
    for (nth, (call, header)) in calls.iter().enumerate() {
        let Some(wait) = told(header).filter(|_| call.status == Status::Refused) else { continue };
        waits.too_long.told += 1;
        waits.too_short.told += 1;
        let next = accepted.partition_point(|other| other.decided.lo <= call.decided.hi);
        let early = call.decided.lo.saturating_add(wait);
        if let Some(next) = accepted.get(next).filter(|next| next.decided.hi < early) {
            waits.too_long.contradicted((call.line, next.line));
        }
        let late = call.decided.hi.saturating_add(wait);
        if let Some(line) = refused_next(calls, settled, nth, late) {
            waits.too_short.contradicted((call.line, line));
        }
    }
    waits
}

fn remaining(calls: &[Heard<'_>], settled: &[bool]) -> Claim {
    let mut claim = Claim::default();
    for (nth, (call, header)) in calls.iter().enumerate() {
        let Some(left) = header.remaining else { continue };
        claim.told += 1;
        let next = refused_next(calls, settled, nth, call.decided.hi).filter(|_| left > 0);
        if let Some(line) = next {
            claim.contradicted((call.line, line));
        }
    }
    claim
}

/// The line of the call after the `nth`, if it was surely decided after an instant \[ns\], and
/// refused, and nothing before that may have taken what was left.
fn refused_next(calls: &[Heard<'_>], settled: &[bool], nth: usize, after: i64) -> Option<u32> {
    let (next, _) = calls.get(nth + 1).filter(|_| settled[nth])?;
    (next.status == Status::Refused && next.decided.lo > after).then_some(next.line)
}

/// For each call, whether all calls before it that may have been counted were decided before it.
fn settled(calls: &[Heard<'_>]) -> Vec<bool> {
    let mut latest = i64::MIN;
    calls
        .iter()
        .map(|(call, _)| {
            let before = latest < call.decided.lo;
            if call.status != Status::Refused {
                latest = latest.max(call.decided.hi);
            }
            before
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::rows::Within;
    use super::*;

    const S: i64 = 1_000_000_000;

    /// A call within a second of `at` \[s\].
    fn call(line: u32, at: i64, accepted: bool) -> Call {
        let status = if accepted { Status::Accepted } else { Status::Refused };
        let decided = Within { lo: at * S, hi: (at + 1) * S };
        Call::new(line, decided, status)
    }

    fn wait(seconds: i64) -> Header {
        Header { retry_after: Some(seconds * S), ..Header::default() }
    }

    #[test]
    fn waits_are_contradicted_only_where_it_is_sure() {
        let told = |wait, calls: &[Call]| {
            let first = call(1, 0, false);
            Headers::of(std::iter::once(&first).chain(calls), &[(1, wait)]).retry_after
        };
        // Accepted from 10 s to 11 s: surely before 12 s, not surely before 11 s.
        let later = [call(2, 10, true)];
        assert_eq!(told(wait(12), &later).too_long.wrong, (1, Some((1, 2))));
        assert_eq!(told(wait(11), &later).too_long.wrong, (0, None));
        // Refused from 10 s on: surely after 8 s of waiting from 1 s, not after 9 s.
        let later = [call(2, 10, false)];
        assert_eq!(told(wait(8), &later).too_short.wrong, (1, Some((1, 2))));
        assert_eq!(told(wait(9), &later).too_short.wrong, (0, None));
        // What was accepted between may have used it up.
        let later = [call(2, 5, true), call(3, 10, false)];
        assert_eq!(told(wait(8), &later).too_short.wrong, (0, None));
        let claim = told(wait(8), &later).too_short;
        assert_eq!((claim.told, told(Header::default(), &later).too_short.told), (1, 0));
    }

    #[test]
    fn calls_left_are_contradicted_by_the_next_refusal() {
        let left = |n| Header { remaining: Some(n), rate: Some(f64::from(n)), ..Header::default() };
        let calls = [call(1, 0, true), call(2, 5, false), call(3, 10, false), call(4, 11, false)];
        let told = [(1, left(3)), (2, left(0)), (3, left(1)), (4, left(1))];
        let headers = Headers::of(&calls, &told);
        assert_eq!(headers.rate, Some((0.0, 3.0)));
        // Calls 3 and 4 touch: which came first is not sure.
        assert_eq!(headers.remaining, Claim { told: 4, wrong: (1, Some((1, 2))) });
        let joint = headers.join(Headers::of(&calls[..1], &told)).join(Headers::default());
        assert_eq!(joint.remaining, Claim { told: 5, wrong: (1, Some((1, 2))) });
        assert!(Headers::default().is_empty() && !joint.is_empty());
    }
}
