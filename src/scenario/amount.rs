//! A value that others can lie between: a number with its unit, as it stands in the file.
//!
//! ```text
//!   40    0.5    "15m"    "95%"    "0.45/s"    "2000/h"    "432 USD"
//! ```

use crate::metrics::figures::rounded;
use crate::units::quantity::grouped;
use crate::units::{Money, Rate, Share, Span};
use std::fmt;
use toml::Value;

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Whole,
    /// Nothing in particular.
    Number,
    /// Seconds.
    Span,
    /// Percent.
    Share,
    /// Things in such a time, as it is written: `s`, `min`, `15m`.
    Rate(String),
    /// Dollars.
    Money,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The number, in the unit.
    pub number: f64,
    /// The unit.
    pub unit: Unit,
}

impl Amount {
    /// The amount that a value of the file states; `None` of what is no amount.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn read(value: &Value) -> Option<Self> {
        let text = match value {
            Value::Integer(number) => {
                return Some(Self { number: *number as f64, unit: Unit::Whole });
            }
            Value::Float(number) => return Some(Self { number: *number, unit: Unit::Number }),
            Value::String(text) => text,
            _ => return None,
        };
        if let Ok(share) = text.parse::<Share>() {
            return Some(Self { number: share.as_f64() * 100.0, unit: Unit::Share });
        }
        if let Ok(span) = text.parse::<Span>() {
            return Some(Self { number: span.as_secs_f64(), unit: Unit::Span });
        }
        if text.parse::<Rate>().is_ok() {
            let (count, per) = text.split_once('/')?;
            let number = count.trim().parse().ok()?;
            return Some(Self { number, unit: Unit::Rate(per.trim().into()) });
        }
        let money = text.parse::<Money>().ok()?;
        Some(Self { number: money.cents() as f64 / 100.0, unit: Unit::Money })
    }

    /// Another number of the same unit, rounded to what a file would state.
    #[must_use]
    pub fn of(&self, number: f64) -> Self {
        let to = |step: f64| (number / step).round() * step;
        let number = match self.unit {
            Unit::Whole => number.round(),
            Unit::Number | Unit::Rate(_) => digits(number, 4),
            Unit::Span if number < 60.0 => to(1e-3),
            Unit::Span => number.round(),
            Unit::Share | Unit::Money => to(0.01),
        };
        Self { number, unit: self.unit.clone() }
    }

    /// Between two amounts of one unit: `part` of the way from this one, or the same on a
    /// logarithm.
    #[must_use]
    pub fn towards(&self, end: &Self, part: f64, logarithmic: bool) -> Self {
        let (a, b) = (self.number, end.number);
        if part <= 0.0 {
            return self.clone();
        }
        if part >= 1.0 {
            return end.clone();
        }
        self.of(match logarithmic {
            true => a * libm::pow(b / a, part),
            false => a + (b - a) * part,
        })
    }

    /// The value as the file would state it.
    #[must_use]
    #[expect(clippy::cast_possible_truncation)]
    pub fn value(&self) -> Value {
        match self.unit {
            Unit::Whole => Value::Integer(self.number as i64),
            Unit::Number => Value::Float(self.number),
            _ => Value::String(self.to_string()),
        }
    }
}

/// Dollars in whole cents; none below 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn cents(dollars: f64) -> u64 {
    (dollars * 100.0).round().max(0.0) as u64
}

/// So many digits that matter.
fn digits(number: f64, count: usize) -> f64 {
    format!("{number:.*e}", count - 1).parse().unwrap_or(number)
}

impl Amount {
    /// For people: a plain number has its thousands apart, all else is as it is written.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.unit {
            Unit::Whole | Unit::Number => grouped(&self.number.to_string()),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        match &self.unit {
            Unit::Whole | Unit::Number => write!(out, "{number}"),
            Unit::Span => write!(out, "{}", Span::from_secs_f64(number)),
            Unit::Share => write!(out, "{}%", rounded(number)),
            Unit::Rate(per) => write!(out, "{number}/{per}"),
            Unit::Money => write!(out, "{}", Money::from_cents(cents(number))),
        }
    }
}

/// The amount that a text of TOML states, for tests.
#[cfg(test)]
pub(super) fn amount(text: &str) -> Amount {
    let table: toml::Table = format!("x = {text}").parse().expect("TOML");
    Amount::read(&table["x"]).expect("an amount")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_thousands_apart() {
        let told = ["10530", "0.5", "\"15m\"", "\"2000/h\""].map(|text| amount(text).told());
        assert_eq!(told, ["10,530", "0.5", "15m", "2000/h"]);
    }

    #[test]
    fn amounts_print_as_they_were_read() {
        for text in ["40", "0.5", "\"15m\"", "\"95%\"", "\"0.45/s\"", "\"2000/h\"", "\"4.32 USD\""]
        {
            assert_eq!(amount(text).value().to_string(), text);
        }
        assert_eq!(Amount::read(&Value::Boolean(true)), None);
    }

    #[test]
    fn what_lies_between_can_stand_in_a_file() {
        for (from, to, part, logarithmic, expected) in [
            ("1", "16", 0.5, true, "4"),
            ("1", "4", 0.5, false, "3"),
            ("\"1m\"", "\"2m\"", 0.25, false, "\"1m 15s\""),
            ("\"50%\"", "\"110%\"", 1.0 / 3.0, false, "\"70%\""),
            ("\"1/s\"", "\"3/s\"", 1.0 / 3.0, false, "\"1.667/s\""),
            ("\"1 USD\"", "\"2 USD\"", 1.0 / 3.0, false, "\"1.33 USD\""),
        ] {
            let between = amount(from).towards(&amount(to), part, logarithmic);
            assert_eq!(between.value().to_string(), expected, "{from} {to} {part}");
        }
    }
}
