//! Work that is lost: who gives up sooner is no better, and what is left unfinished is told.

use super::{advice, setting};
use throttlesim::metrics::figures::{Metric, Slice};
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

/// A minute for each call, and sixty jobs that go on without the calls that are given up.
const SKIPPING: &str = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[limit.minute]\nscope = \
     [\"account\"]\nrule.token_bucket = { rate = \"1/min\", burst = 1 }\n[workload.w]\n\
     arrivals.backlog = 60\ncall = \"GET /x\"\non_failure = \"skip\"\n";

/// A job that goes on without its request is done, but its request is lost all the same.
#[test]
fn who_gives_requests_up_is_not_done_sooner() {
    let text = format!(
        "{SKIPPING}[strategy.hasty]\nretry = {{ attempts = 2, backoff.fixed = \"1s\" }}\n\
         [strategy.patient]\npace.rate = \"100%\"\n"
    );
    let read = Scenario::read("skipping", &text, crate::root()).expect("it reads");
    let study = Study::run(&read).expect("within its bounds");
    let figure = |strategy: usize, metric: Metric| {
        study.strategies[strategy].estimate(Slice::Whole, metric).map(|of| of.mean)
    };
    assert_eq!([0, 1].map(|of| figure(of, Metric::LossRate)), [Some(0.0), Some(0.0)]);
    assert_eq!(figure(0, Metric::SkippedRate), Some(59.0 / 60.0), "one was admitted");
    assert_eq!(figure(1, Metric::SkippedRate), Some(0.0));
    let ranked = rank(&read, &study, &[0, 1]);
    assert_eq!(ranked.best(), Some(1));
    let lead = ranked.lead.expect("lost requests tell them apart");
    assert!(matches!(lead.by, Fact::Figure { metric: Metric::SkippedRate, .. }), "{lead:?}");
    let report = Report::new(&read, &study);
    assert!(report.answer().contains("skips 0 % of its requests instead of 98.3 %"), "{report:?}");
    // A request is not lost if its job begins again, nor does it count twice if its job is lost.
    for otherwise in ["restart", "stop", "drop"] {
        let text = text.replace("\"skip\"", &format!("\"{otherwise}\""));
        let read = Scenario::read("otherwise", &text, crate::root()).expect("it reads");
        let study = Study::run(&read).expect("within its bounds");
        let skipped = study.strategies[0].estimate(Slice::Whole, Metric::SkippedRate);
        assert_eq!(skipped.map(|of| of.mean), Some(0.0), "{otherwise}");
    }
    let dropping = text.replace("on_failure = \"skip\"\n", "");
    let read = Scenario::read("dropping", &dropping, crate::root()).expect("it reads");
    let study = Study::run(&read).expect("within its bounds");
    let ranked = rank(&read, &study, &[0, 1]);
    let lead = ranked.lead.expect("lost jobs tell them apart");
    assert!(matches!(lead.by, Fact::Figure { metric: Metric::LossRate, .. }), "{lead:?}");
    assert_eq!(ranked.rule.criteria.len(), 4, "{:?}", ranked.rule.criteria);
}

/// Without a pace nearly every request is given up within seconds: that is not advised.
#[test]
fn a_strategy_that_skips_its_work_is_not_advised() {
    let advice = advice(SKIPPING);
    let advised = advice.study.strategies.iter().find(|runs| runs.strategy == advice.advised);
    let lost = advised.and_then(|runs| runs.estimate(Slice::Whole, Metric::SkippedRate));
    assert_eq!(lost.map(|of| of.mean), Some(0.0), "{}", advice.toml());
}
