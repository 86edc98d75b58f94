//! The largest share of each limit that was in use: worked examples of each rule, and counts by
//! hand of what was observed.

use crate::scenario;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use throttlesim::limiter::{
    Beyond, Change, Concurrency, Dynamic, FixedWindow, Income, LeakyQueue, Limit, Limiter, Lockout,
    LockoutRule, LockoutWindow, Outcome, Quota, Reason, Refill, Revenue, RevenueRule, Room,
    SlidingCounter, SlidingLog, Terms, TokenBucket,
};
use throttlesim::report::Report;
use throttlesim::report::page::View;
use throttlesim::scenario::Scenario;
use throttlesim::simulation::observe;
use throttlesim::study::Study;
use throttlesim::units::{Instant, Money, Rate, Span};
use throttlesim::wire::Status;

fn at(s: u64) -> Instant {
    Instant::ORIGIN + Span::from_secs(s)
}

fn rate(text: &str) -> Rate {
    text.parse().expect("a rate")
}

/// After so many calls at these seconds, all admitted: taken, most, and since when \[s\].
fn used(limiter: impl Limit, calls: &[(u64, u32)], part: Reason) -> (u64, u64, u64) {
    let mut limiter = limiter;
    for (s, count) in calls {
        for _ in 0..*count {
            limiter.roll(at(*s));
            assert!(limiter.admit(at(*s)).is_ok(), "at {s} s");
        }
    }
    let usage = limiter.usage(part).expect("a share");
    (usage.taken, usage.most, usage.at().as_nanos() / 1_000_000_000)
}

#[test]
fn each_rule_by_hand() {
    let whole = Reason::Limit;
    for refill in [Refill::Tick, Refill::Continuous] {
        let bucket = || TokenBucket::new(rate("1/s"), 30, refill, 30);
        // 3 of 30 at first; full again at 100 s, 24 of 30.
        assert_eq!(used(bucket(), &[(0, 3), (100, 24)], whole), (24, 30, 60));
        // Paced at its rate it has one token less than full.
        let paced: Vec<(u64, u32)> = (0..300).map(|s| (s, 1)).collect();
        assert_eq!(used(bucket(), &paced, whole).0, 1);
        // 15 left at 15 s, when two a second are taken and one comes.
        let twice: Vec<(u64, u32)> = (0..16).map(|s| (s, 2)).collect();
        assert_eq!(used(bucket(), &twice, whole).0, 17);
    }
    // 4 of 10; at 4 s one is restored, and 5 more leave 2.
    assert_eq!(used(Quota::new(rate("1/4s"), 10), &[(0, 4), (4, 5)], whole), (8, 10, 0));
    // Three places: now, in half a second, in a second.
    let queue = LeakyQueue::new(rate("2/s"), Span::from_secs(1));
    assert_eq!(used(queue, &[(0, 1), (70, 2)], whole), (2, 3, 60));
    let window = FixedWindow::new(120, Span::MINUTE, Span::ZERO);
    assert_eq!(used(window, &[(10, 30), (59, 20), (61, 90)], whole), (90, 120, 60));
    // At 70 s the first is forgotten; at 80 s three are in the window.
    let log = SlidingLog::new(4, Span::MINUTE);
    assert_eq!(used(log, &[(0, 1), (50, 1), (70, 1), (80, 1)], whole), (3, 4, 60));
    // At 75 s the estimate is 6 · 45 s / 60 s + 2 = 6.5, so that three whole calls still fit.
    let counter = SlidingCounter::new(10, Span::MINUTE, Span::ZERO, Room::WholeCall);
    assert_eq!(used(counter, &[(30, 6), (75, 2)], whole), (7, 10, 60));
    assert_eq!(used(Concurrency::new(3), &[(65, 2)], whole), (2, 3, 60));
}

#[test]
fn failures_that_lock_are_a_share_of_those_that_it_takes() {
    let mut lockout = Lockout::new(LockoutRule {
        statuses: vec![Status::BAD_REQUEST],
        count: 4,
        window: Span::DAY,
        kind: LockoutWindow::Fixed { offset: Span::ZERO },
        lasts: None,
        extends: false,
    });
    assert_eq!(lockout.usage(Reason::Limit), None);
    for s in [10, 20, 130] {
        lockout.settle(at(s), Outcome { status: Status::BAD_REQUEST, earned: Money::ZERO });
        lockout.settle(at(s), Outcome { status: Status::OK, earned: Money::ZERO });
    }
    let usage = lockout.usage(Reason::Limit).expect("a share");
    assert_eq!((usage.share(), usage.at()), (0.75, at(120)));
}

#[test]
fn a_revenue_quota_has_a_share_of_the_day_and_of_the_second() {
    let rule = RevenueRule {
        account_age: Span::DAY.times(3),
        initial_tpd: 10,
        initial_tps: 5,
        ..RevenueRule::default()
    };
    let revenue = || {
        let income = Income::new(Vec::new().into(), 0, Beyond::Nothing);
        Revenue::new(rule.clone().into(), income)
    };
    let calls = [(0, 4), (86_400, 2), (86_460, 1), (86_520, 4)];
    assert_eq!(used(revenue(), &calls, Reason::PerDay), (7, 10, 86_520));
    assert_eq!(used(revenue(), &calls, Reason::PerSecond), (4, 5, 0));
}

#[test]
fn each_share_is_of_the_figures_of_its_time() {
    let bucket = Limiter::TokenBucket(TokenBucket::new(rate("1/s"), 10, Refill::Continuous, 10));
    let terms = Terms::Rate { rate: rate("1/s"), burst: 4 };
    let change = |limit: Limiter| Dynamic::new(limit, [Change { at: at(60), terms }].into());
    // 5 of 10, then 3 of 4.
    assert_eq!(used(change(bucket.clone()), &[(0, 5), (90, 3)], Reason::Limit), (3, 4, 60));
    assert_eq!(used(change(bucket), &[(0, 8), (90, 3)], Reason::Limit), (8, 10, 0));
}

#[test]
fn a_refusal_uses_all_even_of_a_bucket_that_starts_empty() {
    let mut bucket = TokenBucket::new(rate("1/min"), 30, Refill::Continuous, 0);
    assert!(bucket.admit(at(5)).is_err());
    assert_eq!(bucket.usage(Reason::Limit).map(|usage| usage.share()), Some(1.0));
}

/// The entries of the headroom of the first strategy.
fn headroom(scenario: &Scenario, study: &Study) -> Vec<Json> {
    let text = Report::new(scenario, study).summary().to_json();
    let summary: Json = serde_json::from_str(&text).expect("JSON");
    summary["strategies"][0]["headroom"].as_array().expect("a list").clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Each minute of each account is counted anew from the attempts that were observed.
    #[test]
    fn shares_are_those_that_the_attempts_give(
        seed in any::<u16>(), accounts in 1u32..4, limit in 3u32..12, shared in any::<bool>(),
        retries in any::<bool>(),
    ) {
        let scope = if shared { "[]" } else { "[\"account\"]" };
        let retry = if retries { "retry = { attempts = 3, backoff.fixed = \"20s\" }" } else { "" };
        let scenario = scenario(&format!(
            "schema = 1\nquestion = \"?\"\nduration = \"10m\"\ndrain = \"2m\"\nseed = {seed}\n\
             clients.accounts = {accounts}\n\
             [limit.l]\nscope = {scope}\n\
             rule.fixed_window = {{ limit = {limit}, window = \"1m\" }}\n\
             [workload.w]\narrivals.poisson = \"1/20s\"\ncall = \"get\"\n[strategy.s]\n{retry}\n"
        ));
        let study = Study::run(&scenario).expect("within its bounds");
        let (outcome, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
        prop_assert_eq!(&outcome.peaks, &study.strategies[0].total.peaks, "on one clock or not");
        let mut counts: BTreeMap<(u32, u64), u32> = BTreeMap::new();
        for attempt in attempts.iter().filter(|attempt| attempt.cause.is_none()) {
            let account = if shared { 0 } else { attempt.caller.account };
            let minute = attempt.sent.as_nanos() / 60_000_000_000;
            *counts.entry((account, minute)).or_default() += 1;
        }
        let entries = headroom(&scenario, &study);
        let most = counts.values().copied().max().unwrap_or(0);
        prop_assert_eq!(entries.len(), usize::from(most > 0));
        if let Some(entry) = entries.first() {
            let fullest = counts.iter().filter(|(_, n)| **n == most);
            let first = fullest.map(|((account, minute), _)| (*minute, *account)).min();
            let (minute, account) = first.expect("a minute");
            let share = (f64::from(most) / f64::from(limit) * 1e8).round() / 1e8;
            let told = entry["share"]["mean"].as_f64().expect("a share");
            prop_assert!((told - share).abs() < 1e-7, "{told}, {share}");
            prop_assert_eq!(entry["at_s"].as_f64(), Some(minute as f64 * 60.0));
            let name = (!shared).then(|| format!("account {}", account + 1));
            prop_assert_eq!(entry["account"].as_str(), name.as_deref());
            let refused = attempts.iter().filter(|attempt| attempt.cause.is_some()).count();
            prop_assert_eq!(entry["refused"].as_u64(), Some(refused as u64));
            prop_assert!(refused == 0 || told == 1.0);
        }
    }
}

/// Two calls with buckets of their own, of which the second is used nearly up.
const TWO: &str = r#"
    schema = 1
    question = "How much is left?"
    duration = "10m"
    [clients]
    accounts = 2
    [limit.rate]
    scope = ["account", "operation"]
    rule.token_bucket = { rate = "1/min", burst = 25 }
    [workload.orders]
    arrivals.burst = { at = "3m", count = 2 }
    call = "getOrders"
    [workload.items]
    arrivals.burst = { at = "4m30s", count = 24 }
    call = "getOrderItems"
    [strategy.plain]
"#;

#[test]
fn page_report_and_summary_tell_the_same_headroom() {
    let scenario = scenario(TWO);
    let study = Study::run(&scenario).expect("within its bounds");
    let told: Vec<(String, f64, f64)> = headroom(&scenario, &study)
        .iter()
        .map(|entry| {
            let number = |value: &Json| value.as_f64().expect("a number");
            let name = entry["name"].as_str().expect("a name").to_string();
            (name, number(&entry["share"]["mean"]), number(&entry["at_s"]))
        })
        .collect();
    assert_eq!(
        told,
        [("rate of getOrders".into(), 0.08, 180.0), ("rate of getOrderItems".into(), 0.96, 240.0)]
    );
    let sentence = "“plain” uses up to 96 % of the burst of `getOrderItems` (account 1, at \
                    4 min) and 8 % of the burst of `getOrders` (account 1, at 3 min).";
    let page = Report::new(&scenario, &study).terminal(View { width: 200, verbose: false });
    assert!(page.contains(&format!("headroom: {sentence}")), "{page}");
    assert!(
        Report::new(&scenario, &study).markdown().contains(&format!("- **Headroom:** {sentence}"))
    );
    let report = Report::new(&scenario, &study).page(&[], &[]);
    let table = report.split("## Headroom").nth(1).expect("a table");
    let rows = table.lines().filter(|line| line.contains("plain")).take(2);
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split('|').map(str::trim).collect()).collect();
    assert_eq!(rows[0][1..8], ["plain", "rate", "getOrders", "8 %", "0", "account 1", "3 min"]);
    assert_eq!(rows[1][4], "96 %");
}

#[test]
fn headroom_can_be_expected() {
    let expect = |that: &str| {
        let scenario = scenario(&format!("{TWO}\n[[expect]]\nthat = \"{that}\"\n"));
        let study = Study::run(&scenario).expect("within its bounds");
        format!("{:?}", study.findings[0].verdict)
    };
    assert_eq!(
        (expect("limit_use <= 96%"), expect("limit_use < 96%")),
        ("Met".into(), "Failed".into())
    );
}

#[test]
fn what_was_used_while_warming_up_does_not_count() {
    let of = |warm_up: &str| {
        let scenario = scenario(&TWO.replace("schema = 1", &format!("schema = 1\n{warm_up}")));
        let study = Study::run(&scenario).expect("within its bounds");
        headroom(&scenario, &study).len()
    };
    assert_eq!((of(""), of("warm_up = \"4m\""), of("warm_up = \"5m\"")), (2, 1, 0));
}
