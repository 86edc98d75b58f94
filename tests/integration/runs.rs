//! Laws of whole runs, over small random scenarios.

use crate::scenario;
use proptest::prelude::*;
use throttlesim::metrics::Outcome;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::report::Report;
use throttlesim::simulation::{Plan, observe, simulate};
use throttlesim::study::Study;

/// A small scenario: several accounts, processes and strategies against a bucket.
fn text(
    seed: u64,
    accounts: u32,
    processes: u32,
    arrivals: &str,
    burst: u32,
    retry: &str,
    client: &str,
) -> String {
    let keys = if client.contains("cache") { "keys = { count = 9, zipf = 0.8 }" } else { "" };
    format!(
        r#"
        schema = 1
        question = "?"
        duration = "20s"
        drain = "1m"
        seed = {seed}
        [limit.bucket]
        scope = ["account", "operation"]
        rule.token_bucket = {{ rate = "2/s", burst = {burst} }}
        [limit.at-a-time]
        scope = ["account"]
        rule.concurrency = 3
        [clients]
        accounts = {accounts}
        processes = {processes}
        [service]
        latency.exponential = "300ms"
        round_trip = "40ms"
        failure_rate = 0.05
        bad_request_rate = 0.05
        transient_throttle_probability = 0.02
        [workload.poll]
        arrivals.{arrivals}
        steps = [{{ call = "list" }}, {{ call = "get", count.poisson = 2 }}]
        {keys}
        [workload.people]
        arrivals.closed = {{ population = 2, think.exponential = "3s" }}
        call = "get"
        [strategy.one]
        workers = 3
        retry = {{ {retry} }}
        [strategy.two]
        pace = {{ rate = "90%" }}
        [strategy.two.retry]
        attempts = 3
        backoff.exponential = {{ base = "1s", cap = "9s", jitter = "equal" }}
        [strategy.three]
        {client}
        "#
    )
}

fn any_text() -> impl Strategy<Value = String> {
    let arrivals = prop_oneof![
        Just("poisson = \"1/s\""),
        Just("rate = \"3/2s\""),
        Just("every = { period = \"2s\", jitter = \"1s\" }"),
        Just("burst = [{ at = \"1s\", count = 9 }, { at = \"5s\", count = 4 }]"),
        Just("backlog = 15"),
        Just("every = { period = \"2s\", jitter = \"1s\", spread = \"2s\" }"),
        Just("stages = [{ for = \"9s\", to = \"3/s\" }, { for = \"2s\" }, { for = \"5s\" }]"),
        Just(
            "hourly = { mean = \"1/s\", weights = \
             [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5] }"
        ),
        Just("on_off = { on = \"4/s\", off = \"0.1/s\", mean_on = \"2s\", mean_off = \"3s\" }"),
    ];
    let retry = prop_oneof![
        Just("attempts = 1"),
        Just("attempts = 4, backoff.fixed = \"700ms\""),
        Just("attempts = \"unlimited\", deadline = \"8s\", backoff = \"restore_wait\""),
        Just("backoff.exponential = { base = \"100ms\", cap = \"5s\", jitter = \"full\" }"),
    ];
    (any::<u32>(), 1u32..5, 1u32..3, arrivals, 1u32..6, retry, any_client()).prop_map(
        |(seed, a, p, arrivals, b, retry, client)| {
            text(seed.into(), a, p, arrivals, b, retry, &client)
        },
    )
}

/// A client with any of the other blocks, freely combined.
fn any_client() -> impl Strategy<Value = String> {
    let lines = [
        "workers = 2",
        "hold_worker = true",
        "hedge.after = \"200ms\"",
        "cache = { ttl = \"4s\", capacity = 4 }",
        "batch = { linger = \"1s\", size = 3 }",
        "start.spread = \"3s\"",
        "concurrency.aimd = { initial = 2, least = 1 }",
        "pace = { rate = \"120%\", burst = 2, shared = true }",
        "guard.no_waiting = { penalty = \"1s\" }",
        "retry = { attempts = 5, backoff.fixed = \"800ms\", counter = \"process\", \
         budget = \"bucket\" }",
    ];
    proptest::bits::u16::masked((1 << lines.len()) - 1).prop_map(move |mask| {
        let has = |n: usize| mask >> n & 1 == 1;
        let on = lines.iter().enumerate().filter(|(n, line)| match *n {
            // What would have no effect is an error.
            1 => has(1) && has(0) && has(9),
            8 => has(8) && has(7),
            n => has(n) && !line.is_empty(),
        });
        on.map(|(_, line)| format!("{line}\n        ")).collect()
    })
}

fn whole(plan: &Plan, outcome: &Outcome) -> Counts {
    Counts::of(outcome, &plan.cell_names(), Slice::Whole)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Everything that arose has ended or is counted as unfinished; every attempt was admitted,
    /// refused or failed; each account's counts add up to the whole.
    #[test]
    fn jobs_requests_and_attempts_are_conserved(text in any_text()) {
        let plan = scenario(&text).plan;
        for strategy in 0..3 {
            let outcome = simulate(&plan, strategy, 0, 0..plan.population.accounts);
            let counts = whole(&plan, &outcome);
            let (requests, attempts) = (counts.requests, counts.attempts);
            let answered = attempts.admitted + attempts.failed + attempts.refused();
            prop_assert_eq!(attempts.sent(), answered);
            let ended = requests.completed + requests.given_up;
            prop_assert_eq!(ended + requests.unfinished(), requests.arrived);
            prop_assert!(counts.jobs.tally.unfinished() <= counts.jobs.tally.arrived);
            prop_assert!(attempts.first <= requests.arrived);
            let sent: u64 = outcome.accounts.iter().map(|account| account.sent()).sum();
            let completed: u64 = outcome.accounts.iter().map(|account| account.completed).sum();
            prop_assert_eq!((sent, completed), (attempts.sent(), requests.completed));
            let in_time: u64 = outcome.timeline.throttled().sum();
            prop_assert_eq!(in_time, attempts.refused());
        }
    }

    /// Watching a run, and dividing it over partitions of accounts, changes nothing.
    #[test]
    fn neither_observing_nor_dividing_changes_a_run(text in any_text()) {
        let plan = scenario(&text).plan;
        prop_assert!((0..plan.strategies.len()).all(|s| plan.accounts_are_independent(s)));
        for strategy in 0..3 {
            let accounts = plan.population.accounts;
            let divided = simulate(&plan, strategy, 0, 0..accounts);
            let (watched, attempts) = observe(&plan, strategy, 0, Vec::new());
            prop_assert_eq!(whole(&plan, &divided).attempts, whole(&plan, &watched).attempts);
            prop_assert_eq!(&divided.accounts, &watched.accounts);
            prop_assert_eq!(&divided.jobs, &watched.jobs);
            prop_assert_eq!(&divided.cells, &watched.cells);
            prop_assert!(divided.timeline.backlog().eq(watched.timeline.backlog()));
            let counts = whole(&plan, &watched).attempts;
            let refused = attempts.iter().filter(|attempt| attempt.cause.is_some()).count() as u64;
            let open = attempts.iter().filter(|attempt| attempt.status.is_none()).count() as u64;
            prop_assert_eq!((attempts.len() as u64, refused), (counts.sent(), counts.refused()));
            prop_assert_eq!(open, counts.under_way.count());
        }
    }

    /// Every strategy meets the same arrivals.
    #[test]
    fn strategies_meet_the_same_arrivals(seed in any::<u32>()) {
        let text = text(seed.into(), 3, 1, "poisson = \"1/s\"", 3, "attempts = 1", "");
        let plan = scenario(&text).plan;
        let arrived = |strategy| simulate(&plan, strategy, 0, 0..3).jobs[0].tally.arrived;
        prop_assert_eq!(arrived(0), arrived(1));
    }

    /// For a client that does not retry, more burst never throttles more.
    #[test]
    fn more_quota_never_throttles_more(seed in any::<u32>(), burst in 1u32..6) {
        let refused = |burst| {
            let text = format!(
                "schema = 1\nquestion = \"?\"\nduration = \"1m\"\nseed = {seed}\n\
                 [limit.b]\nscope = [\"account\"]\n\
                 rule.token_bucket = {{ rate = \"2/s\", burst = {burst} }}\n\
                 [workload.w]\narrivals.poisson = \"3/s\"\ncall = \"c\"\n[strategy.s]\n"
            );
            let plan = scenario(&text).plan;
            whole(&plan, &simulate(&plan, 0, 0, 0..1)).attempts.refused()
        };
        prop_assert!(refused(burst + 1) <= refused(burst));
    }
}

/// The same bytes for any number of threads.
#[test]
fn threads_cannot_be_seen_in_the_results() {
    let text =
        text(9, 40, 2, "poisson = \"1/s\"", 3, "attempts = 4, backoff.fixed = \"700ms\"", "");
    let scenario = scenario(&format!("replications = 5\n{text}"));
    let summary = |threads| {
        let pool =
            rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            Report::new(&scenario, &Study::run(&scenario).expect("within its bounds"))
                .summary()
                .to_json()
        })
    };
    assert_eq!(summary(1), summary(7));
}
