//! `log FILE`: what it says of a log before a scenario is written, and that its table replays it.

use crate::root;
use assert_cmd::Command;
use serde_json::{Value, json};
use std::path::Path;
use throttlesim::scenario::Scenario;

fn log(args: &[&str], folder: &Path) -> (i32, String, String) {
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    let command = command.current_dir(folder).env("NO_COLOR", "1").arg("log").args(args);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn found(args: &[&str], folder: &Path) -> Value {
    let (code, printed, said) = log(&[args, &["--format", "json"]].concat(), folder);
    assert_eq!(code, 0, "{said}");
    serde_json::from_str(&printed).expect("JSON")
}

/// A scenario around the table that was printed, in which every call is an operation.
fn pasted(table: &str, folder: &Path) -> Scenario {
    let more = if table.contains("\ncall = ") || table.contains("\ncalls = ") {
        ""
    } else {
        "[workload.recorded]\ncall = \"x\"\n"
    };
    let text = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"24h\"\n[limit.l]\nscope = []\n\
         rule.concurrency = 1\n[strategy.s]\n{more}{table}"
    );
    Scenario::read("t", &text, folder).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

/// Counted as at the head of the tests of traces, in `scenarios/data`, with `f=access.log`:
///
/// ```sh
/// cut -d' ' -f3 $f | sort | uniq -c | sort -n     # 64 without a user: more than 1 in 100
/// grep -oE '" [0-9]{3} ' $f | sort | uniq -c      # statuses
/// grep -c '/orderItems HTTP' $f
/// ```
#[test]
fn the_shipped_log_is_described_as_it_was_counted() {
    let seen = found(&["data/access.log"], &root().join("scenarios"));
    assert_eq!(seen["format"], "combined");
    assert_eq!((&seen["rows"], &seen["bad"]), (&json!(3145), &json!(3)));
    assert_eq!(seen["accounts"], Value::Null, "64 of 3145 rows have no user");
    assert_eq!(seen["refused"], 35);
    let lines: Vec<&Value> = seen["bad_lines"].as_array().expect("a list").iter().collect();
    let lines: Vec<&Value> = lines.into_iter().map(|bad| &bad["line"]).collect();
    assert_eq!(lines, [635, 1524, 2140]);
    let statuses = seen["statuses"].as_object().expect("a table").values();
    assert_eq!(statuses.map(|rows| rows.as_u64().expect("a number")).sum::<u64>(), 3142);
    let with_user = found(&["data/access.log", "--account", "user"], &root().join("scenarios"));
    assert_eq!((&with_user["accounts"], &with_user["without_account"]), (&json!(5), &json!(61)));
    let (_, printed, _) = log(&["data/access.log"], &root().join("scenarios"));
    for part in [
        "data/access.log: combined\n",
        "used: time `time`, call `request`, status `status`\n",
        "3,145 rows from 2026-11-26T10:00:00Z to 2026-11-26T11:5",
        "left out: 35 rows with status 429 or 503",
        "left out: 3 rows that cannot be read (line 635: ",
        "GET /orders/v0/orders/*/orderItems\n",
        "[workload.recorded.arrivals.trace]\nfile = \"data/access.log\"\ncalls = [",
    ] {
        assert!(printed.contains(part), "no “{part}” in\n{printed}");
    }
    let table = seen["table"].as_str().expect("a table");
    let scenario = pasted(table, &root().join("scenarios"));
    let reading = &scenario.traces[0].found;
    assert_eq!((reading.rows, reading.throttled, reading.bad), (3145, 35, 3));
}

/// Logs of several formats, what is seen of them, and that the table replays as much.
#[test]
fn formats_and_columns_are_recognised_and_the_table_replays_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = "{\"ts\":1795816800000,\"req\":{\"method\":\"GET\",\"path\":\"/a/17\"},\
                \"res\":{\"status\":200},\"tenant_id\":\"x\"}\n\
                {\"ts\":1795816801500,\"req\":{\"method\":\"GET\",\"path\":\"/a/18?b\"},\
                \"res\":{\"status\":429},\"tenant_id\":\"y\"}\n\
                {\"ts\":1795816801000,\"req\":{\"method\":\"PUT\",\"path\":\"/b\"},\
                \"res\":{\"status\":200},\"tenant_id\":\"x\"}\nbroken\n";
    let csv = "when;Seller;operation;code\n0;x;getOrders;200\n400;y;getOrders;200\n9;x;list;-\n";
    let w3c = "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n\
               2026-11-27 22:00:00 10.0.0.1 GET /a/17 200\n";
    let envoy = "[2026-11-27T22:00:00.000Z] \"GET /a/17 HTTP/2\" 204 - 154 0 226 100 \"10.0.0.1\" \
                 \"a\" \"b\" \"c\" \"tcp://10.0.2.1:80\"\n";
    let jmeter = "timeStamp,elapsed,label,responseCode\n1795816800000,37,get order,200\n";
    let mut seen = Vec::new();
    for (file, text) in
        [("a.txt", json), ("b.csv", csv), ("c.log", w3c), ("d.log", envoy), ("e.csv", jmeter)]
    {
        std::fs::write(folder.path().join(file), text).expect("written");
        let found = found(&[file], folder.path());
        let table = found["table"].as_str().expect("a table");
        let scenario = pasted(table, folder.path());
        let reading = &scenario.traces[0].found;
        let rows = (reading.rows, reading.throttled, reading.bad);
        let expected = |key: &str| found[key].as_u64().expect("a number");
        assert_eq!(rows, (expected("rows"), expected("refused"), expected("bad")), "{table}");
        seen.push(found);
    }
    let columns = |n: usize, key: &str| seen[n]["used"][key].clone();
    assert_eq!((&seen[0]["format"], &seen[0]["time_unit"]), (&json!("jsonl"), &json!("ms")));
    assert_eq!((columns(0, "time"), columns(0, "account")), (json!("ts"), json!("tenant_id")));
    assert_eq!(columns(0, "call"), json!(["req.method", "req.path"]));
    assert_eq!((columns(0, "status"), &seen[0]["accounts"]), (json!("res.status"), &json!(2)));
    assert_eq!(seen[0]["calls"], json!({ "GET /a/*": 2, "PUT /b": 1 }));
    assert_eq!(seen[0]["first"], "2026-11-27T22:00:00Z");
    assert_eq!((&seen[0]["out_of_order"], &seen[0]["out_of_order_by_s"]), (&json!(1), &json!(0.5)));
    assert_eq!(columns(1, "account"), "Seller");
    assert_eq!((&seen[1]["strange_statuses"], &seen[1]["span_s"]), (&json!(1), &json!(400.0)));
    let table = seen[1]["table"].as_str().expect("a table");
    for part in ["separator = \";\"", "call = \"operation\"", "sort_within = \"7m\""] {
        assert!(table.contains(part), "no “{part}” in\n{table}");
    }
    let formats: Vec<&Value> = seen.iter().map(|found| &found["format"]).collect();
    assert_eq!(formats, ["jsonl", "csv", "w3c", "envoy", "jmeter"]);
}

#[test]
fn filters_and_columns_that_are_asked_for_count() {
    let folder = root().join("scenarios/data");
    let args = ["gateway.jsonl", "--where", "kind=access", "--where", "http.host=sp-*"];
    let seen = found(&args, &folder);
    assert_eq!(
        (&seen["rows"], &seen["filtered"], &seen["refused"]),
        (&json!(5), &json!(2), &json!(1))
    );
    assert_eq!(seen["calls"], json!({ "GET /orders/v0/orders/*": 4, "GET /orders/v0/orders": 1 }));
    let table = seen["table"].as_str().expect("a table");
    let expected = "where = { \"kind\" = \"access\", \"http.host\" = \"sp-*\" }";
    assert!(table.contains(expected), "{table}");
    assert_eq!(pasted(table, &folder).traces[0].found.replayed, 4);
}

#[test]
fn what_cannot_be_read_is_said_and_the_exit_code_is_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write("empty.csv", "");
    write("prose.txt", "It was a dark night.\nNothing happened.\n");
    write("table.csv", "time,call\n0,x\n");
    write("odd.csv", "a,b\n1,2\n");
    write("bad.log", "nothing like an access log\n");
    for (args, parts) in [
        (&["no.log"][..], &["cannot read no.log"][..]),
        (&["."], &["it is a directory, not a file"]),
        (&["prose.txt"], &["format of prose.txt is not known", "--as", "csv, jsonl, combined"]),
        (&["table.csv", "--time", "tim"], &["no column `tim`", "did you mean `time`?"]),
        (&["table.csv", "--account", "whose"], &["no column `whose`", "--account", "time, call"]),
        (&["odd.csv"], &["no column `time`", "write --time with one of: a, b"]),
        (&["empty.csv"], &["no column `time`"]),
        (&["bad.log"], &["no row of bad.log", "line 1: not a line of a combined log"]),
        (&["table.csv", "--as", "w3c"], &["no line that begins with `#Fields:`"]),
        (&["table.csv", "--where", "x"], &["write COLUMN=PATTERN"]),
        (&["table.csv", "--as", "xml"], &["possible values: csv, jsonl"]),
    ] {
        let (code, printed, said) = log(args, folder.path());
        assert_eq!((code, printed.as_str()), (2, ""), "{args:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: no “{part}” in\n{said}");
        }
    }
}

/// A log may hold anything: it sets no colour, moves no cursor and forges no line.
#[test]
fn what_a_log_holds_does_nothing_to_a_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows =
        "time,call,status\n0,\"GET /a\u{1b}[2Jb\nrows: 5\",200\n1,GET /\u{202e}c,\u{1b}]0;t\u{7}\n";
    std::fs::write(folder.path().join("t.csv"), rows).expect("written");
    let (code, printed, _) = log(&["t.csv"], folder.path());
    assert_eq!(code, 0);
    assert!(!printed.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{printed}");
    assert!(!printed.lines().any(|line| line.starts_with("rows: 5")), "{printed}");
}
