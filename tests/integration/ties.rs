//! The order of what happens at one instant: a note says where it decides a figure.

use crate::scenario;
use throttlesim::report::Report;
use throttlesim::scenario::Scenario;
use throttlesim::simulation::{simulate, simulate_reversed};
use throttlesim::study::Study;

/// Ten callers, each with a call a second, share a window of eight a second.
fn ten_callers(service: &str, strategy: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nduration = \"10m\"\nstart = 2026-12-01T00:00:00Z\n\
         clients.accounts = 10\n\
         [limit.l]\nscope = []\nrule.fixed_window = {{ limit = 8, window = \"1s\" }}\n\
         [service]\nlatency.{service}\n[workload.w]\narrivals.every.period = \"1s\"\ncall = \"c\"\n\
         [strategy.s]\nretry = {{ attempts = 4, backoff.fixed = \"1s\" }}\n{strategy}\n"
    )
}

fn studied(scenario: &Scenario) -> Study {
    let mut study = Study::run(scenario).expect("within its bounds");
    study.find_ties(scenario);
    study
}

fn notes(text: &str) -> Vec<String> {
    let scenario = scenario(text);
    let study = studied(&scenario);
    Report::new(&scenario, &study).notes().collect()
}

/// The same callers are refused for ever, and their data get old: the note says by how much.
#[test]
fn a_figure_that_ties_decide_is_said_with_both_values() {
    let text = ten_callers("constant = \"100ms\"", "");
    let scenario = scenario(&text);
    let study = studied(&scenario);
    let summary = Report::new(&scenario, &study).summary().to_json();
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let age = &summary["strategies"][0]["age_s"]["p95"]["mean"];
    assert!(age.as_f64().is_some_and(|age| (439.0..440.0).contains(&age)), "{age}");
    let note = "Many events happen at the same instant, and their order decides figures: in the \
                reverse order “s” has data at most 2.84 s old for 95 % of the time instead of \
                7 min 19 s. Real callers do not start together: write `start.spread`, or a latency \
                that varies.";
    assert_eq!(summary["notes"].as_array().expect("notes").last(), Some(&note.into()));
}

#[test]
fn the_remedies_that_the_note_names_are_remedies() {
    let constant = "constant = \"100ms\"";
    assert_eq!(notes(&ten_callers(constant, "start.spread = \"1s\"")), [""; 0]);
    assert_eq!(notes(&ten_callers("exponential = \"100ms\"", "")), [""; 0]);
}

/// What is drawn differs from run to run, and is not said to depend on ties.
#[test]
fn what_chance_decides_is_not_a_tie() {
    let text = ten_callers("constant = \"100ms\"", "")
        .replace("every.period = \"1s\"", "backlog = 20")
        .replace(
            "fixed = \"1s\"",
            "exponential = { base = \"1s\", cap = \"9s\", jitter = \"full\" }",
        );
    let scenario = scenario(&text);
    let [usual, reversed] =
        [simulate, simulate_reversed].map(|run| run(&scenario.plan, 0, 0, 0..10));
    assert_ne!(usual, reversed, "the first instant deals the draws");
    assert_eq!(studied(&scenario).ties, []);
}

/// Nothing of one caller is at one instant, so that its order cannot matter.
#[test]
fn a_run_without_ties_is_the_same_in_reverse() {
    let text = ten_callers("constant = \"100ms\"", "").replace("accounts = 10", "accounts = 1");
    let plan = scenario(&text).plan;
    assert_eq!(simulate(&plan, 0, 0, 0..1), simulate_reversed(&plan, 0, 0, 0..1));
}
