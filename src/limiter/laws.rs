//! Laws that every limiter keeps, over random timelines.

mod changes;
mod costs;
mod envelope;
mod instances;
mod penalties;
mod scopes;
mod told;
mod usage;
mod windows;

use super::*;
use crate::units::CalendarUnit;
use crate::wire::{Caller, Operation};
use instances::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

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

#[test]
fn laws_hold_for_every_limiter() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = Vec::new();
    for _ in 0..2_000 {
        let limiter = any_limiter().new_tree(&mut runner).expect("an instance").current();
        seen.push(Which::of(&limiter));
    }
    for which in Which::ALL {
        assert!(seen.contains(which), "{which:?}");
        let limiter = any_of(*which).new_tree(&mut runner).expect("an instance").current();
        assert_eq!(Which::of(&limiter), *which);
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
