//! What is observed is what is counted: however many applications, regions, processes and accounts
//! there are, whatever they share, and whenever time is over.

use crate::scenario;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throttlesim::metrics::Outcome;
use throttlesim::scenario::Scenario;
use throttlesim::simulation::{Attempt, observe, simulate};
use throttlesim::study::Study;

/// A scenario over everything that may divide a run or share its parts; time is over while calls
/// are under way.
fn any_text() -> impl Strategy<Value = String> {
    let scope = prop_oneof![
        Just("[\"account\"]"),
        Just("[\"application\", \"account\"]"),
        Just("[\"account\", \"operation\"]"),
        Just("[\"application\"]"),
        Just("[]"),
    ];
    let rule = prop_oneof![
        Just("quota = { burst = 1, restore = \"1s\" }"),
        Just("token_bucket = { rate = \"2/s\", burst = 3 }"),
        Just("fixed_window = { limit = 4, window = \"3s\" }"),
        Just("concurrency = 1"),
    ];
    let client = prop_oneof![
        Just(""),
        Just("start.offset = \"10s\""),
        Just("start.offset = \"7s\"\nretry = { attempts = 3, backoff.fixed = \"400ms\" }"),
        Just("start.spread = \"3s\"\nworkers = 2"),
        Just("hedge.after = \"150ms\"\nretry = { attempts = 2, backoff.fixed = \"100ms\" }"),
        Just("batch = { linger = \"1s\", size = 3 }\nstart.offset = \"2s\""),
        Just("pace = { rate = \"1/s\", shared = true }"),
        Just("workers = { count = 2, across = \"accounts\" }"),
    ];
    let service = prop_oneof![
        Just(""),
        Just("latency.exponential = \"700ms\""),
        Just("latency.constant = \"3s\"\nround_trip = \"400ms\"\nfailure_rate = 0.2"),
    ];
    let people = (1u32..4, 1u32..3, 1u32..3, any::<bool>());
    (any::<u16>(), people, scope, rule, client, service).prop_map(
        |(seed, (accounts, applications, processes, dealt), scope, rule, client, service)| {
            let per = if dealt { "per = \"scenario\"\n" } else { "" };
            format!(
                "schema = 1\nquestion = \"?\"\nduration = \"15s\"\ndrain = \"3s\"\nseed = {seed}\n\
                 [limit.l]\nscope = {scope}\nrule.{rule}\n\
                 [clients]\naccounts = {accounts}\napplications = {applications}\n\
                 processes = {processes}\n[service]\n{service}\n\
                 [workload.w]\n{per}arrivals.poisson = \"1/s\"\ncall = \"get\"\n\
                 [strategy.s]\n{client}\n"
            )
        },
    )
}

/// What the summary says of the attempts that were observed: by status, and by cause.
fn told(scenario: &Scenario, attempts: &[Attempt]) -> (BTreeMap<String, u64>, Vec<u64>) {
    let mut statuses = BTreeMap::new();
    let mut causes = vec![0; scenario.plan.causes.len()];
    for attempt in attempts {
        let status = attempt.status.map_or("under way".into(), |status| status.to_string());
        *statuses.entry(status).or_insert(0) += 1;
        if let Some(cause) = attempt.cause {
            causes[usize::from(cause)] += 1;
        }
    }
    (statuses, causes)
}

fn counted(scenario: &Scenario) -> (BTreeMap<String, u64>, u64) {
    let study = Study::run(scenario).expect("within its bounds");
    let summary = throttlesim::report::Report::new(scenario, &study).summary().to_json();
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let strategy = &summary["strategies"][0];
    let statuses = strategy["statuses"].as_object().expect("statuses").iter();
    let statuses = statuses.map(|(status, n)| (status.clone(), n.as_u64().expect("a count")));
    (statuses.collect(), strategy["attempts"]["throttled"].as_u64().expect("a count"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn observed_attempts_are_those_of_the_summary(text in any_text()) {
        let scenario = scenario(&text);
        let plan = &scenario.plan;
        let (outcome, attempts) = observe(plan, 0, 0, Vec::new());
        let whole: Outcome = simulate(plan, 0, 0, 0..plan.population.accounts);
        prop_assert_eq!(&outcome.cells, &whole.cells);
        prop_assert_eq!(&outcome.accounts, &whole.accounts);
        prop_assert_eq!(&outcome.jobs, &whole.jobs);
        let (statuses, causes) = told(&scenario, &attempts);
        let (expected, throttled) = counted(&scenario);
        prop_assert_eq!(statuses, expected);
        prop_assert_eq!(causes.iter().sum::<u64>(), throttled);
        // Each attempt of a request is there, from the first on; hedged ones count on together.
        let mut numbers: Vec<_> =
            attempts.iter().map(|a| (a.caller.account, a.request, a.attempt)).collect();
        numbers.sort_unstable();
        for pair in numbers.windows(2).filter(|p| (p[0].0, p[0].1) == (p[1].0, p[1].1)) {
            prop_assert!(pair[1].2 == pair[0].2 + 1 || text.contains("hedge"), "{pair:?}");
        }
    }
}

/// Starts that are offset for six processes of three accounts and two applications.
#[test]
fn offsets_do_not_depend_on_who_shares_the_clock() {
    let scenario = scenario(
        "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n[limit.l]\nscope = [\"account\"]\n\
         rule.quota = { burst = 1, restore = \"1s\" }\n\
         [clients]\naccounts = 3\napplications = 2\n\
         [workload.w]\narrivals.poisson = \"1/s\"\ncall = \"get\"\n\
         [strategy.s]\nstart.offset = \"10s\"\n",
    );
    let (outcome, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
    let refused = attempts.iter().filter(|attempt| attempt.cause.is_some()).count();
    let counts = &outcome.cells[0].attempts;
    assert_eq!((attempts.len() - refused, refused), (129, 271), "{counts:?}");
    assert_eq!(simulate(&scenario.plan, 0, 0, 0..3).cells, outcome.cells);
}

/// A call of an hour, of which two seconds are seen.
#[test]
fn an_attempt_without_an_answer_is_written_and_has_no_status() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1s\"\ndrain = \"1s\"\n\
         [limit.l]\nscope = []\nrule.concurrency = 1\n[service]\nlatency.constant = \"1h\"\n\
         [workload.w]\narrivals.backlog = 1\ncall = \"get\"\n[strategy.s]\n";
    let scenario = scenario(text);
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].status, None);
    assert_eq!(counted(&scenario).0, BTreeMap::from([("under way".to_string(), 1)]));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), text).expect("written");
    let mut command = assert_cmd::Command::cargo_bin("throttlesim").expect("the program");
    command.current_dir(folder.path()).args(["run", "s.toml", "-q", "--events", "e.jsonl"]);
    command.assert().success();
    let events = std::fs::read_to_string(folder.path().join("e.jsonl")).expect("events");
    assert!(events.contains("\"status\":null") && events.contains("\"next\":\"under way\""));
    assert_eq!(events.lines().count(), 1);
}
