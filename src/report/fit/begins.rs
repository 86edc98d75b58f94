//! When windows of the clock begin, in words and as a catalogue writes it.

use crate::fit::days::FIRST_DATE;
use crate::fit::model::{Model, Piece, Survivor};
use crate::fit::phase::Phase;
use crate::units::Span;
use crate::units::quantity::{self, bounds};

/// Times that people choose are multiples of these, the first that fits.
const STEPS: [Span; 10] = [
    Span::HOUR,
    Span::from_secs(1_800),
    Span::from_secs(300),
    Span::MINUTE,
    Span::from_secs(10),
    Span::SECOND,
    Span::from_millis(100),
    Span::from_millis(10),
    Span::from_millis(1),
    Span::from_nanos(1),
];

/// How long the windows of a fixed window are \[ns\] and when they begin, in a log that begins at
/// `origin` \[ns since time 0\]; `None` where the log does not tell.
#[must_use]
pub fn phase(left: &Survivor, origin: i64) -> Option<(i64, Phase)> {
    let window = left.window().filter(|_| left.model == Model::FixedWindow)?;
    let window = bounds::round_ns(window)?;
    Some((window, left.phase(window, origin)?))
}

/// The same in words: ` from 08:00 UTC (07:59:41 to 08:00:12)`; empty where the log does not tell.
#[must_use]
pub fn text(left: &Survivor, origin: i64) -> String {
    let Some((window, phase)) = phase(left, origin) else { return String::new() };
    let (round, window, is_dated) = (roundest(phase, window), span(window), origin >= FIRST_DATE);
    // Bounds are rounded outwards.
    let (low, high) = (span(phase.0), span(phase.1));
    if window == Span::DAY && is_dated {
        let high = high.rounded_up_to(Span::SECOND);
        return format!(" from {} UTC ({} to {})", clock(round), clock(low), clock(high));
    }
    let full = match window {
        Span::SECOND => "the full second".into(),
        Span::MINUTE => "the full minute".into(),
        Span::HOUR => "the full hour".into(),
        _ if is_dated => format!("multiples of {} since 1970", quantity::span(window)),
        _ => format!("multiples of {} since time 0", quantity::span(window)),
    };
    if round.is_zero() {
        return format!(" from {full}");
    }
    let low = Span::from_millis(low.as_nanos() / Span::from_millis(1).as_nanos());
    let high = high.rounded_up_to(Span::from_millis(1));
    let [round, low, high] = [round, low, high].map(quantity::span);
    format!(" from {round} ({low} to {high}) after {full}")
}

/// The `offset` of a rule with windows of this length \[ns\], as a file writes it; `None` if they
/// begin at its multiples, or if the log does not tell.
#[must_use]
pub fn offset(piece: &Piece, window: i64, origin: i64) -> Option<String> {
    let offset = roundest(piece.phase(window, origin)?, window);
    (!offset.is_zero()).then(|| offset.to_string())
}

/// The time inside that people would choose.
fn roundest((low, high): Phase, window: i64) -> Span {
    // The beginning of the next window is that of this one.
    if low == 0 || high >= window {
        return Span::ZERO;
    }
    let at = STEPS.iter().map(|step| span(low).rounded_up_to(*step));
    { at }.find(|at| *at <= span(high)).unwrap_or(span(low))
}

/// A length of time from 0 \[ns\].
const fn span(ns: i64) -> Span {
    Span::from_nanos(ns.unsigned_abs())
}

/// A time of the day: `08:00`, `07:59:41`.
fn clock(at: Span) -> String {
    let whole = at.as_nanos() / Span::SECOND.as_nanos();
    let [hours, minutes, seconds] = [whole / 3_600 % 24, whole / 60 % 60, whole % 60];
    match seconds {
        0 => format!("{hours:02}:{minutes:02}"),
        seconds => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;

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
        let left = daily((-4 * SECOND, 11 * SECOND + 1));
        assert_eq!(text(&left, noon), " from 12:00 UTC (11:59:56 to 12:00:12)", "outwards");
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
