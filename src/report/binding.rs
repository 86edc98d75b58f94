//! Which limit refuses calls, how many, and whose: in the report, right below the answer.
//!
//! ```text
//!   `per-application` refuses 37.8 % of the calls of “paced”. Calls of all 200 accounts are
//!   refused, most of account 149 (58 % of its calls).
//! ```

use super::words;
use crate::metrics::figures::{Metric, Slice};
use crate::report::Report;
use crate::scenario::{Goal, Scenario};
use crate::study::Runs;

/// Strategies that are told one by one; of more, the best alone.
const STRATEGIES: usize = 4;

/// The limit that refuses most of each strategy's calls, as a Markdown list with an empty line
/// after it; empty if nothing is refused.
pub(super) fn markdown(report: Report<'_>) -> String {
    let Report { scenario, study } = report;
    let many = study.strategies.len() > STRATEGIES;
    let best = if many { report.best() } else { None };
    let told = study.strategies.iter().filter(|runs| !many || best == Some(runs.strategy));
    let lines = told.filter_map(|runs| sentence(scenario, runs));
    let mut lines: Vec<String> =
        lines.map(|line| format!("- **Which limit binds:** {line}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}

#[expect(clippy::cast_precision_loss)]
fn sentence(scenario: &Scenario, runs: &Runs) -> Option<String> {
    let counts = runs.counts(&scenario.plan, Slice::Whole);
    // The first of equals.
    let causes = super::summary::throttled_by(scenario, &counts);
    let all: u64 = causes.values().sum();
    let most =
        |most: (String, u64), other: (String, u64)| if other.1 > most.1 { other } else { most };
    let (name, count) = causes.into_iter().reduce(most)?;
    let rate = runs.estimate(Slice::Whole, Metric::ThrottleRate)?.mean;
    let share = words::percent(rate * count as f64 / all as f64);
    let label = scenario.names.label(runs.strategy);
    let whose = whose(scenario, runs);
    Some(format!("`{name}` refuses {share} of the calls of “{label}”.{whose}"))
}

/// Which accounts are refused, where there are several.
fn whose(scenario: &Scenario, runs: &Runs) -> String {
    let accounts = (0u32..).zip(&runs.total.accounts).filter(|(_, of)| of.sent() > 0);
    let all = accounts.clone().count();
    let refused: Vec<_> = accounts.filter(|(_, of)| of.throttled > 0).collect();
    let rate = |of: &crate::metrics::Account| of.throttle_rate().unwrap_or(0.0);
    // The first of equals.
    let worst = refused.iter().rev().max_by(|(_, a), (_, b)| rate(a).total_cmp(&rate(b)));
    let Some((number, worst)) = worst.filter(|_| all > 1) else { return String::new() };
    let name = scenario.slice_name(Slice::Account(*number)).unwrap_or_default();
    let [some, all] = [refused.len(), all].map(|count| words::count(count as u64));
    let which = if some == all { format!("all {all}") } else { format!("{some} of {all}") };
    let share = words::percent(rate(worst));
    format!(" Calls of {which} accounts are refused, most of {name} ({share} of its calls).")
}

/// What else the scenario asks, which another command answers; empty if it asks no more.
pub(super) fn asked_as_well(scenario: &Scenario) -> String {
    let file = format!("…/{}.toml", scenario.name);
    let size = scenario.size.as_ref().map(|sizing| {
        let goal = match sizing.goal {
            Goal::Largest => "largest",
            Goal::Smallest => "smallest",
        };
        let address = &sizing.address;
        format!(
            "- **Asked as well:** the {goal} `{address}`; `throttlesim size {file}` finds it.\n"
        )
    });
    let sweep = scenario.sweep.as_ref().map(|grid| {
        let points = words::count(grid.len() as u64);
        format!(
            "- **Asked as well:** {points} variants; `throttlesim sweep {file}` compares them.\n"
        )
    });
    let mut lines: Vec<String> = size.into_iter().chain(sweep).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}
