//! Of every kind of limit, the true figures are among those that a log leaves standing.

use super::truths::*;
use proptest::prelude::*;
use throttlesim::fit::bucket::Rule;
use throttlesim::fit::counter::Room;
use throttlesim::fit::ratio::Ratio;
use throttlesim::fit::rows::{Call, Start};
use throttlesim::fit::series::Series;
use throttlesim::fit::ticks::{Size, finest};
use throttlesim::fit::{bucket, concurrency, counter, sliding, ticks};

/// The log of so many calls of 1 to `costs`, at about `rate` \[1/s\] with bursts, over a network
/// that is quick or takes about `ms` one way; half of the logs bound the round trip.
fn logged(
    truth: &Truth,
    (n, rate, burst): (usize, f64, i64),
    costs: i64,
    (quick, ms): (bool, i64),
    dice: &mut Dice,
) -> Vec<Call> {
    let mut work = any_work(n, rate, burst, dice);
    work.iter_mut().for_each(|call| call.1 = dice.from(1, costs));
    let mut net = Net::ms(if quick { 0 } else { ms });
    if dice.below(2) == 0 {
        (net.service, net.bound) = (300 * MS, true);
    }
    log(truth, &work, net, dice)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn a_bucket(
        seed in any::<u64>(), count in 1i64..20, per in 1i64..60_000, burst in 1i64..40,
        n in 5usize..300, ms in 0i64..600, counted in any::<bool>(), missing in 0i64..=1000,
        full in any::<bool>(), costs in 1i64..4, quick in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let missing = if full { 0 } else { missing };
        let per = per * MS;
        let truth = Truth::Bucket { count, per, burst, missing, counted };
        let work = (n, count as f64 / per as f64 * 1e9, burst);
        let rows = logged(&truth, work, costs, (quick, ms), &mut dice);
        let series = Series::new(&rows);
        let start = if full { Start::Full } else { Start::Unknown };
        let found = bucket::fit(&series, Rule { start, counts_refused: counted });
        let rate = Ratio::new(count, per);
        let inside = found.cells.iter().any(|c| {
            c.least <= burst && burst <= c.most && c.figures.low <= rate && rate <= c.figures.high
        });
        prop_assert!(inside, "{:?}\n{:?}", truth, found);
    }

    #[test]
    fn a_sliding_window(
        seed in any::<u64>(), window in 10i64..60_000, limit in 1i64..40,
        // Long ones are read part by part.
        n in prop_oneof![50 => 5usize..300, 1 => 4_000usize..9_000],
        ms in 0i64..600, counted in any::<bool>(), skip in 0usize..60,
        full in any::<bool>(), costs in 1i64..4, quick in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let window = window * MS;
        let truth = Truth::Sliding { window, limit, counted };
        let work = (n, limit as f64 / window as f64 * 1e9, limit);
        let rows = logged(&truth, work, costs, (quick, ms), &mut dice);
        let skip = if full { 0 } else { skip };
        // The log begins in the middle: what is cut off was decided before all that is left.
        let cut = rows.iter().skip(skip).map(|c| c.decided.lo).min().unwrap_or(0);
        let rows: Vec<_> =
            rows.into_iter().filter(|c| skip == 0 || c.decided.lo >= cut).collect();
        let series = Series::new(&rows);
        let start = if full { Start::Full } else { Start::Unknown };
        let rule = Rule { start, counts_refused: counted };
        let found = sliding::fit(&series, rule, i64::MAX).found;
        let inside = found.cells.iter().any(|c| {
            (c.least..=c.most).contains(&limit)
                && (c.figures.low..=c.figures.high).contains(&window)
        });
        prop_assert!(inside, "{:?}\n{:?}", truth, found);
    }

    #[test]
    fn calls_at_the_same_time(
        seed in any::<u64>(), limit in 1i64..20, n in 5usize..300, ms in 0i64..600,
        service in 1i64..5000, bound in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let truth = Truth::Concurrency { limit };
        let service = service * MS;
        let work = any_work(n, limit as f64 / service as f64 * 1e9, limit, &mut dice);
        let net = Net { one_way: ms * MS, sigma: 0.5, service, bound };
        let rows = log(&truth, &work, net, &mut dice);
        let rows: Vec<&Call> = rows.iter().collect();
        let found = concurrency::fit(&rows, Start::Full);
        let inside = found.is_ok_and(|(a, b)| a <= limit && b.is_none_or(|b| limit <= b));
        prop_assert!(inside, "{:?} {:?}", truth, found);
    }
}

proptest! {
    // Each takes a tenth of a second.
    #![proptest_config(ProptestConfig::with_cases(14))]
    #[test]
    fn ticks_and_fixed_windows(
        seed in any::<u64>(), period in 10i64..60_000, burst in 1i64..40,
        n in 5usize..300, ms in 0i64..600, missing in 0i64..=1000,
        full in any::<bool>(), costs in 1i64..3, quick in any::<bool>(), whole in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let k = if whole { burst } else { dice.from(1, burst) };
        let missing = if full { 0 } else { missing };
        let period = period * MS + dice.below(MS);
        let truth = Truth::Ticks { k, period, phase: dice.below(period), burst, missing };
        let work = (n, k as f64 / period as f64 * 1e9, burst);
        let rows = logged(&truth, work, costs, (quick, ms), &mut dice);
        let series = Series::new(&rows);
        let start = if full { Start::Full } else { Start::Unknown };
        let size = if k == burst { Size::All } else { Size::Tokens(k) };
        let Truth::Ticks { phase, .. } = truth else { unreachable!() };
        let first = (phase - series.origin).rem_euclid(period);
        let out = ticks::fit(&series, start, size, (period / 2, period * 2));
        let inside = out.boxes.iter().any(|b| {
            b.capacity.0 <= burst && burst <= b.capacity.1
                && b.period.0 <= period && period <= b.period.1
                && b.first.0 <= first && first <= b.first.1
        });
        prop_assert!(inside || period < finest(&series),
            "{:?} first {}\n{:?}", truth, first, out.hull());
    }

    #[test]
    fn a_sliding_counter(
        seed in any::<u64>(), window in 10i64..60_000, limit in 1i64..40, n in 5usize..60,
        ms in 0i64..600, counted in any::<bool>(), quick in any::<bool>(),
    ) {
        let mut dice = Dice(seed);
        let window = window * MS + dice.below(MS);
        let phase = dice.below(window);
        let truth = Truth::Counter { window, phase, limit, counted };
        let work = any_work(n, limit as f64 / window as f64 * 1e9, limit, &mut dice);
        let rows = log(&truth, &work, Net::ms(if quick { 0 } else { ms }), &mut dice);
        let series = Series::new(&rows);
        let first = (phase - series.origin).rem_euclid(window);
        let rule = Rule { start: Start::Full, counts_refused: counted };
        let out = counter::fit(&series, rule, Room::Whole, (window / 2, window * 2));
        let inside = out.boxes.iter().any(|b| {
            b.capacity.0 <= limit && limit <= b.capacity.1
                && b.period.0 <= window && window <= b.period.1
                && b.first.0 <= first && first <= b.first.1
        });
        prop_assert!(inside || window < finest(&series),
            "{:?} first {}\n{:?} {:?}", truth, first, out.hull(), out.thrown);
    }
}
