//! The program as a person meets it: output, files, exit codes.

use crate::root;
use assert_cmd::Command;
use std::path::Path;

fn throttlesim(args: &[&str], out: &Path) -> (i32, String, String) {
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    let output = command.current_dir(root()).env("NO_COLOR", "1").env("COLUMNS", "120");
    let output = output.args(args);
    let output = match args.first() {
        Some(&"run") => output.arg("--out").arg(out),
        _ => output,
    };
    let output = output.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

const CHARGES: &str = "scenarios/amazon-pay-30-charges.toml";

#[test]
fn run_prints_the_comparison_and_writes_the_report() {
    let out = folder();
    let (code, printed, said) = throttlesim(&["run", CHARGES], out.path());
    assert_eq!(code, 0, "{said}");
    for part in ["resend everything every 40 s", "All 6 expectations are met.", "assumed: "] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(said.contains("report.md"), "{said}");
    let folder = out.path().join("amazon-pay-30-charges");
    for file in ["summary.json", "report.md", "timeline.csv", "comparison.png", "comparison.svg"] {
        assert!(folder.join(file).metadata().is_ok_and(|file| file.len() > 100), "{file}");
    }
    let page = std::fs::read_to_string(folder.join("report.md")).expect("a page");
    assert!(page.contains("](backlog.png)"), "{page}");
}

#[test]
fn json_is_what_the_summary_holds() {
    let out = folder();
    let (_, printed, said) = throttlesim(&["run", CHARGES, "--format", "json", "-q"], out.path());
    let file = out.path().join("amazon-pay-30-charges/summary.json");
    assert_eq!(printed, std::fs::read_to_string(file).expect("a summary"));
    assert_eq!(said, "");
    let summary: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(summary["strategies"][1]["attempts"]["throttled"], 30);
}

#[test]
fn the_exit_code_tells_whether_expectations_hold() {
    let out = folder();
    let failed =
        throttlesim(&["run", CHARGES, "--set", "strategy.resend.retry.attempts=2"], out.path());
    assert_eq!(failed.0, 1, "{}", failed.1);
    assert!(failed.1.contains("failed"), "{}", failed.1);
}

#[test]
fn events_are_one_line_an_attempt() {
    let out = folder();
    for (file, lines) in [("events.jsonl", 10 + 20 + 60), ("events.csv", 10 + 20 + 60 + 1)] {
        let path = out.path().join(file);
        let name = path.to_string_lossy().to_string();
        let set = "strategy.jitter.workloads=[\"restored-batches\"]";
        let args = ["run", CHARGES, "--events", &name, "--set", set, "-q"];
        throttlesim(&args, out.path());
        let text = std::fs::read_to_string(&path).expect("events");
        // 30 at once, 60 resent, 30 in batches twice, 30 paced.
        assert_eq!(text.lines().count(), lines + 30 + 30 + 30, "{file}");
        assert!(text.contains("restored-batches") && text.contains("429"), "{file}");
    }
}

#[test]
fn the_catalogue_tells_rates_and_sources() {
    let out = folder();
    let args = ["catalog", "sp-api", "orders/v0/getOrderItems"];
    let (code, printed, _) = throttlesim(&args, out.path());
    assert_eq!(code, 0);
    let ends = "deprecated: migrate to orders/2026-01-01 before 2027-03-27";
    for part in ["0.5/s", "30", ends, "source: "] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    let (_, printed, _) = throttlesim(&["catalog", "pa-api"], out.path());
    let ended = "retired on 2026-05-15: use Creators API instead";
    assert!(printed.contains(ended), "{printed}");
    let (_, printed, _) = throttlesim(&["catalog", "ecomdash"], out.path());
    for scope in [" account ", " account, operation ", " application "] {
        assert!(printed.contains(scope), "{scope}: {printed}");
    }
    let (_, list, _) = throttlesim(&["catalog", "sp-api", "--format", "json"], out.path());
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(370));
    let (code, _, said) = throttlesim(&["catalog", "sp-api", "getOrderItem"], out.path());
    assert_eq!(code, 2);
    assert!(said.contains("orders/v0/getOrderItems"), "{said}");
}

#[test]
fn explain_fills_in_every_default() {
    let (code, printed, _) = throttlesim(&["explain", CHARGES], folder().path());
    assert_eq!(code, 0);
    for part in ["seed", "quota: 10 at once, one more every 4 s", "refuses with 429", "assumed"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_nothing_is_lost() {
    let out = folder();
    let file = out.path().join("a-file");
    std::fs::write(&file, "before").expect("written");
    let (code, _, said) = throttlesim(&["run", CHARGES], &file);
    assert_eq!(code, 2);
    assert!(said.contains("a-file") && said.contains("--out"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("kept"), "before");
}

/// A changed constant is told with scenario, strategy, metric, old and new; accepted, it is kept
/// and nothing differs any more. What has not moved is not written again.
#[test]
fn check_finds_what_moved_and_records_it_when_told_to() {
    let out = folder();
    let place = out.path().to_str().expect("a path");
    let check = |args: &[&str]| {
        let (code, printed, _) =
            throttlesim(&[&["check", CHARGES, "--out", place], args].concat(), out.path());
        (code, printed)
    };
    assert!(check(&[]).1.contains("nothing is recorded"));
    let (_, annotated) = check(&["--format", "github"]);
    let title = "title=amazon-pay-30-charges is not recorded::nothing is recorded";
    assert!(annotated.contains(title), "{annotated}");
    assert_eq!(check(&["--accept"]).0, 0);
    let picture = out.path().join("amazon-pay-30-charges/latency.png");
    let drawn = || std::fs::read(&picture).expect("a picture");
    let before = drawn();
    assert_eq!(check(&["--accept"]), (0, check(&[]).1));
    assert!(drawn() == before, "nothing moved");
    let changed =
        ["--set", "provider.pay.operation.CreateCharge={ rate = \"0.25/s\", burst = 11 }"];
    let (code, printed) = check(&[&changed[..], &["-v"]].concat());
    assert_eq!(code, 1, "{printed}");
    for part in ["amazon-pay-30-charges: FAILED", "strategy once: ", "throttled was 20, is 19"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    let (code, printed) = check(&[&changed[..], &["--format", "junit"]].concat());
    assert!(code == 1 && printed.contains("<failure message="), "{printed}");
    let (_, printed) = check(&[&changed[..], &["--format", "github"]].concat());
    assert!(printed.starts_with("::error file=scenarios/"), "{printed}");
    assert!(printed.contains("title=amazon-pay-30-charges differs::strategy"), "{printed}");
}

#[test]
fn init_writes_a_starter_and_never_over_a_file() {
    let out = folder();
    let file = out.path().join("mine.toml");
    let place = file.to_str().expect("a path");
    let (code, printed, _) = throttlesim(&["init", "sp-api"], out.path());
    assert!(code == 0 && printed.contains("catalog = \"sp-api\""), "{printed}");
    let (code, _, said) = throttlesim(&["init", "sp-api", place], out.path());
    assert!(code == 0 && said.contains("throttlesim run"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("a starter"), printed);
    let (code, _, said) = throttlesim(&["init", "own", place], out.path());
    assert!(code == 2 && said.contains("exists"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).expect("a starter"), printed);
}

#[test]
fn a_call_that_is_wrong_says_how_it_is_right() {
    let out = folder();
    let picture = out.path().join("picture.png");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\n").expect("written");
    let picture = picture.to_string_lossy();
    for (args, part) in [
        (vec!["explian"], "explain"),
        (vec!["run"], "<FILE>"),
        (vec!["run", "no-such.toml"], "cannot read no-such.toml"),
        (vec!["run", CHARGES, "--set", "seed"], "has no `=`"),
        (vec!["run", CHARGES, "--set", "seeed=4"], "did you mean `seed`?"),
        (vec!["run", CHARGES, "--replications", "0"], "0 replications"),
        (vec!["run", CHARGES, "--threads", "0"], "1..=1024"),
        (vec!["run", CHARGES, "--set", "strategy.pacd.workers=4"], "did you mean `paced`?"),
        (vec!["run", CHARGES, CHARGES], "would share a folder: rename one"),
        (vec!["run", CHARGES, "--events", CHARGES], "would replace"),
        (vec!["run", &picture], "it is not valid UTF-8"),
    ] {
        let (code, _, said) = throttlesim(&args, out.path());
        assert_eq!(code, 2, "{args:?}");
        assert!(said.contains(part), "{args:?}: {said}");
    }
}

/// Whatever the question is, an API that is gone is no answer to it.
#[test]
fn the_end_of_an_api_stands_before_every_answer() {
    let out = folder();
    let file = out.path().join("gone.toml");
    let text = r#"
        schema = 1
        question = "Are 30 products a day complete?"
        duration = "1d"
        drain = "1d"
        provider.associates.catalog = "pa-api"
        provider.associates.revenue = { account_age = "365d", shipped.constant = "9 USD" }
        workload.refresh = { arrivals.backlog = 30, call = "GetItems" }
        strategy.paced.pace.rate = "0.95/s"
        expect = [{ that = "jobs.lost == 0" }]
        size.address = "workload.refresh.arrivals.backlog"
        size.from = 1
        size.to = 40
        size.goal = "largest"
        sweep."workload.refresh.arrivals.backlog" = [1, 2]
    "#;
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a path");
    let results = out.path().join("results");
    let results = results.to_str().expect("a path");
    for command in ["run", "size", "sweep", "readings", "explain"] {
        let args = match command {
            "run" => vec![command, file],
            "explain" => vec![command, file],
            _ => vec![command, file, "--out", results],
        };
        let (code, printed, said) = throttlesim(&args, out.path());
        assert_eq!(code, 0, "{command}: {said}{printed}");
        let ended = "PA-API was retired on 2026-05-15; use Creators API instead.";
        let place = printed.lines().position(|line| line == ended);
        let question = printed.lines().position(|line| line.starts_with("Are 30 products"));
        assert_eq!(
            place,
            question.map(|line| line + if command == "explain" { 2 } else { 1 }),
            "{command}: {printed}"
        );
        assert_eq!(printed.matches("was retired").count(), 1, "{command}: {printed}");
    }
    for page in ["gone/report.md", "results/gone/size.md", "results/gone/readings.md"] {
        let page = std::fs::read_to_string(out.path().join(page)).expect(page);
        let first = page.lines().nth(2);
        assert_eq!(first, Some("**PA-API was retired on 2026-05-15; use Creators API instead.**"));
    }
}
