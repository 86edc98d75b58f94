//! Logs that are out of order, that change, or whose settings name what is not there.

use crate::trace::replaying;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use throttlesim::metrics::Excess;
use throttlesim::report::{Report, notes};
use throttlesim::scenario::{Draft, DraftError, Scenario};
use throttlesim::simulation::{observe, simulate};
use throttlesim::study::Study;
use throttlesim::units::Span;
use throttlesim::workload::{Arrivals, Change, Reading, Row, Rows, Trace};

const FOUR: &str = "{\"time\":0,\"call\":\"get\",\"code\":200,\"seller\":\"a\"}\n\
                    {\"time\":1,\"call\":\"get\",\"code\":429,\"seller\":\"a\"}\n\
                    {\"time\":3,\"call\":\"get\",\"code\":200,\"seller\":\"b\"}\n\
                    {\"time\":4,\"call\":\"get\",\"code\":429,\"seller\":\"b\"}\n";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

/// What is said of a log in this folder, with these keys in the table of the trace.
fn told(folder: &Path, file: &str, rows: &str, trace: &str) -> String {
    let more = "[clients]\naccounts = 2";
    match replaying(folder, file, rows, trace, more) {
        Ok(scenario) => {
            assert!(Study::run(&scenario).is_ok());
            let notes: Vec<String> = notes::sentences(&scenario).collect();
            format!("{} are work. {}", scenario.traces[0].found.replayed, notes.join(" "))
        }
        Err(said) => said,
    }
}

#[test]
fn a_key_that_no_row_has_is_an_error_with_the_nearest_name() {
    let folder = folder();
    for (trace, parts) in [
        (", status = \"kode\"", ["no row of `t.jsonl` has `kode`", "did you mean `code`?"]),
        (", status = \"code\"", ["2 are work", ""]),
        (", status = \"code\", account = \"seler\"", ["has `seler`", "did you mean `seller`?"]),
        (", call = \"cal\"", ["has `cal`", "did you mean `call`?"]),
        (", call = \"operation\"", ["has `operation`", "there is time, call, code, seller"]),
        (", time = \"tine\", bad_rows = \"100%\"", ["has `tine`", "did you mean `time`?"]),
        (", time = \"when\"", ["has `when`", "write time = "]),
        (", status = \"seller\"", ["no row of `t.jsonl` has a status in `seller`", "is `a`"]),
        (", throttled = \"keep\"", ["has a status: none was refused", "leave `throttled` out"]),
        (", throttled = \"leave_out\"", ["has a status: none was refused", "`throttled`"]),
    ] {
        let said = told(folder.path(), "t.jsonl", FOUR, trace);
        for part in parts {
            assert!(said.contains(part), "{trace}: no “{part}” in\n{said}");
        }
    }
    let csv = "time,call,code,seller,empty\n0,get,200,a,\n1,get,429,b,\n";
    for (trace, part) in [
        (", status = \"empty\"", "no row of `t.csv` has `empty`"),
        (", account = \"empty\"", "no row of `t.csv` has `empty`"),
        (", call = \"empty\"", "no row of `t.csv` has `empty`"),
        (", time = \"empty\"", "no row of `t.csv` has `empty`"),
        (", status = \"kode\"", "did you mean `code`?"),
        (", status = \"code\"", "1 are work"),
    ] {
        let said = told(folder.path(), "t.csv", csv, trace);
        assert!(said.contains(part), "{trace}: no “{part}” in\n{said}");
    }
}

/// Of JSON Lines, each line may have other keys; the first says nothing of the others.
#[test]
fn a_key_that_comes_later_counts() {
    let folder = folder();
    let late = FOUR.replacen(",\"code\":200,\"seller\":\"a\"", "", 1);
    let late = late.replace("code", "status").replace("seller", "account");
    let said = told(folder.path(), "t.jsonl", &late, ", bad_rows = \"100%\"");
    assert!(said.starts_with("1 are work"), "the first has no seller, two were refused: {said}");
    let said = told(folder.path(), "t.jsonl", &late, ", status = \"status\", sort_within = \"0s\"");
    assert!(said.contains("line 1 (no account)"), "{said}");
}

#[test]
fn a_setting_that_changes_nothing_is_noted() {
    let folder = folder();
    let csv = "time,call,status\n0,GET /a,200\n2,GET /b,busy\n7000,GET /a,\n";
    let calls = ["GET /*", "GET /b", "PUT /b"];
    let calls = calls.map(|pattern| format!("{{ match = \"{pattern}\", call = \"x\" }}"));
    let calls = format!("calls = [{}]", calls.join(", "));
    let trace = format!(", throttled = \"keep\", loop = true, {calls}");
    let said = told(folder.path(), "t.csv", csv, &trace);
    for part in [
        "`throttled = \"keep\"` has no effect: no row of `t.csv` was refused",
        "`loop = true` has no effect: arrivals stop before `t.csv` is over.",
        "No row of `t.csv` is matched by `GET /b` and `PUT /b`",
        "1 row of `t.csv` has a status that is not a number from 100 to 599, `busy`",
    ] {
        assert!(said.contains(part), "no “{part}” in\n{said}");
    }
    let said = told(folder.path(), "t.csv", &csv.replace("7000", "1000"), ", loop = true");
    assert!(!said.contains("no effect"), "{said}");
}

/// Refused rows are attempts that were made again; where nobody says which they are, they count as
/// work, and the reader is told.
#[test]
fn a_status_that_is_not_read_is_noted() {
    let folder = folder();
    let csv = "time,call,code\n0,GET /a,200\n2,GET /a,429\n";
    let json = "{\"time\":0,\"call\":\"GET /a\",\"code\":200}\n\
                {\"time\":2,\"call\":\"GET /a\",\"code\":429}\n";
    let note = |file: &str| {
        format!(
            "No row of `{file}` is known to be refused, so that all of them count as work. If \
             `code` is the status, write status = \"code\"."
        )
    };
    for (file, text) in [("t.csv", csv), ("t.jsonl", json)] {
        let said = told(folder.path(), file, text, "");
        assert!(said.contains(&note(file)), "{said}");
        let said = told(folder.path(), file, text, ", status = \"code\"");
        assert!(!said.contains("known to be refused"), "{said}");
        let said = told(folder.path(), file, &text.replace("code", "country"), "");
        assert!(!said.contains("known to be refused"), "{said}");
    }
}

/// A log of an hour and a half with three rows at each time, and the same rows in another order,
/// each moved by less than a minute.
fn sorted_and_shuffled() -> (String, String) {
    let mut rows: Vec<(u64, u64, String)> = (0..5400_u64)
        .map(|n| {
            let (second, draw) = (n - n % 3, n * 37 % 59);
            let status = if n % 17 == 0 { 429 } else { 200 };
            let row = format!("{second},s{},call{},{status}\n", n * n % 5, n * 31 % 4);
            (second, second + draw, row)
        })
        .collect();
    let join = |rows: &[(u64, u64, String)]| {
        let lines: String = rows.iter().map(|(_, _, row)| row.as_str()).collect();
        format!("time,account,call,status\n{lines}")
    };
    // Rows of one time stay in their order: a log tells no other.
    rows.sort_by_key(|(second, ..)| *second);
    let sorted = join(&rows);
    for three in rows.chunks_mut(3) {
        let place = three[0].1;
        three.iter_mut().for_each(|row| row.1 = place);
    }
    rows.sort_by_key(|(_, place, _)| *place);
    (sorted, join(&rows))
}

#[test]
fn a_shuffled_log_gives_exactly_the_result_of_the_sorted_one() {
    let folder = folder();
    let (sorted, shuffled) = sorted_and_shuffled();
    assert!(sorted != shuffled);
    let read = |rows: &str, trace: &str| {
        replaying(folder.path(), "t.csv", rows, trace, "[clients]\naccounts = 5")
            .expect("a scenario")
    };
    let results = |rows: &str, trace: &str| {
        let scenario = read(rows, trace);
        let study = Study::run(&scenario).expect("within its bounds");
        let mut summary: serde_json::Value =
            serde_json::from_str(&Report::new(&scenario, &study).summary().to_json())
                .expect("JSON");
        let moved = summary["traces"][0]["out_of_order"].take();
        let noted = summary["notes"].take();
        (summary.to_string(), moved.as_u64().expect("a number"), noted.to_string())
    };
    let (in_order, none, silent) = results(&sorted, "");
    let (out_of_order, moved, noted) = results(&shuffled, "");
    assert!(in_order == out_of_order, "{in_order}\n{out_of_order}");
    assert_eq!((none, silent.as_str()), (0, "[]"));
    assert!(moved > 1000 && noted.contains("are out of order"), "{moved} {noted}");
    assert_eq!(results(&shuffled, ", sort_within = \"60s\"").0, in_order);
    let said = replaying(folder.path(), "t.csv", &shuffled, ", sort_within = \"10s\"", "")
        .expect_err("too far back");
    assert!(said.contains("before that of a row above it by more than `sort_within`"), "{said}");
    let loose = read(&shuffled, ", sort_within = \"10s\", bad_rows = \"100%\"");
    let reading = &loose.traces[0].found;
    assert!(reading.bad > 0 && reading.replayed + reading.throttled + reading.bad == 5400);
}

/// What becomes of a log once its rows are counted.
#[test]
fn a_log_that_changes_ends_the_run_with_its_name() {
    let rows: String = (0..50_000).map(|n| format!("{n}\n")).collect();
    let rows = format!("time\n{rows}");
    for (change, part) in [
        ("delete", "`t.csv` was deleted since its rows were counted"),
        ("cut", "`t.csv` has become shorter"),
        ("grow", "`t.csv` has become longer"),
        ("replace", "`t.csv` was replaced by another file"),
    ] {
        let folder = folder();
        let path = folder.path().join("t.csv");
        let scenario = replaying(folder.path(), "t.csv", &rows, "", "call = \"a\"").expect("read");
        assert!(Study::run(&scenario).is_ok());
        match change {
            "delete" => fs::remove_file(&path).expect("removed"),
            "cut" => fs::write(&path, &rows[..2000]).expect("written"),
            "grow" => fs::write(&path, format!("{rows}99999\n")).expect("written"),
            _ => {
                let other = folder.path().join("other");
                fs::copy(&path, &other).expect("copied");
                fs::rename(&other, &path).expect("renamed");
            }
        }
        let said = Study::run(&scenario).expect_err("it has changed").to_string();
        assert!(said.contains(part), "{change}: {said}");
        let watched = observe(&scenario.plan, 0, 0, Vec::new()).0;
        assert!(matches!(watched.excess, Some(Excess::Recording(0, _))), "{:?}", watched.excess);
    }
}

/// A recording of which the run needs only the first row, and that has changed after it.
#[derive(Debug)]
struct Changed;

impl Rows for Changed {
    fn open(&self) -> Result<Box<dyn Reading>, Change> {
        Ok(Box::new(Self))
    }
}

impl Reading for Changed {
    fn next(&mut self) -> Result<Option<Row>, Change> {
        Ok(Some(Row { at: Span::ZERO, caller: None, step: None, items: None }))
    }

    fn check(&self) -> Result<(), Change> {
        Err(Change::Rewritten)
    }
}

#[test]
fn a_log_is_looked_at_again_though_its_end_is_never_reached() {
    let folder = folder();
    let scenario = replaying(folder.path(), "t.csv", "time\n0\n7200\n", "", "call = \"a\"");
    let mut scenario = scenario.expect("a scenario");
    scenario.plan.bounds.events = 10_000;
    let Arrivals::Trace(trace) = &scenario.plan.workloads[0].arrivals else { panic!("a trace") };
    let trace = Trace { rows: Arc::new(Changed), ..trace.clone() };
    scenario.plan.workloads[0].arrivals = Arrivals::Trace(trace);
    let outcome = simulate(&scenario.plan, 0, 0, 0..1);
    assert_eq!(outcome.excess, Some(Excess::Recording(0, Change::Rewritten)));
}

/// A sweep, a size and readings read a scenario's files again for each of their values.
#[test]
fn files_that_are_read_again_must_be_as_they_were() {
    let folder = folder();
    let (log, data) = (folder.path().join("t.csv"), folder.path().join("latency.txt"));
    fs::write(&log, "time\n0\n1\n").expect("written");
    fs::write(&data, "100ms\n").expect("written");
    let text = "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = []\nrule.concurrency = 1\n\
                [service]\nlatency.empirical = \"latency.txt\"\n\
                [workload.w]\ncall = \"a\"\narrivals.trace = { file = \"t.csv\" }\n[strategy.s]\n";
    let scenario = Scenario::read("s", text, folder.path()).expect("a scenario");
    let paths: Vec<&Path> = scenario.inputs.iter().map(|input| input.path.as_path()).collect();
    assert_eq!(paths, [log.as_path(), data.as_path()]);
    let inputs = scenario.inputs.clone();
    let draft = Draft { name: "s".into(), text: text.into(), folder: folder.path().into(), inputs };
    let set = ["seed=7".to_string()];
    assert!(draft.with(&set).is_ok());
    for (path, was, now) in [(&log, "time\n0\n1\n", "time\n0\n2\n"), (&data, "100ms\n", "200ms\n")]
    {
        fs::write(path, now).expect("written");
        assert_eq!(draft.with(&set).err(), Some(DraftError::Changed { path: path.clone() }));
        fs::write(path, was).expect("written");
        assert!(draft.with(&set).is_ok());
    }
}
