//! How much a scenario would take: what is plainly too much is refused before anything runs, and
//! every run is given up at the bounds that it has.

use super::{Resolver, callers};
use crate::limiter::Population;
use crate::scenario::text::{place, value};
use crate::simulation::{Bounds, PlannedLimit};
use crate::units::quantity::{count, span, whole};
use crate::units::{Rate, Span};
use crate::workload::{Arrivals, Per, Workload};

/// Accounts and requests beyond which a scenario must say that it means it.
const MOST_CALLERS: u64 = 100_000;
const MOST_JOBS: f64 = 1e9;
/// What a request or job under way takes.
const BYTES: f64 = 250.0;

impl Resolver<'_> {
    /// What a run may take.
    pub(super) fn bounds(&self) -> Bounds {
        let usual = Bounds::default();
        Bounds {
            events: value(self.raw.max_events.as_ref()).unwrap_or(usual.events),
            waiting: value(self.raw.max_waiting.as_ref()).unwrap_or(usual.waiting),
        }
    }

    /// Refuses more sources of work, or copies of limits, than 32 bits can number.
    fn check_copies(&mut self, population: Population, processes: u32, workloads: &[Workload]) {
        let copies = |limit: &PlannedLimit| {
            let (scope, calls) = (limit.rule.scope, limit.rule.operations.len() as u64);
            let calls = if scope.operation { calls } else { 1 } * u64::from(limit.rule.nodes);
            scope.instances(population).saturating_mul(calls)
        };
        let sources = |workload: &Workload| match workload.per {
            Per::Account => callers(population),
            Per::Scenario => 1,
        };
        let kept = [
            ("clients", callers(population).saturating_mul(u64::from(processes))),
            ("sources of work", workloads.iter().map(sources).fold(0, u64::saturating_add)),
            ("copies of limits", self.limits.iter().map(copies).fold(0, u64::saturating_add)),
        ];
        for (what, number) in kept {
            if number > u64::from(u32::MAX) {
                let message = format!("{number} {what} are more than a run can number");
                let help =
                    format!("lower `accounts`, `applications` or `regions`: {} at most", u32::MAX);
                let place = place(self.raw.clients.accounts.as_ref(), 0..0);
                self.too_much(place, message, &help);
            }
        }
    }

    /// Refuses what would take all memory or all day, with the key that lifts the bound.
    #[expect(clippy::cast_precision_loss)]
    pub(super) fn check_size(
        &mut self,
        population: Population,
        processes: u32,
        workloads: &[Workload],
        duration: Span,
    ) {
        let number = callers(population).saturating_mul(u64::from(processes));
        let most = value(self.raw.max_accounts.as_ref()).unwrap_or(MOST_CALLERS);
        if number > most {
            let megabytes = number.saturating_mul(200) / 1_000_000;
            let message = format!(
                "{} clients (applications × accounts × regions × processes) would take about {} \
                 MB for each strategy under way",
                count(number),
                count(megabytes)
            );
            let help = format!("above {most} say that you mean it: `max_accounts = {number}`");
            let place = place(self.raw.clients.accounts.as_ref(), 0..0);
            self.too_much(place, message, &help);
        }
        self.check_copies(population, processes, workloads);
        let at_once: f64 = workloads.iter().map(|w| at_once(w, population)).sum();
        let bounds = self.bounds();
        if at_once > bounds.waiting as f64 {
            let message = format!(
                "{} requests would be under way at once, and take about {} GB",
                whole(at_once),
                whole(at_once * BYTES / 1e9)
            );
            let help = format!("make a backlog smaller; or `max_waiting = {:.0}`", at_once * 1.1);
            let place = place(self.raw.duration.as_ref(), 0..0);
            self.too_much(place, message, &help);
        }
        let jobs: f64 = workloads.iter().map(|w| expected_jobs(w, population, duration)).sum();
        let most = value(self.raw.max_jobs.as_ref()).map_or(MOST_JOBS, |most| most as f64);
        if jobs > most {
            let (jobs_shown, long) = (whole(jobs), span(duration));
            let message = format!("about {jobs_shown} requests would arise in {long}");
            let help = format!("lower a rate or the duration; or `max_jobs = {:.0}`", jobs * 1.1);
            let place = place(self.raw.duration.as_ref(), 0..0);
            self.too_much(place, message, &help);
        }
    }
}

/// Requests to be expected of a workload.
#[expect(clippy::cast_precision_loss)]
fn expected_jobs(workload: &Workload, population: Population, duration: Span) -> f64 {
    let seconds = duration.as_secs_f64();
    let at = |rate: Rate| rate.per_second_f64() * seconds;
    let jobs = match &workload.arrivals {
        Arrivals::Burst(bursts) => bursts.iter().map(|burst| burst.count as f64).sum(),
        Arrivals::Constant { rate, .. } => at(*rate),
        Arrivals::Poisson { gap } => seconds / gap.mean().max(1e-12),
        Arrivals::Every { period, .. } => seconds / period.as_secs_f64().max(1e-9),
        Arrivals::Profile(profile) => profile.expected(duration),
        Arrivals::OnOff(on_off) => on_off.mean() * seconds,
        Arrivals::Trace(trace) => {
            let recorded = seconds * trace.speed.as_f64();
            let laps = trace.lap.map_or(1.0, |lap| recorded / lap.as_secs_f64());
            trace.count as f64 * laps * trace.sample.as_f64()
        }
        Arrivals::Closed(closed) => {
            f64::from(closed.population) * (1.0 + seconds / closed.think.mean().max(1e-3))
        }
    };
    let sources = match workload.per {
        Per::Account => callers(population) as f64,
        Per::Scenario => 1.0,
    };
    let one_step = matches!(&workload.arrivals, Arrivals::Trace(trace) if trace.names_steps);
    jobs * sources * if one_step { 1.0 } else { workload.mean_requests() }
}

/// Requests of a workload that are certain to be under way at one time.
#[expect(clippy::cast_precision_loss)]
fn at_once(workload: &Workload, population: Population) -> f64 {
    let jobs = match &workload.arrivals {
        Arrivals::Burst(bursts) => bursts.iter().map(|burst| burst.count).max().unwrap_or(0) as f64,
        Arrivals::Closed(closed) => f64::from(closed.population),
        _ => return 0.0,
    };
    match workload.per {
        Per::Account => jobs * callers(population) as f64,
        Per::Scenario => jobs,
    }
}
