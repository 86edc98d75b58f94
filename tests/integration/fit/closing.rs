//! From a log to a catalogue and back, and a log held against what is published.

use super::command::throttlesim;
use serde_json::Value;
use std::path::Path;

/// The limits that stand behind `scenarios/data/fit-calls.csv`, and the work.
const LIMITS: &str = r#"
    [limit.orders]
    calls = ["getOrders"]
    scope = ["account"]
    rule.token_bucket = { rate = "1/min", burst = 20 }
    [limit.items]
    calls = ["getOrderItems"]
    scope = ["account"]
    rule.token_bucket = { rate = "0.05/s", burst = 10 }
    [limit.prices]
    calls = ["getPrices"]
    scope = ["account"]
    rule.fixed_window = { limit = 20, window = "5m" }
"#;
const WORK: &str = r#"
    schema = 1
    question = "Does the catalogue decide as the provider does?"
    seed = 8
    duration = "2h"
    clients.accounts = 2
    service.round_trip.uniform = { low = "20ms", high = "120ms" }
    workload.orders = { arrivals.poisson = "0.025/s", call = "getOrders" }
    workload.items = { arrivals.poisson = "0.07/s", call = "getOrderItems" }
    workload.prices = { arrivals.poisson = "0.07/s", call = "getPrices" }
    strategy.once = {}
"#;

fn write(place: &Path, name: &str, text: &str) {
    std::fs::write(place.join(name), text).expect("written");
}

fn log() -> String {
    format!("{}/scenarios/data/fit-calls.csv", env!("CARGO_MANIFEST_DIR"))
}

/// Time, account, call and status of every attempt.
fn decisions(place: &Path, scenario: &str) -> Vec<[Value; 4]> {
    let run = ["run", scenario, "--events", "events.jsonl", "--out", "out", "-q"];
    let (_, _, said) = throttlesim(place, &run);
    assert!(said.is_empty(), "{said}");
    let text = std::fs::read_to_string(place.join("events.jsonl")).expect("events");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    rows.map(|row| ["at_s", "account", "call", "status"].map(|key| row[key].clone())).collect()
}

/// Simulated with other arrivals than those of the log, the catalogue that was found refuses the
/// same calls as the limits behind it.
#[test]
fn what_was_found_decides_as_the_provider_did() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let fit = ["fit", &log(), "--round-trip", "120ms", "--catalog", "own.toml"];
    let (code, _, said) = throttlesim(place, &fit);
    assert!(code == 2 && said.contains("--date 2026-11-29"), "{said}");
    let fit = [&fit[..], &["--date", "2026-11-28"]].concat();
    let (code, printed, said) = throttlesim(place, &fit);
    assert_eq!((code, said.as_str()), (0, ""), "{printed}");
    let own = std::fs::read_to_string(place.join("own.toml")).expect("a catalogue");
    for line in [
        "retrieved = 2026-11-28",
        "rule.token_bucket = { rate = \"0.05/s\", burst = 10 }",
        "rule.fixed_window = { limit = 20, window = \"5min\" }",
        "the burst is 20: the log allows at least 20",
    ] {
        assert!(own.contains(line), "{line} is not in\n{own}");
    }
    write(place, "truth.toml", &format!("{WORK}{LIMITS}"));
    write(place, "found.toml", &format!("{WORK}provider.it.catalog = \"./own.toml\"\n"));
    let truth = decisions(place, "truth.toml");
    assert!(truth.iter().filter(|row| row[3] == 429).count() > 100);
    assert_eq!(decisions(place, "found.toml"), truth);
    let (code, printed, said) = throttlesim(place, &["catalog", "own.toml"]);
    assert_eq!(code, 0, "{said}");
    assert!(printed.contains("found by throttlesim fit"), "{printed}");
}

/// Windows of the clock that begin elsewhere than at its multiples: the log tells where.
#[test]
fn windows_are_found_with_their_beginning() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let work = "schema = 1\nquestion = \"?\"\nduration = \"2h\"\n\
        service.round_trip.uniform = { low = \"20ms\", high = \"120ms\" }\n\
        workload.w = { arrivals.poisson = \"0.5/s\", call = \"get\" }\nstrategy.once = {}\n";
    for (window, offset, told) in
        [("1m", "17s", "each window of 1 min ("), ("5m", "140s", "each window of 5 min (")]
    {
        let rule = format!(
            "[limit.l]\nscope = []\nrule.fixed_window = {{ limit = 20, window = \"{window}\", \
             offset = \"{offset}\" }}\n"
        );
        write(place, "truth.toml", &format!("{work}{rule}"));
        let truth = decisions(place, "truth.toml");
        assert!(truth.iter().filter(|row| row[3] == 429).count() > 100);
        let fit = ["fit", "events.jsonl", "--round-trip", "120ms", "--date", "2026-11-29"];
        let (code, printed, said) =
            throttlesim(place, &[&fit[..], &["--catalog", "own.toml"]].concat());
        assert_eq!((code, said.as_str()), (0, ""), "{printed}");
        assert!(printed.contains(told), "{printed}");
        assert!(printed.contains(" from ") && printed.contains(" after "), "{printed}");
        let own = std::fs::read_to_string(place.join("own.toml")).expect("a catalogue");
        assert!(own.contains("offset = "), "{own}");
        // JSON holds the true offset.
        let (_, printed, _) = throttlesim(place, &[&fit[..4], &["--format", "json"]].concat());
        let found: Value = serde_json::from_str(&printed).expect("JSON");
        let bounds = &found["limits"][0]["offset_s"];
        let [low, high] = [0, 1].map(|end| bounds[end].as_f64().expect("bounds"));
        let true_s: f64 = offset.trim_end_matches('s').parse().expect("seconds");
        assert!(low <= true_s && true_s <= high && high - low < 1.0, "{low} to {high}");
        write(place, "found.toml", &format!("{work}provider.it.catalog = \"./own.toml\"\n"));
        let decided = decisions(place, "found.toml");
        let other = decided.iter().zip(&truth).filter(|(one, other)| one != other).count();
        // An offset inside its bounds may be on the other side of a call or two.
        assert!(other <= truth.len() / 100, "{other} of {}: {own}", truth.len());
    }
}

/// A log, its catalogue, and how many decisions of a run with that catalogue are others.
fn closed(work: &str, limits: &str, fit: &[&str], costs: u64) -> (String, usize, usize) {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write(place, "truth.toml", &format!("{work}{limits}"));
    let truth = decisions(place, "truth.toml");
    let rows = truth.iter().map(|row| format!("{},{},{costs}\n", row[0], row[3]));
    write(place, "log.csv", &format!("time,status,cost\n{}", rows.collect::<String>()));
    let all = ["fit", "log.csv", "--round-trip", "0s", "--date", "2026-11-29"];
    let all = [&all[..], &["--catalog", "own.toml"], fit].concat();
    let (code, printed, said) = throttlesim(place, &all);
    assert_eq!((code, said.as_str()), (0, ""), "{printed}");
    let own = std::fs::read_to_string(place.join("own.toml")).expect("a catalogue");
    write(place, "found.toml", &format!("{work}provider.it.catalog = \"./own.toml\"\n"));
    let decided = decisions(place, "found.toml");
    let others = decided.iter().zip(&truth).filter(|(one, other)| one != other).count();
    (own, others, truth.len())
}

/// Two limits at once make two limits of a catalogue.
#[test]
fn two_limits_at_once_are_written_as_two() {
    let work = "schema = 1\nquestion = \"?\"\nduration = \"20m\"\n\
        workload.w = { arrivals.poisson = \"0.5/s\", call = \"get\" }\nstrategy.once = {}\n";
    let limits = "[limit.rate]\nscope = []\n\
        rule.token_bucket = { rate = \"0.5/s\", burst = 5 }\n\
        [limit.window]\nscope = []\nrule.fixed_window = { limit = 100, window = \"5m\" }\n";
    let (own, others, all) = closed(work, limits, &["--complete"], 1);
    assert_eq!(own.matches("\n[limit.").count(), 2, "{own}");
    assert!(own.contains("limit 1") && own.contains("limit 2"), "{own}");
    for rule in [
        "rule.token_bucket = { rate = \"0.5/s\", burst = 5 }",
        "rule.fixed_window = { limit = 100, window = \"5min\" }",
    ] {
        assert!(own.contains(rule), "{rule} is not in\n{own}");
    }
    assert_eq!((others, all > 500), (0, true), "{own}");
}

/// Of two limits of one kind the log tells figures, but not which belong together.
#[test]
fn two_limits_of_one_kind_are_not_written() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let truth = "schema = 1\nquestion = \"?\"\nduration = \"2h\"\n\
        workload.w = { arrivals.poisson = \"0.3/s\", call = \"get\" }\nstrategy.once = {}\n\
        [limit.minute]\nscope = []\nrule.fixed_window = { limit = 20, window = \"1m\" }\n\
        [limit.minutes]\nscope = []\nrule.fixed_window = { limit = 60, window = \"5m\" }\n";
    write(place, "truth.toml", truth);
    assert!(decisions(place, "truth.toml").len() > 1_000);
    let fit = ["fit", "events.jsonl", "--round-trip", "1ms", "--complete"];
    let (code, printed, _) = throttlesim(place, &fit);
    assert!(code == 0 && printed.contains("two limits at once"), "{printed}");
    let catalogue = ["--date", "2026-11-29", "--catalog", "own.toml"];
    let (code, _, said) = throttlesim(place, &[&fit[..], &catalogue].concat());
    assert!(code == 2 && said.contains("proves no limit"), "{said}");
    assert!(!place.join("own.toml").exists());
}

/// A limit of units is written as one, and holds for whatever calls cost.
#[test]
fn a_limit_of_units_is_written_as_one() {
    let work = "schema = 1\nquestion = \"?\"\nduration = \"20m\"\n\
        workload.w = { arrivals.poisson = \"0.6/s\", call = \"get\", cost.units = 3 }\n\
        strategy.once = {}\n";
    let limits = "[limit.rate]\nscope = []\ncounts = \"units\"\n\
        rule.token_bucket = { rate = \"1/s\", burst = 30 }\n";
    let (own, others, all) = closed(work, limits, &["--complete", "--cost", "cost"], 3);
    assert!(own.contains("counts = \"units\"\nrule.token_bucket"), "{own}");
    assert_eq!((others, all > 500), (0, true), "{own}");
}

fn published(items: &str, window: &str) -> String {
    format!(
        "name = \"Published\"\nsource = \"a page\"\nretrieved = 2026-11-29\n\
         [limit.plan]\nscope = [\"account\", \"operation\"]\nrule.token_bucket = {{}}\n\
         calls = [\"v1/getOrders\", \"v1/getOrderItems\"]\n\
         [limit.prices]\nscope = [\"account\"]\ncalls = [\"v1/getPrices\"]\n\
         rule.fixed_window = {{ limit = 20, window = \"{window}\" }}\n\
         [operation.\"v1/getOrders\"]\nrate = \"1/min\"\nburst = 20\n\
         [operation.\"v1/getOrderItems\"]\nrate = \"{items}\"\nburst = 10\n\
         [operation.\"v1/getPrices\"]\n"
    )
}

#[test]
fn a_log_is_held_against_what_is_published() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let all = std::fs::read_to_string(log()).expect("the log");
    // Fewer rows say the same sooner.
    let one: Vec<&str> = all.lines().filter(|row| !row.contains("account 2")).collect();
    write(place, "log.csv", &one.join("\n"));
    let against = |items: &str, window: &str, format: &str| {
        write(place, "page.toml", &published(items, window));
        let fit = ["fit", "log.csv", "--round-trip", "120ms", "--against", "page.toml"];
        throttlesim(place, &[&fit[..], &["--format", format]].concat())
    };
    let (code, printed, said) = against("0.05/s", "5m", "table");
    assert_eq!((code, said.as_str()), (0, ""), "{printed}");
    assert!(printed.starts_with("3 limits agree with page.toml."), "{printed}");
    let (code, printed, _) = against("0.1/s", "5m", "table");
    assert!(code == 1 && printed.starts_with("getOrderItems differs from page.toml"), "{printed}");
    // Less is published than the provider gives, and another window.
    for (items, window, call) in [("0.01/s", "5m", "getOrderItems"), ("0.05/s", "1h", "getPrices")]
    {
        let (code, printed, _) = against(items, window, "json");
        let found: Value = serde_json::from_str(&printed).expect("JSON");
        let rows = found["against"].as_array().expect("rows");
        let agree = rows.iter().map(|row| (row["call"].as_str(), row["agrees"].as_bool()));
        for (name, agrees) in agree {
            assert_eq!(agrees, Some(name != Some(call)), "{name:?} of {printed}");
        }
        assert_eq!((code, rows.len()), (1, 3));
    }
}

#[test]
fn what_cannot_be_compared_or_written_is_said() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write(place, "few.csv", "time,call,status\n1,get,200\n2,get,200\n3,get,200\n");
    let fit = |more: &[&str]| {
        throttlesim(place, &[&["fit", "few.csv", "--round-trip", "1s"][..], more].concat())
    };
    write(place, "page.toml", &published("0.1/s", "5m"));
    let (code, printed, _) = fit(&["--against", "page.toml"]);
    assert_eq!(code, 0);
    assert!(printed.contains("cannot tell: Published has no"), "{printed}");
    let date = ["--date", "2026-11-28"];
    for (name, told) in [("own.toml", "proves no limit"), ("own.csv", "does not end in .toml")] {
        let (code, _, said) = fit(&[&["--catalog", name][..], &date].concat());
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(told) && !place.join(name).exists(), "{said}");
    }
    let (code, _, said) = fit(&["--against", "sp-ap"]);
    assert!(code == 2 && said.contains("sp-api"), "{said}");
}
