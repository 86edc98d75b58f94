//! A `summary.json` that was read: what is wrong with it, for nothing in a file is taken for
//! granted, and its figures.

use super::summary::{SCHEMA, place};
use crate::metrics::Estimate;
use crate::metrics::figures::Metric;
use serde_json::Value;

/// Counts that strategies have of jobs and of requests.
const ENDS: [&str; 4] = ["arrived", "completed", "given_up", "unfinished"];

/// What is wrong with a summary that was read, if anything.
#[must_use]
pub fn wrong(summary: &Value) -> Option<String> {
    match summary["schema"].as_u64() {
        Some(schema) if schema == u64::from(SCHEMA) => {}
        Some(schema) => return Some(format!("it is of schema {schema}, not {SCHEMA}")),
        None => return Some("it is no summary.json of a run".into()),
    }
    if !summary["scenario"].is_string() {
        return Some("it names no scenario".into());
    }
    let Some(strategies) = summary["strategies"].as_array() else {
        return Some("it has no strategies".into());
    };
    let mut names = Vec::new();
    for strategy in strategies {
        let Some(name) = strategy["name"].as_str() else {
            return Some("a strategy has no name".into());
        };
        if names.contains(&name) {
            return Some(format!("strategy {name} is in it twice"));
        }
        names.push(name);
        if let Some(what) = wrong_figures(strategy) {
            return Some(format!("strategy {name}: {what}"));
        }
    }
    None
}

fn wrong_figures(strategy: &Value) -> Option<String> {
    for of in ["jobs", "requests"] {
        for end in ENDS {
            if !strategy[of][end].is_u64() {
                return Some(format!("{of}.{end} is {}", few(&strategy[of][end])));
            }
        }
        let count = |end: &str| strategy[of][end].as_u64().unwrap_or(0);
        let ended = ENDS[1..].iter().try_fold(0_u64, |sum, end| sum.checked_add(count(end)));
        if ended != Some(count("arrived")) {
            return Some(format!("{of}.arrived is not the sum of how they ended"));
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
    wrong.map(|(name, figure)| format!("{name} is {}", few(figure)))
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
            let found = wrong(&damaged).expect("it is damaged");
            assert!(found.contains(told), "{place}: {found}");
        }
        let mut twice = sound();
        let one = twice["strategies"][0].clone();
        twice["strategies"].as_array_mut().expect("a list").push(one);
        assert!(wrong(&twice).is_some_and(|found| found.contains("twice")));
    }
}
