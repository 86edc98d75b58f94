//! `[provider.NAME.dynamic."CALL"]`: limits whose figures change by schedule or by a seeded walk.
//!
//! ```text
//!   call ──► its plan: by name, or by the first pattern ──► the limits that it changes
//!   change ──► factor, or figures of the limit's own kind ──► Terms
//! ```
//!
//! A limit that several calls share has one plan: theirs must be the same.

use super::Resolver;
use super::limits::{Group, Made};
use crate::catalog::{ProblemKind, Quantity, Spanned, Unclear, and_listed, means, one_of};
use crate::limiter::{Change, Dynamic, Limiter, Scope, Terms};
use crate::scenario::raw::{RawChange, RawDynamic, RawWalk};
use crate::simulation::{Drawn, PlanWalk};
use crate::units::{Instant, Share, Span};
use std::collections::HashMap;
use std::ops::Range;

/// The factors that a plan may change by.
const FACTORS: std::ops::RangeInclusive<f64> = 0.001..=100.0;
/// The least time between two steps of a walk.
const SHORTEST: Span = Span::MINUTE;

impl Resolver<'_> {
    /// How a call's plan changes, if the scenario says so, and the key that says it.
    pub(super) fn dynamic_of(
        &self,
        provider: usize,
        call: &str,
    ) -> Option<(Range<usize>, RawDynamic)> {
        let plans = &self.providers[provider].raw.dynamic;
        let by_pattern = || plans.iter().find(|(name, _)| means(name.get_ref(), call));
        let found = plans.get_key_value(call).or_else(by_pattern);
        found.map(|(name, plan)| (name.span(), plan.clone()))
    }

    /// The limits of a call whose figures change, or nothing and a problem.
    pub(super) fn changing(&mut self, provider: usize, call: &str) -> Vec<String> {
        let Some((place, plan)) = self.dynamic_of(provider, call) else { return Vec::new() };
        let resolved = &self.providers[provider].resolved;
        if let Some(named) = &plan.limits {
            return self.changing_by_name(provider, call, named);
        }
        match resolved.changing(call) {
            Ok(limits) => {
                let limits = limits.into_iter().map(String::from).collect();
                self.note_undeclared(provider, call);
                limits
            }
            Err(Unclear::None) => {
                let message = format!("no limit of `{call}` has figures that can change");
                self.no_effect(place, message, "leave its dynamic plan out");
                Vec::new()
            }
            Err(Unclear::Several(names)) => {
                let message = format!("`{call}` has several limits that can change");
                let help = format!(
                    "name those that do: limits = [\"{}\"]; there are {}",
                    names[0],
                    and_listed(&names)
                );
                self.contradiction(place, message, &help);
                Vec::new()
            }
        }
    }

    fn changing_by_name(
        &mut self,
        provider: usize,
        call: &str,
        named: &Spanned<Vec<Spanned<String>>>,
    ) -> Vec<String> {
        let resolved = &self.providers[provider].resolved;
        let limits = resolved.limits(call).unwrap_or_default();
        let known: Vec<&str> = limits.iter().map(|limit| limit.name).collect();
        let places: HashMap<&str, usize> =
            known.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for name in named.get_ref() {
            match places.get(name.get_ref().as_str()).map(|place| &limits[*place]) {
                Some(limit) if limit.rule.can_change() => found.push(name.get_ref().clone()),
                Some(limit) => {
                    let message = format!("{} has no figures that can change", limit.rule.what());
                    wrong.push((
                        ProblemKind::NoEffect,
                        name.span(),
                        message,
                        "leave it out".to_string(),
                    ));
                }
                None => {
                    let message = format!("no limit `{}` holds for `{call}`", name.get_ref());
                    let kind = ProblemKind::unknown(name.get_ref());
                    wrong.push((kind, name.span(), message, one_of(name.get_ref(), &known)));
                }
            }
        }
        if named.get_ref().is_empty() {
            let help = "name one or more, or leave `limits` out".to_string();
            let kind = ProblemKind::Missing { what: "limits".into() };
            wrong.push((kind, named.span(), "no limit changes".into(), help));
        }
        for (kind, place, message, help) in wrong {
            self.wrong(kind, Some(place), message, &help);
        }
        self.note_undeclared(provider, call);
        found
    }

    /// A plan that changes is a guess where the call's page says nothing of it.
    fn note_undeclared(&mut self, provider: usize, call: &str) {
        let facts = self.providers[provider].resolved.operation(call);
        let guess = format!("`{call}` has a dynamic plan: its page says none");
        if facts.is_ok_and(|facts| !facts.dynamic) {
            self.assume(guess);
        }
    }

    /// Calls that share a limit cannot have different figures of the scenario's own, or plans.
    pub(super) fn check_shared(&mut self, provider: usize, groups: &[Group]) {
        let own = |group: &Group| {
            let plan = group.dynamic.as_ref().map(|(place, _)| place.clone());
            plan.or_else(|| self.figures_of(provider, group))
        };
        let mut wrong = Vec::new();
        let mut firsts: HashMap<(&str, Scope), &Group> = HashMap::new();
        for group in groups {
            let other = *firsts.entry((group.name.as_str(), group.scope)).or_insert(group);
            if std::ptr::eq(other, group) {
                continue;
            }
            if group.scope.operation {
                continue;
            }
            let Some(key) = own(group).or_else(|| own(other)) else { continue };
            let calls = [other, group].map(|group| {
                let first = group.operations.first().map_or(0, |first| usize::from(first.0));
                self.names.calls[first].as_str()
            });
            let name = &group.name;
            let message = format!(
                "`{name}` is one limit for {} together: its figures cannot differ by call",
                and_listed(&calls)
            );
            let help = format!(
                "write the same for all of them, under a pattern such as `GET /**`; or add \
                 \"operation\" to the scope of `{name}`"
            );
            wrong.push((key, message, help));
        }
        for (place, message, help) in wrong {
            self.contradiction(place, message, &help);
        }
    }

    /// The key of the scenario's own figures for any call of a group.
    fn figures_of(&self, provider: usize, group: &Group) -> Option<Range<usize>> {
        let calls = group.operations.iter().map(|operation| usize::from(operation.0));
        let figures = &self.providers[provider].raw.operation;
        let mut keys = calls.filter_map(|call| {
            figures.keys().find(|key| means(key.get_ref(), &self.names.calls[call]))
        });
        keys.next().map(Spanned::span)
    }

    /// A limiter whose figures change.
    pub(super) fn change_plan(
        &mut self,
        limiter: Limiter,
        (key, raw): &(Range<usize>, RawDynamic),
    ) -> Made {
        match (&raw.schedule, &raw.walk) {
            (Some(schedule), None) => {
                let changes = self.changes(&limiter, schedule);
                (Limiter::Dynamic(Box::new(Dynamic::new(limiter, changes.into()))), None)
            }
            (None, Some(walk)) => {
                self.check_walk(walk);
                let walk = walk.get_ref();
                let drawn = PlanWalk {
                    limit: limiter.clone(),
                    every: walk.every.0.max(SHORTEST),
                    spread: walk.spread,
                    least: walk.least.unwrap_or(0.1),
                    most: walk.most.unwrap_or(10.0),
                    end: self.horizon(),
                };
                let plain = Dynamic::new(limiter, [].into());
                (Limiter::Dynamic(Box::new(plain)), Some(Drawn::Plan(drawn)))
            }
            (Some(_), Some(walk)) => {
                let help = "keep `schedule`, or `walk`";
                self.contradiction(walk.span(), "both `schedule` and `walk` are given", help);
                (limiter, None)
            }
            (None, None) => {
                let help = "write schedule = [{ at = \"1h\", factor = 0.5 }], or walk = { … }";
                self.incomplete(key.clone(), "neither `schedule` nor `walk` is given", help);
                (limiter, None)
            }
        }
    }

    fn changes(&mut self, limiter: &Limiter, schedule: &Spanned<Vec<RawChange>>) -> Vec<Change> {
        let Some(published) = limiter.terms() else { return Vec::new() };
        let (mut changes, end) = (Vec::<Change>::new(), self.horizon());
        if schedule.get_ref().is_empty() {
            let help = "write [{ at = \"1h\", factor = 0.5 }]";
            self.incomplete(schedule.span(), "a schedule without a change", help);
        }
        for change in schedule.get_ref() {
            let at = Instant::ORIGIN + change.at.0;
            if changes.last().is_some_and(|last| last.at >= at) {
                let message =
                    format!("the change at {} does not follow the one before", change.at.0);
                self.out_of_range(schedule.span(), message, "write them in order of time");
            }
            if change.at.0 >= end {
                let message = format!("the change at {} comes after the end", change.at.0);
                let help = format!("the run and its drain are over at {end}");
                self.no_effect(schedule.span(), message, &help);
            }
            let terms = match published {
                Terms::Rate { .. } => self.rate_terms(published, change, schedule.span()),
                Terms::Number(_) => self.number_terms(published, change, schedule.span()),
            };
            changes.extend(terms.map(|terms| Change { at, terms }));
        }
        changes
    }

    /// What a change makes of a rate and a burst.
    fn rate_terms(
        &mut self,
        published: Terms,
        change: &RawChange,
        place: Range<usize>,
    ) -> Option<Terms> {
        if let Some(limit) = &change.limit {
            let help = "write factor = 0.33, or rate = \"0.0055/s\"";
            self.no_effect(limit.span(), "a rate has no `limit` to change", help);
            return None;
        }
        let zero = change.burst.as_ref().filter(|burst| *burst.get_ref() == 0);
        if let Some(burst) = zero {
            self.out_of_range(burst.span(), "a burst of 0 admits nothing", "write 1 or more");
        }
        let changed = match (&change.factor, &change.rate) {
            (Some(factor), None) => self.scaled(published, factor),
            (None, Some(rate)) => {
                let Quantity(rate) = *rate.get_ref();
                Some(Terms::Rate { rate, burst: 1 })
            }
            (None, None) if change.burst.is_some() => Some(published),
            (Some(_), Some(_)) | (None, None) => {
                let help = "write factor = 0.33, or rate = \"0.0055/s\"";
                self.contradiction(place, "a change is a factor or a rate", help);
                None
            }
        };
        let (Some(Terms::Rate { rate, .. }), Terms::Rate { burst, .. }) = (changed, published)
        else {
            return None;
        };
        let burst = change.burst.as_ref().map_or(burst, |burst| *burst.get_ref()).max(1);
        Some(Terms::Rate { rate, burst })
    }

    /// What a change makes of a window's limit, or of a concurrency.
    fn number_terms(
        &mut self,
        published: Terms,
        change: &RawChange,
        place: Range<usize>,
    ) -> Option<Terms> {
        let rate = change.rate.as_ref().map(|rate| (rate.span(), "rate"));
        let burst = change.burst.as_ref().map(|burst| (burst.span(), "burst"));
        if let Some((place, key)) = rate.or(burst) {
            let message = format!("a window and a concurrency limit have no `{key}` to change");
            self.no_effect(place, message, "write factor = 0.33, or limit = 20");
            return None;
        }
        match (&change.factor, &change.limit) {
            (Some(factor), None) => self.scaled(published, factor),
            (None, Some(limit)) => {
                if *limit.get_ref() == 0 {
                    self.out_of_range(
                        limit.span(),
                        "a limit of 0 admits nothing",
                        "write 1 or more",
                    );
                }
                Some(Terms::Number((*limit.get_ref()).max(1)))
            }
            (Some(_), Some(_)) | (None, None) => {
                let help = "write factor = 0.33, or limit = 20";
                self.contradiction(place, "a change is a factor or a limit", help);
                None
            }
        }
    }

    fn scaled(&mut self, published: Terms, factor: &Spanned<f64>) -> Option<Terms> {
        let times = *factor.get_ref();
        if !FACTORS.contains(&times) {
            let message = format!("a factor of {times}");
            self.out_of_range(factor.span(), message, "write 0.001 to 100");
            return None;
        }
        if let Terms::Number(number) = published
            && f64::from(number) * times < 0.5
        {
            let message = format!("{times} of {number} calls is less than one");
            self.out_of_range(factor.span(), message, "write a greater factor, or limit = 1");
        }
        published.times(Share::from_fraction(times))
    }

    fn check_walk(&mut self, raw: &Spanned<RawWalk>) {
        let walk = raw.get_ref();
        let (least, most) = (walk.least.unwrap_or(0.1), walk.most.unwrap_or(10.0));
        let sound = FACTORS.contains(&least) && FACTORS.contains(&most) && least <= 1.0;
        if !sound || most < 1.0 {
            let message = format!("a plan between {least} and {most} of the published one");
            self.out_of_range(
                raw.span(),
                message,
                "the published one, 1, lies between 0.001 and 100",
            );
        }
        if !(0.0..=5.0).contains(&walk.spread) {
            let message = format!("a spread of {}", walk.spread);
            self.out_of_range(raw.span(), message, "write 0 (it stays) to 5");
        }
        if walk.every.0 < SHORTEST {
            let message = format!("a change every {}", walk.every.0);
            self.out_of_range(raw.span(), message, &format!("write {SHORTEST} or more"));
        }
        if walk.every.0 >= self.horizon() {
            let message = format!("a change every {} comes after the end", walk.every.0);
            let help = format!("the run and its drain are over at {}", self.horizon());
            self.no_effect(raw.span(), message, &help);
        }
    }
}
