//! What a person reads of small scenarios: quantiles, ranks and sentences with known right values.

use crate::{root, scenario};
use throttlesim::metrics::figures::{Metric, Slice, Statistic};
use throttlesim::report::Report;
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// 28 calls at once, one a second is admitted, and 25 are done when time is over: after 0, 1, …
/// 24 s. Half of all 28 are 14, of which the last takes 13 s.
#[test]
fn half_of_all_is_not_one_more_than_half() {
    let scenario = scenario(
        r#"
        schema = 1
        question = "Within what time is half done?"
        duration = "1s"
        drain = "23500ms"
        [limit.l]
        scope = []
        rule.token_bucket = { rate = "1/s", burst = 1 }
        [workload.w]
        arrivals.backlog = 28
        call = "get"
        [strategy.s]
        retry = { attempts = "unlimited", backoff.fixed = "1s" }
        "#,
    );
    let study = Study::run(&scenario).expect("within its bounds");
    let value = |permille| {
        let metric = Metric::JobLatency(Statistic::Quantile(permille));
        study.strategies[0].estimate(Slice::Whole, metric).map(|estimate| estimate.mean)
    };
    assert_eq!(value(500), Some(13.0), "the 14th of 28");
    assert_eq!(value(501), Some(14.0), "the 15th of 28");
    assert_eq!(value(892), Some(24.0), "the 25th of 28");
    assert_eq!(value(893), None, "the 26th of 28 is lost");
}

/// Strategies by name with their places, the best, what decided, and the sentence.
struct Ranks {
    places: Vec<(String, u64)>,
    best: Option<String>,
    decided_by: Option<String>,
    criteria: Vec<String>,
    sentence: String,
}

fn ranks(text: &str) -> Ranks {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let summary = Report::new(&scenario, &study).summary().to_json();
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let ranking = &summary["ranking"][0];
    let text = |value: &serde_json::Value| value.as_str().map(str::to_string);
    let place = |of: &serde_json::Value| {
        (text(&of["strategy"]).expect("a name"), of["place"].as_u64().expect("a place"))
    };
    let list = |key: &str| ranking[key].as_array().expect("a list").clone();
    Ranks {
        places: list("places").iter().map(place).collect(),
        best: text(&ranking["best"]),
        decided_by: text(&ranking["decided_by"]),
        criteria: list("criteria").iter().filter_map(text).collect(),
        sentence: text(&ranking["sentence"]).expect("a sentence"),
    }
}

/// 300 calls at one a second: the client that tries every 25 ms is done 1.5 s before the one that
/// paces, which is within 1 %; it needs 38.9 calls for each success.
const IMPATIENT: &str = r#"
schema = 1
question = "Which client is done first?"
duration = "1h"
[limit.one-a-second]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 1 }
[service]
latency.constant = "50ms"
[workload.w]
arrivals.backlog = 300
call = "GET /x"
[strategy.impatient]
workers = 1
hold_worker = true
retry = { attempts = 1000, backoff.fixed = "25ms" }
[strategy.paced]
workers = 1
pace.rate = "99.5%"
retry = { attempts = 5, backoff.fixed = "1s" }
"#;

#[test]
fn a_winner_that_is_done_later_is_not_said_to_be_sooner() {
    let found = ranks(IMPATIENT);
    assert_eq!(found.criteria, ["loss_rate", "last_end", "job_latency.p95", "calls_per_success"]);
    assert_eq!(found.best.as_deref(), Some("paced"));
    assert_eq!(found.decided_by.as_deref(), Some("calls_per_success"));
    let told = "In this one run “paced” is best: it needs 1 call per success instead of 38.9 \
                (“impatient”). They tie in what counts more: “paced” finishes after 5 min 01 s \
                instead of 4 min 59 s, a difference of 1.5 s and so within 1 %; ";
    assert!(found.sentence.starts_with(told), "{}", found.sentence);
}

#[test]
fn a_goal_and_a_worth_that_are_stated_decide() {
    let with = |keys: &str| ranks(&IMPATIENT.replace("duration", &format!("{keys}\nduration")));
    let found = with("goal = \"completion\"\nworth = \"1s\"");
    assert_eq!(found.criteria, ["loss_rate", "completion"]);
    assert_eq!(found.best.as_deref(), Some("impatient"));
    let found = with("goal = \"completion\"\nworth = \"2s\"");
    assert_eq!((found.best, found.decided_by), (None, None));
    assert_eq!(found.sentence, "“impatient” and “paced” tie: no difference between them matters.");
    let found = with("goal = [\"completion\", \"throttle_rate\"]");
    assert_eq!(found.best.as_deref(), Some("paced"));
    assert!(found.sentence.contains("a throttle rate of 0 % instead of 97.4 %"));
}

/// A rate that comes for two hours: one client answers at once, one after its pacer, one drops 1 of
/// some thousands of jobs.
#[test]
fn work_that_keeps_coming_is_ranked_by_latency_and_not_by_a_job_in_thousands() {
    let found = ranks(
        r#"
        schema = 1
        question = "Which client answers soonest?"
        duration = "2h"
        [limit.l]
        scope = ["account"]
        rule.token_bucket = { rate = "2/s", burst = 20 }
        [service]
        latency.constant = "100ms"
        [workload.w]
        arrivals.poisson = "80/min"
        call = "x"
        [strategy.slow]
        pace.rate = "80%"
        [strategy.slower]
        pace.rate = "70%"
        [strategy.loses-a-few]
        "#,
    );
    assert_eq!(found.criteria, ["loss_rate", "job_latency.p95", "calls_per_success"]);
    let places: Vec<(&str, u64)> = found.places.iter().map(|(n, p)| (&**n, *p)).collect();
    assert_eq!(places, [("loses-a-few", 1), ("slow", 2), ("slower", 3)], "{}", found.sentence);
    assert!(found.sentence.contains("95 % of its jobs within 100 ms instead of"));
}

#[test]
fn what_is_expected_of_every_strategy_comes_first() {
    let expected = "[[expect]]\nthat = \"throttle_rate > 50%\"\n";
    let found = ranks(&format!("{IMPATIENT}{expected}"));
    assert_eq!(found.best.as_deref(), Some("impatient"));
    let told = "it meets every expectation, and “paced” fails 1 of 1.";
    assert!(found.sentence.ends_with(told), "{}", found.sentence);
    let found = ranks(&format!("{IMPATIENT}{expected}strategy = \"paced\"\n"));
    assert_eq!(found.best.as_deref(), Some("paced"), "one strategy's own decides nothing");
}

#[test]
fn what_cannot_be_a_goal_is_an_error_with_a_remedy() {
    for (keys, part, help) in [
        ("goal = \"job_latncy.p95\"", "no metric `job_latncy.p95`", "job_latency.p95"),
        ("goal = []", "names no metric", "job_latency.p95"),
        ("goal = [\"completion\", \"completion\"]", "names completion twice", "once"),
        ("goal = \"jobs.arrived\"", "cannot be a goal", "jobs.lost"),
        ("goal = \"fairness\"", "needs several accounts", "clients.accounts"),
        ("goal = \"age.p95\"", "no workload fetches data", "arrivals.every"),
        ("worth = \"much\"", "cannot be \"much\"", "1%"),
        ("goal = \"throttle_rate\"\nworth = \"5s\"", "`goal` names no time", "1%"),
    ] {
        let text = IMPATIENT.replace("duration", &format!("{keys}\nduration"));
        let problems = Scenario::read("test", &text, root()).expect_err("a problem");
        let told = format!("{problems:?}");
        assert!(told.contains(part) || told.contains(&part.replace('"', "\\\"")), "{told}");
        assert!(told.contains(help), "{told}");
        assert_eq!(problems.len(), 1, "{told}");
    }
}

/// Work is over after 24 s: an outage at 20 s meets calls, one at 30 s meets none.
#[test]
fn an_outage_that_meets_no_call_is_noted() {
    let notes = |outage: &str, retry: &str| {
        let scenario = scenario(&format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1m\"\ndrain = \"1h\"\n[limit.l]\n\
             scope = []\nrule.token_bucket = {{ rate = \"1/s\", burst = 1 }}\n\
             [service]\n{outage}\n[workload.w]\narrivals.backlog = 25\ncall = \"get\"\n\
             [strategy.s]\nretry = {{ {retry} }}\n"
        ));
        let study = Study::run(&scenario).expect("within its bounds");
        Report::new(&scenario, &study).notes().collect::<Vec<String>>().join("\n")
    };
    let until_done = "attempts = \"unlimited\", backoff.fixed = \"1s\"";
    let late = notes("outages = [{ at = \"30s\", for = \"5s\" }]", until_done);
    assert_eq!(late, "The outage from 30 s to 35 s meets no call: all work has ended by 24 s.");
    assert_eq!(notes("outages = [{ at = \"20s\", for = \"5s\" }]", until_done), "");
    // What waits two hours for its next attempt is not over.
    let waits =
        notes("outages = [{ at = \"30s\", for = \"5s\" }]", "attempts = 9, backoff.fixed = \"2h\"");
    assert_eq!(waits, "");
}
