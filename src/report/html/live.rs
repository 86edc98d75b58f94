//! What the script of a page draws and compares, from the stored files of a run.
//!
//! ```text
//!   timeline.csv ─► for each strategy: how many were throttled and waited, interval by interval,
//!                   with the 95 % intervals where there are several replications
//!   summary.json ─► for each strategy: its label and its figures, as one number each
//! ```

use crate::report::chart;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Parts of a strategy's summary that are lists of more than one number, or names.
const LEFT_OUT: [&str; 8] = [
    "name",
    "label",
    "throttled_by",
    "statuses",
    "headroom",
    "by_call",
    "by_workload",
    "by_account",
];

/// A run, for the script of its page.
#[derive(Debug, Serialize)]
struct Run {
    scenario: String,
    replications: u64,
    strategies: Vec<Strategy>,
}

#[derive(Debug, Default, Serialize)]
struct Strategy {
    name: String,
    label: String,
    colour: String,
    figures: Map<String, Value>,
    /// When each interval begins \[s\].
    from: Vec<f64>,
    /// The share of attempts that were throttled; `None` without attempts.
    throttled: Vec<Option<f64>>,
    /// What waits at its end, the mean over the replications.
    backlog: Vec<f64>,
    /// The interval of each throttle rate, and of each backlog.
    throttled_ci95: Vec<Option<[f64; 2]>>,
    backlog_ci95: Vec<Option<[f64; 2]>>,
}

/// A row of `timeline.csv`.
#[derive(Debug, Deserialize)]
struct Row {
    strategy: String,
    from_s: f64,
    admitted: u64,
    throttled: u64,
    failed: u64,
    backlog_at_end: u64,
    // Files of versions before 0.3 have none of these.
    #[serde(default)]
    throttle_rate_low: Option<f64>,
    #[serde(default)]
    throttle_rate_high: Option<f64>,
    #[serde(default)]
    backlog_low: Option<f64>,
    #[serde(default)]
    backlog_high: Option<f64>,
}

/// The data for a page's script, as JSON; `None` where the files are not those of a run.
pub(super) fn data(timeline: &str, summary: &str) -> Option<String> {
    let summary: Value = serde_json::from_str(summary).ok()?;
    let replications = summary["replications"].as_u64().unwrap_or(1).max(1);
    let stored = summary["strategies"].as_array()?.iter().enumerate();
    let mut run = Run {
        scenario: summary["scenario"].as_str()?.into(),
        replications,
        strategies: stored.map(|(place, strategy)| named(place, strategy)).collect(),
    };
    let mut rows = csv::Reader::from_reader(timeline.as_bytes());
    // Rows stand in the order of the strategies; names are made safe for spreadsheets there.
    let (mut place, mut last) = (None, String::new());
    for row in rows.deserialize() {
        let row: Row = row.ok()?;
        if place.is_none() || row.strategy != last {
            place = Some(place.map_or(0, |place| place + 1));
            last.clone_from(&row.strategy);
        }
        run.strategies.get_mut(place?)?.add(&row, replications);
    }
    // A script ends where `</script` stands, even within a text.
    Some(serde_json::to_string(&run).ok()?.replace('<', "\\u003c"))
}

fn named(place: usize, stored: &Value) -> Strategy {
    let text = |key: &str| stored[key].as_str().map(String::from);
    let name = text("name").unwrap_or_default();
    let mut figures = Map::new();
    for (key, value) in stored.as_object().into_iter().flatten() {
        if !LEFT_OUT.contains(&key.as_str()) {
            flatten(key, value, &mut figures);
        }
    }
    let label = text("label").unwrap_or_else(|| name.clone());
    Strategy { name, label, colour: chart::hue_of(place), figures, ..Strategy::default() }
}

/// Numbers with the path to each: `job_latency_s.p95`; a mean stands for its estimate.
fn flatten(path: &str, value: &Value, figures: &mut Map<String, Value>) {
    match value {
        Value::Number(_) => drop(figures.insert(path.into(), value.clone())),
        Value::Object(parts) if parts.contains_key("ci95") => {
            flatten(path, parts.get("mean").unwrap_or(&Value::Null), figures);
        }
        Value::Object(parts) => {
            parts.iter().for_each(|(key, value)| flatten(&format!("{path}.{key}"), value, figures));
        }
        _ => {}
    }
}

impl Strategy {
    #[expect(clippy::cast_precision_loss)]
    fn add(&mut self, row: &Row, replications: u64) {
        let sent = row.admitted + row.throttled + row.failed;
        self.from.push(row.from_s);
        self.throttled.push((sent > 0).then(|| brief(row.throttled as f64 / sent as f64)));
        self.backlog.push(brief(row.backlog_at_end as f64 / replications as f64));
        let ends = |low: Option<f64>, high: Option<f64>| Some([low?.max(0.0), high?].map(brief));
        self.throttled_ci95.push(ends(row.throttle_rate_low, row.throttle_rate_high));
        self.backlog_ci95.push(ends(row.backlog_low, row.backlog_high));
    }
}

/// To four digits, which is more than a screen shows.
fn brief(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_from_its_files() {
        let timeline = "strategy,from_s,length_s,arrived,ended,admitted,throttled,failed,\
                        backlog_at_end,throttle_rate_low,throttle_rate_high,backlog_low,\
                        backlog_high\na,0,60,5,1,3,1,0,4,0.2,0.3,-1,5\n\
                        a,60,60,0,4,0,0,0,0,,,,\n'=b,0,60,5,5,5,0,0,0,,,,\n";
        let summary = r#"{"scenario": "s", "replications": 2, "strategies": [
            {"name": "a", "label": "A </script>", "jobs": {"arrived": 5},
             "throttle_rate": {"mean": 0.25, "ci95": null},
             "job_latency_s": {"p95": {"mean": 61.5, "ci95": [60, 63]}},
             "statuses": {"200": 3}},
            {"name": "=b", "jobs": {"arrived": 5}}]}"#;
        let data = data(timeline, summary).expect("a run");
        assert!(!data.contains('<'), "{data}");
        let run: Value = serde_json::from_str(&data).expect("JSON");
        let [a, b] = [&run["strategies"][0], &run["strategies"][1]];
        assert_eq!((a["label"].as_str(), b["label"].as_str()), (Some("A </script>"), Some("=b")));
        let figures = serde_json::json!(
            {"jobs.arrived": 5, "throttle_rate": 0.25, "job_latency_s.p95": 61.5});
        assert_eq!(a["figures"], figures);
        assert_eq!(a["from"], serde_json::json!([0.0, 60.0]));
        assert_eq!(a["throttled"], serde_json::json!([0.25, null]));
        assert_eq!(a["throttled_ci95"], serde_json::json!([[0.2, 0.3], null]));
        assert_eq!(a["backlog"], serde_json::json!([2.0, 0.0]));
        assert_eq!(a["backlog_ci95"], serde_json::json!([[0.0, 5.0], null]));
        assert_eq!(b["backlog"], serde_json::json!([0.0]));
        assert_ne!(a["colour"], b["colour"]);
    }

    #[test]
    fn other_files_are_no_run() {
        assert!(data("", "{}").is_none());
        assert!(data("a,b\n1,2\n", r#"{"scenario": "s", "strategies": []}"#).is_none());
    }
}
