//! Strategies and reasons in words.

use crate::metrics::figures::Metric;
use crate::report::{notes, words};
use crate::scenario::{Note, Scenario};
use crate::study::{Candidate, Reason};
use crate::units::Span;

/// What a strategy does, as an order to a person: `pace each account at 95 % of the published rate
/// with a burst of 15, use 2 workers and try again up to 7 times after …`.
#[must_use]
pub(super) fn described(scenario: &Scenario, of: &Candidate) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(route) = of.get("workloads").filter(|_| scenario.advise.routes.len() > 1) {
        parts.push(format!("run {}", names(route)));
    }
    if let Some(preset) = of.get("preset") {
        parts.push(format!("use the client {}", names(preset)));
    }
    parts.extend(pace(scenario, of));
    parts.extend(workers(scenario, of));
    for (key, before, after) in [
        ("batch.linger", "gather requests for", " into batches"),
        ("cache.ttl", "keep answers for", ""),
        ("start.offset", "start callers evenly within", ""),
        ("start.spread", "start each request at random within", ""),
    ] {
        parts.extend(of.get(key).map(|value| format!("{before} {}{after}", time(value))));
    }
    parts.extend(retry(of));
    let said = [
        "workloads",
        "preset",
        "pace.rate",
        "pace.burst",
        "pace.shared",
        "pace.split",
        "pace.across",
        "workers",
        "batch.linger",
        "cache.ttl",
        "start",
        "retry.attempts",
        "retry.backoff",
        "retry.honour_retry_after",
    ];
    let is_said = |key: &str| {
        said.iter().any(|known| {
            key.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let rest = of.settings.iter().filter(|(key, _)| !is_said(key));
    parts.extend(rest.map(|(key, value)| format!("set `{key} = {value}`")));
    match parts.is_empty() {
        true => "send at once and never try again".into(),
        false => words::list(&parts),
    }
}

/// A TOML value without its quotes and brackets.
fn names(value: &str) -> String {
    let list: Vec<String> = value
        .trim_matches(['[', ']'])
        .split(',')
        .map(|name| format!("`{}`", name.trim().trim_matches('"')))
        .collect();
    words::list(&list)
}

fn plain(value: &str) -> &str {
    value.trim_matches('"')
}

fn time(value: &str) -> String {
    plain(value).parse::<Span>().map_or_else(|_| plain(value).into(), words::span)
}

/// A share or a rate, as people read it.
fn share(value: &str) -> String {
    plain(value).replace('%', " %").replace("/m", "/min")
}

fn pace(scenario: &Scenario, of: &Candidate) -> Option<String> {
    let Some(rate) = of.get("pace.rate") else {
        return (!of.has("pace") && !of.has("preset")).then(|| "send without a pace".into());
    };
    let who = if scenario.plan.population.accounts > 1 { "pace each account" } else { "pace" };
    let who = match of.get("pace.across") {
        Some(_) => "pace all accounts together",
        None => who,
    };
    let published = if rate.contains('%') { " of the published rate" } else { "" };
    let burst = match of.get("pace.burst") {
        None => String::new(),
        Some("\"100%\"") => " with the whole published burst".into(),
        Some(burst) if burst.contains('%') => {
            format!(" with a burst of {} of the published one", share(burst))
        }
        Some(burst) => format!(" with a burst of {burst}"),
    };
    let processes = match (of.get("pace.shared"), of.get("pace.split")) {
        (Some("true"), _) => " over all processes together",
        (_, Some("true")) => ", split equally among the processes",
        _ if scenario.plan.population.processes > 1 && of.get("pace.across").is_none() => {
            " in each process"
        }
        _ => "",
    };
    Some(format!("{who} at {}{published}{burst}{processes}", share(rate)))
}

fn workers(scenario: &Scenario, of: &Candidate) -> Option<String> {
    let count = of.get("workers").or_else(|| of.get("workers.count"))?;
    let noun = words::plural("worker", count);
    let whose = match (of.get("workers.shared"), of.get("workers.across")) {
        (_, Some(_)) => " for all accounts together",
        (Some("true"), _) => " for all processes together",
        _ if scenario.plan.population.processes > 1 => " in each process",
        _ if scenario.plan.population.accounts > 1 => " for each account",
        _ => "",
    };
    Some(format!("use {} {noun}{whose}", plain(count)))
}

fn retry(of: &Candidate) -> Option<String> {
    if !of.has("retry") {
        return None;
    }
    let attempts = match of.get("retry.attempts").map(plain) {
        Some("unlimited") => "try again without end".into(),
        Some("1") => return Some("never try again".into()),
        Some(attempts) => format!("make up to {attempts} attempts"),
        None => "make up to 5 attempts".to_string(),
    };
    let base = of.get("retry.backoff.exponential.base").map(time);
    let wait = match (of.get("retry.backoff").map(plain), base) {
        (Some("restore_wait"), _) => ", each after one over the published rate".into(),
        (Some("window"), _) => ", each after a random part of the time that restores all".into(),
        (_, Some(base)) => {
            let jitter = of.get("retry.backoff.exponential.jitter").map(plain);
            let jitter = jitter.map_or(String::new(), |jitter| format!(" with {jitter} jitter"));
            let cap = of.get("retry.backoff.exponential.cap").map(time);
            let cap = cap.map_or(String::new(), |cap| format!(" up to {cap}"));
            format!(", with waits that double from {base}{cap}{jitter}")
        }
        (None, None) if !of.has("retry.backoff") => ", at once".into(),
        _ => String::new(),
    };
    let told = match of.get("retry.honour_retry_after") {
        Some("true") => ", and wait as long as `Retry-After` says",
        _ => "",
    };
    Some(format!("{attempts}{wait}{told}"))
}

/// Why a candidate is not run, in a sentence.
#[must_use]
pub(super) fn reason(scenario: &Scenario, why: &Reason) -> String {
    match why {
        Reason::Refused(problem) => format!("{}.", problem.message.trim_end_matches('.')),
        Reason::Idle(key, why) => {
            let note = Note::Idle { keys: vec![key.clone()], why: why.clone() };
            notes::sentence(scenario, &note)
        }
        Reason::OtherWork => "It does other work than what is to be done here.".into(),
        Reason::Same => "It does the same as a simpler strategy.".into(),
        Reason::Loses { lost, of } => format!(
            "All attempts are over before the limit can admit the backlog: at least {} of {} \
             requests are lost.",
            words::count(*lost),
            words::count(*of)
        ),
        Reason::ComesBack { workers, throttled } => {
            let who = workers.map_or("unlimited workers".into(), |count| match count {
                1 => "1 worker".to_string(),
                count => format!("{} workers", words::count(count.into())),
            });
            format!(
                "With {who} and no pace, refused work comes back faster than it is admitted: at \
                 least {} of calls are throttled.",
                words::percent(*throttled)
            )
        }
        Reason::FallsBehind { pace, demand } => format!(
            "It sends {}, and {} arrive on average: work waits longer and longer.",
            words::rate(*pace),
            words::rate(*demand)
        ),
    }
}

/// A cost of a metric as its value in words.
#[must_use]
pub(super) fn value(metric: Metric, cost: f64) -> String {
    if cost.is_infinite() {
        // The last job ends even where work is lost.
        return if metric == Metric::LastEnd { "–" } else { "never" }.into();
    }
    let value = if metric.more_is_better() { -cost } else { cost };
    words::of(metric.measure())(value)
}
