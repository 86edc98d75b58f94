//! From runs to decisions, as a user gives the commands: sweeps that were killed, cut into shards
//! and merged, sizes, readings, comparisons.

use assert_cmd::Command;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use throttlesim::scenario::Draft;
use throttlesim::study::size_all;

const SCENARIO: &str = r#"schema = 1
question = "Which rate, and how many processes?"
duration = "5m"
replications = 2
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 5 }
[clients]
processes = 2
[workload.w]
arrivals.poisson = "0.8/s"
call = "get"
[strategy.paced]
pace.rate = "100%"
retry = { attempts = 3, backoff.fixed = "1s" }
[strategy.hasty]
retry = { attempts = 3, backoff.fixed = "1s" }
[sweep]
"strategy.paced.pace.rate" = { from = "80%", to = "120%", steps = 3 }
clients.processes = [1, 2, 4]
metrics = ["throttle_rate", "job_latency.p95"]
[size]
address = "workload.w.arrivals.poisson"
from = "0.1/s"
to = "4/s"
goal = "largest"
meet = ["throttle_rate < 10%"]
strategies = ["hasty"]
"#;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("s.toml"), SCENARIO).expect("written");
        Self { folder }
    }

    fn run(&self, words: &[&str]) -> assert_cmd::assert::Assert {
        let mut command = Command::cargo_bin("throttlesim").expect("the program");
        command.current_dir(self.folder.path()).args(words).assert()
    }

    /// Every file of a folder, by name.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).expect("a folder");
        let files = entries.flatten().filter(|entry| entry.path().is_file());
        let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
        files
            .map(|entry| {
                let bytes = std::fs::read(entry.path()).expect("a file");
                (name(&entry.path()).expect("a name"), bytes)
            })
            .collect()
    }
}

#[test]
fn a_sweep_has_the_same_bytes_whole_and_in_shards_and_after_a_stop() {
    let place = Place::new();
    place.run(&["sweep", "s.toml", "--out", "whole", "-q", "--threads", "1"]).success();
    let whole = place.files("whole/s");
    for name in ["sweep.csv", "sweep.json", "sweep.md", "sweep-throttle-rate.png", "trade-off.png"]
    {
        assert!(whole.contains_key(name), "{name}");
    }
    assert!(!place.folder.path().join("whole/s/parts").exists(), "nothing is left over");
    for shard in ["3/4", "1/4", "4/4", "2/4"] {
        place.run(&["sweep", "s.toml", "--out", "cut", "--shard", shard]).success();
    }
    place.run(&["merge", "s.toml", "--out", "cut"]).success();
    assert_eq!(place.files("cut/s"), whole);
    // A stop leaves some points and half a line.
    let shards = place.files("cut/s/parts");
    let part = String::from_utf8(shards["part-1-of-4.jsonl"].clone()).expect("text");
    let part = part.replace("\"shard\":[1,4]", "\"shard\":[1,1]");
    let end = part.rfind("{\"digest\"").expect("a digest");
    let part = &part[..end];
    let parts = place.folder.path().join("stopped/s/parts");
    std::fs::create_dir_all(&parts).expect("a folder");
    let left = &part[..part.len() - 9];
    std::fs::write(parts.join("part-1-of-1.jsonl.unfinished"), left).expect("written");
    let said = place.run(&["sweep", "s.toml", "--out", "stopped"]).success();
    let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
    assert!(said.contains("2 of 9 points were done before"), "{said}");
    assert_eq!(place.files("stopped/s"), whole);
}

#[test]
fn a_merge_tells_what_is_missing_twice_or_foreign() {
    let place = Place::new();
    let merge = |words: &[&str]| {
        let said = place.run(&[&["merge", "s.toml"], words].concat()).code(2);
        String::from_utf8_lossy(&said.get_output().stderr).into_owned()
    };
    assert!(merge(&[]).contains("cannot read"));
    place.run(&["sweep", "s.toml", "--shard", "1/3"]).success();
    place.run(&["sweep", "s.toml", "--shard", "2/3"]).success();
    assert!(merge(&[]).contains("3 of 9 points are missing (2, 5, 8)"), "{}", merge(&[]));
    place.run(&["sweep", "s.toml", "--shard", "1/2"]).success();
    assert!(merge(&[]).contains("point 0 is in "), "{}", merge(&[]));
    let first = "out/s/parts/part-1-of-3.jsonl";
    assert!(merge(&[first, "--seed", "7"]).contains("it is of seed 42, not 7"));
    assert!(merge(&[first, "--set", "duration=6m"]).contains("said something else"));
    let path = place.folder.path().join(first);
    let text = std::fs::read_to_string(&path).expect("a part");
    std::fs::write(&path, &text[..text.len() - 4]).expect("cut");
    assert!(merge(&[first]).contains("is damaged: its digest is not that of its 3 points"));
    std::fs::write(&path, "nonsense").expect("written");
    assert!(merge(&[first]).contains("is no part of a sweep"));
}

/// What was printed, on one line.
fn unwrapped(printed: &[u8]) -> String {
    let words: Vec<_> = std::str::from_utf8(printed).expect("UTF-8").split_whitespace().collect();
    words.join(" ")
}

#[test]
fn a_size_is_told_in_a_sentence() {
    let place = Place::new();
    let said = place.run(&["size", "s.toml", "-q"]).success();
    let said = unwrapped(&said.get_output().stdout);
    assert!(said.contains("hasty: workload.w.arrivals.poisson "), "{said}");
    assert!(said.contains("/s at most, for `throttle_rate < 10%`; at "), "{said}");
    assert!(place.folder.path().join("out/s/size.png").exists());
    // M/M-like loss grows with the load: between 1/s and 1.3/s a bucket of 1/s refuses a tenth.
    let none = ["size", "s.toml", "-q", "--set", "size.meet=[\"goodput > 100/s\"]"];
    let said = place.run(&none).code(1);
    let said = unwrapped(&said.get_output().stdout);
    assert!(
        said.contains("none of 9 values of workload.w.arrivals.poisson from 0.1/s to 4/s"),
        "{said}"
    );
    let all = ["size", "s.toml", "-q", "--set", "size.meet=[\"throttle_rate <= 100%\"]"];
    let said = place.run(&all).success();
    let said = unwrapped(&said.get_output().stdout);
    assert!(said.contains("4/s is the edge of the range, so it may be more"), "{said}");
}

/// What one strategy is expected to do alone is no curve of another's.
#[test]
fn what_one_strategy_must_hold_is_not_drawn_for_another() {
    let (head, _) = SCENARIO.split_once("[sweep]").expect("a sweep");
    let text = format!(
        "{head}[[expect]]\nthat = \"throttle_rate < 10%\"\nstrategy = \"hasty\"\n\
         [[expect]]\nthat = \"latency.p95 < 20s\"\nstrategy = \"paced\"\n\
         [size]\naddress = \"clients.accounts\"\nfrom = 1\nto = 3\ngoal = \"largest\"\n"
    );
    let draft = Draft { name: "s".into(), text, folder: PathBuf::new(), inputs: Vec::new() };
    let sizing = draft.scenario().expect("it can be read").size.expect("a size");
    let sized = size_all(&draft, &sizing).expect("sized");
    let drawn = |strategy: usize, meet| sized[strategy].curve(&sizing, meet).len();
    let (paced, hasty) = (0, 1);
    assert_eq!([drawn(hasty, 0), drawn(hasty, 1)], [3, 0]);
    assert_eq!([drawn(paced, 0), drawn(paced, 1)], [0, 3]);
}

#[test]
fn readings_and_comparisons_are_told() {
    let place = Place::new();
    let said = place.run(&["readings", "s.toml", "-q"]).success();
    let said = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(said.contains("leave nothing open"), "{said}");
    let text = SCENARIO.replace("burst = 5", "burst = 50");
    std::fs::write(place.folder.path().join("wide.toml"), text).expect("written");
    let said =
        place.run(&["compare", "s.toml", "wide.toml", "-q", "--replications", "20"]).success();
    let said = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(said.contains("“hasty”: wide has, against s, throttle_rate "), "{said}");
    place.run(&["run", "s.toml", "-q"]).success();
    let earlier = ["compare", "s.toml", "out/s/summary.json", "-q"];
    let said = place.run(&earlier).success();
    let said = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(said.contains("s (earlier): paced"), "{said}");
}

#[test]
fn replications_go_on_until_a_figure_is_known() {
    let place = Place::new();
    let until = |width: &str| {
        let until = format!("replications={{ until = \"throttle_rate ± {width}\", at_most = 60 }}");
        let said = place.run(&["run", "s.toml", "--set", &until, "--format", "json"]).success();
        let json: serde_json::Value =
            serde_json::from_slice(&said.get_output().stdout).expect("JSON");
        let ends = json["strategies"][1]["throttle_rate"]["ci95"].clone();
        let end = |n: usize| ends[n].as_f64().expect("an end");
        (json["replications"].as_u64().expect("a number"), (end(1) - end(0)) / 2.0)
    };
    let (few, half) = until("5%");
    assert!(half <= 0.05, "{half}");
    let (more, half) = until("2%");
    assert!(more > few && (half <= 0.02 || more == 60), "{few} {more} {half}");
}

#[test]
fn what_cannot_be_swept_or_sized_is_told_before_anything_runs() {
    let place = Place::new();
    let said = |more: &str, command: &str| {
        let text = SCENARIO.split("[sweep]").next().expect("a head").to_string() + more;
        std::fs::write(place.folder.path().join("bad.toml"), text).expect("written");
        let said = place.run(&[command, "bad.toml"]).code(2);
        String::from_utf8_lossy(&said.get_output().stderr).into_owned()
    };
    let both = "[sweep]\n\"clients.acounts\" = [1]\n\"strategy.pacd.workers\" = [1]\n";
    let told = said(both, "sweep");
    assert!(
        told.contains("did you mean `accounts`?") && told.contains("no strategy `pacd`"),
        "{told}"
    );
    for (more, command, part) in [
        ("", "sweep", "bad.toml sweeps nothing"),
        ("", "size", "bad.toml sizes nothing"),
        ("[sweep]\n\"clients.accounts\" = []\n", "sweep", "a list of no values"),
        ("[sweep]\nmetrics = [\"throttle_rate\"]\n", "sweep", "a sweep of nothing"),
        ("[sweep]\nseed = { from = 3, to = 1, steps = 2 }\n", "sweep", "3 is not below 1"),
        ("[sweep]\nseed = { from = 1, to = 3 }\n", "sweep", "a range needs `steps`"),
        ("[sweep]\nseed = { from = 0, to = 3, steps = 2, scale = \"log\" }\n", "sweep", "above 0"),
        ("[sweep]\nduration = { from = 1, to = \"3h\", steps = 2 }\n", "sweep", "different units"),
        ("[sweep]\nseed = [1]\nmetrics = [\"trottle_rate\"]\n", "sweep", "`throttle_rate`?"),
        (
            "[size]\naddress = \"seed\"\nfrom = 1\nto = 2\ngoal = \"largest\"\n",
            "size",
            "nothing that must hold",
        ),
        (
            "[size]\naddress = \"sed\"\nfrom = 1\nto = 2\ngoal = \"largest\"\n\
             meet = [\"throttle_rate < 1%\"]\n",
            "size",
            "did you mean `seed`?",
        ),
    ] {
        let told = said(more, command);
        assert!(told.contains(part), "{more}: {told}");
    }
    assert!(!place.folder.path().join("out").exists(), "nothing was written");
}

/// Another seed gives other figures, another winner's sentence and perhaps another verdict: with a
/// tolerance only the figures count, and each that differs is told once.
#[test]
fn a_check_compares_figures_and_not_prose() {
    let place = Place::new();
    let check = |words: &[&str]| {
        let words = [&["check", "s.toml", "--replications", "20"], words].concat();
        place.run(&words).get_output().clone()
    };
    assert_eq!(check(&["--accept"]).status.code(), Some(0));
    let within = check(&["--seed", "43", "--tolerance", "50%"]);
    let said = String::from_utf8_lossy(&within.stdout).into_owned();
    assert_eq!(within.status.code(), Some(0), "{said}");
    let exactly = check(&["--seed", "43", "-v"]);
    let said = String::from_utf8_lossy(&exactly.stdout).into_owned();
    assert_eq!(exactly.status.code(), Some(1), "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.contains(" was ")).collect();
    let named: BTreeSet<&str> =
        lines.iter().filter_map(|l| Some(l.split_once(" was ")?.0)).collect();
    assert_eq!(named.len(), lines.len(), "{said}");
    assert!(lines.len() > 10 && !said.contains("by_workload") && !said.contains('“'), "{said}");
    let change = |line: &&str| {
        let share = line.rsplit_once('(')?.1.strip_suffix(" %)")?;
        share.parse::<f64>().ok().map(f64::abs)
    };
    let changes: Vec<f64> = lines.iter().filter_map(change).collect();
    assert!(changes.is_sorted_by(|a, b| a >= b), "{said}");
}

/// FNV-1a, as a part ends with.
fn sealed(lines: &[String]) -> String {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let digest = throttlesim::study::fnv(text.bytes());
    format!("{text}{{\"digest\":\"{digest:016x}\"}}\n")
}

/// Parts whose figures are damaged, with a digest that tells so, and with one that does not.
#[test]
fn a_merge_distrusts_the_figures_of_its_parts() {
    let place = Place::new();
    place.run(&["sweep", "s.toml", "--shard", "1/1", "-q"]).success();
    let path = place.folder.path().join("out/s/parts/part-1-of-1.jsonl");
    let text = std::fs::read_to_string(&path).expect("a part");
    let lines: Vec<String> = text.lines().map(String::from).collect();
    let lines = &lines[..lines.len() - 1];
    assert_eq!(sealed(lines), text);
    type Damage = fn(&mut serde_json::Value);
    let damages: [(Damage, &str); 9] = [
        (
            |point| point["strategies"][0]["figures"][2] = serde_json::json!([]),
            "throttle_rate is []",
        ),
        (
            |point| point["strategies"][0]["figures"][2] = serde_json::json!([9e99]),
            "throttle_rate is",
        ),
        (
            |point| point["strategies"][0]["figures"][2] = serde_json::json!([-0.1]),
            "throttle_rate is",
        ),
        (
            |point| point["strategies"][1]["figures"][6] = serde_json::json!([1.0, 2.0, 3.0]),
            "is [1, 2, 3]",
        ),
        (|point| point["strategies"][0]["figures"] = serde_json::json!([]), "0 figures"),
        (|point| point["strategies"] = serde_json::json!([]), "0 strategies"),
        (|point| point["point"] = serde_json::json!(777), "only 9 points"),
        (|point| point["point"] = serde_json::json!(3), "point 3 is in"),
        (|point| point["extra"] = serde_json::json!(1), "damaged"),
    ];
    for (damage, told) in damages {
        let mut point: serde_json::Value = serde_json::from_str(&lines[1]).expect("a point");
        damage(&mut point);
        let mut damaged = lines.to_vec();
        damaged[1] = point.to_string();
        let plain = text.replacen(&lines[1], &damaged[1], 1);
        for (text, told) in [(plain, "is damaged: its digest"), (sealed(&damaged), told)] {
            std::fs::write(&path, text).expect("written");
            let said = place.run(&["merge", "s.toml", "-q"]).code(2);
            let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
            assert!(said.contains(told) && !said.contains("panicked"), "{told}: {said}");
        }
    }
    std::fs::write(&path, text).expect("written");
    place.run(&["merge", "s.toml", "-q"]).success();
}

#[test]
fn an_earlier_result_is_not_trusted() {
    let place = Place::new();
    place.run(&["run", "s.toml", "-q"]).success();
    let path = place.folder.path().join("out/s/summary.json");
    let text = std::fs::read_to_string(&path).expect("a summary");
    for (from, to, told) in [
        ("\"schema\": 2", "\"schema\": 99", "schema 99"),
        (
            "\"throttle_rate\": {",
            "\"throttle_rate\": { \"mean\": 7, \"was\": 1 }, \"was\": {",
            "throttle_rate is",
        ),
        ("\"strategies\": [", "\"strategies\": [3, ", "no name"),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("written");
        let check: &[_] = &["check", "s.toml", "--out", "out"];
        for words in [check, &["compare", "out/s/summary.json"]] {
            let said = place.run(words).code(2);
            let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
            assert!(said.contains(told), "{words:?} {told}: {said}");
        }
    }
}
