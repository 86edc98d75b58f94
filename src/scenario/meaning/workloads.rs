//! `[workload.NAME]`: arrivals, callers and steps; the calls that they name become the operations.

use super::Meaning;
use super::trace::Traced;
use crate::catalog::Problem;
use crate::limiter::Population;
use crate::random::Count;
use crate::scenario::nearest;
use crate::scenario::text::CountText;
use crate::scenario::written::{
    ArrivalsWritten, OnFailureWritten, PerWritten, StepWritten, WorkloadWritten,
};
use crate::simulation::Call;
use crate::units::Span;
use crate::wire::Operation;
use crate::workload::{Arrivals, Callers, OnFailure, Per, Step, Workload};
use toml::Spanned;

impl Meaning<'_> {
    pub(super) fn read_workloads(
        &mut self,
        population: Population,
        duration: Span,
    ) -> Vec<Workload> {
        let all = self.written.workload.clone();
        if all.is_empty() {
            let help = "add `[workload.NAME]` with `arrivals` and a `call`";
            self.missing(None, "a workload", help);
        }
        let mut workloads = Vec::new();
        for (name, written) in all {
            let workload = self.read_workload(&name, &written, population, duration);
            self.names.workloads.push(name.into_inner());
            workloads.push(workload);
        }
        workloads
    }

    fn read_workload(
        &mut self,
        name: &Spanned<String>,
        written: &WorkloadWritten,
        population: Population,
        duration: Span,
    ) -> Workload {
        let arrivals = match &written.arrivals {
            Some(arrivals) => self.arrivals(arrivals, duration),
            None => {
                let what = format!("`arrivals` of workload `{}`", name.get_ref());
                let help = "write arrivals.poisson = \"12/s\", or arrivals.backlog = 40000";
                self.missing(Some(name.span()), &what, help);
                Arrivals::Burst(Vec::new())
            }
        };
        let per = match written.per.as_ref().map(Spanned::get_ref) {
            Some(PerWritten::Scenario) => Per::Scenario,
            Some(PerWritten::Account) | None => Per::Account,
        };
        let on_failure = match written.on_failure.as_ref().map(Spanned::get_ref) {
            Some(OnFailureWritten::Skip) => OnFailure::Skip,
            Some(OnFailureWritten::Drop) | None => OnFailure::Drop,
        };
        let callers = self.callers_of(written, population);
        if let Some(ArrivalsWritten::Trace(trace)) = written.arrivals.as_ref().map(Spanned::get_ref)
        {
            if let (Per::Account, Some(written)) = (per, &written.per) {
                let help = "its rows may name accounts: leave `per` out";
                self.problem(written.span(), "a trace is one stream for all accounts", help);
            }
            let of = Traced { name, written, trace, callers: &callers, population, duration };
            let (arrivals, steps) = match self.trace(of) {
                Some((trace, steps)) => (Arrivals::Trace(trace), steps),
                None => (arrivals, Vec::new()),
            };
            return Workload { arrivals, per: Per::Scenario, callers, steps, on_failure };
        }
        let steps = self.steps(name, written);
        Workload { arrivals, per, callers, steps, on_failure }
    }

    fn callers_of(&mut self, written: &WorkloadWritten, population: Population) -> Callers {
        let mut indices = |list: &Option<Spanned<Vec<i64>>>, most: u32, what: &str| {
            let list = list.as_ref()?;
            let mut known = Vec::new();
            for number in list.get_ref() {
                match u32::try_from(*number) {
                    Ok(number) if (1..=most).contains(&number) => known.push(number - 1),
                    _ => self.problem(
                        list.span(),
                        format!("there is no {what} {number}"),
                        &format!("they are numbered from 1 to {most}; see [clients]"),
                    ),
                }
            }
            Some(known)
        };
        let applications = indices(&written.applications, population.applications, "application");
        let accounts = indices(&written.accounts, population.accounts, "account");
        let mut regions = None;
        if let Some(list) = &written.regions {
            let known = self.names.regions.clone();
            let place = |name: &String| known.iter().position(|region| region == name);
            for name in list.get_ref().iter().filter(|name| place(name).is_none()) {
                let help = format!("the regions in [clients] are {}", known.join(", "));
                self.problem(list.span(), format!("there is no region `{name}`"), &help);
            }
            let found = list.get_ref().iter().filter_map(place);
            regions = Some(found.filter_map(|place| u32::try_from(place).ok()).collect());
        }
        Callers { applications, accounts, regions }
    }

    pub(super) fn steps(&mut self, name: &Spanned<String>, written: &WorkloadWritten) -> Vec<Step> {
        let steps = match (&written.call, &written.steps) {
            (Some(call), None) => vec![StepWritten { call: call.clone(), count: None }],
            (None, Some(steps)) => steps.get_ref().clone(),
            (Some(call), Some(_)) => {
                let help = "keep `call` for a single request, or `steps` for several";
                self.problem(call.span(), "both `call` and `steps` are given", help);
                Vec::new()
            }
            (None, None) => {
                let what = format!("`call` of workload `{}`", name.get_ref());
                let help = "write call = \"orders/v0/getOrders\", or steps = [{ call = … }]";
                self.missing(Some(name.span()), &what, help);
                return Vec::new();
            }
        };
        if let Some(list) = written.steps.as_ref().filter(|list| list.get_ref().is_empty()) {
            self.problem(list.span(), "a job without a step", "name at least one call");
        }
        if steps.len() > 250 {
            self.problem(name.span(), "a job of more than 250 steps", "use `count`");
        }
        let provider = self.provider_for(name, written);
        let mut read = |step: &StepWritten| {
            let operation = self.operation(provider?, &step.call)?;
            let count = match step.count.as_ref().map(|count| (count.get_ref(), count.span())) {
                None => Count::Fixed(1),
                Some((CountText::Fixed(count), _)) => Count::Fixed(*count),
                Some((CountText::Poisson(mean), place)) => {
                    let count = Count::poisson(*mean).filter(|_| *mean <= 1e6);
                    count.unwrap_or_else(|| {
                        let message = format!("{mean} is no mean of a count");
                        self.problem(place, message, "write a number above 0, up to 1000000");
                        Count::Fixed(1)
                    })
                }
            };
            Some(Step { operation, count })
        };
        steps.iter().filter_map(&mut read).collect()
    }

    /// The provider that a workload calls.
    pub(super) fn provider_for(
        &mut self,
        name: &Spanned<String>,
        written: &WorkloadWritten,
    ) -> Option<usize> {
        let known: Vec<&str> = self.providers.iter().map(|p| p.name.as_str()).collect();
        match &written.provider {
            None if known.len() <= 1 => (!known.is_empty()).then_some(0),
            None => {
                let help = format!("write provider = \"{}\"", known[0]);
                let what = format!("`provider` of workload `{}`", name.get_ref());
                self.missing(Some(name.span()), &what, &help);
                None
            }
            Some(wanted) => {
                let found = known.iter().position(|name| name == wanted.get_ref());
                if found.is_none() {
                    let help = match nearest(wanted.get_ref(), known.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the providers here are {}", known.join(", ")),
                    };
                    let message = format!("no provider `{}`", wanted.get_ref());
                    self.problem(wanted.span(), message, &help);
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
        let mut known = self.names.calls.iter().zip(&self.provider_of);
        if let Some(place) = known.position(|(known, of)| known == name && *of == provider) {
            return u16::try_from(place).ok().map(Operation);
        }
        if name.is_empty() {
            self.problem(call.span(), "a call without a name", "name it as its provider does");
            return None;
        }
        if let Err(problem) = self.providers[provider].resolved.limits(name) {
            self.problems.push(Problem { span: Some(call.span()), ..problem });
            return None;
        }
        let index = u16::try_from(self.names.calls.len()).ok()?;
        self.names.calls.push(name.clone());
        self.provider_of.push(provider);
        self.calls.push(Call { published: None, service: 0, header: None });
        Some(Operation(index))
    }
}
