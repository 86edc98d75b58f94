//! What virtual time 0 is on the calendar.

use crate::units::{CalendarUnit, Instant, Span, Zone};
use std::sync::Arc;

/// What virtual time 0 is on the calendar, so that minutes and days turn when they really do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Seconds since 1970 UTC; a run without a start begins as a minute and a day do.
    pub start_s: i64,
    /// How long the run is at most, from then on.
    pub length: Span,
}

impl Calendar {
    /// How far the origin is into a window of the clock that began `late` after the epoch.
    #[must_use]
    pub fn offset(self, window: Span, late: Span) -> Span {
        let start = i128::from(self.start_s) * i128::from(Span::SECOND.as_nanos());
        let into =
            (start - i128::from(late.as_nanos())).rem_euclid(i128::from(window.as_nanos().max(1)));
        Span::from_nanos(u64::try_from(into).unwrap_or(0))
    }

    /// When periods of the calendar begin during the run, `late` after midnight by a zone's clocks,
    /// and the first that begins after it.
    pub(super) fn beginnings(self, zone: &Zone, unit: CalendarUnit, late: Span) -> Arc<[Instant]> {
        let second = i128::from(Span::SECOND.as_nanos());
        let length = self.length.as_nanos().div_ceil(Span::SECOND.as_nanos());
        let end = self.start_s.saturating_add(i64::try_from(length).unwrap_or(i64::MAX));
        let all = zone.beginnings(unit, late, self.start_s, end).into_iter();
        let since = all.map(|at| at - i128::from(self.start_s) * second);
        since.filter_map(|ns| u64::try_from(ns).ok().map(Instant::from_nanos)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_turn_when_the_calendar_does() {
        let calendar = Calendar { start_s: 1_764_201_630, length: Span::DAY };
        assert_eq!(calendar.offset(Span::MINUTE, Span::ZERO), Span::from_secs(30));
        assert_eq!(calendar.offset(Span::DAY, Span::ZERO), Span::from_secs(1_764_201_630 % 86_400));
        assert_eq!(Calendar::default().offset(Span::DAY, Span::HOUR), Span::HOUR.times(23));
    }
}
