//! Limits as they are written are limits as they are simulated.

use crate::{bad_input::told, scenario};
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// A scenario with these limits, and calls of `GET /x` that arrive at these seconds, each tried
/// once unless `more` says otherwise.
fn with(limits: &str, arrivals: &str, more: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"2h\"\n\
         drain = \"3h\"\n{limits}\n[workload.w]\narrivals.{arrivals}\ncall = \"GET /x\"\n\
         [strategy.once]\n{more}\n"
    )
}

fn counts(text: &str) -> (Scenario, Counts) {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let counts = study.strategies[0].counts(&scenario.plan, Slice::Whole);
    (scenario, counts)
}

const BURSTS: &str = "burst = [{ at = \"0s\", count = 4 }, { at = \"10s\", count = 1 }]";
const SHUT: &str = "[limit.shut]\nscope = []\nrule.lockout.status = 429\n\
                    rule.lockout.count = 1\nrule.lockout.window = \"1m\"\n\
                    rule.lockout.kind = \"sliding\"\n\
                    tells = { status = 403, retry_after = \"seconds\" }\n";

/// How many attempts each cause refused.
fn causes(text: &str) -> Vec<(String, u64)> {
    let (scenario, counts) = counts(text);
    let names = scenario.names.causes.iter().cloned();
    names.zip(counts.attempts.throttled).filter(|(_, count)| *count > 0).collect()
}

/// One call a second, four at once: three refused, and the door is shut for a minute.
#[test]
fn a_lockout_counts_the_refusals_of_another_limit() {
    let second =
        "[limit.per-second]\nscope = []\nrule.fixed_window = { limit = 1, window = \"1s\" }\n";
    let found = causes(&with(&format!("{second}{SHUT}"), BURSTS, ""));
    assert_eq!(found, [("per-second".into(), 3), ("shut".into(), 1)]);
    let elsewhere = SHUT.replace("scope = []", "scope = []\ncalls = [\"GET /y\"]");
    let other = "[workload.other]\narrivals.backlog = 1\ncall = \"GET /y\"\n[service]\n\
                 bad_request_rate = 0\ntransient_throttle_probability = \"1%\"";
    let found = causes(&with(&format!("{second}{elsewhere}{other}"), BURSTS, ""));
    assert!(found.iter().all(|(cause, _)| cause != "shut"), "{found:?}");
}

#[test]
fn a_lockout_counts_transient_refusals() {
    let service = "[service]\ntransient_throttle_probability = \"100%\"\n";
    let arrivals = "burst = [{ at = \"0s\", count = 1 }, { at = \"10s\", count = 1 }]";
    let found = causes(&with(&format!("{service}{SHUT}"), arrivals, ""));
    assert_eq!(found, [("shut".into(), 1), ("transient".into(), 1)]);
}

/// A client that knocks at the shut door gets in when the minute is over.
#[test]
fn a_lockout_does_not_count_its_own_refusals() {
    let shut = SHUT.replace("status = 403", "status = 429");
    let second =
        "[limit.per-second]\nscope = []\nrule.fixed_window = { limit = 1, window = \"1s\" }\n";
    let retry = "retry = { attempts = 100, backoff.fixed = \"5s\" }";
    let arrivals = "burst = [{ at = \"0s\", count = 2 }]";
    let (_, counts) = counts(&with(&format!("{second}{shut}"), arrivals, retry));
    assert_eq!((counts.jobs.tally.completed, counts.attempts.sent), (2, 1 + 1 + 12));
}

#[test]
fn names_that_no_call_has_are_told() {
    let limit = |calls: &str| {
        let limit = format!(
            "[limit.writes]\nscope = []\ncalls = {calls}\n\
             rule.fixed_window = {{ limit = 1, window = \"1m\" }}\n"
        );
        told(&with(&limit, "rate = \"2/s\"", ""))
    };
    for (calls, place, message, help) in [
        ("[\"GET /z\"]", "8:10", "no workload calls `GET /z`", "did you mean `GET /x`?"),
        ("[\"GET /x\", \"PUT /y/**\"]", "8:20", "`PUT /y/**` matches no call", "made of `GET /x`"),
    ] {
        let told = limit(calls);
        for part in [&format!("bad.toml:{place}")[..], message, help] {
            assert!(told.contains(part), "{calls}: {part} in\n{told}");
        }
    }
    assert_eq!(limit("[\"GET /**\"]"), "");
    let minute = "[limit.writes]\nscope = []\ncalls = [\"GET /**\"]\n\
                  rule.fixed_window = { limit = 60, window = \"1m\" }\n";
    let found = causes(&with(minute, "rate = \"2/s\"", ""));
    assert_eq!(found, [("writes".into(), 120 * 60)], "half of two a second");
}

#[test]
fn a_lockout_on_what_nobody_answers_is_told() {
    let told = told(&with(SHUT, BURSTS, ""));
    assert!(told.contains("no answer that this lockout can count has status 429"), "{told}");
    for service in [
        "[service]\ntransient_throttle_probability = \"1%\"\n",
        "[limit.other]\nscope = []\nrule.concurrency = 3\n",
    ] {
        assert_eq!(crate::bad_input::told(&with(&format!("{SHUT}{service}"), BURSTS, "")), "");
    }
}
