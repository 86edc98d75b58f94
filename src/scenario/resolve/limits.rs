//! The limits that hold for the calls: one rule for each limit and usage plan.

use super::Resolver;
use crate::catalog::{
    AppliedLimit, Calendar, Figures, LimitDocument, RuleDocument, Spanned, TellsDocument, TimeForm,
};
use crate::limiter::{Limit, Limiter, Reason, Rule, Scope};
use crate::scenario::raw::RawDynamic;
use crate::simulation::{Cause, Drawn, PlannedLimit, Tells};
use crate::wire::{Code, Operation, Status};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// One limit of one provider, with the operations that share a usage plan.
pub(super) struct Group {
    pub name: String,
    limit: LimitDocument,
    pub scope: Scope,
    figures: Option<Figures>,
    /// How its figures change, and the key that says so.
    pub dynamic: Option<(Range<usize>, RawDynamic)>,
    pub operations: Vec<Operation>,
}

impl Group {
    /// The limit as it is written.
    pub const fn document(&self) -> &LimitDocument {
        &self.limit
    }
}

/// Levels that are read over time at most; a picture holds no more lines.
const WATCHED: usize = 6;

impl Resolver<'_> {
    /// Turns the limits of all calls into rules, in the order of the catalogues.
    pub(super) fn read_limits(&mut self, start: Option<i64>) {
        let calendar = self.calendar;
        for provider in 0..self.providers.len() {
            let groups = self.groups(provider);
            self.check_shared(provider, &groups);
            for group in groups {
                self.add_limit(provider, group, calendar);
            }
        }
        self.tightest = self.tightest_of_calls();
        for (call, tightest) in self.calls.iter_mut().zip(&self.tightest) {
            call.published = tightest.map(|(_, rate)| rate);
        }
        if start.is_none() && self.limits.iter().any(|limit| limit.rule.limiter.follows_clock()) {
            self.assume(
                "virtual time 0 is midnight UTC, at which windows and days of the clock begin: \
                 the scenario has no `start`",
            );
        }
    }

    /// The rules of a provider: a limit, and the calls that are held to the same figures.
    fn groups(&mut self, provider: usize) -> Vec<Group> {
        let (mut groups, mut unheld): (Vec<Group>, Vec<(u16, String)>) = (Vec::new(), Vec::new());
        let mut alike: HashMap<(String, Scope, Option<Figures>), Vec<usize>> = HashMap::new();
        let calls = self.names.calls.iter().zip(&self.provider_of).zip(0u16..);
        let calls = calls.filter(|((_, of), _)| **of == provider);
        let calls: Vec<(String, u16)> = calls.map(|((call, _), n)| (call.clone(), n)).collect();
        for (call, index) in &calls {
            let changing: HashSet<String> = self.changing(provider, call).into_iter().collect();
            let plan = self.dynamic_of(provider, call);
            let resolved = &self.providers[provider].resolved;
            for applied in resolved.limits(call).unwrap_or_default() {
                let AppliedLimit { name, limit, rule, scope, figures } = applied;
                if scope.key && !self.says_keys(*index) && !resolved.is_own(name) {
                    unheld.push((*index, name.to_string()));
                    continue;
                }
                let dynamic = plan.clone().filter(|_| changing.contains(name));
                let same = |group: &Group| {
                    let plan = |of: &Option<(_, RawDynamic)>| of.as_ref().map(|of| of.1.clone());
                    group.limit.rule == *rule && plan(&group.dynamic) == plan(&dynamic)
                };
                let places = alike.entry((name.to_string(), scope, figures)).or_default();
                match places.iter().find(|place| same(&groups[**place])) {
                    Some(place) => groups[*place].operations.push(Operation(*index)),
                    None => {
                        places.push(groups.len());
                        groups.push(Group {
                            name: name.to_string(),
                            limit: LimitDocument { rule: rule.into_owned(), ..limit.clone() },
                            scope,
                            figures,
                            dynamic,
                            operations: vec![Operation(*index)],
                        });
                    }
                }
            }
        }
        self.assume_unheld(&unheld);
        let resolved = &self.providers[provider].resolved;
        let order: HashMap<&str, usize> =
            resolved.all_limits().enumerate().map(|(place, (name, _))| (name, place)).collect();
        groups.sort_by_key(|group| order.get(group.name.as_str()));
        groups
    }

    fn add_limit(&mut self, provider: usize, group: Group, calendar: Calendar) {
        let rule = &group.limit.rule;
        let (limiter, drawn) = match (rule, rule.limiter(group.figures, calendar)) {
            (_, Some(limiter)) => {
                let Some(limiter) = self.dressed(limiter, &group.limit) else { return };
                let tiers = self.tiers(provider, &group, (&limiter, calendar));
                (limiter, tiers)
            }
            (RuleDocument::Revenue(document), None) => {
                let rule = document.rule(calendar);
                self.revenue_limiter(provider, rule)
            }
            (_, None) => return,
        };
        let (limiter, drawn) = match &group.dynamic {
            Some(dynamic) => self.change_plan(limiter, dynamic),
            None => (limiter, drawn),
        };
        if *group.limit.tells.rate_header.get_ref() {
            self.tell_rate(provider, &group, &limiter);
        }
        let causes = self.causes_of(provider, &group);
        let scope = group.scope;
        let shown = if scope.operation { group.operations.len() } else { 1 };
        let operations = group.operations;
        let count_rejected = *group.limit.count_rejected.get_ref();
        let nodes = group.limit.nodes.as_ref().map_or(1, |nodes| *nodes.get_ref());
        let rule = Rule { limiter, scope, operations, count_rejected, nodes };
        let tells = tells(&group.limit.tells);
        let watched = self.watched + shown <= WATCHED;
        self.watched += if watched { shown } else { 0 };
        self.limits.push(PlannedLimit { rule, causes, drawn, watched, tells });
        self.names.limits.push(group.name);
        self.documents.push(group.limit);
    }

    /// A rule's limiter with what its limit says besides: the unit that it counts, and a pause
    /// after a refusal.
    pub(super) fn dressed(&mut self, limiter: Limiter, limit: &LimitDocument) -> Option<Limiter> {
        let limiter = self.counting(limiter, limit.counts.as_ref())?;
        Some(match &limit.cool_down {
            Some(lasts) => limiter.cooling(lasts.get_ref().0),
            None => limiter,
        })
    }

    /// The calls of a limit carry its rate in a header; of one limit only.
    fn tell_rate(&mut self, provider: usize, group: &Group, limiter: &Limiter) {
        let dynamic = matches!(limiter, Limiter::Dynamic(_));
        let number = dynamic.then(|| self.index(self.limits.len(), "limits"));
        let mut taken = None;
        for operation in group.operations.iter().map(|operation| usize::from(operation.0)) {
            let call = &mut self.calls[operation];
            taken = taken.or(call.header.map(|_| operation));
            (call.header, call.dynamic) = (limiter.published(), number);
        }
        if let Some(call) = taken {
            let own = self.providers[provider].resolved.is_own(&group.name);
            let catalog = self.providers[provider].raw.catalog.as_ref();
            let place = match (own, catalog) {
                (false, Some(catalog)) => catalog.span(),
                _ => group.limit.tells.rate_header.span(),
            };
            let (call, name) = (&self.names.calls[call], &group.name);
            let message = format!("`{call}` has two rate headers: `{name}` sends the second one");
            self.contradiction(place, message, "write `rate_header` for one of its limits only");
        }
    }

    /// The causes of a limit's refusals: its own name, or the parts that a revenue-derived quota
    /// refuses for.
    fn causes_of(&mut self, provider: usize, group: &Group) -> Vec<(Reason, u16)> {
        let tells = &group.limit.tells;
        let status = Status(*tells.status.get_ref());
        let retry_after = tells.retry_after.as_ref().map(|form| tells.stamp(*form.get_ref()));
        let told = Cause { status, code: self.code(tells.code.as_ref()), retry_after };
        let RuleDocument::Revenue(revenue) = &group.limit.rule else {
            let name = self.cause_name(provider, &group.name);
            return vec![(Reason::Limit, self.cause(&name, told))];
        };
        let closed = Status(*revenue.lost_status.get_ref());
        let parts = [
            (Reason::PerSecond, "per-second", status),
            (Reason::PerDay, "per-day", status),
            (Reason::NotActive, "not-active", closed),
            (Reason::AccessLost, "access-lost", closed),
        ];
        parts
            .map(|(reason, name, status)| {
                let name = self.cause_name(provider, name);
                let code = told.code.filter(|_| status == told.status);
                (reason, self.cause(&name, Cause { status, code, ..told }))
            })
            .to_vec()
    }

    /// With several providers a cause is named after its own.
    fn cause_name(&self, provider: usize, name: &str) -> String {
        match self.providers.len() {
            0 | 1 => name.to_string(),
            _ => format!("{} {name}", self.providers[provider].name),
        }
    }

    /// The index of an error code; a new one if it has not been seen.
    fn code(&mut self, name: Option<&String>) -> Option<Code> {
        let name = name?;
        if let Some(code) = self.known_code(name) {
            return Some(code);
        }
        let code = self.index(self.names.codes.len(), "error codes");
        self.names.codes.push(name.clone());
        self.indices.codes.insert(name.clone(), code);
        Some(Code(code))
    }

    fn cause(&mut self, name: &str, cause: Cause) -> u16 {
        let known = self.indices.causes.get(name).into_iter().flatten();
        if let Some(known) = known.copied().find(|of| self.causes[usize::from(*of)] == cause) {
            return known;
        }
        self.new_cause(name, cause)
    }

    /// The index of a cause that is not there yet.
    pub(super) fn new_cause(&mut self, name: &str, cause: Cause) -> u16 {
        let index = self.index(self.causes.len(), "causes of refusals");
        self.names.causes.push(name.to_string());
        self.causes.push(cause);
        self.indices.causes.entry(name.to_string()).or_default().push(index);
        index
    }
}

/// What answers tell of a limit.
fn tells(written: &TellsDocument) -> Tells {
    let stamp =
        |form: &Option<Spanned<TimeForm>>| form.as_ref().map(|form| written.stamp(*form.get_ref()));
    let (reset, next) = (stamp(&written.reset), stamp(&written.next));
    Tells { remaining: written.tells_remaining(), reset, next }
}

/// A limiter, or what it is drawn from for each account.
pub(super) type Made = (Limiter, Option<Drawn>);
