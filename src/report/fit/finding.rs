//! What is said of one limit: the same for every account where figures are the same, else of each.

use crate::fit::blocks::Pair;
use crate::fit::both::Both;
use crate::fit::change::Change;
use crate::fit::days::Days;
use crate::fit::model::{Model, Survivor};
use crate::fit::nearest::Nearest;
use crate::fit::outcome::{Fitted, Outcome};
use crate::fit::split::{Estimate, Split, Tried};
use crate::fit::verdict::{Unclear, Verdict, sole};

/// One limit, or that of one account where figures differ.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The limit.
    pub limit: &'a Fitted,
    /// The account and what else it is counted by, where figures differ.
    pub of: Option<&'a [u32]>,
    /// Accepted, refused and other calls.
    pub counts: [usize; 3],
    /// What explains every call, the simplest first.
    pub survivors: &'a [Survivor],
    /// Days of time zones that explain every call.
    pub days: Option<&'a Days>,
    /// Two limits that explain every call together, where no single one does.
    pub pairs: &'a [Both],
    /// Whether the figures hold though the log may lack calls.
    pub trusted: bool,
    /// The verdicts that it sums up, that with most refusals first.
    pub verdicts: Vec<&'a Verdict>,
    /// A change that explains what no model explains.
    pub change: Option<&'a Change>,
    /// The bucket that misjudges fewest calls.
    pub nearest: Option<&'a Nearest>,
    /// A bucket split over nodes, where nothing else explains every call, or why that does not.
    pub split: Option<&'a Tried>,
}

/// Everything that a log says, limit by limit.
#[must_use]
pub fn all(outcome: &Outcome) -> Vec<Finding<'_>> {
    outcome.limits.iter().flat_map(of_limit).collect()
}

fn of_limit(limit: &Fitted) -> Vec<Finding<'_>> {
    let refused = limit.verdicts.iter().filter(|(_, verdict)| verdict.counts[1] > 0).count();
    if refused == 0 || !limit.common.is_empty() {
        return vec![whole(limit)];
    }
    limit.verdicts.iter().map(|(key, verdict)| one(limit, key, verdict)).collect()
}

fn whole(limit: &Fitted) -> Finding<'_> {
    let mut verdicts: Vec<&Verdict> = limit.verdicts.iter().map(|(_, verdict)| verdict).collect();
    let mut counts = [0; 3];
    for verdict in &verdicts {
        counts.iter_mut().zip(verdict.counts).for_each(|(sum, count)| *sum += count);
    }
    let trusted = verdicts.iter().any(|verdict| verdict.is_trusted());
    verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.counts[1]));
    let survivors = &limit.common;
    let days = verdicts.first().filter(|_| verdicts.len() == 1).and_then(|one| one.days.as_ref());
    let (of, change, nearest, split) = (None, None, None, None);
    let pairs = &[];
    Finding { limit, of, counts, survivors, days, pairs, trusted, verdicts, change, nearest, split }
}

fn one<'a>(limit: &'a Fitted, key: &'a [u32], verdict: &'a Verdict) -> Finding<'a> {
    fn of<'b, T>(all: &'b [(Vec<u32>, T)], key: &[u32]) -> Option<&'b T> {
        all.iter().find(|(other, _)| other == key).map(|(_, found)| found)
    }
    let days = verdict.days.as_ref();
    let is_daily = verdict.survivors.is_empty() && days.is_some_and(|days| days.trust.holds());
    Finding {
        limit,
        of: (limit.verdicts.len() > 1).then_some(key),
        counts: verdict.counts,
        survivors: &verdict.survivors,
        days,
        pairs: &verdict.pairs,
        trusted: verdict.is_trusted() || is_daily,
        verdicts: vec![verdict],
        change: of(&limit.changes, key),
        nearest: of(&limit.nearest, key),
        split: of(&limit.splits, key),
    }
}

/// The two lines of a pair, the first one first; twice the same where one call is enough.
#[must_use]
pub fn lines(pair: Pair) -> (u32, u32) {
    let (low, high) = (pair.accepted.min(pair.refused), pair.accepted.max(pair.refused));
    if low == 0 { (high, high) } else { (low, high) }
}

impl Finding<'_> {
    /// The one model that explains every call, if that can be trusted.
    #[must_use]
    pub fn answer(&self) -> Option<&Survivor> {
        sole(self.survivors).filter(|_| self.trusted && self.counts[1] > 0)
    }

    /// The two limits that explain every call together, if that can be trusted and both show.
    #[must_use]
    pub fn both(&self) -> Option<&Both> {
        self.verdicts.first().filter(|_| !self.pairs.is_empty())?.both()
    }

    /// Days that explain every call where no model does.
    #[must_use]
    pub fn daily(&self) -> Option<&Days> {
        self.days.filter(|_| self.survivors.is_empty())
    }

    /// Whether the log tells the limit.
    #[must_use]
    pub fn is_told(&self) -> bool {
        let by_days = self.trusted && self.daily().is_some_and(|days| days.begins.len() == 1);
        self.answer().is_some() || self.both().is_some() || by_days
    }

    /// The bucket split over nodes that is the answer where no exact limit is, and its estimate.
    #[must_use]
    pub fn nodes(&self) -> Option<(&Split, &Estimate)> {
        let split = self.split?.as_ref().ok()?;
        Some((split, split.estimate.as_ref()?))
    }

    /// What explains every call beside the answer, or all that does if there is no answer.
    #[must_use]
    pub fn undecided(&self) -> &[Survivor] {
        match self.answer() {
            Some(_) => &self.survivors[1..],
            None => self.survivors,
        }
    }

    /// Whether several kinds of limit, or of two limits, explain every call.
    fn is_torn(&self) -> bool {
        match (self.survivors, self.pairs) {
            ([], _) if self.days.is_some_and(|days| days.begins.len() > 1) => true,
            ([], []) => false,
            ([], [only]) => !only.is_shown(),
            ([], _) => true,
            (several, _) => sole(several).is_none(),
        }
    }

    /// What cannot be told, and why.
    #[must_use]
    pub fn unclear(&self) -> Vec<Unclear> {
        let first = self.survivors.first();
        let refusals = self.counts[1];
        let is_open = refusals > 0 && self.counts[0] > 0 && first.is_none() && self.days.is_none();
        let said = [
            (self.counts[0] == 0, Unclear::NoAcceptances),
            (refusals == 0, Unclear::NoRefusals),
            (refusals > 0 && refusals < 10, Unclear::FewRefusals),
            (is_open && self.pairs.is_empty() && self.nodes().is_none(), Unclear::NoModel),
            (is_open && self.nodes().is_some(), Unclear::Nodes),
            (refusals > 0 && self.is_torn(), Unclear::Models),
            (first.is_some_and(|left| left.capacity().1.is_none()), Unclear::Capacity),
            (
                first.and_then(Survivor::rate_per_s).is_some_and(|rate| rate.1.is_none()),
                Unclear::Rate,
            ),
            (
                refusals > 0
                    && (first.is_some()
                        || !self.pairs.is_empty()
                        || self.days.is_some()
                        || self.nodes().is_some())
                    && !self.trusted,
                Unclear::Completeness,
            ),
        ];
        said.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what).collect()
    }

    /// The lines of the two calls that refute a model.
    #[must_use]
    pub fn refuted(&self, model: Model) -> Option<(u32, u32)> {
        let pairs = self.verdicts.iter().flat_map(|verdict| &verdict.refuted);
        let pair = pairs.filter(|(other, _)| *other == model).map(|(_, pair)| pair).next()?;
        Some(lines(*pair))
    }

    /// Bursts, and the least rate \[1/s\] that each needs whatever the limit is, at most four. That
    /// of the calls with the greatest need.
    #[must_use]
    pub fn at_least(&self) -> Vec<(i64, f64)> {
        let need = |verdict: &&&super::Verdict| verdict.counts[0];
        let Some(verdict) = self.verdicts.iter().max_by_key(need) else { return Vec::new() };
        let all: Vec<(i64, f64)> =
            verdict.at_least.iter().copied().filter(|(_, rate)| *rate > 0.0).collect();
        let step = all.len().div_ceil(4).max(1);
        all.into_iter().step_by(step).collect()
    }
}
