//! One reading of a log for a window of a given limit: the bounds of its length, and the accepted
//! and the refused call that set them.

use super::bucket::Rule;
use super::marks::{Counted, Marks};
use super::rows::Start;
use super::series::Series;

/// Bounds of a window \[ns\], both included, and the lines that prove them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// The shortest that explains the refused calls.
    pub low: i64,
    /// The longest that explains the accepted calls; `i64::MAX` if any does.
    pub high: i64,
    /// The refused call that proves `low`.
    pub low_line: u32,
    /// The first and the last call of the window that proves `high`.
    pub high_lines: (u32, u32),
}

impl Windows {
    /// Every window.
    pub const ALL: Self = Self { low: 0, high: i64::MAX, low_line: 0, high_lines: (0, 0) };
}

/// An instant at which so much has surely been counted, a call that was accepted included.
struct Event {
    done: i64,
    at: i64,
    line: u32,
}

/// Windows that follow one another: no more than so many times the limit is accepted in them.
const CHAINS: [i64; 4] = [1, 2, 4, 8];
/// Where a search began, for each of them.
pub(super) type Hints = [usize; CHAINS.len()];

/// What the limit surely counted when calls were accepted.
struct Surely {
    events: Vec<Event>,
    starts: Marks,
    chains: &'static [i64],
}

impl Surely {
    /// Of accepted calls alone.
    fn accepted(series: &Series) -> Self {
        let (starts, ends) = Counted::sure(series, false);
        let event = |k| Event { done: ends.before[k + 1], at: ends.at[k], line: ends.line[k] };
        Self { events: (0..ends.at.len()).map(event).collect(), starts, chains: &CHAINS }
    }

    /// Of all calls, of which those that were refused may be more than the limit.
    fn all(series: &Series) -> Self {
        let (starts, ends) = Counted::sure(series, true);
        let event = |(lo, hi, cost, line)| Event { done: ends.before(lo) + cost, at: hi, line };
        let events = series.accepted().into_iter().map(event).collect();
        Self { events, starts, chains: &CHAINS[..1] }
    }

    /// Shortens the longest window to what one accepted call allows; whether it did.
    fn shorten(&self, windows: &mut Windows, event: usize, limit: i64, hints: &mut Hints) -> bool {
        let Event { done, at, line } = self.events[event];
        let starts = &self.starts;
        let mut shorter = false;
        for (windows_in_row, hint) in self.chains.iter().zip(hints) {
            // The latest start from which on too much is counted.
            let most = limit.saturating_mul(*windows_in_row);
            *hint = seek(starts.at.len(), *hint, |i| done - starts.before[i] > most);
            let Some(first) = hint.checked_sub(1) else { break };
            let length = (at - starts.at[first]).max(0) / windows_in_row;
            if length < windows.high {
                (windows.high, windows.high_lines) = (length, (starts.line[first], line));
                shorter = true;
            }
        }
        shorter
    }
}

/// A refusal, and how many calls may have started before its bounds.
struct Asked {
    lo: i64,
    hi: i64,
    starts: (usize, usize),
    cost: i64,
    line: u32,
}

/// A log, of which a part is read.
pub(super) struct Reader {
    /// The limit admits accepted calls alone; and with refused ones, where these count too.
    surely: Vec<Surely>,
    may: (Marks, Marks),
    rule: Rule,
    /// See [`Series::widest`].
    widest: i64,
    /// In order of `hi`.
    asked: Vec<Asked>,
    part: (usize, usize),
}

/// The calls that bound the window of a limit most: an accepted one, as an index into what it was
/// found in, and a refused one.
#[derive(Clone, Copy, Default)]
pub(super) struct Witness {
    pub event: Option<(usize, usize)>,
    pub asked: Option<usize>,
}

/// The first index at which `holds` ends, near `hint`.
fn seek(len: usize, hint: usize, holds: impl Fn(usize) -> bool) -> usize {
    let mut place = hint.min(len);
    while place < len && holds(place) {
        place += 1;
    }
    while place > 0 && !holds(place - 1) {
        place -= 1;
    }
    place
}

impl Reader {
    pub fn new(series: &Series, rule: Rule) -> Self {
        let mut surely = vec![Surely::accepted(series)];
        surely.extend(rule.counts_refused.then(|| Surely::all(series)));
        let may = Counted::may(series, rule.counts_refused);
        let until = |at: i64| may.0.at.partition_point(|start| *start <= at);
        let asked = series.refusals.iter().map(|refusal| Asked {
            lo: refusal.within.lo,
            hi: refusal.within.hi,
            starts: (until(refusal.within.lo), until(refusal.within.hi)),
            cost: i64::from(refusal.cost),
            line: refusal.line,
        });
        let (asked, widest) = (asked.collect(), series.widest);
        Self { surely, asked, may, rule, widest, part: (0, 0) }
    }

    /// Reads the first accepted calls and the refusals of that time. Limits from what is returned
    /// on are all alike for it.
    pub fn read(&mut self, calls: usize) -> i64 {
        let accepted = &self.surely[0].events;
        let until = accepted.get(calls).map_or(i64::MAX, |event| event.at);
        let asked = self.asked.partition_point(|asked| asked.hi <= until);
        self.part = (calls.min(accepted.len()), asked);
        let done = self.surely.iter().flat_map(|surely| &surely.events[..self.part.0]);
        let done = done.map(|event| event.done).max();
        let starts = self.asked[..asked].iter().map(|asked| asked.starts.1).max();
        done.max(starts.map(|starts| self.may.0.before[starts])).unwrap_or(0) + 1
    }

    /// How many calls are read.
    pub const fn calls(&self) -> usize {
        self.part.0 + self.part.1
    }

    /// Whether all is read.
    pub fn is_whole(&self) -> bool {
        self.part == (self.surely[0].events.len(), self.asked.len())
    }

    /// The bounds of the window of one limit, and the calls that set them.
    pub fn windows(&self, limit: i64) -> (Windows, Witness) {
        let (mut windows, mut witness) = (Windows::ALL, Witness::default());
        for which in 0..self.surely.len() {
            let mut hints = Hints::default();
            for event in 0..self.part.0 {
                if self.shorten(&mut windows, (which, event), limit, &mut hints) {
                    witness.event = Some((which, event));
                }
            }
        }
        let mut hint = 0;
        for asked in 0..self.part.1 {
            if self.lengthen(&mut windows, asked, limit, &mut hint) {
                witness.asked = Some(asked);
            }
        }
        (windows, witness)
    }

    /// The longest window that explains the accepted calls \[ns\].
    pub fn longest(&self, limit: i64) -> i64 {
        let (mut windows, mut hints) = (Windows::ALL, Hints::default());
        for event in 0..self.part.0 {
            self.shorten(&mut windows, (0, event), limit, &mut hints);
        }
        windows.high
    }

    /// For each refused call, the window that explains it is longer than this \[ns\].
    pub fn needs(&self, limit: i64) -> Vec<i64> {
        let mut hint = 0;
        self.asked[..self.part.1].iter().map(|asked| self.need(asked, limit, &mut hint)).collect()
    }

    /// Shortens the longest window to what one accepted call allows; whether it did.
    pub fn shorten(
        &self,
        windows: &mut Windows,
        (which, event): (usize, usize),
        limit: i64,
        hints: &mut Hints,
    ) -> bool {
        self.surely[which].shorten(windows, event, limit, hints)
    }

    /// Lengthens the shortest window to what one refused call needs; whether it did.
    pub fn lengthen(
        &self,
        windows: &mut Windows,
        asked: usize,
        limit: i64,
        hint: &mut usize,
    ) -> bool {
        let asked = &self.asked[asked];
        let length = self.need(asked, limit, hint);
        let longer = length > windows.low;
        if longer {
            (windows.low, windows.low_line) = (length, asked.line);
        }
        longer
    }

    /// The shortest window with which a limit of `limit` refuses a call.
    fn need(&self, asked: &Asked, limit: i64, hint: &mut usize) -> i64 {
        if limit < asked.cost {
            return 0;
        }
        let (starts, ends) = &self.may;
        let own = if self.rule.counts_refused { asked.cost } else { 0 };
        let mut at = |y: i64, begun: i64| {
            // The latest x with begun - own - weight(ends < x) above limit - cost.
            let spare = begun - own - (limit - asked.cost);
            *hint = seek(ends.before.len(), *hint, |i| ends.before[i] < spare);
            match hint.checked_sub(1) {
                Some(place) => (y - ends.at[place]).max(0),
                None if self.rule.start == Start::Full => i64::MAX,
                None => (y - self.widest).max(0),
            }
        };
        let (from, to) = asked.starts;
        match to - from {
            0..64 => {
                let first = at(asked.lo, starts.before[from]);
                let later = |next| at(starts.at[next], starts.before[next + 1]);
                (from..to).map(later).fold(first, i64::min)
            }
            _ => at(asked.lo, starts.before[to]),
        }
    }
}
