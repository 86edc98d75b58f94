//! What may change in a scenario without a change of its counts.

use super::draws;
use super::random::{Family, Random, scenario};
use throttlesim::scenario::{Problems, Scenario};
use throttlesim::simulation::{Attempt, observe};

const SCENARIOS: u64 = 25;

fn read(text: &str, catalogue: &str) -> Scenario {
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("limits.toml"), catalogue).expect("written");
    Scenario::read("random", text, place.path())
        .unwrap_or_else(|list| panic!("{}\n{text}", Problems::new("random.toml", text, list)))
}

fn attempts(scenario: &Scenario) -> Vec<Attempt> {
    observe(&scenario.plan, 0, 0, Vec::new()).1
}

/// Random scenarios of all families, each with its catalogue.
fn scenarios(what: u64) -> impl Iterator<Item = (String, String)> {
    (0..SCENARIOS).map(move |case| {
        let Random { text, .. } = scenario(&mut draws(what, case), Family::All);
        let (text, catalogue) = text.split_once('\u{0}').expect("two files");
        (text.to_string(), catalogue.to_string())
    })
}

#[test]
fn names_change_nothing_but_names() {
    for (text, catalogue) in scenarios(201) {
        let other = text
            .replace("[workload.w", "[workload.z")
            .replace("\"w", "\"z")
            .replace("strategy.s", "strategy.zz")
            .replace("provider.p", "provider.q");
        let renamed = catalogue.replace("[limit.l", "[limit.m").replace("\"P\"", "\"Q\"");
        assert_eq!(attempts(&read(&text, &catalogue)), attempts(&read(&other, &renamed)), "{text}");
    }
}

#[test]
fn an_account_without_work_changes_nothing() {
    for (text, catalogue) in scenarios(202) {
        if text.contains("per = \"scenario\"") {
            continue;
        }
        let accounts =
            text.split("accounts = ").nth(1).and_then(|rest| rest[..1].parse::<u32>().ok());
        let accounts = accounts.expect("a number");
        let all: Vec<String> = (1..=accounts).map(|n| n.to_string()).collect();
        let only = format!("accounts = [{}]\nsteps = ", all.join(", "));
        let text = text.replace("steps = ", &only);
        let more = text.replace(
            &format!("[clients]\naccounts = {accounts}\n"),
            &format!("[clients]\naccounts = {}\n", accounts + 1),
        );
        assert_ne!(text, more);
        assert_eq!(
            attempts(&read(&text, &catalogue)),
            attempts(&read(&more, &catalogue)),
            "{text}"
        );
    }
}

#[test]
fn a_limit_that_is_never_reached_changes_nothing() {
    let idle = "[limit.idle]\nscope = [\"account\", \"operation\"]\n";
    for (case, (text, catalogue)) in scenarios(203).enumerate() {
        let rule = [
            "rule.token_bucket = { rate = \"1/ms\", burst = 100000 }\n",
            "rule.fixed_window = { limit = 100000, window = \"1h\" }\n",
            "rule.sliding_window = { limit = 100000, window = \"1h\" }\n",
            "rule.concurrency = 100000\n",
            "rule.lockout = { status = 400, count = 100000, window = \"1h\" }\n",
        ][case % 5];
        let more = format!("{catalogue}{idle}{rule}");
        assert_eq!(attempts(&read(&text, &catalogue)), attempts(&read(&text, &more)), "{text}");
    }
}

/// All times half as long, all rates twice as high: the same calls get the same answers.
#[test]
fn half_of_every_time_and_twice_every_rate_keep_all_counts() {
    let head = |twice: u64| {
        let at = |ms: u64| format!("\"{}ms\"", ms * twice);
        format!(
            "schema = 1\nquestion = \"?\"\nduration = {}\ndrain = {}\n\
             [service]\nlatency.constant = {}\nround_trip = {}\n\
             [limit.bucket]\nscope = [\"account\"]\n\
             rule.token_bucket = {{ rate = \"3/{}ms\", burst = 4 }}\n\
             [limit.window]\nscope = []\nrule.fixed_window = {{ limit = 9, window = {} }}\n\
             [limit.at-once]\nscope = [\"account\"]\nrule.concurrency = 2\n\
             [clients]\naccounts = 3\n\
             [workload.w]\narrivals.rate = \"8/{}ms\"\ncall = \"get\"\n\
             [strategy.s]\nretry = {{ attempts = 4, backoff.fixed = {} }}\n",
            at(60_000),
            at(600_000),
            at(110),
            at(40),
            700 * twice,
            at(5000),
            1600 * twice,
            at(650)
        )
    };
    let [slow, fast] = [2, 1].map(|twice| attempts(&read(&head(twice), "")));
    assert!(slow.len() > 1000 && slow.iter().any(|attempt| attempt.cause.is_some()));
    assert_eq!(slow.len(), fast.len());
    for (slow, fast) in slow.iter().zip(&fast) {
        assert_eq!(slow.sent.as_nanos(), 2 * fast.sent.as_nanos());
        assert_eq!(
            (slow.status, slow.cause, slow.attempt),
            (fast.status, fast.cause, fast.attempt)
        );
    }
}

/// Two workloads of half the size bring as many jobs as one.
#[test]
fn two_halves_of_a_workload_arrive_as_often_as_the_whole() {
    let head = "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n[limit.l]\nscope = []\n\
                rule.concurrency = 1\n[strategy.s]\n[clients]\naccounts = 3\n";
    for (whole, half) in [
        ("arrivals.backlog = 40", "arrivals.backlog = 20"),
        ("arrivals.rate = \"4/s\"", "arrivals.rate = \"2/s\""),
        (
            "arrivals.burst = { at = \"5s\", count = 60 }",
            "arrivals.burst = { at = \"5s\", count = 30 }",
        ),
    ] {
        let one = format!("{head}[workload.w]\n{whole}\ncall = \"get\"\n");
        let two = format!(
            "{head}[workload.a]\n{half}\ncall = \"get\"\n[workload.b]\n{half}\ncall = \"get\"\n"
        );
        let [one, two] = [one, two].map(|text| attempts(&read(&text, "")).len());
        assert_eq!(one, two, "{whole}");
    }
}
