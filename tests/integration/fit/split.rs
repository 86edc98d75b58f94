//! A bucket split over nodes: the truth is inside, it is the last model to be tried, and a log of
//! one is answered with it.

use super::command::throttlesim;
use super::truths::*;
use proptest::prelude::*;
use serde_json::Value;
use throttlesim::fit::outcome::{Outcome, fit_log};
use throttlesim::fit::ratio::Ratio;
use throttlesim::fit::rows::{Call, Start};
use throttlesim::fit::series::Series;
use throttlesim::fit::split;
use throttlesim::fit::verdict::Options;

/// So many nodes, each with `count` tokens per `per` ns and a burst.
fn nodes(nodes: i64, (count, per, burst): (i64, i64, i64), missing: i64, seed: u64) -> Truth {
    let node = Truth::Bucket { count, per, burst, missing, counted: false };
    Truth::Split { nodes, node: Box::new(node), seed }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_truth_is_inside(
        seed in any::<u64>(), k in 2i64..=16, count in 1i64..20, per in 1i64..60_000,
        burst in 1i64..20, n in 5usize..300, ms in 0i64..600, missing in 0i64..=1000,
        full in any::<bool>(), costs in 1i64..4, quick in any::<bool>(), bound in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let missing = if full { 0 } else { missing };
        let per = per * MS;
        let truth = nodes(k, (count, per, burst), missing, seed);
        let rate = (k * count) as f64 / per as f64 * 1e9;
        let mut work = any_work(n, rate, k * burst, &mut dice);
        work.iter_mut().for_each(|call| call.1 = dice.from(1, costs.min(burst)));
        let service = if bound { 300 * MS } else { 0 };
        let net = Net { one_way: if quick { 0 } else { ms * MS }, sigma: 0.5, service, bound };
        let rows = log(&truth, &work, net, &mut dice);
        let calls: Vec<&Call> = rows.iter().collect();
        let series = Series::new(&rows);
        let start = if full { Start::Full } else { Start::Unknown };
        // They explain the log with the true number of nodes, and with any greater one.
        for number in [k, split::MOST_NODES] {
            let found = split::fit(&series, start, number);
            let is_inside =
                found.as_ref().is_ok_and(|proved| proved.holds(burst, Ratio::new(count, per)));
            prop_assert!(is_inside, "{number} nodes: {:?}\n{:?}", truth, found);
        }
        if n % 20 == 0 {
            let found = split::find(&calls, &series, start).expect("the truth is inside");
            prop_assert!(found.least.nodes <= k, "{:?}\n{:?}", truth, found);
            let Some(estimate) = &found.estimate else { return Ok(()) };
            let ((low, high), likely) = (estimate.proved.rate_per_s(), estimate.rate_per_s);
            let (least, most) = estimate.proved.burst();
            prop_assert!(low <= likely * (1.0 + 1e-9), "{:?}", found);
            prop_assert!(high.is_none_or(|high| likely <= high * (1.0 + 1e-9)), "{:?}", found);
            prop_assert!(least <= estimate.burst, "{:?}", found);
            prop_assert!(most.is_none_or(|most| estimate.burst <= most), "{:?}", found);
        }
    }
}

/// Its answer to a log that has every call.
fn answer(rows: &[Call]) -> Outcome {
    let options = Options { start: Start::Full, complete: true, ..Options::default() };
    fit_log(rows, &options)
}

const NET: Net = Net { one_way: 60 * MS, sigma: 0.5, service: 150 * MS, bound: true };

/// Of logs of split buckets none is answered with an exact limit, and each with likely figures.
#[test]
fn logs_of_split_buckets_are_told() {
    for (k, per, burst, load) in [(2, 4, 3, 1.3), (3, 3, 4, 1.2), (5, 4, 2, 1.4), (8, 8, 3, 1.5)] {
        for seed in 0..2 {
            let mut dice = Dice(seed);
            let rate = k as f64 / per as f64;
            let truth = nodes(k, (1, per * S, burst), 0, seed);
            let rows = log(&truth, &poisson(500, rate * load, &mut dice), NET, &mut dice);
            let outcome = answer(&rows);
            let limit = &outcome.limits[0];
            assert!(limit.common.is_empty() && limit.changes.is_empty(), "{k} nodes: {limit:?}");
            let split = limit.splits[0].1.as_ref().expect("not refuted");
            assert!((2..=k).contains(&split.least.nodes), "{k} nodes: {split:?}");
            let estimate = split.estimate.as_ref().expect("shown");
            let (low, high) = estimate.likely_nodes;
            assert!(low <= k && k <= high, "{k} nodes: {estimate:?}");
            let near = estimate.rate_per_s / rate;
            assert!((0.75..1.3).contains(&near), "{k} nodes of {rate}/s: {estimate:?}");
            assert!(estimate.burst <= 3 * k * burst, "{k} nodes of {burst}: {estimate:?}");
        }
    }
}

/// How often it is right, for the page of docs: prints counts.
#[test]
#[ignore = "it takes minutes, and prints counts"]
fn many_logs_are_counted() {
    let (mut all, mut exact, mut told, mut likeliest, mut likely) = (0, 0, 0, 0, 0);
    for seed in 0..32u64 {
        let mut dice = Dice(seed * 31 + 5);
        let k = [2, 3, 4, 5, 8, 12][(seed % 6) as usize];
        let burst = dice.from(1, 10);
        let load = 0.8 + dice.unit();
        let per = S * dice.from(1, 20) / 2;
        let rate = k as f64 / per as f64 * 1e9;
        let n = [300, 600, 1200][dice.below(3) as usize];
        let truth = nodes(k, (1, per, burst), 0, seed);
        let rows = log(&truth, &poisson(n, rate * load, &mut dice), NET, &mut dice);
        let outcome = answer(&rows);
        let limit = &outcome.limits[0];
        all += 1;
        exact += usize::from(!limit.common.is_empty());
        let split = limit.splits.first().and_then(|(_, split)| split.as_ref().ok());
        if let Some(estimate) = split.and_then(|split| split.estimate.as_ref()) {
            told += 1;
            likeliest += usize::from(estimate.proved.nodes == k);
            let (low, high) = estimate.likely_nodes;
            likely += usize::from(low <= k && k <= high);
            println!("{k} nodes, {rate:.3}/s, {}: {estimate:?}", k * burst);
        }
    }
    println!("{all} logs, {exact} with an exact limit, {told} told");
    println!("{likeliest} with the right nodes, {likely} with these among the likely");
}

/// Where an exact limit is left, a split bucket is not even tried; and where calls are missing from
/// the log of one bucket, a split bucket is not likely.
#[test]
fn one_bucket_is_not_taken_for_several() {
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let truth = Truth::Bucket { count: 1, per: 2 * S, burst: 10, missing: 0, counted: false };
        let rows = log(&truth, &poisson(400, 0.7, &mut dice), NET, &mut dice);
        assert!(answer(&rows).limits[0].splits.is_empty());
        let left: Vec<Call> = rows.into_iter().filter(|_| dice.below(10) > 0).collect();
        for (_, split) in &answer(&left).limits[0].splits {
            let estimate = split.as_ref().ok().and_then(|split| split.estimate.as_ref());
            assert_eq!(estimate, None, "seed {seed}");
        }
    }
}

/// The simulator's own nodes, by way of the command: what it prints and writes, and a run with the
/// catalogue that it wrote.
#[test]
fn the_command_tells_nodes_and_writes_them() {
    let place = tempfile::tempdir().expect("a folder");
    let write = |name: &str, limit: &str| {
        let scenario = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"10m\"\n\
             service.round_trip.uniform = {{ low = \"20ms\", high = \"120ms\" }}\n{limit}\n\
             [workload.w]\narrivals.poisson = \"1.3/s\"\ncall = \"get\"\n[strategy.once]\n"
        );
        std::fs::write(place.path().join(name), scenario).expect("written");
    };
    let refused = |name: &str| {
        let run = ["run", name, "--events", "events.jsonl", "--out", "out", "-q"];
        let (_, _, said) = throttlesim(place.path(), &run);
        assert!(said.is_empty(), "{said}");
        let text = std::fs::read_to_string(place.path().join("events.jsonl")).expect("events");
        text.lines().filter(|row| row.contains("429")).count()
    };
    let rule = "rule.token_bucket = { rate = \"1/s\", burst = 12 }";
    write("truth.toml", &format!("[limit.l]\nscope = []\nnodes = 3\n{rule}\n"));
    let truth = refused("truth.toml");
    let fit = ["fit", "events.jsonl", "--round-trip", "120ms", "--date", "2026-11-29"];
    let more = ["--catalog", "own.toml", "--out", "fitted"];
    let (code, printed, said) = throttlesim(place.path(), &[&fit[..], &more].concat());
    assert_eq!(code, 0, "{said}");
    let whole = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "get: no exact limit that was tried explains ",
        "A token bucket split over nodes that decide by themselves does. ",
        "Calls that differ in cost, or others that use the limit, can look the same. ",
        "Likely, if it is split: 3 nodes",
        "Proved, if it is and no call is missing: at least 2 nodes; with 3 nodes, ",
        ". More nodes are never refuted.",
        "explains every call, with at least 2 nodes",
    ] {
        assert!(whole.contains(part), "{part}\n{printed}");
    }
    let read = |name: &str| std::fs::read_to_string(place.path().join(name)).expect("written");
    let page = read("fitted/report.md");
    assert!(page.contains("how many nodes there are: no greater number is ever refuted"), "{page}");
    let found: Value = serde_json::from_str(&read("fitted/fit.json")).expect("JSON");
    let limit = &found["limits"][0];
    assert_eq!((&limit["model"], &limit["misjudged"]), (&"split_bucket".into(), &Value::Null));
    assert_eq!((&limit["nodes"][0], &limit["nodes"][1]), (&2.into(), &Value::Null), "{limit}");
    assert_eq!(limit["estimate"]["nodes"], 3, "{limit}");
    let reasons = &found["not_identifiable"][0]["reasons"];
    assert_eq!(reasons, &serde_json::json!(["no_upper_bound_of_nodes", "calls_may_be_missing"]));
    assert_eq!(limit["rate_per_s"], Value::Null, "{limit}");
    let vouched = [&fit[..4], &["--complete", "--format", "json"]].concat();
    let found: Value = serde_json::from_str(&throttlesim(place.path(), &vouched).1).expect("JSON");
    let reasons = &found["not_identifiable"][0]["reasons"];
    assert_eq!(reasons, &serde_json::json!(["no_upper_bound_of_nodes"]));
    let own = read("own.toml");
    for part in ["\nnodes = 3\n", "rule.token_bucket = { rate = \"", "assumed = [\"it is split"] {
        assert!(own.contains(part), "{part}\n{own}");
    }
    write("found.toml", "provider.it.catalog = \"./own.toml\"");
    let other = refused("found.toml");
    assert!(truth > 100 && other.abs_diff(truth) < truth / 4, "{truth} and {other}: {own}");
}

/// The page shows what the command prints of the log that the page's scenario makes.
#[test]
fn the_page_shows_nodes() {
    let page = std::fs::read_to_string(crate::root().join("docs/fit.md")).expect("the page");
    let (_, section) = page.split_once("\n## A limit split over nodes\n").expect("the section");
    let block = |kind: &str| {
        let (_, rest) = section.split_once(&format!("```{kind}\n")).expect("a block");
        rest.split_once("```").expect("its end").0
    };
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("nodes.toml"), block("toml")).expect("written");
    let mut printed = String::new();
    for command in block("sh").lines() {
        let args: Vec<&str> = command.split(' ').skip(1).collect();
        let (code, text, said) = throttlesim(place.path(), &args);
        assert_eq!(code, 0, "{said}");
        printed = text;
    }
    assert!(printed.starts_with(block("text")), "put into docs/fit.md:\n{printed}");
}
