//! The command: its answer first, its files, its exit codes, and what it says of mistakes.

use super::bucket;
use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

fn run(folder: &Path, text: &str, args: &[&str]) -> (i32, String, String) {
    std::fs::write(folder.join("mine.toml"), text).expect("written");
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    let command = command.current_dir(folder).env("NO_COLOR", "1").env("COLUMNS", "80");
    let done = command.args(["advise", "mine.toml", "--out", "out"]).args(args);
    let done = done.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}

const WORK: &str = "[workload.w]\narrivals.backlog = 60\ncall = \"GET /x\"\n[advise]\n\
                    may = [\"pace\", \"retry\"]\n";

#[test]
fn the_answer_comes_first_and_every_file_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let must = "must = [\"jobs.lost == 0\"]\n";
    let (code, printed, said) = run(folder.path(), &(bucket(WORK) + must), &[]);
    assert_eq!(code, 0, "{said}");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "?");
    assert!(lines[1].starts_with("Pace at 100 % of the published rate"), "{printed}");
    assert!(printed.contains("\n[strategy.advised]\npace = { rate = \"100%\""), "{printed}");
    // All but the table to paste fits the terminal.
    let tables = lines.iter().filter(|line| !line.contains(" = "));
    assert!(tables.clone().all(|line| line.chars().count() <= 80), "{printed}");
    assert!(lines.iter().any(|line| line.trim_start().starts_with("if the world is")), "{printed}");
    let files =
        ["advice.md", "advice.json", "advice.csv", "advice-race.png", "advice-trade-off.svg"];
    for file in files {
        let place = folder.path().join("out/mine").join(file);
        assert!(place.metadata().is_ok_and(|file| file.len() > 100), "{file}");
    }
    let (_, printed, _) = run(folder.path(), &(bucket(WORK) + must), &["--format", "json", "-q"]);
    let json: Value = serde_json::from_str(&printed).expect("JSON");
    let advice = &json["advice"];
    assert!(advice["sentence"].as_str().is_some_and(|text| text.starts_with("Pace at 100 %")));
    assert!(advice["toml"].as_str().is_some_and(|text| text.starts_with("[strategy.advised]")));
    assert!(advice["runs"].as_u64().is_some_and(|runs| runs > 0));
    assert_eq!(advice["figures"]["jobs"]["completed"], advice["figures"]["jobs"]["arrived"]);
    assert!(advice["tied_with"].is_array() && advice["conditions"] == "met");
}

#[test]
fn what_nothing_meets_is_exit_code_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let must = "must = [\"last_end < 10s\"]\n";
    let (code, printed, _) = run(folder.path(), &(bucket(WORK) + must), &["-q"]);
    assert_eq!(code, 1, "{printed}");
    assert!(printed.contains("No strategy of"), "{printed}");
}

#[test]
fn mistakes_are_told_at_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, args, parts) in [
        (
            bucket(WORK) + "goal = \"complete\"\n",
            &[][..],
            &["mine.toml:", "no metric `complete`"][..],
        ),
        (bucket(WORK) + "range.\"pace.rat\" = [1]\n", &[], &["did you mean `pace.rate`?"]),
        (bucket(WORK) + "client = \"polyl\"\n", &[], &["did you mean `polly`?"]),
        (bucket(WORK) + "routes = [[\"v\"]]\n", &[], &["no workload `v` here"]),
        (bucket(WORK) + "may = [\"pace\"]\n", &[], &["mine.toml:"]),
        (bucket(WORK), &["--budget", "0"], &["budget"]),
        (bucket(WORK).replace("backlog = 60", "backlog = 0"), &[], &["mine.toml:11:"]),
    ] {
        let (code, printed, said) = run(folder.path(), &text, args);
        assert_eq!(code, 2, "{text}\n{printed}");
        for part in parts {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
}

/// A search that was stopped goes on from the runs that are on the disk, and gives the same bytes
/// as one that was not.
#[test]
fn an_interrupted_search_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = bucket(
        "[workload.w]\narrivals.poisson = \"0.8/s\"\ncall = \"GET /x\"\n[advise]\n\
                       may = [\"pace\", \"retry\"]\nrange.\"pace.burst\" = [1, 10]\n",
    );
    let text = work.replace("[service]", "[service]\nfailure_rate = 0.01");
    std::fs::write(folder.path().join("mine.toml"), &text).expect("written");
    let program = env!("CARGO_BIN_EXE_throttlesim");
    let line = format!(
        "{program} advise mine.toml --out out -q --threads 1 & until grep -q '^\\[' {JOURNAL} \
         2> /dev/null; do sleep 0.01; done; kill -INT $!; wait $!"
    );
    let stopped = std::process::Command::new("sh")
        .current_dir(folder.path())
        .args(["-c", &line])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&stopped.stderr).to_string();
    assert_eq!(stopped.status.code(), Some(130), "{said}");
    assert!(said.contains("the same command goes on from there"), "{said}");
    let journal = folder.path().join(JOURNAL);
    let kept = std::fs::read_to_string(&journal).expect("a journal").lines().count() - 1;
    assert!(kept > 0 && !folder.path().join("out/mine/advice.md").exists());
    let (code, printed, said) = run(folder.path(), &text, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("runs were done before"), "{said}");
    assert!(!journal.exists(), "what is needed no more is gone");
    let whole = tempfile::tempdir().expect("a folder");
    let (_, uninterrupted, said) = run(whole.path(), &text, &[]);
    assert!(!said.contains("done before"), "{said}");
    assert_eq!(printed, uninterrupted);
    for file in ["advice.json", "advice.csv", "advice.md", "advice-race.png"] {
        let [a, b] = [&folder, &whole]
            .map(|of| std::fs::read(of.path().join("out/mine").join(file)).expect("a file"));
        assert!(a == b, "{file}");
    }
}

const JOURNAL: &str = "out/mine/advice.runs.unfinished";

/// A scenario without a strategy is for `advise` alone.
#[test]
fn other_commands_still_need_a_strategy() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine.toml"), bucket(WORK)).expect("written");
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    let done =
        command.current_dir(folder.path()).args(["run", "mine.toml"]).output().expect("runs");
    let said = String::from_utf8_lossy(&done.stderr).to_string();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("throttlesim advise"), "{said}");
}
