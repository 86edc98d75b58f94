//! What clients do besides retrying: batches, caches, hedges, guards, each against its closed form.

use crate::scenario;
use std::path::Path;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::scenario::Scenario;
use throttlesim::simulation::{Attempt, observe};
use throttlesim::study::Study;
use throttlesim::units::Share;

/// What the only strategy of a scenario counted, and every attempt that it sent.
fn run(text: &str) -> (Counts, Vec<Attempt>) {
    let scenario = scenario(&format!("schema = 1\nquestion = \"?\"\n{text}"));
    let study = Study::run(&scenario).expect("within its bounds");
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
    (study.strategies[0].counts(&scenario.plan, Slice::Whole), attempts)
}

const OPEN: &str = "[limit.none]\nscope = []\nrule.concurrency = 1000000\n";

/// When attempts were sent \[ms\].
fn sent(attempts: &[Attempt]) -> Vec<u64> {
    let mut sent: Vec<u64> =
        attempts.iter().map(|attempt| attempt.sent.as_nanos() / 1_000_000).collect();
    sent.sort_unstable();
    sent
}

/// 95 requests in batches of 30 that linger for 10 s: three leave full at once, the last at 10 s.
#[test]
fn a_batch_leaves_when_it_is_full_or_has_lingered() {
    let (counts, attempts) = run(&format!(
        "{OPEN}[workload.w]\narrivals.backlog = 95\ncall = \"get\"\n\
         [strategy.s]\nbatch = {{ linger = \"10s\", size = 30 }}\n"
    ));
    assert_eq!(sent(&attempts), [0, 0, 0, 10_000]);
    assert_eq!((counts.requests.completed, counts.spared.batched), (95, 91));
    assert_eq!(counts.jobs.tally.completed, 95);
}

/// All that travelled in a call are lost with it.
#[test]
fn a_batch_is_lost_as_one() {
    let (counts, attempts) =
        run("[limit.none]\nscope = []\nrule.token_bucket = { rate = \"1/1d\", burst = 2 }\n\
         [workload.w]\narrivals.backlog = 100\ncall = \"get\"\n\
         [strategy.s]\nbatch = { linger = \"1s\", size = 30 }\n");
    assert_eq!(attempts.len(), 4);
    assert_eq!((counts.requests.completed, counts.requests.given_up), (60, 40));
}

/// One thing, asked for each second and good for 10 s: fetched at 0, 10, 20 … 90 s.
#[test]
fn a_cache_answers_until_its_time_to_live_is_over() {
    let (counts, attempts) = run(&format!(
        "duration = \"100s\"\n{OPEN}[workload.w]\narrivals.every.period = \"1s\"\ncall = \"get\"\n\
         keys.count = 1\n[strategy.s]\ncache.ttl = \"10s\"\n"
    ));
    assert_eq!(sent(&attempts), (0..10).map(|n| n * 10_000).collect::<Vec<u64>>());
    assert_eq!((counts.requests.completed, counts.spared.cached), (100, 90));
}

/// A thing asked for at rate λ is fetched once in T + 1/λ: hits are λT/(1 + λT) of its requests.
/// Zipf's 0.8 over 100 things, 20 requests a second, 30 s to live; within 0.5 %.
#[test]
fn hits_are_those_of_renewal_theory() {
    let (counts, _) = run(&format!(
        "duration = \"3h\"\n{OPEN}[workload.w]\narrivals.poisson = \"20/s\"\ncall = \"get\"\n\
         keys = {{ count = 100, zipf = 0.8 }}\n[strategy.s]\ncache.ttl = \"30s\"\n"
    ));
    let weights: Vec<f64> = (1..=100).map(|k| f64::from(k).powf(-0.8)).collect();
    let sum: f64 = weights.iter().sum();
    let hits = |w: &f64| {
        let asked = 20.0 * w / sum * 30.0;
        w / sum * asked / (1.0 + asked)
    };
    let expected: f64 = weights.iter().map(hits).sum();
    let found = counts.spared.cached as f64 / counts.requests.arrived as f64;
    assert!((found - expected).abs() < 0.005, "{found} for {expected}");
}

/// Answers take 1 s; after 400 ms a second attempt goes out, whose answer nobody waits for.
#[test]
fn a_hedge_is_sent_late_and_costs_an_attempt() {
    let (counts, attempts) = run(&format!(
        "{OPEN}[service]\nlatency.constant = \"1s\"\n[workload.w]\narrivals.backlog = 3\n\
         call = \"get\"\n[strategy.s]\nhedge.after = \"400ms\"\n"
    ));
    assert_eq!(sent(&attempts), [0, 0, 0, 400, 400, 400]);
    assert_eq!((counts.requests.completed, counts.attempts.admitted), (3, 6));
    assert_eq!(counts.last_end.as_secs_f64(), 1.0);
}

/// With latencies of 100 ms or 10 s, one in five, a hedge after 200 ms leaves one in 25 slow.
#[test]
fn a_hedge_shortens_the_tail() {
    let text = |hedge: &str| {
        format!(
            "duration = \"2h\"\n{OPEN}[service]\nlatency.empirical = {LATENCIES}\n[workload.w]\n\
             arrivals.poisson = \"1/s\"\ncall = \"get\"\n[strategy.s]\n{hedge}\n"
        )
    };
    const LATENCIES: &str = "\"tests/recorded/latencies.txt\"";
    let slow = |counts: &Counts| {
        let quick = counts.latency.quantile(Share::from_fraction(0.9)).expect("successes");
        quick.as_secs_f64() > 5.0
    };
    assert!(slow(&run(&text("")).0));
    let (hedged, _) = run(&text("hedge.after = \"200ms\""));
    assert!(!slow(&hedged));
    let more = hedged.attempts.sent() as f64 / hedged.requests.arrived as f64;
    assert!((more - 1.2).abs() < 0.03, "one in five is sent twice: {more}");
}

/// Four processes over a minute begin a quarter of an hour's quarter apart.
#[test]
fn processes_can_take_turns_over_a_period() {
    let (_, attempts) = run(&format!(
        "{OPEN}[clients]\nprocesses = 4\n[workload.w]\narrivals.backlog = 4\ncall = \"get\"\n\
         [strategy.s]\nstart.offset = \"1m\"\n"
    ));
    assert_eq!(sent(&attempts), [0, 15_000, 30_000, 45_000]);
}

/// The Java client's bucket: 20 of 25 leave, 5 fail without a call.
#[test]
fn a_client_that_does_not_wait_loses_what_its_own_bucket_refuses() {
    let (counts, attempts) =
        run("[provider.amazon]\ncatalog = \"sp-api\"\n[workload.w]\narrivals.backlog = 25\n\
         call = \"orders/v0/getOrders\"\n[strategy.s]\n\
         pace = { rate = \"100%\", burst = \"100%\" }\nguard = \"no_waiting\"\n");
    assert_eq!((attempts.len(), counts.spared.refused), (20, 5));
    assert_eq!((counts.requests.completed, counts.requests.given_up), (20, 5));
}

/// Ten calls wait for their turns at 1/s; from 3 s on the plan is 1/10s, as the header of the call
/// at 3 s says: all that wait go by it from the next turn but one.
#[test]
fn what_waits_for_its_turn_goes_by_the_rate_of_the_last_header() {
    let (_, attempts) = run("duration = \"1h\"\n[provider.amazon]\ncatalog = \"sp-api\"\n\
         operation.\"orders/v0/getOrderItems\" = { rate = \"1/s\", burst = 30 }\n\
         dynamic.\"orders/v0/getOrderItems\".schedule = [{ at = \"3s\", rate = \"0.1/s\" }]\n\
         [workload.w]\narrivals.backlog = 7\ncall = \"orders/v0/getOrderItems\"\n[strategy.s]\n\
         pace = { rate = \"100%\", follow_header = true }\n");
    assert_eq!(sent(&attempts), [0, 1_000, 2_000, 3_000, 4_000, 14_000, 24_000]);
}

/// Thirty calls at once at 3 in each 10 s, and a pacer of 1/s and burst 3 that starts empty.
#[test]
fn pacers_by_windows_and_from_nothing() {
    let pace = |pace: &str| {
        let (_, attempts) = run(&format!(
            "{OPEN}[workload.w]\narrivals.backlog = 8\ncall = \"get\"\n\
             [strategy.s]\npace = {pace}\n"
        ));
        sent(&attempts)
    };
    let windows = [0, 0, 0, 10_000, 10_000, 10_000, 20_000, 20_000];
    assert_eq!(pace("{ calls = 3, each = \"10s\" }"), windows);
    assert_eq!(pace("{ calls = 3, each = \"10s\", window = \"fixed\" }"), windows);
    let apart = [0, 0, 0, 10_000, 13_333, 16_666, 20_000, 23_333];
    assert_eq!(pace("{ calls = 3, each = \"10s\", window = \"strict\" }"), apart);
    let empty = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000];
    assert_eq!(pace("{ rate = \"1/s\", burst = 3, initial = 0 }"), empty);
    let two = [0, 0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000];
    assert_eq!(pace("{ rate = \"1/s\", burst = 3, initial = 2 }"), two);
}

/// 4 a minute by the clock, from 12:00:20 on: what is refused at 0 s is back at 40 s, when the
/// clock's minute begins, then at 1 m 40 s.
#[test]
fn a_crowd_comes_back_with_the_clocks_next_window() {
    let (counts, attempts) = run("start = 2026-11-27T12:00:20Z\n[limit.minute]\nscope = []\n\
         rule.fixed_window = { limit = 4, window = \"1m\" }\n\
         [workload.w]\narrivals.backlog = 10\ncall = \"get\"\n\
         [strategy.s]\nretry = { attempts = 5, backoff.next_window.every = \"1m\" }\n");
    let mut expected = vec![0; 10];
    expected.extend([40_000; 6]);
    expected.extend([100_000; 2]);
    assert_eq!((sent(&attempts), counts.requests.completed), (expected, 10));
}

#[test]
fn what_a_client_cannot_be_is_told() {
    for (strategy, message) in [
        ("pace = { calls = 3 }", "`calls` and `each` belong together"),
        ("pace.window = \"strict\"", "`calls` and `each` belong together"),
        ("pace = { calls = 0, each = \"1s\" }", "`calls` must be 1 to 1000000, not 0"),
        ("pace = { calls = 3, each = \"0s\" }", "`each` must be above 0"),
        (
            "pace = { calls = 3, each = \"1s\", rate = \"1/s\" }",
            "`rate` has no effect beside `calls` and `each`",
        ),
        (
            "pace = { rate = \"1/s\", burst = 3, initial = 4 }",
            "`initial` must not be above the burst, 3",
        ),
        (
            "pace = { rate = \"1/s\", burst = 3, initial = 0, turns = \"bursts\" }",
            "`initial` has no effect: turns that come together begin with all",
        ),
        ("retry.backoff.next_window.every = \"0s\"", "`every` must be above 0"),
        (
            "retry.backoff.exponential = { base = \"500ms\", jitter = \"whole_seconds\" }",
            "`jitter = \"whole_seconds\"` makes no wait of less than a second",
        ),
    ] {
        let text = format!(
            "schema = 1\nquestion = \"?\"\n{OPEN}[workload.w]\ncall = \"get\"\n\
             arrivals.backlog = 1\n[strategy.s]\n{strategy}\n"
        );
        let problems = Scenario::read("test", &text, Path::new("")).expect_err(strategy);
        let [problem] = problems.as_slice() else { panic!("{strategy}: {problems:?}") };
        assert_eq!(problem.message, message, "{strategy}");
    }
}
