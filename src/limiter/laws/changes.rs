//! Limits whose figures change, against models that count every admitted request anew.

use super::*;

/// The number that holds at an instant.
fn number_at(plan: &Dynamic, first: u32, now: Instant) -> usize {
    let come = plan.changes().iter().take_while(|change| change.at <= now).last();
    match come.map(|change| change.terms) {
        Some(Terms::Number(number)) => number as usize,
        _ => first as usize,
    }
}

fn any_numbers() -> impl Strategy<Value = Vec<(u64, u32)>> {
    prop::collection::vec((0u64..20_000, 1u32..8), 0..5)
}

fn numbers(limit: Limiter, changes: &[(u64, u32)]) -> (Limiter, Dynamic) {
    let terms = changes.iter().map(|(ms, number)| (*ms, Terms::Number(*number)));
    let limiter = changing(limit, terms.collect());
    let Limiter::Dynamic(plan) = &limiter else { unreachable!() };
    let plan = (**plan).clone();
    (limiter, plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A window admits while fewer are counted than the limit of the moment, whatever it was when
    /// they were counted.
    #[test]
    fn windows_count_under_the_limit_of_the_moment(
        (n, ms, offset, kind) in (1u32..6, 1u64..4_000, 0u64..4_000, 0u8..3),
        changes in any_numbers(), calls in any_calls(),
    ) {
        let (window, offset) = (millis(ms), millis(offset % ms));
        let limit = match kind {
            0 => Limiter::FixedWindow(FixedWindow::new(n, window, offset)),
            1 => Limiter::SlidingLog(SlidingLog::new(n, window)),
            _ => Limiter::SlidingCounter(SlidingCounter::new(n, window, offset, Room::WholeCall)),
        };
        let (mut limiter, plan) = numbers(limit, &changes);
        let (w, o) = (window.as_nanos(), offset.as_nanos());
        let number = |at: Instant| (at.as_nanos() + o) / w;
        let mut seen: Vec<Instant> = Vec::new();
        play(&mut limiter, &calls, |_, now, verdict| {
            let limit = number_at(&plan, n, now);
            let within = |of: u64| seen.iter().filter(|at| number(**at) == of).count();
            let admit = match kind {
                0 => within(number(now)) < limit,
                1 => seen.iter().filter(|at| **at + window > now).count() < limit,
                _ => {
                    let previous = number(now).checked_sub(1).map_or(0, within) as u128;
                    let left = u128::from(w - (now.as_nanos() + o) % w);
                    let estimate = within(number(now)) as u128 * u128::from(w) + previous * left;
                    estimate + u128::from(w) <= limit as u128 * u128::from(w)
                }
            };
            assert_eq!(verdict == Verdict::Admit, admit, "at {now}");
            if verdict == Verdict::Admit {
                seen.push(now);
            }
        });
    }

    /// A call runs if fewer run than the limit of the moment.
    #[test]
    fn concurrency_is_held_to_the_limit_of_the_moment(
        n in 1u32..6, changes in any_numbers(), calls in any_calls(),
    ) {
        let (mut limiter, plan) = numbers(Limiter::Concurrency(Concurrency::new(n)), &changes);
        let (mut now, mut running) = (Instant::ORIGIN, 0);
        for (gap, ends) in calls {
            now += millis(gap);
            let admitted = limiter.admit(now).is_ok();
            prop_assert_eq!(admitted, running < number_at(&plan, n, now));
            running += usize::from(admitted);
            if ends && running > 0 {
                limiter.settle(now, bad());
                running -= 1;
            }
        }
    }

    /// A quota is a bucket that refills continuously, whatever its figures become.
    #[test]
    fn a_quota_changes_as_a_continuous_bucket_does(
        (rate, burst) in (any_rate(), 1u32..8),
        changes in prop::collection::vec((0u64..20_000, any_rate(), 1u32..8), 0..5),
        calls in any_calls(),
    ) {
        let terms = changes.into_iter().map(|(ms, rate, burst)| (ms, Terms::Rate { rate, burst }));
        let terms: Vec<(u64, Terms)> = terms.collect();
        let bucket = TokenBucket::new(rate, burst, Refill::Continuous, burst);
        let mut bucket = changing(Limiter::TokenBucket(bucket), terms.clone());
        let mut quota = changing(Limiter::Quota(Quota::new(rate, burst)), terms);
        let mut verdicts = Vec::new();
        play(&mut bucket, &calls, |limit, now, verdict| {
            verdicts.push((now, verdict, limit.level(now)));
        });
        let mut verdicts = verdicts.into_iter();
        play(&mut quota, &calls, |limit, now, verdict| {
            assert_eq!(verdicts.next(), Some((now, verdict, limit.level(now))));
        });
    }
}
