//! A `summary.json` that was read: what is wrong with it, for nothing in a file is taken for
//! granted, and its figures.

use super::summary::{SCHEMA, place};
use crate::metrics::Estimate;
use crate::metrics::figures::Metric;
use serde_json::Value;
use std::fmt;

/// Counts that strategies have of jobs and of requests.
const ENDS: [&str; 4] = ["arrived", "completed", "given_up", "unfinished"];

/// What is wrong with a summary that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Distrust {
    /// It is of another version of the form.
    Schema(u64),
    /// It is no summary at all.
    NoSummary,
    /// It does not name its scenario.
    NoScenario,
    /// It has no list of strategies.
    NoStrategies,
    /// A strategy has no name.
    NoName,
    /// A strategy is in it twice.
    Twice {
        /// Its name.
        strategy: String,
    },
    /// A value is not one that can stand there.
    Value {
        /// The strategy's name.
        strategy: String,
        /// The value's name: `jobs.arrived`.
        name: String,
        /// What stands there, cut short.
        found: String,
    },
    /// How many arose is not the sum of how they ended.
    Sum {
        /// The strategy's name.
        strategy: String,
        /// What is counted: `jobs`.
        of: &'static str,
    },
}

impl fmt::Display for Distrust {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(schema) => write!(out, "it is of schema {schema}, not {SCHEMA}"),
            Self::NoSummary => out.write_str("it is no summary.json of a run"),
            Self::NoScenario => out.write_str("it names no scenario"),
            Self::NoStrategies => out.write_str("it has no strategies"),
            Self::NoName => out.write_str("a strategy has no name"),
            Self::Twice { strategy } => write!(out, "strategy {strategy} is in it twice"),
            Self::Value { strategy, name, found } => {
                write!(out, "strategy {strategy}: {name} is {found}")
            }
            Self::Sum { strategy, of } => {
                write!(out, "strategy {strategy}: {of}.arrived is not the sum of how they ended")
            }
        }
    }
}

impl std::error::Error for Distrust {}

/// What is wrong with a summary that was read, if anything.
#[must_use]
pub fn wrong(summary: &Value) -> Option<Distrust> {
    match summary["schema"].as_u64() {
        Some(schema) if schema == u64::from(SCHEMA) => {}
        Some(schema) => return Some(Distrust::Schema(schema)),
        None => return Some(Distrust::NoSummary),
    }
    if !summary["scenario"].is_string() {
        return Some(Distrust::NoScenario);
    }
    let Some(strategies) = summary["strategies"].as_array() else {
        return Some(Distrust::NoStrategies);
    };
    let mut names = Vec::new();
    for strategy in strategies {
        let Some(name) = strategy["name"].as_str() else {
            return Some(Distrust::NoName);
        };
        if names.contains(&name) {
            return Some(Distrust::Twice { strategy: name.into() });
        }
        names.push(name);
        if let Some(wrong) = wrong_figures(name, strategy) {
            return Some(wrong);
        }
    }
    None
}

fn wrong_figures(name: &str, strategy: &Value) -> Option<Distrust> {
    let of_value = |of: String, value: &Value| {
        Some(Distrust::Value { strategy: name.into(), name: of, found: few(value) })
    };
    for of in ["jobs", "requests"] {
        for end in ENDS {
            if !strategy[of][end].is_u64() {
                return of_value(format!("{of}.{end}"), &strategy[of][end]);
            }
        }
        let count = |end: &str| strategy[of][end].as_u64().unwrap_or(0);
        let ended = ENDS[1..].iter().try_fold(0_u64, |sum, end| sum.checked_add(count(end)));
        if ended != Some(count("arrived")) {
            return Some(Distrust::Sum { strategy: name.into(), of });
        }
    }
    let known: Vec<(String, f64)> =
        Metric::all().into_iter().map(|metric| (place(metric), metric.most())).collect();
    let wrong = figures(strategy).into_iter().find(|(name, figure)| {
        let most = known.iter().find(|(known, _)| known == name).map_or(f64::MAX, |of| of.1);
        let within = |value: &Value| value.as_f64().is_some_and(|v| (0.0..=most).contains(&v));
        let ends = &figure["ci95"];
        let pair = ends.as_array().is_some_and(|e| e.len() == 2 && e.iter().all(Value::is_number));
        !within(&figure["mean"]) || !(ends.is_null() || pair)
    });
    wrong.and_then(|(of, figure)| of_value(of, figure))
}

/// A metric of a strategy's summary, with its interval; `None` if it has no value. Counts, which
/// are totals over the runs, have none.
#[must_use]
pub fn figure(strategy: &Value, metric: Metric) -> Option<Estimate> {
    let found = strategy.pointer(&format!("/{}", place(metric).replace('.', "/")))?;
    let mean = found.get("mean")?.as_f64()?;
    let end = |n: usize| found.get("ci95")?.get(n)?.as_f64();
    Some(Estimate { mean, ci95: end(0).zip(end(1)).map(|(low, high)| [low, high]) })
}

/// The figures of a strategy by name: one alone, or one for each statistic (`latency_s.p95`).
fn figures(strategy: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (name, value) in strategy.as_object().into_iter().flatten() {
        match value.as_object() {
            Some(statistics) if statistics.contains_key("p50") => {
                let known = statistics.iter().filter(|(_, figure)| !figure.is_null());
                found.extend(known.map(|(of, figure)| (format!("{name}.{of}"), figure)));
            }
            Some(figure) if figure.contains_key("mean") => found.push((name.clone(), value)),
            _ => {}
        }
    }
    found
}

/// The beginning of a value, as it is written.
fn few(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sound() -> Value {
        let ends = json!({ "arrived": 3, "completed": 2, "given_up": 1, "unfinished": 0 });
        json!({ "schema": SCHEMA, "scenario": "s", "strategies": [
            { "name": "a", "jobs": ends, "requests": ends,
              "throttle_rate": { "mean": 0.5, "ci95": [0.4, 0.6] },
              "latency_s": { "p50": { "mean": 1.5, "ci95": [-0.5, 3.5] }, "p95": null },
              "completion_s": null, "amplification": { "mean": 2.0, "ci95": null } },
        ]})
    }

    #[test]
    fn a_damaged_summary_is_told() {
        assert_eq!(wrong(&sound()), None);
        for (place, value, told) in [
            ("/schema", json!(99), "schema 99"),
            ("/schema", json!("1"), "no summary.json"),
            ("/scenario", json!(7), "names no scenario"),
            ("/strategies", json!({}), "no strategies"),
            ("/strategies/0/name", json!(null), "no name"),
            ("/strategies/0/jobs", json!([]), "jobs.arrived is null"),
            ("/strategies/0/jobs/given_up", json!(-1), "jobs.given_up is -1"),
            ("/strategies/0/jobs/given_up", json!(u64::MAX), "not the sum"),
            ("/strategies/0/throttle_rate/mean", json!(9e99), "throttle_rate is"),
            ("/strategies/0/throttle_rate/mean", json!("x"), "throttle_rate is"),
            ("/strategies/0/throttle_rate/ci95", json!([0.1]), "throttle_rate is"),
            ("/strategies/0/amplification/mean", json!(-2.0), "amplification is"),
            ("/strategies/0/latency_s/p50", json!(1.5), "latency_s.p50 is"),
        ] {
            let mut damaged = sound();
            *damaged.pointer_mut(place).expect("a place") = value;
            let found = wrong(&damaged).expect("it is damaged").to_string();
            assert!(found.contains(told), "{place}: {found}");
        }
        let mut twice = sound();
        let one = twice["strategies"][0].clone();
        twice["strategies"].as_array_mut().expect("a list").push(one);
        assert_eq!(wrong(&twice), Some(Distrust::Twice { strategy: "a".into() }));
    }
}
