//! `advice.json`: what was advised, for programs.

use super::answer::{circumstance, goal, sentences};
use super::tables::short;
use super::wording::reason;
use crate::metrics::figures::{Metric, rounded};
use crate::report::Report;
use crate::report::summary::StrategySummary;
use crate::study::Advice;
use serde::Serialize;

/// The whole file.
#[derive(Serialize)]
struct Document {
    schema: u32,
    scenario: String,
    question: String,
    seed: u64,
    advice: AdviceJson,
}

#[derive(Serialize)]
struct AdviceJson {
    /// What to do and what comes of it.
    sentence: String,
    /// The other sentences.
    details: Vec<String>,
    /// The table to paste.
    toml: String,
    /// Whether all conditions are met.
    #[serde(skip_serializing_if = "Option::is_none")]
    conditions: Option<crate::study::Verdict>,
    figures: Option<StrategySummary>,
    /// Runs of the search.
    runs: u64,
    tried: usize,
    tied_with: Vec<Tied>,
    /// The first goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<String>,
    /// With 95 % confidence it is worse by no more than this than any strategy that is as good
    /// before the first goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<f64>,
    /// The retries in the words of client libraries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    in_libraries: Vec<Library>,
    not_run: Vec<NotRun>,
    /// The advised strategy in other circumstances; with `--robust` others too, the best first.
    robust: Vec<Standings>,
}

#[derive(Serialize)]
struct Tied {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    toml: String,
}

#[derive(Serialize)]
struct Library {
    library: &'static str,
    code: String,
}

#[derive(Serialize)]
struct NotRun {
    settings: String,
    why: String,
}

#[derive(Serialize)]
struct Standings {
    toml: String,
    circumstances: Vec<Standing>,
}

#[derive(Serialize)]
struct Standing {
    circumstance: String,
    conditions: bool,
    lost: Option<f64>,
    /// `null` if it never comes.
    goal: Option<f64>,
    regret: Option<f64>,
}

/// `advice.json`, as text.
#[must_use]
pub fn json(advice: &Advice) -> String {
    let scenario = &advice.scenario;
    let mut sentences = sentences(advice).into_iter();
    let sentence = sentences.next().unwrap_or_default();
    let place = advice.study.strategies.iter().position(|runs| runs.strategy == advice.advised);
    let summary = Report::new(scenario, &advice.study).summary().strategies.into_iter();
    let tied = |entrant: &crate::study::Entrant| Tied {
        name: entrant.written.clone(),
        toml: entrant.candidate.table(entrant.written.as_deref().unwrap_or("advised")),
    };
    let not_run = |dropped: &crate::study::Dropped| NotRun {
        settings: short(&crate::study::Entrant {
            candidate: dropped.candidate.clone(),
            written: None,
            strategy: 0,
        }),
        why: reason(scenario, &dropped.reason),
    };
    let document = Document {
        schema: 1,
        scenario: scenario.name.clone(),
        question: scenario.question.clone(),
        seed: scenario.plan.seed,
        advice: AdviceJson {
            sentence,
            details: sentences.collect(),
            toml: advice.toml(),
            conditions: advice.verdict(),
            figures: place.and_then(|place| { summary }.nth(place)),
            runs: advice.race.runs,
            tried: advice.field.entrants.len() + advice.field.dropped.len(),
            tied_with: advice.tied_with().into_iter().map(tied).collect(),
            goal: goal(advice).map(Metric::key),
            within: advice.margin.and_then(|margin| margin.at_most).map(rounded),
            in_libraries: super::libraries(advice)
                .into_iter()
                .map(|of| Library { library: of.library, code: of.code })
                .collect(),
            not_run: advice.field.dropped.iter().map(not_run).collect(),
            robust: robust(advice),
        },
    };
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn robust(advice: &Advice) -> Vec<Standings> {
    let robust = &advice.robust;
    let sign = if goal(advice).is_some_and(Metric::more_is_better) { -1.0 } else { 1.0 };
    let finite = |value: f64| value.is_finite().then(|| rounded(value));
    let one = |(place, standings): (&usize, &Vec<crate::study::Standing>)| Standings {
        toml: advice.field.entrants[*place].candidate.table("advised"),
        circumstances: robust
            .circumstances
            .iter()
            .zip(standings)
            .map(|(of, standing)| Standing {
                circumstance: circumstance(&advice.field.scenario, of),
                conditions: standing.holds,
                lost: standing.lost.map(rounded),
                goal: finite(standing.goal * sign),
                regret: finite(standing.regret),
            })
            .collect(),
    };
    robust.order.iter().zip(&robust.standings).map(one).collect()
}
