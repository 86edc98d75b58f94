//! `provider.NAME.plan`: the plan that accounts have, or several over shares of them.
//!
//! ```text
//!   plan = "plus"                            ──► one catalogue for all accounts
//!   plan = { standard = 0.8, plus = 0.2 }    ──► one for each plan, and the plan of each account;
//!                                                clients that follow figures follow the first's
//! ```

use super::Resolver;
use super::limits::Group;
use super::providers::{ResolvedProvider, Shared};
use crate::catalog::{Calendar, LimitDocument, Resolved, RuleDocument, Spanned};
use crate::limiter::Limiter;
use crate::scenario::raw::RawProvider;
use crate::scenario::text::{Fraction, PlanText};
use crate::simulation::{Drawn, Tiers, spread};
use std::mem::discriminant;
use std::ops::Range;
use std::sync::Arc;

/// The plans that a provider's accounts have, as written: the first, and the others by share.
pub(super) struct Chosen {
    /// The plan of all, or the first of several.
    pub first: Option<String>,
    others: Vec<String>,
    shares: Vec<f64>,
    place: Range<usize>,
}

impl Chosen {
    /// True if accounts have different plans.
    pub const fn is_shared(&self) -> bool {
        !self.others.is_empty()
    }

    /// The names of the plans after the first.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str)
    }
}

impl Resolver<'_> {
    /// The plans that a provider's accounts have.
    pub(super) fn chosen_plans(&mut self, raw: &RawProvider) -> Chosen {
        let place = raw.plan.as_ref().map_or(0..0, Spanned::span);
        let shares = match raw.plan.as_ref().map(Spanned::get_ref) {
            None => return Chosen { first: None, others: vec![], shares: vec![], place },
            Some(PlanText::One(name)) => vec![(name.clone(), 1.0)],
            Some(PlanText::Shares(shares)) => self.sound_shares(&place, shares),
        };
        let mut names = shares.iter().map(|(name, _)| name.clone());
        let first = names.next();
        let others = names.collect();
        Chosen { first, others, shares: shares.iter().map(|(_, share)| *share).collect(), place }
    }

    fn sound_shares(
        &mut self,
        place: &Range<usize>,
        shares: &indexmap::IndexMap<Spanned<String>, Fraction>,
    ) -> Vec<(String, f64)> {
        let shares: Vec<(String, f64, Range<usize>)> = (shares.iter())
            .map(|(name, Fraction(share))| (name.get_ref().clone(), share.as_f64(), name.span()))
            .collect();
        let sum: f64 = shares.iter().map(|(_, share, _)| share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            let message = format!("the shares of the plans make {sum:.4}, not 1");
            let help = "write shares of 1 in all, such as { standard = 0.8, plus = 0.2 }";
            self.out_of_range(place.clone(), message, help);
        }
        for (name, _, at) in shares.iter().filter(|(_, share, _)| *share <= 0.0) {
            let message = format!("no account has the plan `{name}`");
            self.no_effect(at.clone(), message, "leave it out, or write a share above 0");
        }
        shares.into_iter().map(|(name, share, _)| (name, share)).collect()
    }

    /// The other plans of a provider, over its accounts.
    pub(super) fn share_plans(
        &mut self,
        chosen: Chosen,
        others: Vec<(String, Resolved)>,
        who: &str,
    ) -> Option<Shared> {
        if !chosen.is_shared() || others.len() != chosen.others.len() {
            return None;
        }
        let Chosen { first, shares, place, .. } = chosen;
        let accounts = self.population().0.accounts;
        let plan_of = spread(&shares, accounts);
        let first = first.unwrap_or_default();
        let names = std::iter::once(&first).chain(others.iter().map(|(name, _)| name));
        for (number, name) in (0u16..).zip(names) {
            if !plan_of.contains(&number) {
                let message = format!("none of {accounts} accounts has the plan `{name}`");
                let help = "raise its share or `clients.accounts`, or leave it out";
                self.no_effect(place.clone(), message, help);
            }
        }
        self.assume(format!(
            "{who}: clients that follow published figures follow those of plan {first} for every \
             account"
        ));
        Some(Shared { place, others, plan_of })
    }

    /// What the accounts of each plan have of a limit; `None` where it is the same for all.
    pub(super) fn tiers(
        &mut self,
        provider: usize,
        group: &Group,
        (first, calendar): (&Limiter, Calendar),
    ) -> Option<Drawn> {
        let ResolvedProvider { resolved, shared, .. } = &self.providers[provider];
        let shared = shared.as_ref().filter(|_| !resolved.is_own(&group.name))?;
        let call = self.names.calls[usize::from(group.operations.first()?.0)].clone();
        let (place, plan_of) = (shared.place.clone(), Arc::clone(&shared.plan_of));
        let mut limiters = vec![first.clone()];
        let mut wrong = None;
        let mut rules = Vec::new();
        for (plan, other) in &shared.others {
            let limits = other.limits(&call).unwrap_or_default();
            match limits.into_iter().find(|limit| limit.name == group.name) {
                Some(of) if alike(group.document(), of.limit, &of.rule) => {
                    rules.push((of.rule.into_owned(), of.figures));
                }
                _ => wrong = Some(plan.clone()),
            }
        }
        for (rule, figures) in rules {
            let Some(made) = rule.limiter(figures, calendar) else { continue };
            limiters.extend(self.dressed(made, group.document()));
        }
        if let Some(plan) = wrong {
            let message = format!(
                "plan `{plan}` has another kind of limit `{}`, which shares cannot mix",
                group.name
            );
            self.contradiction(place, message, "choose one plan, or compare two scenarios");
            return None;
        }
        if limiters.iter().all(|limiter| limiter == first) {
            return None;
        }
        if !group.scope.account {
            let message =
                format!("`{}` is one limit for all accounts, which have several plans", group.name);
            self.contradiction(place, message, "choose one plan");
            return None;
        }
        if group.dynamic.is_some() {
            let message = format!("the figures of `{}` change, and differ by plan", group.name);
            self.contradiction(place, message, "choose one plan, or leave `dynamic` out");
            return None;
        }
        Some(Drawn::Tier(Tiers { limiters, plan_of }))
    }

    /// A plan that changes nothing of what is called.
    pub(super) fn check_plan(&mut self, provider: usize) {
        let of = &self.providers[provider];
        let Some(plan) = &of.raw.plan else { return };
        let calls: Vec<&str> = self.made(provider).collect();
        if !of.resolved.plan_matters(&calls) {
            let place = plan.span();
            let message = "no plan changes a limit of a call that is made";
            self.no_effect(place, message, "leave `plan` out");
        }
    }
}

/// True if a limit differs from another one in its figures only.
fn alike(one: &LimitDocument, other: &LimitDocument, rule: &RuleDocument) -> bool {
    let figures_apart = LimitDocument {
        rule: one.rule.clone(),
        assumed: one.assumed.clone(),
        note: one.note.clone(),
        ..other.clone()
    };
    let revenue = matches!(rule, RuleDocument::Revenue(_)) && *rule != one.rule;
    *one == figures_apart && discriminant(&one.rule) == discriminant(rule) && !revenue
}
