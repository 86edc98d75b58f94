//! Axes: where a value lies between two ends, and the ticks with their labels.
//!
//! Steps between ticks are 1, 2 or 5 times a power of ten, or what clocks show.
//!
//! ```text
//!   linear      0 ──── 20 % ──── 40 %          place = (v - low) / (high - low)
//!   logarithm   10 ms ─ 1 s ─ 1 min ─ 1 h      the same of ln v
//!   tail        50 % ─ 90 % ─ 99 % ─ 99.9 %    the same of -log10(1 - p)
//! ```

use super::clock::{DAY, clock_label, duration_label, log_marks, midnight_to, time_step};
use super::figures::{exact, step_of};
use crate::units::Span;
use crate::units::quantity::short::{duration, multiple};
use jiff::civil::DateTime;

/// The values that a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The parameter.
    pub title: String,
    /// Where each value lies, in ascending order, and what it is called.
    pub values: Vec<(f64, String)>,
    /// True if they are spread on a logarithm.
    pub logarithmic: bool,
}

impl Spread {
    /// The parameter with its value at a place.
    pub(super) fn name_of(&self, place: f64) -> Option<String> {
        let (_, name) = self.values.iter().find(|(at, _)| *at == place)?;
        Some(format!("{} = {name}", self.title))
    }
}

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithm,
    Tail,
}

/// An axis: its title, its two ends, and labelled ticks between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub title: String,
    low: f64,
    high: f64,
    scale: Scale,
    /// Values and their labels, in ascending order.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Where `value` lies, 0 at the low end and 1 at the high end; what is outside lies at the
    /// nearer end.
    pub fn place(&self, value: f64) -> f64 {
        let of = |value: f64| match self.scale {
            Scale::Linear => value,
            Scale::Logarithm => value.max(self.low).ln(),
            Scale::Tail => -(1.0 - value.clamp(0.0, 1.0)).log10(),
        };
        let place = (of(value) - of(self.low)) / (of(self.high) - of(self.low));
        if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) }
    }

    /// The same axis with its high end at `high`, not at a tick beyond it.
    pub fn cut_at(mut self, high: f64) -> Self {
        self.high = if high > self.low { high.min(self.high) } else { self.high };
        self.ticks.retain(|(value, _)| *value <= self.high);
        self
    }

    /// From zero to the first multiple of `step` that is not below `peak`.
    fn from_zero(title: &str, peak: f64, step: f64, label: impl Fn(f64) -> String) -> Self {
        let count = (peak / step - 1e-9).ceil().max(1.0);
        let ticks = whole(0.0, count).map(|n| (n * step, label(n * step))).collect();
        Self { title: title.into(), low: 0.0, high: count * step, scale: Scale::Linear, ticks }
    }

    /// Numbers from zero to at least `peak`, in at most `parts` parts.
    pub fn amounts(title: &str, peak: f64, parts: f64) -> Self {
        let peak = sound(peak, 1.0);
        Self::numbers(title, peak, step_of(peak, parts))
    }

    /// Whole numbers from zero to at least `peak`.
    pub fn counts(title: &str, peak: f64) -> Self {
        let peak = sound(peak, 1.0);
        Self::numbers(title, peak, step_of(peak, 5.0).max(1.0))
    }

    fn numbers(title: &str, peak: f64, step: f64) -> Self {
        let (suffix, divisor) = multiple(peak);
        Self::from_zero(title, peak, step, |value| match value == 0.0 {
            true => "0".into(),
            false => format!("{}{suffix}", exact(value / divisor, step / divisor)),
        })
    }

    /// Numbers from `low` to `high`, each tick followed by a unit, in at most `parts` parts. Ends
    /// that are no numbers, or not in order, make an axis from 0 to 1.
    pub fn part(title: &str, (low, high): (f64, f64), parts: f64, unit: &str) -> Self {
        let sound = low.is_finite() && high.is_finite() && low < high && high - low > high * 1e-12;
        let (low, high) = if sound { (low, high) } else { (0.0, 1.0) };
        let step = step_of(high - low, parts);
        let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
        // Zero has no sign.
        let value = |n: f64| n * step + 0.0;
        let tick = |n: f64| (value(n), format!("{}{unit}", exact(value(n), step)));
        let ticks = whole(first, last).map(tick).collect();
        Self { title: title.into(), low, high, scale: Scale::Linear, ticks }
    }

    /// Percentages from zero to at least the fraction `peak`, in at most `parts` parts.
    pub fn shares(title: &str, peak: f64, parts: f64) -> Self {
        let peak = sound(peak, 0.01) * 100.0;
        let step = step_of(peak, parts);
        let mut axis = Self::from_zero(title, peak, step, |v| format!("{} %", exact(v, step)));
        axis.high /= 100.0;
        axis.ticks.iter_mut().for_each(|tick| tick.0 /= 100.0);
        axis
    }

    /// Durations from zero to at least `peak` seconds, in at most `parts` parts.
    pub fn durations(title: &str, peak: f64, parts: f64) -> Self {
        let peak = sound(peak, 1.0);
        let step = time_step(peak, parts);
        Self::from_zero(title, peak, step, |value| duration_label(value, step))
    }

    /// Virtual time from zero to `end`, with a tick about every 85 of `room` pixels: elapsed, or
    /// on the clock of `start` where the scenario has one.
    pub fn time(end: Span, start: Option<DateTime>, room: f64) -> Self {
        let high = sound(end.as_secs_f64(), 1.0);
        let step = time_step(high, (room / 85.0).max(2.0));
        let start = start.filter(|_| step >= 1.0);
        let (title, offset) = match start {
            None => ("virtual time".into(), 0.0),
            Some(start) => (
                format!("clock time from {}", start.strftime("%a %b %-d, %Y, %H:%M")),
                midnight_to(start),
            ),
        };
        let label = |at: f64| match start.and_then(|start| clock_label(start, at, step)) {
            Some(label) => label,
            None => duration_label(at, step),
        };
        let offset = if step > DAY && offset > 0.0 { offset - DAY } else { offset };
        let first = (offset / step - 1e-9).ceil();
        let last = ((offset + high) / step + 1e-9).floor();
        let ticks = whole(first, last).map(|n| n * step - offset).map(|at| (at, label(at)));
        Self { title, low: 0.0, high, scale: Scale::Linear, ticks: ticks.collect() }
    }

    /// Latencies \[s\] on a logarithmic scale that holds `low` and `high`.
    pub fn latencies(title: &str, low: f64, high: f64) -> Self {
        let marks = log_marks();
        let (low, high) = (sound(low, 0.01), sound(high, 1.0));
        let last = marks.len() - 1;
        let from = marks.iter().rposition(|(at, _)| *at <= low).unwrap_or(0);
        let to = marks.iter().position(|(at, _)| *at >= high).unwrap_or(last);
        let spare = 3usize.saturating_sub(to - from);
        let from = from.saturating_sub(spare / 2).min(last - 3);
        let to = (to + spare - spare / 2).min(last);
        let within = &marks[from..=to];
        let few = within.iter().filter(|(_, major)| *major).count() < 3;
        let ticks = within.iter().filter(|(_, major)| few || *major);
        let ticks = ticks.map(|(at, _)| (*at, duration(*at))).collect();
        Self {
            title: title.into(),
            low: marks[from].0,
            high: marks[to].0,
            scale: Scale::Logarithm,
            ticks,
        }
    }

    /// The values of a parameter, each with a tick.
    pub fn spread(spread: &Spread) -> Self {
        let ticks: Vec<(f64, String)> =
            spread.values.iter().filter(|(at, _)| at.is_finite()).cloned().collect();
        let low = ticks.iter().map(|(at, _)| *at).fold(f64::INFINITY, f64::min);
        let high = ticks.iter().map(|(at, _)| *at).fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low < high { (low, high) } else { (0.0, high.max(1.0)) };
        let scale = match spread.logarithmic && low > 0.0 {
            true => Scale::Logarithm,
            false => Scale::Linear,
        };
        Self { title: spread.title.clone(), low, high, scale, ticks }
    }

    /// Percentiles from 0 to at least 99 %, spread so that each further nine takes the same room.
    pub fn percentiles(title: &str, highest: f64) -> Self {
        const SHOWN: [(f64, &str); 9] = [
            (0.0, "0 %"),
            (0.5, "50 %"),
            (0.75, "75 %"),
            (0.9, "90 %"),
            (0.95, "95 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.9999, "99.99 %"),
            (0.99999, "99.999 %"),
        ];
        let high = highest.clamp(0.99, 0.99999);
        let ticks = SHOWN.iter().filter(|(at, _)| *at <= high + 1e-12);
        let ticks = ticks.map(|(at, label)| (*at, (*label).into())).collect();
        Self { title: title.into(), low: 0.0, high, scale: Scale::Tail, ticks }
    }
}

/// The greatest of `values` that is a number, zero if none is above it.
pub(super) fn peak(mut values: impl Iterator<Item = f64>) -> f64 {
    greatest(&mut values)
}

/// Compiled once, whatever hands over the values.
fn greatest(values: &mut dyn Iterator<Item = f64>) -> f64 {
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// `peak` if it is a positive number, else `otherwise`.
fn sound(peak: f64, otherwise: f64) -> f64 {
    if peak.is_finite() && peak > 0.0 { peak } else { otherwise }
}

/// The whole numbers from `first` to `last`, a hundred at most.
fn whole(first: f64, last: f64) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(first), |n| Some(n + 1.0)).take(100).take_while(move |n| *n <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn numbers_step_by_one_two_or_five() {
        assert_eq!(
            labels(&Axis::amounts("", 33_000.0, 5.0)),
            ["0", "10 k", "20 k", "30 k", "40 k"]
        );
        assert_eq!(labels(&Axis::amounts("", 0.3, 3.0)), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(&Axis::counts("", 2.0)), ["0", "1", "2"]);
        assert_eq!(labels(&Axis::shares("", 0.034, 4.0)), ["0 %", "1 %", "2 %", "3 %", "4 %"]);
        assert_eq!(labels(&Axis::shares("", 1.0, 5.0)).last(), Some(&"100 %"));
        assert_eq!(labels(&Axis::amounts("", 1e9, 5.0)).last(), Some(&"1 G"));
    }

    #[test]
    fn an_axis_of_nothing_still_has_two_ends() {
        for axis in [
            Axis::amounts("", 0.0, 5.0),
            Axis::shares("", f64::NAN, 5.0),
            Axis::durations("", -1.0, 5.0),
            Axis::time(Span::ZERO, None, 900.0),
            Axis::latencies("", 0.0, 0.0),
            Axis::percentiles("", 0.0),
        ] {
            assert!(axis.ticks.len() >= 2, "{axis:?}");
            assert_eq!((axis.place(axis.low), axis.place(axis.high)), (0.0, 1.0), "{axis:?}");
            assert_eq!(axis.place(f64::NAN), 0.0);
        }
    }

    #[test]
    fn a_part_has_ticks_within_its_ends() {
        let axis = Axis::part("", (0.04, 0.0611), 4.0, "/s");
        assert_eq!(labels(&axis), ["0.04/s", "0.05/s", "0.06/s"]);
        assert_eq!((axis.place(0.04), axis.place(0.0611)), (0.0, 1.0));
        let odd = [(f64::NAN, 1.0), (3.0, 3.0), (1.0, f64::INFINITY), (2.0, 1.0)];
        assert!(odd.iter().all(|ends| Axis::part("", *ends, 4.0, "").place(1.0) == 1.0));
    }

    #[test]
    fn elapsed_time_steps_as_clocks_do() {
        for (end, expected) in [
            ("24h", vec!["0", "6 h", "12 h", "18 h", "24 h"]),
            ("10m", vec!["0", "2 min", "4 min", "6 min", "8 min", "10 min"]),
            ("60d", vec!["0", "14 d", "28 d", "42 d", "56 d"]),
            ("1500ms", vec!["0", "0.5 s", "1 s", "1.5 s"]),
        ] {
            let axis = Axis::time(end.parse().expect("a span"), None, 450.0);
            assert_eq!(labels(&axis), expected);
        }
    }

    #[test]
    fn the_clock_shows_hours_and_at_midnight_the_day() {
        let start = Some("2026-11-27T21:30:00".parse().expect("a date"));
        let day = Axis::time("12h".parse().expect("a span"), start, 400.0);
        assert_eq!(day.title, "clock time from Fri Nov 27, 2026, 21:30");
        assert_eq!(labels(&day), ["Nov 28", "03:00", "06:00", "09:00"]);
        assert_eq!(day.ticks[0].0, 9_000.0);
        let months = Axis::time("40d".parse().expect("a span"), start, 300.0);
        assert_eq!(labels(&months), ["Nov 28", "Dec 12", "Dec 26"]);
        let week = Axis::time("5d".parse().expect("a span"), start, 500.0);
        assert_eq!(labels(&week), ["Nov 28", "Nov 29", "Nov 30", "Dec 1", "Dec 2"]);
    }

    #[test]
    fn logarithms_have_readable_units() {
        let axis = Axis::latencies("", 0.02, 3_000.0);
        assert_eq!(labels(&axis), ["100 ms", "1 s", "10 s", "1 min", "10 min", "1 h"]);
        assert_eq!(labels(&Axis::latencies("", 0.2, 0.3)), ["100 ms", "200 ms", "500 ms", "1 s"]);
        assert!((axis.place(axis.high) - 1.0).abs() < 1e-9 && axis.place(0.0) == 0.0);
    }

    #[test]
    fn every_further_nine_takes_the_same_room() {
        let axis = Axis::percentiles("", 0.999);
        assert!((axis.place(0.9) * 3.0 - 1.0).abs() < 1e-9);
        assert!((axis.place(0.99) * 3.0 - 2.0).abs() < 1e-9);
        assert_eq!(labels(&axis).last(), Some(&"99.9 %"));
    }
}
