//! The whole answer: every limit that a log shows, with its scope, verdict, change and estimate.

use super::change::{self, Change};
use super::cut::in_order;
use super::days;
use super::meet::meet;
use super::model::{Model, Survivor};
use super::nearest::{Nearest, nearest};
use super::rows::{Call, Part};
use super::scope::{self, Scoped};
use super::series::Series;
use super::split::{self, Tried};
use super::verdict::{Options, Verdict, judge};
use std::collections::BTreeMap;

/// One limit for each combination of the values of `parts`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The calls that share it.
    pub calls: Vec<u32>,
    /// What it is counted by, beside the call.
    pub parts: Vec<Part>,
    /// The verdict for each combination of values of `parts`.
    pub verdicts: Vec<(Vec<u32>, Verdict)>,
    /// What survives for all of them, if their figures are the same: of those whose figures can be
    /// trusted, if there are any.
    pub common: Vec<Survivor>,
    /// Whether it changed, for combinations that no model explains.
    pub changes: Vec<(Vec<u32>, Change)>,
    /// The estimate, for combinations that no model explains, changed or not.
    pub nearest: Vec<(Vec<u32>, Nearest)>,
    /// The bucket split over nodes, for combinations that nothing else explains; or the two calls
    /// that refute it.
    pub splits: Vec<(Vec<u32>, Tried)>,
}

/// All limits of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What is known of the scope.
    pub scoped: Scoped,
    /// The limits, in order of their first call.
    pub limits: Vec<Fitted>,
}

/// Finds every limit that a log shows.
#[must_use]
pub fn fit_log<'a>(calls: impl IntoIterator<Item = &'a Call>, options: &Options) -> Outcome {
    let calls = in_order(calls);
    if calls.is_empty() {
        let scoped = Scoped {
            scope: None,
            refuted: Vec::new(),
            undecided: Vec::new(),
            may_share: Vec::new(),
        };
        return Outcome { scoped, limits: Vec::new() };
    }
    let scoped = scope::find(calls.iter().copied(), &options.models, options.start);
    let (parts, sharing) = match &scoped.scope {
        Some(scope) => (scope.parts.clone(), scope.sharing.clone()),
        None => apart(&calls, options),
    };
    let limits = sharing.into_iter().map(|names| limit(&calls, names, &parts, options)).collect();
    Outcome { scoped, limits }
}

/// Nothing explains it all: days of a zone may, for all calls together or each on its own.
/// Otherwise each key and call is looked at on its own.
fn apart(calls: &[&Call], options: &Options) -> (Vec<Part>, Vec<Vec<u32>>) {
    let mut names: Vec<u32> = calls.iter().map(|call| call.key[3]).collect();
    names.sort_unstable();
    names.dedup();
    let each: Vec<Vec<u32>> = names.iter().map(|name| vec![*name]).collect();
    let is_daily = |sharing: &Vec<Vec<u32>>| {
        let Some(epoch) = options.epoch else { return false };
        sharing.iter().all(|names| {
            let group: Vec<&Call> =
                calls.iter().copied().filter(|call| names.contains(&call.key[3])).collect();
            let series = Series::new(group.iter().copied());
            let known = (epoch, options.start, true);
            series.counts[1] == 0 || days::find(&group, &series, known).is_some()
        })
    };
    match [vec![names], each.clone()].into_iter().find(is_daily) {
        Some(sharing) => (Vec::new(), sharing),
        None => (Part::ALL[..3].to_vec(), each),
    }
}

fn limit(calls: &[&Call], names: Vec<u32>, parts: &[Part], options: &Options) -> Fitted {
    let groups = grouped(calls.iter().copied(), &names, parts);
    let (mut verdicts, mut changes) = (Vec::new(), Vec::new());
    let (mut estimates, mut splits) = (Vec::new(), Vec::new());
    for (key, group) in groups {
        let verdict = judge(group.iter().copied(), options);
        if !verdict.is_told() && verdict.both().is_none() && verdict.counts[0] > 0 {
            let models = options.models.iter().copied().filter(|model| *model != Model::Ticks);
            let models: Vec<Model> = models.collect();
            let found =
                change::find(group.iter().copied(), &models, (options.start, options.complete));
            // The last resort: none of the exact limits is left.
            let is_last = !options.further.is_empty() && verdict.pairs.is_empty();
            if found.is_none() && is_last && verdict.counts[1] > 0 {
                let series = Series::new(group.iter().copied());
                splits.push((key.clone(), split::find(&group, &series, options.start)));
            }
            changes.extend(found.map(|found| (key.clone(), found)));
            estimates.extend(nearest(&group).map(|found| (key.clone(), found)));
        }
        verdicts.push((key, verdict));
    }
    let common = common(&verdicts);
    let (calls, parts) = (names, parts.to_vec());
    Fitted { calls, parts, verdicts, common, changes, nearest: estimates, splits }
}

/// The calls of some names, by the values of `parts`.
#[must_use]
pub fn grouped<'a>(
    calls: impl IntoIterator<Item = &'a Call>,
    names: &[u32],
    parts: &[Part],
) -> BTreeMap<Vec<u32>, Vec<&'a Call>> {
    let mut groups: BTreeMap<Vec<u32>, Vec<&Call>> = BTreeMap::new();
    for call in calls.into_iter().filter(|call| names.contains(&call.key[3])) {
        let key = parts.iter().map(|part| call.key[*part as usize]).collect();
        groups.entry(key).or_default().push(call);
    }
    groups
}

/// The models that survive everywhere, with the figures that do.
fn common(verdicts: &[(Vec<u32>, Verdict)]) -> Vec<Survivor> {
    let refused = || verdicts.iter().map(|one| &one.1).filter(|verdict| verdict.counts[1] > 0);
    let all = met(refused());
    if all.is_empty() || !refused().any(Verdict::is_trusted) {
        return all;
    }
    met(refused().filter(|verdict| verdict.is_trusted()))
}

fn met<'a>(mut verdicts: impl Iterator<Item = &'a Verdict>) -> Vec<Survivor> {
    let Some(first) = verdicts.next() else { return Vec::new() };
    let mut left = first.survivors.clone();
    for verdict in verdicts {
        left = left.iter().filter_map(|ours| meet(ours, &verdict.survivors)).collect();
    }
    left
}
