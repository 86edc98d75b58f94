//! Days, weeks and months of the calendar, in the time zones of the database that the program
//! carries: every machine has the same ones.
//!
//! ```text
//!   America/Los_Angeles   2026-03-08 has 23 hours, from 08:00 UTC to 07:00 UTC of the next day
//!                         2026-11-01 has 25, from 07:00 UTC to 08:00 UTC
//!   begins "9h" late      a day from 9:00 to 9:00 on the clocks of the zone
//! ```

use super::{Span, Unreadable};
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// The zone of this name, such as `America/Los_Angeles`, in any case of letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ZONES.get(name).ok().map(Self)
    }

    /// The names of all zones.
    #[must_use]
    pub fn names() -> Vec<String> {
        ZONES.available().map(|name| name.to_string()).collect()
    }

    /// When each period of the calendar begins \[ns since 1970 UTC\], `late` after midnight of its
    /// first day on the zone's clocks: those after `from_s` and up to the first after `to_s`
    /// \[s since 1970 UTC\]. A time that clocks skip is as much later as they skip.
    #[must_use]
    pub fn beginnings(&self, unit: CalendarUnit, late: Span, from_s: i64, to_s: i64) -> Vec<i128> {
        let mut found = Vec::new();
        let Ok(from) = Timestamp::from_second(from_s) else { return found };
        let local = self.0.to_datetime(from).date();
        let (from, to) = (i128::from(from_s) * SECOND, i128::from(to_s) * SECOND);
        let mut first = unit.before(unit.first_of(local));
        while let Some(date) = first {
            let Some(at) = self.late_on(date, late) else { break };
            if at > from {
                found.push(at);
            }
            if at > to {
                break;
            }
            first = unit.after(date);
        }
        found
    }

    /// The instant that is so much after midnight of a date by the clocks \[ns since 1970 UTC\].
    fn late_on(&self, date: Date, late: Span) -> Option<i128> {
        let (days, rest) = (late.as_nanos() / DAY, late.as_nanos() % DAY);
        let (days, rest) = (i64::try_from(days).ok()?, i64::try_from(rest).ok()?);
        let clock: DateTime = date.to_datetime(jiff::civil::Time::midnight());
        let clock = clock.checked_add(days.days()).ok()?.checked_add(rest.nanoseconds()).ok()?;
        Some(self.0.to_timestamp(clock).ok()?.as_nanosecond())
    }
}

const SECOND: i128 = 1_000_000_000;
const DAY: u64 = 86_400 * 1_000_000_000;

/// A period of the calendar, whose length differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarUnit {
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
    /// From the first of a month to that of the next.
    Month,
}

impl CalendarUnit {
    /// How long it is without a change of clocks, a month of 30 days.
    #[must_use]
    pub fn about(self) -> Span {
        match self {
            Self::Day => Span::DAY,
            Self::Week => Span::DAY.times(7),
            Self::Month => Span::DAY.times(30),
        }
    }

    /// How long it is at least, a change of clocks left out.
    #[must_use]
    pub fn at_least(self) -> Span {
        match self {
            Self::Month => Span::DAY.times(28),
            other => other.about(),
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first date of the one that holds a date.
    fn first_of(self, date: Date) -> Option<Date> {
        match self {
            Self::Day => Some(date),
            Self::Week => {
                date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()
            }
            Self::Month => Some(date.first_of_month()),
        }
    }

    fn before(self, first: Option<Date>) -> Option<Date> {
        let before = |first: Date| first.checked_sub(self.step()).ok();
        first.and_then(|first| before(first).or(Some(first)))
    }

    fn after(self, first: Date) -> Option<Date> {
        first.checked_add(self.step()).ok()
    }

    fn step(self) -> jiff::Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        }
    }
}

/// How long a window is: always the same, or a period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// `"24h"`
    Span(Span),
    /// `"1 day"`
    Calendar(CalendarUnit),
}

impl FromStr for Period {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let units = [CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month];
        let words: Vec<&str> = text.split_whitespace().collect();
        if let ["1", name] = words[..]
            && let Some(unit) = units.into_iter().find(|unit| unit.name() == name)
        {
            return Ok(Self::Calendar(unit));
        }
        let meant = units.iter().find(|unit| text.contains(unit.name()));
        match meant {
            Some(unit) => Err(Unreadable(format!(
                "\"{text}\" is no period of the calendar: write \"1 {}\", or a duration such as \
                 \"24h\"",
                unit.name()
            ))),
            None => text.parse().map(Self::Span),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Span(span) => span.fmt(out),
            Self::Calendar(unit) => write!(out, "1 {}", unit.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hours since 1970 of an instant in UTC.
    fn hours(text: &str) -> i128 {
        text.parse::<Timestamp>().expect("an instant").as_nanosecond() / (3_600 * SECOND)
    }

    fn begins(zone: &str, unit: CalendarUnit, late_h: u64, from: &str, to: &str) -> Vec<i128> {
        let second = |text: &str| text.parse::<Timestamp>().expect("an instant").as_second();
        let zone = Zone::named(zone).expect("a zone");
        let late = Span::HOUR.times(late_h);
        let all = zone.beginnings(unit, late, second(from), second(to));
        all.into_iter().map(|at| at / (3_600 * SECOND)).collect()
    }

    /// The dates of the changes are those of the Energy Policy Act of 2005 and of EU Directive
    /// 2000/84: second Sunday of March, first of November; last Sunday of March and October.
    #[test]
    fn days_have_23_and_25_hours_where_clocks_change() {
        let day = CalendarUnit::Day;
        let (from, to) = ("2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z");
        let found = begins("America/Los_Angeles", day, 0, from, to);
        let expected = ["2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z", "2026-03-10T07:00:00Z"];
        assert_eq!(found, expected.map(hours));
        let (from, to) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z");
        let found = begins("america/los_angeles", day, 0, from, to);
        assert_eq!(found, ["2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"].map(hours));
        let (from, to) = ("2026-10-24T00:00:00Z", "2026-10-25T12:00:00Z");
        let found = begins("Europe/Berlin", day, 0, from, to);
        let expected = ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"];
        assert_eq!(found, expected.map(hours), "the day before begins at 22:00 UTC of the 23rd");
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let (from, to) = ("2026-11-27T08:00:00Z", "2026-12-07T00:00:00Z");
        let found = begins("UTC", CalendarUnit::Week, 0, from, to);
        let expected = ["2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z", "2026-12-14T00:00:00Z"];
        assert_eq!(found, expected.map(hours));
        let (from, to) = ("2028-01-31T00:00:00Z", "2028-03-01T05:00:00Z");
        let found = begins("America/New_York", CalendarUnit::Month, 9, from, to);
        let expected = ["2028-02-01T14:00:00Z", "2028-03-01T14:00:00Z"];
        assert_eq!(found, expected.map(hours), "9:00, five hours behind UTC");
    }

    /// 02:30 of the day on which clocks go from 2 to 3 is 03:30.
    #[test]
    fn a_time_that_clocks_skip_is_later() {
        let zone = Zone::named("America/Los_Angeles").expect("a zone");
        let late = Span::MINUTE.times(150);
        let second = |text: &str| text.parse::<Timestamp>().expect("an instant").as_second();
        let (from, to) = (second("2026-03-08T00:00:00Z"), second("2026-03-08T10:00:00Z"));
        let found = zone.beginnings(CalendarUnit::Day, late, from, to);
        assert_eq!(found, [i128::from(second("2026-03-08T10:30:00Z")) * SECOND]);
    }

    #[test]
    fn periods_read_as_written() {
        for (text, expected) in [
            ("1 day", Period::Calendar(CalendarUnit::Day)),
            (" 1  month ", Period::Calendar(CalendarUnit::Month)),
            ("24h", Period::Span(Span::DAY)),
            ("1d", Period::Span(Span::DAY)),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
            assert_eq!(expected.to_string().parse(), Ok(expected));
        }
        for bad in ["2 days", "day", "1 fortnight", "1 month 2d", ""] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
        assert!(Zone::named("PST8").is_none() && Zone::names().len() > 400);
    }
}
