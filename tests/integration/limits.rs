//! Limits as they are written are limits as they are simulated.

use crate::{bad_input::told, scenario};
use throttlesim::metrics::figures::Metric;
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
    assert_eq!((counts.jobs.tally.completed, counts.attempts.sent()), (2, 1 + 1 + 12));
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

/// Two at a time, for two accounts whose first calls end at one instant: the two calls that follow
/// pass, whoever's end comes first.
#[test]
fn calls_that_end_at_an_instant_end_before_calls_are_decided() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"10s\"\n[limit.l]\nscope = []\n\
                rule.concurrency = 2\n[clients]\naccounts = 2\n[service]\n\
                latency.constant = \"1s\"\n[workload.one]\naccounts = [1]\n\
                arrivals.backlog = 1\nsteps = [{ call = \"a\" }, { call = \"b\", count = 2 }]\n\
                [workload.two]\naccounts = [2]\narrivals.backlog = 1\n\
                steps = [{ call = \"a\" }]\n[strategy.s]\n";
    let swapped = text.replace("accounts = [1]", "accounts = [9]");
    let swapped = swapped.replace("accounts = [2]", "accounts = [1]").replace("[9]", "[2]");
    for text in [text, &swapped] {
        for workers in ["", "workers = 1\n", "workers = { count = 2, across = \"accounts\" }\n"] {
            let (_, counts) = counts(&format!("{text}{workers}"));
            assert_eq!((counts.attempts.admitted, counts.attempts.refused()), (4, 0), "{workers}");
        }
    }
}

/// Presets that keep to a copy of a window are never refused while they are alone, whenever the
/// window begins and however long calls are on their way.
#[test]
fn a_copy_of_a_window_is_never_refused_while_it_is_alone() {
    let minute = |rule: &str| format!("[limit.minute]\nscope = [\"account\"]\nrule.{rule}\n");
    let strategies = "preset = \"client_bucket\"\n[strategy.bursts]\npreset = \"burst_and_yield\"\n\
                      [strategy.pacer]\npreset = \"pacer\"\n[strategy.ticks]\n\
                      pace = { rate = \"100%\", turns = \"ticks\" }\n[strategy.late]\n\
                      pace = { rate = \"90%\", burst = \"100%\" }\nworkers = 2\n";
    for rule in [
        "fixed_window = { limit = 60, window = \"1m\" }",
        "sliding_window = { limit = 60, window = \"1m\" }",
        "sliding_window = { limit = 60, window = \"1m\", method = \"two-bucket\" }",
    ] {
        for (service, start) in [("", "08:00:00Z"), ("round_trip = \"7s\"\n", "08:00:23Z")] {
            let service = format!("[service]\nlatency.constant = \"100ms\"\n{service}");
            let text = with(&format!("{}{service}", minute(rule)), "backlog = 300", strategies);
            let scenario = scenario(&text.replace("08:00:00Z", start));
            let study = Study::run(&scenario).expect("within its bounds");
            for (number, strategy) in study.strategies.iter().enumerate() {
                let counts = strategy.counts(&scenario.plan, Slice::Whole);
                let found = (counts.jobs.tally.completed, counts.attempts.refused());
                assert_eq!(found, (300, 0), "{rule} {start}: strategy {number}");
            }
        }
    }
}

/// Ninety a minute are ninety in each minute; a rate that is no whole number comes one by one.
#[test]
fn ticks_keep_the_rate_as_it_is_written() {
    let minute = "[limit.minute]\nscope = [\"account\"]\n\
                  rule.fixed_window = { limit = 90, window = \"1m\" }\n";
    let sent = |pace: &str| {
        let text = with(minute, "backlog = 900", &format!("pace = {{ {pace} }}"));
        let scenario = scenario(&text);
        let mut attempts = Vec::new();
        throttlesim::simulation::observe(&scenario.plan, 0, 0, &mut attempts);
        let mut minutes = [0; 10];
        for attempt in &attempts {
            let minute = usize::try_from(attempt.sent.as_nanos() / 60_000_000_000).expect("few");
            minutes[minute.min(9)] += 1;
        }
        minutes
    };
    assert_eq!(sent("rate = \"90/min\", burst = 90, turns = \"ticks\""), [90; 10]);
    assert_eq!(sent("rate = \"90/min\", turns = \"ticks\""), [90; 10]);
    assert_eq!(sent("rate = \"1.5/s\", turns = \"ticks\"")[..9], [90; 9]);
    let told = |pace: &str| told(&with(minute, "backlog = 9", &format!("pace = {{ {pace} }}")));
    let few = told("rate = \"90/min\", burst = 5, turns = \"ticks\"");
    assert!(few.contains("a burst of 5 loses turns: 90 come at a tick"), "{few}");
    let half = told("rate = \"100%\", burst = \"50%\"");
    assert!(half.contains("a window has no burst to take a share of"), "{half}");
}

/// Every rule is shown as it is written.
#[test]
fn explain_shows_each_rule_as_it_is_written() {
    let explained = |limit: &str| {
        let service = "[service]\nbad_request_rate = \"1%\"\n";
        let text = with(&format!("[limit.l]\n{limit}\n{service}"), "backlog = 9", "");
        throttlesim::report::explanation::explain(&scenario(&text))
    };
    for (limit, parts) in [
        (
            "scope = []\nrule.fixed_window = { limit = 1200, window = \"1m\" }\n\
          count_rejected = true\nnote = \"as the page\\nsays\"",
            &[
                "1,200 in each fixed window of 1 min",
                "one for all callers",
                "counts refused requests too",
                "note: as the page says",
            ][..],
        ),
        (
            "scope = [\"account\"]\nrule.sliding_window = { limit = 9, window = \"90s\" }\n\
          tells = { status = 503, code = \"SlowDown\", retry_after = \"milliseconds\" }",
            &[
                "9 in any window of 1 min 30 s",
                "one for each account",
                "refuses with 503 SlowDown (l), Retry-After in whole milliseconds",
            ],
        ),
        (
            "scope = []\nrule.sliding_window = { limit = 9, window = \"1m\", \
          method = \"two-bucket\", admits = \"any-room\" }",
            &["9 in any window of 1 min, estimated from two: estimate < limit"],
        ),
        (
            "scope = []\nrule.lockout = { status = 400, count = 500, window = \"24h\" }",
            &["lockout: after 500 responses with status 400 in a fixed window of 24 h, until it "],
        ),
        (
            "scope = []\nrule.token_bucket = { rate = \"19/20m\", burst = 9, initial = 2 }\n\
          tells.rate_header = true",
            &[
                "token bucket: 0.95/min, burst 9, refilled continuously, 2 at the start",
                "sends its rate in a header",
            ],
        ),
        (
            "scope = []\nrule.quota = { burst = 10, restore = \"4s\" }",
            &["quota: 10 at once, one more every 4 s"],
        ),
        (
            "scope = []\nrule.leaky_queue = { rate = \"2/s\", wait = \"5s\" }",
            &["queue that drains at 2/s; a request waits at most 5 s"],
        ),
        ("scope = []\nrule.concurrency = 3", &["3 at the same time"]),
    ] {
        let text = explained(limit);
        for part in parts {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}

/// Discord: 10,000 refusals in ten minutes, then an hour of nothing. Of a hundred at once in each
/// second 50 pass, so that those of 199 s make 10,000; at 3,799 s the door is open again.
#[test]
fn ten_thousand_refusals_ban_for_an_hour() {
    let limits = "[limit.second]\nscope = []\n\
                  rule.fixed_window = { limit = 50, window = \"1s\" }\n\
                  [limit.ban]\nscope = []\ntells.status = 403\n\
                  rule.lockout = { status = [401, 403, 429], count = 10000, window = \"10m\", \
                  kind = \"sliding\", lasts = \"1h\" }\n";
    let burst = |at: u64, count: u32| format!("{{ at = \"{at}s\", count = {count} }}");
    let mut bursts: Vec<String> = (0..=200).map(|second| burst(second, 100)).collect();
    bursts.extend([burst(3_798, 1), burst(3_799, 1)]);
    let (_, counts) = counts(&with(limits, &format!("burst = [{}]", bursts.join(", ")), ""));
    assert_eq!(counts.attempts.throttled, [10_000, 100 + 1]);
    assert_eq!(counts.jobs.tally.completed, 10_000 + 1);
}

/// Airtable and Squarespace: a refusal is followed by a pause, which is what Retry-After tells.
#[test]
fn a_cool_down_is_told_and_kept() {
    let limit = "[limit.base]\nscope = []\nrule.token_bucket = { rate = \"5/s\", burst = 5 }\n\
                 cool_down = \"30s\"\ntells.retry_after = \"seconds\"\n";
    let arrivals = "burst = [{ at = \"0s\", count = 7 }, { at = \"29s\", count = 1 }, \
                    { at = \"30s\", count = 1 }]";
    assert_eq!(causes(&with(limit, arrivals, "")), [("base".into(), 3)]);
    let retry = "retry = { attempts = 2, backoff.fixed = \"1s\", honour_retry_after = true }";
    let (_, found) = counts(&with(limit, "burst = [{ at = \"0s\", count = 7 }]", retry));
    assert_eq!((found.jobs.tally.completed, found.attempts.sent()), (7, 9), "both wait for 30 s");
    let explained = told_by_explain(&with(limit, arrivals, ""));
    assert!(explained.contains("after a refusal it admits nothing for 30 s"), "{explained}");
}

fn told_by_explain(text: &str) -> String {
    throttlesim::report::explanation::explain(&scenario(text))
}

/// A day of Los Angeles: 24 calls, one each hour, before the clocks go forward on 2026-03-08, 23 on
/// that day, and 25 on 2026-11-01, when they go back.
#[test]
fn days_of_a_zone_are_as_long_as_its_clocks_say() {
    for (start, hours) in [("2026-03-08T08:00:00Z", 23), ("2026-11-01T07:00:00Z", 25)] {
        let limits = "[limit.day]\nscope = []\ntells.retry_after = \"seconds\"\n\
                      rule.fixed_window = { limit = 1, window = \"1 day\", \
                      zone = \"America/Los_Angeles\" }\n";
        let retry = "retry = { attempts = 2, backoff.fixed = \"1s\", honour_retry_after = true }";
        let text = with(limits, "burst = [{ at = \"0s\", count = 2 }]", retry);
        let text = text.replace("2026-11-27T08:00:00Z", start).replace("\"3h\"", "\"30h\"");
        let (_, found) = counts(&text);
        assert_eq!((found.jobs.tally.completed, found.attempts.sent()), (2, 3));
        let completion = found.value(Metric::Completion).expect("it is done");
        assert!((completion - 3_600.0 * f64::from(hours)).abs() < 1.0, "{start}: {completion}");
    }
}

/// A window may begin late: of a minute 20 s after it, of a month on its fifteenth.
#[test]
fn a_window_may_begin_late() {
    let limit = |window: &str| {
        let limits =
            format!("[limit.l]\nscope = []\nrule.fixed_window = {{ limit = 1, {window} }}\n");
        let text = with(
            &limits,
            "burst = [{ at = \"0s\", count = 1 }, { at = \"19s\", count = 1 }, \
                                 { at = \"20s\", count = 1 }]",
            "",
        );
        counts(&text).1.jobs.tally.completed
    };
    assert_eq!(limit("window = \"1m\", offset = \"20s\""), 2);
    assert_eq!(limit("window = \"1m\""), 1);
    assert_eq!(limit("window = \"1 month\", zone = \"Asia/Tokyo\", offset = \"26d 17h 20s\""), 2);
}
