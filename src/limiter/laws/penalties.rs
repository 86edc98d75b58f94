//! What follows refusals, against models that keep every refusal and failure.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A rule with a cool-down admits what the rule alone does, but nothing within so long of a
    /// refusal by the rule, at an instant at which it was not cooling down already.
    #[test]
    fn a_cool_down_is_the_rule_with_pauses(
        rule in any_plain(), ms in 1u64..4_000, calls in any_calls(),
    ) {
        // Neither shuts twice over; a lockout has no cool-down.
        let rule = rule.rule().clone();
        prop_assume!(!matches!(rule, Limiter::Lockout(_)));
        let lasts = millis(ms);
        let (mut alone, mut cooling) = (rule.clone(), rule.cooling(lasts));
        let (mut now, mut running, mut shut) = (Instant::ORIGIN, 0, None::<Instant>);
        for (gap, ends) in calls {
            now += millis(gap);
            if ends && running > 0 {
                alone.settle(now, bad());
                cooling.settle(now, bad());
                running -= 1;
            }
            let paused = shut.is_some_and(|at| now.since(at) < lasts);
            let expected = !paused && alone.check(now) == Verdict::Admit;
            prop_assert_eq!(cooling.check(now) == Verdict::Admit, expected, "at {}", now);
            prop_assert_eq!(cooling.admit(now).is_ok(), expected);
            if expected {
                alone.charge(now);
                running += 1;
                continue;
            }
            prop_assert_eq!(cooling.level(now), Some(0));
            let Verdict::Refuse(refusal) = alone.check(now) else { continue };
            alone.ran_out(now, refusal.reason);
            shut = if paused { shut } else { Some(now) };
        }
    }

    /// A ban of its own time: it is shut from the failure that makes them `count` in the window,
    /// those before the last ban left out, until it has lasted; or until no call came for so long.
    #[test]
    fn a_ban_lasts_as_long_as_it_says(
        (count, window, lasts) in (1u32..5, 1u64..4_000, 1u64..4_000),
        extends in any::<bool>(), calls in any_calls(),
    ) {
        let (window, lasts) = (millis(window), millis(lasts));
        let mut ban = Lockout::new(LockoutRule {
            statuses: vec![Status::BAD_REQUEST, Status::TOO_MANY_REQUESTS],
            count, window, kind: LockoutWindow::Sliding, lasts: Some(lasts), extends,
        });
        let (mut now, mut failures) = (Instant::ORIGIN, Vec::<Instant>::new());
        let mut opens = Instant::ORIGIN;
        for (gap, fails) in calls {
            now += millis(gap);
            let is_open = now >= opens;
            prop_assert_eq!(ban.admit(now).is_ok(), is_open, "at {}", now);
            opens = if !is_open && extends { now + lasts } else { opens };
            if !fails {
                ban.refused(now, Status::FORBIDDEN);
                continue;
            }
            let statuses = [Status::BAD_REQUEST, Status::TOO_MANY_REQUESTS];
            ban.refused(now, statuses[usize::from(gap % 2 == 0)]);
            if now < opens {
                continue;
            }
            failures.push(now);
            let counted = failures.iter().filter(|at| now.since(**at) < window).count();
            if counted >= count as usize {
                opens = now + lasts;
                failures.clear();
            }
        }
    }
}
