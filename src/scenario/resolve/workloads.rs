//! `[workload.NAME]`: arrivals, callers and steps; the calls that they name become the operations.

use super::Resolver;
use super::header::Header;
use super::indices::{Known, MOST_STEPS};
use super::trace::Traced;
use crate::catalog::{Problem, Quantity, Spanned};
use crate::limiter::Population;
use crate::random::{Count, Distribution};
use crate::scenario::raw::{RawArrivals, RawOnFailure, RawPer, RawWorkload};
use crate::scenario::text::{Fraction, value};
use crate::simulation::Call;
use crate::units::Span;
use crate::wire::Operation;
use crate::workload::{Arrivals, Callers, OnFailure, Per, Trace, View, Workload};

/// The least time until a job begins again.
const SHORTEST_RESTART: Span = Span::from_millis(1);

impl Resolver<'_> {
    pub(super) fn read_workloads(
        &mut self,
        population: Population,
        header: &Header,
    ) -> Vec<Workload> {
        let all = self.raw.workload.clone();
        if all.is_empty() {
            let help = "add `[workload.NAME]` with `arrivals` and a `call`";
            self.missing(None, "a workload", help);
        }
        let (mut workloads, mut steps) = (Vec::new(), 0);
        for (name, raw) in all {
            let workload = self.read_workload(&name, &raw, population, header);
            steps += workload.steps.len();
            self.names.workloads.push(name.into_inner());
            workloads.push(workload);
        }
        self.check_steps(steps);
        workloads
    }

    fn read_workload(
        &mut self,
        name: &Spanned<String>,
        raw: &RawWorkload,
        population: Population,
        header: &Header,
    ) -> Workload {
        let mut arrivals = match &raw.arrivals {
            Some(arrivals) => self.arrivals(arrivals, header),
            None => {
                let what = format!("`arrivals` of workload `{}`", name.get_ref());
                let help = "write arrivals.poisson = \"12/s\", or arrivals.backlog = 40000";
                self.missing(Some(name.span()), &what, help);
                Arrivals::Burst(Vec::new())
            }
        };
        let mut per = match raw.per.as_ref().map(Spanned::get_ref) {
            Some(RawPer::Scenario) => Per::Scenario,
            Some(RawPer::Account) | None => Per::Account,
        };
        self.check_spread(&arrivals, per, raw);
        let on_failure = self.on_failure(raw);
        let callers = self.callers_of(raw, population);
        let steps;
        if let Some(RawArrivals::Trace(trace)) = raw.arrivals.as_ref().map(Spanned::get_ref) {
            if let (Per::Account, Some(raw)) = (per, &raw.per) {
                let help = "its rows may name accounts: leave `per` out";
                self.no_effect(raw.span(), "a trace is one stream for all accounts", help);
            }
            let duration = header.duration;
            let of = Traced { name, raw, trace, callers: &callers, population, duration };
            (arrivals, steps) = match self.trace(of) {
                Some((trace, steps)) => (Arrivals::Trace(trace), steps),
                None => (arrivals, Vec::new()),
            };
            per = Per::Scenario;
        } else {
            steps = self.steps(name, raw);
        }
        let items = match &arrivals {
            // Where rows tell the items of their jobs, this is what is expected of one.
            Arrivals::Trace(Trace { items: Some(mean), .. }) => Count::Fixed(*mean),
            _ => self.count(raw.items.as_ref(), 1),
        };
        let priority = value(raw.priority.as_ref()).unwrap_or(0);
        let view = match (&arrivals, &raw.arrivals) {
            (Arrivals::Every { .. }, _) => View::Polled,
            // One member that begins again when it is done sweeps; several are people.
            (Arrivals::Closed(closed), _) if closed.population == 1 => View::Polled,
            (_, Some(told)) if matches!(told.get_ref(), RawArrivals::Notifications(_)) => {
                View::Notified
            }
            _ => View::None,
        };
        let bad = value(raw.bad_request_rate.as_ref());
        Workload {
            arrivals,
            delivery: self.delivery(raw),
            per,
            callers,
            items,
            steps,
            on_failure,
            view,
            keys: self.keys(raw),
            bad_request_ppm: bad.map_or(0, |Fraction(share)| share.ppm()),
            priority,
        }
    }

    fn on_failure(&mut self, raw: &RawWorkload) -> OnFailure {
        let asked = value(raw.on_failure.as_ref());
        if let Some(after) = &raw.restart_after {
            if !matches!(asked, Some(RawOnFailure::Restart)) {
                let message = "`restart_after` has no effect: no job begins again";
                self.no_effect(after.span(), message, "write on_failure = \"restart\" beside it");
            } else if after.get_ref().0 < SHORTEST_RESTART {
                let message = format!("a job begins again after {SHORTEST_RESTART} or more");
                self.out_of_range(after.span(), message, "write \"1s\", or leave it out");
            }
        }
        match asked {
            Some(RawOnFailure::Drop) | None => OnFailure::Drop,
            Some(RawOnFailure::Skip) => OnFailure::Skip,
            Some(RawOnFailure::Stop) => OnFailure::Stop,
            Some(RawOnFailure::Restart) => {
                let after = value(raw.restart_after.as_ref()).map(|Quantity(after)| after);
                OnFailure::Restart(after.unwrap_or(Span::from_secs(1)))
            }
        }
    }

    fn check_spread(&mut self, arrivals: &Arrivals, per: Per, raw: &RawWorkload) {
        let spreads = matches!(arrivals, Arrivals::Every { spread, .. } if !spread.is_zero());
        if let Some(place) = raw.arrivals.as_ref().map(Spanned::span)
            && spreads
            && per == Per::Scenario
        {
            let message = "a spread over the callers of one stream for all";
            self.no_effect(place, message, "leave `spread` out, or write per = \"account\"");
        }
    }

    /// A notification is there only when it has been delivered.
    fn delivery(&mut self, raw: &RawWorkload) -> Distribution {
        match raw.arrivals.as_ref().map(|arrivals| (arrivals.get_ref(), arrivals.span())) {
            Some((RawArrivals::Notifications(told), place)) => {
                self.distribution(&told.delivery, place)
            }
            _ => Distribution::Constant(Span::ZERO),
        }
    }

    fn callers_of(&mut self, raw: &RawWorkload, population: Population) -> Callers {
        let mut indices = |list: &Option<Spanned<Vec<i64>>>, most: u32, what: &str| {
            let list = list.as_ref()?;
            let mut known = Vec::new();
            if list.get_ref().is_empty() {
                let help = format!("name one {what} or more, or leave the list out for all");
                self.incomplete(list.span(), format!("work for no {what}"), &help);
            }
            for number in list.get_ref() {
                match u32::try_from(*number) {
                    Ok(number) if (1..=most).contains(&number) => known.push(number - 1),
                    _ => self.unknown(
                        (&number.to_string(), list.span()),
                        format!("there is no {what} {number}"),
                        &format!("they are numbered from 1 to {most}; see [clients]"),
                    ),
                }
            }
            known.sort_unstable();
            known.dedup();
            Some(known)
        };
        let lists = [&raw.applications, &raw.accounts];
        let applications = indices(&raw.applications, population.applications, "application");
        let accounts = indices(&raw.accounts, population.accounts, "account");
        let mut regions = None;
        if let Some(list) = &raw.regions {
            let known = self.names.regions.clone();
            self.once_each(list.get_ref().iter().map(|name| (name, list.span())));
            let place = |name: &String| known.iter().position(|region| region == name);
            for name in list.get_ref().iter().filter(|name| place(name).is_none()) {
                let help = format!("the regions in [clients] are {}", known.join(", "));
                self.unknown((name, list.span()), format!("there is no region `{name}`"), &help);
            }
            let found = list.get_ref().iter().filter_map(place);
            let mut found: Vec<u32> = found.filter_map(|n| u32::try_from(n).ok()).collect();
            found.sort_unstable();
            found.dedup();
            regions = Some(found);
        }
        for list in lists.into_iter().flatten() {
            self.once_each(list.get_ref().iter().map(|number| (number, list.span())));
        }
        Callers { applications, accounts, regions }
    }

    /// The provider that a workload calls.
    pub(super) fn provider_for(
        &mut self,
        name: &Spanned<String>,
        raw: &RawWorkload,
    ) -> Option<usize> {
        let known = Known::of(self.providers.iter().map(|p| p.name.as_str()));
        match &raw.provider {
            None if known.len() <= 1 => (known.len() == 1).then_some(0),
            None => {
                let help = format!("write provider = \"{}\"", self.providers[0].name);
                let what = format!("`provider` of workload `{}`", name.get_ref());
                self.missing(Some(name.span()), &what, &help);
                None
            }
            Some(wanted) => {
                let found = known.place(wanted.get_ref());
                if found.is_none() {
                    let help = self.remedy(wanted.get_ref(), &known, "the providers here are");
                    let message = format!("no provider `{}`", wanted.get_ref());
                    self.unknown((wanted.get_ref(), wanted.span()), message, &help);
                }
                found
            }
        }
    }

    /// The index of a provider's operation, new if it has not been called before.
    pub(super) fn operation(
        &mut self,
        provider: usize,
        call: &Spanned<String>,
    ) -> Option<Operation> {
        let name = call.get_ref();
        if let Some(known) = self.indices.operation(provider, name) {
            return Some(known);
        }
        if name.is_empty() {
            self.incomplete(call.span(), "a call without a name", "name it as its provider does");
            return None;
        }
        // Each call is of a step, so that there are no more calls than steps.
        if !self.fits(self.calls.len(), MOST_STEPS, "calls") {
            return None;
        }
        let resolved = &self.providers[provider].resolved;
        if self.has_many_problems() && !resolved.knows(name) {
            let message = format!("{} has no operation `{name}`", resolved.name());
            self.unknown((name, call.span()), message, "name it as its provider does");
            return None;
        }
        if let Err(problem) = resolved.limits(name) {
            self.problems.push(Problem { span: Some(call.span()), ..problem });
            return None;
        }
        let index = Operation(self.index(self.names.calls.len(), "calls"));
        let service = self.index(provider, "providers");
        self.names.calls.push(name.clone());
        self.provider_of.push(provider);
        self.indices.put_operation(provider, name, index);
        self.calls.push(Call { published: None, service, header: None, dynamic: None });
        Some(index)
    }
}
