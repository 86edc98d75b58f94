//! When windows of the clock begin, in words and as a catalogue writes it.

use crate::fit::model::{Model, Piece, Survivor};
use crate::fit::phase::Phase;
use crate::units::quantity::bounds;

const MILLI: i64 = 1_000_000;
const SECOND: i64 = 1000 * MILLI;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Times that people choose are multiples of these, the first that fits \[ns\].
const STEPS: [i64; 10] = [
    HOUR,
    30 * MINUTE,
    5 * MINUTE,
    MINUTE,
    10 * SECOND,
    SECOND,
    SECOND / 10,
    SECOND / 100,
    MILLI,
    1,
];

/// Before this there are no logs: a time is then one since the log began \[ns since 1970\].
pub(super) const FIRST_DATE: i64 = 946_684_800 * SECOND;

/// When the windows of a fixed window begin, in a log that begins at `origin` \[ns since time 0\]:
/// ` from 08:00 UTC (07:59:41 to 08:00:12)`; empty where the log does not tell.
#[must_use]
pub fn text(left: &Survivor, origin: i64) -> String {
    let window = left.window().and_then(bounds::round_ns);
    let phase = window.and_then(|window| left.phase(window, origin));
    let Some((window, phase)) = window.zip(phase).filter(|_| left.model == Model::FixedWindow)
    else {
        return String::new();
    };
    let is_dated = origin >= FIRST_DATE;
    if window == DAY && is_dated {
        let [low, round, high] = [phase.0, roundest(phase, window), phase.1].map(|at| at % DAY);
        return format!(" from {} UTC ({} to {})", clock(round), clock(low), clock(high));
    }
    let full = match window {
        SECOND => "the full second".into(),
        MINUTE => "the full minute".into(),
        HOUR => "the full hour".into(),
        _ if is_dated => format!("multiples of {} since 1970", length(window, " ")),
        _ => format!("multiples of {} since time 0", length(window, " ")),
    };
    match roundest(phase, window) {
        0 => format!(" from {full}"),
        round => {
            // Bounds are rounded outwards.
            let [low, high] = [phase.0 / MILLI * MILLI, (phase.1 + MILLI - 1) / MILLI * MILLI];
            let [round, low, high] = [round, low, high].map(|at| length(at, " "));
            format!(" from {round} ({low} to {high}) after {full}")
        }
    }
}

/// The `offset` of a rule with windows of this length; `None` if they begin at its multiples, or
/// if the log does not tell.
#[must_use]
pub fn offset(piece: &Piece, window: i64, origin: i64) -> Option<String> {
    match roundest(piece.phase(window, origin)?, window) {
        0 => None,
        offset => Some(length(offset, "")),
    }
}

/// The time inside that people would choose.
fn roundest((low, high): Phase, window: i64) -> i64 {
    let first = |step: i64| -(-low).div_euclid(step) * step;
    let fits = STEPS.iter().map(|step| first(*step)).find(|at| *at <= high);
    match fits {
        // The beginning of the next window is that of this one.
        _ if low == 0 || high >= window => 0,
        fits => fits.unwrap_or(low),
    }
}

/// A time of the day: `08:00`, `07:59:41`.
fn clock(at: i64) -> String {
    let [hours, minutes, seconds] = [at / HOUR, at / MINUTE % 60, at / SECOND % 60];
    match at % MINUTE {
        0 => format!("{hours:02}:{minutes:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// A length of time: `8h`, `90s`, `2.5s`, with something between number and unit.
#[expect(clippy::cast_precision_loss)]
fn length(ns: i64, between: &str) -> String {
    let unit = [(HOUR, "h"), (MINUTE, "min"), (SECOND, "s")];
    match unit.into_iter().find(|(unit, _)| ns % unit == 0) {
        Some((unit, name)) => format!("{}{between}{name}", ns / unit),
        None => format!("{}{between}s", ns as f64 / SECOND as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(boundary: (i64, i64)) -> Survivor {
        let piece = Piece {
            capacity: (100, Some(100)),
            rate_per_s: None,
            window: Some((DAY - 3 * SECOND, Some(DAY + 3 * SECOND))),
            tokens: None,
            boundary: Some(boundary),
        };
        Survivor { model: Model::FixedWindow, pieces: vec![piece], rough: false }
    }

    #[test]
    fn a_day_begins_at_a_time_of_the_day() {
        let noon = 20_760 * DAY + 12 * HOUR;
        let left = daily((-4 * SECOND, 11 * SECOND));
        assert_eq!(text(&left, noon), " from 12:00 UTC (11:59:56 to 12:00:11)");
        assert_eq!(offset(&left.pieces[0], DAY, noon).as_deref(), Some("12h"));
        let midnight = 20_760 * DAY;
        assert_eq!(text(&left, midnight), " from 00:00 UTC (23:59:56 to 00:00:11)");
        assert_eq!(offset(&left.pieces[0], DAY, midnight), None);
        assert_eq!(text(&left, 0), " from multiples of 24 h since time 0", "no dates");
    }

    #[test]
    fn shorter_windows_begin_at_or_after_multiples() {
        let of = |window: i64, boundary: (i64, i64)| {
            let mut left = daily(boundary);
            left.pieces[0].window = Some((window, Some(window)));
            (text(&left, 0), offset(&left.pieces[0], window, 0))
        };
        let (words, offset) = of(MINUTE, (77 * SECOND, 78 * SECOND));
        assert_eq!(words, " from 17 s (17 s to 18 s) after the full minute");
        assert_eq!(offset.as_deref(), Some("17s"));
        let (words, offset) = of(5 * MINUTE, (599 * SECOND, 601 * SECOND));
        assert_eq!((words.as_str(), offset), (" from multiples of 5 min since time 0", None));
        assert_eq!(of(MINUTE, (0, MINUTE)), (String::new(), None), "at any time");
    }
}
