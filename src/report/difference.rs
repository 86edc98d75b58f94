//! Where the figures of two results of one scenario differ: strategy, metric, what was, what is.
//!
//! Figures are numbers; sentences, verdicts and labels follow from them and are not compared. A
//! figure that differs is told once: not again for each call, workload, status or expectation that
//! follows from it. The largest relative difference comes first.
//!
//! ```text
//!   summary ──► figures by address ──► those that differ ──► without what follows ──► by size
//! ```

use super::summary::place;
use super::words;
use crate::metrics::figures::{Metric, rounded};
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::fmt::{Display, Formatter};
use std::sync::LazyLock;

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The strategy that it is of; `None` of what holds for the scenario.
    pub strategy: Option<String>,
    /// Its address in the summary: `attempts.throttled`; `None` of the strategy as a whole.
    pub metric: Option<String>,
    /// What was recorded; `None` of what is new, or had no value.
    pub old: Option<f64>,
    /// What is now; `None` of what is gone, or has no value.
    pub new: Option<f64>,
    /// The 95 % intervals, then and now, where they alone differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95: Option<[[f64; 2]; 2]>,
    /// By which share of what was recorded it changed; `None` where there is no such share.
    pub relative: Option<f64>,
}

impl Display for Difference {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        if let Some(strategy) = &self.strategy {
            write!(out, "strategy {strategy}")?;
        }
        let Some(metric) = &self.metric else {
            return out.write_str(if self.old.is_none() { " is new" } else { " is gone" });
        };
        if self.strategy.is_some() {
            out.write_str(": ")?;
        }
        if let Some([old, new]) = self.ci95 {
            let [old, new] = [old, new].map(|[low, high]| format!("{low} to {high}"));
            return write!(out, "{metric}: its interval was {old}, is {new}");
        }
        let plain = |value: Option<f64>| value.map_or("nothing".into(), |value| value.to_string());
        write!(out, "{metric} was {}, is {}", plain(self.old), plain(self.new))?;
        match self.relative {
            Some(relative) if relative != 0.0 => {
                let sign = if relative > 0.0 { "+" } else { "" };
                write!(out, " ({sign}{})", words::percent(relative))
            }
            _ => Ok(()),
        }
    }
}

/// Every figure that differs by more than a share `tolerance` of what it was, the largest first.
///
/// With a tolerance of zero the intervals of the figures are compared, too.
#[must_use]
pub fn differences(old: &Value, new: &Value, tolerance: f64) -> Vec<Difference> {
    let [before, after] = [old, new].map(figures);
    let [old_strategies, new_strategies] = [&before, &after].map(strategies);
    let gone = old_strategies.difference(&new_strategies).map(|name| (name, true));
    let added = new_strategies.difference(&old_strategies).map(|name| (name, false));
    let mut found: Vec<Difference> = gone.chain(added).map(whole_strategy).collect();
    let both = |key: &&Address| {
        key.strategy.as_ref().is_none_or(|strategy| {
            old_strategies.contains(strategy) && new_strategies.contains(strategy)
        })
    };
    let more = after.keys().filter(|key| !before.contains_key(*key));
    let mut differing: IndexMap<&Option<String>, Vec<(&Address, Difference)>> = IndexMap::new();
    for key in before.keys().chain(more).filter(both) {
        let of = |all: &IndexMap<Address, Figure>| all.get(key).copied().unwrap_or_default();
        if let Some(difference) = compare(key, of(&before), of(&after), tolerance) {
            differing.entry(&key.strategy).or_default().push((key, difference));
        }
    }
    for of_strategy in differing.values() {
        let told = of_strategy.iter().filter(|one| !follows_from_another(one, of_strategy));
        found.extend(told.map(|(_, difference)| difference.clone()));
    }
    let size = |one: &Difference| one.relative.map_or(f64::INFINITY, f64::abs);
    found.sort_by(|a, b| size(b).total_cmp(&size(a)));
    found
}

/// Where a figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Address {
    strategy: Option<String>,
    part: Part,
    metric: String,
}

/// Which part of a strategy's results a figure is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Whole,
    Call(String),
    Workload(String),
    Accounts,
    Expectation(String),
}

/// A number and its interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Figure {
    value: Option<f64>,
    ci95: Option<[f64; 2]>,
}

fn compare(key: &Address, old: Figure, new: Figure, tolerance: f64) -> Option<Difference> {
    let same = match (old.value, new.value) {
        // A figure at the edge is within it, whatever its last bit.
        (Some(a), Some(b)) => a == b || (a - b).abs() <= tolerance * a.abs() * (1.0 + 1e-9),
        (a, b) => a == b,
    };
    let intervals = old.ci95.zip(new.ci95).map(|(a, b)| [a, b]);
    let ci95 = intervals.filter(|[a, b]| same && tolerance == 0.0 && a != b);
    if same && ci95.is_none() {
        return None;
    }
    let change = |(a, b): (f64, f64)| (a != 0.0).then(|| rounded((b - a) / a.abs()));
    let metric = match &key.part {
        Part::Whole => key.metric.clone(),
        Part::Call(name) => format!("by_call[{name}].{}", key.metric),
        Part::Workload(name) => format!("by_workload[{name}].{}", key.metric),
        Part::Accounts => format!("by_account.{}", key.metric),
        Part::Expectation(that) => format!("expectations[{that}].{}", key.metric),
    };
    Some(Difference {
        strategy: key.strategy.clone(),
        metric: Some(metric),
        old: old.value,
        new: new.value,
        ci95,
        relative: old.value.zip(new.value).and_then(change),
    })
}

/// True if a figure differs because another one of its strategy, which is told, does.
fn follows_from_another(
    (key, own): &(&Address, Difference),
    all: &[(&Address, Difference)],
) -> bool {
    let any =
        |of: &dyn Fn(&Address) -> bool| all.iter().any(|(other, _)| other != key && of(other));
    let same = |part: fn(&Part) -> bool| any(&|o| part(&o.part) && o.metric == key.metric);
    let whole: fn(&Part) -> bool = |part| *part == Part::Whole;
    let is_attempts = |path: &str| matches!(metric_at(path), Some(Metric::Attempts(_)));
    let counted = |o: &Address| o.part == key.part && is_attempts(&o.metric);
    // Refusals by cause and answers by status are attempts, counted once more.
    let recount = matches!(key.metric.split('.').next(), Some("statuses" | "throttled_by"));
    // A job of a single request is that request, counted once more.
    let twin = match metric_at(&key.metric) {
        Some(Metric::JobLatency(statistic)) => Some(Metric::Latency(statistic)),
        Some(Metric::Jobs(ending)) => Some(Metric::Requests(ending)),
        _ => None,
    };
    let alike = |(other, theirs): &(&Address, Difference)| {
        twin.is_some()
            && metric_at(&other.metric) == twin
            && other.part == key.part
            && (theirs.old, theirs.new) == (own.old, own.new)
    };
    (recount && any(&counted))
        || all.iter().any(alike)
        || match &key.part {
            Part::Whole => false,
            Part::Call(_) => same(whole),
            Part::Workload(_) => same(whole) || same(|part| matches!(part, Part::Call(_))),
            Part::Accounts => any(&|o| !matches!(o.part, Part::Accounts | Part::Expectation(_))),
            Part::Expectation(_) => any(&|o| !matches!(o.part, Part::Expectation(_))),
        }
}

/// The metric that a summary has at a path; `None` of what is no metric by itself.
fn metric_at(path: &str) -> Option<Metric> {
    static PLACES: LazyLock<HashMap<String, Metric>> =
        LazyLock::new(|| Metric::all().into_iter().map(|metric| (place(metric), metric)).collect());
    PLACES.get(path).copied()
}

fn whole_strategy((name, is_gone): (&String, bool)) -> Difference {
    Difference {
        strategy: Some(name.clone()),
        metric: None,
        old: is_gone.then_some(1.0),
        new: (!is_gone).then_some(1.0),
        ci95: None,
        relative: None,
    }
}

fn strategies(figures: &IndexMap<Address, Figure>) -> BTreeSet<String> {
    let of_its_own = figures.keys().filter(|key| !matches!(key.part, Part::Expectation(_)));
    of_its_own.filter_map(|key| key.strategy.clone()).collect()
}

/// What is a number and not a figure: the seed, places in a file, which of the accounts it is and
/// when, how many runs would be enough, and the ranks, which follow.
const NO_FIGURES: [&str; 6] = ["seed", "line", "account", "at_s", "settled_by", "ranking"];

/// Every figure of a summary.
fn figures(summary: &Value) -> IndexMap<Address, Figure> {
    let mut found = IndexMap::new();
    let top = Address { strategy: None, part: Part::Whole, metric: String::new() };
    walk(summary, &top, &mut found);
    found
}

fn walk(value: &Value, at: &Address, found: &mut IndexMap<Address, Figure>) {
    match value {
        Value::Number(_) | Value::Null => {
            found.insert(at.clone(), Figure { value: value.as_f64(), ci95: None });
        }
        Value::Object(object) => {
            let ci95 = object.get("ci95").and_then(interval);
            for (key, below) in object.iter().filter(|(key, _)| !is_left_out(key)) {
                let (part, metric) = match (key.as_str(), at.metric.as_str()) {
                    ("by_account", "") => (Part::Accounts, String::new()),
                    // An estimate is one figure: its mean, which stands for it.
                    ("mean", metric) if object.contains_key("ci95") => {
                        (at.part.clone(), metric.to_string())
                    }
                    (key, "") => (at.part.clone(), key.to_string()),
                    (key, metric) => (at.part.clone(), format!("{metric}.{key}")),
                };
                let place = Address { part, metric, ..at.clone() };
                walk(below, &place, found);
                if let Some(figure) = found.get_mut(&place).filter(|_| below.is_number()) {
                    figure.ci95 = ci95;
                }
            }
        }
        Value::Array(list) => {
            for (number, one) in list.iter().enumerate() {
                walk(one, &element(at, one, number), found);
            }
        }
        Value::Bool(_) | Value::String(_) => {}
    }
}

fn is_left_out(key: &str) -> bool {
    key == "ci95" || NO_FIGURES.contains(&key)
}

fn interval(value: &Value) -> Option<[f64; 2]> {
    Some([value.get(0)?.as_f64()?, value.get(1)?.as_f64()?])
}

/// The address of something in a list.
fn element(at: &Address, value: &Value, number: usize) -> Address {
    let text = |key| value.get(key).and_then(Value::as_str).map(str::to_string);
    let name = text("name").unwrap_or_else(|| number.to_string());
    let within = |part| Address { strategy: at.strategy.clone(), part, metric: String::new() };
    match (at.metric.as_str(), &at.strategy) {
        ("strategies", None) => Address { strategy: Some(name), ..within(Part::Whole) },
        ("expectations", None) => {
            let of = text("of").map_or(String::new(), |of| format!(", {of}"));
            let that = Part::Expectation(text("that").unwrap_or(name) + &of);
            Address { strategy: text("strategy"), ..within(that) }
        }
        ("by_call", Some(_)) => within(Part::Call(name)),
        ("by_workload", Some(_)) => within(Part::Workload(name)),
        (metric, _) => Address { metric: format!("{metric}[{name}]"), ..at.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(old: &Value, new: &Value, tolerance: f64) -> Vec<String> {
        differences(old, new, tolerance).iter().map(ToString::to_string).collect()
    }

    /// A summary in which `throttled` of 100 attempts of the second strategy are throttled.
    fn summary(seed: u64, throttled: u64, done: f64) -> Value {
        let share = throttled as f64 / 100.0;
        let slice = json!({
            "name": "call", "attempts": { "sent": 100, "throttled": throttled },
            "throttle_rate": { "mean": share, "ci95": [share / 2.0, share * 2.0] },
            "statuses": { "429": throttled },
        });
        json!({
            "schema": 1, "seed": seed, "notes": [format!("seed {seed}")],
            "strategies": [
                { "name": "plain", "label": "Plain", "attempts": { "throttled": 1 } },
                {
                    "name": "paced", "attempts": slice["attempts"].clone(),
                    "throttle_rate": slice["throttle_rate"].clone(),
                    "completion_s": { "mean": done, "ci95": null },
                    "by_call": [slice.clone()], "by_workload": [slice],
                    "by_account": { "worst": { "account": throttled, "throttle_rate": share } },
                },
            ],
            "ranking": [{ "best": "paced", "sentence": format!("it finishes after {done} s") }],
            "expectations": [{
                "that": "throttle_rate < 40%", "strategy": "paced", "value": share,
                "ci95": [share / 2.0, share * 2.0],
                "verdict": if share < 0.4 { "met" } else { "failed" },
                "line": 3 + seed,
            }],
        })
    }

    #[test]
    fn a_figure_that_differs_is_told_once_and_prose_never() {
        assert!(told(&summary(42, 30, 60.0), &summary(43, 30, 60.0), 0.0).is_empty());
        assert_eq!(
            told(&summary(42, 30, 60.0), &summary(42, 45, 66.0), 0.0),
            [
                "strategy paced: attempts.throttled was 30, is 45 (+50 %)",
                "strategy paced: throttle_rate was 0.3, is 0.45 (+50 %)",
                "strategy paced: completion_s was 60, is 66 (+10 %)",
            ]
        );
        let back = told(&summary(42, 45, 66.0), &summary(42, 30, 60.0), 0.0);
        assert_eq!(back[2], "strategy paced: completion_s was 66, is 60 (-9.09 %)");
    }

    #[test]
    fn a_tolerance_is_a_share_of_what_was() {
        let [old, new] = [summary(42, 30, 60.0), summary(43, 45, 66.0)];
        assert_eq!(told(&old, &new, 0.2).len(), 2);
        // The sentence and the verdict changed as well; they follow from the figures.
        assert_eq!(told(&old, &new, 0.5), [""; 0]);
    }

    #[test]
    fn what_only_a_part_shows_is_told_of_the_part() {
        let old = summary(42, 30, 60.0);
        let mut new = old.clone();
        for by in ["by_call", "by_workload"] {
            new["strategies"][1][by][0]["attempts"]["throttled"] = json!(33);
            new["strategies"][1][by][0]["statuses"]["429"] = json!(33);
        }
        let call = "strategy paced: by_call[call].attempts.throttled was 30, is 33 (+10 %)";
        assert_eq!(told(&old, &new, 0.0), [call]);
        let mut interval = old.clone();
        interval["strategies"][1]["throttle_rate"]["ci95"] = json!([0.1, 0.5]);
        let only = ["strategy paced: throttle_rate: its interval was 0.15 to 0.6, is 0.1 to 0.5"];
        assert_eq!(told(&old, &interval, 0.0), only);
        assert_eq!(told(&old, &interval, 0.01), [""; 0]);
    }

    #[test]
    fn a_job_of_one_request_is_told_as_the_request() {
        let of = |s: f64| json!({ "p95": { "mean": s, "ci95": null } });
        let summary = |s: f64, lost: u64| {
            let (ends, times) = (json!({ "given_up": lost }), of(s));
            json!({ "strategies": [{
                "name": "a", "jobs": ends, "requests": ends, "job_latency_s": times,
                "latency_s": times,
            }] })
        };
        let all = told(&summary(2.0, 4), &summary(3.0, 5), 0.0);
        let expected = [
            "strategy a: latency_s.p95 was 2, is 3 (+50 %)",
            "strategy a: requests.given_up was 4, is 5 (+25 %)",
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_value_that_appears_or_is_gone_comes_first() {
        let old = summary(42, 30, 60.0);
        let mut new = summary(42, 31, 60.0);
        new["strategies"][1]["completion_s"] = Value::Null;
        let all = told(&old, &new, 0.0);
        assert_eq!(all[0], "strategy paced: completion_s was 60, is nothing");
        assert_eq!(all.len(), 3, "{all:?}");
        assert_eq!(told(&new, &old, 9.0), ["strategy paced: completion_s was nothing, is 60"]);
    }

    #[test]
    fn a_strategy_that_is_added_or_gone_is_one_difference() {
        let old = json!({ "strategies": [{ "name": "a", "x": 1 }], "expectations": [] });
        let new = json!({ "strategies": [{ "name": "b", "x": 1, "y": 2 }], "expectations": [] });
        assert_eq!(told(&old, &new, 0.0), ["strategy a is gone", "strategy b is new"]);
    }
}
