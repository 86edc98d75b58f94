//! The ranks in `summary.json`: what decides, the places, and who is best.

use crate::report::Report;
use crate::report::{league, winner};
use serde::Serialize;

/// Strategies in the order of their places.
#[derive(Debug, Serialize)]
pub(super) struct RankingSummary {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What decides, in order, as a goal writes it.
    criteria: Vec<String>,
    rule: String,
    /// The best; none where several share the first place, or where chance may have decided.
    best: Option<String>,
    /// By what the first leads the next.
    decided_by: Option<String>,
    places: Vec<Place>,
    sentence: String,
}

#[derive(Debug, Serialize)]
struct Place {
    strategy: String,
    place: usize,
}

/// Everything that is ranked.
pub(super) fn all(report: Report<'_>) -> Vec<RankingSummary> {
    let scenario = report.scenario;
    let name = |strategy: usize| scenario.names.strategies[strategy].0.clone();
    let summary = |ranking: league::Ranking| {
        let ranked = &ranking.ranked;
        let place =
            |(strategy, place): &(usize, usize)| Place { strategy: name(*strategy), place: *place };
        RankingSummary {
            name: ranking.of.clone(),
            criteria: winner::criteria(&ranked.rule),
            rule: winner::rule(&ranked.rule),
            best: ranked.best().map(name),
            decided_by: winner::decided_by(ranked),
            places: ranked.places.iter().map(place).collect(),
            sentence: ranking.sentence(report),
        }
    };
    report.rankings().into_iter().map(summary).collect()
}
