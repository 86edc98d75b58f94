//! The README keeps its word: its scenario reads, its links lead somewhere.

use crate::{root, scenario};
use throttlesim::scenario::presets;

fn text() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("the README")
}

#[test]
fn its_scenario_reads() {
    let text = text();
    let block = text.split("```toml").nth(1).and_then(|rest| rest.split("```").next());
    let scenario = scenario(block.expect("a scenario"));
    assert_eq!(scenario.plan.strategies.len(), 2);
}

#[test]
fn its_links_and_pictures_exist() {
    let text = text();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let mut local = links.filter(|link| !link.contains("://")).peekable();
    assert!(local.peek().is_some());
    for link in local {
        assert!(root().join(link).exists(), "{link}");
    }
}

#[test]
fn its_commands_name_what_exists() {
    for file in text().split_whitespace().filter(|word| word.starts_with("scenarios/")) {
        let file = file.trim_matches('`').replace("*.toml", "");
        assert!(root().join(&file).exists(), "{file}");
    }
}

const KEYS: &[&str] = &[
    "items = ",
    "items.uniform",
    "count.poisson",
    "per = \"item\"",
    "per = \"page\"",
    "per = \"batch\"",
    "per = \"request\"",
    "per = \"scenario\"",
    "page_size = ",
    "batch = ",
    "at_once = ",
    "probability = ",
    "after.",
    "poll = ",
    "priority = ",
    "reserve = ",
    "shared = true",
    "across = \"accounts\"",
    "bad_request_rate = ",
    "on_failure = \"skip\"",
    "skew.zipf",
    "skew.weights",
    "notifications = ",
    "stages = ",
    "hourly = ",
    "on_off = ",
    "spread = ",
    "trace = ",
    "speed = ",
    "loop = true",
    "sample = ",
    "at = \"30m\" }",
    "bad_rows = ",
    "throttled = \"keep\"",
    "account = \"seller\"",
    ".jsonl",
    "match = ",
    "processes = ",
    "applications = ",
    "outages = ",
    "brown_outs = ",
    "latency.gamma",
    "latency.empirical",
    ".service]",
    ".dynamic.",
    "schedule = ",
    "walk = ",
    "header_probability = ",
    "header_staleness = ",
    "follow_header = true",
    "backoff = \"header_wait\"",
    "backoff.delays",
    "backoff.linear",
    "backoff.memoryless",
    "backoff.polly",
    "backoff.window",
    "base_other = ",
    "jitter.spread",
    "counter = \"process\"",
    "counter = \"accounts\"",
    "jitter.plus",
    "jitter = \"whole_seconds\"",
    "backoff.next_window",
    "from = \"arrival\"",
    "last_wait = \"shorten\"",
    "last_wait = \"full\"",
    "retry_after_at_most = ",
    "initial = 0",
    "calls = 30, each = ",
    "window = \"strict\"",
    "retry_after_within = ",
    "honour_retry_after = true",
    "codes = ",
    "refusals = ",
    "aws_quota",
    "finagle",
    "envoy_retries",
    "grpc_throttling",
    "budget = \"bucket\"",
    "sre",
    "breaker",
    "no_waiting",
    "concurrency = \"aimd\"",
    "concurrency = \"gradient2\"",
    "concurrency = \"vegas\"",
    "turns = \"bursts\"",
    "turns = \"ticks\"",
    "split = true",
    "late = true",
    "emptied = true",
    "aws_sdk",
    "batch.linger",
    "cache.ttl",
    "hedge.after",
    "keys = {",
    "process_weights = ",
    "round_trip.lognormal",
    "[league]",
    "goal = \"job_latency.p95\"",
    "worth = ",
    "negligible_loss = ",
];

/// Whoever reads of a key finds it at work in a shipped scenario, or in a preset.
#[test]
fn every_key_of_work_has_an_example() {
    let scenarios: Vec<String> = crate::shipped()
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a scenario"))
        .chain(presets().iter().map(|preset| preset.text().to_string()))
        .collect();
    let has = |key: &&str| scenarios.iter().any(|text| text.contains(*key));
    let without: Vec<&&str> = KEYS.iter().filter(|key| !has(key)).collect();
    assert!(without.is_empty(), "no scenario has {without:?}");
}
