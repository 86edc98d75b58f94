//! The share in use against a model that looks at the level after every call.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The share is that of the fewest that were left after any call, in the minute in which they
    /// were first; a refusal makes it 1.
    #[test]
    fn the_largest_share_is_that_of_the_lowest_level(
        mut limiter in any_plain(), calls in any_calls(), at_once in any::<bool>(),
    ) {
        let most = limiter.most_at(Instant::ORIGIN).expect("it counts");
        let (mut now, mut running, mut worst) = (Instant::ORIGIN, 0, None::<(u64, u64)>);
        for (gap, ends) in calls {
            now += millis(gap * 9);
            let admitted = match (at_once, limiter.check(now)) {
                (true, _) => limiter.admit(now).is_ok(),
                (false, Verdict::Admit) => { limiter.charge(now); true }
                (false, Verdict::Refuse(_)) => { limiter.ran_out(now, Reason::Limit); false }
            };
            let is_lockout = matches!(limiter, Limiter::Lockout(_));
            let mut left = limiter.level(now).expect("a level");
            if !admitted {
                prop_assert_eq!(left, 0, "a refusal leaves nothing");
            }
            running += u32::from(admitted);
            if ends && running > 0 {
                limiter.settle(now, bad());
                running -= 1;
                if is_lockout {
                    left = limiter.level(now).expect("a level");
                }
            } else if is_lockout && admitted {
                continue;
            }
            let minute = now.as_nanos() / Span::MINUTE.as_nanos();
            if worst.is_none_or(|(fewest, _)| left < fewest) {
                worst = Some((left, minute));
            }
        }
        let found = limiter.usage(Reason::Limit);
        prop_assert_eq!(found.map(|usage| usage.most), worst.map(|_| most));
        let told = found.map(|usage| (most - usage.taken, usage.at()));
        let at = |minute| Instant::ORIGIN + Span::MINUTE.times(minute);
        prop_assert_eq!(told, worst.map(|(left, minute)| (left, at(minute))));
        limiter.forget_usage();
        prop_assert_eq!(limiter.usage(Reason::Limit), None);
    }

    /// Whatever changes meanwhile, a share is between 0 and 1, and 1 once it has refused; what is
    /// kept of it changes no answer.
    #[test]
    fn shares_are_shares(limiter in any_limiter(), calls in any_calls()) {
        let (mut limiter, mut plain) = (limiter.clone(), limiter);
        let scale = scale(&limiter);
        let mut now = Instant::ORIGIN;
        for (gap, _) in calls {
            now += millis(gap * scale);
            let found = limiter.admit(now);
            plain.forget_usage();
            prop_assert_eq!(found, plain.admit(now));
            let parts = [Reason::Limit, Reason::PerSecond, Reason::PerDay];
            for usage in parts.into_iter().filter_map(|part| limiter.usage(part)) {
                prop_assert!(usage.taken <= usage.most && usage.most > 0, "{usage:?}");
                prop_assert!(usage.at() <= now);
            }
            if let Some(part) = found.err().filter(|part| part.is_used_up()) {
                prop_assert_eq!(limiter.usage(part).map(|usage| usage.share()), Some(1.0));
            }
        }
    }
}
