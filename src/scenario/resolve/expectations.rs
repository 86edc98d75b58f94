//! `[[expect]]`: what must come true, with its names turned into indices.

use super::Resolver;
use super::indices::Known;
use crate::catalog::Spanned;
use crate::limiter::Population;
use crate::metrics::figures::{Metric, Scope, Slice};
use crate::scenario::expectation::{self, Expectation};
use crate::scenario::raw::RawExpect;
use crate::wire::Operation;

/// What an expectation may be about, by name.
pub(super) struct Parts {
    pub strategies: Known,
    calls: Known,
    workloads: Known,
}

impl Resolver<'_> {
    pub(super) fn read_expectations(&mut self, population: Population) -> Vec<Expectation> {
        let all = self.raw.expect.clone();
        let parts = self.parts();
        all.iter().filter_map(|raw| self.expectation(raw, population, &parts)).collect()
    }

    /// The parts of a run by name.
    pub(super) fn parts(&self) -> Parts {
        let of = |names: &[String]| Known::of(names.iter().map(String::as_str));
        Parts {
            strategies: Known::of(self.names.strategies.iter().map(|(name, _)| name.as_str())),
            calls: of(&self.names.calls),
            workloads: of(&self.names.workloads),
        }
    }

    pub(super) fn expectation(
        &mut self,
        raw: &RawExpect,
        population: Population,
        parts: &Parts,
    ) -> Option<Expectation> {
        let strategy = self.named(raw.strategy.as_ref(), &parts.strategies, "strategy");
        let call = self.named(raw.call.as_ref(), &parts.calls, "call");
        let workload = self.named(raw.workload.as_ref(), &parts.workloads, "workload");
        let place = raw.that.span();
        let slice = match (call, workload, &raw.account) {
            (None, None, None) => Slice::Whole,
            (Some(call), None, None) => Slice::Call(Operation(u16::try_from(call).ok()?)),
            (None, Some(workload), None) => Slice::Workload(u16::try_from(workload).ok()?),
            (Some(call), Some(workload), None) => {
                Slice::CallOf(Operation(u16::try_from(call).ok()?), u16::try_from(workload).ok()?)
            }
            (None, None, Some(account)) => {
                let number = *account.get_ref();
                if number == 0 || number > population.accounts {
                    let message = format!("there is no account {number}");
                    let help = format!("they are numbered from 1 to {}", population.accounts);
                    self.unknown((&number.to_string(), account.span()), message, &help);
                    return None;
                }
                Slice::Account(number - 1)
            }
            (_, _, Some(account)) => {
                let help = "expect something of an account, or of a call or workload";
                self.contradiction(account.span(), "too many parts at once", help);
                return None;
            }
        };
        match expectation::read(raw.that.get_ref()) {
            Ok((metric, comparison, value)) => {
                self.check_slice(metric, slice, &raw.that);
                Some(Expectation {
                    text: raw.that.get_ref().clone(),
                    metric,
                    comparison,
                    value,
                    slice,
                    strategy,
                    why: raw.why.clone(),
                    line: self.line_of(place.start),
                })
            }
            Err(mistake) => {
                self.mistaken(place, &mistake);
                None
            }
        }
    }

    /// A metric exists for some parts of a run only.
    fn check_slice(&mut self, metric: Metric, slice: Slice, that: &Spanned<String>) {
        if slice.scope() <= metric.scope() {
            return;
        }
        let name = metric.key();
        let (message, help) = match (metric.scope(), slice.scope()) {
            (Scope::Whole, _) => (
                format!("{name} is of the whole run"),
                "leave out `call`, `workload` and `account`".into(),
            ),
            (_, Scope::Account) => (
                format!("{name} is not counted for single accounts"),
                format!("write one of {}", families_of(Scope::Account).join(", ")),
            ),
            _ => (
                format!("{name} is of a workload, not of a call"),
                "leave out `call`, or write requests.* or latency.*".into(),
            ),
        };
        self.contradiction(that.span(), message, &help);
    }

    pub(super) fn named(
        &mut self,
        name: Option<&Spanned<String>>,
        known: &Known,
        what: &str,
    ) -> Option<usize> {
        let name = name?;
        let found = known.place(name.get_ref());
        if found.is_none() {
            let help = self.remedy(name.get_ref(), known, "here are");
            self.unknown(
                (name.get_ref(), name.span()),
                format!("no {what} `{}` here", name.get_ref()),
                &help,
            );
        }
        found
    }
}

/// The metrics of a scope, those of a family together: `throttle_rate`, `requests.*`.
fn families_of(scope: Scope) -> Vec<String> {
    let of_it = Metric::all().into_iter().filter(|metric| metric.scope() == scope);
    let mut names: Vec<String> = of_it
        .map(|metric| match metric.part() {
            Some(_) => format!("{}.*", metric.family()),
            None => metric.key(),
        })
        .collect();
    names.dedup();
    names
}
