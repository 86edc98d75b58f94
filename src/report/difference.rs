//! Where two results of one scenario differ, in words: strategy, metric, what was, what is.
//!
//! Things in lists are told apart by their `name` (or, of expectations, `that`), so that a strategy
//! that is added or left out is one difference and not hundreds.

use serde_json::Value;

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The strategy that it is of; none of what holds for the scenario.
    pub strategy: Option<String>,
    /// Its address in the summary: `attempts.throttled`.
    pub metric: String,
    /// What was recorded; `None` of what is new.
    pub old: Option<Value>,
    /// What is now; `None` of what is gone.
    pub new: Option<Value>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(strategy) = &self.strategy {
            write!(out, "strategy {strategy}: ")?;
        }
        let plain = |value: &Option<Value>| match value {
            None | Some(Value::Null) => "nothing".into(),
            Some(Value::String(text)) => format!("“{text}”"),
            Some(Value::Object(of)) => of.get("mean").map_or("there".into(), Value::to_string),
            Some(Value::Array(_)) => "there".into(),
            Some(value) => value.to_string(),
        };
        write!(out, "{} was {}, is {}", self.metric, plain(&self.old), plain(&self.new))
    }
}

/// Every figure that differs by more than a share `tolerance` of what it was.
#[must_use]
pub fn differences(old: &Value, new: &Value, tolerance: f64) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut walk = Walk { tolerance, strategy: None, found: &mut found };
    walk.compare("", Some(old), Some(new));
    found
}

struct Walk<'a> {
    tolerance: f64,
    strategy: Option<String>,
    found: &'a mut Vec<Difference>,
}

impl Walk<'_> {
    fn compare(&mut self, place: &str, old: Option<&Value>, new: Option<&Value>) {
        match (old, new) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let more = b.keys().filter(|key| !a.contains_key(*key));
                // Where an expectation stands in its file is not a result, and notes are prose.
                let compared = |key: &&String| !["line", "notes"].contains(&key.as_str());
                for key in a.keys().chain(more).filter(compared) {
                    let below =
                        if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                    self.compare(&below, a.get(key), b.get(key));
                }
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) => self.lists(place, a, b),
            (Some(a), Some(b)) if self.same(a, b) => {}
            (None, None) => {}
            _ => self.found.push(Difference {
                strategy: self.strategy.clone(),
                metric: place.into(),
                old: old.cloned(),
                new: new.cloned(),
            }),
        }
    }

    fn lists(&mut self, place: &str, old: &[Value], new: &[Value]) {
        let names = |list: &[Value]| -> Vec<String> {
            list.iter().enumerate().map(|(number, value)| name_of(value, number)).collect()
        };
        let (before, after) = (names(old), names(new));
        let more = after.iter().filter(|name| !before.contains(name));
        for name in before.iter().chain(more) {
            let of = |list: &[String]| list.iter().position(|known| known == name);
            let (a, b) = (of(&before).map(|n| &old[n]), of(&after).map(|n| &new[n]));
            if place == "strategies" {
                self.strategy = Some(name.clone());
                self.compare("", a, b);
                self.strategy = None;
            } else {
                self.compare(&format!("{place}[{name}]"), a, b);
            }
        }
    }

    fn same(&self, old: &Value, new: &Value) -> bool {
        match (old.as_f64(), new.as_f64()) {
            (Some(a), Some(b)) => a == b || (a - b).abs() <= self.tolerance * a.abs(),
            _ => old == new,
        }
    }
}

/// What tells a thing in a list from the others.
fn name_of(value: &Value, number: usize) -> String {
    let text = |key| value.get(key).and_then(Value::as_str);
    match (text("name"), text("that"), text("strategy")) {
        (Some(name), ..) => name.into(),
        (None, Some(that), Some(strategy)) => format!("{that}, {strategy}"),
        (None, Some(that), None) => that.into(),
        (None, None, _) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(old: &Value, new: &Value, tolerance: f64) -> Vec<String> {
        differences(old, new, tolerance).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_difference_names_strategy_metric_old_and_new() {
        let of = |throttled: u64, rate: f64| {
            json!({ "seed": 42, "strategies": [
                { "name": "plain", "attempts": { "throttled": 1 } },
                { "name": "paced", "attempts": { "throttled": throttled }, "rate": rate },
            ]})
        };
        assert!(told(&of(30, 0.5), &of(30, 0.5), 0.0).is_empty());
        assert_eq!(
            told(&of(30, 0.5), &of(31, 0.5), 0.0),
            ["strategy paced: attempts.throttled was 30, is 31"]
        );
        assert!(told(&of(100, 0.5), &of(101, 0.504), 0.01).is_empty(), "within 1 %");
    }

    #[test]
    fn what_is_added_or_gone_is_one_difference() {
        let old = json!({ "strategies": [{ "name": "a", "x": 1 }], "expectations": [] });
        let new = json!({ "strategies": [{ "name": "b", "x": 1, "y": 2 }], "expectations": [] });
        let found = differences(&old, &new, 0.0);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].strategy.as_deref(), Some("a"));
        assert_eq!((found[0].new.is_none(), found[1].old.is_none()), (true, true));
    }
}
