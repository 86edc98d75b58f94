//! The examples that the providers' own pages work out, through the whole program.

use crate::study;
use throttlesim::metrics::figures::{Counts, Metric, Slice};
use throttlesim::scenario::Scenario;
use throttlesim::simulation::Attempt;
use throttlesim::study::{Study, Verdict};

/// A strategy's counts, by its name.
fn counts(scenario: &Scenario, study: &Study, strategy: &str) -> Counts {
    let place = scenario.names.strategies.iter().position(|(name, _)| name == strategy);
    study.strategies[place.expect("a strategy")].counts(&scenario.plan, Slice::Whole)
}

/// Admitted and throttled attempts, and when all was done \[s\].
fn outcome(counts: &Counts) -> (u64, u64, Option<f64>) {
    (counts.attempts.admitted, counts.attempts.refused(), counts.value(Metric::Completion))
}

/// The answers of a small run, in order: seconds and statuses.
fn answers(scenario: &str) -> Vec<(f64, u16)> {
    let (_, study) = study(scenario);
    let attempts = study.strategies[0].attempts.iter();
    let status = |attempt: &Attempt| attempt.status.expect("an answer").0;
    attempts.map(|attempt| (attempt.sent.as_secs_f64(), status(attempt))).collect()
}

#[test]
fn sp_apis_story_with_ticks_and_with_continuous_refill() {
    let story = |last| [(0.1, 200), (0.2, 200), (0.3, 429), (1.0, last)];
    assert_eq!(answers("sp-api-worked-example"), story(200));
    assert_eq!(answers("sp-api-worked-example-continuous"), story(429));
}

#[test]
fn two_tokens_are_left_for_another_seller_region_or_application() {
    let (scenario, study) = study("sp-api-separate-buckets");
    let throttled = |workload: u16| {
        study.strategies[0].counts(&scenario.plan, Slice::Workload(workload)).attempts.refused()
    };
    assert_eq!(scenario.names.workloads[1], "same-caller");
    assert_eq!([0, 1, 2, 3, 4].map(throttled), [0, 1, 0, 0, 0]);
}

#[test]
fn thirty_charges_in_every_way() {
    let (scenario, study) = study("amazon-pay-30-charges");
    let of = |strategy| outcome(&counts(&scenario, &study, strategy));
    assert_eq!(of("once"), (10, 20, None));
    assert_eq!(of("resend"), (30, 30, Some(80.0)));
    assert_eq!(of("batches"), (30, 0, Some(100.0)));
    assert_eq!(of("paced"), (30, 0, Some(80.0)));
    assert!(study.findings.iter().all(|finding| finding.verdict == Verdict::Met));
}

#[test]
fn six_simultaneous_calls_of_ecomdash() {
    let (scenario, study) = study("ecomdash-six-at-once");
    let of = |strategy| outcome(&counts(&scenario, &study, strategy));
    assert_eq!(of("one-operation").1, 3);
    assert_eq!(of("three-operations"), (6, 0, Some(0.8)));
    assert_eq!(of("three-workers"), (6, 0, Some(1.6)));
}

#[test]
fn a_new_associates_account_goes_through_every_phase() {
    let (_, study) = study("associates-new-account");
    let days = &study.strategies[0].total.days;
    let phases: Vec<&str> = days.iter().map(|day| day.phase.name()).collect();
    let mut changes = phases.clone();
    changes.dedup();
    assert_eq!(changes, ["not active", "initial", "earned", "lost", "earned"]);
    assert_eq!((days[2].per_day, days[2].used), (8640, 8640));
    for day in days.iter().filter(|day| day.phase.name() == "earned") {
        assert_eq!(day.per_day, day.revenue.cents() / 5, "day {}", day.day);
        assert!(day.used <= day.per_day);
    }
}
