//! The limits of a provider and what is assumed about them, plan by plan.

use super::{counted_per, faults, rule, table};
use crate::catalog::{LimitDocument, Provider, Resolved, Selection};
use crate::cli::{Fault, Format};
use indexmap::IndexSet;
use std::fmt::Write;

/// The limits of every plan: of the second and later ones those that differ from the first.
pub(super) fn table_of(format: Format, provider: &Provider) -> Result<String, Fault> {
    let plans = under_each_plan(provider)?;
    let (first, others) = plans.split_first().expect("a provider has at least one catalogue");
    let mut table =
        table(format, &["limit", "rule", "counted per", "refuses with", "answers tell"]);
    let mut add = |plan: Option<&str>, name: &str, limit: &LimitDocument| {
        let name = plan.map_or(name.into(), |plan| format!("{name} (plan {plan})"));
        table.add_row(vec![
            name,
            rule(&limit.rule),
            counted_per(limit.scope()),
            refusal(limit),
            told(limit),
        ]);
    };
    first.all_limits().for_each(|(name, limit)| add(first.plan(), name, limit));
    for other in others {
        let same = |of: &(&str, &LimitDocument)| first.all_limits().any(|one| one == *of);
        let differ = other.all_limits().filter(|of| !same(of));
        differ.for_each(|(name, limit)| add(other.plan(), name, limit));
    }
    Ok(format!("\n{}\n", table.trim_fmt()))
}

/// What is assumed about limits, a line for each guess.
pub(super) fn assumed(provider: &Provider) -> Result<String, Fault> {
    let plans = under_each_plan(provider)?;
    let limits = plans.iter().flat_map(Resolved::all_limits);
    let guesses: IndexSet<String> = limits
        .flat_map(|(name, limit)| limit.assumed.iter().map(move |guess| format!("{name}: {guess}")))
        .collect();
    let mut text = String::new();
    for guess in guesses {
        let _ = writeln!(text, "assumed: {guess}");
    }
    Ok(text)
}

/// The provider under each of its plans, the default first; once if it has none.
fn under_each_plan(provider: &Provider) -> Result<Vec<Resolved>, Fault> {
    let named: Vec<Option<&str>> = provider.plans().map(Some).collect();
    let plans = if named.is_empty() { vec![None] } else { named };
    let resolve = |plan| {
        let selection = Selection { plan, ..Selection::default() };
        provider.resolve(&selection).map_err(faults)
    };
    plans.into_iter().map(resolve).collect()
}

/// The status of a refusal, its code, and whether it says when to come again: `429, Retry-After`.
fn refusal(limit: &LimitDocument) -> String {
    let tells = &limit.tells;
    let code = tells.code.as_ref().map_or(String::new(), |code| format!(" {code}"));
    let after = if tells.retry_after.is_some() { ", Retry-After" } else { "" };
    format!("{}{code}{after}", tells.status)
}

/// What every answer tells of the limit: `remaining, reset`.
fn told(limit: &LimitDocument) -> String {
    let tells = &limit.tells;
    let all = [
        (*tells.rate_header.get_ref(), "rate"),
        (*tells.remaining.get_ref(), "remaining"),
        (*tells.level.get_ref(), "level"),
        (tells.reset.is_some(), "reset"),
        (tells.next.is_some(), "next"),
    ];
    let told: Vec<&str> = all.iter().filter(|of| of.0).map(|of| of.1).collect();
    told.join(", ")
}
