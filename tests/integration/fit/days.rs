//! Quotas of a day that begins at midnight of a zone whose clocks change within the log.

use super::command::throttlesim;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

const WORK: &str = "schema = 1\nquestion = \"?\"\nseed = 5\nduration = \"108h\"\n\
    workload.w = { arrivals.poisson = \"0.0015/s\", call = \"get\" }\nstrategy.once = {}\n";

/// Days in which clocks of America change: start, and that in seconds since 1970.
const CHANGES: [(&str, i64); 2] =
    [("2026-03-06T12:00:00Z", 1_772_798_400), ("2026-10-30T12:00:00Z", 1_793_361_600)];

fn limit(zone: &str) -> String {
    format!(
        "[limit.day]\nscope = []\n\
         rule.fixed_window = {{ limit = 60, window = \"1 day\", zone = \"{zone}\" }}\n"
    )
}

/// Time and status of every attempt of a scenario.
fn decisions(place: &Path, scenario: &str) -> Vec<(f64, i64)> {
    std::fs::write(place.join("s.toml"), scenario).expect("written");
    let run = ["run", "s.toml", "--events", "events.jsonl", "--out", "out", "-q"];
    let (_, _, said) = throttlesim(place, &run);
    assert!(said.is_empty(), "{said}");
    let text = std::fs::read_to_string(place.join("events.jsonl")).expect("events");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    rows.map(|row| (row["at_s"].as_f64().expect("s"), row["status"].as_i64().expect("a status")))
        .collect()
}

fn write_log(place: &Path, decided: &[(f64, i64)], epoch: i64) {
    let mut text = String::from("time,received,status\n");
    for (at, status) in decided {
        let at = epoch as f64 + at;
        let _ = writeln!(text, "{at:.3},{:.3},{status}", at + 0.002);
    }
    std::fs::write(place.join("log.csv"), text).expect("written");
}

fn fit(place: &Path, more: &[&str]) -> (i32, String, String) {
    let (code, printed, said) = throttlesim(place, &[&["fit", "log.csv"][..], more].concat());
    (code, printed.split_whitespace().collect::<Vec<_>>().join(" "), said)
}

/// What is found decides as the provider did, in the hour by which a day of 24 h is wrong, too.
#[test]
fn days_of_a_zone_are_found_and_written_as_a_catalogue() {
    for (start, epoch) in CHANGES {
        let place = tempfile::tempdir().expect("a folder");
        let place = place.path();
        let work = format!("start = {start}\n{WORK}");
        let truth = decisions(place, &format!("{work}{}", limit("America/Los_Angeles")));
        assert!(truth.iter().filter(|row| row.1 == 429).count() > 100);
        write_log(place, &truth, epoch);
        let (code, printed, said) = fit(place, &["--catalog", "own.toml", "--next"]);
        assert_eq!((code, said.as_str()), (0, ""), "{printed}");
        let found = "all calls: 60 calls in each day from 00:00 of America/Los_Angeles";
        assert!(printed.starts_with(found), "{printed}");
        assert!(printed.contains("nothing else that was tried explains them"), "{printed}");
        assert!(printed.contains("day of a time zone explains every call"), "{printed}");
        let own = std::fs::read_to_string(place.join("own.toml")).expect("a catalogue");
        let rule = "limit = 60, window = \"1 day\", zone = \"America/Los_Angeles\" }";
        assert!(own.contains(rule), "{own}");
        let again = decisions(place, &format!("{work}provider.it.catalog = \"./own.toml\"\n"));
        assert_eq!(again, truth);
        let (_, printed, _) = fit(place, &["--format", "json"]);
        let found: Value = serde_json::from_str(&printed).expect("JSON");
        let of = &found["limits"][0];
        assert_eq!(of["limit"], serde_json::json!([60, 60]), "{of}");
        let begins = of["days"].as_array().expect("a list");
        assert_eq!(begins[0]["zone"], "America/Los_Angeles", "{of}");
        let is_alone = begins.len() == 1;
        assert_eq!(of["zone"].as_str(), Some("America/Los_Angeles").filter(|_| is_alone), "{of}");
    }
}

/// A published quota of a day is held against the log directly.
#[test]
fn a_wrong_zone_is_refuted() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let (start, epoch) = CHANGES[0];
    let scenario = format!("start = {start}\n{WORK}{}", limit("America/New_York"));
    write_log(place, &decisions(place, &scenario), epoch);
    for (zone, number, code) in [
        ("America/New_York", 60, 0),
        ("America/New_York", 50, 1),
        ("America/New_York", 70, 1),
        ("America/Los_Angeles", 60, 1),
        ("UTC", 60, 1),
    ] {
        let page = limit(zone).replace("limit = 60", &format!("limit = {number}"));
        let page = format!("name = \"P\"\nsource = \"?\"\nretrieved = 2026-11-29\n{page}");
        std::fs::write(place.join("page.toml"), page).expect("written");
        let (found, printed, said) = fit(place, &["--against", "page.toml"]);
        assert_eq!((found, said.as_str()), (code, ""), "{zone}: {printed}");
        let published = format!("{number} calls in each day of {zone}");
        assert!(printed.contains(&published), "{published} is not in {printed}");
    }
}

/// A published quota, by its scope and zone.
fn write_page(place: &Path, scope: &str, (limit, zone): (u32, &str)) {
    let text = format!(
        "name = \"X\"\nsource = \"a page\"\nretrieved = 2026-11-23\nopen_operations = true\n\
         [limit.day]\nscope = {scope}\ntells = {{ status = 429 }}\n\
         rule.fixed_window = {{ limit = {limit}, window = \"1 day\", zone = \"{zone}\" }}\n"
    );
    std::fs::write(place.join("page.toml"), text).expect("written");
}

/// Two accounts of 50 calls a day each say nothing of 60 a day for each of them.
#[test]
fn a_quota_of_each_account_is_not_held_against_all_together() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let mut text = String::from("time,account,status\n");
    for call in 0..400 {
        let _ = writeln!(text, "{},a{},200", CHANGES[0].1 + call * 864, call % 2);
    }
    std::fs::write(place.join("log.csv"), text).expect("written");
    let against = ["--round-trip", "1ms", "--complete", "--against", "./page.toml"];
    for (scope, code, said) in [
        ("[\"account\"]", 0, "cannot tell: it is counted per account"),
        ("[]", 1, "calls were accepted in one day"),
    ] {
        write_page(place, scope, (60, "America/Los_Angeles"));
        let (found, printed, _) = fit(place, &against);
        assert_eq!(found, code, "{scope}: {printed}");
        assert!(printed.contains(said), "{scope}: {printed}");
    }
}

/// Refusals by a bucket do not contradict the quota beside it.
#[test]
fn a_quota_beside_a_bucket_agrees() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let work = "schema = 1\nquestion = \"?\"\nseed = 5\nstart = 2026-11-02T00:00:00Z\n\
        duration = \"60h\"\n\
        workload.w = { arrivals.poisson = \"0.02/s\", call = \"get\" }\nstrategy.once = {}\n\
        [limit.fast]\nscope = []\nrule.token_bucket = { rate = \"0.01/s\", burst = 5 }\n";
    let truth = decisions(place, &format!("{work}{}", limit("UTC").replace("60", "300")));
    write_log(place, &truth, 1_793_577_600);
    for (limit, code, said) in [(300, 0, "1 limit agrees"), (250, 1, "were accepted in one day")] {
        write_page(place, "[]", (limit, "UTC"));
        let against = ["--complete", "--start", "full", "--against", "./page.toml"];
        let (found, printed, _) = fit(place, &against);
        assert_eq!(found, code, "{limit}: {printed}");
        assert!(printed.contains(said) && printed.contains("two limits at once"), "{printed}");
    }
}
