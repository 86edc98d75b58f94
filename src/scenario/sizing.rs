//! `[size]`: the largest or smallest value of one address with which something holds.
//!
//! ```toml
//! [size]
//! address = "clients.accounts"
//! from = 1
//! to = 500
//! goal = "largest"
//! meet = ["throttle_rate < 1%"]       # the scenario's expectations, if absent
//! strategies = ["paced"]              # all, if absent
//! ```

use super::Expectation;
use super::amount::{Amount, Unit};
use crate::metrics::figures::rounded;

/// What is sized.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizing {
    /// The address, in TOML's dotted form.
    pub address: String,
    /// The least value that is tried.
    pub from: Amount,
    /// The greatest.
    pub to: Amount,
    /// Which value is looked for.
    pub goal: Goal,
    /// What must hold.
    pub meet: Vec<Expectation>,
    /// For which strategies, by index.
    pub strategies: Vec<usize>,
}

/// The values that a search may try: whole numbers of a step, counted by `i64`.
///
/// The step is the unit's own: 1 of what is counted, a cent, a millisecond, a hundredth of a
/// percent. Rates and plain numbers have none; theirs is the third digit of the lower end that is
/// not zero. Where an end is written with more decimals, the step is as fine as that.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    unit: Unit,
    /// Steps in 1 of the unit, a power of ten.
    in_one: f64,
}

impl Steps {
    /// The steps from one amount to another of the same unit.
    #[must_use]
    pub fn between(from: &Amount, to: &Amount) -> Self {
        let own = match from.unit {
            Unit::Whole => 0,
            Unit::Share | Unit::Money => 2,
            Unit::Span => 3,
            Unit::Number | Unit::Rate(_) => third_digit(from.number, to.number),
        };
        let decimals = own.max(decimals(from.number)).max(decimals(to.number));
        Self { unit: from.unit.clone(), in_one: libm::pow(10.0, f64::from(decimals)) }
    }

    /// The step itself.
    #[must_use]
    pub fn step(&self) -> Amount {
        self.amount(1)
    }

    /// The number of the step that is nearest to an amount.
    #[must_use]
    #[expect(clippy::cast_possible_truncation)]
    pub fn nearest(&self, amount: &Amount) -> i64 {
        (amount.number * self.in_one).round() as i64
    }

    /// The amount of a number of steps.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn amount(&self, steps: i64) -> Amount {
        Amount { number: steps as f64 / self.in_one, unit: self.unit.clone() }
    }
}

/// Decimals that the steps of a plain number have at most, which is what a rate can be written to.
const MOST_DECIMALS: u8 = 12;

/// The decimals with which a number is written.
fn decimals(number: f64) -> u8 {
    let text = rounded(number).to_string();
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    u8::try_from(decimals).unwrap_or(u8::MAX).min(MOST_DECIMALS)
}

/// The decimals up to the third digit that counts of the lower end, or the fourth of the upper end
/// if the lower is zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn third_digit(from: f64, to: f64) -> u8 {
    let (number, digits) = if from > 0.0 { (from, 3.0) } else { (to.abs(), 4.0) };
    let decimals = digits - 1.0 - libm::log10(number).floor();
    decimals.clamp(0.0, f64::from(MOST_DECIMALS)) as u8
}

/// From which ratio of its ends on a range is walked on a logarithm.
const WIDE: f64 = 50.0;

impl Sizing {
    /// What must hold of a strategy, each with its place among all that must hold.
    pub fn must_hold(&self, strategy: usize) -> impl Iterator<Item = (usize, &Expectation)> {
        let all = self.meet.iter().enumerate();
        all.filter(move |(_, meet)| meet.strategy.is_none_or(|of| of == strategy))
    }

    /// The values that may be tried.
    #[must_use]
    pub fn steps(&self) -> Steps {
        Steps::between(&self.from, &self.to)
    }

    /// True if the range is walked on a logarithm.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.from.number > 0.0 && self.to.number / self.from.number >= WIDE
    }
}

/// Which of the values with which all holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The greatest.
    Largest,
    /// The least.
    Smallest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::amount::amount;

    #[test]
    fn steps_are_the_units_own_or_as_fine_as_the_ends() {
        for (from, to, step) in [
            ("1", "500", "1"),
            ("\"1 USD\"", "\"20 USD\"", "\"0.01 USD\""),
            ("\"1s\"", "\"2h\"", "\"1ms\""),
            ("\"50%\"", "\"110%\"", "\"0.01%\""),
            ("\"99.995%\"", "\"110%\"", "\"0.001%\""),
            ("\"10/h\"", "\"70/h\"", "\"0.1/h\""),
            ("\"0.4/s\"", "\"1/s\"", "\"0.001/s\""),
            ("\"50000/h\"", "\"90000/h\"", "\"1/h\""),
            ("0.0", "2.5", "0.001"),
        ] {
            let (from, to) = (amount(from), amount(to));
            let steps = Steps::between(&from, &to);
            assert_eq!(steps.step().value().to_string(), step, "{from} to {to}");
            // A share is read as a fraction: the last bit of its hundredfold may differ.
            for end in [from, to] {
                let found = steps.amount(steps.nearest(&end));
                assert_eq!(found.unit, end.unit);
                assert!((found.number - end.number).abs() < 1e-9, "{found}");
            }
        }
        let cents = Steps::between(&amount("\"1 USD\""), &amount("\"20 USD\""));
        assert_eq!(cents.amount(834).value().to_string(), "\"8.34 USD\"");
    }
}
