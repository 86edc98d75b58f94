//! What limits tell of themselves, against their own levels at every instant around it.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// So many are left at the instant that is told, and not a nanosecond before; and the reset is
    /// when all are back, or a window ends.
    #[test]
    fn what_is_told_to_be_left_is_left_then_and_not_before(
        limiter in any_plain(),
        gaps in prop::collection::vec((0u64..1_500, any::<bool>()), 1..40),
    ) {
        let mut limiter = limiter;
        let mut now = Instant::ORIGIN;
        for (gap, calls) in gaps {
            now += millis(gap);
            if calls {
                let _ = limiter.admit(now);
            }
            let (Some(level), Some(most)) = (limiter.level(now), limiter.most()) else { continue };
            prop_assert!(level <= most);
            prop_assert_eq!(limiter.has_at(now, most + 1), None);
            for left in 0..=most {
                let Some(at) = limiter.has_at(now, left) else {
                    prop_assert!(!limiter.comes_back_by_clock() && level < left);
                    continue;
                };
                prop_assert!(limiter.level(at) >= Some(left), "{left} at {at}: {limiter:?}");
                prop_assert!(at >= now);
                if at > now {
                    let before = Instant::from_nanos(at.as_nanos() - 1);
                    prop_assert!(limiter.level(before) < Some(left), "{left} before {at}");
                }
            }
            if let Some(next) = limiter.next_at(now) {
                prop_assert!(level == most && next == now || limiter.level(next) > Some(level));
            }
            if let Some(reset) = limiter.resets_at(now) {
                prop_assert_eq!(limiter.level(reset), Some(most));
            }
        }
    }
}
