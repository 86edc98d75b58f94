//! The limits that hold for the calls: one rule for each limit and usage plan.

use super::Meaning;
use crate::catalog::{
    self, AppliedLimit, Calendar, Figures, FiguresOf, LimitDocument, RuleDocument,
};
use crate::limiter::{Limiter, Reason, Rule, Scope};
use crate::scenario::written::DynamicWritten;
use crate::simulation::{Cause, Drawn, PlannedLimit};
use crate::wire::{Code, Operation, Status};

/// One limit of one provider, with the operations that share a usage plan.
struct Group {
    name: String,
    limit: LimitDocument,
    scope: Scope,
    figures: Option<Figures>,
    /// How its plan changes; such a call has a group of its own.
    dynamic: Option<DynamicWritten>,
    operations: Vec<Operation>,
}

/// Levels that are read over time at most; a picture holds no more lines.
const WATCHED: usize = 6;

impl Meaning<'_> {
    /// Turns the limits of all calls into rules, in the order of the catalogues.
    pub(super) fn read_limits(&mut self, start: Option<i64>) {
        let calendar = Calendar { start_s: start.unwrap_or(0) };
        for provider in 0..self.providers.len() {
            for group in self.groups(provider) {
                self.add_limit(provider, group, calendar);
            }
        }
        for call in 0..self.calls.len() {
            let Ok(index) = u16::try_from(call) else { continue };
            self.calls[call].published = self.tightest(Operation(index)).map(|(_, rate)| rate);
        }
        if start.is_none() && self.limits.iter().any(|limit| keeps_calendar(&limit.rule.limiter)) {
            self.assumptions.push(
                "virtual time 0 is midnight UTC, at which windows and days of the clock begin: \
                 the scenario has no `start`"
                    .into(),
            );
        }
    }

    fn groups(&self, provider: usize) -> Vec<Group> {
        let resolved = &self.providers[provider].resolved;
        let mut groups: Vec<Group> = Vec::new();
        let calls = self.names.calls.iter().zip(&self.provider_of).zip(0u16..);
        for ((call, _), index) in calls.filter(|((_, of), _)| **of == provider) {
            for applied in resolved.limits(call).unwrap_or_default() {
                let AppliedLimit { name, limit, scope, figures } = applied;
                let own_plan = scope.operation && limit.figures == FiguresOf::Operation;
                let dynamic = self.dynamic_of(provider, call).filter(|_| own_plan);
                let same = |group: &&mut Group| {
                    let plan = dynamic.is_none() && group.dynamic.is_none();
                    plan && group.name == name && group.scope == scope && group.figures == figures
                };
                match groups.iter_mut().find(same) {
                    Some(group) => group.operations.push(Operation(index)),
                    None => groups.push(Group {
                        name: name.to_string(),
                        limit: limit.clone(),
                        scope,
                        figures,
                        dynamic: dynamic.clone(),
                        operations: vec![Operation(index)],
                    }),
                }
            }
        }
        let order: Vec<&str> = resolved.all_limits().map(|(name, _)| name).collect();
        groups.sort_by_key(|group| order.iter().position(|name| *name == group.name));
        groups
    }

    fn add_limit(&mut self, provider: usize, group: Group, calendar: Calendar) {
        let rule = &group.limit.rule;
        let (limiter, drawn) = match (rule, catalog::limiter(rule, group.figures, calendar)) {
            (_, Some(limiter)) => (limiter, None),
            (RuleDocument::Revenue(document), None) => {
                let rule = catalog::revenue_rule(document, calendar);
                self.revenue_limiter(provider, rule)
            }
            (_, None) => return,
        };
        let (limiter, drawn) = match (&group.dynamic, group.figures) {
            (Some(dynamic), Some(figures)) => self.change_plan(limiter, figures, dynamic),
            _ => (limiter, drawn),
        };
        if group.limit.tells.rate_header {
            for operation in &group.operations {
                let header = group.figures.map(|figures| figures.rate);
                let call = &mut self.calls[usize::from(operation.0)];
                call.header = header;
                let dynamic = matches!(limiter, Limiter::Dynamic(_));
                call.dynamic = u16::try_from(self.limits.len()).ok().filter(|_| dynamic);
            }
        }
        let causes = self.causes_of(provider, &group);
        let scope = group.scope;
        let shown = if scope.operation { group.operations.len() } else { 1 };
        let watched: usize = self.watched_levels();
        let operations = group.operations;
        let rule = Rule { limiter, scope, operations, count_rejected: group.limit.count_rejected };
        let watched = watched + shown <= WATCHED;
        self.limits.push(PlannedLimit { rule, causes, drawn, watched });
        self.names.limits.push(group.name);
    }

    fn watched_levels(&self) -> usize {
        let watched = self.limits.iter().filter(|limit| limit.watched);
        let shown = |limit: &PlannedLimit| match limit.rule.scope.operation {
            true => limit.rule.operations.len(),
            false => 1,
        };
        watched.map(shown).sum()
    }

    /// The causes of a limit's refusals: its own name, or the parts that a revenue-derived quota
    /// refuses for.
    fn causes_of(&mut self, provider: usize, group: &Group) -> Vec<(Reason, u16)> {
        let tells = &group.limit.tells;
        let status = Status(*tells.status.get_ref());
        let retry_after = tells.retry_after.map(|unit| unit.span());
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
        let known = self.names.codes.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.names.codes.push(name.clone());
            self.names.codes.len() - 1
        });
        u16::try_from(place).ok().map(Code)
    }

    fn cause(&mut self, name: &str, cause: Cause) -> u16 {
        let mut known = self.names.causes.iter().zip(&self.causes);
        let place = known.position(|(known, of)| known == name && *of == cause);
        let place = place.unwrap_or_else(|| {
            self.names.causes.push(name.to_string());
            self.causes.push(cause);
            self.causes.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

const fn keeps_calendar(limiter: &Limiter) -> bool {
    matches!(limiter, Limiter::FixedWindow(_) | Limiter::Lockout(_) | Limiter::Revenue(_))
}

/// A limiter, or what it is drawn from for each account.
pub(super) type Made = (Limiter, Option<Drawn>);
