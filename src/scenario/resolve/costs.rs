//! Costs in units: which calls have one, and which limits count them.
//!
//! ```text
//!   limit.l.counts = "points" ──► a unit, by index ◄── cost.points of a step, or the catalogue
//!   a limit of units over a call without such a cost      1 of it, which is assumed
//!   a cost that no limit of the call counts               an error at its unit
//! ```

use super::Resolver;
use crate::catalog::{PublishedCost, Spanned, one_of};
use crate::limiter::Limiter;
use crate::random::Count;
use crate::scenario::raw::RawStep;
use crate::scenario::text::{CostText, CountText};
use crate::simulation::MOST_UNITS;
use crate::workload::{Cost, Step, StepCost, Units, Workload};
use std::ops::Range;

impl Resolver<'_> {
    /// The index of a unit; a new one if it has not been seen. `None` if there are too many.
    pub(super) fn unit(&mut self, name: &str, place: Range<usize>) -> Option<u16> {
        let known = self.names.units.iter().position(|known| known == name);
        let index = known.unwrap_or(self.names.units.len());
        if index >= MOST_UNITS {
            let message = format!("more than {MOST_UNITS} units are counted");
            self.too_much(place, message, "leave one of them out");
            return None;
        }
        if known.is_none() {
            self.names.units.push(name.to_string());
        }
        u16::try_from(index).ok()
    }

    /// What each call of a step costs: the step's own costs, and of other units the catalogue's.
    pub(super) fn costs(&mut self, provider: usize, raw: &RawStep) -> Vec<StepCost> {
        let mut costs = Vec::new();
        for (unit, text) in &raw.cost {
            let cost = self.cost(text);
            let index = self.unit(unit.get_ref(), unit.span());
            costs.extend(index.map(|unit| StepCost { unit, cost }));
        }
        for (name, published) in self.published_costs(provider, raw) {
            let cost = match published {
                PublishedCost::Call(units) => Cost::Before(Count::Fixed(units)),
                PublishedCost::ByItems { base, per_item } => Cost::ByItems { base, each: per_item },
            };
            let index = self.unit(&name, raw.call.span());
            costs.extend(index.map(|unit| StepCost { unit, cost }));
        }
        costs
    }

    /// The costs that the catalogue has of the call of a step, but for those of its own.
    fn published_costs(&self, provider: usize, raw: &RawStep) -> Vec<(String, PublishedCost)> {
        let facts = self.providers[provider].resolved.operation(raw.call.get_ref());
        let published = facts.into_iter().flat_map(|facts| &facts.cost);
        let others = published.filter(|(name, _)| !raw.cost.contains_key(name.as_str()));
        others.map(|(name, cost)| (name.clone(), *cost.get_ref())).collect()
    }

    /// The costs by items of a step: where they are written, and the units of an item.
    fn costs_by_items(&self, provider: usize, raw: &RawStep) -> Vec<(Range<usize>, u32)> {
        let own = raw.cost.values().filter_map(|text| match text.get_ref() {
            CostText::ByItems { per_item, .. } => Some((text.span(), *per_item)),
            _ => None,
        });
        let published = self.published_costs(provider, raw).into_iter();
        let published = published.filter_map(|(_, cost)| match cost {
            PublishedCost::ByItems { per_item, .. } => Some((raw.call.span(), per_item)),
            PublishedCost::Call(_) => None,
        });
        own.chain(published).collect()
    }

    /// True if a cost of the calls of a step depends on items.
    pub(super) fn counts_items(&self, provider: usize, raw: &RawStep) -> bool {
        !self.costs_by_items(provider, raw).is_empty()
    }

    /// Costs by items of a step whose calls have no known number of them.
    pub(super) fn check_costs_by_items(
        &mut self,
        provider: usize,
        raw: &RawStep,
        (per, has_items): (Units, bool),
    ) {
        for (place, per_item) in self.costs_by_items(provider, raw) {
            let drawn = raw
                .count
                .as_ref()
                .is_some_and(|count| !matches!(count.get_ref(), CountText::Fixed(_)));
            if per_item == 0 {
                let message = "`per_item` of 0 costs nothing for items";
                self.no_effect(place, message, "write the cost as a number");
            } else if per == Units::Request {
                let message = "a call for a request of the step before has no items";
                let help = "write per = \"item\", \"page\" or \"batch\", or the cost as a number";
                self.contradiction(place, message, help);
            } else if !has_items {
                let help = "write `items = 20` in the workload, or in this step or one before";
                self.incomplete(place, "a cost for each item: the job has no items", help);
            } else if drawn && matches!(per, Units::Items(_)) {
                let message =
                    "a cost by items needs a fixed number of calls for each page or batch";
                self.contradiction(place, message, "write `count` as a number, or leave it out");
            }
        }
    }

    fn cost(&mut self, text: &Spanned<CostText>) -> Cost {
        let mut count =
            |units: &CountText| self.count(Some(&Spanned::new(text.span(), units.clone())), 1);
        match text.get_ref() {
            CostText::Before(units) => Cost::Before(count(units)),
            CostText::ByItems { base, per_item } => Cost::ByItems { base: *base, each: *per_item },
            CostText::Requested { requested, used } => {
                Cost::Requested { requested: count(requested), used: count(used) }
            }
            CostText::After(units) => Cost::After(count(units)),
        }
    }

    /// A limiter that counts a unit, if its limit says so.
    pub(super) fn counting(
        &mut self,
        limiter: Limiter,
        counts: Option<&Spanned<String>>,
    ) -> Option<Limiter> {
        let Some(counts) = counts else { return Some(limiter) };
        let unit = self.unit(counts.get_ref(), counts.span())?;
        limiter.counting(unit)
    }

    /// Costs that no limit counts; calls under a limit of units that state no cost; and units that
    /// come back to a window, which may have ended.
    pub(super) fn check_costs(&mut self, workloads: &[Workload]) {
        let steps: Vec<&Step> = workloads.iter().flat_map(|workload| &workload.steps).collect();
        for (call, name) in self.names.calls.clone().iter().enumerate() {
            let of_call = |limit: &&crate::simulation::PlannedLimit| {
                limit.rule.operations.iter().any(|of| usize::from(of.0) == call)
            };
            let counted: Vec<(u16, bool)> = (self.limits.iter().filter(of_call))
                .filter_map(|limit| {
                    let limiter = &limit.rule.limiter;
                    Some((limiter.unit()?, limiter.holds_back()))
                })
                .collect();
            for step in steps.iter().filter(|step| usize::from(step.operation.0) == call) {
                for (unit, _) in &counted {
                    if step.costs.iter().all(|cost| cost.unit != *unit) {
                        let unit = &self.names.units[usize::from(*unit)];
                        let guess = format!("`{name}` costs 1 of `{unit}`: no cost of it is given");
                        self.assume(guess);
                    }
                }
                for StepCost { unit, cost } in &step.costs {
                    self.check_cost((name, *unit), cost, &counted);
                }
            }
        }
    }

    fn check_cost(&mut self, (call, unit): (&str, u16), cost: &Cost, counted: &[(u16, bool)]) {
        let name = self.names.units[usize::from(unit)].clone();
        let place = self.place_of_cost(&name);
        if counted.iter().all(|(of, _)| *of != unit) {
            let Some(place) = place else { return };
            let known: Vec<&str> = self
                .raw
                .limit
                .values()
                .filter_map(|limit| limit.counts.as_ref().map(|counts| counts.get_ref().as_str()))
                .collect();
            let help = match known.is_empty() {
                true => format!("write counts = \"{name}\" in a limit, or leave this cost out"),
                false => one_of(&name, &known),
            };
            self.unknown((&name, place), format!("no limit of `{call}` counts `{name}`"), &help);
            return;
        }
        let holds = counted.iter().filter(|(of, _)| *of == unit).all(|(_, holds)| *holds);
        if let (Cost::Requested { .. }, false, Some(place)) = (cost, holds, place) {
            let message = format!("a window gives no `{name}` back: it may have ended");
            let help = "write what is used, known before the call, or count them in a token_bucket";
            self.contradiction(place, message, help);
        }
    }

    /// Where a scenario first writes a cost of this unit.
    fn place_of_cost(&self, unit: &str) -> Option<Range<usize>> {
        let of = |cost: &crate::scenario::raw::Costs| {
            cost.get_key_value(unit).map(|(unit, _)| unit.span())
        };
        let mut all = self.raw.workload.values().flat_map(|work| {
            let steps = work.steps.iter().flat_map(|steps| steps.get_ref());
            std::iter::once(&work.cost).chain(steps.map(|step| &step.cost))
        });
        all.find_map(of)
    }
}
