//! Golden: every shipped scenario gives exactly what is recorded under `reports/`.
//!
//! After an intended change, record anew with `cargo run --release -- run scenarios/*.toml` and say
//! in the commit what moved and why.

use crate::{read, root, shipped};
use throttlesim::report::summary::Summary;
use throttlesim::study::Study;

#[test]
fn every_shipped_scenario_gives_its_recorded_results() {
    let files = shipped();
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        let mut scenario = read(&file);
        let study = Study::settle(&mut scenario).expect("within its bounds");
        let summary = Summary::new(&scenario, &study).to_json();
        let recorded = root().join("reports").join(&scenario.name).join("summary.json");
        let recorded = std::fs::read_to_string(&recorded)
            .unwrap_or_else(|error| panic!("{}: {error}", recorded.display()));
        let mut lines = recorded.lines().zip(summary.lines()).enumerate();
        if let Some((number, (old, new))) = lines.find(|(_, (old, new))| old != new) {
            panic!("{}: summary.json:{}: recorded {old}, now {new}", scenario.name, number + 1);
        }
        assert_eq!(recorded.len(), summary.len(), "{}", scenario.name);
    }
}

#[test]
fn every_shipped_scenario_begins_with_its_question_and_has_its_report() {
    for file in shipped() {
        let text = std::fs::read_to_string(&file).expect("a scenario");
        let first = text.lines().next().unwrap_or_default();
        let asks = text.lines().take_while(|line| line.starts_with('#')).any(|l| l.contains('?'));
        assert!(first.starts_with("# ") && asks, "{}: no question", file.display());
        let scenario = read(&file);
        let page = root().join("reports").join(&scenario.name).join("report.md");
        let page = std::fs::read_to_string(&page).expect("a recorded report");
        assert!(page.contains(&scenario.question), "{}", scenario.name);
    }
}
