//! What the rows of a trace name: calls, which become steps, and accounts, which must be callers.

use super::Traced;
use crate::catalog::Spanned;
use crate::recorded::{Log, MOST_ACCOUNTS, MOST_CALLS, Survey};
use crate::scenario::raw::RawStep;
use crate::scenario::resolve::Resolver;
use crate::workload::Step;
use std::collections::{HashMap, HashSet};

impl Resolver<'_> {
    /// A step for each operation of `calls`, in their order.
    pub(super) fn mapped_steps(&mut self, of: Traced<'_>, log: &mut Log) -> Vec<Step> {
        self.check_no_other_steps(of);
        let calls = of.trace.calls.as_ref().map_or(&[][..], |calls| calls.get_ref());
        if let Some(list) = of.trace.calls.as_ref().filter(|list| list.get_ref().is_empty()) {
            let help = "write calls = [{ match = \"GET /orders/*\", call = \"getOrder\" }]";
            self.incomplete(list.span(), "no call at all", help);
        }
        let provider = self.provider_for(of.name, of.raw);
        if let Some(provider) = provider {
            self.check_items_of_rows(of, provider, calls.iter().map(|raw| &raw.call));
        }
        let (mut steps, mut patterns): (Vec<Step>, Vec<(String, u16)>) = (Vec::new(), Vec::new());
        let (mut seen, mut places) = (HashSet::new(), HashMap::new());
        for raw in calls {
            let (pattern, call) = (&raw.pattern, &raw.call);
            if pattern.get_ref().trim().is_empty() {
                self.out_of_range(
                    pattern.span(),
                    "a pattern of nothing",
                    "write \"GET /orders/*\"",
                );
            }
            if !seen.insert(pattern.get_ref()) {
                let message = format!("`{}` stands here twice", pattern.get_ref());
                self.no_effect(pattern.span(), message, "the first that matches counts: keep one");
            }
            let step = provider.and_then(|provider| self.step_of_row(of, provider, call));
            let Some(step) = step else { continue };
            let place = *places.entry(step.operation).or_insert_with(|| {
                steps.push(step);
                steps.len() - 1
            });
            patterns.push((pattern.get_ref().clone(), u16::try_from(place).unwrap_or(u16::MAX)));
        }
        log.map(&patterns);
        steps
    }

    /// The only step of the job of a row: a call, with the cost of the workload's calls.
    fn step_of_row(
        &mut self,
        of: Traced<'_>,
        provider: usize,
        call: &Spanned<String>,
    ) -> Option<Step> {
        let step = RawStep::of(call.clone(), of.raw.cost.clone());
        self.step(provider, &step, 0, of.raw.items_place().is_some())
    }

    /// Items of jobs that make one call each, which then costs something by them.
    fn check_items_of_rows<'a>(
        &mut self,
        of: Traced<'_>,
        provider: usize,
        calls: impl Iterator<Item = &'a Spanned<String>>,
    ) {
        if of.raw.call.is_none() && of.raw.steps.is_none() {
            let steps = calls.map(|call| RawStep::of(call.clone(), of.raw.cost.clone()));
            let steps: Vec<RawStep> = steps.collect();
            self.check_items(provider, of.raw, &steps);
        }
    }

    fn check_no_other_steps(&mut self, of: Traced<'_>) {
        let call = of.raw.call.as_ref().map(Spanned::span);
        let steps = of.raw.steps.as_ref().map(Spanned::span);
        for place in call.into_iter().chain(steps) {
            let message = "the rows of the trace say what is called, and so does this";
            self.contradiction(place, message, "leave it out, or `call` and `calls` of the trace");
        }
    }

    /// A step for each operation that rows name, in order of their first.
    pub(super) fn named_steps(&mut self, of: Traced<'_>, survey: &Survey) -> Vec<Step> {
        if survey.call_names.is_empty() {
            return Vec::new();
        }
        self.check_no_other_steps(of);
        let place = of.trace.call.as_ref().map_or(of.trace.file.span(), Spanned::span);
        if survey.too_many_calls {
            let file = of.trace.file.get_ref();
            let message = format!("`{file}` names more than {MOST_CALLS} calls");
            let help = "say which are which: calls = [{ match = \"GET /orders/*\", call = … }]";
            self.too_much(place, message, help);
            return Vec::new();
        }
        let Some(provider) = self.provider_for(of.name, of.raw) else { return Vec::new() };
        let call = |name: &String| Spanned::new(place.clone(), name.clone());
        let calls: Vec<Spanned<String>> = survey.call_names.iter().map(call).collect();
        self.check_items_of_rows(of, provider, calls.iter());
        calls.iter().filter_map(|call| self.step_of_row(of, provider, call)).collect()
    }

    /// Rows that name accounts need as many callers, and no choice between applications or regions.
    pub(super) fn check_accounts(&mut self, of: Traced<'_>, survey: &Survey) {
        let Some(found) = survey.found.accounts else { return };
        let place = of.trace.account.as_ref().map_or(of.trace.file.span(), Spanned::span);
        if survey.too_many_accounts {
            let file = of.trace.file.get_ref();
            let message = format!("`{file}` names more than {MOST_ACCOUNTS} accounts");
            self.too_much(place, message, "name a column with fewer: account = \"…\"");
            return;
        }
        let count = |list: &Option<Vec<u32>>, all: u32| match list {
            Some(list) => list.iter().collect::<HashSet<_>>().len() as u64,
            None => u64::from(all),
        };
        let (population, callers) = (of.population, of.callers);
        for (all, list, what) in [
            (population.applications, &callers.applications, "application"),
            (population.regions, &callers.regions, "region"),
        ] {
            let chosen = count(list, all);
            if chosen > 1 {
                let message = format!("rows name an account, but not which of {chosen} {what}s");
                let help = format!("name one in the workload: `{what}s = [ … ]`");
                self.contradiction(place.clone(), message, &help);
            }
        }
        let accounts = count(&callers.accounts, population.accounts);
        if found > accounts {
            let name = of.trace.file.get_ref();
            let message = format!("`{name}` names {found} accounts, but there are {accounts}");
            let help = match callers.accounts {
                Some(_) => format!("name {found} in the workload's `accounts`, or all of them"),
                None => format!("write `accounts = {found}` in [clients]"),
            };
            self.contradiction(place, message, &help);
        }
    }
}
