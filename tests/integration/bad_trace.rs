//! What people get wrong about a trace: its keys, its file, its rows.

use crate::bad_input::{changed, told};
use crate::trace::replaying;

/// What follows `file = "data/access.log"` in the table of the trace, and what is said.
const MISTAKES: &[(&str, &[&str])] = &[
    (", format = \"xml\"", &["unknown value `xml`", "`combined`"]),
    (", spede = 2", &["unknown key `spede`", "did you mean `speed`?"]),
    (", speed = 0", &["0 times its speed", "0.001 to 1000"]),
    (", speed = nan", &["0.001 to 1000"]),
    (", sample = \"0%\"", &["a sample of nothing"]),
    (", sample = 1.5", &["1.5 is no share"]),
    (", at = \"1h\"", &["comes after arrivals stop", "raise `duration`"]),
    (", throttled = \"retry\"", &["unknown value `retry`", "`keep`"]),
    (", account = \"ip\"", &["no accounts by `ip`", "\"host\" or \"user\""]),
    (", account = \"host\"", &["names 7 accounts, but there are 2", "accounts = 7"]),
    (", account = \"user\"", &["64 of 3145 rows", "line 1 (no account)", "raise `bad_rows`"]),
    (", time = \"t\"", &["its own place for the time", "leave `time` out"]),
    (", calls = []", &["no call at all"]),
    (", calls = [{ match = \"GET /**\", call = \"orders/v0/getOrders\" }]", &["and so does this"]),
    (", calls = [{ match = \"\", call = \"x\" }]", &["a pattern of nothing", "no operation `x`"]),
    (", calls = [{ match = \"GET /x\" }]", &["the key `call` is missing"]),
];

#[test]
fn each_mistake_in_the_table_is_told_with_its_remedy() {
    let mut wrong = Vec::new();
    let mut check = |to: &str, place: &str, parts: &[&str]| {
        let said = told(&changed("poisson = \"1/10s\"", to));
        for part in parts.iter().chain([&place]).filter(|part| !said.contains(**part)) {
            wrong.push(format!("{to}: no “{part}” in\n{said}"));
        }
    };
    for (more, parts) in MISTAKES {
        check(&format!("trace = {{ file = \"data/access.log\"{more} }}"), "bad.toml:1", parts);
    }
    check("trace = {}", "11:", &["the key `file` is missing"]);
    check("trace.file = \"no.log\"", "11:23", &["cannot read `no.log`", "scenario's own folder"]);
    check("trace.file = \"data\"", "11:23", &["the ending of `data`", "\"jsonl\""]);
    check(
        "trace = { file = \"data\", format = \"csv\" }",
        "11:",
        &["`data`: it is a directory, not a file"],
    );
    check("trace.file = \"data/access.log\"\nper = \"account\"", "12:7", &["leave `per` out"]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn rows_that_do_not_fit_are_told_with_their_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (0..300).map(|n| format!("{n},s{}\n", n % 7)).collect();
    let good = format!("time,account\n{rows}");
    let bad = format!("time,account\n{}x,s1\n,s2\n0,\n1,s1\n", rows.replace("\n5,", "\nfive,"));
    let seven = "[clients]\naccounts = 7";
    for (file, text, trace, more, parts) in [
        ("t.csv", &good, "", "call = \"a\"", &["names 7 accounts, but there are 1", "= 7"][..]),
        (
            "t.csv",
            &bad,
            "",
            "call = \"a\"\n[clients]\naccounts = 7",
            &[
                "5 of 304 rows of `t.csv` are bad, more than 1%",
                "line 7 (its time is neither seconds nor a date)",
                "line 303 (no time), line 304 (its time is before that of a row above",
                "raise `bad_rows`",
            ],
        ),
        ("t.csv", &bad, ", bad_rows = \"2%\"", "call = \"a\"\n[clients]\naccounts = 7", &[]),
        ("t.csv", &good, ", call = \"who\"", seven, &["no column `who`", "there is time, account"]),
        ("t.csv", &good, ", time = \"tme\"", seven, &["no column `tme`", "did you mean `time`?"]),
        ("t.csv", &good, "", seven, &["`call` of workload `w` is missing"]),
        (
            "t.csv",
            &good,
            ", call = \"account\"",
            "call = \"a\"\n[clients]\naccounts = 7",
            &["so does this", "leave it out"],
        ),
        (
            "t.csv",
            &good,
            "",
            "call = \"a\"\n[clients]\naccounts = 7\napplications = 2",
            &["not which of 2 applications", "`applications = [ … ]`"],
        ),
        ("t.csv", &"time\n".into(), "", "call = \"a\"", &["nothing in `t.csv`", "of 0 rows"]),
        ("t.txt", &good, "", "call = \"a\"", &["says no format", "\"combined\""]),
        ("t.csv", &"time\n1\n1\n".into(), ", loop = true", "call = \"a\"", &["loop", "one time"]),
    ] {
        let said = replaying(folder.path(), file, text, trace, more).err().unwrap_or_default();
        assert_eq!(said.is_empty(), parts.is_empty(), "{trace} {more}: {said}");
        for part in parts {
            assert!(said.contains(part), "{trace} {more}: no “{part}” in\n{said}");
        }
    }
}
