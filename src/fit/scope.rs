//! By which parts of its key a limit is counted, and which calls share one.
//!
//! ```text
//!   all calls together ── survives? ──► one limit for all
//!   else each call alone; those that do not survive alone are joined with others until they do
//!   for each set of account, application, region, the coarsest first
//! ```

use super::blocks::Pair;
use super::cut::in_order;
use super::model::{Model, fit};
use super::rows::{Call, Part, Start, Status};
use super::series::Series;
use std::collections::BTreeMap;

/// How a log's limits are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// Parts of the key beside the call: one limit for each combination of their values.
    pub parts: Vec<Part>,
    /// Calls that share a limit. One set of all calls: the call is no part of the key.
    pub sharing: Vec<Vec<u32>>,
    /// The model that explains every limit of each set.
    pub models: Vec<Model>,
}

/// What is known of the scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped {
    /// The coarsest that survives; `None` if none does.
    pub scope: Option<Keyed>,
    /// Coarser ones that do not, with two calls that refute each under the simplest model.
    pub refuted: Vec<(Vec<Part>, Option<Pair>)>,
    /// Finer sets of parts that survive too: the log cannot tell.
    pub undecided: Vec<Vec<Part>>,
    /// Sets of calls that may as well share a limit.
    pub may_share: Vec<(Vec<u32>, Vec<u32>)>,
}

/// Joint fits of two sets of calls that are tried at most, to say that they may share.
const MOST_PAIRS: usize = 40;

/// Finds the coarsest scope under which one of `models` explains each limit.
#[must_use]
pub fn find<'a>(
    calls: impl IntoIterator<Item = &'a Call>,
    models: &[Model],
    start: Start,
) -> Scoped {
    let calls = in_order(calls);
    let search = Search { models, start };
    let varied: Vec<usize> =
        (0..3).filter(|part| calls.iter().any(|c| c.key[*part] != calls[0].key[*part])).collect();
    let mut sets: Vec<Vec<usize>> = (0u32..1 << varied.len())
        .map(|mask| (0..varied.len()).filter(|i| mask >> i & 1 == 1).map(|i| varied[i]).collect())
        .collect();
    sets.sort_by_key(|set: &Vec<usize>| (set.len(), set.clone()));
    let mut scoped =
        Scoped { scope: None, refuted: Vec::new(), undecided: Vec::new(), may_share: Vec::new() };
    for set in sets {
        let parts: Vec<Part> = set.iter().map(|part| Part::ALL[*part]).collect();
        match (search.sharing(&calls, &set), &scoped.scope) {
            (Err(pair), None) => scoped.refuted.push((parts, pair)),
            (Err(_), Some(_)) => {}
            (Ok(_), Some(_)) => scoped.undecided.push(parts),
            (Ok((sharing, models)), None) => {
                scoped.may_share = search.may_share(&calls, &set, &sharing);
                scoped.scope = Some(Keyed { parts, sharing, models });
            }
        }
    }
    scoped
}

/// Sets of calls that share a limit, and the model of each.
type Sharing = (Vec<Vec<u32>>, Vec<Model>);

struct Search<'a> {
    models: &'a [Model],
    start: Start,
}

impl Search<'_> {
    /// The sets of calls, each with a model that explains all its limits under `parts`.
    fn sharing(&self, calls: &[&Call], parts: &[usize]) -> Result<Sharing, Option<Pair>> {
        let mut names: Vec<u32> = calls.iter().map(|call| call.key[3]).collect();
        names.sort_unstable();
        names.dedup();
        let all = match self.explains(calls, parts, &names) {
            Ok(model) => return Ok((vec![names], vec![model])),
            Err(pair) => pair,
        };
        let mut left: Vec<(Vec<u32>, Option<Model>)> = names
            .iter()
            .map(|name| (vec![*name], self.explains(calls, parts, &[*name]).ok()))
            .collect();
        while let Some(lone) = left.iter().position(|set| set.1.is_none()) {
            let (names, _) = left.remove(lone);
            let joined = (0..left.len()).find_map(|other| {
                let mut joint = [&names[..], &left[other].0].concat();
                joint.sort_unstable();
                let model = self.explains(calls, parts, &joint);
                // Two that do not survive alone may need a third: join them all the same.
                let both_fail = left[other].1.is_none();
                match model {
                    Ok(model) => Some((other, (joint, Some(model)))),
                    Err(_) if both_fail => Some((other, (joint, None))),
                    Err(_) => None,
                }
            });
            let Some((other, set)) = joined else { return Err(all) };
            left[other] = set;
        }
        left.sort();
        Ok(left.into_iter().filter_map(|(names, model)| Some((names, model?))).unzip())
    }

    /// The first model that explains every limit of `names` under `parts`.
    fn explains(
        &self,
        calls: &[&Call],
        parts: &[usize],
        names: &[u32],
    ) -> Result<Model, Option<Pair>> {
        let mut groups: BTreeMap<Vec<u32>, Vec<&Call>> = BTreeMap::new();
        for call in calls.iter().filter(|call| names.contains(&call.key[3])) {
            let key = parts.iter().map(|part| call.key[*part]).collect();
            groups.entry(key).or_default().push(call);
        }
        // The group with most refusals refutes soonest.
        let mut groups: Vec<(Vec<&Call>, Series)> = groups
            .into_values()
            .filter(|calls| calls.iter().any(|call| call.status == Status::Refused))
            .map(|calls| {
                let series = Series::new(calls.iter().copied());
                (calls, series)
            })
            .collect();
        groups.sort_by_key(|(_, series)| std::cmp::Reverse(series.counts[1]));
        let mut why = None;
        for model in self.models {
            let failed = groups
                .iter()
                .find_map(|(calls, series)| fit(*model, calls, series, self.start).err());
            match failed {
                None => return Ok(*model),
                Some(pair) => why = why.or(pair),
            }
        }
        Err(why)
    }

    fn may_share(
        &self,
        calls: &[&Call],
        parts: &[usize],
        sharing: &[Vec<u32>],
    ) -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut found = Vec::new();
        let pairs = (0..sharing.len()).flat_map(|a| (a + 1..sharing.len()).map(move |b| (a, b)));
        for (a, b) in pairs.take(MOST_PAIRS) {
            let joint = [&sharing[a][..], &sharing[b]].concat();
            if self.explains(calls, parts, &joint).is_ok() {
                found.push((sharing[a].clone(), sharing[b].clone()));
            }
        }
        found
    }
}
