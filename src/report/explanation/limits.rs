//! A limit in words, for `explain`.

use super::line;
use crate::catalog::{Describe, allowed};
use crate::limiter::{Change, CoolDown, Limiter, RevenueRule, Scope};
use crate::report::words;
use crate::scenario::Scenario;
use crate::simulation::{Drawn, Tells};
use crate::units::Span;
use crate::wire::{Rounds, Since, Stamp};

/// A limit as it is written: its rule, whom it is for, what it counts and tells.
pub(super) fn explain(text: &mut String, scenario: &Scenario, number: usize) {
    let (limit, written) = (&scenario.plan.limits[number], &scenario.limits[number]);
    let calls: Vec<&str> = (limit.rule.operations.iter())
        .map(|operation| scenario.names.calls[usize::from(operation.0)].as_str())
        .collect();
    line(text, &scenario.names.limits[number], limit.rule.limiter.described());
    line(text, "", scope(limit.rule.scope));
    line(text, "", format!("holds for {}", calls.join(", ")));
    if let Some(details) = written.rule.details() {
        line(text, "", details);
    }
    if let Some(unit) = limit.rule.limiter.unit() {
        line(text, "", format!("counts {}", scenario.names.units[usize::from(unit)]));
    }
    if limit.rule.nodes > 1 {
        let nodes = words::count(limit.rule.nodes.into());
        line(text, "", format!("split among {nodes} nodes, each with its part of the calls"));
    }
    if limit.rule.count_rejected {
        line(text, "", "counts refused requests too");
    }
    if let Some(lasts) = cool_down(&limit.rule.limiter).map(CoolDown::lasts) {
        line(text, "", format!("after a refusal it admits nothing for {}", words::span(lasts)));
    }
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
    if let Some(Drawn::Tier(tiers)) = &limit.drawn {
        for (limiter, accounts) in tiers.accounts() {
            let terms = limiter.terms().map_or(String::new(), allowed);
            line(text, "", format!("for {}: {terms}", these(&accounts)));
        }
    }
    for (_, cause) in &limit.causes {
        line(text, "", refusal(scenario, usize::from(*cause)));
    }
    let level = *written.tells.level.get_ref();
    if let Some(told) = told(&limit.tells, limit.rule.limiter.most(), level) {
        line(text, "", told);
    }
    if *written.tells.rate_header.get_ref() {
        line(text, "", "sends its rate in a header of other responses");
    }
    if let Some(note) = &written.note {
        line(text, "", format!("note: {}", note.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
}

/// What a refused client is told.
fn refusal(scenario: &Scenario, cause: usize) -> String {
    let told = scenario.plan.causes[cause];
    let after = match told.retry_after {
        None => "no Retry-After".into(),
        Some(stamp) => format!("Retry-After {}", written(stamp)),
    };
    let code = told
        .code
        .map_or(String::new(), |code| format!(" {}", scenario.names.codes[usize::from(code.0)]));
    format!("refuses with {}{code} ({}), {after}", told.status, scenario.names.causes[cause])
}

/// What answers tell of a limit.
fn told(tells: &Tells, most: Option<u64>, level: bool) -> Option<String> {
    let remaining = match (tells.remaining, most) {
        (true, Some(most)) if level => Some(format!("the level of {}", words::count(most))),
        (true, _) => Some("what remains".into()),
        (false, _) => None,
    };
    let reset = tells.reset.map(|stamp| format!("the reset {}", written(stamp)));
    let next = tells.next.map(|stamp| format!("the next token {}", written(stamp)));
    let parts: Vec<String> = remaining.into_iter().chain(reset).chain(next).collect();
    (!parts.is_empty()).then(|| format!("answers tell {}", words::list(&parts)))
}

/// Accounts by number if they are few: `accounts 3 and 8`; otherwise how many they are.
fn these(accounts: &[u32]) -> String {
    let number = |account: &u32| words::count(u64::from(*account) + 1);
    match accounts {
        [one] => format!("account {}", number(one)),
        few if few.len() <= 8 => {
            format!("accounts {}", words::list(&few.iter().map(number).collect::<Vec<_>>()))
        }
        many => format!("{} accounts", words::count(many.len() as u64)),
    }
}

/// How a header writes a time.
fn written(stamp: Stamp) -> String {
    let unit = if stamp.unit == Span::SECOND { "seconds" } else { "milliseconds" };
    let form = match (stamp.since, stamp.unit) {
        (Since::Answer, _) => format!("in whole {unit}"),
        (Since::Calendar, Span::SECOND) => "as a date in whole seconds".into(),
        (Since::Calendar, _) => format!("as a date in {unit}"),
    };
    match stamp.rounds {
        Rounds::Up => form,
        Rounds::Down => form + ", rounded down",
    }
}

/// What shuts a limit after a refusal, if anything does.
fn cool_down(limiter: &Limiter) -> Option<&CoolDown> {
    match limiter {
        Limiter::CoolDown(cooling) => Some(cooling),
        Limiter::Dynamic(plan) => cool_down(plan.limit()),
        _ => None,
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

fn scope(scope: Scope) -> String {
    let named: Vec<&str> =
        scope.factors().iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect();
    match named.is_empty() {
        true => "one for all callers".into(),
        false => format!("one for each {}", named.join(", ")),
    }
}
