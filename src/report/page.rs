//! One page for people: question, verdict, tables, pictures, what it leaned on, how to repeat it.

use super::league;
use super::notes;
use super::table::{self, Medium};
use super::trace;
use super::winner::winner;
use crate::metrics::figures::{Metric, Slice};
use crate::scenario::Scenario;
use crate::study::{Study, Verdict};
use std::fmt::Write;

/// What a terminal shows after a run.
#[must_use]
pub fn terminal(scenario: &Scenario, study: &Study) -> String {
    let mut page = format!("{}\n", scenario.question);
    let _ = writeln!(page, "{}\n", subtitle(scenario));
    if let Some(league) = league::tables(scenario, study, Medium::Terminal) {
        let _ = writeln!(page, "{league}");
        return page + &leaned_on(scenario, study);
    }
    let _ = writeln!(page, "{}", table::comparison(scenario, study, Medium::Terminal));
    for part in [
        table::workloads(scenario, study, Medium::Terminal),
        table::calls(scenario, study, Medium::Terminal),
        table::causes(scenario, study, Medium::Terminal),
        table::spared(scenario, study, Medium::Terminal),
        table::ideal(scenario, Medium::Terminal),
        table::attempts(scenario, study, Medium::Terminal),
        table::expectations(scenario, study, Medium::Terminal),
    ]
    .into_iter()
    .flatten()
    {
        let _ = write!(page, "\n{part}\n");
    }
    page + &leaned_on(scenario, study)
}

/// Verdict, notes on traces, assumptions.
fn leaned_on(scenario: &Scenario, study: &Study) -> String {
    let mut page = String::from("\n");
    for note in notes::sentences(scenario) {
        let _ = writeln!(page, "note: {note}");
    }
    let _ = writeln!(page, "{}", verdict(study));
    if let Some(winner) = winner(scenario, study) {
        let _ = writeln!(page, "{}", winner.sentence);
    }
    for note in trace::notes(scenario) {
        let _ = writeln!(page, "trace: {note}");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(page, "assumed: {assumption}");
    }
    page + "\n"
}

/// The tables alone, for a pull request.
#[must_use]
pub fn markdown_tables(scenario: &Scenario, study: &Study) -> String {
    let mut page = format!("**{}**\n\n", scenario.question);
    page += &notes::markdown(scenario);
    let _ = writeln!(page, "{}", table::comparison(scenario, study, Medium::Markdown));
    if let Some(expectations) = table::expectations(scenario, study, Medium::Markdown) {
        let _ = write!(page, "\n{expectations}\n");
    }
    page + "\n"
}

/// `report.md`: tables and pictures on one page, `pictures` being each one's title and file.
#[must_use]
pub fn report(scenario: &Scenario, study: &Study, pictures: &[(String, String)]) -> String {
    let markdown = Medium::Markdown;
    let mut page = format!("# {}\n\n{}\n\n", scenario.question, verdict(study));
    if let Some(winner) = winner(scenario, study) {
        let _ = writeln!(page, "{}\n", winner.sentence);
    }
    page += &notes::markdown(scenario);
    let league = league::tables(scenario, study, markdown);
    let compared = || table::comparison(scenario, study, markdown);
    let _ = writeln!(page, "{}\n", league.clone().unwrap_or_else(compared));
    if scenario.plan.replications > 1 {
        let _ = writeln!(
            page,
            "Times are those of the jobs of all runs together; expectations take the mean of the \
             runs.\n"
        );
    }
    for (title, file) in pictures {
        let _ = writeln!(page, "![{title}]({file})\n");
    }
    let detailed = |part: Option<String>| part.filter(|_| league.is_none());
    let parts = [
        (EXPECTATIONS, table::expectations(scenario, study, markdown)),
        ("Workload by workload", detailed(table::workloads(scenario, study, markdown))),
        ("Call by call", detailed(table::calls(scenario, study, markdown))),
        ("What throttled", detailed(table::causes(scenario, study, markdown))),
        ("What clients spared the provider", detailed(table::spared(scenario, study, markdown))),
        ("The soonest that any client could be done", table::ideal(scenario, markdown)),
        ("Every attempt", table::attempts(scenario, study, markdown)),
    ];
    for (heading, part) in parts {
        if let Some(part) = part {
            let _ = writeln!(page, "## {heading}\n\n{part}\n");
        }
        if heading == EXPECTATIONS {
            page.push_str(&why(scenario));
        }
    }
    if !scenario.traces.is_empty() {
        let _ = writeln!(page, "## Read from the trace\n");
        for note in trace::notes(scenario) {
            let _ = writeln!(page, "- {note}");
        }
        page.push('\n');
    }
    let _ = writeln!(page, "## Assumptions\n");
    if scenario.assumptions.is_empty() {
        let _ = writeln!(page, "None.");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(page, "- {assumption}");
    }
    let _ = writeln!(
        page,
        "\n## To repeat it\n\n`throttlesim run …/{}.toml --seed {}` with throttlesim {}: {}. Every \
         figure is in `summary.json`, where counts are totals over all runs{}.",
        scenario.name,
        scenario.plan.seed,
        env!("CARGO_PKG_VERSION"),
        subtitle(scenario),
        if league.is_some() { "" } else { "; counts over time are in `timeline.csv`" },
    );
    page
}

const EXPECTATIONS: &str = "Expectations";

/// The reasons that the scenario gives for what it expects.
fn why(scenario: &Scenario) -> String {
    let given = scenario.expectations.iter().filter_map(|e| Some((&e.text, e.why.as_ref()?)));
    let mut lines: Vec<String> = given.map(|(text, why)| format!("- `{text}`: {why}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}

/// What a picture or table needs to be found again.
#[must_use]
pub fn subtitle(scenario: &Scenario) -> String {
    let replications = match scenario.plan.replications {
        1 => "1 run".to_string(),
        n => format!("mean of {n} runs"),
    };
    format!("{}, seed {}, {replications}", scenario.name, scenario.plan.seed)
}

/// One sentence on the expectations, or, where there are none, on what happened.
#[must_use]
pub fn verdict(study: &Study) -> String {
    let of = |verdict| study.findings.iter().filter(|f| f.verdict == verdict).count();
    let all = study.findings.len();
    let (failed, doubtful) = (of(Verdict::Failed), of(Verdict::Inconclusive));
    match (all, failed, doubtful) {
        (0, ..) => unjudged(study),
        (1, 0, 0) => "The expectation is met.".into(),
        (2, 0, 0) => "Both expectations are met.".into(),
        (_, 0, 0) => format!("All {all} expectations are met."),
        (_, 0, n) => {
            let runs = study.findings.iter().filter_map(|finding| finding.settled_by).max();
            let runs = runs.map_or("more".into(), |runs| format!("about {runs}"));
            format!("{n} of {all} expectations are inconclusive: {runs} runs would tell.")
        }
        (_, n, 0) => format!("{n} of {all} expectations failed."),
        (_, n, m) => format!("{n} of {all} expectations failed, {m} are inconclusive."),
    }
}

fn unjudged(study: &Study) -> String {
    let rate = |runs: &crate::study::Runs| {
        runs.estimate(Slice::Whole, Metric::ThrottleRate).map(|estimate| estimate.mean)
    };
    let throttled = study.strategies.iter().filter(|runs| rate(runs).is_some_and(|r| r > 0.0));
    match (throttled.count(), study.strategies.len()) {
        (0, _) => "Nothing was throttled.".into(),
        (1, 1) => "The strategy was throttled; the scenario states no expectation.".into(),
        (n, all) => {
            format!("{n} of {all} strategies were throttled; the scenario states no expectation.")
        }
    }
}
