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

use super::Meaning;
use super::providers::ProviderMeaning;
use crate::catalog::{
    Problem, RuleDocument, Spanned, and_listed, is_pattern, means, nearest_names,
};
use crate::scenario::written::ServiceWritten;
use crate::simulation::{Call, Episode, PlannedLimit, Service, Trouble};
use crate::wire::Status;
use crate::workload::Workload;

/// Calls that a message lists at most.
const LISTED: usize = 5;

impl Meaning<'_> {
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
                self.check_revenue(provider);
            }
        }
        self.check_own_limits();
        self.check_lockouts(services, workloads);
        self.check_headers();
        self.check_common_service();
    }

    /// The calls that are made of a provider.
    fn made(&self, provider: usize) -> impl Iterator<Item = &str> {
        let calls = self.names.calls.iter().zip(&self.provider_of);
        calls.filter(move |(_, of)| **of == provider).map(|(name, _)| name.as_str())
    }

    /// Every name of a call must mean one that is made.
    fn check_names(&mut self) {
        let mut named: Vec<(usize, Spanned<String>, &str)> = Vec::new();
        for (number, provider) in self.providers.iter().enumerate() {
            let (figures, plans) = (&provider.written.operation, &provider.written.dynamic);
            named.extend(figures.keys().map(|key| (number, key.clone(), "its figures")));
            named.extend(plans.keys().map(|key| (number, key.clone(), "its dynamic plan")));
        }
        let one = self.providers.len() == 1;
        for calls in self.written.limit.values().filter_map(|limit| limit.calls.as_ref()) {
            let calls = calls.iter().filter(|_| one);
            named.extend(calls.map(|call| (0, call.clone(), "the name")));
        }
        let wrong = named.iter().filter_map(|of| self.unmade(of)).collect::<Vec<_>>();
        self.problems.extend(wrong);
    }

    /// What is wrong with a name that means no call that is made.
    fn unmade(&self, (provider, name, what): &(usize, Spanned<String>, &str)) -> Option<Problem> {
        let wanted = name.get_ref();
        if self.made(*provider).any(|call| means(wanted, call)) {
            return None;
        }
        let message = match is_pattern(wanted) {
            true => format!("`{wanted}` matches no call that is made"),
            false => match self.providers[*provider].resolved.operation(wanted) {
                Err(unknown) => return Some(unknown.moved_to(name.span())),
                Ok(_) => format!("no workload calls `{wanted}`"),
            },
        };
        let near = nearest_names(wanted, self.made(*provider));
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`? Or leave {what} out"),
            None => {
                let made: Vec<&str> = self.made(*provider).take(LISTED).collect();
                let more =
                    if self.made(*provider).nth(LISTED).is_some() { " and others" } else { "" };
                format!("calls are made of {}{more}: leave {what} out", and_listed(&made))
            }
        };
        Some(Problem::at(name.span(), message).help(help))
    }

    /// A provider that nobody calls limits nothing.
    fn check_called(&mut self, provider: usize) -> bool {
        let called = self.provider_of.contains(&provider);
        let name = &self.providers[provider].name;
        let key = self.written.provider.keys().find(|key| key.get_ref() == name);
        if let (false, Some(key)) = (called, key) {
            let message = format!("no workload calls provider `{name}`");
            let help = format!("write provider = \"{name}\" in a workload, or leave it out");
            self.problem(key.span(), message, &help);
        }
        called
    }

    /// Figures of the scenario's own that no limit takes.
    fn check_figures(&mut self, provider: usize) {
        let resolved = &self.providers[provider].resolved;
        let wrong: Vec<Problem> =
            self.made(provider).flat_map(|call| resolved.untaken(call)).collect();
        for problem in wrong {
            if !self.problems.iter().any(|known| known.span == problem.span) {
                self.problems.push(problem);
            }
        }
        let empty = self.providers[provider].written.operation.iter().filter(|(_, figures)| {
            figures.rate.is_none() && figures.burst.is_none() && figures.limit.is_none()
        });
        let empty: Vec<_> = empty.map(|(name, _)| name.span()).collect();
        for place in empty {
            self.problem(place, "no figure is given", "write `rate`, `burst` or `limit`");
        }
    }

    /// Choices that change only limits which hold for no call.
    fn check_readings(&mut self, provider: usize) {
        let of = &self.providers[provider];
        let calls: Vec<&str> = self.made(provider).collect();
        let idle =
            of.written.readings.keys().filter(|name| !of.resolved.reads(name.get_ref(), &calls));
        let idle: Vec<Spanned<String>> = idle.cloned().collect();
        for name in idle {
            let message = format!("`{}` changes no limit of a call that is made", name.get_ref());
            self.problem(name.span(), message, "leave this reading out");
        }
    }

    /// Revenue that no quota follows.
    fn check_revenue(&mut self, provider: usize) {
        let of = &self.providers[provider];
        let Some(revenue) = of.written.revenue.as_ref() else { return };
        let follows = |call: &str| {
            let limits = of.resolved.limits(call).unwrap_or_default();
            limits.iter().any(|limit| matches!(*limit.rule, RuleDocument::Revenue(_)))
        };
        if !self.made(provider).any(follows) {
            let keys = self.written.provider.keys();
            let mut name = keys.filter(|key| *key.get_ref() == of.name).map(Spanned::span);
            let place = revenue.shipped.as_ref().map(Spanned::span).or(name.next());
            let message = format!("no limit of {} follows revenue", of.resolved.name());
            let place = place.unwrap_or(0..0);
            self.problem(place, message, "leave [provider.NAME.revenue] out");
        }
    }

    /// Limits of the scenario's own that hold for no call, or read what is not there.
    fn check_own_limits(&mut self) {
        if self.providers.len() != 1 {
            return;
        }
        for (name, limit) in self.written.limit.clone() {
            let held = self.names.limits.iter().zip(&self.limits);
            let mut held = held.filter(|(known, _)| *known == name.get_ref()).map(|(_, of)| of);
            let calls_match = limit
                .calls
                .iter()
                .flatten()
                .all(|call| self.made(0).any(|made| means(call.get_ref(), made)));
            let first = held.next();
            if first.is_none() && calls_match {
                let message =
                    "no call that is made has an `application_rate`: the limit holds for none";
                let help = "leave `figures` out, or give the calls an `application_rate`";
                self.problem(limit.figures.span(), message, help);
            }
        }
    }

    /// Lockouts of the scenario's own that count what nobody answers.
    fn check_lockouts(&mut self, services: &[Service], workloads: &[Workload]) {
        for (name, limit) in self.written.limit.clone() {
            let RuleDocument::Lockout(lockout) = &limit.rule else { continue };
            let status = Status(*lockout.status.get_ref());
            let rules = self.names.limits.iter().enumerate();
            let own: Vec<usize> =
                rules.filter(|(_, known)| *known == name.get_ref()).map(|(n, _)| n).collect();
            let counts = |rule: &usize| self.answers(*rule, services, workloads).contains(&status);
            if !own.is_empty() && !own.iter().any(counts) {
                let message = format!("no answer that this lockout can count has status {status}");
                let help = "write a status that another limit of its calls `tells`, 429 with \
                            `transient_throttle_probability`, 400 with `bad_request_rate`, or 500 \
                            with `failure_rate`";
                self.problem(lockout.status.span(), message, help);
            }
        }
    }

    /// The statuses of failures that calls under a rule may be answered with, its own aside.
    fn answers(&self, rule: usize, services: &[Service], workloads: &[Workload]) -> Vec<Status> {
        let mut all = Vec::new();
        for operation in &self.limits[rule].rule.operations {
            let holds = |limit: &&PlannedLimit| limit.rule.operations.contains(operation);
            let others = self.limits.iter().enumerate().filter(|(n, _)| *n != rule);
            let causes = others.map(|(_, limit)| limit).filter(holds).flat_map(|of| &of.causes);
            all.extend(causes.map(|(_, cause)| self.causes[usize::from(*cause)].status));
            let service = usize::from(self.calls[usize::from(operation.0)].service);
            let Some(service) = services.get(service) else { continue };
            let transient = service.transient.map(|(_, cause)| usize::from(cause));
            all.extend(transient.map(|cause| self.causes[cause].status));
            let fails =
                |of: &Episode| matches!(of.trouble, Trouble::BrownOut { failure_ppm: 1.., .. });
            let fails = service.failure_ppm > 0 || service.episodes.iter().any(fails);
            all.extend(fails.then_some(Status::INTERNAL_ERROR));
            let calls = |work: &&Workload| work.steps.iter().any(|s| s.operation == *operation);
            let mut works = workloads.iter().filter(calls);
            let bad = service.bad_request_ppm > 0 || works.any(|work| work.bad_request_ppm > 0);
            all.extend(bad.then_some(Status::BAD_REQUEST));
        }
        all
    }

    /// How a rate header comes, where none does.
    fn check_headers(&mut self) {
        let mut services: Vec<(ServiceWritten, Vec<usize>)> = Vec::new();
        let (mut common, numbers) = (Vec::new(), 0..self.providers.len());
        for number in numbers {
            match &self.providers[number].written.service {
                Some(own) => services.push((own.clone(), vec![number])),
                None => common.push(number),
            }
        }
        services.push((self.written.service.clone(), common));
        for (service, of) in services {
            let called = self.calls.iter().zip(&self.provider_of);
            let called: Vec<&Call> =
                called.filter(|(_, p)| of.contains(p)).map(|(c, _)| c).collect();
            let (sent, moves) = (
                called.iter().any(|call| call.header.is_some()),
                called.iter().any(|call| call.dynamic.is_some()),
            );
            let probability = service.header_probability.map(|key| key.span()).filter(|_| !sent);
            let staleness = service.header_staleness.map(|key| key.span()).filter(|_| !moves);
            if let Some(place) = probability {
                let message = "`header_probability` has no effect: no limit sends a rate header";
                self.problem(place, message, "write tells.rate_header = true, or leave it out");
            }
            if let Some(place) = staleness {
                let message = "`header_staleness` has no effect: no rate header changes";
                let help = "give a call with a rate header a `dynamic` plan, or leave it out";
                self.problem(place, message, help);
            }
        }
    }

    /// `[service]` beside providers that all have their own.
    fn check_common_service(&mut self) {
        let has_own = |provider: &ProviderMeaning| provider.written.service.is_some();
        if !self.providers.is_empty()
            && self.providers.iter().all(has_own)
            && let Some(place) = self.written.service.first_key()
        {
            let message = "[service] has no effect: every provider has a `service` of its own";
            self.problem(place, message, "leave it out");
        }
    }
}
