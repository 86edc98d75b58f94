//! The law: calls that a stand-in has decided about are decided alike on the virtual clock.

use super::{Shared, Test, opened};
use std::sync::Barrier;
use throttlesim::metrics::figures::Slice;
use throttlesim::random::{Purpose, Streams};
use throttlesim::serve::{Clock, Desk, Pace, Stand, replay};
use throttlesim::units::Span;
use throttlesim::{Scenario, Study};

/// Everything that has a memory or chance: a bucket, calls at once, a day's window, a lockout that
/// counts bad requests, service times, failures, an outage, and refusals that nothing explains.
const ALL: &str = "schema = 1\nquestion = \"?\"\n[clients]\naccounts = 3\n[limit.rate]\n\
    scope = [\"account\", \"operation\"]\nrule.token_bucket = { rate = \"2/s\", burst = 5 }\n\
    nodes = 2\n[limit.at-once]\nscope = [\"account\"]\nrule.concurrency = 4\n\
    [limit.window]\nscope = [\"application\"]\n\
    rule.sliding_window = { limit = 60, window = \"20s\", method = \"log\" }\n\
    tells = { status = 429, retry_after = \"seconds\" }\n[limit.ban]\nscope = [\"application\"]\n\
    rule.lockout = { status = 400, count = 8, window = \"1m\", kind = \"fixed\" }\n\
    tells = { status = 403, retry_after = \"seconds\" }\n[service]\n\
    latency.lognormal = { median = \"400ms\", p99 = \"4s\" }\nfailure_rate = \"5%\"\n\
    bad_request_rate = \"5%\"\ntransient_throttle_probability = \"3%\"\n\
    outages = [{ at = \"30s\", for = \"5s\" }]\n[workload.w]\narrivals.backlog = 1\n\
    steps = [{ call = \"GET /a/{id}\" }, { call = \"GET /b\" }]\n[strategy.s]\n";

fn replayed(text: &str, log: &str) -> usize {
    let replayed = replay(&opened(text), log.as_bytes()).expect("a log of it");
    assert_eq!(replayed.different, []);
    usize::try_from(replayed.calls).expect("not so many")
}

/// Statuses that a log has, each once.
fn statuses(log: &str) -> Vec<&str> {
    let status = |line: &'_ str| line.split("\"status\":").nth(1).map(|rest| rest.len());
    assert!(log.lines().all(|line| status(line).is_some()));
    let mut all: Vec<&str> =
        log.lines().filter_map(|line| line.split("\"status\":").nth(1)?.get(..3)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn recorded_calls_are_decided_alike_on_the_virtual_clock() {
    let test = Test::scenario(ALL);
    let mut draws = Streams::new(7, 0).stream(Purpose::Arrivals, 0).at(0);
    for _ in 0..1500 {
        test.pass(Span::from_nanos(draws.below(120_000_000)));
        let path = if draws.chance(500_000) { "/a/1" } else { "/b" };
        let account = ["x", "y", "z"][usize::try_from(draws.below(3)).expect("small")];
        test.ask(&format!("GET {path}"), &[("x-account", account)], "");
    }
    let log = test.log.text();
    assert_eq!(statuses(&log), ["200", "400", "403", "429", "500", "503"]);
    assert_eq!(replayed(ALL, &log), 1500);
    // It would notice: a call that comes a minute later is decided otherwise.
    let moved = log.replacen("\"time_ns\":1", "\"time_ns\":6", 400);
    let found = replay(&opened(ALL), moved.as_bytes()).expect("a log");
    assert!(!found.different.is_empty());
}

/// Sixteen clients at once, on a clock that runs: whoever comes first is first in the log.
#[test]
fn calls_of_sixteen_threads_are_decided_alike_in_the_order_of_the_log() {
    let log = Shared::default();
    let clock = Clock::new(Pace::Times(40));
    let said = Box::new(|_: &str| {});
    let stand = Stand::new(opened(ALL), clock, Some(Box::new(log.clone())), said);
    let start = Barrier::new(16);
    std::thread::scope(|scope| {
        for thread in 0..16_u32 {
            let (stand, start) = (&stand, &start);
            scope.spawn(move || {
                start.wait();
                for call in 0..150 {
                    let path = if (thread + call) % 3 == 0 { "/b" } else { "/a/1" };
                    let account = ["x", "y", "z"][(thread % 3) as usize];
                    let ask = http::Request::get(path).header("x-account", account);
                    let ask = ask.body(bytes::Bytes::new()).expect("a request");
                    let answer = stand.answer(ask, super::HERE);
                    stand.left(answer.ticket);
                    std::thread::yield_now();
                }
            });
        }
    });
    let log = log.text();
    assert!(statuses(&log).contains(&"200") && statuses(&log).contains(&"429"));
    let times: Vec<u64> = log
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            value["time_ns"].as_u64().expect("a time")
        })
        .collect();
    assert!(times.is_sorted(), "the order of the log is that of the decisions");
    assert_eq!(replayed(ALL, &log), 16 * 150);
}

/// A reset begins a new sequence, with full limits.
#[test]
fn a_log_with_a_reset_is_decided_alike() {
    let test = Test::scenario(ALL);
    let burst = || {
        for _ in 0..12 {
            test.ask("GET /b", &[("x-account", "x")], "");
            test.pass(Span::from_millis(1));
        }
    };
    burst();
    test.ask("POST /_throttlesim/reset", &[], "");
    burst();
    assert_eq!(replayed(ALL, &test.log.text()), 24);
}

/// The same log as a trace of a scenario: the simulation itself, with clients that never retry.
#[test]
fn a_run_that_replays_the_log_admits_and_refuses_as_many() {
    let limits = "[clients]\naccounts = 2\n[limit.rate]\nscope = [\"account\"]\n\
                  rule.token_bucket = { rate = \"2/s\", burst = 5 }\n[limit.window]\nscope = []\n\
                  rule.sliding_window = { limit = 30, window = \"9s\", method = \"log\" }\n\
                  [service]\nlatency.constant = \"200ms\"\n";
    let served = format!(
        "schema = 1\nquestion = \"?\"\n{limits}[workload.w]\narrivals.backlog = 1\n\
         call = \"GET /a\"\n[strategy.s]\n"
    );
    let test = Test::scenario(&served);
    let mut draws = Streams::new(9, 0).stream(Purpose::Arrivals, 0).at(0);
    for call in 0..400_u32 {
        let account = if call % 3 == 0 { "x" } else { "y" };
        test.ask("GET /a", &[("x-account", account)], "");
        test.pass(Span::from_nanos(draws.below(400_000_000)));
    }
    let log = test.log.text();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("calls.jsonl"), &log).expect("written");
    let run = format!(
        "schema = 1\nquestion = \"?\"\n{limits}[workload.w]\narrivals.trace = {{ file = \
         \"calls.jsonl\", time = \"time_ns\", unit = \"ns\", account = \"account\", call = \
         \"call\", throttled = \"keep\" }}\n[strategy.s]\n"
    );
    let scenario = Scenario::read("run", &run, folder.path()).unwrap_or_else(|e| panic!("{e:#?}"));
    let study = Study::run(&scenario).expect("within its bounds");
    let attempts = study.strategies[0].counts(&scenario.plan, Slice::Whole).attempts;
    let logged = |status: &str| log.matches(&format!("\"status\":{status}")).count() as u64;
    assert_eq!((attempts.admitted, attempts.refused()), (logged("200"), logged("429")));
    assert!(attempts.refused() > 20 && attempts.admitted > 20);
}
