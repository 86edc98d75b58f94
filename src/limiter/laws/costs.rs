//! Limits of units, against models that keep all that was ever taken and given back.

use super::*;

/// What happens to a limit: after so long \[ms\] a call of so many units, of which it uses some.
fn any_costly_calls() -> impl Strategy<Value = Vec<(u64, u64, u64)>> {
    let gap = prop_oneof![Just(0u64), 0u64..50, 0u64..3_000];
    prop::collection::vec((gap, 0u64..12, 0u64..30), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A bucket holds, at every instant, what is left of its burst and all that was earned since
    /// any earlier event, if it was full then, or since the origin: the least of them.
    #[test]
    fn a_bucket_of_units_holds_the_least_of_all_its_pasts(
        rate in any_rate(), burst in 1u32..12, calls in any_costly_calls(),
    ) {
        let bucket = TokenBucket::new(rate, burst, Refill::Continuous, burst);
        let mut metered = Limiter::TokenBucket(bucket).counting(0).expect("it can");
        let price = i128::from(rate.per().as_nanos());
        let full = i128::from(burst) * price;
        // Instants, and credits taken then; a refund is below zero.
        let mut events: Vec<(Instant, i128)> = Vec::new();
        let earned = |from: Instant, to: Instant| {
            i128::from(to.since(from).as_nanos()) * i128::from(rate.count())
        };
        let held = |events: &[(Instant, i128)], now: Instant| {
            let mut least = full;
            let mut after = 0;
            for (at, taken) in events.iter().rev() {
                // Full just after this event, and what came since.
                least = least.min(full + earned(*at, now) - after);
                after += taken;
                least = least.min(full + earned(*at, now) - after);
            }
            least.min(full + earned(Instant::ORIGIN, now) - after)
        };
        let mut now = Instant::ORIGIN;
        for (gap, units, used) in calls {
            now += millis(gap);
            let before = held(&events, now);
            let level = u64::try_from(before.max(0) / price).expect("small");
            prop_assert_eq!(metered.level(now), Some(level), "at {}", now);
            let verdict = metered.check_units(now, units);
            let fits = before >= i128::from(units) * price;
            prop_assert_eq!(verdict == Verdict::Admit, fits, "{} units at {}", units, now);
            if let Verdict::Refuse(Refusal { retry_at, .. }) = verdict {
                prop_assert_eq!(retry_at.is_none(), units > u64::from(burst));
                if let Some(at) = retry_at {
                    prop_assert_eq!(metered.check_units(at, units), Verdict::Admit);
                    let just = Instant::from_nanos(at.as_nanos() - 1);
                    prop_assert_ne!(metered.check_units(just, units), Verdict::Admit);
                }
                continue;
            }
            metered.charge_units(now, units);
            events.push((now, i128::from(units) * price));
            // What was not used comes back a little later; what was used beyond it is a debt.
            now += millis(gap / 3);
            let (back, more) = (units.saturating_sub(used), used.saturating_sub(units));
            metered.correct(now, back, more);
            events.push((now, (i128::from(more) - i128::from(back)) * price));
        }
    }

    /// A window admits what is left of its units.
    #[test]
    fn a_window_of_units_is_its_sum(
        n in 1u32..20, ms in 1u64..4_000, calls in any_costly_calls(),
    ) {
        let window = FixedWindow::new(n, millis(ms), Span::ZERO);
        let mut metered = Limiter::FixedWindow(window).counting(0).expect("it can");
        let number = |at: Instant| at.as_nanos() / millis(ms).as_nanos();
        let (mut now, mut taken) = (Instant::ORIGIN, Vec::<(Instant, u64)>::new());
        for (gap, units, _) in calls {
            now += millis(gap);
            let within = taken.iter().filter(|(at, _)| number(*at) == number(now));
            let used: u64 = within.map(|(_, units)| units).sum();
            let fits = used + units <= u64::from(n);
            prop_assert_eq!(metered.check_units(now, units) == Verdict::Admit, fits);
            if fits {
                metered.charge_units(now, units);
                taken.push((now, units));
            }
        }
    }
}
