//! The scenario under every reading of what its providers leave open.
//!
//! ```text
//!   as it stands ──► each other choice alone ──► those that change anything, each with each
//! ```

use super::{Study, StudyError};
use crate::metrics::figures::{Metric, Slice};
use crate::parallel;
use crate::scenario::{Draft, OpenReading, Scenario};

/// Combinations that are run at most.
const MOST: usize = 64;

/// A choice for an open reading: both by index.
type Chosen = (usize, usize);

/// The scenario under some choices.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The choices that differ from the scenario's own: reading and choice, by index.
    pub chosen: Vec<(usize, usize)>,
    /// The scenario as those choices make it.
    pub scenario: Scenario,
    /// What was found.
    pub study: Study,
}

/// Runs the scenario under its readings; the first variant is the scenario as it stands.
///
/// # Errors
/// It cannot be read with a choice, or a run was given up.
pub fn run_readings(draft: &Draft, readings: &[OpenReading]) -> Result<Vec<Variant>, StudyError> {
    let run = |chosen: &Vec<Chosen>| -> Result<Variant, StudyError> {
        let scenario = draft.with(&assignments(readings, chosen))?;
        let study = Study::settle(&scenario)?;
        Ok(Variant { chosen: chosen.clone(), scenario, study })
    };
    let mut plans: Vec<Vec<Chosen>> = vec![Vec::new()];
    for (number, reading) in readings.iter().enumerate() {
        plans.extend(reading.others().map(|choice| vec![(number, choice)]));
    }
    let mut variants: Vec<Variant> = parallel::try_map(&plans, run)?;
    let own = figures(&variants[0]);
    let matter: Vec<Chosen> = variants
        .iter()
        .skip(1)
        .filter(|variant| figures(variant) != own)
        .map(|variant| variant.chosen[0])
        .collect();
    let together: Vec<Vec<Chosen>> =
        combinations(&matter).into_iter().filter(|chosen| chosen.len() > 1).take(MOST).collect();
    variants.extend(parallel::try_map(&together, run)?);
    Ok(variants)
}

/// What `--set` would be given for some choices.
pub(super) fn assignments(readings: &[OpenReading], chosen: &[Chosen]) -> Vec<String> {
    let assignment = |(reading, choice): &Chosen| {
        let OpenReading { provider, name, choices, .. } = &readings[*reading];
        format!("provider.{provider}.readings.{name}=\"{}\"", choices[*choice])
    };
    chosen.iter().map(assignment).collect()
}

/// Every way to choose at most one of the choices of each reading, the fewest first.
fn combinations(choices: &[Chosen]) -> Vec<Vec<Chosen>> {
    let mut all: Vec<Vec<Chosen>> = vec![Vec::new()];
    for choice in choices {
        let free = |chosen: &&Vec<Chosen>| !chosen.iter().any(|(reading, _)| *reading == choice.0);
        let with: Vec<Vec<Chosen>> = all
            .iter()
            .filter(free)
            .map(|chosen| chosen.iter().copied().chain([*choice]).collect())
            .collect();
        all.extend(with);
    }
    all.sort_by_key(Vec::len);
    all
}

/// What tells whether a choice has changed anything.
fn figures(variant: &Variant) -> Vec<Vec<Option<f64>>> {
    let metrics = [
        Metric::ThrottleRate,
        Metric::CallsPerSuccess,
        Metric::Goodput,
        Metric::Completion,
        Metric::JobLatency(crate::metrics::figures::Statistic::Mean),
    ];
    let of = |runs: &super::Runs| {
        metrics.into_iter().flat_map(|metric| runs.values(Slice::Whole, metric)).collect()
    };
    variant.study.strategies.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reading_is_chosen_twice() {
        let all = combinations(&[(0, 1), (1, 0), (1, 2)]);
        let expected: [&[Chosen]; 6] =
            [&[], &[(0, 1)], &[(1, 0)], &[(1, 2)], &[(0, 1), (1, 0)], &[(0, 1), (1, 2)]];
        assert_eq!(all, expected);
    }
}
