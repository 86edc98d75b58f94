//! Golden: every shipped scenario gives exactly what is recorded under `reports/`.
//!
//! After an intended change, record again with `throttlesim check scenarios/*.toml --accept`, and
//! say in the commit what moved and why.

use crate::{definitions, read, root, shipped};
use throttlesim::metrics::{Account, Cell, Channel, Outcome};
use throttlesim::report::Report;
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

#[test]
fn every_shipped_scenario_gives_its_recorded_results() {
    let files = shipped();
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        let scenario = read(&file);
        let study = Study::settle(&scenario).expect("within its bounds");
        for runs in &study.strategies {
            balances(&format!("{}, {}", scenario.name, runs.strategy), &scenario, &runs.total);
        }
        let summary = Report::new(&scenario, &study).summary().to_json();
        definitions::agree(&scenario, &study, &summary);
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

/// What is counted in several places is counted alike: by cell, by account, over time. And Little's
/// law: the backlog summed over time is what all latencies add up to, but for at most an interval
/// for each request, where every request has ended well.
fn balances(name: &str, scenario: &Scenario, outcome: &Outcome) {
    if !scenario.plan.warm_up.is_zero() {
        return;
    }
    let cells = |of: fn(&Cell) -> u64| outcome.cells.iter().map(of).sum::<u64>();
    let accounts = |of: fn(&Account) -> u64| outcome.accounts.iter().map(of).sum::<u64>();
    let time = |channel| outcome.timeline.channel(channel).sum::<u64>();
    let arrived = cells(|cell| cell.requests.arrived);
    let refused = cells(|cell| cell.attempts.refused());
    assert_eq!(arrived, accounts(|account| account.arrived), "{name}");
    assert_eq!(arrived, time(Channel::Arrived), "{name}");
    assert_eq!(cells(|cell| cell.attempts.sent()), accounts(|account| account.sent()), "{name}");
    assert_eq!(refused, accounts(|account| account.throttled), "{name}");
    assert_eq!(refused, outcome.timeline.throttled().sum::<u64>(), "{name}");
    assert_eq!(cells(|cell| cell.attempts.admitted), time(Channel::Admitted), "{name}");
    if cells(|cell| cell.requests.completed) < arrived {
        return;
    }
    let sums = outcome.cells.iter().map(|cell| (cell.latency.mean_s(), cell.latency.count()));
    let waited: f64 = sums.map(|(mean, count)| mean.unwrap_or(0.0) * count as f64).sum();
    let width = outcome.timeline.width().as_secs_f64();
    let backlog = outcome.timeline.backlog().map(|waiting| waiting as f64 * width).sum::<f64>();
    assert!(
        (backlog - waited).abs() <= width * arrived as f64 + 1e-9 * waited,
        "{name}: {backlog} s, {waited} s"
    );
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
