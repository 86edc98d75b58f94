//! A limit in words, for `explain`.

use super::explanation::line;
use super::words;
use crate::limiter::{Change, Limit, Limiter, RevenueRule, Scope, Terms};
use crate::scenario::Scenario;
use crate::simulation::{Drawn, PlannedLimit};

/// A limit: its algorithm and figures, whom it is for, what it tells.
pub(super) fn explain(text: &mut String, scenario: &Scenario, name: &str, limit: &PlannedLimit) {
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
    if let Limiter::Dynamic(plan) = &limit.rule.limiter {
        for Change { at, terms } in plan.changes() {
            line(text, "", format!("from {} on {}", words::moment(*at), allowed(*terms)));
        }
    }
    if let Some(Drawn::Plan(walk)) = &limit.drawn {
        let (least, most) = (words::percent(walk.least), words::percent(walk.most));
        let walks =
            format!("walks every {} by {}", words::span(walk.every), words::percent(walk.spread));
        line(text, "", format!("{walks}, between {least} and {most} of it"));
    }
    for (_, cause) in &limit.causes {
        let told = scenario.plan.causes[usize::from(*cause)];
        let after = told.retry_after.map_or("no Retry-After".into(), |unit| {
            format!("Retry-After in units of {}", words::span(unit))
        });
        let cause = &scenario.names.causes[usize::from(*cause)];
        line(text, "", format!("refuses with {} ({cause}), {after}", told.status));
    }
}

/// The account and the figures behind a revenue-derived quota.
fn explain_revenue(text: &mut String, scenario: &Scenario, rule: &RevenueRule) {
    let series = scenario.plan.limits.iter().find_map(|limit| match &limit.drawn {
        Some(Drawn::Revenue(series)) => Some(series),
        _ => None,
    });
    line(text, "", format!("account signed up {} before the start", words::span(rule.account_age)));
    let (activation, initial) = (words::span(rule.activation), words::span(rule.initial_period));
    line(text, "", format!("{activation} to activate, then {initial} of"));
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

/// What a limit allows from a change on.
fn allowed(terms: Terms) -> String {
    match terms {
        Terms::Rate { rate, burst } => format!("{rate}, burst {burst}"),
        Terms::Number(number) => number.to_string(),
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
        Limiter::Dynamic(plan) => kind(plan.limit()),
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
