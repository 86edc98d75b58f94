//! What is said of providers and limits, and has no effect on any call that is made.
//!
//! ```text
//!   [limit.NAME] calls, provider.NAME.operation, .dynamic   names that no call has
//!   provider.NAME, .readings, .revenue, .operation          what no limit of its calls reads
//!   header_probability, header_staleness                    where no limit sends a rate header
//!   lockout on a status                                     that no answer has
//! ```
//!
//! Limits of a catalogue may hold for calls that are not made; those of the scenario must not.

use super::Resolver;
use super::providers::ResolvedProvider;
use crate::catalog::{
    Problem, ProblemKind, RuleDocument, SHOWN, Spanned, and_listed, is_pattern, means,
    nearest_names,
};
use crate::scenario::raw::RawService;
use crate::simulation::{Call, Service};
use crate::workload::Workload;
use std::collections::HashSet;
use std::ops::Range;

/// Calls that a message lists at most.
const LISTED: usize = 5;

impl Resolver<'_> {
    /// Notes everything of providers and limits that nothing reads.
    pub(super) fn check_unread(&mut self, services: &[Service], workloads: &[Workload]) {
        if self.is_partial {
            return;
        }
        self.check_names();
        for provider in 0..self.providers.len() {
            if self.check_called(provider) {
                self.check_figures(provider);
                self.check_readings(provider);
                self.check_plan(provider);
                self.check_revenue(provider);
            }
        }
        self.check_own_limits();
        self.check_lockouts(services, workloads);
        self.check_costs(workloads);
        self.check_keyed(workloads);
        self.check_headers();
        self.check_common_service();
    }

    /// The calls that are made of a provider.
    pub(super) fn made(&self, provider: usize) -> impl Iterator<Item = &str> {
        let calls = self.names.calls.iter().zip(&self.provider_of);
        calls.filter(move |(_, of)| **of == provider).map(|(name, _)| name.as_str())
    }

    /// Every name of a call must mean one that is made.
    fn check_names(&mut self) {
        let mut named: Vec<(usize, Spanned<String>, &str)> = Vec::new();
        for (number, provider) in self.providers.iter().enumerate() {
            let (figures, plans) = (&provider.raw.operation, &provider.raw.dynamic);
            named.extend(figures.keys().map(|key| (number, key.clone(), "its figures")));
            named.extend(plans.keys().map(|key| (number, key.clone(), "its dynamic plan")));
        }
        let one = self.providers.len() == 1;
        for calls in self.raw.limit.values().filter_map(|limit| limit.calls.as_ref()) {
            let calls = calls.iter().filter(|_| one);
            named.extend(calls.map(|call| (0, call.clone(), "the name")));
        }
        let made: Vec<HashSet<&str>> =
            (0..self.providers.len()).map(|provider| self.made(provider).collect()).collect();
        let mut wrong = Vec::new();
        for (provider, name, what) in &named {
            let is_made = made[*provider].contains(name.get_ref().as_str())
                || is_pattern(name.get_ref())
                    && self.made(*provider).any(|call| means(name.get_ref(), call));
            if !is_made {
                let is_long = self.problems.len() + wrong.len() >= SHOWN;
                wrong.push(self.unmade((*provider, name, what), is_long));
            }
        }
        self.problems.extend(wrong);
    }

    /// What is wrong with a name that means no call that is made; where the list of problems is
    /// long already, its nearest name is not looked for.
    fn unmade(
        &self,
        (provider, name, what): (usize, &Spanned<String>, &str),
        is_long: bool,
    ) -> Problem {
        let wanted = name.get_ref();
        let resolved = &self.providers[provider].resolved;
        let message = match is_pattern(wanted) {
            true => format!("`{wanted}` matches no call that is made"),
            false if is_long => format!("no workload calls `{wanted}`"),
            false => match resolved.operation(wanted) {
                Err(unknown) => return unknown.moved_to(name.span()),
                Ok(_) => format!("no workload calls `{wanted}`"),
            },
        };
        let candidates = self.made(provider).take(if is_long { 0 } else { usize::MAX });
        let near = nearest_names(wanted, candidates);
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`? Or leave {what} out"),
            None => {
                let made: Vec<&str> = self.made(provider).take(LISTED).collect();
                let more =
                    if self.made(provider).nth(LISTED).is_some() { " and others" } else { "" };
                format!("calls are made of {}{more}: leave {what} out", and_listed(&made))
            }
        };
        Problem::at(ProblemKind::NoEffect, name.span(), message).help(help)
    }

    /// A provider that nobody calls limits nothing.
    fn check_called(&mut self, provider: usize) -> bool {
        let called = self.provider_of.contains(&provider);
        let name = &self.providers[provider].name;
        let key = self.raw.provider.keys().find(|key| key.get_ref() == name);
        if let (false, Some(key)) = (called, key) {
            let message = format!("no workload calls provider `{name}`");
            let help = format!("write provider = \"{name}\" in a workload, or leave it out");
            self.no_effect(key.span(), message, &help);
        }
        called
    }

    /// Figures of the scenario's own that no limit takes.
    fn check_figures(&mut self, provider: usize) {
        let resolved = &self.providers[provider].resolved;
        let wrong: Vec<Problem> =
            self.made(provider).flat_map(|call| resolved.untaken(call)).collect();
        let mut places: HashSet<Option<Range<usize>>> =
            self.problems.iter().map(|known| known.span.clone()).collect();
        self.problems.extend(wrong.into_iter().filter(|of| places.insert(of.span.clone())));
        let empty = self.providers[provider].raw.operation.iter().filter(|(_, figures)| {
            figures.rate.is_none() && figures.burst.is_none() && figures.limit.is_none()
        });
        let empty: Vec<_> = empty.map(|(name, _)| name.span()).collect();
        for place in empty {
            self.incomplete(place, "no figure is given", "write `rate`, `burst` or `limit`");
        }
    }

    /// Choices that change only limits which hold for no call.
    fn check_readings(&mut self, provider: usize) {
        let of = &self.providers[provider];
        let calls: Vec<&str> = self.made(provider).collect();
        let idle = of.raw.readings.keys().filter(|name| !of.resolved.reads(name.get_ref(), &calls));
        let idle: Vec<Spanned<String>> = idle.cloned().collect();
        for name in idle {
            let message = format!("`{}` changes no limit of a call that is made", name.get_ref());
            self.no_effect(name.span(), message, "leave this reading out");
        }
    }

    /// Revenue that no quota follows.
    fn check_revenue(&mut self, provider: usize) {
        let of = &self.providers[provider];
        let Some(revenue) = of.raw.revenue.as_ref() else { return };
        let follows = |call: &str| {
            let limits = of.resolved.limits(call).unwrap_or_default();
            limits.iter().any(|limit| matches!(*limit.rule, RuleDocument::Revenue(_)))
        };
        if !self.made(provider).any(follows) {
            let keys = self.raw.provider.keys();
            let mut name = keys.filter(|key| *key.get_ref() == of.name).map(Spanned::span);
            let place = revenue.shipped.as_ref().map(Spanned::span).or(name.next());
            let message = format!("no limit of {} follows revenue", of.resolved.name());
            let place = place.unwrap_or(0..0);
            self.no_effect(place, message, "leave [provider.NAME.revenue] out");
        }
    }

    /// Limits of the scenario's own that hold for no call, or read what is not there.
    fn check_own_limits(&mut self) {
        if self.providers.len() != 1 {
            return;
        }
        let held: HashSet<&str> = self.names.limits.iter().map(String::as_str).collect();
        let idle = self.raw.limit.iter().filter(|(name, limit)| {
            let meant =
                |call: &Spanned<String>| self.made(0).any(|made| means(call.get_ref(), made));
            !held.contains(name.get_ref().as_str()) && limit.calls.iter().flatten().all(meant)
        });
        for place in idle.map(|(_, limit)| limit.figures.span()).collect::<Vec<_>>() {
            let message =
                "no call that is made has an `application_rate`: the limit holds for none";
            let help = "leave `figures` out, or give the calls an `application_rate`";
            self.no_effect(place, message, help);
        }
    }

    /// How a rate header comes, where none does.
    fn check_headers(&mut self) {
        let mut services: Vec<(RawService, Vec<usize>)> = Vec::new();
        let (mut common, numbers) = (Vec::new(), 0..self.providers.len());
        for number in numbers {
            match &self.providers[number].raw.service {
                Some(own) => services.push((own.clone(), vec![number])),
                None => common.push(number),
            }
        }
        services.push((self.raw.service.clone(), common));
        for (service, of) in services {
            let called = self.calls.iter().zip(&self.provider_of);
            let called: Vec<&Call> =
                called.filter(|(_, p)| of.contains(p)).map(|(c, _)| c).collect();
            let told = self.limits.iter().filter(|limit| limit.tells.remaining);
            let mut told = told.flat_map(|limit| &limit.rule.operations);
            let is_told = told.any(|call| of.contains(&self.provider_of[usize::from(call.0)]));
            let (sent, moves) = (
                is_told || called.iter().any(|call| call.header.is_some()),
                called.iter().any(|call| call.dynamic.is_some()),
            );
            let probability = service.header_probability.map(|key| key.span()).filter(|_| !sent);
            let staleness = service.header_staleness.map(|key| key.span()).filter(|_| !moves);
            if let Some(place) = probability {
                let message = "`header_probability` has no effect: no limit sends a rate header \
                               or tells what remains";
                self.no_effect(place, message, "write tells.rate_header = true, or leave it out");
            }
            if let Some(place) = staleness {
                let message = "`header_staleness` has no effect: no rate header changes";
                let help = "give a call with a rate header a `dynamic` plan, or leave it out";
                self.no_effect(place, message, help);
            }
        }
    }

    /// `[service]` beside providers that all have their own.
    fn check_common_service(&mut self) {
        let has_own = |provider: &ResolvedProvider| provider.raw.service.is_some();
        if !self.providers.is_empty()
            && self.providers.iter().all(has_own)
            && let Some(place) = self.raw.service.first_key()
        {
            let message = "[service] has no effect: every provider has a `service` of its own";
            self.no_effect(place, message, "leave it out");
        }
    }
}
