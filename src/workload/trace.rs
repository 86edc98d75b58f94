//! A trace: work that arrives when it once arrived, at its own pace or another.
//!
//! ```text
//!   row n of lap k, recorded at t ──► kept with the chance `sample`, drawn for n + k·rows
//!                                 └─► arrives at  shift + (t + k·lap) / speed
//! ```
//!
//! Rows come one at a time from whoever implements [`Rows`], so that a trace of any length takes no
//! more memory than a row, and each run opens them anew.

use crate::random::Stream;
use crate::units::{Instant, Share, Span};
use std::fmt;
use std::sync::Arc;

/// One recorded arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// How long after the first row it was recorded; never before the row in front of it.
    pub at: Span,
    /// Whose it is, counted among the callers that its workload is for; `None`: dealt in turn.
    pub caller: Option<u32>,
    /// The only step that its job has, by index; `None`: it has them all.
    pub step: Option<u16>,
    /// The items of its job, where rows tell them; `None`: those of its workload.
    pub items: Option<u32>,
}

/// Recorded arrivals that can be read again and again.
pub trait Rows: fmt::Debug + Send + Sync {
    /// The rows, to be read from the first on.
    ///
    /// # Errors
    /// They are not those that were counted.
    fn open(&self) -> Result<Box<dyn Reading>, Change>;
}

/// Recorded arrivals that are being read.
pub trait Reading: Send {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// The rows are not those that were counted.
    fn next(&mut self) -> Result<Option<Row>, Change>;

    /// Whether the rows read so far are those that were counted.
    ///
    /// # Errors
    /// They are not.
    fn check(&self) -> Result<(), Change>;
}

/// Why recorded arrivals are not those that were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They do not exist any more.
    Gone,
    /// Something else is in their place.
    Replaced,
    /// The end is missing.
    Shorter,
    /// There are more.
    Longer,
    /// They were written to.
    Rewritten,
    /// They cannot be read, for this reason.
    Unreadable(std::io::ErrorKind),
}

/// What has become of them: `was deleted`.
impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => out.write_str("was deleted"),
            Self::Replaced => out.write_str("was replaced by another file"),
            Self::Shorter => out.write_str("has become shorter"),
            Self::Longer => out.write_str("has become longer"),
            Self::Rewritten => out.write_str("was written to"),
            Self::Unreadable(reason) => write!(out, "has become unreadable ({reason})"),
        }
    }
}

/// Recorded arrivals, and how they are replayed.
#[derive(Debug, Clone)]
pub struct Trace {
    /// What was recorded.
    pub rows: Arc<dyn Rows>,
    /// How many rows there are.
    pub count: u64,
    /// True if each row names the only step of its job.
    pub names_steps: bool,
    /// The items of a job on average, rounded, if each row tells its own.
    pub items: Option<u32>,
    /// How much faster than recorded it is replayed; above nothing.
    pub speed: Share,
    /// When the first row arrives.
    pub shift: Span,
    /// The chance of each row to be kept.
    pub sample: Share,
    /// In recorded time, from one beginning to the next; `None` replays it once.
    pub lap: Option<Span>,
}

/// Two traces are equal if they replay the same rows, not if these happen to be alike.
impl PartialEq for Trace {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
            && (self.speed, self.shift) == (other.speed, other.shift)
            && (self.sample, self.lap) == (other.sample, other.lap)
    }
}

impl Trace {
    /// When a row of a lap (from 0) arrives; `None` past the end of the clock.
    fn instant(&self, lap: u64, at: Span) -> Option<Instant> {
        let laps = u128::from(lap) * u128::from(self.lap.unwrap_or_default().as_nanos());
        let recorded = laps + u128::from(at.as_nanos());
        let whole = u128::from(Share::WHOLE.ppm());
        let played = recorded.checked_mul(whole)? / u128::from(self.speed.ppm().max(1));
        let nanos = played.checked_add(u128::from(self.shift.as_nanos()))?;
        u64::try_from(nanos).ok().map(Instant::from_nanos)
    }
}

/// Where the replay of a trace stands.
pub(super) struct Replay {
    trace: Trace,
    /// The rows of the lap, or why there are none.
    rows: Result<Box<dyn Reading>, Change>,
    lap: u64,
    /// Rows read in all laps.
    number: u64,
    /// The row that arrives next.
    pub row: Option<Row>,
    latest: Instant,
}

impl fmt::Debug for Replay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lap, number) = (self.lap, self.number);
        out.debug_struct("Replay").field("lap", &lap).field("number", &number).finish()
    }
}

impl Replay {
    pub fn new(trace: &Trace) -> Self {
        Self {
            rows: trace.rows.open(),
            trace: trace.clone(),
            lap: 0,
            number: 0,
            row: None,
            latest: Instant::ORIGIN,
        }
    }

    /// Goes on to the next row that is kept, and tells when it arrives.
    pub fn advance(&mut self, stream: Stream) -> Option<Instant> {
        loop {
            self.row = match self.next_row() {
                Ok(row) => row,
                Err(change) => {
                    self.rows = Err(change);
                    None
                }
            };
            let row = self.row?;
            let number = self.number;
            self.number += 1;
            let sample = self.trace.sample;
            if sample >= Share::WHOLE || stream.at(number).chance(sample.ppm()) {
                self.latest = self.latest.max(self.trace.instant(self.lap, row.at)?);
                return Some(self.latest);
            }
        }
    }

    /// The next row of the lap, or the first of the next lap; none if laps have none, for then they
    /// would never end.
    fn next_row(&mut self) -> Result<Option<Row>, Change> {
        let rows = self.rows.as_mut().map_err(|change| *change)?;
        let row = rows.next()?;
        if row.is_some() || self.trace.lap.is_none() {
            return Ok(row);
        }
        self.lap += 1;
        let mut rows = self.trace.rows.open()?;
        let row = rows.next()?;
        self.rows = Ok(rows);
        Ok(row)
    }

    /// Whether all rows so far were those that were counted.
    pub fn check(&self) -> Result<(), Change> {
        self.rows.as_ref().map_err(|change| *change)?.check()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Arrivals, Source};
    use super::*;
    use crate::random::{Purpose, Streams};

    #[derive(Debug)]
    struct Listed(Vec<u64>);

    impl Rows for Listed {
        fn open(&self) -> Result<Box<dyn Reading>, Change> {
            Ok(Box::new(self.0.clone().into_iter()))
        }
    }

    impl Reading for std::vec::IntoIter<u64> {
        fn next(&mut self) -> Result<Option<Row>, Change> {
            let row = |ms| Row { at: Span::from_millis(ms), caller: None, step: None, items: None };
            Ok(Iterator::next(self).map(row))
        }

        fn check(&self) -> Result<(), Change> {
            Ok(())
        }
    }

    fn trace(millis: &[u64]) -> Trace {
        Trace {
            rows: Arc::new(Listed(millis.to_vec())),
            count: millis.len() as u64,
            names_steps: false,
            items: None,
            speed: Share::WHOLE,
            shift: Span::ZERO,
            sample: Share::WHOLE,
            lap: None,
        }
    }

    /// The first arrivals \[ms\].
    fn first(trace: Trace, n: usize) -> Vec<u64> {
        let stream = Streams::new(3, 0).stream(Purpose::Arrivals, 0);
        let arrivals = Arrivals::Trace(trace);
        let (mut source, mut next) = Source::new(&arrivals, stream, crate::workload::Turn::ONLY);
        let mut times = Vec::new();
        while let Some(at) = next.filter(|_| times.len() < n) {
            times.push(at.as_nanos() / 1_000_000);
            next = source.advance(&arrivals, at);
        }
        times
    }

    #[test]
    fn rows_arrive_as_recorded_faster_later_or_again() {
        let rows = [0, 100, 100, 400];
        assert_eq!(first(trace(&rows), 9), rows);
        let speed = Share::from_fraction(2.0);
        assert_eq!(first(Trace { speed, ..trace(&rows) }, 9), [0, 50, 50, 200]);
        let shift = Span::SECOND;
        assert_eq!(first(Trace { speed, shift, ..trace(&rows) }, 2), [1000, 1050]);
        let lap = Some(Span::from_millis(500));
        assert_eq!(first(Trace { lap, ..trace(&rows) }, 6), [0, 100, 100, 400, 500, 600]);
        assert_eq!(first(Trace { lap, speed, ..trace(&rows) }, 6), [0, 50, 50, 200, 250, 300]);
    }

    #[test]
    fn a_trace_that_has_become_empty_or_endless_ends() {
        let lap = Some(Span::SECOND);
        assert!(first(Trace { lap, ..trace(&[]) }, 9).is_empty());
        let slow = Trace { speed: Share::from_ppm(1), lap: Some(Span::LONGEST), ..trace(&[0]) };
        assert_eq!(first(slow, 9), [0], "the second lap is past the end of the clock");
    }

    /// Binomial(100 000, 0.1): mean 10 000, standard deviation 95; five of them allowed. Each lap
    /// draws anew.
    #[test]
    fn a_sample_keeps_its_share_and_draws_each_lap_anew() {
        let rows: Vec<u64> = (0..100_000).collect();
        let sample = Share::from_fraction(0.1);
        let once = first(Trace { sample, ..trace(&rows) }, usize::MAX);
        assert!((9_525..=10_475).contains(&once.len()), "{}", once.len());
        let lap = Some(Span::from_secs(100));
        let twice = first(Trace { sample, lap, ..trace(&rows) }, 2 * once.len());
        assert_eq!(once, twice[..once.len()]);
        let again: Vec<u64> = twice[once.len()..].iter().map(|at| at - 100_000).collect();
        assert_ne!(once, again);
    }
}
