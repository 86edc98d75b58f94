//! Random instances of every limiter, for its laws.

use crate::limiter::*;
use crate::units::CalendarUnit;
use proptest::prelude::*;
use proptest::strategy::Union;
use std::iter::repeat_n;

pub(super) fn millis(ms: u64) -> Span {
    Span::from_millis(ms)
}

pub(super) fn any_rate() -> impl Strategy<Value = Rate> {
    (1u64..20, 1u64..5_000).prop_map(|(n, ms)| Rate::new(n, millis(ms)).expect("not zero"))
}

fn counter(limit: u32, ms: u64, offset: u64, room: Room) -> SlidingCounter {
    SlidingCounter::new(limit, millis(ms), millis(offset % ms), room)
}

/// Windows of a calendar whose lengths differ.
fn uneven(n: u32, ms: u64, offset: u64) -> FixedWindow {
    // They outlive what a law does in a minute: the last window has no end.
    let lengths = (0..40).map(|k| 1 + (ms + k * offset) % 3_000).chain(repeat_n(3_000, 40));
    let begins = lengths.scan(Instant::ORIGIN, |at, ms| {
        *at += millis(ms);
        Some(*at)
    });
    FixedWindow::of_calendar(n, CalendarUnit::Day, begins.collect())
}

/// Random instances of a limiter. One that has none here does not compile; all laws check it.
pub(super) fn any_of(which: Which) -> BoxedStrategy<Limiter> {
    let window = || (1u32..6, 1u64..4_000, 0u64..4_000, any::<bool>());
    match which {
        Which::TokenBucket => any_bucket().prop_map(Limiter::TokenBucket).boxed(),
        Which::Quota => {
            let quota = |(rate, burst)| Limiter::Quota(Quota::new(rate, burst));
            (any_rate(), 1u32..8).prop_map(quota).boxed()
        }
        Which::LeakyQueue => {
            let queue = |(rate, ms)| Limiter::LeakyQueue(LeakyQueue::new(rate, millis(ms)));
            (any_rate(), 0u64..3_000).prop_map(queue).boxed()
        }
        Which::FixedWindow => {
            let fixed = |(n, ms, offset, of_calendar)| match of_calendar {
                true => Limiter::FixedWindow(uneven(n, ms, offset)),
                false => Limiter::FixedWindow(FixedWindow::new(n, millis(ms), millis(offset % ms))),
            };
            window().prop_map(fixed).boxed()
        }
        Which::SlidingLog => {
            let log = |(n, ms)| Limiter::SlidingLog(SlidingLog::new(n, millis(ms)));
            (1u32..6, 1u64..4_000).prop_map(log).boxed()
        }
        Which::SlidingCounter => {
            let room = |any_room| if any_room { Room::Any } else { Room::WholeCall };
            let counted = move |(n, ms, offset, any_room)| counter(n, ms, offset, room(any_room));
            window().prop_map(counted).prop_map(Limiter::SlidingCounter).boxed()
        }
        Which::Concurrency => {
            (1u32..5).prop_map(|n| Limiter::Concurrency(Concurrency::new(n))).boxed()
        }
        Which::Metered => {
            let counts = |rule: Limiter| rule.counting(0);
            any_simple().prop_filter_map("rules that can count units", counts).boxed()
        }
        Which::Lockout => any_lockout().boxed(),
        Which::Revenue => any_revenue().boxed(),
        Which::Dynamic => prop_oneof![any_dynamic(), any_changing()].boxed(),
        Which::CoolDown => {
            let cooling = |(rule, ms): (Limiter, u64)| rule.cooling(millis(ms));
            (any_simple(), 1u64..4_000).prop_map(cooling).boxed()
        }
    }
}

/// Limiters that are made of another one, or that no other is made of here.
const APART: [Which; 5] =
    [Which::Metered, Which::Lockout, Which::Revenue, Which::Dynamic, Which::CoolDown];

/// Any limiter of one rule, which others are made of.
fn any_simple() -> impl Strategy<Value = Limiter> {
    let simple = Which::ALL.iter().filter(|which| !APART.contains(which));
    Union::new(simple.map(|which| any_of(*which)))
}

pub(super) fn any_plain() -> impl Strategy<Value = Limiter> {
    prop_oneof![
        5 => any_simple(),
        1 => any_of(Which::Lockout),
        1 => any_of(Which::CoolDown),
        1 => any_of(Which::Metered),
    ]
}

pub(super) fn any_limiter() -> impl Strategy<Value = Limiter> {
    prop_oneof![6 => any_plain(), 1 => any_of(Which::Revenue), 2 => any_of(Which::Dynamic)]
}

fn any_bucket() -> impl Strategy<Value = TokenBucket> {
    (any_rate(), 1u32..8, any::<bool>(), 0u32..8).prop_map(|(rate, burst, tick, initial)| {
        let refill = if tick { Refill::Tick } else { Refill::Continuous };
        TokenBucket::new(rate, burst, refill, initial)
    })
}

fn any_lockout() -> impl Strategy<Value = Limiter> {
    let lasts = prop::option::of(1u64..4_000);
    (1u32..4, 1u64..4_000, any::<bool>(), lasts, any::<bool>()).prop_map(
        |(count, ms, sliding, lasts, extends)| {
            let fixed = LockoutWindow::Fixed { offset: Span::ZERO };
            let kind = if sliding { LockoutWindow::Sliding } else { fixed };
            let (statuses, window) = (vec![Status::BAD_REQUEST], millis(ms));
            let lasts = lasts.map(millis);
            let rule = LockoutRule { statuses, count, window, kind, lasts, extends };
            Limiter::Lockout(Box::new(Lockout::new(rule)))
        },
    )
}

/// A bucket with up to five changes of its plan.
pub(super) fn any_dynamic() -> impl Strategy<Value = Limiter> {
    let changes = prop::collection::vec((0u64..20_000, any_rate(), 1u32..8), 0..5);
    (any_rate(), 1u32..8, any::<bool>(), changes).prop_map(|(rate, burst, tick, changes)| {
        let refill = if tick { Refill::Tick } else { Refill::Continuous };
        let change = |(ms, rate, burst)| (ms, Terms::Rate { rate, burst });
        let bucket = TokenBucket::new(rate, burst, refill, burst);
        changing(Limiter::TokenBucket(bucket), changes.into_iter().map(change).collect())
    })
}

/// A limiter with these changes \[ms\] of what it allows.
pub(super) fn changing(limit: Limiter, changes: Vec<(u64, Terms)>) -> Limiter {
    let change = |(ms, terms)| Change { at: Instant::ORIGIN + millis(ms), terms };
    let mut changes: Vec<Change> = changes.into_iter().map(change).collect();
    changes.sort_by_key(|change| change.at);
    changes.dedup_by_key(|change| change.at);
    Limiter::Dynamic(Box::new(Dynamic::new(limit, changes.into())))
}

/// Any limiter with up to five changes of what it allows, if it can change.
fn any_changing() -> impl Strategy<Value = Limiter> {
    let changes = prop::collection::vec((0u64..20_000, any_rate(), 1u32..8), 0..5);
    (any_plain(), changes).prop_map(|(limit, changes)| {
        let change = |(ms, rate, number)| match limit.terms() {
            Some(Terms::Number(_)) => (ms, Terms::Number(number)),
            _ => (ms, Terms::Rate { rate, burst: number }),
        };
        let changes = changes.into_iter().map(change).collect();
        changing(limit, changes)
    })
}

/// Days are a day long, so that these run on another scale of time than the others: quotas of a few
/// requests a day, and months in which nothing ships.
fn any_revenue() -> impl Strategy<Value = Limiter> {
    let daily = prop::collection::vec(prop_oneof![Just(0u64), 0u64..40], 0..90);
    (daily, 0u64..60, 0u32..2, any::<bool>()).prop_map(|(cents, age, min_tps, adds)| {
        let rule = RevenueRule {
            account_age: Span::DAY.times(age),
            initial_tpd: 3,
            min_tps,
            earned: if adds { Earned::Adds } else { Earned::Replaces },
            day_offset: Span::HOUR.times(age % 24),
            ..RevenueRule::default()
        };
        let daily: Vec<Money> = cents.into_iter().map(Money::from_cents).collect();
        let income = Income::new(daily.into(), -20, Beyond::Nothing);
        Limiter::Revenue(Box::new(Revenue::new(rule.into(), income)))
    })
}
