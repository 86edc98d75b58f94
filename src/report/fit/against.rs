//! Whether a log agrees with what a provider publishes.
//!
//! A published limit disagrees where calls were accepted that it would have refused, whatever else
//! is missing from the log; or where a log that can be trusted leaves its figures outside.

use super::against_days::Quota;
use super::finding::{self, Finding};
use super::published::Published;
use super::stand::Stand;
use super::{Fitting, days, figures};
use crate::catalog::{AppliedLimit, Provider, PublishedCost, Resolved};
use crate::fit::counter::Room;
use crate::fit::model::Model;
use crate::fit::rows::Part;
use crate::report::table::Medium;
use crate::report::words;
use crate::units::quantity::bounds;
use comfy_table::CellAlignment;
use serde_json::{Value, json};

/// A call of a log beside a limit that is published for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The call, as the log names it.
    pub call: String,
    /// The limit's name; nothing if there is none to compare with.
    pub limit: String,
    /// Its figures in words.
    pub published: String,
    /// What the log says.
    pub stand: Stand,
}

/// Every call of the log beside each limit that is published for it.
#[must_use]
pub fn all(fitting: Fitting<'_>, provider: &Provider, here: &Resolved) -> Vec<Compared> {
    let mut compared = Vec::new();
    for finding in finding::all(fitting.outcome) {
        for call in &finding.limit.calls {
            let name = fitting.name(Part::Call, *call);
            compared.extend(of_call(fitting, &finding, &name, (provider, here)));
        }
    }
    compared
}

fn of_call(
    fitting: Fitting<'_>,
    finding: &Finding<'_>,
    name: &str,
    (provider, here): (&Provider, &Resolved),
) -> Vec<Compared> {
    let call = fitting.title_of(finding, name);
    let open = |why: String| {
        vec![Compared {
            call: call.clone(),
            limit: String::new(),
            published: "–".into(),
            stand: Stand::Open(why),
        }]
    };
    let operation = match operation(provider, name) {
        Ok(operation) => operation,
        Err(why) => return open(why),
    };
    let limits = match here.limits(&operation) {
        Ok(limits) if limits.is_empty() => return open("no limit is published for it".into()),
        Ok(limits) => limits,
        Err(problem) => return open(problem.message),
    };
    let mut compared: Vec<Compared> = limits
        .iter()
        .map(|limit| {
            let cost = cost(fitting, finding, limit, (provider, here));
            let (published, stand) = match Published::of(limit, fitting, cost) {
                Ok(published) => {
                    let stand = match (
                        published.stand(fitting, finding),
                        finer(fitting, finding, limit),
                    ) {
                        (Stand::Differs(_), Some(part)) => Stand::Open(format!(
                            "it is counted per {part}, and the log was compared over all of them"
                        )),
                        (stand, _) => stand,
                    };
                    (published.words.clone(), stand)
                }
                Err(why) => (limit.rule.what().into(), Stand::Open(why)),
            };
            Compared { call: call.clone(), limit: limit.name.into(), published, stand }
        })
        .collect();
    if compared.iter().any(|one| one.stand == Stand::Agrees) {
        for one in &mut compared {
            if matches!(one.stand, Stand::Differs(_)) {
                one.stand = Stand::Open("another limit of this call is reached first".into());
            }
        }
    }
    compared
}

/// What a published limit is counted by and the finding is not, so that calls of several of its
/// counts are together in the finding.
fn finer(
    fitting: Fitting<'_>,
    finding: &Finding<'_>,
    limit: &AppliedLimit<'_>,
) -> Option<&'static str> {
    let scope = limit.limit.scope();
    let together = |part: Part| fitting.varies(part) && !finding.limit.parts.contains(&part);
    [
        (scope.account && together(Part::Account), "account"),
        (scope.application && together(Part::Application), "application"),
        (scope.region && together(Part::Region), "region"),
        (scope.operation && finding.limit.calls.len() > 1, "operation"),
        (scope.process, "process"),
        (scope.key, "key"),
    ]
    .into_iter()
    .find_map(|(is_finer, part)| is_finer.then_some(part))
}

/// The operation that a log's call is: of this name, or the only one whose last part it is.
fn operation(provider: &Provider, name: &str) -> Result<String, String> {
    let known: Vec<&str> = provider.operations().map(|listing| listing.operation).collect();
    if known.is_empty() || known.contains(&name) {
        return Ok(name.into());
    }
    let last = |full: &&&str| full.rsplit('/').next() == Some(name);
    let near: Vec<String> = known.iter().filter(last).map(|full| (*full).into()).collect();
    match near.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(format!("{} has no operation of this name", provider.name())),
        several => Err(format!("is it {}? rename it with --match", several.join(" or "))),
    }
}

/// What every call of a finding takes from a limit by its catalogue; `None` if it says no such
/// number, or not the same of all.
fn cost(
    fitting: Fitting<'_>,
    finding: &Finding<'_>,
    limit: &AppliedLimit<'_>,
    (provider, here): (&Provider, &Resolved),
) -> Option<u32> {
    let unit = limit.limit.counts.as_ref()?.get_ref();
    let of = |call: &u32| {
        let name = operation(provider, &fitting.name(Part::Call, *call)).ok()?;
        match here.operation(&name).ok()?.cost.get(unit)?.get_ref() {
            PublishedCost::Call(cost) => Some(*cost),
            PublishedCost::ByItems { .. } => None,
        }
    };
    let mut costs = finding.limit.calls.iter().map(of);
    let first = costs.next()??;
    costs.all(|cost| cost == Some(first)).then_some(first)
}

impl Published {
    fn stand(&self, fitting: Fitting<'_>, finding: &Finding<'_>) -> Stand {
        if let Some((zone, late)) = &self.day {
            let quota = Quota { zone: zone.clone(), late: *late, limit: self.capacity };
            return quota.stand(fitting, finding);
        }
        if let Some(cost) = self.exceeded(finding) {
            let unit = figures::of_units(fitting);
            let cost = words::count(cost.unsigned_abs());
            return Stand::Differs(format!("a call of {cost}{unit} was accepted"));
        }
        if let Some((burst, least)) = self.beyond(finding) {
            return Stand::Differs(format!(
                "accepted calls need at least {} with a burst of {}{}",
                bounds::rate_at_least(least),
                words::count(burst.unsigned_abs()),
                figures::of_units(fitting)
            ));
        }
        if finding.counts[1] == 0 {
            return Stand::Open("no call was refused".into());
        }
        if let Some(both) = finding.both() {
            let mut mine = both.limits.iter().filter(|left| self.models.contains(&left.model));
            return match mine.any(|left| left.holds(self.capacity, self.rate, self.window)) {
                true => Stand::Agrees,
                false => Stand::Open("two limits at once explain the log".into()),
            };
        }
        let is_daily = self.models.contains(&Model::FixedWindow);
        if let Some(days) = finding.daily().filter(|_| is_daily && finding.trusted) {
            return Stand::Differs(days::of(fitting, days));
        }
        if finding.nodes().is_some() {
            return Stand::Open("only a bucket split over nodes explains the log".into());
        }
        let Some(first) = finding.survivors.first() else {
            return Stand::Open("no limit that was tried explains the log".into());
        };
        let mine = || finding.survivors.iter().filter(|left| self.models.contains(&left.model));
        if mine().any(|left| left.holds(self.capacity, self.rate, self.window)) {
            return Stand::Agrees;
        }
        let refuted = self.models.iter().find_map(|model| finding.refuted(*model));
        let instead = match (mine().next(), refuted) {
            (Some(left), _) => figures::of(left, fitting),
            (None, Some(pair)) => {
                format!("{}; {} contradict it", figures::of(first, fitting), fitting.lines(pair))
            }
            (None, None) => return Stand::Open("this kind of limit was not tried".into()),
        };
        match finding.trusted {
            true => Stand::Differs(instead),
            false => Stand::Open(format!("calls may be missing; if none is: {instead}")),
        }
    }

    /// What an accepted call cost, if that is more than the limit ever allows.
    fn exceeded(&self, finding: &Finding<'_>) -> Option<i64> {
        let allows = |model: &Model| {
            matches!(model, Model::Concurrency | Model::SlidingCounter { room: Room::Any, .. })
        };
        let needs = finding.verdicts.iter().filter_map(|verdict| verdict.at_least.first());
        let most = needs.map(|(burst, _)| *burst).max()?;
        (most > self.capacity && !self.models.iter().any(allows)).then_some(most)
    }

    /// A burst that is no smaller, and the rate that accepted calls need with it, if that is more.
    fn beyond(&self, finding: &Finding<'_>) -> Option<(i64, f64)> {
        let rate = self.rate?;
        let needs = finding.verdicts.iter().flat_map(|verdict| &verdict.at_least);
        needs.copied().find(|(burst, least)| *burst >= self.capacity && *least > rate)
    }
}

/// True if a published limit is contradicted.
#[must_use]
pub fn differs(compared: &[Compared]) -> bool {
    compared.iter().any(|one| matches!(one.stand, Stand::Differs(_)))
}

/// The answer: what differs first.
#[must_use]
pub fn sentences(compared: &[Compared], catalogue: &str) -> Vec<String> {
    let mut sentences: Vec<String> = compared
        .iter()
        .filter_map(|one| match &one.stand {
            Stand::Differs(found) => Some(format!(
                "{} differs from {catalogue}: published is {}; the log says {found}.",
                one.call, one.published
            )),
            _ => None,
        })
        .collect();
    let count = |of: fn(&Stand) -> bool| compared.iter().filter(|one| of(&one.stand)).count();
    let agree = count(|stand| *stand == Stand::Agrees);
    let open = count(|stand| matches!(stand, Stand::Open(_)));
    let limits = |n: usize| words::counted(n as u64, "limit");
    if agree > 0 {
        let s = if agree == 1 { "s" } else { "" };
        sentences.push(format!("{} agree{s} with {catalogue}.", limits(agree)));
    }
    if open > 0 {
        sentences.push(format!("The log cannot tell of {}; the table says why.", limits(open)));
    }
    sentences
}

/// All limits, with what the log says of each.
#[must_use]
pub fn table(compared: &[Compared], medium: Medium) -> String {
    let mut table = medium.table(&["call", "limit", "published", "the log"]);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Left);
    }
    for one in compared {
        let said = match &one.stand {
            Stand::Agrees => "agrees".into(),
            Stand::Differs(found) => format!("differs: {found}"),
            Stand::Open(why) => format!("cannot tell: {why}"),
        };
        let said = match medium {
            Medium::Terminal => words::wrapped(&said, super::CELL, "").trim_end().to_string(),
            Medium::Markdown => said,
        };
        table.add_row([one.call.as_str(), &one.limit, &one.published, &said]);
    }
    format!("\n{}\n", *table)
}

/// The same for programs; `agrees` is null where the log cannot tell.
#[must_use]
pub fn json(compared: &[Compared]) -> Value {
    let all = compared.iter().map(|one| {
        let (agrees, why) = match &one.stand {
            Stand::Agrees => (Some(true), None),
            Stand::Differs(found) => (Some(false), Some(found)),
            Stand::Open(why) => (None, Some(why)),
        };
        json!({
            "call": one.call,
            "limit": one.limit,
            "published": one.published,
            "agrees": agrees,
            "why": why,
        })
    });
    all.collect()
}
