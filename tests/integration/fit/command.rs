//! `throttlesim fit` as a person meets it: answers, notes, and what is said of bad logs.

use super::truths::*;
use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;
use throttlesim::fit::rows::Status;

/// Exit code, what is printed, what is said.
pub(super) fn throttlesim(place: &Path, args: &[&str]) -> (i32, String, String) {
    let mut program = Command::cargo_bin("throttlesim").expect("the program");
    let program = program.current_dir(place).env("COLUMNS", "80").env("NO_COLOR", "1");
    let done = program.args(args).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_string();
    (done.status.code().unwrap_or(-1), text(&done.stdout), text(&done.stderr))
}

/// Simulates a limit, and fits the log of its attempts.
fn round_trip(rule: &str, rate: &str, events: &str) -> Value {
    let place = tempfile::tempdir().expect("a folder");
    let scenario = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"15m\"\n[service]\n\
         round_trip.uniform = {{ low = \"20ms\", high = \"80ms\" }}\n\
         [limit.it]\nscope = []\nrule.{rule}\n\
         [workload.calls]\narrivals.poisson = \"{rate}\"\ncall = \"get\"\n[strategy.once]\n"
    );
    std::fs::write(place.path().join("s.toml"), scenario).expect("written");
    let run = ["run", "s.toml", "--events", events, "--out", "out", "-q"];
    let (_, _, said) = throttlesim(place.path(), &run);
    assert!(said.is_empty(), "{said}");
    let fit = ["fit", events, "--round-trip", "80ms", "--start", "full", "--format", "json"];
    let (code, printed, said) = throttlesim(place.path(), &[&fit[..], &["--complete"]].concat());
    assert_eq!(code, 0, "{said}");
    let found: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(found["limits"].as_array().map(Vec::len), Some(1), "{printed}");
    found["limits"][0].clone()
}

pub(super) fn holds(bounds: &Value, truth: f64) -> bool {
    bounds[0].as_f64().is_some_and(|low| low <= truth)
        && bounds[1].as_f64().is_none_or(|high| truth <= high)
}

/// The simulator's own limiters, by way of `--events` in both forms.
#[test]
fn limits_of_the_simulator_are_found_in_its_events() {
    let bucket = "token_bucket = { rate = \"0.5/s\", burst = 10 }";
    let found = round_trip(bucket, "0.7/s", "events.jsonl");
    assert_eq!([&found["model"], &found["refill"]], ["token_bucket", "continuous"], "{found}");
    assert!(holds(&found["rate_per_s"], 0.5) && holds(&found["burst"], 10.0), "{found}");
    assert!(found["refuted"].as_array().is_some_and(|refuted| refuted.len() >= 3), "{found}");
    let window = "fixed_window = { limit = 20, window = \"30s\" }";
    let found = round_trip(window, "0.8/s", "events.csv");
    assert_eq!(found["model"], "fixed_window", "{found}");
    assert!(holds(&found["limit"], 20.0) && holds(&found["window_s"], 30.0), "{found}");
    let sliding = "sliding_window = { limit = 20, window = \"30s\" }";
    let found = round_trip(sliding, "0.8/s", "events.csv");
    assert_eq!(found["model"], "sliding_log", "{found}");
    assert!(holds(&found["limit"], 20.0) && holds(&found["window_s"], 30.0), "{found}");
    assert_eq!(found["misjudged"], 0);
}

#[test]
fn what_cannot_be_read_is_said_with_file_and_line() {
    let place = tempfile::tempdir().expect("a folder");
    let head = "time,call,status\n";
    for (name, text, more, said) in [
        ("empty.csv", "", &[][..], "empty.csv has no rows"),
        ("head.csv", head, &[], "head.csv has no rows"),
        ("bad.csv", "time,call,status\nsoon,a,200\n", &[], "bad.csv:2: its time is neither"),
        ("bad.jsonl", "{\"time\": 1}\n", &[], "bad.jsonl does not say which calls were refused"),
        ("text.jsonl", "hello\n", &[], "has no"),
        ("no.csv", "time,call\n1,a\n", &[], "no.csv does not say which calls were refused"),
        ("none.csv", "time,call,status\n1,a,\n", &[], "no row of none.csv has a status"),
        ("when.csv", "time,call,status\n1,a,200\n", &[], "does not say when calls were decided"),
        ("a.csv", "time,call,status\n1,a,500\n", &["--round-trip", "1s"], "no call of a.csv was"),
        ("b.csv", "time,call,status\n1,a,200\n", &["--call", "cal"], "did you mean --call call?"),
        ("c.csv", "time,call,status\n1,a,200\n", &["--match", "x=y"], "matches a pattern"),
        ("d.txt", head, &[], "the ending does not tell the format"),
        ("gone", "", &["--input", "csv", "missing.csv"], "cannot read missing.csv"),
    ] {
        std::fs::write(place.path().join(name), text).expect("written");
        let mut args = vec!["fit"];
        if name != "gone" {
            args.push(name);
        }
        let (code, printed, heard) = throttlesim(place.path(), &[&args[..], more].concat());
        assert_eq!((code, printed.as_str()), (2, ""), "{name}: {heard}");
        assert!(heard.contains(said) && heard.contains("error: "), "{name}: {heard}");
    }
}

#[test]
fn what_is_odd_is_counted_and_said() {
    let place = tempfile::tempdir().expect("a folder");
    let text = "time,account,call,status,received\n5.25,a,x,200,5.5\n4.125,a,x,429,4.25\n\
                soon,a,x,200,\n6.5,a,x,503,6.75\n7.5,a,x,,\n8.5,a,x,abc,8.75\n9.5,b,x,200,9.25\n";
    std::fs::write(place.path().join("odd.csv"), text).expect("written");
    let (code, printed, said) = throttlesim(place.path(), &["fit", "odd.csv", "--next"]);
    assert_eq!(code, 0, "{said}");
    for note in [
        "1 row cannot be read: left out",
        "1 row without a status",
        "1 row with a status that is not a number",
        "1 row with a server error",
        "1 row with an answer's time",
        "1 row after a row of a later time",
        "fewer than ten refusals",
    ] {
        assert!(printed.replace("\n  ", " ").contains(note), "{note}\n{printed}");
    }
    std::fs::write(place.path().join("idle.csv"), "time,call,status\n1,x,200\n2,x,200\n")
        .expect("written");
    let (_, printed, _) = throttlesim(place.path(), &["fit", "idle.csv", "--round-trip", "1s"]);
    assert!(printed.contains("x: no call was refused, so the limit cannot be told"), "{printed}");
    assert!(printed.contains("times are whole seconds"), "{printed}");
}

/// The page's log comes from the page's scenario, and the page shows what is printed.
#[test]
fn the_page_shows_its_scenario_its_log_and_the_answer() {
    let root = crate::root();
    let page = std::fs::read_to_string(root.join("docs/fit.md")).expect("the page");
    let block = |kind: &str| {
        let (_, rest) = page.split_once(&format!("```{kind}\n")).expect("a block");
        rest.split_once("```").expect("its end").0
    };
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("fit.toml"), block("toml")).expect("written");
    let run = ["run", "fit.toml", "--events", "fit-calls.csv", "--out", "out", "-q"];
    throttlesim(place.path(), &run);
    let made = std::fs::read(place.path().join("fit-calls.csv")).expect("a log");
    let shipped = std::fs::read(root.join("scenarios/data/fit-calls.csv")).expect("the log");
    assert!(made == shipped, "the log is not what the scenario makes");
    let log = "scenarios/data/fit-calls.csv";
    let (code, printed, said) = throttlesim(root, &["fit", log, "--round-trip", "120ms"]);
    assert_eq!(code, 0, "{said}");
    assert!(printed.starts_with(block("text")), "put into docs/fit.md:\n{printed}");
}

/// A bucket of 0.5/s and burst 10, whose headers say other things.
#[test]
fn headers_are_held_against_the_calls() {
    let place = tempfile::tempdir().expect("a folder");
    let scenario = "schema = 1\nquestion = \"?\"\nduration = \"15m\"\n[service]\n\
         round_trip.uniform = { low = \"20ms\", high = \"80ms\" }\n\
         [limit.it]\nscope = []\nrule.token_bucket = { rate = \"0.5/s\", burst = 10 }\n\
         [workload.calls]\narrivals.poisson = \"0.7/s\"\ncall = \"get\"\n[strategy.once]\n";
    std::fs::write(place.path().join("s.toml"), scenario).expect("written");
    let run = ["run", "s.toml", "--events", "events.csv", "--out", "out", "-q"];
    throttlesim(place.path(), &run);
    let events = std::fs::read_to_string(place.path().join("events.csv")).expect("a file");
    let rows: Vec<Vec<&str>> = events.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|other| *other == name).expect("a column");
    let (at, status) = (column("at_s"), column("status"));
    // Each answer says 0.0055/s and a minute to wait, whatever is true; one of them nonsense.
    let mut log = String::from("time,status,retry_after,rate_header,remaining\n");
    for (nth, row) in rows[1..].iter().enumerate() {
        let (wait, left) = if row[status] == "429" { ("60", "1") } else { ("", "1") };
        let rate = if nth == 3 { "soon" } else { "0.0055" };
        log += &format!("{},{},{wait},{rate},{left}\n", row[at], row[status]);
    }
    std::fs::write(place.path().join("log.csv"), log).expect("written");
    let fit = ["fit", "log.csv", "--round-trip", "80ms", "--start", "full", "--complete"];
    let (code, printed, said) = throttlesim(place.path(), &fit);
    assert_eq!((code, &*said), (0, ""), "{printed}");
    let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "all calls: headers say 0.0055/s; the log proves at least 0.49",
        "times a call was accepted sooner, first on lines",
        "times calls were left and the next call was refused, first on lines",
        "note: 1 of the headers cannot be read",
    ] {
        assert!(printed.contains(said), "{said}: {printed}");
    }
    let json = [&fit[..], &["--format", "json"]].concat();
    let found: Value = serde_json::from_str(&throttlesim(place.path(), &json).1).expect("JSON");
    let headers = &found["limits"][0]["headers"];
    let count =
        |status: &str| rows[1..].iter().filter(|row| row[column("status")] == status).count();
    assert_eq!(headers["rate"]["contradicted"], true, "{headers}");
    assert_eq!(headers["retry_after"]["told"], count("429"), "{headers}");
    assert_eq!(headers["remaining"]["told"], rows.len() - 1, "{headers}");
    // The true rate is not contradicted, and neither is what the simulator itself says to wait.
    let (_, printed, _) =
        throttlesim(place.path(), &[&fit[..1], &["events.csv"], &fit[2..]].concat());
    assert!(!printed.contains("accepted sooner"), "{printed}");
}

/// A limit of 40 points in any half minute, of which calls take 1 to 5.
#[test]
fn costs_are_counted_where_the_log_has_them() {
    let place = tempfile::tempdir().expect("a folder");
    let mut dice = Dice(5);
    let truth = Truth::Sliding { window: 30 * S, limit: 40, counted: false };
    let mut work = poisson(600, 0.6, &mut dice);
    work.iter_mut().for_each(|call| call.1 = dice.from(1, 5));
    let mut text = String::from("time,received,status,points\n");
    for call in log(&truth, &work, Net::ms(40), &mut dice) {
        let status = if call.status == Status::Accepted { 200 } else { 429 };
        let at = |ns: i64| (ns + 100 * S) as f64 / 1e9;
        let (from, to) = (at(call.decided.lo), at(call.decided.hi));
        text += &format!("{from:.9},{to:.9},{status},{}\n", call.cost);
    }
    std::fs::write(place.path().join("log.csv"), &text).expect("written");
    let fit = ["fit", "log.csv", "--start", "full", "--complete", "--out", "fitted"];
    let (code, printed, said) =
        throttlesim(place.path(), &[&fit[..], &["--cost", "points"]].concat());
    assert_eq!(code, 0, "{said}");
    let whole = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(whole.contains("all calls: 40 units in any window of 30 s ("), "{printed}");
    assert!(whole.contains("note: limits count units, of which a call takes"), "{printed}");
    let picture = std::fs::read_to_string(place.path().join("fitted/deficit-1.svg"));
    assert!(picture.expect("a picture").contains("units counted, with the call"));
    // Counted as calls, nothing explains it.
    let (_, printed, _) = throttlesim(place.path(), &fit);
    let whole = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(whole.contains("limit that was tried explains"), "{printed}");
    assert!(!whole.contains("explain every call"), "{printed}");
    std::fs::write(place.path().join("log.csv"), text + "900,901,200,some\n").expect("written");
    let (code, _, said) = throttlesim(place.path(), &[&fit[..], &["--cost", "points"]].concat());
    assert!(code == 2 && said.contains("log.csv:602: its cost is not a whole number"), "{said}");
}

/// Three calls in one second cannot go through windows of two seconds that admit one each.
#[test]
fn whole_seconds_still_refute_windows_of_one_call() {
    let place = tempfile::tempdir().expect("a folder");
    let mut dice = Dice(3);
    let truth = Truth::Bucket { count: 1, per: 2 * S, burst: 10, missing: 0, counted: false };
    let work = poisson(1200, 0.8, &mut dice);
    let mut text = String::from("Time;Status\n");
    for call in log(&truth, &work, Net::ms(10), &mut dice) {
        let status = if call.status == Status::Accepted { 200 } else { 429 };
        text += &format!("{};{status}\n", 1_700_000_000 + call.decided.lo.div_euclid(S));
    }
    std::fs::write(place.path().join("log.csv"), text).expect("written");
    let fit = ["fit", "log.csv", "--round-trip", "200ms", "--format", "json"];
    let (code, printed, said) = throttlesim(place.path(), &fit);
    assert_eq!(code, 0, "{said}");
    let found: Value = serde_json::from_str(&printed).expect("JSON");
    let limit = &found["limits"][0];
    let undecided = limit["undecided"].as_array().expect("a list");
    let windows = undecided.iter().filter(|left| left["model"] != "token_bucket");
    assert_eq!(windows.count(), 0, "{undecided:?}");
    let bucket = undecided.iter().find(|left| left["refill"] == "continuous");
    let bucket = bucket.unwrap_or(limit);
    assert!(holds(&bucket["rate_per_s"], 0.5) && holds(&bucket["burst"], 10.0), "{bucket}");
}

#[test]
fn a_log_in_which_all_is_refused_proves_no_limit() {
    let place = tempfile::tempdir().expect("a folder");
    let rows: String = (0..50).map(|at| format!("{at},429\n")).collect();
    std::fs::write(place.path().join("log.csv"), format!("time,status\n{rows}")).expect("written");
    let (code, printed, _) = throttlesim(place.path(), &["fit", "log.csv", "--round-trip", "1s"]);
    let first = "all calls: no call was accepted, so the limit cannot be told; 50 calls, 50";
    assert!(code == 0 && printed.starts_with(first), "{printed}");
    assert!(!printed.contains("tick") && !printed.contains("In any case"), "{printed}");
}
