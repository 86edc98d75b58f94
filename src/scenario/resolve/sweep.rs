//! `[sweep]`: addresses with their values, ranges written out.

use super::Resolver;
use crate::catalog::reader;
use crate::metrics::figures::{Ending, Metric, Statistic};
use crate::scenario::amount::{Amount, Unit};
use crate::scenario::grid::{Axis, Grid, Setting};
use crate::scenario::mistake::metric_keys;
use crate::scenario::nearest;
use std::ops::Range;
use toml::{Table, Value};

/// Points of a sweep at most.
const MOST_POINTS: usize = 100_000;
/// What is drawn of a sweep that names no metrics.
const DRAWN: [Metric; 3] = [
    Metric::ThrottleRate,
    Metric::Jobs(Ending::Lost),
    Metric::JobLatency(Statistic::Quantile(950)),
];
/// Where all metrics are listed.
const ALL: &str = "`throttlesim schema --format markdown` lists them all";

impl Resolver<'_> {
    pub(super) fn read_sweep(&mut self) -> Option<Grid> {
        let raw = self.raw.sweep.clone()?;
        let place = raw.first().map_or(0..0, |(key, _)| key.span());
        let (mut axes, mut metrics) = (Vec::new(), None);
        for (key, value) in raw {
            let at = value.span();
            match key.get_ref().as_str() {
                "metrics" => metrics = Some(self.swept_metrics(value.get_ref(), at)),
                address => self.axes(address, value.get_ref(), &at, &mut axes),
            }
        }
        if axes.is_empty() && self.problems.is_empty() {
            let help = "write \"clients.accounts\" = [1, 10, 100] below [sweep]";
            self.incomplete(place.clone(), "a sweep of nothing", help);
        }
        let grid = Grid { axes, metrics: metrics.unwrap_or_else(|| DRAWN.to_vec()) };
        let points = grid.axes.iter().try_fold(1usize, |n, a| n.checked_mul(a.settings.len()));
        if points.is_none_or(|points| points > MOST_POINTS) {
            let message = "a sweep of more points than a lifetime has minutes";
            self.too_much(place, message, &format!("write up to {MOST_POINTS} points in all"));
            return None;
        }
        Some(grid)
    }

    fn swept_metrics(&mut self, value: &Value, at: Range<usize>) -> Vec<Metric> {
        let names: Option<Vec<&str>> =
            value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect());
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            let help = "write metrics = [\"throttle_rate\", \"completion\"]";
            self.malformed(at, "expected a list of metrics", help);
            return Vec::new();
        };
        self.once_each(names.iter().map(|name| (name, at.clone())));
        let known = metric_keys();
        let mut metrics = Vec::new();
        for name in names {
            match Metric::of_key(name) {
                Some(found) => metrics.push(found),
                None => {
                    let near = nearest(name, known.iter().map(String::as_str));
                    let help = near.map_or(ALL.into(), |n| format!("did you mean `{n}`?"));
                    self.unknown((name, at.clone()), format!("no metric `{name}`"), &help);
                }
            }
        }
        metrics
    }

    /// The axes of an address, which may be the table that several have in common.
    pub(super) fn axes(
        &mut self,
        address: &str,
        value: &Value,
        at: &Range<usize>,
        axes: &mut Vec<Axis>,
    ) {
        let settings = match value {
            Value::Array(list) => list.iter().cloned().map(Setting::of).collect(),
            Value::Table(range) if range.contains_key("from") => {
                match range_of(range) {
                    Ok((settings, logarithmic)) => {
                        axes.push(Axis { address: address.into(), settings, logarithmic });
                    }
                    Err((message, help)) => {
                        self.malformed(at.clone(), format!("{address}: {message}"), help);
                    }
                }
                return;
            }
            Value::Table(table) => {
                for (key, value) in table {
                    self.axes(&format!("{address}.{}", reader::key(key)), value, at, axes);
                }
                return;
            }
            one => vec![Setting::of(one.clone())],
        };
        if settings.is_empty() {
            self.incomplete(
                at.clone(),
                format!("{address}: a list of no values"),
                "write one or more",
            );
            return;
        }
        axes.push(Axis { address: address.into(), settings, logarithmic: false });
    }
}

type Mistaken = (String, &'static str);

/// `{ from = …, to = …, steps = …, scale = "log" }`, written out.
fn range_of(range: &Table) -> Result<(Vec<Setting>, bool), Mistaken> {
    let help = "write { from = 1, to = 16, steps = 5 }, and scale = \"log\" if you like";
    if let Some(key) =
        range.keys().find(|k| !["from", "to", "steps", "scale"].contains(&k.as_str()))
    {
        return Err((format!("a range has no `{key}`"), help));
    }
    let (from, to) = ends(range.get("from"), range.get("to")).map_err(|message| (message, help))?;
    let steps = range.get("steps").and_then(Value::as_integer);
    let Some(steps) = steps.and_then(|n| u16::try_from(n).ok()).filter(|steps| *steps >= 2) else {
        return Err(("a range needs `steps`, 2 or more".into(), help));
    };
    let logarithmic = match range.get("scale").map(Value::as_str) {
        None | Some(Some("linear")) => false,
        Some(Some("log")) if from.number > 0.0 => true,
        Some(Some("log")) => return Err(("a logarithm begins above 0".into(), help)),
        Some(_) => return Err(("the scale is \"linear\" or \"log\"".into(), help)),
    };
    let part = |step: u16| f64::from(step) / f64::from(steps - 1);
    let mut settings: Vec<Setting> = (0..steps)
        .map(|step| from.towards(&to, part(step), logarithmic))
        .map(|amount| Setting { value: amount.value(), amount: Some(amount) })
        .collect();
    settings.dedup();
    Ok((settings, logarithmic))
}

/// Two amounts of one unit, the first below the second.
pub(super) fn ends(from: Option<&Value>, to: Option<&Value>) -> Result<(Amount, Amount), String> {
    let amount = |value: Option<&Value>| value.and_then(Amount::read);
    let (Some(from), Some(to)) = (amount(from), amount(to)) else {
        return Err(
            "`from` and `to` are numbers, times, percentages, rates or amounts of USD".into()
        );
    };
    let (from, to) = match (&from.unit, &to.unit) {
        (Unit::Whole, Unit::Number) => (Amount { unit: Unit::Number, ..from }, to),
        (Unit::Number, Unit::Whole) => (from, Amount { unit: Unit::Number, ..to }),
        _ => (from, to),
    };
    if from.unit != to.unit {
        return Err(format!("{from} and {to} have different units"));
    }
    if from.number >= to.number {
        return Err(format!("{from} is not below {to}"));
    }
    Ok((from, to))
}
