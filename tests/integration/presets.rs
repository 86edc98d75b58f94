//! Presets against tables worked out by hand from the rules of their sources.

use crate::scenario;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::simulation::{Attempt, Next, observe};
use throttlesim::study::Study;

/// A first call keeps the only place for an hour, so that every other is refused, under a
/// published rate of 0.5/s.
const NEVER: &str = "[limit.never]\nscope = []\nrule.concurrency = 1\n\
    tells.code = \"QuotaExceeded\"\n[limit.published]\nscope = []\n\
    rule.token_bucket = { rate = \"0.5/s\", burst = 1000 }\n\
    [service]\nlatency.constant = \"1h\"\n";

/// One a second, two at once.
const SMALL: &str = "[limit.small]\nscope = []\ntells.code = \"QuotaExceeded\"\n\
    rule.token_bucket = { rate = \"1/s\", burst = 2 }\n";

/// What the only strategy of a scenario counted, and every attempt that it sent.
fn run(limit: &str, work: &str, strategy: &str) -> (Counts, Vec<Attempt>) {
    let scenario = scenario(&format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n{limit}[workload.w]\ncall = \"get\"\n\
         {work}\n[strategy.s]\npreset = {strategy}\n"
    ));
    let study = Study::run(&scenario).expect("within its bounds");
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
    (study.strategies[0].counts(&scenario.plan, Slice::Whole), attempts)
}

/// The attempts that were refused, of so many calls made at once besides the one that is not.
fn refused(limit: &str, calls: u32, strategy: &str) -> Vec<Attempt> {
    let (_, attempts) = run(limit, &format!("arrivals.backlog = {}", calls + 1), strategy);
    attempts.into_iter().filter(|attempt| attempt.cause.is_some()).collect()
}

/// When attempts were sent \[ms\].
fn sent(attempts: &[Attempt]) -> Vec<u64> {
    let mut sent: Vec<u64> =
        attempts.iter().map(|attempt| attempt.sent.as_nanos() / 1_000_000).collect();
    sent.sort_unstable();
    sent
}

const WRONG: &str = "\nfaithful = false";

/// A preset by name, with more of the strategy behind it.
fn preset(name: &str, more: &str) -> String {
    format!("\"{name}\"{more}")
}

#[test]
fn a_call_that_is_always_refused_is_sent_when_the_source_says() {
    let python = [0, 5_000, 11_500, 19_950, 30_935, 45_215, 63_780, 87_914, 119_288, 160_074];
    let guzzle = [0, 1_500, 4_500, 9_000, 15_000, 22_500, 31_500, 42_000, 54_000, 67_500, 82_500];
    let doubling: [u64; 11] = std::array::from_fn(|n| ((1 << n) - 1) * 1_000);
    let table: &[(&str, &str, &[u64])] = &[
        ("none", "", &[0]),
        ("fixed", "", &[0, 2_000, 4_000, 6_000]),
        ("botocore_stock", "", &[0]),
        ("finagle_budget", "", &[0; 21]),
        ("brooker_bucket", "", &[0, 100, 300, 700, 1_500, 3_100]),
        ("python_sp_api", "", &python),
        ("python_sp_api_stock", "", &[0]),
        ("python_sp_api_one_process", "", &python),
        ("p_throttle", "", &[0]),
        ("fika", "", &[0, 2_000, 4_000, 6_000]),
        ("bizon", "", &[0, 3_500, 7_000, 10_500]),
        ("bizon_stock", "", &[0]),
        ("hexrw", "", &[0]),
        ("hexrw", WRONG, &[0, 2_000]),
        ("pay_php", "", &[0, 1_000, 3_200, 10_200]),
        ("pay_php", WRONG, &[0, 1_000, 3_200]),
        ("pay_java", "", &[0, 2_000, 6_000, 14_000]),
        ("pay_java", WRONG, &[0, 2_000, 6_000]),
        ("pay_node", "", &[0]),
        ("pay_node", WRONG, &[0, 2_000, 6_000, 14_000]),
        ("paapi_py", "", &[1_000, 2_000, 4_000, 8_000]),
        ("bottlenose", "", &[1_111]),
        ("resilience4j", "", &[0, 500, 1_000]),
        ("guzzle", "", &guzzle),
        ("axios", "", &[0; 4]),
        ("sdk_java", "", &[0]),
        ("sdk_js_bottleneck", "", &[0]),
        ("pacer", "", &[2_105, 4_210, 6_315, 8_421, 10_526]),
        ("client_bucket", "", &[0, 2_000, 4_000, 6_000, 8_000]),
        ("aws_go_before", "", &[0]),
        ("stripe_python", "", &[0]),
        ("octokit_retry", "", &[0, 1_000, 5_000, 14_000]),
        ("octokit_throttling", "", &[0, 60_000]),
        ("shopify_graphql_client", "", &[0, 1_000, 2_000, 3_000]),
        ("p_retry", "", &doubling),
        ("bottleneck", "\nworkers = 2", &[333]),
        ("urllib3", "", &[0, 0, 2_000, 6_000, 14_000, 30_000]),
        ("header_following", "", &[2_105, 4_210, 6_315, 8_421, 10_526]),
    ];
    for (name, more, expected) in table {
        assert_eq!(sent(&refused(NEVER, 1, &preset(name, more))), *expected, "{name}{more}");
    }
}

/// Until the place is free, an hour later.
#[test]
fn who_never_gives_up_goes_on_as_long_as_it_takes() {
    let doubling = [0, 10, 30, 70, 150, 310, 630, 1_270, 2_550, 4_550, 6_550];
    let table: &[(&str, &[u64], usize)] = &[
        ("exponential", &doubling, 1_807),
        ("restore_wait", &[0, 2_000, 4_000], 1_800),
        ("node_sp_api", &[0, 2_000, 4_000], 1_800),
    ];
    for (name, expected, number) in table {
        let sent = sent(&refused(NEVER, 1, &preset(name, "")));
        assert_eq!(sent[..expected.len()], **expected, "{name}");
        assert_eq!(sent.len(), *number, "{name}");
    }
}

/// Bounds and mean of the wait after the n-th attempt \[s\], all draws uniform but Polly's, whose
/// mean is ∫2^t·tanh √(4t) dt·2/1.4 over 0 to 1; five deviations of the mean.
#[test]
fn waits_by_chance_keep_their_bounds_and_their_mean() {
    let unavailable = NEVER.replace("tells.code = \"QuotaExceeded\"", "tells.status = 503");
    let quota = "\nretry.budget.aws_quota.capacity = 100000";
    let new = "\nretry.budget.aws_quota = { capacity = 100000, failed = 14 }";
    let few = "\nretry.attempts = 5";
    let table = [
        ("full", few, 1, 0.0, 0.010, 0.005),
        ("full", few, 4, 0.0, 0.080, 0.040),
        ("equal", few, 4, 0.040, 0.080, 0.060),
        ("decorrelated", few, 1, 0.005, 0.015, 0.010),
        ("window", "\nretry = { attempts = 5, backoff.window.width = 8 }", 1, 0.0, 16.0, 8.0),
        ("botocore_legacy", "", 4, 0.0, 8.0, 4.0),
        ("botocore_standard", quota, 2, 0.0, 2.0, 1.0),
        ("botocore_adaptive", quota, 2, 0.0, 2.0, 1.0),
        ("botocore_2026_adaptive", new, 2, 0.0, 2.0, 1.0),
        ("botocore_stock", &format!("{quota}{WRONG}"), 2, 0.0, 2.0, 1.0),
        ("envoy_budget", "\nretry.budget.envoy_retries.least = 1000", 1, 0.0, 0.025, 0.0125),
        ("grpc_a6", "\nretry.budget.grpc_throttling.max_tokens = 10000", 3, 0.32, 0.48, 0.40),
        ("polly", "", 1, 0.0, 2.7544, 1.7422),
        ("celery", "", 3, 0.0, 4.0, 2.0),
        ("got", "", 2, 2.0, 2.1, 2.05),
        ("aws_js_before", quota, 2, 0.0, 1.0, 0.5),
        ("aws_java_before", "", 3, 1.0, 2.0, 1.5),
        ("openai_python", "", 2, 0.75, 1.0, 0.875),
        ("openai_node", "", 1, 0.375, 0.5, 0.4375),
        ("httpx_retries", "", 4, 0.0, 8.0, 4.0),
        ("tenacity", "", 3, 4.0, 5.0, 4.5),
        ("google_api_core", "", 4, 0.0, 8.0, 4.0),
        ("backoff_expo", "", 4, 0.0, 8.0, 4.0),
    ];
    let check =
        |limit: &str, (name, more, n, low, high, mean): (&str, &str, u32, f64, f64, f64)| {
            let attempts = refused(limit, 300, &preset(name, more));
            let waits: Vec<f64> = attempts
                .iter()
                .filter(|attempt| attempt.attempt == n)
                .filter_map(|attempt| match attempt.next {
                    Next::After(wait) => Some(wait.as_secs_f64()),
                    _ => None,
                })
                .collect();
            assert!(waits.len() >= 300, "{name}: {}", waits.len());
            assert!(waits.iter().all(|wait| (low..=high).contains(wait)), "{name}: {waits:?}");
            let found = waits.iter().sum::<f64>() / waits.len() as f64;
            let deviation = (high - low) / 12f64.sqrt() / (waits.len() as f64).sqrt();
            assert!((found - mean).abs() < 5.0 * deviation, "{name}: {found} for {mean}");
        };
    table.into_iter().for_each(|row| check(NEVER, row));
    check(&unavailable, ("aws_go_before", quota, 1, 2.0, 3.0, 2.5));
    check(&unavailable, ("aws_js_before", quota, 2, 0.0, 0.2, 0.1));
    check(&unavailable, ("aws_java_before", quota, 2, 0.1, 0.2, 0.15));
    check(&unavailable, ("botocore_2026", new, 2, 0.0, 0.1, 0.05));
    check(NEVER, ("botocore_2026", new, 2, 0.0, 2.0, 1.0));
}

/// Refused attempts of so many calls that fail together: each once, and the retries that all have
/// together.
#[test]
fn a_budget_is_for_all_calls_together() {
    let table = [
        ("botocore_standard", 300, 300 + 500 / 5),
        ("botocore_adaptive", 300, 300 + 500 / 5),
        ("botocore_2026", 300, 300 + 500 / 5),
        ("botocore_2026_adaptive", 300, 300 + 500 / 5),
        ("finagle_budget", 20, 20 + 100),
        ("envoy_budget", 10, 10 + 3),
        ("grpc_a6", 10, 10 + 4),
        ("brooker_bucket", 10, 10 + 5),
    ];
    for (name, calls, number) in table {
        assert_eq!(refused(NEVER, calls, &preset(name, "")).len(), number, "{name}");
    }
    let unavailable = NEVER.replace("tells.code = \"QuotaExceeded\"", "tells.status = 503");
    let new = refused(&unavailable, 300, &preset("botocore_2026", ""));
    assert_eq!(new.len(), 300 + 500 / 14);
}

/// Nine waits of 160 s in all between two that give up, whoever waits them: of two callers one
/// gives up after five attempts, the other goes through the whole ladder once more.
#[test]
fn python_callers_share_one_count() {
    let attempts_each = |calls: u32, more: &str| {
        let attempts = refused(NEVER, calls, &preset("python_sp_api", more));
        let of = |request| attempts.iter().filter(|attempt| attempt.request == request).count();
        let mut each: Vec<usize> = (1..=u64::from(calls)).map(of).collect();
        each.sort_unstable();
        (each, sent(&attempts))
    };
    let (each, sent) = attempts_each(2, "");
    assert_eq!(each, [5, 15]);
    let times = [0, 0, 5_000, 6_500, 13_450, 17_485, 27_730, 36_049, 51_864, 67_423, 92_651];
    assert_eq!(sent[..11], times);
    assert_eq!(sent[19], 252_726, "the last");
    assert_eq!(attempts_each(2, WRONG).0, [10, 10]);
    for calls in [3, 5, 10] {
        assert_eq!(attempts_each(calls, "").0.iter().sum::<usize>(), 10 * calls as usize);
    }
}

/// Two sellers of one process share a count as two callers do; with processes of their own each
/// seller has ten tries.
#[test]
fn python_sellers_of_one_process_share_one_count() {
    let three = format!("{NEVER}[clients]\naccounts = 3\n");
    for (name, expected) in [("python_sp_api", [10, 10]), ("python_sp_api_one_process", [5, 15])] {
        let (_, attempts) = run(&three, "arrivals.backlog = 1", &preset(name, ""));
        let refused = |account: u32| {
            let of = |a: &&Attempt| a.cause.is_some() && a.caller.account == account;
            attempts.iter().filter(of).count()
        };
        let mut each = [refused(1), refused(2)];
        each.sort_unstable();
        assert_eq!(each, expected, "{name}");
        assert_eq!(refused(0), 0, "it has the only place");
    }
}

/// Waits of whole seconds: calls that fail together come back together, at whole seconds.
#[test]
fn celery_tasks_come_back_at_whole_seconds() {
    let sent = sent(&refused(NEVER, 100, "\"celery\""));
    assert_eq!(sent.len(), 400);
    assert!(sent.iter().all(|ms| ms % 1_000 == 0));
    let at = |s: u64| sent.iter().filter(|ms| **ms == s * 1_000).count();
    assert!(at(0) > 130 && at(1) > 60, "at once {}, after 1 s {}", at(0), at(1));
}

/// 960 calls at once, 16 threads. botocore 1.44.8 itself, its threads waking up to 0.1 ms late
/// (five runs under a virtual clock): 42 to 49 lost, 45.8 on average, and 274 to 298, 282.6 on
/// average. In the order of their coming it would be 53 and 362.
#[test]
fn adaptive_clients_lose_as_much_as_the_real_one() {
    for (burst, low, high) in [(10, 42.0, 49.0), (1, 274.0, 298.0)] {
        let limit = format!(
            "replications = 10\n[limit.plan]\nscope = []\n\
             rule.token_bucket = {{ rate = \"1/s\", burst = {burst} }}\n"
        );
        for name in ["botocore_adaptive", "botocore_2026_adaptive"] {
            let strategy = preset(name, "\nworkers = 16");
            let (counts, _) = run(&limit, "arrivals.backlog = 960", &strategy);
            let lost = counts.requests.given_up as f64 / 10.0;
            assert!((low..=high).contains(&lost), "{name}, burst {burst}: {lost}");
        }
    }
}

/// A hundred calls at once at 10 in any second: ten, then one each 100 ms from 1 s on.
#[test]
fn p_throttle_keeps_its_calls_apart() {
    let open = "[limit.open]\nscope = []\nrule.concurrency = 1000\n";
    let (_, attempts) = run(open, "arrivals.backlog = 100", "\"p_throttle\"");
    let expected: Vec<u64> = (0..100).map(|n| if n < 10 { 0 } else { n * 100 }).collect();
    assert_eq!(sent(&attempts), expected);
}

/// Five calls at once under 1/s burst 2 \[ms\], those that are refused included.
#[test]
fn paced_clients_send_when_their_own_limiter_lets_them() {
    let table: &[(&str, &str, &[u64])] = &[
        ("paapi_py", "", &[0, 1_000, 2_000, 3_000, 4_000]),
        ("bottlenose", "", &[0, 1_111, 2_222, 3_333, 4_444]),
        ("pacer", "", &[0, 1_052, 2_105, 3_157, 4_210]),
        ("header_following", "", &[0, 1_052, 2_105, 3_157, 4_210]),
        ("client_bucket", "", &[0, 0, 1_000, 2_000, 3_000]),
        ("burst_and_yield", "", &[0, 0, 2_000, 2_000, 4_000]),
        ("hexrw", "", &[0, 0, 1_000, 2_000, 3_000]),
        ("sdk_java", "", &[0, 0]),
        ("sdk_js_bottleneck", "", &[0, 0]),
        ("sdk_js_bottleneck", WRONG, &[0, 0, 1_000, 2_000, 3_000]),
        ("fika", WRONG, &[0, 0, 1_000, 2_000, 3_000]),
        // The third is refused, and sent again between the others.
        ("fika", "", &[0, 0, 0, 1_000, 2_000, 3_000]),
    ];
    for (name, more, expected) in table {
        let (counts, attempts) = run(SMALL, "arrivals.backlog = 5", &preset(name, more));
        assert_eq!(sent(&attempts), *expected, "{name}{more}");
        let throttled = u64::from((*name, *more) == ("fika", ""));
        assert_eq!(counts.attempts.refused(), throttled, "{name}{more}");
    }
}

/// Polled for 20 s: what leaves, and what its own bucket refuses. At 900 ms the eleventh and all
/// after it, as every try bars the next 5 s anew.
#[test]
fn a_penalty_that_every_try_renews_never_ends() {
    for (period, leave, refuse) in
        [(300, 2, 65), (700, 4, 25), (900, 11, 12), (1_000, 20, 0), (1_100, 19, 0), (5_500, 4, 0)]
    {
        let limit = format!("{SMALL}[limit.short]\nscope = []\nrule.concurrency = 1000\n");
        let work = format!("arrivals.every.period = \"{period}ms\"");
        let (counts, attempts) = run(&limit, &work, "\"sdk_js_bottleneck\"");
        let within = attempts.iter().filter(|a| a.sent.as_nanos() < 20_000_000_000).count();
        assert_eq!(within, leave, "{period} ms");
        let calls = 20_000u64.div_ceil(period);
        assert_eq!(calls - within as u64, refuse, "{period} ms");
        if refuse > 0 {
            assert_eq!(counts.spared.refused, counts.requests.arrived - leave as u64);
        }
    }
}

#[test]
fn adaptive_bounds_begin_with_twenty() {
    for name in ["aimd", "gradient2", "vegas"] {
        let (_, attempts) = run(
            "[limit.wide]\nscope = []\nrule.concurrency = 1000\n[service]\n\
             latency.constant = \"10m\"\n",
            "arrivals.backlog = 100",
            &preset(name, ""),
        );
        let at_once = attempts.iter().filter(|attempt| attempt.sent.as_nanos() == 0).count();
        assert_eq!(at_once, 20, "{name}");
    }
}

/// 60 calls: 60 attempts fail at once, 40 half a second later, which makes the hundred that open
/// the breaker; the other 20, and all 60 a second in, are refused by it.
#[test]
fn a_breaker_opens_with_the_hundredth_failure() {
    let (counts, _) = run(NEVER, "arrivals.backlog = 61", "\"resilience4j\"");
    assert_eq!(counts.attempts.refused(), 100);
    assert_eq!((counts.spared.refused, counts.requests.given_up), (20 + 60, 60));
}

/// 40/s of which 10/s are accepted, no retries: twice what is accepted leaves, as k = 2.
#[test]
fn sre_clients_ask_for_twice_what_is_accepted() {
    let limit = "[limit.ten]\nscope = []\nrule.token_bucket = { rate = \"10/s\", burst = 1 }\n";
    let (counts, _) = run(limit, "arrivals.poisson = \"40/s\"", "\"sre\"\nretry.statuses = [503]");
    let times = counts.attempts.sent() as f64 / counts.attempts.admitted as f64;
    assert!((times - 2.0).abs() < 0.1, "{times}");
}

/// The floor of 0.5/s is a turn each 2 s, whatever the provider restores.
#[test]
fn adaptive_mode_ends_at_its_floor() {
    let sent = sent(&refused(NEVER, 300, "\"botocore_adaptive\""));
    let last: Vec<u64> = sent[sent.len() - 10..].windows(2).map(|w| w[1] - w[0]).collect();
    assert_eq!(last, [2_000; 9]);
}

/// As its manual has it, waits are exponentially distributed about 10 s; a Retry-After of 1 s goes
/// instead of Guzzle's 1.5 s, and makes axios wait at all.
#[test]
fn waits_of_a_mean_and_by_retry_after() {
    let attempts = refused(NEVER, 1, &preset("bottlenose", WRONG));
    let waits: Vec<f64> = attempts
        .iter()
        .filter_map(|attempt| match attempt.next {
            Next::After(wait) => Some(wait.as_secs_f64()),
            _ => None,
        })
        .collect();
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    assert!(waits.len() > 250 && (mean - 10.0).abs() < 5.0 * 10.0 / 250f64.sqrt(), "{mean}");
    let told = "[limit.told]\nscope = []\ntells.retry_after = \"seconds\"\n\
        rule.token_bucket = { rate = \"1/s\", burst = 1, initial = 0 }\n";
    for name in ["guzzle", "axios", "got", "paapi_py"] {
        let (_, attempts) = run(told, "arrivals.backlog = 1", &preset(name, ""));
        assert_eq!(sent(&attempts), [0, 1_000], "{name}");
    }
}

/// At 20 s a window of 90 s tells 70 s: too long for version 1, not for the newer one, which gives
/// up after more than 2 min.
#[test]
fn a_long_retry_after_is_waited_for_ignored_or_the_end() {
    let sent_of = |name: &str, window: &str| {
        let rule = format!("rule.fixed_window = {{ limit = 1, window = \"{window}\" }}");
        let limit = format!("[limit.l]\nscope = []\n{rule}\ntells.retry_after = \"seconds\"\n");
        let work = "arrivals.burst = [{ at = \"0s\", count = 1 }, { at = \"20s\", count = 1 }]";
        sent(&run(&limit, work, &preset(name, "")).1)
    };
    assert_eq!(sent_of("openai_python", "90s"), [0, 20_000, 90_000]);
    assert_eq!(sent_of("openai_python", "5m"), [0, 20_000]);
    let before = sent_of("openai_python_before", "90s");
    assert!(before.len() == 4 && (20_375..=20_500).contains(&before[2]), "{before:?}");
    assert_eq!(sent_of("openai_python_before", "50s"), [0, 20_000, 50_000]);
}
