//! A scenario in words, with every default, limit and assumption filled in.

use super::{trace, words};
use crate::limiter::{Limit, Limiter, RevenueRule, Scope};
use crate::random::{Count, Distribution};
use crate::scenario::Scenario;
use crate::simulation::{PlannedLimit, Service};
use crate::strategy::{Backoff, Strategy};
use crate::units::Share;
use crate::workload::{Arrivals, OnFailure, Per, Trace, Workload};
use std::fmt::Write;

/// The scenario in words.
#[must_use]
pub fn explain(scenario: &Scenario) -> String {
    let plan = &scenario.plan;
    let mut text = format!("{}\n{}\n\n", scenario.name, scenario.question);
    let start = scenario.start.and_then(|s| jiff::Timestamp::from_second(s).ok());
    let start = start.map_or("not on the calendar".into(), |start| start.to_string());
    let people = &plan.population;
    let lines = [
        ("starts", start),
        ("arrivals for", plan.duration.to_string()),
        ("then drains for at most", plan.drain.to_string()),
        ("seed", plan.seed.to_string()),
        ("replications", plan.replications.to_string()),
        ("applications", people.applications.to_string()),
        ("accounts", words::count(people.accounts.into())),
        ("regions", scenario.names.regions.join(", ")),
        ("processes for each", plan.processes.to_string()),
    ];
    for (what, value) in lines {
        let _ = writeln!(text, "{what:<30}{value}");
    }
    if !scenario.names.providers.is_empty() {
        let _ = writeln!(text, "\nproviders");
    }
    for (name, what) in &scenario.names.providers {
        line(&mut text, name, what);
    }
    plan.services.iter().for_each(|s| service(&mut text, s));
    let _ = writeln!(text, "\nlimits");
    for (name, limit) in scenario.names.limits.iter().zip(&plan.limits) {
        explain_limit(&mut text, scenario, name, limit);
    }
    for (name, workload) in scenario.names.workloads.iter().zip(&plan.workloads) {
        let _ = writeln!(text, "\nworkload {name}");
        explain_workload(&mut text, scenario, workload);
    }
    for (number, strategy) in plan.strategies.iter().enumerate() {
        let (name, label) = &scenario.names.strategies[number];
        let label = label.as_ref().map_or(String::new(), |label| format!(" ({label})"));
        let _ = writeln!(text, "\nstrategy {name}{label}");
        explain_strategy(&mut text, scenario, strategy);
    }
    if !scenario.expectations.is_empty() {
        let _ = writeln!(text, "\nexpectations");
    }
    for expectation in &scenario.expectations {
        let of = expectation.strategy.map_or("every strategy", |s| scenario.names.label(s));
        let part = scenario.slice_name(expectation.slice);
        let part = part.map_or(String::new(), |part| format!("{part}, "));
        let _ = writeln!(text, "  {} ({part}{of})", expectation.text);
    }
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

fn line(text: &mut String, what: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "  {what:<28}{value}");
}

fn ppm(value: u64) -> String {
    #[expect(clippy::cast_precision_loss)]
    words::percent(value as f64 / 1e6)
}

fn service(text: &mut String, service: &Service) {
    let _ = writeln!(text, "\nservice");
    line(text, "latency", distribution(&service.latency));
    line(text, "round trip", service.round_trip);
    line(text, "fails (500)", ppm(service.failure_ppm));
    line(text, "bad requests (400)", ppm(service.bad_request_ppm));
    line(text, "rate header, if any", ppm(service.header_ppm));
    line(text, "transient refusals", ppm(service.transient.map_or(0, |(share, _)| share)));
    if let Some(earning) = service.earning {
        line(text, "earns", format!("{} with {}", earning.amount, ppm(earning.ppm)));
    }
}

fn distribution(of: &Distribution) -> String {
    match of {
        Distribution::Constant(span) => format!("always {span}"),
        Distribution::Uniform { low, high } => format!("uniform from {low} to {high}"),
        Distribution::Exponential { mean } => {
            format!("exponential, mean {}", words::seconds(*mean))
        }
        Distribution::LogNormal { median, sigma } => {
            let p99 = median * libm::exp(2.326_347_874 * sigma);
            let (median, p99) = (words::seconds(*median), words::seconds(p99));
            format!("log-normal, median {median}, p99 {p99}")
        }
    }
}

fn explain_limit(text: &mut String, scenario: &Scenario, name: &str, limit: &PlannedLimit) {
    let calls: Vec<&str> = (limit.rule.operations.iter())
        .map(|operation| scenario.names.calls[usize::from(operation.0)].as_str())
        .collect();
    let rate = limit.rule.limiter.published().map_or(String::new(), |rate| format!(" {rate}"));
    let level = limit.rule.limiter.level(crate::units::Instant::ORIGIN);
    let level = level.map_or(String::new(), |level| format!(", {level} at the start"));
    line(text, name, format!("{}{rate}{level}", kind(&limit.rule.limiter)));
    line(text, "", format!("one for each {}", scope(limit.rule.scope)));
    line(text, "", format!("holds for {}", calls.join(", ")));
    if let Limiter::Revenue(revenue) = &limit.rule.limiter {
        explain_revenue(text, scenario, revenue.rule());
    }
    for (_, cause) in &limit.causes {
        let told = scenario.plan.causes[usize::from(*cause)];
        let after = told
            .retry_after
            .map_or("no Retry-After".into(), |unit| format!("Retry-After in units of {unit}"));
        let cause = &scenario.names.causes[usize::from(*cause)];
        line(text, "", format!("refuses with {} ({cause}), {after}", told.status));
    }
}

/// The account and the figures behind a revenue-derived quota.
fn explain_revenue(text: &mut String, scenario: &Scenario, rule: &RevenueRule) {
    let series = scenario.plan.limits.iter().find_map(|limit| limit.drawn.as_ref());
    line(text, "", format!("account signed up {} before the start", rule.account_age));
    line(text, "", format!("{} to activate, then {} of", rule.activation, rule.initial_period));
    line(text, "", format!("{} a second and {} a day", rule.initial_tps, rule.initial_tpd));
    let earns = format!("then 1 a day for each {}", rule.per_tpd);
    line(text, "", format!("{earns} shipped in {} days", rule.trailing_days));
    let least = format!("from {} to {}", rule.min_tps, rule.max_tps);
    line(text, "", format!("and 1 a second for each {}, {least}", rule.per_tps));
    if let Some(series) = series {
        let trend = format!("trend {} in 30 days", words::percent(series.trend));
        let noise = format!("noise {}", words::digits(series.noise));
        line(text, "", format!("ships about {} a day, {trend}, {noise}", series.level));
    }
}

const fn kind(limiter: &Limiter) -> &'static str {
    match limiter {
        Limiter::TokenBucket(_) => "token bucket",
        Limiter::Quota(_) => "quota with restore",
        Limiter::LeakyQueue(_) => "leaky queue",
        Limiter::FixedWindow(_) => "fixed window",
        Limiter::SlidingLog(_) => "sliding window, exact",
        Limiter::SlidingCounter(_) => "sliding window, two counters",
        Limiter::Concurrency(_) => "concurrency",
        Limiter::Lockout(_) => "lockout",
        Limiter::Revenue(_) => "revenue-derived quota",
    }
}

fn scope(scope: Scope) -> String {
    let factors = [
        (scope.application, "application"),
        (scope.account, "account"),
        (scope.region, "region"),
        (scope.operation, "operation"),
    ];
    let named: Vec<&str> = factors.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
    if named.is_empty() { "provider: everybody shares it".into() } else { named.join(", ") }
}

fn explain_workload(text: &mut String, scenario: &Scenario, workload: &Workload) {
    line(text, "arrivals", arrivals(&workload.arrivals));
    let per = match (&workload.arrivals, workload.per) {
        (Arrivals::Trace(_), _) => "one stream; a row that names no account is dealt in turn",
        (_, Per::Account) => "each account has its own",
        (_, Per::Scenario) => "one stream, dealt to the accounts in turn",
    };
    line(text, "per", per);
    for (number, step) in workload.steps.iter().enumerate() {
        let call = &scenario.names.calls[usize::from(step.operation.0)];
        let count = match &step.count {
            Count::Fixed(1) => String::new(),
            Count::Fixed(n) => format!(" × {n}"),
            Count::Poisson { mean, .. } => format!(" × Poisson, mean {mean}"),
        };
        line(text, &format!("step {}", number + 1), format!("{call}{count}"));
    }
    if matches!(&workload.arrivals, Arrivals::Trace(trace) if trace.names_steps) {
        line(text, "each row", "runs the one step that it names");
    }
    let failure = match workload.on_failure {
        OnFailure::Drop => "is given up with it",
        OnFailure::Skip => "goes on without it",
    };
    line(text, "a job that loses a request", failure);
}

fn arrivals(of: &Arrivals) -> String {
    match of {
        Arrivals::Burst(bursts) => {
            let bursts: Vec<String> =
                bursts.iter().map(|b| format!("{} at {}", words::count(b.count), b.at)).collect();
            bursts.join(", ")
        }
        Arrivals::Constant { rate, offset } => format!("{rate}, evenly, from {offset}"),
        Arrivals::Poisson { gap } => {
            format!("Poisson, one every {} in the mean", words::seconds(gap.mean()))
        }
        Arrivals::Every { period, offset, jitter } => {
            format!("every {period} from {offset}, late by up to {jitter}")
        }
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
    let again =
        trace.lap.map_or(String::new(), |lap| format!(", again every {lap} of recorded time"));
    let speed = match trace.speed {
        Share::WHOLE => "as recorded".into(),
        speed => format!("at {} times their speed", words::digits(speed.as_f64())),
    };
    format!("{rows} recorded rows{sample}, from {}, {speed}{again}", trace.shift)
}

fn explain_strategy(text: &mut String, scenario: &Scenario, strategy: &Strategy) {
    let workers = strategy.workers.map_or("unlimited".into(), |workers| workers.to_string());
    line(text, "workers", workers);
    match &strategy.pace {
        None => line(text, "pace", "none: sends as soon as it can"),
        Some(pace) => {
            for (number, lane) in (0u16..).zip(&pace.lanes) {
                let of = pace.lane_of.iter().zip(&scenario.names.calls);
                let calls: Vec<&str> =
                    of.filter(|(l, _)| **l == Some(number)).map(|(_, c)| c.as_str()).collect();
                let lane = format!("{}, burst {}, for {}", lane.rate, lane.burst, calls.join(", "));
                line(text, "pace", lane);
            }
        }
    }
    let retry = &strategy.retry;
    if retry.attempts == Some(1) {
        return line(text, "retries", "never");
    }
    let attempts =
        retry.attempts.map_or("unlimited".into(), |n| format!("{n}, the first included"));
    line(text, "attempts", attempts);
    line(text, "back-off", backoff(retry.backoff));
    let deadline = retry.deadline.map_or("none".into(), |deadline| deadline.to_string());
    line(text, "deadline", deadline);
    let statuses: Vec<String> = retry.statuses.iter().map(ToString::to_string).collect();
    line(text, "retries on", statuses.join(", "));
    line(text, "Retry-After", if retry.honour_retry_after { "honoured" } else { "ignored" });
    let held = match strategy.hold_worker {
        true => "keeps its worker (hold_worker = true)",
        false => "frees its worker (hold_worker = false)",
    };
    line(text, "while backing off", held);
}

fn backoff(of: Backoff) -> String {
    match of {
        Backoff::None => "none".into(),
        Backoff::Fixed(span) => format!("fixed, {span}"),
        Backoff::RestoreWait => "one over the published rate of the call".into(),
        Backoff::Exponential { base, cap, factor, jitter } => {
            let jitter = format!("{jitter:?}").to_lowercase();
            format!("exponential, from {base} by {factor} up to {cap}, {jitter} jitter")
        }
    }
}
