//! Limits of units: held against what is published, and probed.

use super::command::throttlesim;
use super::truths::*;
use serde_json::Value;
use std::path::Path;
use throttlesim::fit::rows::Status;

const CALL: &str = "POST /graphql";

/// A bucket of so many units a second.
fn bucket(per_s: i64, burst: i64) -> Truth {
    Truth::Bucket { count: per_s, per: S, burst, missing: 0, counted: false }
}

/// The log of calls whose costs are between two, or 1 if they are counted as calls.
fn write_log(place: &Path, truth: &Truth, (calls, rate): (usize, f64), costs: (i64, i64)) {
    let mut dice = Dice(5);
    let mut work = poisson(calls, rate, &mut dice);
    work.iter_mut().for_each(|call| call.1 = dice.from(costs.0, costs.1));
    let mut text = String::from("time,received,call,status,points\n");
    for call in log(truth, &work, Net::ms(20), &mut dice) {
        let status = if call.status == Status::Accepted { 200 } else { 429 };
        let at = |ns: i64| (ns + 100 * S) as f64 / 1e9;
        let (from, to) = (at(call.decided.lo), at(call.decided.hi));
        text += &format!("{from:.9},{to:.9},{CALL},{status},{}\n", call.cost);
    }
    std::fs::write(place.join("log.csv"), text).expect("written");
}

const FIT: [&str; 5] = ["fit", "log.csv", "--start", "full", "--complete"];

fn fit(place: &Path, more: &[&str]) -> (i32, String, String) {
    let (code, printed, said) = throttlesim(place, &[&FIT[..], more].concat());
    (code, printed.split_whitespace().collect::<Vec<_>>().join(" "), said)
}

/// Shopify publishes 100 points a second, 2,000 at once, and other figures for its other plans.
#[test]
fn points_are_held_against_those_that_are_published() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write_log(place, &bucket(100, 2000), (400, 0.5), (50, 500));
    let against = ["--cost", "points", "--against", "shopify"];
    let (code, printed, said) = fit(place, &against);
    assert_eq!((code, said.as_str()), (0, ""), "{printed}");
    assert!(printed.starts_with("1 limit agrees with shopify."), "{printed}");
    assert!(printed.contains("continuous refill, of points"), "{printed}");
    let (code, printed, _) = fit(place, &[&against[..], &["--plan", "plus"]].concat());
    let differs = "published is 1000/s, burst 20,000, of points; the log says 100/s";
    assert!(code == 1 && printed.contains(differs), "{printed}");
    let (code, printed, _) = fit(place, &against[2..]);
    let asks = "it counts points: name the column of what a call costs: --cost COLUMN";
    assert!(code == 0 && printed.contains(asks), "{printed}");
    let (code, _, said) = fit(place, &[&against[..], &["--unit", "point"]].concat());
    assert!(code == 2 && said.contains("did you mean --unit points?"), "{said}");
    let (code, _, said) = fit(place, &[&against[2..], &["--unit", "points"]].concat());
    assert!(code == 2 && said.contains("--cost"), "{said}");
}

/// Half of what is published, and a call that costs more than is ever allowed.
#[test]
fn points_that_differ_from_those_published_are_said() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write_log(place, &bucket(50, 2000), (400, 0.3), (50, 500));
    let (code, printed, _) = fit(place, &["--cost", "points", "--against", "shopify"]);
    assert!(code == 1 && printed.starts_with("POST /graphql differs from shopify"), "{printed}");
    write_page(place, "fixed_window = { limit = 400, window = \"1h\" }", "points", 1);
    let (code, printed, _) = fit(place, &["--cost", "points", "--against", "page.toml"]);
    assert!(code == 1 && printed.contains("points was accepted"), "{printed}");
}

fn write_page(place: &Path, rule: &str, counts: &str, cost: u32) {
    let page = format!(
        "name = \"Page\"\nsource = \"a page\"\nretrieved = 2026-11-29\n[limit.it]\nscope = []\n\
         counts = \"{counts}\"\nrule.{rule}\n[operation.\"{CALL}\"]\ncost.{counts} = {cost}\n"
    );
    std::fs::write(place.join("page.toml"), page).expect("written");
}

/// A log without costs, of calls that each take a published number of points.
#[test]
fn a_published_cost_makes_points_of_calls() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write_log(place, &bucket(2, 10), (500, 3.0), (1, 1));
    for (burst, cost, code, says) in [
        (50, 5, 0, "1 limit agrees"),
        (
            50,
            10,
            1,
            "published is 10/s, burst 50, of points; a call takes 10; the log says accepted calls",
        ),
        (52, 5, 0, "a burst of 52 points is no whole number of calls of 5"),
    ] {
        let rule = format!("token_bucket = {{ rate = \"10/s\", burst = {burst} }}");
        write_page(place, &rule, "points", cost);
        let (found, printed, said) = fit(place, &["--against", "page.toml"]);
        assert_eq!((found, said.as_str()), (code, ""), "{printed}");
        assert!(printed.contains(says), "{says} is not in {printed}");
    }
    // The unit of a column may not be that of the limit, and calls are not units.
    let (code, printed, _) = fit(place, &["--cost", "points", "--against", "sp-api"]);
    assert!(code == 0 && printed.contains("cannot tell"), "{printed}");
    let page = std::fs::read_to_string(place.join("page.toml")).expect("a page");
    let page = page.replace("counts = \"points\"\n", "").replace("cost.points = 5\n", "");
    std::fs::write(place.join("page.toml"), page).expect("written");
    let (_, printed, _) = fit(place, &["--cost", "points", "--against", "page.toml"]);
    assert!(printed.contains("it counts calls: compare it without --cost"), "{printed}");
}

/// Calls that a bucket of 2,000 points at 100/s accepts of two bursts.
fn accepted(first: (i64, i64), pause_ms: i64, again: (i64, i64)) -> [i64; 2] {
    let one = first.0.min(2_000 / first.1);
    let left = ((2_000 - one * first.1) * 1_000 + 100 * pause_ms).min(2_000_000);
    [one, again.0.min(left / (again.1 * 1_000))]
}

/// The workload of a probe runs in a scenario, and its answer is between those that are foreseen.
#[test]
fn a_probe_of_points_runs_as_a_workload() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write_log(place, &bucket(100, 2000), (60, 0.5), (50, 500));
    let next = ["--cost", "points", "--unit", "points", "--next"];
    let (code, printed, said) = fit(place, &next);
    assert_eq!((code, said.as_str()), (0, ""), "{printed}");
    for part in ["points at once; wait", "accepted of the first", "[workload.probe]", "cost.points"]
    {
        assert!(printed.contains(part), "{part} is not in {printed}");
    }
    let (_, printed, _) = fit(place, &[&next[..], &["--format", "json"]].concat());
    let found: Value = serde_json::from_str(&printed).expect("JSON");
    let probe = &found["next"][0]["probe"];
    let burst = |key: &str| {
        let of = |figure: &str| probe[key][figure].as_i64().expect("a number");
        (of("calls"), of("cost"))
    };
    let (first, again) = (burst("first"), burst("again"));
    let pause_ms = (probe["pause_s"].as_f64().expect("seconds") * 1e3).round() as i64;
    let expected = accepted(first, pause_ms, again);
    let scenario = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\nstrategy.once = {{}}\n\
         [limit.it]\nscope = []\ncounts = \"points\"\n\
         rule.token_bucket = {{ rate = \"100/s\", burst = 2000 }}\n{}",
        probe["workload"].as_str().expect("a text")
    );
    std::fs::write(place.join("s.toml"), scenario).expect("written");
    let run = ["run", "s.toml", "--events", "events.jsonl", "--out", "out", "-q"];
    let (_, _, said) = throttlesim(place, &run);
    assert!(said.is_empty(), "{said}");
    let events = std::fs::read_to_string(place.join("events.jsonl")).expect("events");
    let rows = events.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let (mut sent, mut decided) = ([0, 0], [0, 0]);
    for row in rows {
        let which = usize::from(row["at_s"].as_f64().expect("seconds") > 0.001);
        sent[which] += 1;
        decided[which] += i64::from(row["status"] == 200);
    }
    assert_eq!((sent, decided), ([first.0, again.0], expected));
    let answers = probe["answers"].as_array().expect("a list");
    let firsts = || answers.iter().filter_map(|answer| answer["accepted"][0].as_i64());
    assert!(firsts().min() <= Some(expected[0]) && Some(expected[0]) <= firsts().max());
}

#[test]
fn nothing_unclear_needs_no_probe() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    write_log(
        place,
        &Truth::Sliding { window: 30 * S, limit: 40, counted: false },
        (600, 2.0),
        (1, 1),
    );
    let (_, printed, _) = fit(place, &["--next"]);
    assert!(printed.ends_with("Nothing is unclear: no probe is needed."), "{printed}");
}
