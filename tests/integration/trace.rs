//! Logs replayed: what is counted in them, and that their rows arrive when, whose and as what they
//! say.

use crate::{root, study};
use std::path::Path;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::report::Report;
use throttlesim::scenario::{Problems, Scenario};
use throttlesim::simulation::{Attempt, observe, simulate};
use throttlesim::study::Study;
use throttlesim::wire::Operation;

/// Counted in `scenarios/data`, with `f=access.log`:
///
/// ```sh
/// wc -l < $f                                                              # 3145 rows
/// grep -cE '"GET /(health|favicon\.ico) ' $f                              # 61 unmatched
/// grep -c '" 429 ' $f                                                     # 35 throttled
/// grep -nvE '\[../Nov/2026:.{14}\] "[^"]+" [0-9]{3} ' $f | cut -d: -f1    # 635 1524 2140 bad
/// w() { grep /Nov/ $f | grep -v '" 429 ' | grep -E "$1"; }                # work:
/// w 'T /orders/v0/orders\?' | wc -l                                       # 285 getOrders
/// w '/orderItems HTTP' | wc -l                                            # 1436 getOrderItems
/// w 'GET /catalog/' | wc -l                                               # 1245 getCatalogItem
/// w 'PATCH /listings/' | wc -l                                            # 80 patchListingsItem
/// w 'T /orders/v0/orders\?|orderItems HTTP|/catalog/|/listings/' | cut -d' ' -f3 | sort | uniq -c
/// ```
#[test]
fn the_shipped_log_is_replayed_as_it_was_counted() {
    let (scenario, study) = study("replay-access-log");
    for reading in &scenario.traces {
        let found = &reading.found;
        let left_out = (found.unmatched, found.throttled, found.bad);
        assert_eq!((found.rows, left_out), (3145, (61, 35, 3)), "{}", reading.workload);
        let lines: Vec<u64> = found.bad_lines.iter().map(|(line, _)| *line).collect();
        assert_eq!((lines, found.accounts), (vec![635, 1524, 2140], Some(5)));
    }
    let plan = &scenario.plan;
    for runs in &study.strategies {
        let of = |call| runs.counts(plan, Slice::Call(Operation(call))).requests.arrived;
        assert_eq!([0, 1, 2, 3].map(of), [285, 1436, 1245, 80]);
        // Sellers 4, 1, 3, 2 and 5, in order of their first row.
        let arrived: Vec<u64> = runs.total.accounts.iter().map(|a| a.arrived).collect();
        assert_eq!(arrived, [355, 1324, 525, 543, 299]);
    }
}

/// `w '…' | grep -c 2026:10:` (as above) counts 1471: what was logged before eleven arrives in the
/// first hour, or, twice as fast, in the first half.
#[test]
fn twice_as_fast_is_in_half_the_time() {
    let path = root().join("scenarios/replay-access-log.toml");
    let text = std::fs::read_to_string(path).expect("a scenario");
    for (duration, strategy) in [("1h", 0), ("30m", 1)] {
        let text = text.replace("duration = \"2h\"", &format!("duration = \"{duration}\""));
        let scenario = Scenario::read("t", &text, &root().join("scenarios")).expect("a scenario");
        let outcome = simulate(&scenario.plan, strategy, 0, 0..5);
        assert_eq!(outcome.jobs[strategy].tally.arrived, 1471, "{duration}");
        assert_eq!(scenario.traces[strategy].found.after_end, 3046 - 1471);
    }
}

/// Each seller's bucket, as Amazon's page explains it, in awk; a call is decided half a round trip
/// after it is sent, and the log's lines are those of `w` above:
///
/// ```sh
/// bucket() { awk -v rate=$1 -v burst=$2 -v speed=$3 '{ split($4, t, ":"); u = $3
///   s = ((t[2] - 10) * 3600 + t[3] * 60 + t[4]) / speed + 0.02; k = int(s * rate + 1e-9)
///   left[u] = u in left ? left[u] + k - last[u] : burst; if (left[u] > burst) left[u] = burst
///   last[u] = k; if (left[u] > 0) left[u]--; else n++ } END { print n + 0 }'; }
/// for speed in 1 2; do
///   w 'T /orders/v0/orders\?' | bucket 0.016666666666667 20 $speed        # 0, 23
///   w '/orderItems HTTP' | bucket 0.5 30 $speed                           # 0, 0
///   w 'GET /catalog/' | bucket 2 2 $speed                                 # 1, 108
///   w 'PATCH /listings/' | bucket 5 5 $speed                              # 0, 0
/// done
/// ```
#[test]
fn first_attempts_are_throttled_as_a_bucket_in_awk_does_it() {
    let path = root().join("scenarios/replay-access-log.toml");
    let text = std::fs::read_to_string(path).expect("a scenario");
    let text = text.replace("attempts = 30, backoff.fixed = \"2s\"", "attempts = 1");
    let scenario = Scenario::read("t", &text, &root().join("scenarios")).expect("a scenario");
    let cells = scenario.plan.cell_names();
    for (strategy, throttled) in [(0, [0, 0, 1, 0]), (1, [23, 0, 108, 0])] {
        let outcome = simulate(&scenario.plan, strategy, 0, 0..5);
        let of = |call| Counts::of(&outcome, &cells, Slice::Call(Operation(call)));
        assert_eq!([0, 1, 2, 3].map(|call| of(call).attempts.refused()), throttled);
    }
}

/// A scenario with a trace, beside the file that it replays.
pub fn replaying(
    folder: &Path,
    file: &str,
    rows: &str,
    trace: &str,
    more: &str,
) -> Result<Scenario, String> {
    let path = folder.join(file);
    // A log that is written to is another log than the one that an earlier scenario has counted.
    if std::fs::read_to_string(&path).ok().as_deref() != Some(rows) {
        std::fs::write(path, rows).expect("written");
    }
    let text = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n\
         [limit.bucket]\nscope = [\"account\"]\n\
         rule.token_bucket = {{ rate = \"1/s\", burst = 2, refill = \"tick\" }}\n\
         [workload.w]\narrivals.trace = {{ file = \"{file}\"{trace} }}\n{more}\n[strategy.s]\n"
    );
    Scenario::read("test", &text, folder)
        .map_err(|list| Problems::new("test.toml", &text, list).to_string())
}

fn attempts(scenario: &Scenario) -> Vec<Attempt> {
    observe(&scenario.plan, 0, 0, Vec::new()).1
}

/// Seconds, account (from 1), call and status of every attempt.
fn told(scenario: &Scenario) -> Vec<(f64, u32, &str, u16)> {
    let call = |a: &Attempt| scenario.names.calls[usize::from(a.operation.0)].as_str();
    let status = |a: &Attempt| a.status.expect("an answer").0;
    let one = |a: &Attempt| (a.sent.as_secs_f64(), a.caller.account + 1, call(a), status(a));
    attempts(scenario).iter().map(one).collect()
}

/// Amazon's worked example (rate 1/s, burst 2), recorded in three formats; another seller has two
/// tokens of its own.
#[test]
fn the_worked_example_as_a_trace_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = "account,call,time\na,get,7.1\na,list,7.2\na,get,7.3\nb,get,7.3\na,get,8\n";
    let row = |line: &str| {
        let mut parts = line.split(',');
        let mut next = || parts.next().expect("a column");
        let (account, call, time) = (next(), next(), next());
        format!("{{\"time\":{time},\"call\":\"{call}\",\"other\":[1],\"account\":\"{account}\"}}\n")
    };
    let jsonl: String = csv.lines().skip(1).map(row).collect();
    let accounts = "[clients]\naccounts = 2";
    let at = ", at = \"100ms\"";
    let expected = [
        (0.1, 1, "get", 200),
        (0.2, 1, "list", 200),
        (0.3, 1, "get", 429),
        (0.3, 2, "get", 200),
        (1.0, 1, "get", 200),
    ];
    for (file, rows) in [("t.csv", csv), ("t.ndjson", &jsonl)] {
        let scenario = replaying(folder.path(), file, rows, at, accounts).expect("a scenario");
        assert_eq!(told(&scenario), expected, "{file}");
        assert_eq!(scenario.traces[0].calls, [("get".into(), 4), ("list".into(), 1)]);
    }
    let log = |line: &str| {
        let user = line.split(',').next().expect("a user");
        format!("h - {user} [27/Nov/2026:22:00:00 +0000] \"GET /x?y HTTP/1.1\" 200 1\n")
    };
    let log: String = csv.lines().skip(1).map(log).collect();
    let calls = ", account = \"user\", calls = [{ match = \"GET /x\", call = \"x\" }]";
    let scenario = replaying(folder.path(), "t.log", &log, calls, accounts).expect("a scenario");
    let statuses: Vec<u16> =
        attempts(&scenario).iter().map(|a| a.status.expect("an answer").0).collect();
    assert_eq!(statuses, [200, 200, 429, 200, 429]);
    assert!(scenario.assumptions.iter().any(|guess| guess.contains("whole seconds")));
}

#[test]
fn a_row_without_names_runs_all_steps_for_callers_in_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let more = "steps = [{ call = \"a\" }, { call = \"b\", count = 2 }]\n[clients]\naccounts = 2\n";
    let scenario =
        replaying(folder.path(), "t.csv", "time\n0\n0\n5\n", "", more).expect("a scenario");
    let calls: Vec<(f64, u32, &str)> = told(&scenario).iter().map(|t| (t.0, t.1, t.2)).collect();
    let job = |at, account| [(at, account, "a"), (at, account, "b"), (at, account, "b")];
    assert_eq!(calls[..8], [job(0.0, 1), job(0.0, 2), job(5.0, 1)].concat()[..8]);
    assert_eq!(scenario.traces[0].found.accounts, None);
}

#[test]
fn accounts_are_those_that_the_workload_is_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "time,account\n0,x\n1,y\n2,x\n";
    let clients = "[clients]\naccounts = 9\napplications = 2\nprocesses = 2";
    let more = format!("call = \"a\"\naccounts = [7, 3]\napplications = [2]\n{clients}");
    let scenario = replaying(folder.path(), "t.csv", rows, "", &more).expect("a scenario");
    let callers = |a: &Attempt| (a.caller.application + 1, a.caller.account + 1);
    let callers: Vec<(u32, u32)> = attempts(&scenario).iter().map(callers).collect();
    assert_eq!(callers, [(2, 3), (2, 7), (2, 3)]);
    let rows = format!("{rows}3,z\n");
    let said = replaying(folder.path(), "t.csv", &rows, "", &more).expect_err("problems");
    assert!(said.contains("names 3 accounts, but there are 2"), "{said}");
}

/// Three rows in 20 s, then again after a mean gap of 10 s: 120 laps of 30 s in an hour. A tenth of
/// 360 is 36, with a standard deviation of 5.7; five of them allowed.
#[test]
fn a_trace_loops_until_arrivals_stop_and_a_sample_is_drawn_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "time\n100\n105\n120\n";
    let arrived = |trace: &str, replication| {
        let scenario =
            replaying(folder.path(), "t.csv", rows, trace, "call = \"a\"").expect("a scenario");
        simulate(&scenario.plan, 0, replication, 0..1).jobs[0].tally.arrived
    };
    assert_eq!(arrived("", 0), 3);
    assert_eq!(arrived(", loop = true", 0), 360);
    assert_eq!(arrived(", loop = true, speed = 0.5, at = \"30m\"", 0), 90);
    let sampled = |replication| arrived(", loop = true, sample = \"10%\"", replication);
    assert!((8..=64).contains(&sampled(0)), "{}", sampled(0));
    let several: Vec<u64> = (0..8).map(sampled).collect();
    assert!(
        several.iter().any(|n| *n != several[0]),
        "each replication draws its own: {several:?}"
    );
}

#[test]
fn refused_rows_are_attempts_unless_they_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "time,status\n0,200\n1,429\n2,503\n3,500\n4,\n";
    let read =
        |trace| replaying(folder.path(), "t.csv", rows, trace, "call = \"a\"").expect("a scenario");
    let (left_out, kept) = (read(""), read(", throttled = \"keep\""));
    assert_eq!((left_out.traces[0].found.replayed, kept.traces[0].found.replayed), (3, 5));
    assert_eq!(kept.traces[0].found.throttle_rate(), Some(0.5));
    let guessed = |s: &Scenario| s.assumptions.iter().any(|guess| guess.contains("429 or 503"));
    assert!(guessed(&left_out) && !guessed(&kept));
    let summary = Report::new(&left_out, &Study::run(&left_out).expect("within its bounds"))
        .summary()
        .to_json();
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["traces"][0]["throttled"], 2);
    let counts = |s: &Scenario| {
        let outcome = simulate(&s.plan, 0, 0, 0..1);
        Counts::of(&outcome, &s.plan.cell_names(), Slice::Whole).requests.arrived
    };
    assert_eq!((counts(&left_out), counts(&kept)), (3, 5));
}
