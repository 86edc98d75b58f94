//! From the rows of a log to calls with bounds of the instant at which each was decided.
//!
//! ```text
//!   times are written to     the instant lies in
//!   the second               [t, t + 1 s)        logs cut what is less than a second
//!   the millisecond, …       [t - 1 ms, t + 1 ms]  cut or rounded: nobody knows
//! ```

use super::days::FIRST_DATE;
use super::rows::{Call, Status, Within};
use crate::recorded::Attempts;
pub use crate::recorded::Told as Header;

const SECOND: i64 = 1_000_000_000;

/// What the user says of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The longest round trip \[ns\].
    pub round_trip: Option<i64>,
    /// Statuses that are refusals.
    pub refused: Vec<u16>,
}

/// The calls of a log, and what had to be supposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The calls.
    pub calls: Vec<Call>,
    /// Lines of calls with headers, and what these said. Evidence to compare with, never trusted.
    pub told: Vec<(u32, Header)>,
    /// When the first call was sent \[ns since the zero that the log's times share\]: the log's
    /// origin.
    pub first: i64,
    /// When the last call was sent \[ns since the zero that the log's times share\].
    pub last: Option<i64>,
    /// The least unit in which times sent are written \[ns\].
    pub grain: i64,
    /// Rows with neither an answer's time nor a bound of the round trip: decided at any time from
    /// then to the end of the log.
    pub unbounded: u64,
    /// Rows that were neither accepted nor refused: server errors and rows without a status.
    pub others: u64,
}

impl Heard {
    /// When the log begins \[ns since 1970\]; `None` if its times are no dates.
    #[must_use]
    pub fn epoch(&self) -> Option<i64> {
        Some(self.first).filter(|first| *first >= FIRST_DATE)
    }

    /// The calls of a log. They take the place of its rows, which are many.
    #[must_use]
    pub fn take(attempts: &mut Attempts, user: &Told) -> Self {
        let rows = std::mem::take(&mut attempts.rows);
        let origin = rows.iter().map(|row| row.sent).min().unwrap_or(0);
        let end = rows.iter().map(|row| row.received.unwrap_or(row.sent)).max().unwrap_or(0);
        let end = end.saturating_sub(origin).saturating_add(SECOND);
        let after = grain_after(grain(rows.iter().filter_map(|row| row.received)));
        let grain = grain(rows.iter().map(|row| row.sent));
        let last = rows.iter().map(|row| row.sent).max();
        let calls = Vec::with_capacity(rows.len());
        let lined = |line: u64| u32::try_from(line).unwrap_or(u32::MAX);
        let told = std::mem::take(&mut attempts.told);
        let told = told.into_iter().map(|(line, told)| (lined(line), told)).collect();
        let mut heard = Self { calls, told, first: origin, last, grain, unbounded: 0, others: 0 };
        for row in rows {
            let at = row.sent.saturating_sub(origin);
            let before = if grain == SECOND || grain == 1 { 0 } else { grain };
            let sent = Within { lo: at - before, hi: at.saturating_add(grain_after(grain)) };
            let received = row.received.map(|at| at.saturating_sub(origin).saturating_add(after));
            let status = match row.status {
                Some(status) if user.refused.contains(&status) => Status::Refused,
                Some(status) if status < 500 => Status::Accepted,
                _ => Status::Other,
            };
            heard.others += u64::from(status == Status::Other);
            let line = lined(row.line);
            let call = Call::timed(line, sent, received, user.round_trip, status);
            heard.unbounded += u64::from(call.is_none());
            let mut call =
                call.unwrap_or_else(|| Call::new(line, Within { lo: sent.lo, hi: end }, status));
            (call.key, call.cost) = (row.key, row.cost);
            heard.calls.push(call);
        }
        heard
    }
}

/// How much later than written an instant may be.
const fn grain_after(grain: i64) -> i64 {
    match grain {
        SECOND => SECOND - 1,
        1 => 0,
        other => other,
    }
}

/// The least unit of these times: a second, a millisecond, a microsecond or a nanosecond.
fn grain(times: impl Iterator<Item = i64>) -> i64 {
    let units = [SECOND, 1_000_000, 1_000];
    let mut place = 0;
    for time in times {
        while place < units.len() && time % units[place] != 0 {
            place += 1;
        }
    }
    units.get(place).copied().unwrap_or(1)
}
