//! One account step by step: what the trace of a run holds.

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

/// Two at once and one a second; three callers at once, each of whom tries again after 300 ms.
const SCENARIO: &str = r#"
schema = 1
question = "Who waits for what?"
duration = "1m"
[limit.bucket]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 2 }
[service]
latency.constant = "100ms"
[workload.w]
arrivals.backlog = 5
call = "get"
[strategy.hasty]
workers = 3
retry = { attempts = 20, backoff.fixed = "300ms" }
"#;

fn trace(place: &Path, name: &str) -> Vec<Value> {
    let mut program = Command::cargo_bin("throttlesim").expect("the program");
    let args = ["run", "s.toml", "-q", "--perfetto", name];
    program.current_dir(place).args(args).assert().success();
    let text = std::fs::read_to_string(place.join(name)).expect("a trace");
    let mut trace: Value = serde_json::from_str(&text).expect("JSON");
    let Value::Array(events) = trace["traceEvents"].take() else { panic!("{text}") };
    events
}

#[test]
fn a_trace_has_each_attempt_each_wait_and_each_level() {
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("s.toml"), SCENARIO).expect("written");
    let events = trace(place.path(), "a.json");
    assert_eq!(events, trace(place.path(), "b.json"), "the same each time");
    let of = |phase: &'static str| events.iter().filter(move |event| event["ph"] == phase);
    assert_eq!(of("M").next().expect("a name")["args"]["name"], "s: hasty");
    let named =
        |event: &&Value, part: &str| event["name"].as_str().is_some_and(|n| n.contains(part));
    let attempts: Vec<&Value> = of("X").filter(|event| named(event, "attempt")).collect();
    // The round trip of an answer takes the service's 100 ms; a refusal takes no time.
    let admitted: Vec<&&Value> =
        attempts.iter().filter(|event| event["args"]["status"] == 200).collect();
    assert_eq!(admitted.len(), 5);
    assert!(admitted.iter().all(|event| event["dur"] == 100_000.0), "{admitted:?}");
    let refused: Vec<&&Value> =
        attempts.iter().filter(|event| event["args"]["status"] == 429).collect();
    // Tokens come at 1, 2 and 3 s.
    for event in &refused {
        let (at, from) = (event["ts"].as_f64(), event["args"]["would_be_admitted_from_s"].as_f64());
        let at = at.expect("a time") / 1e6;
        assert_eq!(from, Some(at.floor() + 1.0), "{event}");
        assert!(named(event, "refused by bucket"), "{event}");
    }
    let waits: Vec<&Value> = of("X").filter(|event| named(event, "back-off")).collect();
    assert_eq!(waits.len(), refused.len());
    assert!(waits.iter().all(|wait| wait["dur"] == 300_000.0), "{waits:?}");
    // Requests under way at one time stand on lanes of their own.
    for (a, b) in attempts.iter().zip(attempts.iter().skip(1)) {
        let end = a["ts"].as_f64().expect("a time") + a["dur"].as_f64().expect("a length");
        assert!(a["tid"] != b["tid"] || end <= b["ts"].as_f64().expect("a time"), "{a} {b}");
    }
    let levels: Vec<u64> = of("C").filter_map(|event| event["args"]["left"].as_u64()).collect();
    assert!(levels.contains(&0) && levels.iter().all(|left| *left <= 2), "{levels:?}");
}
