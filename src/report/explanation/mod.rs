//! A scenario in words, with every default, limit and assumption filled in.

mod limits;
mod strategy;

use super::{notes, rates, trace, words};
use crate::random::{Count, Distribution};
use crate::scenario::Scenario;
use crate::simulation::{Service, Skew, Trouble};
use crate::units::{Share, Span};
use crate::workload::{
    Arrivals, Callers, Cost, OnFailure, Per, Step, StepCost, Trace, Units, Workload,
};
use std::fmt::Write;

/// The scenario in words.
#[must_use]
pub fn explain(scenario: &Scenario) -> String {
    let plan = &scenario.plan;
    let mut text = format!("{}\n{}\n\n", scenario.name, scenario.question);
    for note in notes::first(scenario) {
        let _ = writeln!(text, "{note}");
    }
    for note in notes::sentences(scenario) {
        let _ = writeln!(text, "note: {note}");
    }
    if !scenario.notes.is_empty() {
        text.push('\n');
    }
    explain_header(&mut text, scenario);
    if !scenario.names.providers.is_empty() {
        let _ = writeln!(text, "\nproviders");
    }
    for (name, what) in &scenario.names.providers {
        line(&mut text, name, what);
    }
    let of = scenario.names.providers.iter().map(|(name, _)| name.as_str());
    for (of, answers) in of.chain(std::iter::repeat("")).zip(&plan.services) {
        service(&mut text, of, answers);
    }
    let _ = writeln!(text, "\nlimits");
    for number in 0..plan.limits.len() {
        limits::explain(&mut text, scenario, number);
    }
    let has_priorities = plan.highest_priority().is_some();
    for (name, workload) in scenario.names.workloads.iter().zip(&plan.workloads) {
        let _ = writeln!(text, "\nworkload {name}");
        explain_workload(&mut text, scenario, workload, has_priorities);
    }
    for (number, strategy) in plan.strategies.iter().enumerate() {
        let (name, label) = &scenario.names.strategies[number];
        let label = label.as_ref().map_or(String::new(), |label| format!(" ({label})"));
        let _ = writeln!(text, "\nstrategy {name}{label}");
        strategy::explain(&mut text, scenario, strategy);
    }
    explain_expectations(&mut text, scenario);
    if !scenario.traces.is_empty() {
        let _ = writeln!(text, "\nread from the trace");
    }
    for note in trace::notes(scenario) {
        let _ = writeln!(text, "  {note}");
    }
    let _ = writeln!(text, "\nassumed");
    if scenario.assumptions.is_empty() {
        let _ = writeln!(text, "  nothing");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(text, "  {assumption}");
    }
    text + "\n"
}

fn explain_header(text: &mut String, scenario: &Scenario) {
    let plan = &scenario.plan;
    let start = scenario.start.and_then(|s| jiff::Timestamp::from_second(s).ok());
    let start = start.map_or("not set".into(), |start| start.to_string());
    let people = &plan.population;
    let mut lines = vec![
        ("starts", start),
        ("arrivals for", words::span(plan.duration)),
        ("then drains for at most", words::span(plan.drain)),
        ("warm-up (excluded from results)", words::span(plan.warm_up)),
        ("seed", plan.seed.to_string()),
        ("replications", plan.replications.to_string()),
        ("applications", people.applications.to_string()),
        ("accounts", words::count(people.accounts.into())),
        ("regions", scenario.names.regions.join(", ")),
        ("processes for each", plan.population.processes.to_string()),
    ];
    if plan.rota.len() > plan.population.processes as usize {
        let turns = |process| plan.rota.iter().filter(|turn| **turn == process).count();
        let (most, all) =
            ((0..plan.population.processes).map(turns).max().unwrap_or(0), plan.rota.len());
        lines.push(("of jobs, to the busiest", format!("{most} in {all}")));
    }
    if let Skew::Weights(weights) = &plan.skew {
        let total: f64 = weights.iter().sum();
        let most = weights.iter().copied().fold(0.0, f64::max) / total;
        let skew = format!("the busiest account gets {} of what is dealt", words::percent(most));
        lines.push(("skew", skew));
    }
    for (what, value) in lines {
        let _ = writeln!(text, "{what:<34}{value}");
    }
}

fn explain_expectations(text: &mut String, scenario: &Scenario) {
    if !scenario.expectations.is_empty() {
        let _ = writeln!(text, "\nexpectations");
    }
    for expectation in &scenario.expectations {
        let of = expectation.strategy.map_or("every strategy", |s| scenario.names.label(s));
        let part = scenario.slice_name(expectation.slice);
        let part = part.map_or(String::new(), |part| format!("{part}, "));
        let _ = writeln!(text, "  {} ({part}{of})", expectation.text);
    }
}

pub(super) fn line(text: &mut String, what: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "  {what:<28}{value}");
}

pub(super) fn ppm(value: u64) -> String {
    #[expect(clippy::cast_precision_loss)]
    words::percent(value as f64 / 1e6)
}

fn service(text: &mut String, of: &str, service: &Service) {
    let _ = writeln!(text, "\nservice {of}");
    line(text, "latency", distribution(&service.latency));
    line(text, "round trip", distribution(&service.round_trip));
    line(text, "fails (500)", ppm(service.failure_ppm));
    line(text, "bad requests (400)", ppm(service.bad_request_ppm));
    let old = match service.header_staleness {
        Span::ZERO => String::new(),
        old => format!(", {} old", words::span(old)),
    };
    line(text, "rate header, if any", format!("{}{old}", ppm(service.header_ppm)));
    line(text, "transient refusals", ppm(service.transient.map_or(0, |(share, _)| share)));
    for episode in &service.episodes {
        let (from, to) = (words::moment(episode.from), words::moment(episode.to));
        let what = match episode.trouble {
            Trouble::Outage => "answers 503".into(),
            Trouble::BrownOut { slower, failure_ppm } => {
                format!("latency × {slower}, {} more fail", ppm(failure_ppm))
            }
        };
        line(text, &format!("from {from} to {to}"), what);
    }
    if let Some(earning) = service.earning {
        line(text, "earns", format!("{} with {}", earning.amount, ppm(earning.ppm)));
    }
}

fn distribution(of: &Distribution) -> String {
    match of {
        Distribution::Constant(span) => format!("always {}", words::span(*span)),
        Distribution::Uniform { low, high } => {
            format!("uniform from {} to {}", words::span(*low), words::span(*high))
        }
        Distribution::Exponential { mean } => {
            format!("exponential, mean {}", words::seconds(*mean))
        }
        Distribution::LogNormal { median, sigma } => {
            let p99 = median * libm::exp(2.326_347_874 * sigma);
            let (median, p99) = (words::seconds(*median), words::seconds(p99));
            format!("log-normal, median {median}, p99 {p99}")
        }
        Distribution::Gamma { shape, .. } => {
            format!("gamma, mean {}, shape {shape}", words::seconds(of.mean()))
        }
        Distribution::Empirical(samples) => {
            format!("any of {} measured, mean {}", samples.len(), words::seconds(of.mean()))
        }
    }
}

fn explain_workload(
    text: &mut String,
    scenario: &Scenario,
    workload: &Workload,
    has_priorities: bool,
) {
    line(text, "arrivals", arrivals(&workload.arrivals));
    let per = match (&workload.arrivals, workload.per) {
        (Arrivals::Trace(_), _) => "one stream; a row that names no account is dealt in turn",
        (_, Per::Account) => "each account has its own",
        (_, Per::Scenario) => match scenario.plan.skew {
            Skew::Equal => "one stream, dealt to the accounts in turn",
            Skew::Weights(_) => "one stream, dealt to the accounts by weight",
        },
    };
    line(text, "per", per);
    explain_callers(text, scenario, &workload.callers);
    for (number, step) in workload.steps.iter().enumerate() {
        let call = &scenario.names.calls[usize::from(step.operation.0)];
        line(text, &format!("step {}", number + 1), format!("{call}{}", explain_step(step)));
        for StepCost { unit, cost } in &step.costs {
            line(text, "", format!("costs {}", explain_cost(cost, unit_name(scenario, *unit))));
        }
    }
    match &workload.arrivals {
        Arrivals::Trace(Trace { items: Some(mean), .. }) => {
            let mean = words::count(u64::from(*mean));
            line(text, "items of a job", format!("its row tells, {mean} on average"));
        }
        _ if workload.items != Count::Fixed(1) => {
            line(text, "items of a job", count(&workload.items));
        }
        _ => {}
    }
    if workload.bad_request_ppm > 0 {
        line(text, "bad requests (400)", ppm(workload.bad_request_ppm));
    }
    if has_priorities {
        line(text, "priority", workload.priority);
    }
    if matches!(&workload.arrivals, Arrivals::Trace(trace) if trace.names_steps) {
        line(text, "each row", "runs the one step that it names");
    }
    let failure = match workload.on_failure {
        OnFailure::Drop => "is given up with it".into(),
        OnFailure::Skip => "goes on without it".into(),
        OnFailure::Restart(after) => format!("begins again after {}", words::span(after)),
        OnFailure::Stop => "is given up, and all work of its account with it".into(),
    };
    line(text, "a job that loses a request", failure);
}

fn unit_name(scenario: &Scenario, unit: u16) -> &str {
    &scenario.names.units[usize::from(unit)]
}

fn explain_cost(cost: &Cost, unit: &str) -> String {
    match cost {
        Cost::Before(units) => format!("{} {unit}", count(units)),
        Cost::ByItems { base: 0, each } => {
            format!("{} {unit} for each item", words::count(u64::from(*each)))
        }
        Cost::ByItems { base, each } => {
            let [base, each] = [base, each].map(|units| words::count(u64::from(*units)));
            format!("{base} {unit} and {each} for each item")
        }
        Cost::Requested { requested, used } => {
            let (requested, used) = (count(requested), count(used));
            format!("{requested} {unit}, of which it uses {used}; the rest comes back")
        }
        Cost::After(units) => format!("{} {unit}, which only the answer tells", count(units)),
    }
}

fn count(of: &Count) -> String {
    match of {
        Count::Fixed(n) => words::count(u64::from(*n)),
        Count::Uniform { low, high } => format!("{low} to {high}"),
        Count::Poisson { mean, .. } => format!("Poisson, mean {mean}"),
    }
}

/// Whom a workload is for, where it is not for all.
fn explain_callers(text: &mut String, scenario: &Scenario, callers: &Callers) {
    let numbers =
        |list: &[u32]| list.iter().map(|n| (n + 1).to_string()).collect::<Vec<_>>().join(", ");
    if let Some(list) = &callers.applications {
        line(text, "for applications", numbers(list));
    }
    if let Some(list) = &callers.accounts {
        line(text, "for accounts", numbers(list));
    }
    if let Some(list) = &callers.regions {
        let names = list.iter().map(|n| scenario.names.regions[*n as usize].as_str());
        line(text, "for regions", names.collect::<Vec<_>>().join(", "));
    }
}

/// What a step does besides its call.
fn explain_step(step: &Step) -> String {
    let mut parts = Vec::new();
    if step.count != Count::Fixed(1) {
        parts.push(format!(" × {}", count(&step.count)));
    }
    parts.extend(match step.per {
        Units::Job => None,
        Units::Item => Some(" for each item".into()),
        Units::Items(size) => Some(format!(" for each {size} items")),
        Units::Request => Some(" for each request of the step before".into()),
    });
    parts.extend(step.at_once.map(|most| format!(", {most} at once")));
    if step.chance_ppm < 1_000_000 {
        parts.push(format!(", by {} of the jobs", ppm(step.chance_ppm)));
    }
    if step.after != Distribution::Constant(Span::ZERO) {
        parts.push(format!(", after {}", distribution(&step.after)));
    }
    if let Some(poll) = &step.poll {
        parts.push(format!(
            ", every {} until ready: {}",
            words::span(poll.every),
            distribution(&poll.until)
        ));
    }
    if let Some(items) = &step.items {
        parts.push(format!(", from here on {} items", count(items)));
    }
    parts.concat()
}

fn arrivals(of: &Arrivals) -> String {
    match of {
        Arrivals::Burst(bursts) => {
            let bursts: Vec<String> = bursts
                .iter()
                .map(|b| format!("{} at {}", words::count(b.count), words::moment(b.at)))
                .collect();
            bursts.join(", ")
        }
        Arrivals::Constant { rate, offset } => {
            format!("{rate}, evenly, from {}", words::span(*offset))
        }
        Arrivals::Poisson { gap } => {
            format!("Poisson, one every {} on average", words::seconds(gap.mean()))
        }
        Arrivals::Every { period, offset, jitter, spread } => {
            let spread = match spread.is_zero() {
                true => String::new(),
                false => format!(", the callers spread over {}", words::span(*spread)),
            };
            let late = match jitter.is_zero() {
                true => String::new(),
                false => format!(", late by at most {}", words::span(*jitter)),
            };
            let (period, offset) = (words::span(*period), words::span(*offset));
            format!("every {period} from {offset} on{late}{spread}")
        }
        Arrivals::Profile(profile) => rates::profile(profile),
        Arrivals::OnOff(on_off) => rates::on_off(on_off),
        Arrivals::Trace(trace) => replay(trace),
        Arrivals::Closed(closed) => format!(
            "closed population of {}, think time {}",
            closed.population,
            distribution(&closed.think)
        ),
    }
}

fn replay(trace: &Trace) -> String {
    let rows = words::count(trace.count);
    let sample = match trace.sample {
        Share::WHOLE => String::new(),
        sample => format!(", each kept with {sample}"),
    };
    let again = trace.lap.map_or(String::new(), |lap| {
        format!(", again every {} of recorded time", words::span(lap))
    });
    let speed = match trace.speed {
        Share::WHOLE => "as recorded".into(),
        speed => format!("at {} times their speed", words::digits(speed.as_f64())),
    };
    format!("{rows} recorded rows{sample}, from {}, {speed}{again}", words::span(trace.shift))
}
