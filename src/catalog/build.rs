//! Limiters from rules as files write them.

use super::revenue::{Earned, RevenueDocument};
use super::rule::{
    Figures, FixedWindowDocument, RefillDocument, RuleDocument, WindowAdmits, WindowKind,
    WindowMethod,
};
use super::spanned::Spanned;
use crate::limiter::{
    self, Concurrency, FixedWindow, LeakyQueue, Limiter, Lockout, LockoutRule, LockoutWindow,
    Quota, Refill, RevenueRule, Room, SlidingCounter, SlidingLog, TokenBucket,
};
use crate::units::{CalendarUnit, Instant, Period, Span, Zone};
use crate::wire::Status;
use std::sync::Arc;

/// What virtual time 0 is on the calendar, so that minutes and days turn when they really do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Seconds since 1970 UTC; a run without a start begins as a minute and a day do.
    pub start_s: i64,
    /// How long the run is at most, from then on.
    pub length: Span,
}

impl Calendar {
    /// How far the origin is into a window of the clock that began `late` after the epoch.
    #[must_use]
    pub fn offset(self, window: Span, late: Span) -> Span {
        let start = i128::from(self.start_s) * i128::from(Span::SECOND.as_nanos());
        let into =
            (start - i128::from(late.as_nanos())).rem_euclid(i128::from(window.as_nanos().max(1)));
        Span::from_nanos(u64::try_from(into).unwrap_or(0))
    }

    /// When periods of the calendar begin during the run, `late` after midnight by a zone's clocks,
    /// and the first that begins after it.
    fn beginnings(self, zone: &Zone, unit: CalendarUnit, late: Span) -> Arc<[Instant]> {
        let second = i128::from(Span::SECOND.as_nanos());
        let length = self.length.as_nanos().div_ceil(Span::SECOND.as_nanos());
        let end = self.start_s.saturating_add(i64::try_from(length).unwrap_or(i64::MAX));
        let all = zone.beginnings(unit, late, self.start_s, end).into_iter();
        let since = all.map(|at| at - i128::from(self.start_s) * second);
        since.filter_map(|ns| u64::try_from(ns).ok().map(Instant::from_nanos)).collect()
    }
}

/// The limiter of a rule; `None` for a bucket or quota without figures, or a quota that follows
/// revenue, which is made for each account.
#[must_use]
pub fn limiter(
    rule: &RuleDocument,
    figures: Option<Figures>,
    calendar: Calendar,
) -> Option<Limiter> {
    Some(match rule {
        RuleDocument::TokenBucket(bucket) => {
            let Figures { rate, burst } = figures?;
            let refill = match bucket.refill {
                RefillDocument::Tick => Refill::Tick,
                RefillDocument::Continuous => Refill::Continuous,
            };
            let initial = value(bucket.initial.as_ref()).unwrap_or(burst);
            Limiter::TokenBucket(TokenBucket::new(rate, burst, refill, initial))
        }
        RuleDocument::Quota(_) => {
            let Figures { rate, burst } = figures?;
            Limiter::Quota(Quota::new(rate, burst))
        }
        RuleDocument::LeakyQueue(queue) => {
            Limiter::LeakyQueue(LeakyQueue::new(queue.rate.0, queue.wait.0))
        }
        RuleDocument::FixedWindow(rule) => fixed_window(rule, calendar),
        RuleDocument::SlidingWindow(rule) => {
            let (limit, window) = (*rule.limit.get_ref(), rule.window.get_ref().0);
            match rule.method {
                WindowMethod::Log => Limiter::SlidingLog(SlidingLog::new(limit, window)),
                WindowMethod::TwoBucket => {
                    let room = match value(rule.admits.as_ref()).unwrap_or_default() {
                        WindowAdmits::WholeCall => Room::WholeCall,
                        WindowAdmits::AnyRoom => Room::Any,
                    };
                    let offset = calendar.offset(window, Span::ZERO);
                    Limiter::SlidingCounter(SlidingCounter::new(limit, window, offset, room))
                }
            }
        }
        RuleDocument::Concurrency(most) => Limiter::Concurrency(Concurrency::new(*most.get_ref())),
        RuleDocument::Lockout(rule) => {
            let window = rule.window.get_ref().0;
            let kind = match rule.kind {
                WindowKind::Fixed => {
                    LockoutWindow::Fixed { offset: calendar.offset(window, Span::ZERO) }
                }
                WindowKind::Sliding => LockoutWindow::Sliding,
            };
            Limiter::Lockout(Box::new(Lockout::new(LockoutRule {
                statuses: rule.status.get_ref().0.iter().copied().map(Status).collect(),
                count: *rule.count.get_ref(),
                window,
                kind,
                lasts: rule.lasts.as_ref().map(|lasts| lasts.get_ref().0),
                extends: *rule.extends.get_ref(),
            })))
        }
        RuleDocument::Revenue(_) => return None,
    })
}

fn fixed_window(rule: &FixedWindowDocument, calendar: Calendar) -> Limiter {
    let limit = *rule.limit.get_ref();
    let late = rule.offset.as_ref().map_or(Span::ZERO, |late| late.get_ref().0);
    Limiter::FixedWindow(match rule.window.get_ref().0 {
        Period::Span(window) => FixedWindow::new(limit, window, calendar.offset(window, late)),
        Period::Calendar(unit) => {
            let zone = rule.zone.as_ref().and_then(|name| Zone::named(name.get_ref()));
            let begins = calendar.beginnings(&zone.unwrap_or_default(), unit, late);
            FixedWindow::of_calendar(limit, unit, begins)
        }
    })
}

fn value<T: Copy>(written: Option<&Spanned<T>>) -> Option<T> {
    written.map(|written| *written.get_ref())
}

/// The figures of a revenue-derived quota, for an account that signed up as the run begins.
#[must_use]
pub fn revenue_rule(document: &RevenueDocument, calendar: Calendar) -> RevenueRule {
    let days = |span: Span| u32::try_from(span.as_nanos().div_ceil(Span::DAY.as_nanos()));
    let days = |span| days(span).unwrap_or(u32::MAX);
    RevenueRule {
        account_age: Span::ZERO,
        activation: document.activation.0,
        initial_period: document.initial_period.0,
        initial_tps: *document.initial_tps.get_ref(),
        initial_tpd: *document.initial_tpd.get_ref(),
        per_tpd: document.per_tpd.get_ref().0,
        per_tps: document.per_tps.get_ref().0,
        max_tps: *document.max_tps.get_ref(),
        min_tps: document.min_tps,
        earned: match document.earned {
            Earned::Replaces => limiter::Earned::Replaces,
            Earned::Adds => limiter::Earned::Adds,
        },
        trailing_days: *document.trailing_days.get_ref(),
        lost_after_days: days(document.lost_after.get_ref().0),
        returns_after_days: days(document.returns_after.0),
        burst: value(document.tps_burst.as_ref()),
        ships_after: Span::ZERO,
        day_offset: calendar.offset(Span::DAY, document.day_start.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_turn_when_the_calendar_does() {
        let calendar = Calendar { start_s: 1_764_201_630, length: Span::DAY };
        assert_eq!(calendar.offset(Span::MINUTE, Span::ZERO), Span::from_secs(30));
        assert_eq!(calendar.offset(Span::DAY, Span::ZERO), Span::from_secs(1_764_201_630 % 86_400));
        assert_eq!(Calendar::default().offset(Span::DAY, Span::HOUR), Span::HOUR.times(23));
    }

    /// A rule without figures takes the defaults of the limiter, and those are the published ones.
    #[test]
    fn the_two_sets_of_defaults_agree() {
        let built = revenue_rule(&RevenueDocument::default(), Calendar::default());
        assert_eq!(built, RevenueRule { ships_after: Span::ZERO, ..RevenueRule::default() });
    }
}
