//! What a run may take, and where it may write: every command gives up at its bounds, says what
//! would help, and leaves what was there before.

use assert_cmd::Command;
use std::path::Path;

/// A hundred requests that are refused every millisecond for an hour.
const ENDLESS: &str = r#"schema = 1
question = "Does it end?"
duration = "1h"
max_events = 50_000
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/h", burst = 1 }
[workload.w]
arrivals.backlog = 100
call = "get"
[strategy.hasty]
retry = { attempts = "unlimited", backoff.fixed = "1ms" }
[sweep]
seed = [1, 2]
[size]
address = "workload.w.arrivals.backlog"
from = 100
to = 200
goal = "largest"
meet = ["throttle_rate < 10%"]
"#;

fn said(folder: &Path, text: &str, command: &str) -> String {
    std::fs::write(folder.join("s.toml"), text).expect("written");
    let mut program = Command::cargo_bin("throttlesim").expect("the program");
    let done = program.current_dir(folder).args([command, "s.toml"]).assert().code(2);
    String::from_utf8_lossy(&done.get_output().stderr).into_owned()
}

#[test]
fn every_command_gives_up_a_run_without_end() {
    let place = tempfile::tempdir().expect("a folder");
    let earlier = place.path().join("out/s/summary.json");
    std::fs::create_dir_all(earlier.parent().expect("a folder")).expect("made");
    std::fs::write(&earlier, "{}").expect("written");
    for command in ["run", "check", "compare", "sweep", "size", "readings"] {
        let told = said(place.path(), ENDLESS, command);
        for part in ["strategy hasty: given up at ", "after 50,000 events", "`max_events = 500000`"]
        {
            assert!(told.contains(part), "{command}: {told}");
        }
    }
    let left = std::fs::read_dir(place.path().join("out/s")).expect("read").flatten();
    let left: Vec<_> = left.filter(|entry| entry.path().is_file()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(std::fs::read_to_string(&earlier).expect("read"), "{}");
}

#[test]
fn a_run_that_fills_memory_is_given_up() {
    let place = tempfile::tempdir().expect("a folder");
    let filling = ENDLESS
        .replace("max_events = 50_000", "max_waiting = 10_000")
        .replace("arrivals.backlog = 100", "arrivals.poisson = \"100/s\"")
        .replace("backoff.fixed = \"1ms\"", "backoff.fixed = \"10m\"");
    let filling = filling.split("[sweep]").next().expect("a head");
    let told = said(place.path(), filling, "run");
    for part in ["more than 10,000 requests under way", "`max_waiting = 100000`"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_backlog_beyond_memory_is_refused_before_anything_runs() {
    let place = tempfile::tempdir().expect("a folder");
    let told = said(place.path(), &ENDLESS.replace("backlog = 100", "backlog = 40000000"), "run");
    for part in ["s.toml:3:12", "40,000,000 requests", "about 10 GB", "`max_waiting = 44000000`"] {
        assert!(told.contains(part), "{told}");
    }
}

/// A folder of results is named after the file of the scenario, whatever that is called.
#[test]
fn nothing_is_written_outside_the_folder_that_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let calm = ENDLESS.replace("\"1ms\"", "\"10m\"");
    for (file, folder) in [("...toml", None), ("a b.toml", Some("a b")), ("..b.toml", Some("..b"))]
    {
        let (inner, out) = (place.path().join("inner"), place.path().join("inner/out"));
        std::fs::create_dir_all(&out).expect("made");
        std::fs::write(inner.join(file), &calm).expect("written");
        let mut program = Command::cargo_bin("throttlesim").expect("the program");
        let done = program.current_dir(&inner).args(["run", file, "--out", "out"]).assert();
        let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        match folder {
            Some(folder) => assert!(out.join(folder).join("summary.json").exists(), "{said}"),
            None => assert!(said.contains("rename the file"), "{said}"),
        }
        let names = |folder: &Path| {
            let entries = std::fs::read_dir(folder).expect("read").flatten();
            entries.map(|entry| entry.file_name()).collect::<Vec<_>>()
        };
        assert_eq!(names(place.path()), ["inner"], "{file}");
        assert_eq!(names(&inner).len(), 2, "{file}: {:?}", names(&inner));
        std::fs::remove_dir_all(&inner).expect("removed");
    }
}
