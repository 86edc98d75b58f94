//! A revenue-derived quota noted day by day: the first caller's, in the partition that has it.
//!
//! Reading changes nothing: a limit tells its quota at any instant without being rolled there.

use super::plan::Plan;
use super::provider::Provider;
use crate::limiter::{Limiter, Revenue};
use crate::metrics::QuotaDay;
use crate::units::Instant;
use crate::wire::{Caller, Operation};

/// The days of the first caller's quota so far.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    quota: Option<(usize, Operation)>,
    /// The end of the day that is under way, if there is a quota.
    ends: Option<Instant>,
    days: Vec<QuotaDay>,
}

impl Calendar {
    /// At the origin.
    pub fn new(plan: &Plan, provider: &Provider<'_>) -> Self {
        let quota = plan.watched().into_iter().find_map(|(rule, operation)| {
            let revenue = revenue(provider, rule, operation)?;
            Some(((rule, operation), revenue.day_end(Instant::ORIGIN)))
        });
        Self { quota: quota.map(|(of, _)| of), ends: quota.map(|(_, ends)| ends), days: Vec::new() }
    }

    /// Notes the days that have ended by `now`, before what happens now.
    #[inline]
    pub fn read(&mut self, now: Instant, provider: &Provider<'_>) {
        while self.ends.is_some_and(|ends| ends <= now) {
            self.close_day(provider);
        }
    }

    /// Notes the quota of the day that ends, and what of it was used.
    #[cold]
    fn close_day(&mut self, provider: &Provider<'_>) {
        let (Some((rule, operation)), Some(ends)) = (self.quota, self.ends.take()) else { return };
        let Some(revenue) = revenue(provider, rule, operation) else { return };
        let last = Instant::from_nanos(ends.as_nanos() - 1);
        let quota = revenue.quota(last);
        let day = u32::try_from(self.days.len()).unwrap_or(u32::MAX);
        self.days.push(QuotaDay {
            day,
            phase: quota.phase,
            revenue: quota.revenue,
            per_day: quota.per_day,
            per_second: quota.per_second,
            used: quota.used,
        });
        self.ends = Some(revenue.day_end(ends));
    }

    /// The days that were noted, to move them elsewhere.
    pub const fn days_mut(&mut self) -> &mut Vec<QuotaDay> {
        &mut self.days
    }
}

/// The first caller's revenue-derived quota, if that is what the rule is.
fn revenue<'a>(
    provider: &'a Provider<'_>,
    rule: usize,
    operation: Operation,
) -> Option<&'a Revenue> {
    match provider.gate().limiter(rule, Caller::default(), operation) {
        Some(Limiter::Revenue(revenue)) => Some(revenue),
        _ => None,
    }
}
