//! So many calls in each day of a time zone whose clocks change within the log.
//!
//! ```text
//!   from 00:00 of America/Los_Angeles:   08:00 UTC ─ 24 h ─ 08:00 ─ 23 h ─ 07:00 ─ 24 h ─ 07:00
//!   accepted calls that are surely within one day            ≤ limit
//!   those that may go before a refused call in its day, with it   > limit
//! ```
//!
//! A fixed window of 24 h cannot say that. Where the log has no change of clocks, it can, and days
//! are not tried.

use super::blocks::Pair;
use super::cut::head;
use super::marks::Counted;
use super::rows::{Call, Start};
use super::series::Series;
use super::trust::Trust;
use crate::units::{CalendarUnit, Span, Zone};

/// Zones that are tried, by their names in the IANA database: those that providers use.
pub const ZONES: [&str; 6] = [
    "America/Los_Angeles",
    "America/New_York",
    "America/Chicago",
    "Europe/London",
    "Europe/Berlin",
    "Australia/Sydney",
];

/// Before this there are no logs: a time is then one since the log began \[ns since 1970\].
pub const FIRST_DATE: i64 = 946_684_800_000_000_000;

const SECOND: i64 = 1_000_000_000;
/// A day without a change of clocks \[ns\].
pub const DAY: i64 = 86_400 * SECOND;

/// When a day begins on the clocks of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Begin {
    /// The zone, of the IANA database.
    pub zone: &'static str,
    /// Hours after midnight, 0 to 23.
    pub hour: u8,
}

/// Days that explain every call, with bounds of their limit that hold the true one.
#[derive(Debug, Clone, PartialEq)]
pub struct Days {
    /// When a day may begin, those at midnight first. The log cannot tell these apart.
    pub begins: Vec<(Begin, Limit)>,
    /// How far the log shows by itself that no call is missing.
    pub trust: Trust,
}

/// Bounds of the calls, or units, of a day; both included.
pub type Limit = (i64, i64);

/// Calls of which some are taken away, and how many.
const CHECKS: (usize, usize) = (100_000, 24);

/// The days that explain `calls`, in order of time, of a log that begins at `epoch`
/// \[ns since 1970\]; `None` if there are none, or if the clocks of no zone change.
#[must_use]
pub fn find(
    calls: &[&Call],
    series: &Series,
    (epoch, start, complete): (i64, Start, bool),
) -> Option<Days> {
    if series.length() < DAY || series.counts[1] == 0 {
        return None;
    }
    let asked = Asked::new(series, epoch, start);
    let explains = |begin: Begin| Some((begin, asked.limit(begin)?));
    let mut begins: Vec<(Begin, Limit)> =
        candidates(&asked).into_iter().filter_map(explains).collect();
    begins.sort_by_key(|(begin, _)| begin.hour != 0);
    if begins.is_empty() {
        return None;
    }
    let trust = match complete {
        true => Trust::Complete,
        false => Trust::of(&head(calls, CHECKS.0), CHECKS.1, |left| {
            let series = Series::new(left.iter().copied());
            let asked = Asked::new(&series, epoch, start);
            begins.iter().all(|(begin, _)| asked.is_refuted(*begin))
        }),
    };
    Some(Days { begins, trust })
}

/// Every hour of a zone at which a day begins that has not 24 hours and is whole in the log. Others
/// are those of a fixed window of 24 h.
fn candidates(asked: &Asked<'_>) -> Vec<Begin> {
    let mut found = Vec::new();
    for name in ZONES {
        let Some(zone) = Zone::named(name) else { continue };
        for hour in 0..24 {
            let days = asked.days(&zone, Span::HOUR.times(hour.into()));
            // The first is the day with which the log begins.
            if days[1..].windows(2).any(|days| days[1] - days[0] != DAY) {
                found.push(Begin { zone: name, hour });
            }
        }
    }
    found
}

/// A log that days are held against.
pub struct Asked<'a> {
    series: &'a Series,
    counted: Counted,
    /// When the series begins \[ns since 1970\].
    origin: i64,
    start: Start,
}

impl<'a> Asked<'a> {
    /// The calls of one limit, of a log that begins at `epoch` \[ns since 1970\].
    #[must_use]
    pub fn new(series: &'a Series, epoch: i64, start: Start) -> Self {
        let counted = Counted::of(series, false);
        Self { series, counted, origin: epoch + series.origin, start }
    }

    /// True if two calls contradict days that begin so.
    fn is_refuted(&self, begin: Begin) -> bool {
        let late = Span::HOUR.times(begin.hour.into());
        Zone::named(begin.zone).is_some_and(|zone| self.bounds(&zone, late).is_err())
    }

    /// Bounds of the limit of days that begin so; `None` if there is no such limit, or if no
    /// refused call bounds it.
    fn limit(&self, begin: Begin) -> Option<Limit> {
        let zone = Zone::named(begin.zone)?;
        let (least, most) = self.bounds(&zone, Span::HOUR.times(begin.hour.into())).ok()?;
        Some((least, most?))
    }

    /// Bounds of the limit of days that begin so long after midnight on a zone's clocks; no upper
    /// one if no refused call bounds it.
    ///
    /// # Errors
    /// Two calls that no limit explains together.
    pub fn bounds(&self, zone: &Zone, late: Span) -> Result<(i64, Option<i64>), Pair> {
        let days = self.days(zone, late);
        let (least, accepted) = self.accepted(&days);
        match self.refused(&days) {
            None => Ok((least, None)),
            Some((most, _)) if most >= least => Ok((least, Some(most))),
            Some((_, refused)) => Err(Pair { accepted, refused }),
        }
    }

    /// Calls, or units, that were surely accepted within one such day, whatever else limits them.
    #[must_use]
    pub fn least(&self, zone: &Zone, late: Span) -> i64 {
        self.accepted(&self.days(zone, late)).0
    }

    /// When days begin in the log \[ns since the series' origin\]. The first began before it.
    fn days(&self, zone: &Zone, late: Span) -> Vec<i64> {
        let (from, to) = (self.origin, self.origin + self.series.length());
        let (from_s, to_s) = (from.div_euclid(SECOND) - 1, to.div_euclid(SECOND));
        let all = zone.beginnings(CalendarUnit::Day, late, from_s, to_s).into_iter();
        let within = all.filter_map(|at| i64::try_from(at).ok()).filter(|at| *at <= to);
        std::iter::once(i64::MIN / 2).chain(within.map(|at| at - self.origin)).collect()
    }

    /// What the accepted calls of one day need, and the line of the last of them.
    fn accepted(&self, days: &[i64]) -> (i64, u32) {
        let (starts, ends) = &self.counted.sure;
        let mut least = (self.series.needed, 0);
        for (place, begin) in days.iter().enumerate() {
            let end = days.get(place + 1).copied().unwrap_or(i64::MAX);
            let sure = ends.before(end) - starts.before(*begin);
            if sure > least.0 {
                let last = ends.at.partition_point(|at| *at < end);
                least = (sure, last.checked_sub(1).map_or(0, |last| ends.line[last]));
            }
        }
        least
    }

    /// What the refused calls allow, and the line of the one that allows least; `None` if no
    /// refused call bounds a limit.
    fn refused(&self, days: &[i64]) -> Option<(i64, u32)> {
        let (starts, ends) = &self.counted.may;
        let bounds = self.series.refusals.iter().filter_map(|refusal| {
            let day = days.partition_point(|begin| *begin <= refusal.within.lo) - 1;
            let is_in_one = days.get(day + 1).is_none_or(|next| refusal.within.hi < *next);
            // Before the log there may have been anything.
            let is_known = self.start == Start::Full || days[day] > self.series.widest;
            let begin = days[day];
            let counted = || starts.until(refusal.within.hi) - ends.before(begin);
            (is_in_one && is_known).then(|| (counted() + i64::from(refusal.cost) - 1, refusal.line))
        });
        bounds.min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::cut::in_order;
    use crate::fit::rows::{Status, Within};

    const HOUR: i64 = 3_600 * SECOND;
    const LOS_ANGELES: Begin = Begin { zone: "America/Los_Angeles", hour: 0 };
    /// 2026-03-06, 2026-10-30 and 2026-06-05, at 12:00 UTC \[s since 1970\].
    const SPRING: i64 = 1_772_798_400;
    const AUTUMN: i64 = 1_793_361_600;
    const SUMMER: i64 = 1_780_660_800;

    /// A call every 7 min for five days, of which 100 pass in each day that begins so.
    fn log(begin: Begin, from_s: i64) -> Vec<Call> {
        let zone = Zone::named(begin.zone).expect("a zone");
        let late = Span::HOUR.times(begin.hour.into());
        let begins = zone.beginnings(CalendarUnit::Day, late, from_s, from_s + 6 * 86_400);
        let (mut used, mut day) = (0, usize::MAX);
        let calls = (1..1_000).map(|nth| {
            let at = i64::from(nth) * 420 * SECOND;
            let now = i128::from(from_s * SECOND + at);
            let today = begins.partition_point(|begin| *begin <= now);
            (used, day) = (if today == day { used } else { 0 }, today);
            let status = if used < 100 { Status::Accepted } else { Status::Refused };
            used += i32::from(status == Status::Accepted);
            let within = Within { lo: at - SECOND, hi: at + SECOND };
            Call::new(nth, within, status)
        });
        calls.collect()
    }

    fn found(calls: &[Call], from_s: i64, complete: bool) -> Option<Days> {
        let calls = in_order(calls);
        let series = Series::new(calls.iter().copied());
        find(&calls, &series, (from_s * SECOND, Start::Unknown, complete))
    }

    #[test]
    fn days_of_a_zone_are_found_where_clocks_change() {
        for begin in [LOS_ANGELES, Begin { zone: "Europe/Berlin", hour: 0 }] {
            // Clocks of Europe change on other days than those of America.
            let weeks = if begin == LOS_ANGELES { [0, 0] } else { [3, -1] };
            for (from, later) in [SPRING, AUTUMN].into_iter().zip(weeks) {
                let from = from + later * 7 * 86_400;
                let days = found(&log(begin, from), from, false).expect("days");
                assert!(days.trust.holds(), "{days:?}");
                assert!(days.begins.contains(&(begin, (100, 100))), "{days:?}");
                let midnights = days.begins.iter().filter(|(begin, _)| begin.hour == 0);
                // London's midnight is an hour after Berlin's: another day.
                assert_eq!(midnights.count(), 1, "{days:?}");
            }
        }
    }

    /// In spring, clocks of Chicago skip 02:00 when it is midnight in Los Angeles.
    #[test]
    fn beginnings_that_are_the_same_cannot_be_told_apart() {
        let days = found(&log(LOS_ANGELES, SPRING), SPRING, true).expect("days");
        let begins: Vec<Begin> = days.begins.iter().map(|begin| begin.0).collect();
        assert_eq!(begins, [LOS_ANGELES, Begin { zone: "America/Chicago", hour: 2 }]);
        let days = found(&log(LOS_ANGELES, AUTUMN), AUTUMN, true).expect("days");
        assert_eq!(days.begins, [(LOS_ANGELES, (100, 100))]);
    }

    #[test]
    fn days_of_another_zone_are_refuted_by_two_calls() {
        let calls = log(LOS_ANGELES, SPRING);
        let calls = in_order(&calls);
        let series = Series::new(calls.iter().copied());
        let asked = Asked::new(&series, SPRING * SECOND, Start::Unknown);
        for name in ["America/New_York", "Europe/Berlin", "UTC"] {
            let zone = Zone::named(name).expect("a zone");
            let pair = asked.bounds(&zone, Span::ZERO).expect_err("refuted");
            let status = |line| calls.iter().find(|call| call.line == line).map(|c| c.status);
            assert_eq!(status(pair.refused), Some(Status::Refused), "{name}");
            assert_eq!(status(pair.accepted), Some(Status::Accepted), "{name}");
        }
        let zone = Zone::named(LOS_ANGELES.zone).expect("a zone");
        assert_eq!(asked.bounds(&zone, Span::ZERO), Ok((100, Some(100))));
    }

    /// A call that is missing shows: the day then has one call too few before its first refusal.
    #[test]
    fn days_are_not_found_in_a_log_without_some_calls() {
        let mut calls = log(LOS_ANGELES, SPRING);
        calls.retain(|call| !(200..240).contains(&call.line) || call.line % 4 > 0);
        assert_eq!(calls.len(), 989);
        assert_eq!(found(&calls, SPRING, false), None);
    }

    /// Where no clock changes, a fixed window says the same.
    #[test]
    fn days_are_not_tried_where_no_clock_changes() {
        assert_eq!(found(&log(LOS_ANGELES, SUMMER), SUMMER, true), None);
        let calls = log(LOS_ANGELES, SPRING);
        let short: Vec<Call> =
            calls.iter().copied().filter(|call| call.decided.hi < 20 * HOUR).collect();
        assert_eq!(found(&short, SPRING, true), None);
    }
}
