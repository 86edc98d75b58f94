//! Laws that every limiter keeps, over random timelines.

mod changes;
mod costs;
mod envelope;
mod penalties;
mod scopes;
mod told;
mod usage;
mod windows;

use super::*;
use crate::units::CalendarUnit;
use crate::wire::{Caller, Operation};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::iter::repeat_n;

fn millis(ms: u64) -> Span {
    Span::from_millis(ms)
}

fn any_rate() -> impl Strategy<Value = Rate> {
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

fn any_limiter() -> impl Strategy<Value = Limiter> {
    prop_oneof![6 => any_plain(), 1 => any_revenue(), 1 => any_dynamic(), 1 => any_changing()]
}

fn any_plain() -> impl Strategy<Value = Limiter> {
    let bucket =
        (any_rate(), 1u32..8, any::<bool>(), 0u32..8).prop_map(|(rate, burst, tick, initial)| {
            let refill = if tick { Refill::Tick } else { Refill::Continuous };
            Limiter::TokenBucket(TokenBucket::new(rate, burst, refill, initial))
        });
    let quota =
        (any_rate(), 1u32..8).prop_map(|(rate, burst)| Limiter::Quota(Quota::new(rate, burst)));
    let queue = (any_rate(), 0u64..3_000)
        .prop_map(|(rate, wait)| Limiter::LeakyQueue(LeakyQueue::new(rate, millis(wait))));
    let window =
        (1u32..6, 1u64..4_000, 0u64..4_000, 0u8..5).prop_map(|(n, ms, offset, kind)| match kind {
            0 => Limiter::FixedWindow(FixedWindow::new(n, millis(ms), millis(offset % ms))),
            1 => Limiter::SlidingLog(SlidingLog::new(n, millis(ms))),
            2 => Limiter::SlidingCounter(counter(n, ms, offset, Room::WholeCall)),
            3 => Limiter::FixedWindow(uneven(n, ms, offset)),
            _ => Limiter::SlidingCounter(counter(n, ms, offset, Room::Any)),
        });
    let concurrency = (1u32..5).prop_map(|n| Limiter::Concurrency(Concurrency::new(n)));
    let rule = prop_oneof![bucket, quota, queue, window, concurrency].boxed();
    let cooling = (rule.clone(), 1u64..4_000).prop_map(|(rule, ms)| rule.cooling(millis(ms)));
    let counts = |rule: Limiter| rule.counting(0);
    let metered = rule.clone().prop_filter_map("rules that can count units", counts);
    prop_oneof![5 => rule, 1 => any_lockout(), 1 => cooling, 1 => metered]
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

/// Which limiter it is. Whoever adds one is told here, and then by the law below that no random
/// instance of it is made.
const fn kind(limiter: &Limiter) -> usize {
    match limiter {
        Limiter::TokenBucket(_) => 0,
        Limiter::Quota(_) => 1,
        Limiter::LeakyQueue(_) => 2,
        Limiter::FixedWindow(of) => match of.begins() {
            Begins::Even { .. } => 3,
            Begins::Calendar { .. } => 4,
        },
        Limiter::SlidingLog(_) => 5,
        Limiter::SlidingCounter(_) => 6,
        Limiter::Concurrency(_) => 7,
        Limiter::Metered(_) => 8,
        Limiter::Lockout(_) => 9,
        Limiter::Revenue(_) => 10,
        Limiter::Dynamic(_) => 11,
        Limiter::CoolDown(_) => KINDS - 1,
    }
}

const KINDS: usize = 13;

#[test]
fn laws_hold_for_every_limiter() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = [false; KINDS];
    for _ in 0..2_000 {
        let limiter = any_limiter().new_tree(&mut runner).expect("an instance").current();
        seen[kind(&limiter)] = true;
    }
    assert_eq!(seen, [true; KINDS]);
}

/// A bucket with up to five changes of its plan.
fn any_dynamic() -> impl Strategy<Value = Limiter> {
    let changes = prop::collection::vec((0u64..20_000, any_rate(), 1u32..8), 0..5);
    (any_rate(), 1u32..8, any::<bool>(), changes).prop_map(|(rate, burst, tick, changes)| {
        let refill = if tick { Refill::Tick } else { Refill::Continuous };
        let change = |(ms, rate, burst)| (ms, Terms::Rate { rate, burst });
        let bucket = TokenBucket::new(rate, burst, refill, burst);
        changing(Limiter::TokenBucket(bucket), changes.into_iter().map(change).collect())
    })
}

/// A limiter with these changes \[ms\] of what it allows.
fn changing(limit: Limiter, changes: Vec<(u64, Terms)>) -> Limiter {
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

/// Gaps between calls \[ms\] and how each call ends; revenue sees the gaps stretched to hours.
fn any_calls() -> impl Strategy<Value = Vec<(u64, bool)>> {
    prop::collection::vec((prop_oneof![Just(0u64), 0u64..50, 0u64..3_000], any::<bool>()), 1..120)
}

fn scale(limiter: &Limiter) -> u64 {
    if matches!(limiter, Limiter::Revenue(_)) { 40_000 } else { 1 }
}

fn bad() -> Outcome {
    Outcome { status: Status::BAD_REQUEST, earned: Money::ZERO }
}

/// Lets a greedy client call, and gives every instant with its verdict to `see`, before charging.
fn play(
    limiter: &mut Limiter,
    calls: &[(u64, bool)],
    mut see: impl FnMut(&Limiter, Instant, Verdict),
) {
    let scale = scale(limiter);
    let (mut now, mut running) = (Instant::ORIGIN, 0);
    for (gap, ends) in calls {
        now += millis(gap * scale);
        let verdict = limiter.check(now);
        see(limiter, now, verdict);
        match verdict {
            Verdict::Admit => {
                limiter.charge(now);
                running += 1;
            }
            Verdict::Refuse(refusal) => limiter.ran_out(now, refusal.reason),
        }
        if *ends && running > 0 {
            limiter.settle(now, bad());
            running -= 1;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Refused at every instant before `retry_at`, admitted at it.
    #[test]
    fn retry_at_is_exact(limiter in any_limiter(), calls in any_calls()) {
        play(&mut limiter.clone(), &calls, |limiter, now, verdict| {
            let Verdict::Refuse(Refusal { retry_at: Some(at), .. }) = verdict else { return };
            assert!(at > now, "{limiter:?}: refused at {now} until {at}");
            assert_eq!(limiter.check(at), Verdict::Admit, "{limiter:?} at {at}");
            let wait = at.since(now).as_nanos();
            for before in [wait / 7, wait / 3, wait / 2, wait * 9 / 10, wait - 1] {
                let then = now + Span::from_nanos(before);
                assert_ne!(limiter.check(then), Verdict::Admit, "{limiter:?} at {then}");
            }
        });
    }

    /// Asking changes nothing, and neither does letting time pass.
    #[test]
    fn a_refusal_is_free(limiter in any_limiter(), calls in any_calls(), asks in 0usize..5) {
        let mut plain = Vec::new();
        play(&mut limiter.clone(), &calls, |_, now, verdict| plain.push((now, verdict)));
        let mut asked = Vec::new();
        let mut curious = limiter.clone();
        play(&mut curious, &calls, |limiter, now, verdict| {
            let mut rolled = limiter.clone();
            for _ in 0..asks {
                rolled.roll(now);
                assert_eq!(rolled.check(now), verdict);
            }
            asked.push((now, verdict));
        });
        prop_assert_eq!(plain, asked);
    }

    /// A bucket, a quota and a queue admit at most burst + rate·t in any interval, and a greedy
    /// client never gets less than one token short of it.
    #[test]
    fn never_more_than_burst_and_rate(
        rate in any_rate(), burst in 1u32..8, kind in 0u8..4, calls in any_calls(),
    ) {
        let mut limiter = match kind {
            0 => Limiter::TokenBucket(TokenBucket::new(rate, burst, Refill::Tick, burst)),
            1 => Limiter::TokenBucket(TokenBucket::new(rate, burst, Refill::Continuous, burst)),
            2 => Limiter::Quota(Quota::new(rate, burst)),
            _ => Limiter::LeakyQueue(LeakyQueue::new(rate, Span::ZERO)),
        };
        let burst = if kind == 3 { 1 } else { burst };
        let mut admitted = Vec::new();
        play(&mut limiter, &calls, |_, now, verdict| {
            if verdict == Verdict::Admit {
                admitted.push(now);
            }
        });
        // Ticks lie on a grid, so that an interval can hold one more of them than rate·t.
        let extra = u128::from(kind == 0);
        for (i, from) in admitted.iter().enumerate() {
            for (j, to) in admitted.iter().enumerate().skip(i) {
                let earned = u128::from(to.since(*from).as_nanos()) * u128::from(rate.count())
                    / u128::from(rate.per().as_nanos());
                prop_assert!((j - i + 1) as u128 <= u128::from(burst) + earned + extra);
            }
        }
    }

    /// Across changes of a plan, never more in any interval than the burst at its beginning, a
    /// greater one that came since, and all that the plans earned; a tick more for each plan.
    #[test]
    fn a_dynamic_plan_gives_no_more_than_it_earns(
        mut limiter in any_dynamic(), calls in any_calls(),
    ) {
        let Limiter::Dynamic(plan) = &limiter else { unreachable!() };
        let plan = plan.clone();
        let mut admitted = Vec::new();
        play(&mut limiter, &calls, |_, now, verdict| {
            if verdict == Verdict::Admit {
                admitted.push(now);
            }
        });
        let earned = |from: Instant, to: Instant| {
            let inner = plan.changes().iter().map(|c| c.at).filter(|at| from < *at && *at < to);
            let bounds: Vec<Instant> =
                std::iter::once(from).chain(inner).chain(std::iter::once(to)).collect();
            let part = |pair: &[Instant]| {
                let rate = plan.rate_at(pair[0]).expect("a plan").per_second_f64();
                rate * pair[1].since(pair[0]).as_secs_f64() + 1.0
            };
            bounds.windows(2).map(part).sum::<f64>()
        };
        for (i, from) in admitted.iter().enumerate() {
            for (j, to) in admitted.iter().enumerate().skip(i) {
                let most = 8.0 + earned(*from, *to) + 1e-6;
                prop_assert!((j - i + 1) as f64 <= most, "{from} to {to}");
            }
        }
    }

    /// A greedy client gets exactly the burst at once, and one token for every one earned.
    #[test]
    fn a_greedy_client_gets_all_that_is_earned(
        rate in any_rate(), burst in 1u32..8, periods in 0u64..20,
    ) {
        let end = Span::from_nanos(rate.per().as_nanos().div_ceil(rate.count()) * periods);
        for mut limiter in [
            Limiter::TokenBucket(TokenBucket::new(rate, burst, Refill::Tick, burst)),
            Limiter::TokenBucket(TokenBucket::new(rate, burst, Refill::Continuous, burst)),
            Limiter::Quota(Quota::new(rate, burst)),
        ] {
            let (mut now, mut admitted) = (Instant::ORIGIN, 0u128);
            while now <= Instant::ORIGIN + end {
                match limiter.check(now) {
                    Verdict::Admit => {
                        limiter.charge(now);
                        admitted += 1;
                    }
                    Verdict::Refuse(refusal) => now = refusal.retry_at.expect("a clock can tell"),
                }
            }
            let earned = u128::from(end.as_nanos()) * u128::from(rate.count())
                / u128::from(rate.per().as_nanos());
            prop_assert_eq!(admitted, u128::from(burst) + earned, "{:?}", limiter);
        }
    }

    /// Never more than the limit at the same time, and never fewer while somebody asks.
    #[test]
    fn concurrency_is_conserved(n in 1u32..5, calls in any_calls()) {
        let mut running = 0i64;
        let mut limiter = Limiter::Concurrency(Concurrency::new(n));
        for (_, ends) in calls {
            let admitted = limiter.check(Instant::ORIGIN) == Verdict::Admit;
            prop_assert_eq!(admitted, running < i64::from(n));
            if admitted {
                limiter.charge(Instant::ORIGIN);
                running += 1;
            }
            if ends && running > 0 {
                limiter.settle(Instant::ORIGIN, bad());
                running -= 1;
            }
        }
    }

    /// A gate of several rules admits exactly when every one of them does, charges none otherwise,
    /// and what one caller does changes nothing for another outside its scope.
    #[test]
    fn a_gate_is_all_or_nothing_and_its_scopes_do_not_leak(
        limiters in prop::collection::vec(any_limiter(), 1..4),
        calls in prop::collection::vec((0u64..400, 0u32..2, 0u32..3, 0u32..2, 0u16..2), 1..80),
    ) {
        let [application, account, region, operation] = [true; 4];
        let scope = Scope { application, account, region, operation, ..Scope::default() };
        let operations = vec![Operation(0), Operation(1)];
        let rule = |limiter: &Limiter| Rule {
            limiter: limiter.clone(), scope, operations: operations.clone(),
            count_rejected: false, nodes: 1,
        };
        let rules: Vec<Rule> = limiters.iter().map(rule).collect();
        let population = Population { applications: 2, accounts: 3, regions: 2, ..Population::ONE };
        let mut gate = Gate::new(&rules, 2, population, |rule, _| rules[rule].limiter.clone());
        let mut models = std::collections::BTreeMap::new();
        let mut now = Instant::ORIGIN;
        for (gap, application, account, region, operation) in calls {
            now += millis(gap);
            let caller = Caller { application, account, region, ..Caller::default() };
            let own = models.entry((caller, operation)).or_insert_with(|| limiters.clone());
            let refusing = own.iter().position(|limiter| limiter.check(now) != Verdict::Admit);
            let decision = gate.decide(now, caller, Operation(operation));
            match (refusing, decision) {
                (None, Decision::Admitted { .. }) => {
                    for limiter in own {
                        limiter.charge(now);
                    }
                }
                (Some(first), Decision::Refused { rule, reason }) => {
                    prop_assert_eq!(rule, first);
                    own[first].ran_out(now, reason);
                    let refusal = gate.refusal(rule, now, (caller, Operation(operation)));
                    let refusal = refusal.expect("it has refused");
                    prop_assert_eq!(reason, refusal.reason);
                    prop_assert_eq!(Verdict::Refuse(refusal), own[first].check(now));
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
