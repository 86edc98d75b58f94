//! The answer to a scenario's question in one sentence, and the verdict on what it expects.

use super::table::{mean, time};
use super::winner;
use super::words;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::{Runs, Study, Verdict};
use crate::workload::Arrivals;

impl Report<'_> {
    /// The answer: which strategy is best, or, of a single one, what it comes to.
    #[must_use]
    pub fn answer(self) -> String {
        let study = self.study;
        let rankings = self.rankings();
        let sentences: Vec<String> = rankings.iter().map(|of| of.sentence(self)).collect();
        match study.strategies.as_slice() {
            [only] => single(self, only),
            _ => sentences.join(" "),
        }
    }

    /// The rules by which strategies are ranked, a sentence each; none of a single strategy.
    #[must_use]
    pub fn rules(self) -> Vec<String> {
        let rankings = self.rankings();
        let mut rules: Vec<String> =
            rankings.iter().map(|ranking| winner::rule(&ranking.ranked.rule)).collect();
        rules.dedup();
        rules
    }
}

/// What a single strategy comes to: whether its expectations hold, and its key figures.
fn single(report: Report<'_>, runs: &Runs) -> String {
    let study = report.study;
    let verdict = verdict(study)
        .map_or(String::new(), |verdict| format!("{}: ", verdict.trim_end_matches('.')));
    let average = average(study);
    let text = format!("{verdict}{average}{}.", words::list(&figures(report, runs)));
    capitalised(&text)
}

/// What figures of several runs begin with.
pub(super) fn average(study: &Study) -> String {
    match study.replications {
        1 => String::new(),
        n => format!("on average of {n} runs, "),
    }
}

/// The key figures of a strategy, each as a part of a sentence.
pub(super) fn figures(report: Report<'_>, runs: &Runs) -> Vec<String> {
    let Report { scenario, study } = report;
    let counts = runs.counts(&scenario.plan, Slice::Whole);
    let jobs = &counts.jobs.tally;
    if jobs.arrived == 0 {
        return vec!["no work arrived".into()];
    }
    let number = |total| words::number(mean(study, total));
    let lost = jobs.given_up + jobs.unfinished();
    let is_one = jobs.arrived == u64::from(study.replications);
    let jobs_in_all = match is_one {
        true => "the job is".to_string(),
        false => format!("all {} jobs are", number(jobs.arrived)),
    };
    let completion = runs.estimate(Slice::Whole, Metric::Completion);
    let mut parts = vec![match (lost, completion.filter(|_| is_finite(scenario))) {
        (0, Some(end)) => format!("{jobs_in_all} done after {}", words::seconds(end.mean)),
        (0, None) => format!("{jobs_in_all} done"),
        (lost, _) => {
            let (lost, all) = (number(lost), number(jobs.arrived));
            let is = if lost == "1" { "is" } else { "are" };
            format!("{lost} of {all} {} {is} lost", words::plural("job", &all))
        }
    }];
    let skipped = runs.estimate(Slice::Whole, Metric::SkippedRate).map(|rate| rate.mean);
    if let Some(skipped) = skipped.filter(|rate| lost == 0 && *rate > 0.0) {
        parts.push(format!("{} of their requests are given up", words::percent(skipped)));
    }
    if counts.jobs.age.is_empty() {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        if !is_one && runs.estimate(Slice::Whole, p95).is_some() {
            parts.push(format!("95 % of them within {}", time(runs, Slice::Whole, p95)));
        }
    } else if let Some(age) = runs.estimate(Slice::Whole, Metric::Age(Statistic::Quantile(950))) {
        parts.push(format!("data is at most {} old 95 % of the time", words::seconds(age.mean)));
    }
    let rate = runs.estimate(Slice::Whole, Metric::ThrottleRate);
    parts.push(match rate.map(|rate| rate.mean).filter(|rate| *rate > 0.0) {
        Some(rate) => format!("{} of calls are throttled", words::percent(rate)),
        None => "nothing is throttled".into(),
    });
    parts
}

/// True if all work arrives in bursts, so that it matters when the last of it is done.
fn is_finite(scenario: &Scenario) -> bool {
    let workloads = &scenario.plan.workloads;
    workloads.iter().all(|workload| matches!(workload.arrivals, Arrivals::Burst(_)))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// One sentence on the expectations; `None` if the scenario states none.
#[must_use]
pub fn verdict(study: &Study) -> Option<String> {
    let of = |verdict| study.findings.iter().filter(|f| f.verdict == verdict).count();
    let all = study.findings.len();
    let (failed, doubtful) = (of(Verdict::Failed), of(Verdict::Inconclusive));
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    Some(match (all, failed, doubtful) {
        (0, ..) => return None,
        (1, 0, 0) => "The expectation is met.".into(),
        (1, 1, 0) => "The expectation failed.".into(),
        (1, ..) => format!("The expectation is inconclusive: {}.", would_settle(study)),
        (2, 0, 0) => "Both expectations are met.".into(),
        (_, 0, 0) => format!("All {all} expectations are met."),
        (_, 0, n) => {
            let runs = would_settle(study);
            format!("{n} of {all} expectations {} inconclusive: {runs}.", are(n))
        }
        (_, n, 0) => format!("{n} of {all} expectations failed."),
        (_, n, m) => format!("{n} of {all} expectations failed, {m} {} inconclusive.", are(m)),
    })
}

/// How many runs would settle what is inconclusive.
fn would_settle(study: &Study) -> String {
    let runs = study.findings.iter().filter_map(|finding| finding.settled_by).max();
    let runs = runs.map_or("more".into(), |runs| format!("about {}", words::count(runs.into())));
    format!("{runs} runs would settle it")
}
