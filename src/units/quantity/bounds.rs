//! Figures that are known within bounds: the roundest figure inside, and bounds rounded outwards.

use super::{count, grouped};

/// Units of rates and how many of them one a second is.
const RATES: [(&str, f64); 3] = [("/s", 1.0), ("/min", 60.0), ("/h", 3600.0)];

/// Units of times and how many of them a second is.
const TIMES: [(&str, f64); 4] =
    [(" h", 1.0 / 3600.0), (" min", 1.0 / 60.0), (" s", 1.0), (" ms", 1000.0)];

/// Bounds are written to so many digits at most.
const DIGITS: i32 = 7;

type Unit = (&'static str, f64);

/// A whole number with bounds: `10`, `9 to 11`, `at least 9`.
#[must_use]
pub fn whole((low, high): (i64, Option<i64>)) -> String {
    let count = |n: i64| count(n.unsigned_abs());
    match high {
        Some(high) if high == low => count(low),
        Some(high) => format!("{} to {}", count(low), count(high)),
        None => format!("at least {}", count(low)),
    }
}

/// A rate with bounds \[1/s\].
#[must_use]
pub fn rate((low, high): (f64, Option<f64>)) -> String {
    bounded(low, high, &RATES, None)
}

/// The roundest rate inside its bounds \[1/s\], as a scenario writes it; `None` if no short number
/// is inside.
#[must_use]
pub fn round_rate((low, high): (f64, Option<f64>)) -> Option<String> {
    let (number, (unit, _)) = roundest(low, high.unwrap_or(low * 2.0), &RATES)?;
    Some(format!("{}{unit}", number.replace(',', "")))
}

/// The roundest length of time inside its bounds \[ns\], as a scenario writes it.
#[must_use]
pub fn round_time(bounds: (i64, Option<i64>)) -> Option<String> {
    let (number, (unit, _)) = roundest_time(bounds)?;
    Some(format!("{}{}", number.replace(',', ""), unit.trim()))
}

/// The same as a number \[ns\].
#[must_use]
#[expect(clippy::cast_possible_truncation)]
pub fn round_ns(bounds: (i64, Option<i64>)) -> Option<i64> {
    let (number, (_, factor)) = roundest_time(bounds)?;
    let number: f64 = number.replace(',', "").parse().ok()?;
    Some((number / factor * 1e9).round() as i64)
}

#[expect(clippy::cast_precision_loss)]
fn roundest_time((low, high): (i64, Option<i64>)) -> Option<(String, Unit)> {
    let high = high.unwrap_or(low.saturating_mul(2));
    roundest(low as f64 / 1e9, high as f64 / 1e9, &TIMES)
}

/// A rate that is a lower bound \[1/s\].
#[must_use]
pub fn rate_at_least(low: f64) -> String {
    rate_bound(low, f64::floor)
}

/// A rate that is an upper bound \[1/s\].
#[must_use]
pub fn rate_at_most(high: f64) -> String {
    rate_bound(high, f64::ceil)
}

fn rate_bound(bound: f64, round: fn(f64) -> f64) -> String {
    let (unit, factor) = match bound {
        l if l >= 0.01 => RATES[0],
        l if l * 60.0 >= 0.01 => RATES[1],
        _ => RATES[2],
    };
    let decimals = significant(bound * factor, 3);
    format!("{}{unit}", written(bound * factor, decimals, round))
}

/// A length of time with bounds \[ns\].
#[must_use]
#[expect(clippy::cast_precision_loss)]
pub fn time((low, high): (i64, Option<i64>)) -> String {
    bounded(low as f64 / 1e9, high.map(|high| high as f64 / 1e9), &TIMES, Some(TIMES[2]))
}

fn bounded(low: f64, high: Option<f64>, units: &[Unit], unit_of_bounds: Option<Unit>) -> String {
    let Some(high) = high else {
        let (unit, factor) = unit_of_bounds.unwrap_or(units[0]);
        let low = written(low * factor, significant(low * factor, 3), f64::floor);
        return format!("at least {low}{unit}");
    };
    let round = roundest(low, high, units);
    let (unit, factor) = unit_of_bounds.or(round.as_ref().map(|one| one.1)).unwrap_or(units[0]);
    let (from, to) = (low * factor, high * factor);
    let narrow = DIGITS - 1 - place(to);
    let by_width = if to > from { 1 - place(to - from) } else { narrow };
    let decimals = by_width.max(significant(from, 2)).min(narrow).clamp(0, 12);
    let bounds = format!(
        "{}{unit} to {}{unit}",
        written(from, decimals, f64::floor),
        written(to, decimals, f64::ceil)
    );
    match round.filter(|_| high <= low * 1.25) {
        Some((text, (unit, _))) => format!("{text}{unit} ({bounds})"),
        None => bounds,
    }
}

/// The number of fewest digits inside, and its unit.
fn roundest(low: f64, high: f64, units: &[Unit]) -> Option<(String, Unit)> {
    (1..=DIGITS).find_map(|digits| {
        units.iter().find_map(|unit| {
            let middle = (low + high) / 2.0 * unit.1;
            let decimals = significant(middle, digits);
            let scale = 10f64.powi(decimals);
            let value = (middle * scale).round() / scale;
            let inside = low * unit.1 <= value && value <= high * unit.1;
            // No fractions of minutes or hours below one: half an hour is 30 min.
            let fits = unit.1 >= 1.0 || value >= 1.0;
            (inside && fits && value > 0.0).then(|| (written(value, decimals, f64::round), *unit))
        })
    })
}

/// The power of ten of a number's first digit.
#[expect(clippy::cast_possible_truncation)]
fn place(value: f64) -> i32 {
    value.log10().floor() as i32
}

/// The decimals that show so many digits of a number.
fn significant(value: f64, digits: i32) -> i32 {
    if value > 0.0 { digits - 1 - place(value) } else { 0 }
}

/// A number rounded at so many decimals, without zeros at its end.
fn written(value: f64, decimals: i32, round: fn(f64) -> f64) -> String {
    let scale = 10f64.powi(decimals);
    let shown = usize::try_from(decimals.max(0)).unwrap_or(0);
    let text = format!("{:.shown$}", round(value * scale) / scale);
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    grouped(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roundest_figure_stands_before_bounds_rounded_outwards() {
        assert_eq!(rate((0.499_534, Some(0.500_477))), "0.5/s (0.49953/s to 0.50048/s)");
        assert_eq!(rate((1.0 / 60.2, Some(1.0 / 59.9))), "1/min (0.9966/min to 1.0017/min)");
        assert_eq!(rate((0.1, Some(0.9))), "0.1/s to 0.9/s");
        assert_eq!(rate((0.16, None)), "at least 0.16/s");
        assert_eq!(time((59_900_000_000, Some(60_100_000_000))), "1 min (59.9 s to 60.1 s)");
        assert_eq!(time((299_500_000_000, Some(300_105_000_000))), "5 min (299.5 s to 300.11 s)");
        assert_eq!(whole((9, Some(11))), "9 to 11");
        assert_eq!(rate_at_least(0.001_667), "0.1/min");
    }
}
