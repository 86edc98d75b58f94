//! `steps` of a workload: calls, how many of each, and what they are for.
//!
//! Page sizes and batch limits are the catalogue's unless the step gives its own.

use super::Resolver;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::random::{Count, Distribution};
use crate::scenario::raw::{RawPoll, RawStep, RawUnits, RawWorkload};
use crate::scenario::text::{CountText, Fraction, value};
use crate::units::Span;
use crate::workload::{Poll, Step, Units};
use std::ops::Range;

/// Steps of one job at most.
const MOST_STEPS: usize = 250;
/// The least time between two requests of a poll.
const SHORTEST_POLL: Span = Span::from_millis(1);

impl Resolver<'_> {
    pub(super) fn steps(&mut self, name: &Spanned<String>, raw: &RawWorkload) -> Vec<Step> {
        let steps = match (&raw.call, &raw.steps) {
            (Some(call), None) => vec![RawStep::of(call.clone(), raw.cost.clone())],
            (None, Some(steps)) => steps.get_ref().clone(),
            (Some(call), Some(_)) => {
                let help = "keep `call` for a single request, or `steps` for several";
                self.contradiction(call.span(), "both `call` and `steps` are given", help);
                Vec::new()
            }
            (None, None) => {
                let what = format!("`call` of workload `{}`", name.get_ref());
                let help = "write call = \"orders/v0/getOrders\", or steps = [{ call = … }]";
                self.missing(Some(name.span()), &what, help);
                return Vec::new();
            }
        };
        if let (Some(_), Some((unit, _))) = (&raw.steps, raw.cost.first()) {
            let message = "`cost` has no effect beside `steps`";
            self.no_effect(unit.span(), message, "write it in the step whose calls cost so much");
        }
        if let Some(list) = raw.steps.as_ref().filter(|list| list.get_ref().is_empty()) {
            self.incomplete(list.span(), "a job without a step", "name at least one call");
        }
        if steps.len() > MOST_STEPS {
            let message = format!("a job of more than {MOST_STEPS} steps");
            self.too_much(name.span(), message, "use `count`");
        }
        let Some(provider) = self.provider_for(name, raw) else { return Vec::new() };
        self.check_items(provider, raw, &steps);
        let mut has_items = raw.items_place().is_some();
        let mut read = |(number, step): (usize, &RawStep)| {
            has_items |= step.items.is_some();
            self.step(provider, step, number, has_items)
        };
        steps.iter().enumerate().filter_map(&mut read).collect()
    }

    /// Items that no step makes requests for.
    pub(super) fn check_items(&mut self, provider: usize, raw: &RawWorkload, steps: &[RawStep]) {
        let mut idle = Vec::new();
        let mut open = raw.items_place();
        for step in steps {
            if let Some(items) = &step.items {
                idle.extend(open.replace(items.span()));
            }
            if let Some(RawUnits::Item | RawUnits::Page | RawUnits::Batch) =
                value(step.per.as_ref())
            {
                open = None;
            }
            if self.counts_items(provider, step) {
                open = None;
            }
        }
        idle.extend(open);
        for place in idle {
            let message = "`items` has no effect: no step makes requests for these items";
            let help = "write per = \"item\", \"page\" or \"batch\" in a step, a cost with \
                        `per_item`, or leave it out";
            self.no_effect(place, message, help);
        }
    }

    pub(super) fn step(
        &mut self,
        provider: usize,
        raw: &RawStep,
        number: usize,
        has_items: bool,
    ) -> Option<Step> {
        let operation = self.operation(provider, &raw.call)?;
        let per = self.units(provider, raw);
        let place = raw.per.as_ref().map_or(raw.call.span(), Spanned::span);
        match per {
            Units::Item | Units::Items(_) if !has_items => {
                let help = "write `items = 40000` in the workload, or in this step or one before";
                self.incomplete(place, "the job has no items", help);
            }
            Units::Request if number == 0 => {
                let help = "the first step may be per job, item, page or batch";
                self.contradiction(place, "there is no step before the first", help);
            }
            _ => {}
        }
        self.check_costs_by_items(provider, raw, (per, has_items));
        let pages = raw.per.as_ref().is_some_and(|per| *per.get_ref() == RawUnits::Page);
        let at_once = match value(raw.at_once.as_ref()) {
            // The next page can be asked for only once the one before has told its token.
            None => pages.then_some(1),
            Some(0) => {
                let place = raw.at_once.as_ref().map_or(0..0, Spanned::span);
                self.out_of_range(place, "none at once", "write 1 or more");
                None
            }
            number => number,
        };
        let chance = value(raw.probability.as_ref());
        let after = raw.after.as_ref();
        let after = after.map(|after| self.distribution(after.get_ref(), after.span()));
        Some(Step {
            operation,
            count: self.count(raw.count.as_ref(), 1),
            per,
            at_once,
            chance_ppm: chance.map_or(1_000_000, |Fraction(share)| share.ppm()),
            after: after.unwrap_or(Distribution::Constant(Span::ZERO)),
            items: raw.items.as_ref().map(|items| self.count(Some(items), 1)),
            poll: raw.poll.as_ref().map(|poll| self.poll(poll)),
            costs: self.costs(provider, raw),
        })
    }

    /// A number of requests or items: so many, or drawn.
    pub(super) fn count(&mut self, raw: Option<&Spanned<CountText>>, otherwise: u32) -> Count {
        let Some(raw) = raw else { return Count::Fixed(otherwise) };
        match *raw.get_ref() {
            CountText::Fixed(count) => Count::Fixed(count),
            CountText::Uniform([low, high]) => {
                if low > high {
                    let message = format!("from {low} to {high} there is nothing");
                    self.out_of_range(raw.span(), message, "exchange them");
                }
                Count::Uniform { low, high: high.max(low) }
            }
            CountText::Poisson(mean) => {
                let count = Count::poisson(mean).filter(|_| mean <= 1e6);
                count.unwrap_or_else(|| {
                    let message = format!("{mean} is no mean of a count");
                    let help = "write a number above 0, up to 1000000";
                    self.out_of_range(raw.span(), message, help);
                    Count::Fixed(1)
                })
            }
        }
    }

    fn units(&mut self, provider: usize, raw: &RawStep) -> Units {
        let facts = self.providers[provider].resolved.operation(raw.call.get_ref());
        let (page, batch) = facts.map_or((None, None), |facts| {
            (value(facts.page_size.as_ref()), value(facts.batch_limit.as_ref()))
        });
        let per = raw.per.as_ref().map(Spanned::get_ref);
        for (size, of, unit) in
            [(&raw.page_size, RawUnits::Page, "page"), (&raw.batch, RawUnits::Batch, "batch")]
        {
            if let Some(size) = size.as_ref().filter(|_| per != Some(&of)) {
                let message = format!("a size of what is not counted: `per` is no {unit}");
                self.contradiction(
                    size.span(),
                    message,
                    &format!("write per = \"{unit}\" beside it"),
                );
            }
        }
        match raw.per.as_ref().map(|per| (per.get_ref(), per.span())) {
            None | Some((RawUnits::Job, _)) => Units::Job,
            Some((RawUnits::Item, _)) => Units::Item,
            Some((RawUnits::Request, _)) => Units::Request,
            Some((RawUnits::Page, place)) => {
                self.size(raw.page_size.as_ref(), page, ("page_size", "page"), place)
            }
            Some((RawUnits::Batch, place)) => {
                self.size(raw.batch.as_ref(), batch, ("batch", "batch"), place)
            }
        }
    }

    /// Items on a page or in a batch.
    fn size(
        &mut self,
        given: Option<&Spanned<u32>>,
        published: Option<u32>,
        (key, unit): (&str, &str),
        place: Range<usize>,
    ) -> Units {
        if let Some(zero) = given.filter(|size| *size.get_ref() == 0) {
            self.out_of_range(zero.span(), format!("a {unit} of nothing"), "write 1 or more");
        }
        if let (Some(given), Some(published)) = (given, published)
            && *given.get_ref() > published
        {
            let message =
                format!("a {unit} of {}: the provider's has {published}", given.get_ref());
            self.out_of_range(given.span(), message, &format!("write {published} or less"));
        }
        match value(given).or(published) {
            Some(size) => Units::Items(size.max(1)),
            None => {
                let message = format!("the catalogue has no {unit} size for this call");
                self.incomplete(place, message, &format!("write `{key} = 20` beside it"));
                Units::Item
            }
        }
    }

    fn poll(&mut self, raw: &Spanned<RawPoll>) -> Poll {
        let poll = raw.get_ref();
        let Quantity(every) = poll.every;
        if every < SHORTEST_POLL {
            let message = format!("a poll every {every}");
            self.out_of_range(raw.span(), message, &format!("write {SHORTEST_POLL} or more"));
        }
        Poll { every, until: self.distribution(&poll.until, raw.span()) }
    }
}
