//! Work that is lost: who gives up sooner is no better, and what is left unfinished is told.

use super::{advice, setting};
use throttlesim::metrics::figures::Metric;
use throttlesim::report::Report;
use throttlesim::report::advise::sentences;
use throttlesim::scenario::Scenario;
use throttlesim::study::{Criterion, Fact, Study, rank};

/// Ten calls a day, and 60 to make: 50 are lost, whatever a client does.
fn scenario(more: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\ndrain = \"1h\"\n[limit.day]\nscope = \
         [\"account\"]\nrule.fixed_window = {{ limit = 10, window = \"1d\" }}\ntells = {{ status \
         = 429 }}\n[workload.w]\narrivals.backlog = 60\ncall = \"GET /x\"\n{more}"
    )
}

#[test]
fn who_gives_up_sooner_is_not_better_for_it() {
    let retry =
        |attempts: u32| format!("retry = {{ attempts = {attempts}, backoff.fixed = \"1m\" }}");
    let [few, many] = [2, 9].map(retry);
    let text = scenario(&format!("[strategy.few]\n{few}\n[strategy.many]\n{many}\n"));
    let scenario = Scenario::read("losses", &text, crate::root()).expect("it reads");
    let study = Study::run(&scenario).expect("within its bounds");
    let ranked = rank(&scenario, &study, &[0, 1]);
    let decides = |of: &Criterion| matches!(of, Criterion::Figure(Metric::LastEnd, _));
    assert!(ranked.rule.criteria.iter().any(decides), "when the last job ends is a criterion");
    let lead = ranked.lead.expect("calls tell them apart");
    assert!(
        matches!(lead.by, Fact::Figure { metric: Metric::CallsPerSuccess, .. }),
        "{:?}",
        lead.by
    );
}

/// Without end nothing is given up, and nothing is done.
#[test]
fn what_is_unfinished_is_told_beside_what_was_given_up() {
    let must = "[[expect]]\nthat = \"jobs.given_up == 0\"\n";
    let text = scenario(&format!(
        "[strategy.endless]\nretry = {{ attempts = \"unlimited\", backoff.fixed = \"10m\" \
         }}\n{must}"
    ));
    let read = Scenario::read("losses", &text, crate::root()).expect("it reads");
    let study = Study::run(&read).expect("within its bounds");
    let notes: Vec<String> = Report::new(&read, &study).notes().collect();
    let told = "“endless” meets `jobs.given_up == 0`, but 50 jobs are unfinished on average";
    assert!(notes.iter().any(|note| note.contains(told)), "{notes:#?}");
    let advised = text + "[advise]\nmay = [\"workers\"]\nrange.workers = [1]\n";
    let advice = advice(&advised);
    assert_eq!(setting(&advice, "retry.attempts"), Some("\"unlimited\""), "{}", advice.toml());
    let told = sentences(&advice).join(" ");
    assert!(told.contains("50 jobs are unfinished on average: `jobs.lost` counts"), "{told}");
}
