//! Faults of the machine: killed at any time, no room, no right to write, nobody who reads. What
//! was there before is intact, what is new is whole or absent, and the exit code tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const QUICK: &str = r#"schema = 1
question = "Is it whole?"
duration = "10m"
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 5 }
[workload.w]
arrivals.poisson = "1.2/s"
call = "get"
[strategy.s]
retry = { attempts = 3, backoff.fixed = "1s" }
[sweep]
seed = { from = 1, to = 400, steps = 400 }
"#;

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_throttlesim")
}

/// A folder with the scenario `s.toml` in it.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("s.toml"), QUICK).expect("written");
    place
}

fn run(place: &Path, words: &[&str]) -> Output {
    Command::new(program()).current_dir(place).args(words).output().expect("it runs")
}

/// What a shell makes of a line in which `$P` is the program.
fn shell(place: &Path, line: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.current_dir(place).env("P", program()).args(["-c", line]).output().expect("a shell")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of a folder that is there to be read, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let named = entries.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kept = entry.path().is_file() && !name.starts_with('.');
        kept.then(|| (name, fs::read(entry.path()).expect("readable")))
    });
    named.collect()
}

#[test]
fn killed_at_any_time_every_file_is_the_old_one_or_the_new_one() {
    let place = place();
    let old = ["run", "s.toml", "--out", "out", "-q"];
    let new = ["run", "s.toml", "--out", "new", "-q", "--seed", "7"];
    run(place.path(), &old);
    let begun = std::time::Instant::now();
    run(place.path(), &new);
    let whole = begun.elapsed();
    let (before, after) = (files(&place.path().join("out/s")), files(&place.path().join("new/s")));
    assert!(before.len() > 5 && before["summary.json"] != after["summary.json"]);
    for moment in 1..=12 {
        let mut words = new;
        words[3] = "out";
        let mut child = Command::new(program())
            .current_dir(place.path())
            .args(words)
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        std::thread::sleep(whole * moment / 11);
        let _ = child.kill();
        child.wait().expect("it ends");
        for (name, bytes) in files(&place.path().join("out/s")) {
            let known = [&before, &after].map(|set| set.get(&name));
            assert!(known.contains(&Some(&bytes)), "{name} is neither, at moment {moment}");
        }
    }
}

/// By Ctrl-C and by a polite kill; a sweep keeps the points that are done, and goes on from there.
#[test]
fn interrupted_it_leaves_nothing_half_done_and_says_130() {
    for signal in ["INT", "TERM"] {
        let place = place();
        let long = fs::read_to_string(place.path().join("s.toml")).expect("read");
        let long = long.replace("\"10m\"", "\"30d\"").replace("\"1.2/s\"", "\"20/s\"");
        fs::write(place.path().join("long.toml"), long).expect("written");
        for words in ["run long.toml --replications 50", "check long.toml", "readings long.toml"] {
            // Until it listens, a signal to a command in the background may be passed over.
            let again = format!("while kill -{signal} $! 2> /dev/null; do sleep 0.2; done");
            let line = format!("$P {words} & sleep 1; {again}; wait $!");
            let done = shell(place.path(), &line);
            assert_eq!(done.status.code(), Some(130), "{words}: {}", said(&done));
            assert!(files(&place.path().join("out/long")).is_empty(), "{words}");
        }
        let begun = "until ls out/s/parts/* > /dev/null 2>&1; do sleep 0.05; done";
        let sweep = "$P sweep s.toml --replications 100 --out out -q";
        let sweep = format!("{sweep} & {begun}; sleep 0.1; kill -{signal} $!; wait $!");
        let done = shell(place.path(), &sweep);
        assert_eq!(done.status.code(), Some(130), "{}", said(&done));
        assert!(said(&done).contains("points are done and kept"), "{}", said(&done));
    }
}

#[test]
fn without_room_nothing_is_lost_and_the_file_is_named() {
    let place = place();
    let disk = place.path().join("disk");
    fs::create_dir(&disk).expect("made");
    let mount = |options: &str| {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&disk);
        mount.output().is_ok_and(|done| done.status.success())
    };
    if !mount("size=64k") {
        println!("skipped: no small disk can be mounted here");
        return;
    }
    fs::create_dir(disk.join("s")).expect("made");
    fs::write(disk.join("s/summary.json"), "{}").expect("written");
    let full = run(place.path(), &["run", "s.toml", "--out", "disk"]);
    let left = files(&disk.join("s"));
    let hidden = fs::read_dir(disk.join("s")).expect("readable").count();
    let locked = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status();
    let read_only = run(place.path(), &["run", "s.toml", "--out", "disk"]);
    Command::new("umount").arg(&disk).status().expect("unmounted");
    assert_eq!(full.status.code(), Some(2), "{}", said(&full));
    assert!(said(&full).contains("No space left") && said(&full).contains("disk/s/"), "{full:?}");
    assert_eq!((left.len(), hidden), (1, 1), "nothing new, nothing stray");
    assert_eq!(left["summary.json"], b"{}");
    if locked.is_ok_and(|status| status.success()) {
        assert_eq!(read_only.status.code(), Some(2), "{}", said(&read_only));
        assert!(said(&read_only).contains("Read-only"), "{}", said(&read_only));
    }
}

#[test]
fn a_file_where_a_folder_belongs_is_told() {
    let place = place();
    fs::write(place.path().join("out"), "a file").expect("written");
    let done = run(place.path(), &["run", "s.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(said(&done).contains("cannot") && said(&done).contains("out/s"), "{}", said(&done));
    assert_eq!(fs::read(place.path().join("out")).expect("kept"), b"a file");
}

#[test]
fn nobody_reads_and_nothing_panics() {
    let place = place();
    for (line, code) in [
        ("$P run s.toml --out out | head -1 > /dev/null", 0),
        ("$P catalog sp-api | head -1 > /dev/null", 0),
        // What is closed, a Rust program opens as /dev/null.
        ("$P run s.toml --out out >&-", 0),
        ("$P run s.toml --out out 2>&-", 0),
        ("$P run no-such.toml 2>&-", 2),
        ("$P run s.toml --out out > /dev/full", 2),
        ("$P run s.toml --out out 2> /dev/full", 0),
    ] {
        let done = shell(place.path(), line);
        assert!(!said(&done).contains("panicked"), "{line}: {}", said(&done));
        let found = done.status.code().unwrap_or(-1);
        assert_eq!(found, code, "{line}: {}", said(&done));
    }
}

const FAILING: &str = "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = []\n\
    rule.token_bucket = { rate = \"1/s\", burst = 1 }\n\
    [workload.w]\narrivals.backlog = 5\ncall = \"get\"\n[strategy.s]\n\
    [[expect]]\nthat = \"throttle_rate < 1%\"\n";

/// A gate keeps its exit code, and all scenarios run, whoever reads.
#[test]
fn a_failed_expectation_is_told_though_nobody_reads() {
    let place = place();
    for name in ["f.toml", "g.toml"] {
        fs::write(place.path().join(name), FAILING).expect("written");
    }
    for line in [
        "$P check f.toml -q > /dev/null",
        "($P check f.toml -q; echo $? > code) | true; exit $(cat code)",
        "$P check f.toml -q > /dev/full",
        "($P run f.toml g.toml -q --events e.jsonl --out out; echo $? > code) | true; \
         exit $(cat code)",
        "$P run f.toml -q --out out > /dev/full",
    ] {
        let done = shell(place.path(), line);
        assert_eq!(done.status.code(), Some(1), "{line}: {}", said(&done));
    }
    for file in ["out/f/report.md", "out/g/report.md", "e.jsonl"] {
        assert!(place.path().join(file).is_file(), "{file}");
    }
}

/// Report and attempts appear together; what is interrupted leaves nothing of either.
#[test]
fn interrupted_attempts_leave_the_old_files_and_nothing_else() {
    let place = place();
    let long = fs::read_to_string(place.path().join("s.toml")).expect("read");
    let long = long.replace("\"10m\"", "\"2d\"").replace("\"1.2/s\"", "\"20/s\"");
    fs::write(place.path().join("long.toml"), long).expect("written");
    fs::create_dir_all(place.path().join("out/long")).expect("made");
    fs::write(place.path().join("out/long/report.md"), "old").expect("written");
    fs::write(place.path().join("e.jsonl"), "old").expect("written");
    let begun = "until [ -e .tmp-e.jsonl ]; do sleep 0.05; done";
    let line = format!(
        "$P run long.toml -q --events e.jsonl > /dev/null & {begun}; \
         $P run s.toml -q --events e.jsonl; echo \"second: $?\" >&2; kill -INT $!; wait $!"
    );
    let done = shell(place.path(), &line);
    assert_eq!(done.status.code(), Some(130), "{}", said(&done));
    assert!(said(&done).contains("another run is writing e.jsonl"), "{}", said(&done));
    assert!(said(&done).contains("second: 2"), "{}", said(&done));
    let old = fs::read(place.path().join("e.jsonl")).expect("kept");
    assert_eq!(old, b"old");
    assert_eq!(fs::read(place.path().join("out/long/report.md")).expect("kept"), b"old");
    for folder in [".", "out/long"] {
        let hidden = fs::read_dir(place.path().join(folder)).expect("readable").flatten();
        let hidden = hidden.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0, "{folder}");
    }
}

/// Many runs at once into one folder: each waits for the others, and none is mixed with another.
#[test]
fn runs_into_one_folder_wait_for_each_other() {
    let place = place();
    let line = "for seed in 1 2 3 4 5 6; do $P run s.toml -q --out out --seed $seed & done; wait";
    let done = shell(place.path(), line);
    assert!(done.status.success(), "{}", said(&done));
    let folder = place.path().join("out/s");
    let summary = fs::read_to_string(folder.join("summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let page = fs::read_to_string(folder.join("report.md")).expect("a page");
    assert!(page.contains(&format!("seed {},", summary["seed"])), "{page}");
    let hidden = fs::read_dir(&folder).expect("readable").flatten();
    let hidden = hidden.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0);
}
