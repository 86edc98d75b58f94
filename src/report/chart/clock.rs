//! Time on an axis: which ticks, and what they are called.
//!
//! Steps are those that clocks and calendars show; where the scenario has a start, labels are what
//! its clock shows, and every midnight bears its date:
//!
//! ```text
//!   0 ── 3 h ── 6 h ── 9 h        elapsed
//!   21:00 ── Nov 28 ── 03:00      from Fri Nov 27, 2026, 20:00
//! ```

use super::figures::{exact, step_of};
use crate::units::quantity::short::UNITS;
use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};

/// Seconds in a day.
pub(super) const DAY: f64 = 86_400.0;

/// Units \[s\] and the steps that are taken of them.
const STEPS: [(f64, &[f64]); 4] = [
    (1.0, &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
    (60.0, &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
    (3_600.0, &[1.0, 2.0, 3.0, 6.0, 12.0]),
    (DAY, &[1.0, 2.0, 7.0, 14.0, 30.0]),
];

/// The smallest step \[s\] that divides `range` into at most `parts` parts.
pub(super) fn time_step(range: f64, parts: f64) -> f64 {
    let least = range / parts * (1.0 - 1e-9);
    if least <= 0.5 {
        return step_of(range, parts);
    }
    let mut steps = STEPS.iter().flat_map(|(unit, counts)| counts.iter().map(move |n| n * unit));
    steps.find(|step| *step >= least).unwrap_or_else(|| step_of(range / DAY, parts) * DAY)
}

/// A tick of time in the largest unit of which `step` is a multiple, or a tenth of a second or
/// less: `0`, `30 min`, `12 h`, `0.5 s`.
pub(super) fn duration_label(seconds: f64, step: f64) -> String {
    if seconds.abs() < step * 1e-6 {
        return "0".into();
    }
    let unit = UNITS.iter().find(|(_, size)| match step / size {
        parts if *size <= 1.0 => parts > 0.099,
        parts => parts > 0.999 && (parts - parts.round()).abs() < 1e-6,
    });
    let (name, size) = unit.unwrap_or(&("s", 1.0));
    format!("{} {name}", exact(seconds / size, step / size))
}

/// Seconds from midnight to `start`.
pub(super) fn midnight_to(start: DateTime) -> f64 {
    let midnight = start.date().to_datetime(Time::midnight());
    start.duration_since(midnight).as_secs_f64()
}

/// What the calendar shows `seconds` after `start`: `22:00`, and at midnight `Nov 28`.
pub(super) fn clock_label(start: DateTime, seconds: f64, step: f64) -> Option<String> {
    let elapsed = SignedDuration::try_from_secs_f64(seconds.max(0.0)).ok()?;
    let now = start.checked_add(elapsed.round(jiff::Unit::Microsecond).ok()?).ok()?;
    let midnight = now.time() == Time::midnight();
    let form = match step {
        step if step > 40.0 * DAY => "%b %Y",
        step if step >= DAY || midnight => "%b %-d",
        step if step >= 60.0 => "%H:%M",
        step if step >= 1.0 => "%H:%M:%S",
        _ => return None,
    };
    Some(now.strftime(form).to_string())
}

/// Where a logarithmic axis of time may end, ascending, and whether it is labelled there first of
/// all: 1, 2, 5 times the powers of ten below a minute; of minutes, hours and days above.
pub(super) fn log_marks() -> Vec<(f64, bool)> {
    let decades = |unit: f64, last: f64| {
        let powers = std::iter::successors(Some(1.0), |power| Some(power * 10.0));
        let marks = powers.flat_map(|p| [(p, true), (2.0 * p, false), (5.0 * p, false)]);
        let within = marks.take_while(move |(count, _)| *count <= last);
        within.map(move |(count, major)| (count * unit, major))
    };
    let below = decades(1e-6, 2e7);
    let above = decades(60.0, 20.0).chain(decades(3_600.0, 10.0)).chain(decades(DAY, 50_000.0));
    below.chain(above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_clocks_and_calendars() {
        for (range, parts, step) in [
            (1.2, 4.0, 0.5),
            (100.0, 10.0, 10.0),
            (7_200.0, 10.0, 900.0),
            (86_400.0, 10.0, 10_800.0),
            (90.0 * DAY, 10.0, 14.0 * DAY),
            (4_000.0 * DAY, 10.0, 500.0 * DAY),
        ] {
            assert_eq!(time_step(range, parts), step, "{range}");
        }
    }

    #[test]
    fn labels_have_the_unit_of_their_step() {
        for (seconds, step, label) in [
            (0.0, 60.0, "0"),
            (5_400.0, 1_800.0, "90 min"),
            (0.2, 0.1, "0.2 s"),
            (0.15, 0.05, "150 ms"),
            (172_800.0, 43_200.0, "48 h"),
            (172_800.0, DAY, "2 d"),
        ] {
            assert_eq!(duration_label(seconds, step), label);
        }
    }

    #[test]
    fn marks_ascend_and_hold_every_unit() {
        let marks = log_marks();
        assert!(marks.windows(2).all(|pair| pair[0].0 < pair[1].0), "{marks:?}");
        let near = |at: f64| marks.iter().any(|mark| (mark.0 / at - 1.0).abs() < 1e-9 && mark.1);
        assert!([1e-3, 1e-2, 1.0, 60.0, 600.0, 3_600.0, DAY].into_iter().all(near));
    }
}
