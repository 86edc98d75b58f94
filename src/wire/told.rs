//! What answers tell of a limit besides a refusal, and how a header writes an instant.
//!
//! ```text
//!   instant 10.4 s, now 10.0 s     seconds        1      a date has whole seconds:
//!                                  milliseconds   400    a client waits 0.4 s, or 1 s if it is
//!                                  date, epoch    11 s   rounded up, or not at all if down
//! ```
//!
//! Virtual time begins on a whole second of the calendar: a date rounds as its instant does.

use crate::units::{Instant, Span};

/// How a header writes an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The unit, above 0, of which the header has a whole number.
    pub unit: Span,
    /// What it counts from.
    pub since: Since,
    /// How it is rounded.
    pub rounds: Rounds,
}

/// What a header counts time from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Since {
    /// The answer.
    Answer,
    /// A fixed instant of the calendar: it is a date.
    Calendar,
}

/// How a time is rounded to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rounds {
    /// A client that waits for it never comes too early.
    #[default]
    Up,
    /// As programs do that cut the fraction off.
    Down,
}

impl Rounds {
    fn to(self, unit: Span, span: Span) -> Span {
        match self {
            Self::Up => span.rounded_up_to(unit),
            Self::Down => {
                let unit = unit.as_nanos().max(1);
                Span::from_nanos(span.as_nanos() / unit * unit)
            }
        }
    }
}

/// An instant as a client reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So long after the answer has come.
    After(Span),
    /// By the calendar.
    At(Instant),
}

impl When {
    /// The instant that a client understands that reads it at `now`.
    #[must_use]
    pub fn read(self, now: Instant) -> Instant {
        match self {
            Self::After(wait) => now + wait,
            Self::At(at) => at,
        }
    }
}

impl Stamp {
    /// What an answer that leaves at `now` tells of an instant.
    #[must_use]
    pub fn told(self, now: Instant, at: Instant) -> When {
        match self.since {
            Since::Answer => When::After(self.rounds.to(self.unit, at.since(now))),
            Since::Calendar => {
                let since = at.since(Instant::ORIGIN);
                When::At(Instant::ORIGIN + self.rounds.to(self.unit, since))
            }
        }
    }

    /// From `now` to the instant as it is told.
    #[inline]
    #[must_use]
    pub fn wait(self, now: Instant, at: Instant) -> Span {
        self.told(now, at).read(now).since(now)
    }

    /// True if the time that an answer is on its way shortens the wait.
    #[must_use]
    pub const fn is_date(self) -> bool {
        matches!(self.since, Since::Calendar)
    }
}

/// What an answer tells of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Requests or units that are left.
    pub remaining: u64,
    /// When all are back.
    pub reset: Option<When>,
    /// When one more is back.
    pub next: Option<When>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_whole_seconds_and_rounding_is_seen() {
        let (now, at) = (Instant::from_nanos(10_000_000_000), Instant::from_nanos(10_400_000_000));
        let (ms, second) = (Span::from_millis(1), Span::SECOND);
        for (unit, since, rounds, wait_ms) in [
            (second, Since::Answer, Rounds::Up, 1_000),
            (second, Since::Answer, Rounds::Down, 0),
            (ms, Since::Answer, Rounds::Up, 400),
            (second, Since::Calendar, Rounds::Up, 1_000),
            (second, Since::Calendar, Rounds::Down, 0),
            (ms, Since::Calendar, Rounds::Down, 400),
        ] {
            let stamp = Stamp { unit, since, rounds };
            assert_eq!(stamp.wait(now, at), Span::from_millis(wait_ms), "{stamp:?}");
        }
        // Half a second into a second, a span is rounded from there, a date from the second.
        let now = Instant::from_nanos(10_300_000_000);
        let wait = |since| Stamp { unit: second, since, rounds: Rounds::Up }.wait(now, at);
        assert_eq!(wait(Since::Answer), Span::SECOND);
        assert_eq!(wait(Since::Calendar), Span::from_millis(700));
    }
}
