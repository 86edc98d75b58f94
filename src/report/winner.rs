//! Which strategy is best, said only where chance cannot have decided it.
//!
//! ```text
//!   difference of best and next in each run, both having met the same arrivals, service times and
//!   faults  ──►  its 95 % interval (Student's t)  ──►  a winner where that excludes zero
//! ```

use super::rank::{Score, places};
use super::table::estimated;
use super::words;
use crate::metrics::Estimate;
use crate::metrics::figures::{Ending, Metric, Slice};
use crate::scenario::{Scenario, metric_name};
use crate::study::{Runs, Study};
use serde::Serialize;

/// What decides between two strategies, in the order of its weight.
const DECIDES: [Metric; 3] =
    [Metric::Jobs(Ending::Lost), Metric::Completion, Metric::CallsPerSuccess];

/// What is said of the best.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Winner {
    /// Its name; `None` where chance may have decided.
    pub strategy: Option<String>,
    /// In a sentence.
    pub sentence: String,
}

/// What is said of the best of several strategies; `None` of one, and of a league.
#[must_use]
pub fn winner(scenario: &Scenario, study: &Study) -> Option<Winner> {
    if study.strategies.len() < 2 || scenario.league.is_some() {
        return None;
    }
    let scores: Vec<Score> =
        study.strategies.iter().map(|runs| Score::of(scenario, runs)).collect();
    let places = places(&scores);
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|number| places[*number]);
    let (first, next) = (&study.strategies[order[0]], &study.strategies[order[1]]);
    let label = |runs: &Runs| scenario.names.label(runs.strategy).to_string();
    if places[order[1]] == 1 {
        let equals = order.iter().filter(|number| places[**number] == 1);
        let equals: Vec<String> =
            equals.map(|number| format!("“{}”", label(&study.strategies[*number]))).collect();
        let sentence = format!("{} do equally well.", words::list(&equals));
        return Some(Winner { strategy: None, sentence });
    }
    Some(between(scenario, first, next, &label))
}

fn between(
    scenario: &Scenario,
    first: &Runs,
    next: &Runs,
    label: &impl Fn(&Runs) -> String,
) -> Winner {
    let (best, other) = (label(first), label(next));
    let name = || Some(scenario.names.strategies[first.strategy].0.clone());
    let replications = scenario.plan.replications;
    for metric in DECIDES {
        let Some(difference) = first.difference(next, Slice::Whole, metric) else { continue };
        if difference.mean.abs() <= f64::EPSILON * 1e3 {
            continue;
        }
        let how = advantage(metric, difference);
        let (winner, sentence) = match difference.ci95 {
            None => (name(), format!("In this one run “{best}” is best: {how} “{other}”.")),
            Some([_, high]) if high < 0.0 => {
                let runs = format!("95 % interval of {replications} paired runs");
                (name(), format!("“{best}” is best: {how} “{other}” ({runs})."))
            }
            Some([low, _]) if low > 0.0 => continue,
            Some(_) => {
                let what = metric_name(metric);
                let sentence = format!(
                    "“{best}” came out best, but not beyond chance: in {what} the paired \
                     difference to “{other}” has zero within its interval."
                );
                (None, sentence)
            }
        };
        return Winner { strategy: winner, sentence };
    }
    let never = |runs: &Runs| runs.estimate(Slice::Whole, Metric::Completion).is_none();
    match (never(first), never(next)) {
        (false, true) => {
            let sentence = format!("“{best}” is best: the only one that was done in every run.");
            Winner { strategy: name(), sentence }
        }
        _ => {
            let sentence = format!("Between “{best}” and “{other}” nothing decides.");
            Winner { strategy: None, sentence }
        }
    }
}

/// By how much the first is better, up to the name of the other.
fn advantage(metric: Metric, difference: Estimate) -> String {
    let size = Estimate { mean: difference.mean.abs(), ..difference };
    let by = |form: fn(f64) -> String| estimated(Some(size), form);
    match metric {
        Metric::Jobs(_) => format!("it loses {} fewer jobs than", by(words::digits)),
        Metric::Completion => {
            format!("it loses no more and is done {} sooner than", by(words::seconds))
        }
        _ => format!("each success takes it {} fewer calls than", by(words::digits)),
    }
}
