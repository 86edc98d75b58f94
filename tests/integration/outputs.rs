//! What may be read and what may be written over: bounds, special files, and files that were read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SCENARIO: &str = r#"schema = 1
question = "Is what was read still there?"
duration = "1m"
[provider.own]
catalog = "own.toml"
[service]
latency.empirical = "latency.txt"
[workload.w]
call = "get"
arrivals.trace = { file = "t.csv" }
[strategy.s]
"#;
const CATALOGUE: &str = "name = \"x\"\nsource = \"x\"\nretrieved = 2026-11-23\n\
                         open_operations = true\n[limit.l]\nscope = []\nrule.concurrency = 1\n";
const INPUTS: [(&str, &str); 4] = [
    ("s.toml", SCENARIO),
    ("own.toml", CATALOGUE),
    ("latency.txt", "100ms\n"),
    ("t.csv", "time\n0\n1\n"),
];

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a directory");
    for (name, text) in INPUTS {
        fs::write(place.path().join(name), text).expect("written");
    }
    place
}

fn run(place: &Path, words: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_throttlesim"));
    program.current_dir(place).args(words).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn assert_untouched(place: &Path, of: &str) {
    for (name, text) in INPUTS {
        let now = fs::read_to_string(place.join(name)).expect("still there");
        assert_eq!(now, text, "{name} after {of}");
    }
}

#[test]
fn attempts_are_not_written_over_what_was_read() {
    let place = place();
    for (name, _) in INPUTS {
        let other = format!("./sub/../{name}");
        fs::create_dir_all(place.path().join("sub")).expect("made");
        for events in [name, other.as_str()] {
            let done = run(place.path(), &["run", "s.toml", "--events", events]);
            assert_eq!(done.status.code(), Some(2), "{events}: {}", said(&done));
            assert!(said(&done).contains("which was read"), "{}", said(&done));
            assert_untouched(place.path(), events);
            assert!(!place.path().join("out").exists(), "refused before anything is run");
        }
        fs::hard_link(place.path().join(name), place.path().join("hard")).expect("linked");
        let done = run(place.path(), &["run", "s.toml", "--events", "hard"]);
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        fs::remove_file(place.path().join("hard")).expect("removed");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(name, place.path().join("soft")).expect("linked");
            let done = run(place.path(), &["run", "s.toml", "--events", "soft"]);
            assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
            fs::remove_file(place.path().join("soft")).expect("removed");
        }
        assert_untouched(place.path(), name);
    }
    let done = run(place.path(), &["run", "s.toml", "--events", "new.csv"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
}

#[test]
fn results_are_not_written_over_what_was_read() {
    let place = place();
    let results = place.path().join("out/s");
    fs::create_dir_all(&results).expect("made");
    for name in ["summary.json", "timeline.csv"] {
        fs::hard_link(place.path().join("t.csv"), results.join(name)).expect("linked");
        let done = run(place.path(), &["run", "s.toml", "--out", "out"]);
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        assert!(said(&done).contains(name) && said(&done).contains("t.csv"), "{}", said(&done));
        assert_untouched(place.path(), name);
        fs::remove_file(results.join(name)).expect("removed");
        assert_eq!(fs::read_dir(&results).expect("read").count(), 0, "all files or none");
    }
}

#[test]
fn two_scenarios_do_not_share_a_folder() {
    let place = place();
    fs::create_dir(place.path().join("other")).expect("made");
    for (name, text) in INPUTS {
        fs::write(place.path().join("other").join(name), text).expect("written");
    }
    fs::write(place.path().join("S.toml"), SCENARIO).expect("written");
    fs::write(place.path().join("u.toml"), SCENARIO).expect("written");
    for command in ["run", "check", "size", "readings"] {
        for second in ["other/s.toml", "./s.toml", "S.toml"] {
            let done = run(place.path(), &[command, "s.toml", second]);
            assert_eq!(done.status.code(), Some(2), "{command} {second}: {}", said(&done));
            assert!(said(&done).contains("would share a folder"), "{command}: {}", said(&done));
        }
    }
    let done = run(place.path(), &["readings", "s.toml", "u.toml"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    #[cfg(unix)]
    {
        fs::remove_dir_all(place.path().join("out/u")).expect("removed");
        std::os::unix::fs::symlink("s", place.path().join("out/u")).expect("linked");
        let done = run(place.path(), &["run", "s.toml", "u.toml"]);
        assert_eq!(done.status.code(), Some(2), "{}", said(&done));
    }
}

/// Files of 700 MB that are one hole, and 500 MB of memory for the program.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_what_is_read() {
    let place = place();
    let limited = |words: &str| {
        let line = format!("ulimit -v 500000; exec $P {words}");
        let mut shell = Command::new("sh");
        shell.current_dir(place.path()).env("P", env!("CARGO_BIN_EXE_throttlesim"));
        shell.args(["-c", &line]).output().expect("a shell")
    };
    assert_eq!(limited("explain s.toml").status.code(), Some(0), "there is room for the program");
    fs::create_dir_all(place.path().join("reports/s")).expect("made");
    let trace = |file: &str| SCENARIO.replace("t.csv", file);
    for (name, scenario, words, part) in [
        ("t.csv", SCENARIO.to_string(), "explain s.toml", "line 1 is longer than a megabyte"),
        ("t.jsonl", trace("t.jsonl"), "explain s.toml", "line 1 (longer than a megabyte)"),
        ("t.log", trace("t.log"), "explain s.toml", "line 1 (longer than a megabyte)"),
        ("latency.txt", SCENARIO.into(), "explain s.toml", "it is longer than 64 MiB"),
        ("own.toml", SCENARIO.into(), "explain s.toml", "it is longer than 64 MiB"),
        ("own.toml", SCENARIO.into(), "catalog own.toml", "it is longer than 64 MiB"),
        ("long.toml", SCENARIO.into(), "explain long.toml", "it is longer than 64 MiB"),
        ("reports/s/summary.json", SCENARIO.into(), "check s.toml", "it is longer than 64 MiB"),
        ("old.json", SCENARIO.into(), "compare old.json", "it is longer than 64 MiB"),
    ] {
        fs::write(place.path().join("s.toml"), scenario).expect("written");
        let path = place.path().join(name);
        let before = fs::read(&path).ok();
        let hole = fs::File::create(&path).and_then(|file| file.set_len(700_000_000));
        hole.expect("made");
        let done = limited(words);
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        assert!(said(&done).contains(part), "{name}: {}", said(&done));
        match before {
            Some(bytes) => fs::write(&path, bytes).expect("written"),
            None => fs::remove_file(&path).expect("removed"),
        }
    }
}

#[test]
#[cfg(unix)]
fn pipes_devices_and_directories_are_refused() {
    let place = place();
    for (file, kind) in [("/dev/zero", "a device"), ("pipe", "a pipe"), ("sub", "a directory")] {
        match kind {
            "a pipe" => {
                let made = Command::new("mkfifo").current_dir(place.path()).arg(file).status();
                assert!(made.is_ok_and(|status| status.success()));
            }
            "a directory" => fs::create_dir(place.path().join(file)).expect("made"),
            _ => {}
        }
        for (input, given) in [
            ("t.csv\"", format!("{file}\", format = \"csv\"")),
            ("t.csv\"", format!("{file}\", format = \"combined\"")),
            ("latency.txt\"", format!("{file}\"")),
        ] {
            let text = SCENARIO.replace(input, &given);
            fs::write(place.path().join("s.toml"), text).expect("written");
            let done = run(place.path(), &["explain", "s.toml"]);
            let part = format!("cannot read `{file}`: it is {kind}, not a file");
            assert_eq!(done.status.code(), Some(2), "{given}: {}", said(&done));
            assert!(said(&done).contains(&part), "{given}: {}", said(&done));
        }
        let done = run(place.path(), &["explain", file]);
        assert!(said(&done).contains(&format!("it is {kind}")), "{file}: {}", said(&done));
    }
}
