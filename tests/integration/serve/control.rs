//! What a test asks of the stand-in itself, and what it tells when it stops.

use super::{Test, header, json, opened};
use std::io::{self, ErrorKind, Write};
use throttlesim::units::Span;

const SCENARIO: &str = "schema = 1\nquestion = \"?\"\n[clients]\naccounts = 2\n[limit.minute]\n\
    scope = [\"account\"]\nrule.fixed_window = { limit = 3, window = \"1m\" }\n\
    tells = { status = 429, retry_after = \"seconds\" }\n[workload.w]\narrivals.backlog = 1\n\
    call = \"GET /things\"\n[strategy.s]\n[[expect]]\nthat = \"throttle_rate < 30%\"\n\
    [[expect]]\nthat = \"attempts.sent < 4\"\n[[expect]]\nthat = \"job_latency.p95 < 1s\"\n\
    [[expect]]\nthat = \"throttle_rate < 1%\"\nstrategy = \"s\"\n";

fn call(test: &Test) -> u16 {
    test.ask("GET /things", &[("x-account", "a")], "").status().as_u16()
}

#[test]
fn the_clock_is_moved_and_told() {
    let test = Test::scenario(SCENARIO);
    let advance = |body: &str| test.ask("POST /_throttlesim/clock", &[], body);
    assert_eq!(json(&advance("{\"advance\": \"45m\"}"))["now_s"], 2700.0);
    assert_eq!(json(&test.get("/_throttlesim/clock"))["now_ns"], 2_700_000_000_000_u64);
    for wrong in ["", "{}", "{\"advance\": 3}", "{\"advance\": \"soon\"}", "{\"back\": \"1m\"}"] {
        assert_eq!(advance(wrong).status(), 400, "{wrong}");
    }
    assert_eq!(test.get("/_throttlesim/anything").status(), 404);
}

/// A disk that takes this many lines.
struct Disk(u32);

impl Write for Disk {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(ErrorKind::StorageFull)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_log_that_fails_is_said_once_and_calls_are_answered_all_the_same() {
    let test = Test::logging(opened(SCENARIO), Disk(2));
    let unlogged = || test.stand.seen().unlogged.map(|why| why.kind());
    assert_eq!(([call(&test), call(&test)], unlogged()), ([200, 200], None));
    assert_eq!(
        ([call(&test), call(&test)], unlogged()),
        ([200, 429], Some(ErrorKind::StorageFull))
    );
    let lost = "calls are no longer logged: no storage space";
    assert_eq!(test.said().iter().filter(|line| *line == lost).count(), 1, "{:?}", test.said());
}

#[test]
fn limits_are_told_and_reset() {
    let test = Test::scenario(SCENARIO);
    let state = || json(&test.get("/_throttlesim/state"))["limits"].clone();
    assert_eq!(state(), serde_json::json!([]));
    assert_eq!([call(&test), call(&test)], [200, 200]);
    let one = serde_json::json!([{ "limit": "minute", "account": 1, "left": 1, "most": 3 }]);
    assert_eq!(state(), one);
    assert_eq!([call(&test), call(&test)], [200, 429]);
    test.ask("POST /_throttlesim/reset", &[], "");
    assert_eq!(state(), serde_json::json!([]));
    assert_eq!(call(&test), 200);
    assert_eq!(test.get("/_throttlesim/log").body().iter().filter(|b| **b == b'\n').count(), 1);
}

#[test]
fn expectations_of_calls_are_judged_and_others_are_not() {
    let test = Test::scenario(SCENARIO);
    let verdicts = || {
        let answer = json(&test.get("/_throttlesim/expect"));
        let list = answer["expectations"].as_array().expect("a list").clone();
        list.iter()
            .map(|of| of["verdict"].as_str().expect("a word").to_string())
            .collect::<Vec<_>>()
    };
    for _ in 0..4 {
        call(&test);
    }
    assert_eq!(verdicts(), ["met", "failed", "not_judged", "not_judged"]);
    call(&test);
    assert_eq!(verdicts()[0], "failed", "2 of 5");
    assert!(!test.stand.seen().is_met());
}

#[test]
fn metrics_are_in_the_form_of_prometheus() {
    let test = Test::scenario(SCENARIO);
    for _ in 0..4 {
        call(&test);
    }
    let answer = test.get("/_throttlesim/metrics");
    assert_eq!(header(&answer, "content-type"), Some("text/plain; version=0.0.4"));
    let text = String::from_utf8(answer.body().to_vec()).expect("a text");
    for line in [
        "throttlesim_calls_total{call=\"GET /things\",outcome=\"admitted\"} 3",
        "throttlesim_calls_total{call=\"GET /things\",outcome=\"refused\",limit=\"minute\"} 1",
        "throttlesim_under_way 0",
    ] {
        assert!(text.lines().any(|of| of == line), "{line} in\n{text}");
    }
}

#[test]
fn clients_are_told_how_they_behave() {
    let test = Test::scenario(SCENARIO);
    assert_eq!(test.printed(), None);
    for _ in 0..4 {
        call(&test);
    }
    // Told to wait 60 s, it comes after 20 s, is told 40 s, and keeps to them.
    test.pass(Span::from_secs(20));
    assert_eq!(call(&test), 429);
    test.pass(Span::from_secs(40));
    assert_eq!(call(&test), 200);
    test.get("/nowhere");
    let seen = test.stand.seen();
    assert_eq!((seen.manners.told, seen.manners.early, seen.manners.lost), (2, 1, 1));
    assert_eq!(seen.manners.earliest, Span::from_secs(40));
    let text = test.printed().expect("something was called");
    for part in [
        "GET /things",
        "minute",
        "Clients needed 1.5 calls per success.",
        "1 call came back before its Retry-After, by up to 40 s.",
        "1 call asked for a path that there is not.",
        "failed: attempts.sent < 4: found 6",
        "not judged: job_latency.p95 < 1s",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn what_cannot_succeed_and_is_repeated_is_counted() {
    let text = "schema = 1\nquestion = \"?\"\n[limit.many]\nscope = []\n\
                rule.token_bucket = { rate = \"9/s\", burst = 9 }\n[service]\n\
                bad_request_rate = \"100%\"\n[workload.w]\narrivals.backlog = 1\n\
                call = \"GET /things/{id}\"\n[strategy.s]\n";
    let test = Test::scenario(text);
    for path in ["/things/1", "/things/1", "/things/2", "/things/1", "/things/1"] {
        assert_eq!(test.get(path).status(), 400);
    }
    assert_eq!(test.stand.seen().manners.hopeless, 2);
}
