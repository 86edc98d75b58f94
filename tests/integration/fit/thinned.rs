//! The shipped log without some of its rows: wider bounds or "cannot be told", never a wrong limit.

use super::command::{holds, throttlesim};
use super::truths::Dice;
use serde_json::Value;

/// The true limits of the shipped log, whose scenario is in `docs/fit.md`: the call, the model, the
/// name of its capacity, that of its other figure, and both values.
const TRUTHS: [(&str, [&str; 2], &str, f64, f64); 3] = [
    ("getOrderItems", ["token_bucket", "burst"], "rate_per_s", 0.05, 10.0),
    ("getPrices", ["fixed_window", "limit"], "window_s", 300.0, 20.0),
    ("getOrders", ["token_bucket", "burst"], "rate_per_s", 1.0 / 60.0, 20.0),
];

/// The rows that are left if each is deleted with this chance.
fn thinned(log: &str, share: f64, dice: &mut Dice) -> String {
    let mut lines = log.lines();
    let head = lines.next().expect("names of columns");
    let left = lines.filter(|_| dice.unit() >= share);
    std::iter::once(head).chain(left).collect::<Vec<_>>().join("\n") + "\n"
}

/// Checks figures that are proved for a call.
fn check(figures: &Value, call: &Value, name: &str) {
    let of = TRUTHS.iter().find(|(known, ..)| call == known).expect("a call of the log");
    let (_, [model, capacity], figure, value, most) = *of;
    assert_eq!(figures["model"], model, "{name}: {figures}");
    assert!(holds(&figures[figure], value), "{name}: {figures}");
    assert!(holds(&figures[capacity], most), "{name}: {figures}");
}

/// How many answers are proved, and how many are for calls around a gap.
fn proved(found: &Value, name: &str) -> [usize; 2] {
    let mut proved = [0, 0];
    for limit in found["limits"].as_array().expect("limits") {
        let is_proved = limit["misjudged"] == 0;
        let (change, same) = (&limit["change"], &limit["change"]["same"]);
        // No limit of the log ever changed.
        assert!(change.is_null() || !same.is_null(), "{name}: {change}");
        for call in limit["calls"].as_array().expect("calls") {
            if is_proved {
                check(limit, call, name);
                proved[0] += 1;
            } else if !same.is_null() {
                check(same, call, name);
                proved[1] += 1;
            }
        }
    }
    proved
}

#[test]
fn a_log_without_some_of_its_rows_is_never_answered_with_a_wrong_limit() {
    let log = crate::root().join("scenarios/data/fit-calls.csv");
    let log = std::fs::read_to_string(log).expect("the shipped log");
    let place = tempfile::tempdir().expect("a folder");
    let answer = |name: &str, text: &str| {
        std::fs::write(place.path().join("log.csv"), text).expect("written");
        let fit = ["fit", "log.csv", "--round-trip", "120ms", "--format", "json"];
        let (code, printed, told) = throttlesim(place.path(), &fit);
        assert_eq!(code, 0, "{name}: {told}");
        proved(&serde_json::from_str(&printed).expect("JSON"), name)
    };
    assert_eq!(answer("whole", &log), [3, 0]);
    let mut gaps = 0;
    for (share, seeds) in [(0.1, 5), (0.03, 2), (0.001, 3)] {
        for seed in 0..seeds {
            let left = thinned(&log, share, &mut Dice(seed));
            let [_, around] = answer(&format!("{share} deleted, seed {seed}"), &left);
            gaps += around;
        }
    }
    assert!(gaps > 0, "a log of which one row is missing is explained around it");
}
