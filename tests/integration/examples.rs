//! The examples run, and their figures are what their clients must come to.

#[allow(dead_code)]
#[path = "../../examples/plan_in_code.rs"]
mod plan_in_code;
#[allow(dead_code)]
#[path = "../../examples/run_scenario.rs"]
mod run_scenario;

use std::path::Path;

#[test]
fn a_scenario_is_run_and_its_figures_are_read() {
    let text = run_scenario::CHARGES;
    let lines = run_scenario::figures("charges", text, Path::new("")).expect("it runs");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "Thirty charges at once: how many calls are throttled?");
    assert!(lines[1].starts_with("naive: throttle rate 0."), "{}", lines[1]);
    assert!(lines[2].starts_with("paced: throttle rate 0.000 ± 0.000"), "{}", lines[2]);
    assert_eq!(lines[3..], ["throttle_rate < 1%: Met"]);
    let wrong = run_scenario::figures("charges", "schema = 2", Path::new(""));
    assert!(wrong.is_err_and(|problems| problems.to_string().contains("charges:1:10")));
}

/// Eight calls a second meet a limit of five: whoever does not wait is throttled, and loses what
/// five attempts do not get through.
#[test]
fn a_plan_that_is_built_in_code_is_simulated() {
    let plan = plan_in_code::plan(vec![plan_in_code::patient(), plan_in_code::paced()]);
    let lines = plan_in_code::figures(&plan, &["patient", "paced"]);
    let lines: Vec<&str> = lines.lines().collect();
    let share = |line: &str, word: &str| -> f64 {
        let before = line.split(word).next().expect("a word");
        before.rsplit(", ").next().and_then(|share| share.parse().ok()).expect("a share")
    };
    assert!(share(lines[0], " % throttled") > 25.0, "{lines:?}");
    assert!(share(lines[0], " % lost") > 1.0, "{lines:?}");
    assert_eq!(share(lines[1], " % lost"), 0.0, "{lines:?}");
    assert!(share(lines[1], " % throttled") < 1.0, "{lines:?}");
}
