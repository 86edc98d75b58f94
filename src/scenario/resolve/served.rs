//! A scenario for whoever answers calls: every operation of its providers may be called.
//!
//! ```text
//!   operations of a catalogue, but those of workloads ──► a workload without arrivals
//! ```
//!
//! A catalogue that lists not all of its operations has those that its limits name by pattern, and
//! one for all others. What no workload calls costs what the catalogue says. Operations that are
//! not published here (in this region and environment) are left out, and so not served.

use super::Resolver;
use crate::catalog::{LimitDocument, Spanned};
use crate::random::{Count, Distribution};
use crate::scenario::raw::{Costs, RawStep};
use crate::scenario::served::{OTHER, Served};
use crate::units::Span;
use crate::wire::Operation;
use crate::workload::{Arrivals, Callers, OnFailure, Per, Step, View, Workload};

impl Resolver<'_> {
    /// Adds what no workload calls.
    pub(super) fn open_all(&mut self, workloads: &mut Vec<Workload>) {
        if !self.opens {
            return;
        }
        self.own_calls = self.calls.len();
        for provider in 0..self.providers.len() {
            let resolved = &self.providers[provider].resolved;
            let mut names: Vec<String> = resolved.operations().map(String::from).collect();
            if resolved.knows(OTHER) && !self.has_own_paths(provider) {
                names.extend(resolved.all_limits().flat_map(|(_, limit)| named(limit)));
                names.push(OTHER.into());
                let who = resolved.name().to_string();
                self.assume(format!(
                    "{who}: calls that its catalogue does not list count as one operation"
                ));
            }
            names.retain(|name| {
                self.providers[provider].resolved.limits(name).is_ok()
                    && self.indices.operation(provider, name).is_none()
            });
            let steps: Vec<Step> =
                names.into_iter().filter_map(|name| self.open_step(provider, name)).collect();
            if !steps.is_empty() {
                self.names.workloads.push(format!("calls of {}", self.providers[provider].name));
                workloads.push(open_work(steps));
            }
        }
        self.check_steps(workloads.iter().map(|workload| workload.steps.len()).sum());
    }

    /// True of a provider without a catalogue, whose calls are named by workloads as paths.
    fn has_own_paths(&self, provider: usize) -> bool {
        let calls = self.names.calls.iter().zip(&self.provider_of);
        let mut own = calls.filter(|(_, of)| **of == provider).map(|(name, _)| name);
        self.providers[provider].raw.catalog.is_none() && own.any(|name| name.contains(" /"))
    }

    fn open_step(&mut self, provider: usize, name: String) -> Option<Step> {
        let raw = RawStep::of(Spanned::new(0..0, name), Costs::default());
        Some(Step {
            costs: self.costs(provider, &raw),
            ..Step::of(self.operation(provider, &raw.call)?, Count::Fixed(1))
        })
    }

    /// The providers, with the operations of each.
    pub(super) fn served(&mut self) -> Vec<Served> {
        let providers = std::mem::take(&mut self.providers).into_iter().enumerate();
        let served = providers.map(|(number, provider)| {
            let of = |place: &usize| self.provider_of.get(*place) == Some(&number);
            let calls = (0..self.provider_of.len()).filter(of);
            let calls = calls.filter_map(|place| u16::try_from(place).ok().map(Operation));
            Served { name: provider.name, calls: calls.collect(), provider: provider.resolved }
        });
        served.collect()
    }
}

/// Calls that a limit of an open catalogue names by a pattern: `GET /v1/{any}/search`.
fn named(limit: &LimitDocument) -> impl Iterator<Item = String> {
    let patterns = limit.calls.iter().flatten().map(Spanned::get_ref);
    let paths = patterns.filter(|text| {
        text.split_once(' ').is_some_and(|(method, path)| {
            path.starts_with('/') && method.bytes().all(|c| c.is_ascii_uppercase())
        })
    });
    paths.map(|text| text.replace("**", "{rest}").replace('*', "{any}"))
}

/// Work that never arrives.
fn open_work(steps: Vec<Step>) -> Workload {
    Workload {
        arrivals: Arrivals::Burst(Vec::new()),
        delivery: Distribution::Constant(Span::ZERO),
        per: Per::Account,
        callers: Callers::default(),
        items: Count::Fixed(1),
        steps,
        on_failure: OnFailure::Drop,
        keys: None,
        view: View::None,
        bad_request_ppm: 0,
        priority: 0,
    }
}
