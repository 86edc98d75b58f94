//! Levels of limits read over time, and a revenue-derived quota noted day by day.
//!
//! Only the first caller's are watched, by the island that it belongs to. Reading changes nothing:
//! a limit tells its level at any later instant without being rolled there.

use super::plan::Plan;
use super::provider::Provider;
use crate::limiter::{Limit, Limiter, Revenue};
use crate::metrics::{Levels, QuotaDay};
use crate::units::Instant;
use crate::wire::{Caller, Operation};

/// A limit whose level is read over time.
#[derive(Debug)]
struct Watch {
    rule: usize,
    operation: Operation,
    levels: Levels,
}

/// A revenue-derived quota that is noted day by day.
#[derive(Debug)]
struct Calendar {
    rule: usize,
    operation: Operation,
    /// The end of the day that is under way.
    ends: Instant,
}

/// All that is watched in a run.
#[derive(Debug, Default)]
pub(super) struct Watches {
    watches: Vec<Watch>,
    /// When all of them are read next, if there are any.
    next_reading: Option<Instant>,
    calendar: Option<Calendar>,
    days: Vec<QuotaDay>,
    /// When there is anything to do, if ever.
    due: Option<Instant>,
}

impl Watches {
    /// What a plan watches, at the origin.
    pub fn new(plan: &Plan, provider: &Provider<'_>) -> Self {
        let watch = |(rule, operation)| Watch { rule, operation, levels: Levels::default() };
        let watches: Vec<Watch> = plan.watched().into_iter().map(watch).collect();
        let calendar = watches.iter().find_map(|watch| {
            let revenue = revenue(provider, watch.rule, watch.operation)?;
            let ends = revenue.day_end(Instant::ORIGIN);
            Some(Calendar { rule: watch.rule, operation: watch.operation, ends })
        });
        let next_reading = (!watches.is_empty()).then_some(Instant::ORIGIN);
        let mut all = Self { watches, next_reading, calendar, days: Vec::new(), due: None };
        all.due = all.next_due();
        all
    }

    /// Reads the watched levels at every reading's instant up to `now`, before what happens now.
    #[inline]
    pub fn read(&mut self, now: Instant, provider: &Provider<'_>) {
        if self.due.is_some_and(|due| due <= now) {
            self.catch_up(now, provider);
        }
    }

    #[cold]
    fn catch_up(&mut self, now: Instant, provider: &Provider<'_>) {
        while self.next_reading.is_some_and(|at| at <= now) {
            for watch in &mut self.watches {
                let at = watch.levels.next();
                let limiter =
                    provider.gate().limiter(watch.rule, Caller::default(), watch.operation);
                watch.levels.read(limiter.and_then(|limiter| limiter.level(at)).unwrap_or(0));
            }
            self.next_reading = self.watches.first().map(|watch| watch.levels.next());
        }
        while self.calendar.as_ref().is_some_and(|calendar| calendar.ends <= now) {
            self.close_day(provider);
        }
        self.due = self.next_due();
    }

    fn next_due(&self) -> Option<Instant> {
        let day = self.calendar.as_ref().map(|calendar| calendar.ends);
        [self.next_reading, day].into_iter().flatten().min()
    }

    /// Notes the quota of the day that ends, and what of it was used.
    #[cold]
    fn close_day(&mut self, provider: &Provider<'_>) {
        let Some(Calendar { rule, operation, ends }) = self.calendar.take() else { return };
        let Some(revenue) = revenue(provider, rule, operation) else { return };
        let last = Instant::from_nanos(ends.as_nanos() - 1);
        let quota = revenue.quota(last);
        let next = revenue.day_end(ends);
        let day = u32::try_from(self.days.len()).unwrap_or(u32::MAX);
        self.days.push(QuotaDay {
            day,
            phase: quota.phase,
            revenue: quota.revenue,
            per_day: quota.per_day,
            per_second: quota.per_second,
            used: quota.used,
        });
        self.calendar = Some(Calendar { rule, operation, ends: next });
    }

    /// Everything that was read.
    pub fn into_readings(self) -> (Vec<Levels>, Vec<QuotaDay>) {
        (self.watches.into_iter().map(|watch| watch.levels).collect(), self.days)
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
