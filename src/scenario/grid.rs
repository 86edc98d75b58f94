//! `[sweep]`: the values that addresses take, each with each.
//!
//! ```toml
//! [sweep]
//! "clients.processes" = [1, 2, 4, 8]
//! "strategy.paced.pace.rate" = { from = "50%", to = "110%", steps = 7 }
//! "clients.accounts" = { from = 1, to = 1000, steps = 7, scale = "log" }
//! metrics = ["throttle_rate", "completion"]      # what is drawn; the first two against each other
//! ```
//!
//! Points are numbered from 0, the last address moving fastest.

use super::amount::Amount;
use crate::metrics::figures::Metric;

/// All points of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// What is varied, in the order of the file; at least one.
    pub axes: Vec<Axis>,
    /// What is drawn.
    pub metrics: Vec<Metric>,
}

/// One address and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// In TOML's dotted form.
    pub address: String,
    /// The values; at least one.
    pub settings: Vec<Setting>,
    /// True if they are spread on a logarithm.
    pub logarithmic: bool,
}

/// A value that an address takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// As the file would state it.
    pub value: toml::Value,
    /// What it is as an amount, if it is one.
    pub amount: Option<Amount>,
}

impl Setting {
    /// The setting of a value.
    #[must_use]
    pub fn of(value: toml::Value) -> Self {
        Self { amount: Amount::read(&value), value }
    }

    /// For people: without quotes, and the thousands of a plain number apart.
    #[must_use]
    pub fn told(&self) -> String {
        self.amount.as_ref().map_or_else(|| self.shown(), Amount::told)
    }

    /// As a scenario writes it, without quotes.
    #[must_use]
    pub fn shown(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), String::from)
    }
}

impl Grid {
    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.axes.iter().map(|axis| axis.settings.len()).product()
    }

    /// True of none, which no grid has that was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which setting of each axis a point has.
    #[must_use]
    pub fn place(&self, point: usize) -> Vec<usize> {
        let mut left = point;
        let mut place: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let setting = left % axis.settings.len();
                left /= axis.settings.len();
                setting
            })
            .collect();
        place.reverse();
        place
    }

    /// The settings of a point.
    #[must_use]
    pub fn settings(&self, point: usize) -> Vec<&Setting> {
        let place = self.place(point);
        self.axes.iter().zip(place).map(|(axis, setting)| &axis.settings[setting]).collect()
    }

    /// What `--set` would be given for a point.
    #[must_use]
    pub fn assignments(&self, point: usize) -> Vec<String> {
        let settings = self.settings(point);
        let pairs = self.axes.iter().zip(settings);
        pairs.map(|(axis, setting)| format!("{}={}", axis.address, setting.value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_address_moves_fastest() {
        let axis = |address: &str, values: &[i64]| Axis {
            address: address.into(),
            settings: values.iter().map(|n| Setting::of(toml::Value::Integer(*n))).collect(),
            logarithmic: false,
        };
        let grid = Grid { axes: vec![axis("a", &[1, 2]), axis("b", &[3, 4, 5])], metrics: vec![] };
        assert_eq!(grid.len(), 6);
        assert_eq!(grid.assignments(0), ["a=1", "b=3"]);
        assert_eq!(grid.assignments(4), ["a=2", "b=4"]);
    }
}
