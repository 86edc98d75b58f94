//! Two limits at once: the truth is inside, and what the log cannot tell is not told.

use super::command::throttlesim;
use super::truths::*;
use proptest::prelude::*;
use serde_json::Value;
use throttlesim::fit::both::{self, Both};
use throttlesim::fit::model::{self, Model, Survivor};
use throttlesim::fit::rows::{Call, Start, Status};
use throttlesim::fit::series::Series;
use throttlesim::fit::ticks::finest;

const BUCKET: Model = Model::Bucket { counts_refused: false };
const SLIDING: Model = Model::SlidingLog { counts_refused: false };

fn bucket(count: i64, per: i64, burst: i64) -> Truth {
    Truth::Bucket { count, per, burst, missing: 0, counted: false }
}

fn fixed(limit: i64, period: i64, phase: i64) -> Truth {
    Truth::Ticks { k: limit, period, phase, burst: limit, missing: 0 }
}

fn sliding(limit: i64, window: i64) -> Truth {
    Truth::Sliding { window, limit, counted: false }
}

/// A limit that admits about `rate` \[1/s\], in steps of about `span` \[ns\].
fn any_limit(kind: Model, rate: f64, span: i64, dice: &mut Dice) -> Truth {
    let limit = ((rate * span as f64 / 1e9) as i64).max(1);
    match kind {
        BUCKET => bucket(1, (1e9 / rate) as i64, limit),
        SLIDING => sliding(limit, span),
        Model::FixedWindow => fixed(limit, span, dice.below(span)),
        _ => Truth::Concurrency { limit: dice.from(1, 4) },
    }
}

fn inside(truth: &Truth, left: &Survivor) -> bool {
    match *truth {
        Truth::Bucket { count, per, burst, .. } => {
            left.holds(burst, Some(count as f64 * 1e9 / per as f64), None)
        }
        Truth::Ticks { burst, period, .. } => left.holds(burst, None, Some(period)),
        Truth::Sliding { window, limit, .. } => left.holds(limit, None, Some(window)),
        Truth::Concurrency { limit } => left.holds(limit, None, None),
        _ => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_truth_is_inside(
        seed in any::<u64>(), pair in 0..both::PAIRS.len(), n in 40usize..220, ms in 1i64..200,
        second in 1i64..6, load in 0.8f64..2.0, full in any::<bool>(), rate in 0.2f64..1.5,
    ) {
        let mut dice = Dice(seed);
        let kinds = both::PAIRS[pair];
        let mut one = |of: [i64; 3]| of[dice.below(3) as usize] * S;
        let spans = [one([10, 30, 60]), one([60, 300, 600])];
        let limits = [
            any_limit(kinds[0], rate * (1.0 + dice.unit()), spans[0], &mut dice),
            any_limit(kinds[1], rate, spans[1], &mut dice),
        ];
        let truth = Truth::Both(Box::new(limits.clone()));
        let work = any_work(n, rate * load, 8, &mut dice);
        let net = Net { one_way: ms * MS, sigma: 0.5, service: second * S, bound: true };
        let rows = log(&truth, &work, net, &mut dice);
        let calls: Vec<&Call> = rows.iter().collect();
        let series = Series::new(&rows);
        let start = if full { Start::Full } else { Start::Unknown };
        // One of them alone may explain it: then the other need not show.
        let alone = kinds.iter().any(|kind| {
            !matches!(model::fit(*kind, &calls, &series, start), Err(Some(_)))
        });
        let found = both::find_of(&[kinds], &calls, &series, start);
        let holds = |both: &Both| {
            let [a, b] = &limits;
            let [first, second] = &both.limits;
            let straight = inside(a, first) && inside(b, second);
            straight || (kinds[0] == kinds[1] && inside(b, first) && inside(a, second))
        };
        // Windows that are too short or too long for the log are not looked at.
        let (low, high) = (8 * finest(&series), series.length() / if full { 1 } else { 2 });
        let looked = kinds.iter().zip(spans).all(|(kind, span)| {
            *kind == Model::Concurrency || *kind == BUCKET || (low..=high).contains(&span)
        });
        prop_assert!(alone || !looked || found.iter().any(holds),
            "{:?}\n{:?} {:?}", limits, found, series.counts);
    }
}

/// The log of two limits as a file.
fn file(limits: [Truth; 2], (rate, service): (f64, i64), dice: &mut Dice) -> String {
    let work = poisson(500, rate, dice);
    let net = Net { one_way: 60 * MS, sigma: 0.5, service, bound: true };
    let mut text = String::from("time,received,status\n");
    for call in log(&Truth::Both(Box::new(limits)), &work, net, dice) {
        let at = |ns: i64| (ns + 1_800_000_000 * S) as f64 / 1e9;
        let status = if call.status == Status::Accepted { 200 } else { 429 };
        let received = call.ended.expect("an answer").hi;
        text += &format!("{:.3},{:.3},{status}\n", at(call.decided.lo), at(received));
    }
    text
}

/// Two limits are told by their figures, also of a log that may lack calls.
#[test]
fn two_limits_are_told() {
    let place = tempfile::tempdir().expect("a folder");
    let three = Truth::Concurrency { limit: 3 };
    for (limits, work, said) in [
        (
            [bucket(1, 2 * S, 5), fixed(100, 300 * S, 7 * S)],
            (0.8, 150 * MS),
            ["0.5/s (", "burst 5, continuous refill; and 100 calls in each window of 5 min"],
        ),
        (
            [fixed(25, 60 * S, 7 * S), three],
            (0.8, 5 * S),
            ["25 calls in each window of 1 min", "; and 3 calls at the same time"],
        ),
        (
            [sliding(4, 5 * S), sliding(100, 240 * S)],
            (0.8, 150 * MS),
            ["4 calls in any window of 5 s (", "; and 100 calls in any window of 4 min ("],
        ),
    ] {
        std::fs::write(place.path().join("log.csv"), file(limits, work, &mut Dice(5)))
            .expect("written");
        let fit = ["fit", "log.csv", "--round-trip", "400ms", "--start", "full"];
        let (code, printed, why) = throttlesim(place.path(), &fit);
        assert_eq!(code, 0, "{why}");
        let whole = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(whole.starts_with("all calls: two limits at once: "), "{printed}");
        for said in said {
            assert!(whole.contains(said), "{said}\n{printed}");
        }
    }
}

/// A limit of which the log shows too little is not named, and no model that explains any log is.
#[test]
fn what_two_limits_do_not_show_is_not_told() {
    let place = tempfile::tempdir().expect("a folder");
    // No window of this length is tried.
    let limits = [fixed(4, 7 * S, 0), fixed(100, 250 * S, 7 * S)];
    std::fs::write(place.path().join("log.csv"), file(limits, (0.8, 150 * MS), &mut Dice(5)))
        .expect("written");
    for start in ["full", "unknown"] {
        let fit = ["fit", "log.csv", "--round-trip", "400ms", "--start", start];
        let fit = [&fit[..], &["--format", "json"]].concat();
        let (code, printed, why) = throttlesim(place.path(), &fit);
        assert_eq!(code, 0, "{why}");
        let found: Value = serde_json::from_str(&printed).expect("JSON");
        let limit = &found["limits"][0];
        assert_eq!(limit["undecided"].as_array().map(Vec::len), Some(0), "{printed}");
        assert!(limit["misjudged"] != 0, "{printed}");
    }
}
