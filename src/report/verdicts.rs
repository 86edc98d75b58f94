//! Expectations: what was found, and whether they hold.

use super::summary::verdict_name;
use super::table::{Medium, estimated};
use super::words;
use crate::metrics::figures::{Ending, Metric};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::{Finding, Judgement, Runs, Verdict};
use anstyle::{AnsiColor, Style};

/// Expectations that a terminal shows; of more, those that are met are counted only.
const FEW: usize = 20;

/// One line for each expectation, with the verdict in colour, for a terminal.
#[must_use]
pub fn lines(report: Report<'_>, all: bool) -> Vec<String> {
    let Report { scenario, study } = report;
    let short = study.findings.len() > FEW && !all;
    let shown = study.findings.iter().filter(|of| !short || of.verdict != Verdict::Met);
    let mut lines: Vec<String> = shown.map(|finding| line(scenario, finding)).collect();
    let left = study.findings.len() - lines.len();
    if left > 0 {
        let style = colour(Verdict::Met);
        lines.push(format!("{style}met{style:#}: {} more", words::count(left as u64)));
    }
    lines
}

fn line(scenario: &Scenario, finding: &Finding) -> String {
    let expectation = &scenario.expectations[finding.expectation];
    let style = colour(finding.verdict);
    let mut of = vec![format!("“{}”", scenario.names.label(finding.strategy))];
    of.extend(scenario.slice_name(expectation.slice));
    let word = verdict_name(finding.verdict);
    let text = &expectation.text;
    let more = finding.settled_by.map_or(String::new(), |runs| {
        format!("; about {} runs would settle it", words::count(runs.into()))
    });
    let (of, found) = (of.join(", "), found(scenario, finding));
    format!("{style}{word}{style:#}: {text} ({of}): found {found}{more}")
}

/// A sentence for each expectation of work that was given up that holds although work is left
/// unfinished: of some strategies, each once.
pub(super) fn unfinished<'a>(
    scenario: &Scenario,
    strategies: impl Iterator<Item = &'a Runs> + Clone,
    findings: &[Finding],
) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.verdict == Verdict::Met) {
        let must = &scenario.expectations[finding.expectation];
        let left = match must.metric {
            Metric::Jobs(Ending::GivenUp) => Metric::Jobs(Ending::Unfinished),
            Metric::Requests(Ending::GivenUp) => Metric::Requests(Ending::Unfinished),
            _ => continue,
        };
        let Some(runs) = strategies.clone().find(|of| of.strategy == finding.strategy) else {
            continue;
        };
        let count = runs.estimate(must.slice, left).map_or(0.0, |estimate| estimate.mean);
        if count > 0.0 && must.comparison.bounds_above() {
            let unit = if matches!(left, Metric::Jobs(_)) { "jobs" } else { "requests" };
            told.push(format!(
                "“{}” meets `{}`, but {} {unit} are unfinished on average: `{unit}.lost` counts \
                 these too.",
                scenario.names.label(finding.strategy),
                must.text,
                words::number(count),
            ));
        }
    }
    told
}

/// Green, yellow or red; a terminal that shows no colours gets none.
fn colour(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Met => AnsiColor::Green,
        Verdict::Inconclusive => AnsiColor::Yellow,
        Verdict::Failed => AnsiColor::Red,
    };
    Style::new().fg_color(Some(colour.into())).bold()
}

/// A table of expectations; `None` if there are none.
#[must_use]
pub fn table(report: Report<'_>, medium: Medium) -> Option<String> {
    let Report { scenario, study } = report;
    let mut table = medium.table(&["expectation", "of", "strategy", "found", "verdict"]);
    for finding in &study.findings {
        let expectation = &scenario.expectations[finding.expectation];
        table.add_row(vec![
            expectation.text.clone(),
            scenario.slice_name(expectation.slice).unwrap_or_else(|| "all calls".into()),
            scenario.names.label(finding.strategy).to_string(),
            found(scenario, finding),
            verdict_of(finding),
        ]);
    }
    (!study.findings.is_empty()).then(|| table.trim_fmt())
}

fn found(scenario: &Scenario, finding: &Finding) -> String {
    let metric = scenario.expectations[finding.expectation].metric;
    let Judgement::Value(estimate) = finding.judgement else {
        return match metric.is_never_where_work_is_lost() {
            true => "never, as work is lost".into(),
            false => "no value".into(),
        };
    };
    estimated(Some(estimate), words::of(metric.measure()))
}

/// The word for a verdict, and how many runs would settle a doubt.
fn verdict_of(finding: &Finding) -> String {
    let word = verdict_name(finding.verdict);
    let runs = finding
        .settled_by
        .map(|runs| format!("{word}: about {} runs would settle it", words::count(runs.into())));
    runs.unwrap_or_else(|| word.into())
}
