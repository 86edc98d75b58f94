//! Windows against models that count every admitted request again.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Windows of the clock, of the time up to now, and the estimate from two.
    #[test]
    fn windows_count_as_their_models_do(
        n in 1u32..6, ms in 1u64..4_000, offset in 0u64..4_000, any_room in any::<bool>(),
        calls in any_calls(),
    ) {
        let (window, offset) = (millis(ms), millis(offset % ms));
        let number = |at: Instant| (at.as_nanos() + offset.as_nanos()) / window.as_nanos();
        let mut seen: Vec<Instant> = Vec::new();
        let mut fixed = Limiter::FixedWindow(FixedWindow::new(n, window, offset));
        play(&mut fixed, &calls, |_, now, verdict| {
            let used = seen.iter().filter(|at| number(**at) == number(now)).count();
            assert_eq!(verdict == Verdict::Admit, used < n as usize);
            if verdict == Verdict::Admit {
                seen.push(now);
            }
        });
        let mut seen: Vec<Instant> = Vec::new();
        let mut log = Limiter::SlidingLog(SlidingLog::new(n, window));
        play(&mut log, &calls, |limiter, now, verdict| {
            let used = seen.iter().filter(|at| **at + window > now).count();
            assert_eq!(verdict == Verdict::Admit, used < n as usize);
            assert_eq!(limiter.level(now), Some(u64::from(n) - used as u64));
            if verdict == Verdict::Admit {
                seen.push(now);
            }
        });
        let mut seen: Vec<Instant> = Vec::new();
        let room = if any_room { Room::Any } else { Room::WholeCall };
        let mut counter = Limiter::SlidingCounter(SlidingCounter::new(n, window, offset, room));
        play(&mut counter, &calls, |_, now, verdict| {
            let count = |of: u64| seen.iter().filter(|at| number(**at) == of).count() as u128;
            let previous = number(now).checked_sub(1).map_or(0, count);
            let w = u128::from(window.as_nanos());
            let left = w - u128::from(now.as_nanos() + offset.as_nanos()) % w;
            let estimate = count(number(now)) * w + previous * left;
            let limit = u128::from(n) * w;
            let admit = if any_room { estimate < limit } else { estimate + w <= limit };
            assert_eq!(verdict == Verdict::Admit, admit);
            if verdict == Verdict::Admit {
                seen.push(now);
            }
        });
    }

    /// Windows of a calendar, which differ in length.
    #[test]
    fn a_calendar_window_is_its_count(
        n in 1u32..6, lengths in prop::collection::vec(1u64..5_000, 0..40), calls in any_calls(),
    ) {
        let begins = lengths.iter().scan(Instant::ORIGIN, |at, ms| {
            *at += millis(*ms);
            Some(*at)
        });
        let begins: Vec<Instant> = begins.collect();
        let which = |at: Instant| begins.iter().filter(|begin| **begin <= at).count();
        let window = FixedWindow::of_calendar(n, CalendarUnit::Day, begins.clone().into());
        let mut seen: Vec<Instant> = Vec::new();
        play(&mut Limiter::FixedWindow(window), &calls, |limiter, now, verdict| {
            let used = seen.iter().filter(|at| which(**at) == which(now)).count();
            assert_eq!(verdict == Verdict::Admit, used < n as usize);
            assert_eq!(limiter.level(now), Some(u64::from(n) - used as u64));
            if let Verdict::Refuse(refusal) = verdict {
                assert_eq!(refusal.retry_at, begins.get(which(now)).copied());
            } else {
                seen.push(now);
            }
        });
    }
}
